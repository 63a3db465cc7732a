"""Quotes of a table as people type them: with marks around them, with slips."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from assistant.interchange.readers.nearest import Nearest
from assistant.interchange.readers.quotes import Finder
from assistant.interchange.readers.tables import read_project
from tests.readers.test_tables import options, said, transcript, write

POOL = (
    "He told me to swim to the rope and then have a rest. She said “no way” and the others went "
    "home.\n\nI went to the pool with Mia, every day, and then to the lake. The water was cold."
)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ('"He told me to swim to the rope"', "He told me to swim to the rope"),
        ("„he told me to swim to the rope“", "He told me to swim to the rope"),
        ("« I went to the pool »", "I went to the pool"),
        ("...with Mia, every day", "with Mia, every day"),
        ("with Mia, every day…", "with Mia, every day"),
        ("[…] with Mia, every day (...)", "with Mia, every day"),
        ('"... to the rope and then..."', "to the rope and then"),
        ("'She said “no way”'", "She said “no way”"),
        ("way” and the...", "way” and the"),  # not "and then"
        ("“no way” and", "“no way” and"),
    ],
)
def test_marks_around_a_quote_are_left_off(typed: str, found: str) -> None:
    finder = Finder(POOL)
    place = finder.by_words(typed)
    assert place.span is not None, place.why
    assert POOL[slice(*place.span)] == found
    assert bool(place.left_off) == (typed != "“no way” and")


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ('"and then"', "without the quotation marks around them they are too few"),
        ("...to the...", "without the “…” around them they are too few"),
        ("“to the lake…", ""),
        ("everything else that she said…", "its words were not found"),
        ('"..."', "its words were not found"),
    ],
)
def test_what_is_left_has_to_be_sure(typed: str, why: str) -> None:
    place = Finder(POOL).by_words(typed)
    assert why in place.why
    assert (place.span is None) == bool(why)
    twice = Finder(f"{POOL} {POOL}").by_words("“to the lake…")
    assert twice.span is None
    assert twice.why.startswith("without the quotation marks and “…” around them its words stand 2")


def test_a_position_needs_no_marks_and_the_report_says_which_rows_had_them(tmp_path: Path) -> None:
    start = POOL.index("and then to")
    rows: list[list[object]] = [
        ["document", "quote", "code", "start", "end"],
        ["Pool", "“and then”", "order", start, start + 8],
        ["Pool", '"He told me to swim"', "advice", "", ""],
        ["Pool", "The water was cold.", "body", "", ""],
    ]
    project = read_project(write(tmp_path / "a.csv", rows), options(transcript("Pool", POOL)))
    assert said(project) == [
        ("", "order", "and then"),
        ("", "advice", "He told me to swim"),
        ("", "body", "The water was cold."),
    ]
    assert project.codings[0].start == start
    assert not project.doubtful
    (note,) = [note for note in project.notes if "left off" in note]
    assert note.startswith("Quotation marks around the words of 2 rows (rows 2, 3) were not found")


def test_a_row_that_is_not_found_shows_the_nearest_passage(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["document", "quote", "code"],
        ["Pool", "The water was cold.", "body"],
        ["Pool", "He told me to swim to teh rope and then", "advice"],
        ["Pool", "I went to the pond with Mia every day", "place"],
        ["Pool", "Nobody here has ever mentioned a word of that", "nothing"],
        ["Pool", "teh lake", "short"],
    ]
    project = read_project(write(tmp_path / "a.csv", rows), options(transcript("Pool", POOL)))
    lost = "its words were not found"
    assert [skip.why for skip in project.skipped] == [
        f"{lost}. The nearest passage: “He told me to swim to the rope and then”",
        f"{lost}. The nearest passage: “I went to the pool with Mia, every day”",
        lost,
        lost,
    ]
    assert f"Rows left out, whole or in part: {lost} (4 rows)." in project.notes


def test_of_a_long_passage_the_first_difference_is_shown() -> None:
    words = [f"word{n}" for n in range(400)]
    typed = [*words[100:200]]
    typed[40] = "wrod140"
    shown = Nearest(" ".join(words)).in_words(" ".join(typed))
    assert "word140" in shown
    assert len(shown.split()) == 30
    assert shown.startswith("…word1")
    assert shown.endswith("…")


def test_ten_thousand_mistyped_rows_take_seconds() -> None:
    words = [f"w{(n * n) % 997}" for n in range(12_000)]
    nearest = Nearest(" ".join(words))
    before = time.process_time()
    for n in range(2_000):
        nearest.in_words(" ".join([*words[n : n + 10], f"slip{n}", *words[n + 11 : n + 20]]))
    assert time.process_time() - before < 120, "it took 1.3 s when it was measured"
