"""Small tools for the reader tests: write a file, read it, show turns, check what always holds."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from pathlib import Path
from typing import Any

from assistant.transcripts import read_document
from assistant.transcripts.records import Document, segment_body

_SPACELESS = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\uffef\U00020000-\U0003ffff"
WORD = re.compile(rf"(?=[^\W_])[{_SPACELESS}]|[^\W_{_SPACELESS}]+")
"""Words; single characters in scripts that write no spaces between words."""


def read_text(folder: Path, text: str, name: str = "Talk 1.txt", **options: Any) -> Document:
    """Write ``text`` as UTF-8 and read it; check what must hold for every file."""
    path = folder / name
    path.write_bytes(text.encode("utf-8"))
    options.setdefault("language", "en")
    document = read_document(path, **options)
    check_form(document)
    check_words(text, document)
    return document


def turns(document: Document) -> list[tuple[str, list[str]]]:
    """``(speaker, paragraphs)`` a turn."""
    found: list[tuple[str, list[str]]] = []
    last = -1
    for segment in document.segments:
        start, end = segment_body(document.text, segment)
        if segment.turn != last:
            found.append((segment.speaker, []))
            last = segment.turn
        found[-1][1].append(document.text[start:end])
    return found


def codes(document: Document) -> list[tuple[str, str]]:
    """``(code, quote)``"""
    return [(c.code, document.text[c.start : c.end]) for c in document.codings]


def check_form(document: Document) -> None:
    """Segments tile the text, its form is the one of records.py, spans are bodies of segments."""
    text = document.text
    assert text == unicodedata.normalize("NFC", text)
    assert not re.search(r"[^\S\n ]|  |^\s|\s$|\n\n\n| \n|\n ", text)
    position = 0
    bodies = set()
    for index, segment in enumerate(document.segments):
        assert segment.index == index
        assert segment.start == position < segment.end
        position = segment.end
        body = segment_body(text, segment)
        bodies.add(body)
        last = index == len(document.segments) - 1
        same = not last and document.segments[index + 1].turn == segment.turn
        ending = "" if last else "\n" if same else "\n\n"
        assert text[body[1] : segment.end] == ending
        assert "\n" not in text[body[0] : body[1]]
        if same:
            assert document.segments[index + 1].speaker == segment.speaker
    assert position == len(text)
    for coding in document.codings:
        assert (coding.start, coding.end) in bodies


def check_words(raw: str, document: Document) -> None:
    """Every word of the file is in the text, a speaker's name, a code, or listed as skipped."""
    expected = Counter(WORD.findall(unicodedata.normalize("NFC", raw)))
    found = Counter(WORD.findall(document.text))
    for speaker, _ in turns(document):
        found.update(WORD.findall(speaker))
    for coding in document.codings:
        found.update(WORD.findall(coding.code))
    for skipped in document.skipped:
        found.update(WORD.findall(skipped.what))
    assert found == expected
