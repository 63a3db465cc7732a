"""A name that was corrected in one of two studies is corrected in both, and nobody becomes two."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from assistant.interchange.names.renaming import correct_name
from assistant.interchange.transcripts import change_transcripts
from assistant.store.people.coders import coders
from assistant.store.people.codings import codings, scopes, set_exposure
from assistant.store.people.memos import add_memo, memos
from assistant.store.people.openings import openings, record_openings
from assistant.study import create_study, open_study
from tests.cli.command import secondcoder
from tests.interchange.interviews import bring, delve_text, plain
from tests.sharing.studies import Folder, code_blind, rows_of

CODES = {1: ["weather"], 3: ["tools", "neighbours"]}


@pytest.fixture
def both(tmp_path: Path) -> tuple[Folder, Folder]:
    """A study with codes of “Anaa” and Ben, and a copy of its folder."""
    made = Folder(create_study(tmp_path / "a", name="Beds"))
    add_memo(made.store, "study", "Begun in the rain.", who="Anaa")
    bring(
        made.store,
        plain(tmp_path / "Beds.txt"),
        delve_text(tmp_path / "Beds - Anaa.txt", CODES),
        delve_text(tmp_path / "Beds - Ben.txt", {5: ["weather"]}),
    )
    made.store.close()
    shutil.copytree(tmp_path / "a", tmp_path / "b")
    return Folder(open_study(tmp_path / "a")), Folder(open_study(tmp_path / "b"))


def people(folder: Folder) -> list[str]:
    return [coder.name for coder in coders(folder.store, "human")]


def coded(folder: Folder) -> list[tuple[str, str]]:
    return sorted((c.coder.name, c.code) for c in codings(folder.store))


ANA = [("Ana", "neighbours"), ("Ana", "tools"), ("Ana", "weather"), ("Ben", "weather")]


@pytest.mark.parametrize("renamed_first", [True, False])
@pytest.mark.parametrize("person", ["", "Ana"])
def test_it_travels_in_both_directions(
    both: tuple[Folder, Folder], renamed_first: bool, person: str
) -> None:
    a, b = both
    correct_name(a.store, "Anaa", "Ana")
    from_a = a.share(person=person)
    from_b = b.share(person="Anaa" if person else "")
    for one, file in [(a, from_b), (b, from_a)][:: 1 if renamed_first else -1]:
        done = one.merge(file)
        assert "codings" not in done.added
        (said,) = done.names.said
        assert "Ana” " in said
        assert people(one) == ["Ana", "Ben"]
        assert coded(one) == ANA
        assert {memo.who for memo in memos(one.store)} == {"Ana"}
        assert one.merge(file).unchanged
    but = ("events", "codings")
    assert rows_of(a.store, but=but) == rows_of(b.store, but=but)
    assert {c.guid for c in codings(a.store)} == {c.guid for c in codings(b.store)}


def test_who_worked_under_the_old_name_stays_herself(both: tuple[Folder, Folder]) -> None:
    a, b = both
    correct_name(a.store, "Anaa", "Ana")
    code_blind(b, "Anaa", "Beds", {2: "tools"}, finished=True)
    from_a, from_b = a.share(), b.share()
    for one, file in ((a, from_b), (b, from_a)):
        done = one.merge(file)
        assert people(one) == ["Ana", "Anaa", "Ben"]
        (said,) = done.names.said
        assert said.startswith("“Anaa” and “Ana” were taken for two people")
        assert "has worked in the program under that name (codings of her own" in said


def test_somebody_else_of_the_right_name_is_not_taken_for_her(
    both: tuple[Folder, Folder], tmp_path: Path
) -> None:
    a, b = both
    correct_name(a.store, "Anaa", "Ana")
    bring(b.store, delve_text(tmp_path / "Beds - Ana.txt", {2: ["tools"]}))
    from_a, from_b = a.share(), b.share()
    for one, file in ((a, from_b), (b, from_a)):
        done = one.merge(file)
        assert "“Ana” is somebody there as well" in done.names.said[0]
        assert {"Anaa", "Ana"} <= set(people(one))


def test_without_a_file_of_both_nobody_is_taken_for_her(
    both: tuple[Folder, Folder], tmp_path: Path
) -> None:
    a, _ = both
    correct_name(a.store, "Anaa", "Ana")
    other = Folder(create_study(tmp_path / "c", name="Beds"))
    bring(
        other.store,
        plain(tmp_path / "c" / "Beds.txt"),
        delve_text(tmp_path / "c" / "Beds - Anaa.txt", {2: ["tools"]}),
    )
    a.store.close()
    ended = secondcoder(a.study.folder, "merge", str(other.share()))
    assert "no file that both studies have shows that they are one person" in ended.out
    assert people(Folder(a.study)) == ["Ana", "Anaa", "Ben"]


@pytest.mark.parametrize("joined_first", [True, False])
def test_two_names_of_one_person_are_one_in_both(
    both: tuple[Folder, Folder], joined_first: bool
) -> None:
    """Also what was done in the program under the old name."""
    a, b = both
    record_openings(b.store, "Anaa", b.key("Beds"), people=[None], place="transcript page")
    bring(a.store, delve_text(a.study.folder / "Beds 2 - Ana.txt", {1: ["weather"]}))
    said = correct_name(a.store, "Anaa", "Ana", same_person=True)
    assert "1 coding stood under both names" in said
    from_a, from_b = a.share(), b.share()
    for one, file in [(a, from_b), (b, from_a)][:: 1 if joined_first else -1]:
        done = one.merge(file)
        assert "Ana” " in done.names.said[0]
        assert people(one) == ["Ana", "Ben"]
        assert coded(one) == ANA
        assert {memo.who for memo in memos(one.store)} == {"Ana"}
        assert {opening.who for opening in openings(one.store)} == {"Ana"}
        assert one.merge(file).unchanged


@pytest.mark.parametrize("joined_first", [True, False])
def test_of_one_persons_two_exposures_the_less_independent_holds(
    both: tuple[Folder, Folder], joined_first: bool
) -> None:
    """What either study says of her was said of one of her names: nothing for people to settle."""
    a, b = both
    set_exposure(a.store, "independent", coder="Anaa")
    set_exposure(b.store, "independent", coder="Anaa")
    bring(a.store, delve_text(a.study.folder / "Beds 2 - Ana.txt", {1: ["weather"]}))
    set_exposure(a.store, "after-model", coder="Ana")
    correct_name(a.store, "Anaa", "Ana", same_person=True)
    from_a, from_b = a.share(), b.share()
    for one, file in [(a, from_b), (b, from_a)][:: 1 if joined_first else -1]:
        done = one.merge(file)
        assert done.conflicts == ()
        assert (
            "What Ana had seen of others' codes of “Beds” is “after-model” now, the less "
            "independent of what her two names had."
        ) in done.names.said
        seen = {s.coder.name: s.exposure for s in scopes(one.store)}
        assert seen == {"Ana": "after-model", "Ben": "unknown"}
    # What somebody says of her from now on is a word like any other.
    change_transcripts(a.store, ["Beds"], exposure="unknown", coder="Ana")
    for one, file, theirs in ((b, a.share(), "after-model"), (a, from_b, "independent")):
        (dispute,) = one.merge(file).conflicts
        assert {side["exposure"] for side in dispute.sides} == {"unknown", theirs}
