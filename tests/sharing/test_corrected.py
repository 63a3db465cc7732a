"""A project was corrected in its tool and came again in one of two studies."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.interchange.projects.records import Project
from assistant.interchange.projects.reports import ProjectReport
from assistant.store.verify import verify
from tests.projects.making import TEXT, coding, held, make, take
from tests.sharing.studies import Folder, exchange, two_folders

LEEKS, WET, HOSE = "Leeks and beans", "Leeks and beans, in the wet corner", "She has a long hose"
BEFORE = make([coding(LEEKS, guid="g1"), coding(HOSE, "c3", guid="g2")])
AFTER = make([coding(WET, guid="g1"), coding(HOSE, "c3", guid="g2")], file="later.qdpx")


def said(folder: Folder) -> list[str]:
    return [quote for name, _, _, quote in held(folder.store) if name == "Garden 1"]


def at(folder: Folder, project: Project, day: int) -> ProjectReport:
    """Take it, on that day."""
    report = take(folder.store, project)
    folder.store.write(
        "UPDATE documents SET imported_at = ? WHERE project_sha256 = ?",
        (f"2026-03-{day:02}T10:00:00.000+00:00", project.file_sha256),
    )
    return report


def dates(folder: Folder) -> list[tuple[str, str]]:
    rows = folder.store.rows("SELECT name, imported_at FROM documents ORDER BY name")
    return [tuple(row) for row in rows]


@pytest.mark.parametrize("one_after_the_other", [False, True])
@pytest.mark.parametrize("day_of_b", [1, 5])
def test_it_counts_once_in_both_whoever_merges_first(
    tmp_path: Path, day_of_b: int, one_after_the_other: bool
) -> None:
    a, b = two_folders(tmp_path, "One")
    at(a, BEFORE, 2)
    at(b, BEFORE, day_of_b)
    assert at(a, AFTER, 4).corrected == 1
    assert (said(a), said(b)) == ([WET, HOSE], [LEEKS, HOSE])
    if one_after_the_other:
        a.merge(b.share())
        assert said(a) == [WET, HOSE]
        done = b.merge(a.share())
    else:
        exchange(a, b)
        done = b.merge(a.share("again"))
    assert said(a) == said(b) == [WET, HOSE]
    assert done.unchanged != one_after_the_other
    if not one_after_the_other:
        assert dates(a) == dates(b)
    # Deriving them anew, as the next import does, brings the old one back in neither.
    for folder in (a, b):
        take(folder.store, make([coding(LEEKS, coder="b", guid="g7")], file="ben.qdpx"))
        assert sorted(said(folder)) == sorted([WET, HOSE, LEEKS])


SOW = "What did you sow"
FILE = BEFORE.file_sha256


def test_a_file_that_was_read_with_more_labels_marks_no_other_coding(tmp_path: Path) -> None:
    a, b = two_folders(tmp_path, "One")
    more = [coding(SOW, "c2"), coding(LEEKS, guid="g1"), coding(HOSE, "c3", guid="g2")]
    at(a, make(more).model_copy(update={"file_sha256": FILE}), 1)
    at(b, BEFORE, 1)
    at(a, AFTER, 2)
    exchange(a, b)
    assert said(a) == said(b) == [SOW, WET, HOSE]
    for folder in (a, b):
        take(folder.store, make([coding(LEEKS, coder="b", guid="g7")], file="ben.qdpx"))
        assert sorted(said(folder)) == sorted([SOW, WET, HOSE, LEEKS])
        assert verify(folder.store).ok


def test_places_in_other_words_are_left_out(tmp_path: Path) -> None:
    a, b = two_folders(tmp_path, "One")
    text = "Gardener: A label that stands as words.\n\n" + TEXT
    there = [coding(one, "c3", text=text) for one in (SOW, HOSE)]
    at(a, BEFORE, 1)
    at(b, make(there, text=text, name="Garden").model_copy(update={"file_sha256": FILE}), 1)
    at(a, AFTER, 2)
    asked = "SELECT k.* FROM document_codings k JOIN documents d ON d.id = k.document_id"
    of_file = f"{asked} WHERE d.project_sha256 = '{FILE}'"
    before = [tuple(row) for row in b.store.rows(of_file)]
    done = b.merge(a.share())
    assert [tuple(row) for row in b.store.rows(of_file)] == before
    assert done.counts["document_codings"].left_out == 2
    assert [quote for name, _, _, quote in held(b.store) if name == "Garden"] == [SOW, HOSE]


def test_who_had_only_the_corrected_one_before_the_other_had_any(tmp_path: Path) -> None:
    a, b = two_folders(tmp_path, "One")
    at(a, BEFORE, 2)
    at(a, AFTER, 4)
    at(b, AFTER, 1)
    exchange(a, b)
    for folder in (a, b):
        take(folder.store, make([coding(LEEKS, coder="b", guid="g7")], file="ben.qdpx"))
        assert sorted(said(folder)) == sorted([WET, HOSE, LEEKS])


def test_who_had_them_the_other_way_round_has_one_of_them_and_the_same(tmp_path: Path) -> None:
    a, b = two_folders(tmp_path, "One")
    at(a, BEFORE, 2)
    at(a, AFTER, 4)
    at(b, AFTER, 1)
    at(b, BEFORE, 3)
    exchange(a, b)
    for folder in (a, b):
        take(folder.store, make([coding(HOSE, "c3", coder="b", guid="g7")], file="ben.qdpx"))
    assert said(a) == said(b)
    assert len([quote for quote in said(a) if quote != HOSE]) == 1
