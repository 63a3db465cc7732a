"""A transcript that is renamed in one of two studies is in both; a name that is to go comes back
by no file."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from assistant.interchange.names.transcript_names import rename_transcript
from assistant.store.database import now
from assistant.store.people.memos import add_memo, memos
from assistant.store.texts.transcripts import find_transcript, transcript_infos
from assistant.store.trail.events import events, record_event
from assistant.study import create_study, open_study
from tests.interchange.interviews import bring, delve_text, plain
from tests.sharing.studies import Folder, rows_of, two_folders

OLD = "Zorblatina Quimpet"


@pytest.fixture
def both(tmp_path: Path) -> tuple[Folder, Folder]:
    """A study with a text of that name that two people coded, and a copy of its folder."""
    made = Folder(create_study(tmp_path / "a", name="Beds"))
    bring(
        made.store,
        plain(tmp_path / f"{OLD}.txt"),
        delve_text(tmp_path / f"{OLD} - Ana.txt", {1: ["weather"]}),
    )
    made.store.close()
    shutil.copytree(tmp_path / "a", tmp_path / "b")
    return Folder(open_study(tmp_path / "a")), Folder(open_study(tmp_path / "b"))


def names(folder: Folder) -> list[str]:
    return [info.name for info in transcript_infos(folder.store)]


def rename(folder: Folder, old: str, new: str, *, forget: bool = False) -> None:
    rename_transcript(folder.study, folder.store, old, new, forget=forget)
    at = now()
    while now() == at:
        pass  # what is said next has a later time


def said_anywhere(folder: Folder) -> list[str]:
    """Tables in which the old name stands."""
    return sorted(t for t, rows in rows_of(folder.store).items() if OLD in " ".join(rows))


@pytest.mark.parametrize("renamed_first", [True, False])
@pytest.mark.parametrize("person", ["", "Ana"])
def test_it_travels_in_both_directions(
    both: tuple[Folder, Folder], renamed_first: bool, person: str
) -> None:
    a, b = both
    rename(a, OLD, "P07")
    from_a, from_b = a.share(person=person), b.share(person=person)
    for one, file in [(a, from_b), (b, from_a)][:: 1 if renamed_first else -1]:
        one.merge(file)
        assert names(one) == ["P07"]
        assert one.merge(file).unchanged
    assert rows_of(a.store, but=("events",)) == rows_of(b.store, but=("events",))


@pytest.mark.parametrize("renamed_first", [True, False])
def test_a_forgotten_name_goes_in_both(both: tuple[Folder, Folder], renamed_first: bool) -> None:
    a, b = both
    add_memo(b.store, "study", f"{OLD} again.", who="Ben")
    record_event(b.store, "statement", f"Of {OLD}", transcripts=[OLD])
    rename(a, OLD, "P07", forget=True)
    from_a, from_b = a.share(), b.share()
    for one, file in [(a, from_b), (b, from_a)][:: 1 if renamed_first else -1]:
        one.merge(file)
        assert names(one) == ["P07"]
        assert said_anywhere(one) == []
    assert [memo.text for memo in memos(a.store)] == ["P07 again."]
    assert rows_of(a.store, but=("events",)) == rows_of(b.store, but=("events",))
    # A file from before brings it back nowhere.
    for one, file in ((a, from_b), (b, from_b)):
        assert one.merge(file).unchanged
        assert said_anywhere(one) == []


def test_it_is_said(both: tuple[Folder, Folder]) -> None:
    a, b = both
    rename(a, OLD, "P07", forget=True)
    (said,) = b.merge(a.share()).names.said
    assert "is called “P07” now: it was renamed in the other study" in said
    assert OLD not in said


def test_the_last_word_holds(both: tuple[Folder, Folder]) -> None:
    a, b = both
    rename(a, OLD, "P07")
    rename(b, OLD, "P7")
    from_a, from_b = a.share(), b.share()
    a.merge(from_b)
    b.merge(from_a)
    assert names(a) == names(b) == ["P7"]


def test_a_name_that_was_forgotten_meanwhile_goes_though_a_later_one_holds(
    both: tuple[Folder, Folder],
) -> None:
    a, b = both
    rename(a, OLD, "P07", forget=True)
    rename(b, OLD, "P7")
    from_a, from_b = a.share(), b.share()
    a.merge(from_b)
    b.merge(from_a)
    assert names(a) == names(b) == ["P7"]
    assert said_anywhere(a) == said_anywhere(b) == []


def test_a_study_with_a_name_of_its_own_keeps_it_unless_it_is_to_go(tmp_path: Path) -> None:
    a, b = (Folder(create_study(tmp_path / name)) for name in "ab")
    bring(a.store, plain(tmp_path / "Beds.txt"))
    bring(b.store, plain(tmp_path / f"{OLD}.txt"))
    rename(a, "Beds", "P07")
    b.merge(a.share())
    assert names(b) == [OLD]
    rename(a, "P07", "P08", forget=True)
    b.merge(a.share())
    assert names(b) == ["P08"]
    assert said_anywhere(b) == []


def test_where_the_new_name_is_taken_it_is_said(tmp_path: Path) -> None:
    a, b = two_folders(tmp_path)
    rename(b, "Two", "P07")
    rename(a, "One", "P07")
    file = a.share()
    (said,) = b.merge(file).names.said
    assert "another transcript's name here" in said
    assert names(b) == ["One", "P07"]


def test_what_came_points_to_the_transcript_here(tmp_path: Path) -> None:
    """Names were changed with each other here: what the other study says by name means its own."""
    a, b = two_folders(tmp_path)
    one = find_transcript(a.store, "One")
    for old, new in (("One", "X"), ("Two", "One"), ("X", "Two")):
        rename(a, old, new)
    record_event(b.store, "statement", "Consent is now “none”", transcripts=["One"])
    a.merge(b.share())
    assert names(a) == ["One", "Two"]
    assert find_transcript(a.store, "Two") == one
    (said,) = (e for e in events(a.store, "statement"))
    assert said.details["transcripts"] == ["Two"]


def test_it_holds_when_another_text_of_the_interview_comes(tmp_path: Path) -> None:
    """The other study has the interview by another file, under the name that is to go."""
    a, b = (Folder(create_study(tmp_path / name)) for name in "ab")
    (tmp_path / "other").mkdir()
    delved = delve_text(tmp_path / "other" / f"{OLD} - Ana.txt", {1: ["weather"], 3: ["tools"]})
    bring(a.store, plain(tmp_path / f"{OLD}.txt"))
    bring(b.store, delved)
    rename(a, OLD, "P07", forget=True)
    from_a, from_b = a.share(), b.share()
    a.merge(from_b)
    b.merge(from_a)
    assert names(a) == names(b) == ["P07"]
    assert said_anywhere(a) == said_anywhere(b) == []
