"""An audit's sample as plain text files that show no codes, and what a person wrote into them.

One file a transcript. Each sampled passage stands between the two beside it, with a line to write
codes on. A line left empty is not "no code": the word ``none`` is. The head names audit and
transcript by hash, so that a file is never taken for another one's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from assistant.codebook.records import Code, Codebook
from assistant.errors import UserError
from assistant.transcripts.records import Transcript, segment_body

__all__ = ["FilledFile", "blind_file", "read_blind_file"]

_HEAD = re.compile(r"^Audit (\d+) · (sha256:[0-9a-f]{64}) · (.*)$")
_PASSAGE = re.compile(r"^\[(\d+)\]")
_CODES = re.compile(r"^codes:(.*)$", re.IGNORECASE)
_NONE = {"none", "-", "–", "nothing"}
_WIDE = 88


@dataclass(frozen=True)
class FilledFile:
    """What stands in a file."""

    audit_id: int
    sha256: str
    """Of the transcript."""
    transcript: str
    codes: dict[int, tuple[str, ...]]
    """Segment -> codes as they were written; empty: nothing applies."""
    empty: tuple[int, ...]
    """Segments whose line is still empty."""


def blind_file(audit_id: int, text: Transcript, segments: tuple[int, ...], book: Codebook) -> str:
    """The file for one transcript. Passages are numbered from 1, as on every page."""
    lines = [
        f"Audit {audit_id} · {text.sha256} · {text.name}",
        "",
        f"Please read the {len(segments)} passages that are marked with a number, and write behind "
        "“codes:”",
        "each code that applies, with commas between them, or the word none. Code as you would if",
        "there were no model. The passages before and after are only to help you understand.",
        "Do not change anything else. Then: secondcoder audit take THIS-FILE --coder YOUR-NAME",
        "",
        "The codes:",
        *(line for code in book.sent for line in _described(code)),
    ]
    for number in segments:
        lines += ["", "=" * _WIDE]
        if number > 0:
            lines += ["(before) " + _said(text, number - 1), ""]
        lines += [f"[{number + 1}] " + _said(text, number), "", "codes: "]
        if number + 1 < len(text.segments):
            lines += ["", "(after) " + _said(text, number + 1)]
    return "\n".join(lines) + "\n"


def _described(code: Code) -> list[str]:
    """A code as the file tells it: what the model was told of it, a person has to know as well."""
    said = {"": code.definition, "It counts": code.include, "It does not count": code.exclude}
    told = {name: " ".join(words.split()) for name, words in said.items() if words}
    first = told.pop("", "")
    return [
        f"  {code.id}" + (f": {first}" if first else ""),
        *(f"      {name}: {words}" for name, words in told.items()),
    ]


def _said(text: Transcript, number: int) -> str:
    segment = text.segments[number]
    start, end = segment_body(text.text, segment)
    words = text.text[start:end]
    # A paragraph of a participant may begin like one of our own lines.
    quoted = "\n".join("  " + line if n else line for n, line in enumerate(words.split("\n")))
    return f"{segment.speaker}: {quoted}" if segment.speaker else quoted


def read_blind_file(path: Path) -> FilledFile:
    """What a person wrote. Raises `UserError` with the line where it cannot be understood."""
    try:
        content = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(
            f"This file cannot be read: {error}",
            where=str(path),
            hint="Save it as plain text (UTF-8).",
        ) from error
    lines = content.splitlines()
    head = _HEAD.match(lines[0].strip()) if lines else None
    if head is None:
        raise UserError(
            "This is no file of an audit: its first line does not say which.",
            where=f"{path}, line 1",
            hint="`secondcoder audit draw` writes these files; fill in one of them.",
        )
    codes: dict[int, tuple[str, ...]] = {}
    empty: list[int] = []
    current: int | None = None
    for number, line in enumerate(lines, 1):
        passage = _PASSAGE.match(line)
        if passage:
            current = int(passage[1]) - 1
            continue
        written = _CODES.match(line.strip())
        if written is None or line.startswith("  "):
            continue
        if current is None:
            raise UserError(
                "There are codes before the first passage.",
                where=f"{path}, line {number}",
                hint="Put the file back as it was written, and fill in the lines “codes:” only.",
            )
        words = [w.strip() for w in re.split(r"[,;]", written[1]) if w.strip()]
        if not words:
            empty.append(current)
        elif [w.casefold() for w in words if w.casefold() in _NONE] and len(words) > 1:
            raise UserError(
                f"Passage {current + 1} has codes and also the word none.",
                where=f"{path}, line {number}",
                hint="Write one or the other.",
            )
        else:
            codes[current] = () if words[0].casefold() in _NONE else tuple(words)
        current = None
    return FilledFile(int(head[1]), head[2], head[3], codes, tuple(empty))
