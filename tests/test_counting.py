"""One of anything reads as one, in every message."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import assistant
from assistant.counting import (
    bar_as_written,
    coder_transcripts,
    counted,
    counted_many,
    decimals,
    decimals_beside,
    per_cent,
)
from assistant.store.database import open_store
from assistant.store.trail.happenings import happenings
from eval.report.wording import how_many
from tests.cli.command import secondcoder
from tests.export.studies import garden

TOP = Path(assistant.__file__).parents[1]


def test_two_coders_of_one_transcript_are_not_two_transcripts() -> None:
    assert coder_transcripts(1) == "1 pair of a coder and a transcript"
    assert coder_transcripts(6) == "6 pairs of a coder and a transcript"


@pytest.mark.parametrize(
    ("number", "noun", "many", "said"),
    [
        (0, "file", "", "0 files"),
        (1, "file", "", "1 file"),
        (2, "file", "", "2 files"),
        (1, "entry", "entries", "1 entry"),
        (1204, "entry", "entries", "1,204 entries"),
    ],
)
def test_numbers(number: int, noun: str, many: str, said: str) -> None:
    assert counted(number, noun, many) == said
    assert how_many(number, noun, many) == said


@pytest.mark.parametrize(
    ("value", "said", "signed"),
    [
        (0.524, "0.52", "+0.52"),
        (0.997, "0.997", "+0.997"),
        (0.9951, "0.995", "+0.995"),
        (0.99997, ">0.9999", ">+0.9999"),
        (-0.99997, "<-0.9999", "<-0.9999"),
        (-0.0019, "-0.002", "-0.002"),
        (0.00006, "0.0001", "+0.0001"),
        (0.00004, "<0.0001", "<+0.0001"),
        (-0.00004, ">-0.0001", ">-0.0001"),
        # The bounds themselves, also where the computer's rounding misses them.
        (1.0, "1.00", "+1.00"),
        (-1.0, "-1.00", "-1.00"),
        (-0.0, "0.00", "+0.00"),
        (1 - 1e-15, "1.00", "+1.00"),
        (-1e-17, "0.00", "+0.00"),
        (1.004, "1.00", "+1.00"),
    ],
)
def test_rounding_reaches_no_bound_that_the_figure_does_not(
    value: float, said: str, signed: str
) -> None:
    assert decimals(value) == said
    assert decimals(value, sign=True) == signed


@pytest.mark.parametrize(
    ("share", "said", "beside_a_tenth"),
    [
        (0.0, "0%", "0%"),
        (0.004, "under 1%", "under 1%"),
        (0.06, "6%", "6%"),
        (0.1, "10%", "10%"),
        (0.1004, "10%", "10.04%"),
        (0.096, "10%", "9.6%"),
        (0.104, "10%", "10.4%"),
        (0.996, "over 99%", "over 99%"),
        (1.0, "100%", "100%"),
        (1 - 1e-15, "100%", "100%"),
    ],
)
def test_a_share_is_neither_nothing_nor_all_nor_a_bar_that_it_is_not(
    share: float, said: str, beside_a_tenth: str
) -> None:
    assert per_cent(share) == said
    assert per_cent(share, beside=0.1) == beside_a_tenth


def test_nor_is_it_a_bar_that_is_next_to_nothing_or_to_all() -> None:
    assert [per_cent(0.004, beside=bar) for bar in (0.004, 0.005)] == ["under 1%", "0.4%"]
    assert [per_cent(0.996, beside=bar) for bar in (0.996, 0.995)] == ["over 99%", "99.6%"]
    assert per_cent(0.0096, beside=0.01) == "0.96%"


@pytest.mark.parametrize(
    ("value", "said"),
    [(0.598, "0.598"), (0.5996, "0.5996"), (0.6, "0.60"), (0.54, "0.54"), (0.602, "0.602")],
)
def test_a_figure_never_reads_as_the_bar_that_it_does_not_reach(value: float, said: str) -> None:
    assert decimals_beside(value, 0.6) == said


@pytest.mark.parametrize(
    ("bar", "said"),
    [(0.6, "0.60"), (0.625, "0.625"), (-0.05, "-0.05"), (-0.0, "0.00"), (1e-5, "0.00001")],
)
def test_a_bar_has_all_of_its_digits(bar: float, said: str) -> None:
    assert bar_as_written(bar) == said


def test_no_confidence_and_no_probability_is_rounded_to_what_it_is_not() -> None:
    """Wherever one is printed, the shared rounding is used."""
    words = "(?:confidence|probability|chance)"
    ways = re.compile(rf"\{{[^{{}}]*\b{words}:\.\d[f%]|\.2f\"\|format\([^)]*{words}")
    assert ways.search("{s.confidence:.2f}")
    assert ways.search('"%.2f"|format(found.probability)')
    files = [*(TOP / "assistant").rglob("*"), *(TOP / "eval").rglob("*")]
    for file in files:
        if file.suffix in (".py", ".html", ".j2"):
            assert not ways.search(file.read_text(encoding="utf-8")), file.name


def test_no_page_says_one_codes() -> None:
    """Pages have the same helper; what is left shows a list of several only."""
    several = {"All {{ runs|length }} runs", "All {{ task.segments|length }} passages"}
    what = "codes|files|codings|suggestions|transcripts|words|memos|lines|runs|passages"
    for template in (TOP / "assistant" / "review" / "templates").glob("*.html"):
        text = template.read_text(encoding="utf-8")
        for found in re.finditer(rf"(?:\w+ )?\{{\{{ (.*?) \}}\}} (?:{what})\b", text):
            assert found.group() in several or "counted(" in found.group(1), template.name


def test_the_plural_made_one() -> None:
    assert counted_many(1, "categories of codes") == "1 category of codes"
    assert counted_many(2, "categories of codes") == "2 categories of codes"


def test_what_happened_to_one(tmp_path: Path) -> None:
    study = garden(tmp_path / "study").study
    with open_store(study.database)[0] as store:
        said = [one.what for one in happenings(store)]
    assert any(what.startswith("Run 1 began, over 1 transcript") for what in said)
    assert not [what for what in said if "1 transcripts" in what or " 1 calls" in what]


def test_one_name_is_confirmed(tmp_path: Path) -> None:
    study = garden(tmp_path / "study").study
    secondcoder(study.folder, "pseudonyms", "add", "neighbour", "--kind", "person")
    done = secondcoder(study.folder, "pseudonyms", "refuse", "neighbour")
    assert done.out == "1 name refused.\n"
