"""What the columns of a table of codings mean, by their names or as the user says."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.errors import UserError
from assistant.interchange.export.cells import COLUMNS

__all__ = ["ROLES", "Columns", "known_names", "recognise"]

ROLES: dict[str, tuple[str, ...]] = {
    "transcript": (
        *("transcript", "document", "doc", "document name", "transcript name", "interview", "file"),
        *("file name", "filename", "source", "source name", "media title", "resource", "title"),
        *("interview name", "interview id", "document id", "transcript id", "case"),
    ),
    "quote": (
        *("quote", "quotation", "quotation content", "excerpt", "excerpt copy", "coded text"),
        *(
            "coded segment",
            "segment",
            "passage",
            "content",
            "snippet",
            "highlight",
            "selected text",
        ),
        *("selection", "seltext", "extract", "text segment", "citation"),
    ),
    "text": ("text", "full text", "fulltext", "transcript text", "utterance", "turn", "sentence"),
    "start": (
        *("start", "start char", "start offset", "start position", "begin", "begin offset", "from"),
        *("pos0", "startposition", "start character"),
    ),
    "end": (
        *("end", "end char", "end offset", "end position", "stop", "to", "pos1", "endposition"),
        *("end character",),
    ),
    "code": (
        *("code", "codes", "tag", "tags", "label", "labels", "theme", "themes", "category"),
        *("categories", "node", "nodes", "codename", "codes applied", "code applied"),
        *("applied codes", "codes applied combined", "code name"),
    ),
    "coder": (
        *("coder", "coded by", "rater", "annotator", "user", "owner", "author", "analyst"),
        *("researcher", "creator", "created by", "coder name", "excerpt creator"),
    ),
    "coder_kind": ("coder kind",),
    "exposure": ("exposure",),
    "note": ("rationale", "note", "notes", "memo", "comment", "comments", "remark", "remarks"),
    "guid": ("guid",),
    "at": ("made at", "date", "created", "created at", "modified", "excerpt date"),
    "speaker": ("speaker", "who", "person", "participant"),
    "code_written": ("code written",),
    "code_name": (),
    "run": ("run",),
    "decision": ("decision",),
    "origin": ("origin",),
    "source_file": ("source file",),
}
"""Role of a column -> names by which it is known, in small letters with single spaces."""

_MANY = frozenset(("codes", "tags", "labels", "themes", "categories", "nodes"))
_ROLE_OF = {name: role for role, names in ROLES.items() for name in names}
_LETTERS = re.compile(r"[A-Z]{1,3}")


@dataclass(frozen=True)
class Columns:
    """Places of columns, from 0, by role."""

    places: dict[str, int]
    rest: tuple[int, ...]
    """Columns of no known role: codes, in a table with a column for each."""
    ours: bool
    """Written by this program: cells are taken as they are."""
    many: bool
    """The column of codes is named in the plural, so that a comma may separate codes."""

    def get(self, role: str, cells: Sequence[str]) -> str:
        place = self.places.get(role)
        return "" if place is None else cells[place]


def _plain(name: str) -> str:
    return re.sub(r"[\s_.:#*-]+", " ", name).strip().casefold()


def known_names(cells: Sequence[str]) -> int:
    """How many cells of a row are names of columns that are known."""
    return len({role for cell in cells if (role := _ROLE_OF.get(_plain(cell))) is not None})


def recognise(head: Sequence[str], given: Sequence[tuple[str, str]], where: str) -> Columns:
    """Roles of columns. Raises UserError for a role or column that does not exist.

    ``given``: ``(role, column)``; a column is named by its head or by its letter (``A``).
    """
    names = [_plain(name) for name in head]
    places: dict[str, int] = {}
    for role, column in given:
        if role not in ROLES:
            known = ", ".join(list(ROLES)[:10])
            raise UserError(
                f"Columns of a table cannot mean {role!r}.", where=where, hint=f"Known: {known}."
            )
        places[role] = _place(column, head, names, where)
    taken = set(places.values())
    ours = set(COLUMNS[:6]) <= set(head) and "coder_kind" in head
    for place, name in enumerate(names):
        role = _ROLE_OF.get(name, "")
        if role and role not in places and place not in taken:
            places[role] = place
            taken.add(place)
    if ours:
        if "code_name" in head:
            places["code_name"] = list(head).index("code_name")
        places = {role: place for role, place in places.items() if role != "text"}
        taken |= {place for place, name in enumerate(head) if name in COLUMNS}
    rest = tuple(place for place, name in enumerate(names) if place not in taken and name)
    code = places.get("code")
    return Columns(places, rest, ours, code is not None and names[code] in _MANY)


def _place(column: str, head: Sequence[str], names: Sequence[str], where: str) -> int:
    if _plain(column) in names:
        return names.index(_plain(column))
    if _LETTERS.fullmatch(column):
        place = 0
        for letter in column:
            place = place * 26 + ord(letter) - 64
        if place <= len(head):
            return place - 1
    raise UserError(
        f"The table has no column {column!r}.",
        where=where,
        hint="Its columns: " + ", ".join(name for name in head if name) + ".",
    )
