"""Comments of a Word document that are remarks among comments that are codes.

“I am not sure about this one, should we talk about it?” is no code. A comment is a remark where all
of this holds: it ends as a sentence does, it is long, it stands once, nobody has named it as a
code, and the other comments are short and repeat. What has some of these signs only is a code, and
is named, so that a person can look.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from assistant.counting import counted_many
from assistant.interchange.readers.word_ranges import Comment

__all__ = ["Remarks", "code_like", "find_remarks", "parts_of", "remarks_said"]

_LONGEST, _MOST_WORDS = 80, 8
"""Characters and words of what may be a code without a second look."""
_WITHOUT_SPACES = 15
"""Characters of a sentence in a script that puts no spaces between words."""
_ENDS = ".?!…。？！"
_CLOSING = "\"'”’»)］）」』"
_SHARE = 0.8
"""Of the other comments that are short."""
_SHOWN, _LONG = 5, 100


@dataclass(frozen=True)
class Remarks:
    """Of a document's comments: lines that are remarks, and codes that may be some."""

    lines: dict[int, tuple[str, ...]] = field(default_factory=dict)
    """Number of a comment -> its lines, or parts of them, that are remarks."""
    doubtful: tuple[tuple[Comment, str], ...] = ()


def parts_of(line: str) -> tuple[str, ...]:
    """The codes of one line of a comment."""
    return tuple(part.strip() for part in re.split(r"[;\n]", line) if part.strip())


def code_like(part: str) -> bool:
    short = len(part) <= _LONGEST and len(part.split()) <= _MOST_WORDS
    return short and not _ends(part)


def find_remarks(comments: Iterable[Comment], known: Collection[str]) -> Remarks:
    """``known``: names of codes, in whatever case."""
    whole = [(one, line) for one in comments if not one.reply for line in one.paragraphs]
    times = Counter(part.casefold() for _, line in whole for part in parts_of(line))
    named = {name.strip().casefold() for name in known}
    repeat = any(count > 1 for count in times.values())
    lines: dict[int, tuple[str, ...]] = {}
    doubtful: list[tuple[Comment, str]] = []

    def is_code(part: str) -> bool:
        return part.casefold() in named or times[part.casefold()] > 1

    every = [
        (one, said)
        for one, line in whole
        # “fear; I am not sure. What is it?” is a code and a remark; with none it is one remark.
        for said in (parts_of(line) if any(map(is_code, parts_of(line))) else (line.strip(),))
    ]
    for one, line in every:
        said = [part.casefold() for part in parts_of(line)]
        if not said or is_code(line):
            continue
        others = [part for part in times.elements() if part not in said]
        short = sum(map(code_like, others)) >= _SHARE * len(others)
        if _is_sentence(line) and repeat and short:
            lines[one.number] = (*lines.get(one.number, ()), line)
        elif _ends(line) or _is_long(line):
            doubtful.append((one, line))
    return Remarks(lines, tuple(doubtful))


def remarks_said(comments: Iterable[Comment], found: Remarks) -> list[str]:
    """For the report: which are memos now, which are codes, and how each becomes the other."""
    of = {one.number: one for one in comments}
    remarks = [(of[number], line) for number, lines in found.lines.items() for line in lines]
    notes: list[str] = []
    if remarks:
        one = len(remarks) == 1
        are = "is a sentence and no code" if one else "are sentences and no codes"
        notes.append(
            f"{counted_many(len(remarks), 'comments')} {are}, as far as can be told: taken as "
            f"{'a memo on its passage' if one else 'memos on their passages'}: {_listed(remarks)}. "
            "If one is a code: name it in the codebook and import the document again."
        )
    if found.doubtful:
        notes.append(
            f"Taken as {'a code' if len(found.doubtful) == 1 else 'codes'} though it may be a "
            f"remark: {_listed(found.doubtful)}. If it is one, take it out of the document's "
            "comments and import it again."
        )
    return notes


def _listed(found: Sequence[tuple[Comment, str]]) -> str:
    shown = "; ".join(
        f"comment {one.number} by {one.author or 'nobody'}, "
        f"“{line if len(line) <= _LONG else line[:_LONG].rstrip() + '…'}”"
        for one, line in found[:_SHOWN]
    )
    return shown + (f"; and {len(found) - _SHOWN} more" if len(found) > _SHOWN else "")


def _ends(line: str) -> bool:
    return line.strip().rstrip(_CLOSING)[-1:] in tuple(_ENDS)


def _is_long(line: str) -> bool:
    return len(line) > _LONGEST or len(line.split()) > _MOST_WORDS


def _is_sentence(line: str) -> bool:
    spaces = " " in line.strip()
    return _ends(line) and (_is_long(line) if spaces else len(line) > _WITHOUT_SPACES)
