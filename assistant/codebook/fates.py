"""What became of a code between any two versions of a codebook.

What the user declared counts, between whichever two versions it was declared, and wherever a chain
of declarations and of unchanged definitions leads. What is inferred takes nothing away that a
declaration keeps, and gives nothing back that a declaration took.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from itertools import pairwise

from assistant.codebook.history import Carried, carry, carry_through, compare
from assistant.codebook.records import Operation, RecordedVersion

__all__ = ["Fates"]

_Node = tuple[int, str]
"""A version's place and one of its codes."""


class Fates:
    """``versions``: all of them, oldest first; places are positions in it."""

    def __init__(self, versions: Sequence[RecordedVersion]) -> None:
        self.versions = tuple(versions)
        self._steps = tuple(
            compare(old.book, new.book, old.declared) for old, new in pairwise(self.versions)
        )
        self._declared = self._declarations()
        self._direct: dict[tuple[int, int], tuple[Operation, ...]] = {}
        self._found: dict[tuple[str, int, int], Carried] = {}
        self._taken: dict[tuple[str, int, int], Carried] = {}
        self._beside: dict[_Node, tuple[_Node, ...]] = {}

    def of(self, code_id: str, older: int, newer: int) -> Carried:
        """What becomes of a code of the version at ``older``, no later than ``newer``.

        Without a declaration a code is the same if either the two versions, set side by side, or
        the steps between them say so: a definition that was changed and changed back is the same,
        and versions of a colleague's codebook that came in between take nothing away.
        """
        key = (code_id, older, newer)
        if key not in self._found:
            self._found[key] = self._find(*key)
        return self._found[key]

    def _find(self, code_id: str, older: int, newer: int) -> Carried:
        declared = self._carry_declared(code_id, older, newer)
        if declared.needs_recoding:
            return declared
        found = self._inferred(code_id, older, newer)
        if (found.ids and not found.needs_recoding) or not self._declared:
            return found
        same = self._along_chain((older, code_id), newer)
        return Carried((same,)) if same else found

    def _inferred(self, code_id: str, older: int, newer: int) -> Carried:
        step_by_step = carry_through(code_id, self._steps[older:newer])
        if step_by_step.ids and not step_by_step.needs_recoding:
            return step_by_step
        if step_by_step.ids and not self._definition((older, code_id)):
            # It got a first definition, and then another: side by side only the first is seen.
            return step_by_step
        side_by_side = carry(code_id, self._side_by_side(older, newer))
        return side_by_side if side_by_side.ids else step_by_step

    def _side_by_side(self, older: int, newer: int) -> tuple[Operation, ...]:
        if (older, newer) not in self._direct:
            self._direct[older, newer] = compare(
                self.versions[older].book, self.versions[newer].book
            )
        return self._direct[older, newer]

    # --- what was declared -----------------------------------------------------------------------

    def _declarations(self) -> tuple[tuple[int, int, tuple[Operation, ...]], ...]:
        """(older place, newer place, what was declared), in the order of the newer ones."""
        places = {v.sha256: n for n, v in enumerate(self.versions)}
        found = [(n, n + 1, v.declared) for n, v in enumerate(self.versions[:-1]) if v.declared]
        for n, version in enumerate(self.versions):
            for sha256, operations in version.declared_further.items():
                if operations and places.get(sha256, n) > n:
                    found.append((n, places[sha256], operations))
        return tuple(sorted(found, key=lambda one: (one[1], one[0])))

    def _carry_declared(self, code_id: str, older: int, newer: int) -> Carried:
        """What the declarations inside make of a code, under whatever name they found it."""
        key = (code_id, older, newer)
        if key not in self._taken:
            inside = [one for one in self._declared if older <= one[0] and one[1] <= newer]
            found = carry_through(code_id, [operations for _, _, operations in inside])
            taken = [
                last
                for a, b, operations in inside
                for name in self._names(code_id, older, a)
                if carry(name, operations).needs_recoding
                for into in self._between(name, a, b, operations)
                for last in self._names(into, b, newer)
            ]
            if taken:
                more = found.ids if found.needs_recoding else ()
                there = self.versions[newer].book.by_id
                ids = dict.fromkeys((*taken, *(one for one in more if one in there)))
                found = Carried(tuple(ids), needs_recoding=True)
            self._taken[key] = found
        return self._taken[key]

    def _between(
        self, code_id: str, older: int, newer: int, declared: Sequence[Operation]
    ) -> tuple[str, ...]:
        """What a code became by a declaration, or by what is inferred beside it."""
        books = self.versions[older].book, self.versions[newer].book
        return carry(code_id, compare(*books, declared)).ids

    def _names(self, code_id: str, older: int, newer: int) -> list[str]:
        """What a code of the version at ``older`` is called later, also where that is inferred."""
        steps = carry_through(code_id, self._steps[older:newer]).ids
        beside = carry(code_id, self._side_by_side(older, newer)).ids
        there = self.versions[newer].book.by_id
        return [one for one in dict.fromkeys((*steps, *beside)) if one in there]

    def _along_chain(self, start: _Node, newer: int) -> str | None:
        """The code of the version at ``newer`` that a chain of same codes leads to, if any."""
        seen = {start}
        waiting = deque([start])
        while waiting:
            node = waiting.popleft()
            if node[0] == newer:
                return node[1]
            for following in self._same_as(node):
                if following not in seen:
                    seen.add(following)
                    waiting.append(following)
        return None

    def _same_as(self, node: _Node) -> tuple[_Node, ...]:
        """Codes of other versions that are this one: declared so, or with the same definition."""
        if node not in self._beside:
            self._beside[node] = tuple(
                dict.fromkeys((*self._by_declaration(node), *self._by_definition(node)))
            )
        return self._beside[node]

    def _by_declaration(self, node: _Node) -> Iterable[_Node]:
        place, code = node
        for older, newer, operations in self._declared:
            if place not in (older, newer):
                continue
            every = compare(self.versions[older].book, self.versions[newer].book, operations)
            named = {c for operation in operations for c in operation.codes}
            went = {
                c: carried.ids[0]
                for c in sorted(named)
                if c in self.versions[older].book.by_id
                and len((carried := carry(c, every)).ids) == 1
                and not carried.needs_recoding
            }
            if place == older and code in went:
                yield newer, went[code]
            if place == newer:
                back = [c for c, into in went.items() if into == code]
                # What several became one of says nothing about which it was.
                if len(back) == 1:
                    yield older, back[0]

    def _by_definition(self, node: _Node) -> Iterable[_Node]:
        place, code = node
        if not self._definition(node):
            return
        for other in range(len(self.versions)):
            if other == place:
                continue
            older, newer = min(place, other), max(place, other)
            steps = self._side_by_side(older, newer)
            sources = (
                [code]
                if place == older
                else [
                    c.id for c in self.versions[older].book.codes if code in carry(c.id, steps).ids
                ]
            )
            for source in sources:
                into = carry(source, steps)
                if into.needs_recoding or len(into.ids) != 1:
                    continue
                if self._carry_declared(source, older, newer).needs_recoding:
                    continue
                ends = ((older, source), (newer, into.ids[0]))
                if self._definition(ends[0]) == self._definition(ends[1]):
                    yield ends[1] if place == older else ends[0]

    def _definition(self, node: _Node) -> str:
        code = self.versions[node[0]].book.by_id.get(node[1])
        return " ".join(code.definition.split()) if code else ""
