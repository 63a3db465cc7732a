"""A transcript that is renamed in one of two studies is in both."""

from __future__ import annotations

import json
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


def rename(folder: Folder, old: str, new: str) -> None:
    rename_transcript(folder.study, folder.store, old, new)
    at = now()
    while now() == at:
        pass  # what is said next has a later time


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


def test_it_is_said(both: tuple[Folder, Folder]) -> None:
    a, b = both
    rename(a, OLD, "P07")
    (said,) = b.merge(a.share()).names.said
    assert f"“{OLD}” is called “P07” now: it was renamed in the other study" in said


def test_the_last_word_holds(both: tuple[Folder, Folder]) -> None:
    a, b = both
    rename(a, OLD, "P07")
    rename(b, OLD, "P7")
    from_a, from_b = a.share(), b.share()
    a.merge(from_b)
    b.merge(from_a)
    assert names(a) == names(b) == ["P7"]


def test_a_study_with_a_name_of_its_own_keeps_it(tmp_path: Path) -> None:
    a, b = (Folder(create_study(tmp_path / name)) for name in "ab")
    bring(a.store, plain(tmp_path / "Beds.txt"))
    bring(b.store, plain(tmp_path / f"{OLD}.txt"))
    rename(a, "Beds", "P07")
    b.merge(a.share())
    assert names(b) == [OLD]
    rename(a, "P07", "P08")
    b.merge(a.share())
    assert names(b) == [OLD]


@pytest.mark.parametrize("old", ["", OLD])
def test_a_name_that_another_study_meant_to_be_forgotten_harms_nothing(
    both: tuple[Folder, Folder], old: str
) -> None:
    """An earlier state of the program recorded that, and sometimes without the old name."""
    a, b = both
    add_memo(b.store, "study", f"{OLD} again.", who="Ben")
    rename(a, OLD, "P07")
    (event,) = events(a.store, "renamed")
    said = {**event.details["renamed"], "old": old, "forgotten": True}
    a.store.write(
        "UPDATE events SET details = ? WHERE id = ?", (json.dumps({"renamed": said}), event.id)
    )
    b.merge(a.share())
    assert names(b) == ["P07" if old else OLD]
    assert [memo.text for memo in memos(b.store)] == [f"{OLD} again."]


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
    """The other study has the interview by another file, under the old name."""
    a, b = (Folder(create_study(tmp_path / name)) for name in "ab")
    (tmp_path / "other").mkdir()
    delved = delve_text(tmp_path / "other" / f"{OLD} - Ana.txt", {1: ["weather"], 3: ["tools"]})
    bring(a.store, plain(tmp_path / f"{OLD}.txt"))
    bring(b.store, delved)
    rename(a, OLD, "P07")
    from_a, from_b = a.share(), b.share()
    a.merge(from_b)
    b.merge(from_a)
    assert names(a) == names(b) == ["P07"]
