"""The 23 real Delve prints against an independent reading of them, difference by difference.

No words of the interviews stand here: differences are named by passage numbers of that reading.
Each was looked at on the page, and `test_passages_are_those_of_the_tags` holds the first kind
against what the browser itself wrote into the files.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from assistant.transcripts.pdf.delve import read_delve_pdf
from assistant.transcripts.records import Document, segment_body
from tests.conftest import INTERVIEWS

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(
        not (INTERVIEWS / "gold.json").exists(), reason="the real interviews are not here"
    ),
]

PRINTS = sorted(INTERVIEWS.glob("delve-pdf/*.pdf"))

JOINED: dict[tuple[int, str], dict[int, int]] = {
    (2, "PO"): {45: 2, 86: 2, 89: 2},
    (2, "Rached"): {45: 2, 58: 2, 85: 2},
    (3, "Amin"): {77: 2, 106: 2},
    (3, "Rached"): {76: 3, 105: 2, 108: 2},
    (13, "Amin"): {28: 2},
    (13, "PO"): {28: 2},
    (19, "Amin"): {57: 2},
    (19, "PO"): {57: 2},
    (19, "Rached"): {57: 2},
}
"""The other reading made one passage of several. On the page a gap parts them, each has codes of
its own, and the file's own tags have them as paragraphs of their own: (interview, coder) -> passage
-> how many passages it is here."""

BROKEN_HYPHEN = {(24, "Mouna"): {181}, (38, "Ilan"): {105}}
"""A line ends in a hyphen; the other reading has a space after it, the same word elsewhere none."""

NAME_IN_TEXT = {(2, "PO"): {59}, (2, "Rached"): {58}, (3, "Amin"): {110}, (3, "Rached"): {108}}
"""A passage begins with a speaker's name that is not bold on the page. Here it is the speaker."""


@cache
def gold() -> dict[str, Any]:
    readings = json.loads((INTERVIEWS / "gold.json").read_text(encoding="utf-8"))
    return {reading["file"]: reading for reading in readings}


@cache
def read(path: Path) -> Document:
    return read_delve_pdf(path)


def quotes(document: Document, low: int, high: int) -> list[tuple[str, str]]:
    return sorted(
        (coding.code, document.text[coding.start : coding.end])
        for coding in document.codings
        if low <= coding.start < high
    )


def as_printed(reading: dict[str, Any]) -> list[tuple[int, str, str, list[tuple[str, str]]]]:
    """The other reading without title and closing line: (number, speaker, text, codings).

    A coding is (code, quote): the quote from the first to the last underlined character, or all
    of the passage.
    """
    title = reading["file"].removeprefix("2023-06-04-").removesuffix(".pdf")
    found = []
    for number, passage in enumerate(reading["paragraphs"]):
        text: str = passage["text"]
        low = min((start for start, _ in passage["spans"]), default=0)
        high = max((end for _, end in passage["spans"]), default=len(text))
        codings = [(code, text[low:high].strip()) for code in passage["codes"]]
        text = re.sub(r"\s*Created with the Delve.*$", "", text)
        if number == 0:
            text = text.removeprefix(title).strip()
        if text:
            found.append((number, passage["speaker"], text, codings))
    return found


@pytest.mark.parametrize(
    "path",
    [
        pytest.param(path, id=path.stem, marks=() if "35 - Ilan" in path.name else pytest.mark.slow)
        for path in PRINTS
    ],
)
def test_print_against_the_other_reading(path: Path) -> None:
    document = read(path)
    reading = gold()[path.name]
    key = (reading["interview"], reading["coder"])
    place = 0
    for number, speaker, text, codings in as_printed(reading):
        count = JOINED.get(key, {}).get(number, 1)
        segments = document.segments[place : place + count]
        place += count
        bodies = [document.text[slice(*segment_body(document.text, s))] for s in segments]
        if number in BROKEN_HYPHEN.get(key, ()):
            assert len(re.findall(r"\w- \w", text)) == 1
            text = re.sub(r"(\w-) (\w)", r"\1\2", text)
            codings = [(code, re.sub(r"(\w-) (\w)", r"\1\2", quote)) for code, quote in codings]
        speakers = [speaker] * count
        if number in NAME_IN_TEXT.get(key, ()):
            name = segments[-1].speaker
            pattern = rf"{name}(?: :)? (?={re.escape(bodies[-1])}$)"
            assert name != speaker
            assert re.search(pattern, text)
            text = re.sub(pattern, "", text)
            codings = [(code, re.sub(pattern, "", quote)) for code, quote in codings]
            speakers[-1] = name
        assert [segment.speaker for segment in segments] == speakers, number
        assert " ".join(bodies) == text, number
        found = quotes(document, segments[0].start, segments[-1].end)
        assert found == sorted(codings), number
    assert place == len(document.segments)


@pytest.mark.slow
def test_there_are_23_prints_and_as_many_codings_as_labels() -> None:
    counts = {path.name.removeprefix("2023-06-04-"): len(read(path).codings) for path in PRINTS}
    assert len(counts) == 23
    assert counts["Interview 35 - Ilan.pdf"] == 47
    assert counts["Interview 32 - PO.pdf"] == 71
    assert counts["Interview 24 - Mouna.txt.pdf"] == 0
    labels = sum(len(p["codes"]) for r in gold().values() for p in r["paragraphs"])
    assert sum(counts.values()) == labels == 1433


@pytest.mark.slow
def test_coders_and_titles() -> None:
    for path in PRINTS:
        document, reading = read(path), gold()[path.name]
        assert document.title == f"Interview {reading['interview']}"
        assert document.coder == ("" if reading["interview"] == 24 else reading["coder"])


@pytest.mark.slow
def test_nothing_is_lost_but_what_is_named() -> None:
    for path in PRINTS:
        whys = [skipped.why for skipped in read(path).skipped]
        assert whys[0].startswith("headers and footers")
        assert whys[1] == "the title of the print"
        assert "Delve's closing line" in whys
        assert len(whys) == 3 + (1 if "Interview 2 " in path.name or " 3 - " in path.name else 0)
        assert not any("whole interview" in note for note in read(path).notes)


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", ["13 - PO", "19 - Rached", "24 - Mouna.txt", "35 - Ilan", "38 - Ilan"]
)
def test_passages_are_those_of_the_tags(name: str) -> None:
    """Chrome tags each passage of a print as one paragraph, across pages."""
    import pdfplumber

    path = INTERVIEWS / "delve-pdf" / f"2023-06-04-Interview {name}.pdf"
    tagged: dict[str, str] = {}
    with pdfplumber.open(path) as pdf:
        for page in pdf.pages:
            marked: dict[int, str] = {}
            for char in page.chars:
                if char["mcid"] is not None:
                    marked[char["mcid"]] = marked.get(char["mcid"], "") + char["text"]
            stack = list(page.structure_tree)[::-1]
            while stack:
                node = stack.pop()
                if node["type"] == "P":
                    tagged[node["id"]] = tagged.get(node["id"], "") + _text(node, marked)
                else:
                    stack += node.get("children", [])[::-1]
            page.close()
    document = read(path)
    bodies = [document.text[slice(*segment_body(document.text, s))] for s in document.segments]
    assert [re.sub(r"\s", "", body) for body in bodies] == [
        re.sub(r"\s", "", text) for text in tagged.values()
    ]


def _text(node: dict[str, Any], marked: dict[int, str]) -> str:
    own = "".join(marked.get(mark, "") for mark in node.get("mcids", []))
    return own + "".join(_text(child, marked) for child in node.get("children", []))
