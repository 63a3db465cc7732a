"""Files that are text and no interview: tables, program code and data files.

Prose without speakers is let through: field notes and monologues are coded too.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from contextlib import suppress

from assistant.errors import DataError

__all__ = ["refuse_other_kinds"]

_CODE_LINE = re.compile(
    r"\s*(?:(?:import|from)\s+[\w.{}*, ]+(?:;|\s+import\s.*|)$|(?:def|class|function|fn|func)\s+\w+"
    r"|#include\b|#!/|(?:public|private|static|const|let|var|return)\s+\S+|@\w+(?:\.\w+)*(?:\(.*)?$"
    r"|(?:if|for|while|else|elif|try|switch)\b.*[:{]$|\w[\w.\[\]]*\s*[-+*/]?=\s*\S+.*|[})\]]+;?,?$"
    r"|.*[;{]$)"
)
_CLOCK = re.compile(r"[\[(]?(?:\d{1,2}:)?\d{1,2}:\d\d?(?:[.,]\d+)?[\])]?(?:\s*-->)?")
_HINT = (
    "Give the interview's transcript as text, Markdown, Word (.docx), ODT, RTF, PDF or subtitles."
)


def refuse_other_kinds(text: str, where: str) -> None:
    """Raises DataError for a text that is surely no interview."""
    kind = _kind(text)
    if kind:
        raise DataError(f"This is {kind}, not an interview.", where=where, hint=_HINT)


def _kind(text: str) -> str:
    body = text.strip()
    rows = [row for row in body.split("\n") if row.strip()]
    visible = [char for char in _CLOCK.sub("", body) if not char.isspace()]
    letters = sum(1 for char in visible if char.isalpha() or ord(char) > 0x300)
    if body[:1] in "{[":
        with suppress(ValueError, RecursionError):
            if isinstance(json.loads(body), dict | list):
                return "a JSON file"
    if re.match(r"(?:<\?xml|<!doctype|<html|<svg|<tei)\b", body, re.IGNORECASE):
        return "an XML or HTML file"
    if body.startswith("{\\rtf"):
        return "an RTF file that is damaged"
    if _table(rows):
        return "a table (CSV)"
    if len(rows) >= 5:
        matching = sum(1 for row in rows if _CODE_LINE.fullmatch(row.rstrip()))
        if matching >= 0.5 * len(rows):
            return "program code or a settings file"
    if visible and letters < 0.4 * len(visible):
        return "mostly digits and signs"
    words = len(re.findall(r"\w+", body))
    dense = sum(1 for char in body if ord(char) > 0x2E80)
    if words + dense < 3:
        return "too short a file (fewer than three words)"
    return ""


def _table(rows: list[str]) -> bool:
    """The same number of separators in nine of ten rows, and too many for speech."""
    sentences = sum(1 for row in rows if row.rstrip()[-1] in ".?!…。？！")
    if len(rows) < 3 or sentences > len(rows) / 2:
        return False
    for separator, fewest in (("\t", 1), (";", 1), (",", 2), ("|", 2)):
        counts = Counter(re.sub(r'"[^"]*"', "", row).count(separator) for row in rows)
        count, times = counts.most_common(1)[0]
        if count < fewest or times < 0.9 * len(rows):
            continue
        cells = [len(cell.split()) for row in rows for cell in row.split(separator)]
        if separator == "\t" and count == 1:
            # "Anna<tab>what she said" is a transcript in two columns, not data
            said = [len(row.split("\t")[1].split()) for row in rows if "\t" in row]
            if sum(said) > 5 * len(said):
                continue
        spoken = sum(1 for row in rows if re.match(r"[^,;|]{0,40}:\s", row))
        if spoken < 0.5 * len(rows) and sum(cells) <= 12 * len(cells):
            return True
    return False
