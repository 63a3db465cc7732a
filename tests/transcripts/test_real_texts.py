"""The readers on the real interviews beside the checkout: counts only, no passage is kept here."""

from __future__ import annotations

import json
import re
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from assistant.transcripts import guess_labels, read_document
from assistant.transcripts.records import Document
from tests.transcripts.reading_help import check_form, check_words

INTERVIEWS = Path(__file__).resolve().parents[2].parent / "shared" / "interviews"
TRANSCRIPTS = INTERVIEWS / "transcripts"
DELVE = INTERVIEWS / "delve-text"

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not INTERVIEWS.is_dir(), reason="the real interviews are not here"),
]


@cache
def known_codes() -> tuple[str, ...]:
    book = YAML(typ="safe").load((INTERVIEWS / "codebook.yaml").read_text("utf-8"))
    return tuple(
        name for code in book["codes"] for name in (code["id"], *code.get("aliases", ())) if name
    )


@cache
def gold() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((INTERVIEWS / "gold.json").read_text("utf-8"))
    return found


def read(path: Path, **options: Any) -> Document:
    document = read_document(path, **options)
    check_form(document)
    check_words(path.read_text("utf-8"), document)
    return document


@pytest.mark.slow
@pytest.mark.parametrize("number", [2, 3, 11, 12, 13, 19, 24, 30, 32, 35, 38])
def test_transcripts(number: int) -> None:
    """Passages and speakers are those of the PDFs, within two; nothing is skipped."""
    name = "Interview 32 - PO.txt" if number == 32 else f"Interview {number}.txt"
    document = read(TRANSCRIPTS / name, known_codes=known_codes())
    assert document.language == ("fr" if number == 2 else "en")
    assert (document.format, document.encoding) == ("plain", "UTF-8")
    assert (document.title, document.coder) == (f"Interview {number}", "")
    assert (document.codings, document.skipped, document.guessed_labels) == ((), (), ())
    for paper in (entry for entry in gold() if entry["interview"] == number):
        passages = paper["paragraphs"][1:]  # the first is the title
        assert abs(len(document.segments) - len(passages)) <= 3
        said = Counter(segment.speaker for segment in document.segments)
        for speaker, count in Counter(p["speaker"] for p in passages).items():
            assert abs(said[speaker] - count) <= 2, speaker


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "coder", "codings", "by_book"),
    [("Interview 35 - Ilan.txt", "Ilan", 47, 47), ("Interview 32 - PO.txt", "PO", 71, 67)],
)
def test_delve_text_with_codes(name: str, coder: str, codings: int, by_book: int) -> None:
    """All labels are found by the codebook with the rule, and by the rule alone."""
    path = DELVE / name
    both = read(path, known_codes=known_codes(), trust_guesses=True)
    rule = read(path, trust_guesses=True)
    book = read(path, known_codes=known_codes())
    nothing = read(path)
    assert len(both.codings) == len(rule.codings) == codings
    assert both.codings == rule.codings
    assert (len(book.codings), book.coder) == (by_book, coder)
    assert (len(nothing.codings), nothing.coder) == (0, "")
    assert both.text == rule.text == book.text == nothing.text
    counted = guess_labels(path.read_text("utf-8"))
    assert sum(count for _, count, _ in counted) == codings
    confirmed = read(path, labels=[label for label, _, _ in counted])
    assert confirmed.codings == both.codings
    (paper,) = (
        entry
        for entry in gold()
        if entry["coder"] == coder and f"Interview {entry['interview']} " in name
    )
    expected = Counter(code for passage in paper["paragraphs"] for code in passage["codes"])
    assert Counter(coding.code for coding in both.codings) == expected


@pytest.mark.parametrize(
    ("name", "number", "skipped"),
    [("Interview 24 - Mouna.md", 24, 3), ("Interview 38 - Amin.txt", 38, 7)],
)
def test_delve_text_without_codes(name: str, number: int, skipped: int) -> None:
    document = read(DELVE / name, known_codes=known_codes(), trust_guesses=True, coder="Somebody")
    assert (document.codings, document.coder) == ((), "")
    assert document.format == "delve-text"
    assert len(document.skipped) == skipped
    assert all(s.why and s.where for s in document.skipped)
    assert not re.search(r"delvetool|\u0131|VIA\.", document.text)
    passages = next(len(e["paragraphs"]) - 1 for e in gold() if e["interview"] == number)
    assert abs(len(document.segments) - passages) <= 6
