"""A text that was put to another transcript in one of two studies is there in both."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.store.people.codings import codings
from assistant.store.people.memos import add_memo, memos
from assistant.store.people.openings import openings, record_openings
from assistant.store.sharing.conflicts import conflicts
from assistant.store.texts.documents import documents
from assistant.store.texts.transcripts import set_consent, transcript_infos
from tests.interchange.interviews import bring, delve_text, plain
from tests.interchange.test_near import CLEANED
from tests.sharing.studies import Folder, rows_of, two_folders
from tests.store.filled import add_run


@pytest.fixture
def both(tmp_path: Path) -> tuple[Folder, Folder]:
    """The same two near texts in both; in the first they are one interview."""
    a, b = two_folders(tmp_path, "One")
    for folder in (a, b):
        bring(folder.store, plain(tmp_path / "Beds.txt"))
        bring(folder.store, delve_text(tmp_path / "Clean - Ana.txt", {1: ["weather"]}, CLEANED))
    return a, b


def put(folder: Folder, tmp_path: Path) -> None:
    bring(folder.store, tmp_path / "Clean - Ana.txt", same_as={"": "Beds"})
    assert held(folder) == ["Beds", "One"]


def held(folder: Folder) -> list[str]:
    return [info.name for info in transcript_infos(folder.store)]


def of_beds(folder: Folder) -> list[tuple[str, str, int, int, str]]:
    found = codings(folder.store, folder.key("Beds"))
    return [(c.coder.name, c.code, c.start, c.end, c.quote) for c in found]


@pytest.mark.parametrize("first", ["a", "b", "each the other's"])
def test_it_is_one_in_both_whoever_merges_first(
    both: tuple[Folder, Folder], tmp_path: Path, first: str
) -> None:
    a, b = both
    put(a, tmp_path)
    was = of_beds(a)
    assert len(was) == 1
    if first == "a":
        a.merge(b.share())
        b.merge(a.share())
    elif first == "b":
        b.merge(a.share())
        a.merge(b.share())
    else:
        from_a, from_b = a.share(), b.share()
        done = a.merge(from_b)
        assert set(done.added) == {"events"}  # b's own imports
        assert not done.filled
        assert done.counts["transcripts"].new == done.counts["transcripts"].left_out == 0
        b.merge(from_a)
        assert a.merge(from_b).unchanged
        assert b.merge(from_a).unchanged
    assert held(a) == held(b) == ["Beds", "One"]
    assert of_beds(a) == of_beds(b) == was
    assert [d.name for d in documents(b.store, b.key("Beds")) if d.stated] == ["Clean - Ana.txt"]
    assert not conflicts(a.store) + conflicts(b.store)
    # When the text comes again, it is known there too.
    assert rows_of(a.store)["codings"] == rows_of(b.store)["codings"]
    (report,) = bring(b.store, tmp_path / "Clean - Ana.txt").files
    assert (report.status, report.transcript) == ("already there", "Beds")


def test_what_is_new_of_it_goes_there_too_and_no_consent_gets_wider(
    both: tuple[Folder, Folder], tmp_path: Path
) -> None:
    a, b = both
    put(a, tmp_path)
    bring(b.store, delve_text(tmp_path / "Clean - Ben.txt", {5: ["tools"]}, CLEANED))
    record_openings(b.store, "Cem", b.key("Clean"), people=[None], place="transcript page")
    add_memo(b.store, "transcript", "She was tired.", transcript_id=b.key("Clean"))
    set_consent(b.store, b.key("Clean"), "none")
    a.merge(b.share())
    assert held(a) == ["Beds", "One"]
    assert [who for who, *_ in of_beds(a)] == ["Ana", "Ben"]
    assert [o.who for o in openings(a.store, transcript_id=a.key("Beds"))] == ["Cem"]
    assert [m.text for m in memos(a.store, a.key("Beds"))] == ["She was tired."]
    assert {i.name: i.consent for i in transcript_infos(a.store)}["Beds"] == "none"
    (conflict,) = conflicts(a.store)
    assert conflict.kind == "consent"


def test_where_a_run_rests_on_it_they_stay_two_and_that_is_listed(
    both: tuple[Folder, Folder], tmp_path: Path
) -> None:
    a, b = both
    put(a, tmp_path)
    add_run(b.store, b.key("Clean"))
    from_a, from_b = a.share(), b.share()
    a.merge(from_b)
    b.merge(from_a)
    assert held(a) == held(b) == ["Beds", "Clean", "One"]
    (mine,), (theirs,) = conflicts(a.store), conflicts(b.store)
    assert mine == theirs
    assert (mine.kind, mine.about["name"]) == ("interview", "Beds and Clean")
