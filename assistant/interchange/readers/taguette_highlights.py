"""Taguette's highlights as a document (HTML or Word): passages, each with its document and tags.

After a title stands each passage, then a line ``Document: NAME Tags: A, B``. It is no interview and
is not read as one: its passages are looked for in the study's transcripts, like a table's rows. In
another language than English the words of that line are others; then it is refused with what to do.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from assistant.errors import DataError
from assistant.interchange.projects.readers import ReadOptions
from assistant.interchange.projects.records import Project
from assistant.interchange.readers.cells import Table
from assistant.interchange.readers.html_text import read_html
from assistant.interchange.readers.tables import read_rows
from assistant.transcripts.decoding import decode
from assistant.transcripts.lines import squeeze
from assistant.transcripts.packages import check_package
from assistant.transcripts.word import word_lines

__all__ = ["codes_of", "detects", "read_project", "texts_of"]

_TITLE = re.compile(r"\s*Taguette\s+highlights\b")
_DETAILS = re.compile(r"Document: *(.+?) +Tags:(?: +(.*))?")
_TWO = re.compile(r"[^\s:]{2,20} ?: \S.* [^\s:]{2,20} ?: \S.*")
_LOOK = 100_000
"""Bytes of a Word document's XML in which the title must stand."""


def detects(path: Path, head: bytes) -> bool:
    """By the program's name in the title: in every language it stands in it."""
    if head.startswith(b"PK\x03\x04"):
        title = _beginning(path)
        if b"Taguette" not in title:
            return False
        # A title may name the program in an interview too.
        return bool(_TITLE.match(title.decode("utf-8", "replace"))) or _ends_in_details(path)
    page = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:15].lower()
    return page.startswith((b"<!doctype html", b"<html")) and b"Taguette" in head


def _beginning(path: Path) -> bytes:
    try:
        with zipfile.ZipFile(path) as archive, archive.open("word/document.xml") as member:
            xml = member.read(_LOOK)
    except Exception:  # whatever damaged bytes lead to; the reader of the format says it better
        return b""
    # The title only: an interview may speak of the program.
    before, _, _ = xml.partition(b"</w:p>")
    return re.sub(rb"<[^>]*>", b"", before)


def _ends_in_details(path: Path) -> bool:
    """Two words with colons and what belongs to them, in whatever language."""
    try:
        data = path.read_bytes()
        check_package(data, str(path))
        lines = [line for one in word_lines(data, str(path))[0] if (line := squeeze(one.text))]
    except DataError:
        return False  # its own reader says what is wrong
    return bool(lines) and _TWO.fullmatch(lines[-1]) is not None


def codes_of(path: Path, options: ReadOptions) -> tuple[str, ...]:
    """Names of the tags, whatever becomes of the passages."""
    found = (tag.strip() for _, cells in _highlights(path)[1] for tag in cells[2].split(","))
    return tuple(dict.fromkeys(filter(None, found)))


def texts_of(path: Path, options: ReadOptions) -> tuple[str, ...]:
    """Names of the documents that passages are said to be from."""
    return tuple(dict.fromkeys(cells[0] for _, cells in _highlights(path)[1]))


def read_project(path: Path, options: ReadOptions) -> Project:
    """Highlights as codings of the study's transcripts. Raises DataError for another language, and
    where no passage was found."""
    data, rows, what = _highlights(path)
    table = Table(
        ("document", "content", "tags"), iter(rows), False, f"Taguette's highlights as {what}"
    )
    return read_rows(path, options, table, data)


def _highlights(path: Path) -> tuple[bytes, list[tuple[int, list[str]]], str]:
    """The file, its passages, and what kind of document it is."""
    data = path.read_bytes()
    if data.startswith(b"PK\x03\x04"):
        check_package(data, str(path))
        what = "Word"
        lines = [squeeze(line.text) for line in word_lines(data, str(path))[0]]
    else:
        what = "HTML"
        lines = [
            squeeze(line) for line in read_html(decode(data, str(path)).text).shown.split("\n")
        ]
    lines = [line for line in lines if line]
    if not lines or not _TITLE.match(lines[0]):
        raise _other_language(path)
    rows = list(_rows(lines[1:]))
    if not rows:
        raise _other_language(path)
    return data, rows, what


def _rows(lines: Sequence[str]) -> Iterator[tuple[int, list[str]]]:
    """Number of the highlight, from 1, and its document, passage and tags."""
    passage: list[str] = []
    number = 0
    for line in lines:
        found = _DETAILS.fullmatch(line)
        if found is None or not passage:
            passage.append(line)
            continue
        number += 1
        yield number, [found[1], "\n".join(passage), found[2] or ""]
        passage = []


def _other_language(path: Path) -> DataError:
    return DataError(
        "This is text that Taguette exported, and not an interview: its highlights or codebook, in "
        "a form that cannot be read.",
        where=str(path),
        hint="In Taguette, export the highlights as a table (.csv or .xlsx), or the project itself "
        "(SQLite3), and import that.",
    )
