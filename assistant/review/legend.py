"""The legend of the transcript page: who is drawn how, and which codes there are.

A coder keeps mark, colour and kind of line whoever reads and whoever codes next.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.codebook.records import Codebook
from assistant.decisions.adjudicating import adjudicated_name
from assistant.isolating import shown
from assistant.store.database import Store
from assistant.store.people.coders import coders

__all__ = ["CodeEntry", "CoderEntry", "Codes", "in_order", "looks"]

_COLOURS = 8


@dataclass(frozen=True)
class CoderEntry:
    name: str
    mark: str
    """One to three letters that stand for the coder in the margin."""
    kind: str
    """``human`` or ``model``."""
    look: str
    """``m`` for the model, else ``0`` to ``7``: colour and kind of line."""
    exposure: str


@dataclass(frozen=True)
class CodeEntry:
    id: str
    label: str
    definition: str
    include: str
    exclude: str
    family: str
    lane: str
    known: bool
    """False: people used it, and the codebook lacks it."""
    aliases: tuple[str, ...] = ()


_JOINTLY = adjudicated_name("").partition(" ")[0]


def _marks(names: Sequence[str]) -> dict[str, str]:
    """Short marks, no two alike: initials or the first letters of each name. Who comes later in
    ``names`` changes the mark of nobody before."""
    marks: dict[str, str] = {}
    for name in names:
        words = re.findall(r"[^\W_]+", name) or ["?"]
        initials = "".join(w[0].upper() for w in words[:2])
        first = words[0] if len(words[0]) <= 2 else words[0][0].upper()
        tries = [initials if len(words) > 1 else first, words[0][:2], words[0][:3]]
        if words[0] == _JOINTLY and len(words) > 1:  # a decision of hers, not her own coding
            tries = ["Ad", f"A{''.join(w[0].upper() for w in words[1:3])}"]
        tries += [f"{words[0][0].upper()}{n}" for n in range(2, 99)]
        marks[name] = next(t for t in tries if t not in marks.values() and t != "AI")
    return marks


def looks(names: Sequence[str], exposures: Mapping[str, str]) -> dict[str, CoderEntry]:
    """How each of these people is drawn, by their order; ``exposures``: of those who coded it."""
    marks = _marks(names)
    return {
        name: CoderEntry(name, marks[name], "human", str(n % _COLOURS), exposures.get(name, ""))
        for n, name in enumerate(names)
    }


class Codes:
    """Codes as they are needed, each once, found by id, name or alias."""

    def __init__(self, book: Codebook | None, lanes: dict[str, str]) -> None:
        self._book = book
        self._lanes = lanes
        self._numbers: dict[str, int] = {}
        self.entries: list[CodeEntry] = []
        for code in book.codes if book else ():
            self.number(code.id)

    def number(self, written: str) -> int:
        book = self._book
        key = (book.resolve(written) if book else None) or written
        if key not in self._numbers:
            code = book.by_id.get(key) if book else None
            self._numbers[key] = len(self.entries)
            self.entries.append(
                CodeEntry(
                    key,
                    shown(code.label if code else written),
                    code.definition if code else "",
                    code.include if code else "",
                    code.exclude if code else "",
                    book.family_of(key) if code and book else "",
                    self._lanes.get(key, ""),
                    code is not None,
                    code.aliases if code else (),
                )
            )
        return self._numbers[key]


def in_order(store: Store, names: Sequence[str]) -> list[str]:
    """All who code in the study, the first to appear first, then who does not yet."""
    by_id = sorted(coders(store, "human"), key=lambda c: c.id)
    return list(dict.fromkeys([*(c.name for c in by_id), *names]))
