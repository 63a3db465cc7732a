"""Words that stand more than once, in a table whose rows follow the interview."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.interchange.imports.importing import ImportOptions, import_files
from assistant.interchange.readers.by_order import determined
from assistant.interchange.readers.tables import read_project
from assistant.store.database import open_store
from assistant.store.people.codings import codings
from tests.cli.command import secondcoder
from tests.readers.test_tables import options, transcript, write

WAIT = "I have to think about that for a moment."
SAID = ("How did it begin?", "By chance.", WAIT, "And then?", WAIT, "Not with the choir.", "So?")
TALK = transcript("Talk 1", "\n\n".join(SAID))
AT = [n for n in range(len(TALK.text)) if TALK.text.startswith(WAIT, n)]
Span = tuple[int, int]


def rows(*said: str, marked: str = WAIT) -> list[list[object]]:
    head: list[object] = ["Interview", "Text", "doubt", "other"]
    body: list[list[object]] = [["Talk 1", x, "x" if x == marked else "", ""] for x in said]
    return [head, *body]


def starts(path: Path, table: list[list[object]]) -> tuple[list[int], list[str], list[str]]:
    project = read_project(write(path / "a.csv", table), options(TALK))
    found = [c.start for c in project.codings]
    return found, [one.where for one in project.skipped if one.where != "head"], list(project.notes)


def test_the_rows_around_say_which_place_is_meant(tmp_path: Path) -> None:
    found, skipped, notes = starts(tmp_path, rows(*SAID))
    assert (found, skipped) == (AT, [])
    assert any("row" in note and "placed by the rows around them" in note for note in notes)
    # One of the two only: after "And then?", whatever rows are missing.
    found, skipped, notes = starts(tmp_path, rows(SAID[0], SAID[3], WAIT, SAID[5]))
    assert (found, skipped) == (AT[1:], [])
    assert any("row 4 stand more than once" in note and "It was placed" in note for note in notes)


@pytest.mark.parametrize(
    "said",
    [
        (SAID[0], SAID[1], WAIT, SAID[5], SAID[6]),  # both places lie between its neighbours
        (SAID[3], SAID[0], WAIT, SAID[5], SAID[6]),  # the table does not follow the text
        (SAID[3], WAIT, SAID[5]),  # too few to show that it does
    ],
)
def test_what_stays_ambiguous_is_refused(tmp_path: Path, said: tuple[str, ...]) -> None:
    table = rows(*said)
    table[1][3] = "x"  # where nothing is taken the table is refused
    found = read_project(write(tmp_path / "a.csv", table), options(TALK))
    assert [c.code for c in found.codings] == ["other"]
    (skip,) = (one for one in found.skipped if one.where != "head")
    assert skip.why.startswith("its words stand 2 times (at ")


@pytest.mark.parametrize(
    ("places", "only"),
    [
        ([[(0, 1)], [(1, 2), (5, 6)], [(3, 4)], [(8, 9)]], [(0, 1), (1, 2), (3, 4), (8, 9)]),
        # Not found, or anything: it says nothing of the others, nor do they of it.
        (
            [[(0, 1)], [], [(3, 4)], [(4, 5), (6, 7)], [(8, 9)]],
            [(0, 1), None, (3, 4), None, (8, 9)],
        ),
        # Two of the same words in two places between them.
        (
            [[(0, 1)], [(2, 3), (5, 6)], [(2, 3), (5, 6)], [(7, 8)], [(8, 9)]],
            [(0, 1), (2, 3), (5, 6), (7, 8), (8, 9)],
        ),
        ([[(0, 1)], [(2, 3), (5, 6)], [(7, 8)], [(6, 7)]], [None] * 4),
    ],
)
def test_the_only_place_that_a_passage_can_have(
    places: list[list[Span]], only: list[Span | None]
) -> None:
    assert determined(places) == only


def test_the_report_counts_what_has_no_place(tmp_path: Path) -> None:
    study = tmp_path / "study"
    assert secondcoder(study, "init", str(study)).code == 0
    (tmp_path / "Talk 1.txt").write_text(TALK.text)
    assert secondcoder(study, "import", str(tmp_path / "Talk 1.txt")).code == 0
    table = rows(SAID[0], SAID[1], WAIT, "By chanse, I say.", SAID[6])
    table[1][3] = table[4][3] = "x"
    write(tmp_path / "a.csv", table)
    ended = secondcoder(study, "import", str(tmp_path / "a.csv"), "--coder", "Ana")
    said = " ".join((ended.out + ended.err).split())
    assert "In the file: 5 rows, 1 transcript, 2 codes, 3 codings." in said
    assert "1 coding and 0 memos are new. NOT placed: 2 codings, listed above." in said
    assert "its words stand more than once (1 row); its words were not found (1 row)." in said
    assert "2 codings of these rows are not in the study, and their passages count there" in said


def test_a_table_that_made_its_text_places_the_same_rows_again(tmp_path: Path) -> None:
    store, _ = open_store()
    table = write(tmp_path / "a.csv", rows(*SAID))
    for new in (2, 0):
        (project,) = import_files(store, [table], ImportOptions(coder="Ana")).projects
        assert project.codings == new
        assert [one.not_placed for one in project.sources] == [0]
    assert [c.quote for c in codings(store, 1)] == [WAIT] * 2
