"""The codes of a REFI-QDA file: nested, some of them no codes of a codebook at all.

What a program codes by itself is known by its names only: NVivo puts sentiment below a code named
so, and found themes below ``Autocoded Themes``. What left this program as a code is one, whatever
its name: no program made it by itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from assistant.counting import counted_many
from assistant.interchange.projects.records import ProjectCode
from assistant.interchange.refi.parsing import child_text, children, get, guid, tag
from assistant.interchange.refi.sources import FoundCoding, Sources
from assistant.transcripts.records import Skipped

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = ["FoundCodes", "read_cases", "read_codes", "without_kinds"]

_SENTIMENT = frozenset(
    [
        *("positive", "negative", "neutral", "mixed"),
        *("very positive", "very negative", "moderately positive", "moderately negative"),
    ]
)
_AUTOMATIC = ("autocoded themes", "auto coded themes", "autocoded", "autocode")
_DEEPEST = 100
_Kind = Literal["", "case", "sentiment", "automatic"]


@dataclass
class FoundCodes:
    codes: tuple[ProjectCode, ...] = ()
    notes: list[str] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    described: dict[str, list[str]] = field(default_factory=dict)
    """Key of a code -> GUIDs of the notes on it."""


def read_codes(book: _Element | None, origin: str) -> FoundCodes:
    """All codes of a codebook, parents before children."""
    found = FoundCodes()
    made: dict[str, ProjectCode] = {}
    unknown: Counter[str] = Counter()
    lists = [*children(book, "Codes")] or ([book] if book is not None else [])
    waiting = [(code, "", 0) for codes in reversed(lists) for code in _reversed(codes)]
    while waiting:
        element, parent, depth = waiting.pop()
        key = guid(get(element, "guid"))
        name = get(element, "name").strip()
        if not key or key in made:
            if key and made[key].name != name:
                found.notes.append(
                    f"Two codes have one GUID, “{made[key].name}” and “{name}”: codings with it "
                    "count as the first."
                )
            key = f"{key}#{len(made)}"
        made[key] = ProjectCode(
            key=key,
            name=name,
            parent=parent,
            definition=child_text(element, "Description").strip(),
            color=get(element, "color"),
            applicable=get(element, "isCodable").strip().casefold() not in ("false", "0"),
            kind=_kind(element, name),
        )
        found.described[key] = [guid(get(r, "targetGUID")) for r in children(element, "NoteRef")]
        for child in children(element):
            if tag(child) not in ("Code", "Description", "NoteRef"):
                unknown[tag(child)] += 1
        if depth < _DEEPEST:
            waiting += [(code, key, depth + 1) for code in _reversed(element)]
    found.codes = tuple(made.values())
    for what, count in sorted(unknown.items()):
        found.skipped.append(
            Skipped(
                what=f"{counted_many(count, 'elements')} “{what}” of codes",
                why="not part of the standard",
            )
        )
    return found


def _reversed(element: _Element) -> list[_Element]:
    return list(children(element, "Code"))[::-1]


def _kind(element: _Element, name: str) -> _Kind:
    below = [get(child, "name").strip().casefold() for child in children(element, "Code")]
    if name.casefold() == "sentiment" and below and all(one in _SENTIMENT for one in below):
        return "sentiment"
    return "automatic" if name.casefold() in _AUTOMATIC else ""


def without_kinds(codes: Sequence[ProjectCode], *, all_of_them: bool) -> tuple[ProjectCode, ...]:
    """The codes, of which those that left this program, and what stands above these, have no kind.

    ``all_of_them``: this program wrote the file; else they are known by their ids in the study, and
    what another program added since is still told by its name.
    """
    by_key = {code.key: code for code in codes}
    ours: set[str] = set()
    for code in codes:
        key = code.key if all_of_them or code.id else ""
        while key in by_key and key not in ours:
            ours.add(key)
            key = by_key[key].parent
    return tuple(
        code.model_copy(update={"kind": ""}) if code.key in ours else code for code in codes
    )


def read_cases(
    root: _Element, sources: Sources
) -> tuple[tuple[ProjectCode, ...], list[FoundCoding]]:
    """Cases as codes of their own kind, with the passages that belong to them.

    That a whole text belongs to a case is an attribute of the text, no coding.
    """
    made: dict[str, ProjectCode] = {}
    codings: list[FoundCoding] = []
    for cases in children(root, "Cases"):
        for case in children(cases, "Case"):
            key = f"case {guid(get(case, 'guid')) or len(made)}"
            if key in made:
                continue
            made[key] = ProjectCode(
                key=key,
                name=get(case, "name").strip(),
                definition=child_text(case, "Description").strip(),
                kind="case",
            )
            for reference in children(case, "SelectionRef"):
                target = guid(get(reference, "targetGUID"))
                for one in sources.selections_of(target):
                    codings.append(FoundCoding(one.text, one.start, one.end, one.coder, key))
    return tuple(made.values()), codings
