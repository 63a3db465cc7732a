"""Rows of a table that follow the text: the place of words that stand more than once.

In a table with a row for each passage of an interview the rows before and after say which of
several places is meant. It is taken only where no other order of the rows is possible: each row
behind the one before it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from assistant.interchange.readers.rows import Row, Text

__all__ = ["ByOrder", "determined"]

Span = tuple[int, int]
_FEWEST = 3
"""Rows with one place only, all in the order of the text, that show that the table follows it."""


class ByOrder:
    """All rows of a table, asked for those that have several places.

    ``text_of``: of a row, if it has one; ``places``: where its words stand in that text.
    """

    def __init__(
        self,
        rows: Sequence[Row],
        text_of: Callable[[Row], Text | None],
        places: Callable[[Row, Text], Sequence[Span]],
    ) -> None:
        self._rows, self._text_of, self._places = rows, text_of, places
        self._found: dict[str, dict[int, Span]] = {}
        """Key of a text -> number of a row -> its place, for those that the others decide."""

    def place(self, row: Row, text: Text) -> Span | None:
        key = text.source.key
        if key not in self._found:
            mine = [r for r in self._rows if not r.error and self._text_of(r) is text]
            spans = determined([self._places(r, text) for r in mine])
            self._found[key] = {r.number: s for r, s in zip(mine, spans, strict=True) if s}
        return self._found[key].get(row.number)


def determined(places: Sequence[Sequence[Span]]) -> list[Span | None]:
    """For each of some passages in their order the only place that it can have, of those given.

    A passage without any place says nothing of the others. None for all where too few have one
    place only, or where no choice puts them behind each other.
    """
    sure = [spans[0] for spans in places if len(spans) == 1]
    nothing: list[Span | None] = [None] * len(places)
    if len(sure) < _FEWEST:
        return nothing
    first, last = list(nothing), list(nothing)
    begin = 0
    for n, spans in enumerate(places):
        if not spans:
            continue
        first[n] = min((s for s in spans if s[0] >= begin), default=None)
        if (found := first[n]) is None:
            return nothing
        begin = found[1]
    end = max(span[1] for spans in places for span in spans)
    for n in reversed(range(len(places))):
        if not places[n]:
            continue
        last[n] = max(s for s in places[n] if s[1] <= end)  # at least as far as the first
        end = (last[n] or (0, 0))[0]
    return [a if a == b else None for a, b in zip(first, last, strict=True)]
