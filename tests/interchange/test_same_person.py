"""Two names that are one person's, since somebody says so; nobody disagrees with herself by it."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from assistant.codebook.records import Code, Codebook
from assistant.decisions import own
from assistant.decisions.own import begin_blind, finish_blind
from assistant.errors import UserError
from assistant.interchange.names.renaming import correct_name, how_to_correct
from assistant.store.database import Store, open_store
from assistant.store.people import openings as looking
from assistant.store.people.coders import coders
from assistant.store.people.codings import codings, scopes, set_exposure
from assistant.store.people.memos import add_memo, memos
from assistant.store.people.openings import openings, record_openings
from assistant.store.texts.documents import documents
from assistant.store.texts.transcripts import transcript_infos
from assistant.store.trail.events import events
from assistant.store.verify import verify
from assistant.study import create_study
from tests.cli.command import secondcoder
from tests.interchange.interviews import PARAGRAPHS, bring, delve_text, plain
from tests.interchange.test_renaming import places, table

OTHER = [
    ("Sailor", f"Number {n}: the boat lay in harbour {n * 3} while it rained upon our deck {n}.")
    for n in range(1, 13)
]
BOOK = Codebook(name="Garden", codes=(Code(id="tools"),))


def two_interviews(folder: Path, falk: dict[int, list[str]]) -> Store:
    """“Faulk” coded Beds alone; “Falk” Other, and what ``falk`` says of Beds."""
    store = open_store()[0]
    bring(store, plain(folder / "Beds.txt"), plain(folder / "Other.txt", OTHER))
    bring(store, delve_text(folder / "Beds - Imogen Faulk.txt", {1: ["weather"], 3: ["tools"]}))
    bring(store, delve_text(folder / "Other - Imogen Falk.txt", {0: ["tools"]}, OTHER))
    if falk:
        bring(store, delve_text(folder / "Beds 2 - Imogen Falk.txt", falk))
    return store


def key_of(store: Store, name: str) -> int:
    return next(info.id for info in transcript_infos(store) if info.name == name)


def test_all_that_either_did_is_hers(tmp_path: Path) -> None:
    store = two_interviews(tmp_path, {})
    add_memo(store, "study", "Begun in the rain.", who="Imogen Faulk")
    record_openings(store, "Imogen Faulk", key_of(store, "Other"), people=[None], place="page")
    before = {place[1:] for place in places(store)}
    said = correct_name(store, "Imogen Faulk", "Imogen Falk", same_person=True)
    assert said == (
        "“Imogen Faulk” and “Imogen Falk” are one person now, “Imogen Falk”: 3 codings, 1 memo."
    )
    assert [coder.name for coder in coders(store, "human")] == ["Imogen Falk"]
    assert places(store) == {("Imogen Falk", *place) for place in before}
    assert {memo.who for memo in memos(store)} == {"Imogen Falk"}
    assert {one.who for one in openings(store)} == {"Imogen Falk"}
    (event,) = [e for e in events(store, "statement") if e.details.get("same_person")]
    assert (event.what, event.details["old"]) == (said, "Imogen Faulk")
    assert verify(store).ok
    # Files that come later with the old name are hers.
    (came,) = bring(store, delve_text(tmp_path / "Beds 3 - Imogen Faulk.txt", {5: ["tools"]})).files
    assert came.coder == "Imogen Falk"


def test_what_stood_under_both_names_is_there_once(tmp_path: Path) -> None:
    store = two_interviews(tmp_path, {3: ["tools"], 1: ["weather"], 5: ["neighbours"]})
    set_exposure(store, "independent", coder="Imogen Falk")
    said = correct_name(store, "Imogen Faulk", "Imogen Falk", same_person=True)
    assert "4 codings, 0 memos. 2 codings stood under both names, and count once." in said
    assert "What she had seen of others' codes of “Beds” is “unknown” now." in said
    assert {(s.transcript_id, s.exposure) for s in scopes(store)} == {
        (key_of(store, "Beds"), "unknown"),
        (key_of(store, "Other"), "independent"),
    }
    assert sorted(c.code for c in codings(store)) == ["neighbours", "tools", "tools", "weather"]
    assert verify(store).ok


def test_nobody_disagrees_with_herself(tmp_path: Path) -> None:
    store = two_interviews(tmp_path, {5: ["weather"], 3: ["tools"]})
    before = places(store)
    with pytest.raises(UserError, match="Both coded “Beds”, and not alike: 1 of") as error:
        correct_name(store, "Imogen Faulk", "Imogen Falk", same_person=True)
    assert "--set-scope" in error.value.hint
    assert places(store) == before
    assert how_to_correct(store, "Imogen Faulk", "Imogen Falk") == ""
    with pytest.raises(UserError) as error:
        correct_name(store, "Imogen Faulk", "Imogen Falk")
    assert "--same-person" not in error.value.hint


def test_parts_are_advised_only_where_they_would_help(tmp_path: Path) -> None:
    """The one began where the other had not ended."""
    store = two_interviews(tmp_path, {2: ["tools"], 5: ["weather"]})
    with pytest.raises(UserError, match="not alike") as error:
        correct_name(store, "Imogen Faulk", "Imogen Falk", same_person=True)
    assert error.value.hint == "If they are two people, leave both names."


def test_no_part_is_advised_while_either_codes_blind(tmp_path: Path) -> None:
    store = two_interviews(tmp_path, {5: ["weather"]})
    begin_blind(store, "Imogen Faulk", key_of(store, "Other"))
    with pytest.raises(UserError, match="is coding “Other” blind") as error:
        correct_name(store, "Imogen Faulk", "Imogen Falk", same_person=True)
    assert "--set-scope" not in error.value.hint


def test_each_name_coded_a_part(tmp_path: Path) -> None:
    create_study(tmp_path / "study")
    study = tmp_path / "study"
    plain(study / "transcripts" / "Beds.txt")
    (study / "codebook").mkdir(exist_ok=True)
    assert secondcoder(study, "import").code == 0
    first = table(tmp_path / "one.csv", "Imogen Faulk", (PARAGRAPHS[1][1], "weather"))
    second = table(tmp_path / "two.csv", "Imogen Falk", (PARAGRAPHS[9][1], "weather"))
    for file in (first, second):
        assert secondcoder(study, "import", str(file)).code == 0
    join = ["transcripts", "--coder", "Imogen Faulk", "--set-coder-name", "Imogen Falk"]
    plainly = secondcoder(study, *join)
    assert (plainly.code, "--same-person" in plainly.err) == (2, False)
    refused = secondcoder(study, *join, "--same-person")
    said = " ".join(refused.err.split())
    assert refused.code == 2
    for name, part in (("Imogen Faulk", "2-2"), ("Imogen Falk", "10-10")):
        assert f'transcripts "Beds" --coder "{name}" --set-scope {part}' in said
    for name, part in (("Imogen Faulk", "1-4"), ("Imogen Falk", "5-24")):
        command = ["transcripts", "Beds", "--coder", name, "--set-scope", part]
        assert secondcoder(study, *command).code == 0
    # The message of the refusal advises what works.
    plainly = secondcoder(study, *join)
    assert '--set-coder-name "Imogen Falk" --same-person' in " ".join(plainly.err.split())
    assert secondcoder(study, *join, "--same-person").code == 0
    with open_store(study / "runs" / "study.db")[0] as store:
        (scope,) = scopes(store)
        assert (scope.first_segment, scope.last_segment, scope.segments) == (0, 23, None)
        assert verify(store).ok


def test_the_same_table_with_both_names_is_known_again(tmp_path: Path) -> None:
    create_study(tmp_path / "study")
    study = tmp_path / "study"
    plain(study / "transcripts" / "Beds.txt")
    assert secondcoder(study, "import").code == 0
    codes = tmp_path / "codes.csv"
    said, also = PARAGRAPHS[1][1], PARAGRAPHS[9][1]
    lines = [(said, "weather", "Faulk"), (said, "weather", "Falk"), (also, "tools", "Falk")]
    rows = [f'Beds,"{words}",{code},Imogen {name}' for words, code, name in lines]
    codes.write_text("\n".join(["transcript,quote,code,coder", *rows]) + "\n")
    assert secondcoder(study, "import", str(codes)).code == 0
    said_so = ["import", str(codes), "--same-coder", "Imogen Faulk=Imogen Falk"]
    join = ["transcripts", "--coder", "Imogen Faulk", "--set-coder-name", "Imogen Falk"]
    assert secondcoder(study, *join, "--same-person").code == 0
    for command in (["import", str(codes)], said_so):
        again = secondcoder(study, *command)
        assert again.code == 0, again.err
        assert "0 codings and 0 memos are new" in again.out
    with open_store(study / "runs" / "study.db")[0] as store:
        assert sorted((c.coder.name, c.code) for c in codings(store)) == [
            ("Imogen Falk", "tools"),
            ("Imogen Falk", "weather"),
        ]
        assert len([row for row in documents(store, 1) if row.coder]) == 1
        assert verify(store).ok


def test_no_message_advises_what_is_refused(tmp_path: Path) -> None:
    """The very command that the import advised was refused: there was a person of that name."""
    create_study(tmp_path / "study")
    study = tmp_path / "study"
    plain(study / "transcripts" / "Beds.txt")
    plain(study / "transcripts" / "Other.txt", OTHER)
    assert secondcoder(study, "import").code == 0
    wrong = table(tmp_path / "one.csv", "Imogen Faulk", (PARAGRAPHS[1][1], "weather"))
    right = tmp_path / "two.csv"
    right.write_text(f'transcript,quote,code,coder\nOther,"{OTHER[0][1]}",tools,Imogen Falk\n')
    for file in (wrong, right):
        assert secondcoder(study, "import", str(file)).code == 0
    again = ["import", str(wrong), "--same-coder", "Imogen Faulk=Imogen Falk"]
    refused = " ".join(secondcoder(study, *again).err.split())
    advised = 'transcripts --coder "Imogen Faulk" --set-coder-name "Imogen Falk" --same-person'
    assert f"correct it: secondcoder {advised}" in refused
    done = secondcoder(study, *shlex.split(advised))
    assert done.code == 0
    assert "are one person now" in done.out
    assert secondcoder(study, *again).code == 0


def _blind_after_a_look(tmp_path: Path) -> tuple[Store, int]:
    store = two_interviews(tmp_path, {})
    bring(store, delve_text(tmp_path / "Other 4 - Ben.txt", {1: ["weather"]}, OTHER))
    ben = next(coder.id for coder in coders(store) if coder.name == "Ben")
    bring(store, plain(tmp_path / "Third.txt", [("A", "A third one, of which nobody knows yet.")]))
    third = key_of(store, "Third")
    record_openings(store, "Imogen Faulk", third, people=[ben], place="transcript page")
    begin_blind(store, "Imogen Falk", third)
    finish_blind(store, BOOK, third, "Imogen Falk")
    return store, third


@pytest.mark.parametrize("clock", ["as it goes", "stands still"])
def test_blind_under_one_name_after_a_look_under_the_other_is_not_blind(
    tmp_path: Path, clock: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if clock == "stands still":  # all of it within one millisecond
        for module in (looking, own):
            monkeypatch.setattr(module, "now", lambda: "2026-11-23T07:00:00.000+00:00")
    store, third = _blind_after_a_look(tmp_path)
    assert next(s for s in scopes(store) if s.transcript_id == third).exposure == "blind"
    said = correct_name(store, "Imogen Faulk", "Imogen Falk", same_person=True)
    assert "of “Third” is “adjudicated” now" in said
    assert next(s for s in scopes(store) if s.transcript_id == third).exposure == "adjudicated"


def test_one_of_the_names_is_nobodys(tmp_path: Path) -> None:
    store = two_interviews(tmp_path, {})
    with pytest.raises(UserError, match="no two names to make one"):
        correct_name(store, "Imogen Faulk", "Imogen Falck", same_person=True)
