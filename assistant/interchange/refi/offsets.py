"""What a program's positions count.

The standard says code points. NVivo counts UTF-16 units, with CRLF as two and without the
byte-order mark; others count bytes of UTF-8, or a line end as one or as two whatever stands in the
file, or the byte-order mark, or name the last character instead of the one after it. Nothing in a
file says so. All conventions are tried on all selections; the one that fits best is kept: what the
file itself quotes counts first, else whether selections begin and end at the borders of words.
Where none fits, no coding is taken; where one fits well and some positions lie outside of their
texts all the same, those are left out and listed. `assistant.interchange.refi.conventions` does so
for the texts of a project, which may have come from several programs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import TYPE_CHECKING, Literal, NamedTuple

from assistant.interchange.refi.scoring import Score, Selection, score_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = [
    "FEW",
    "LEAST",
    "SURE",
    "Fit",
    "ReadText",
    "Rule",
    "Selection",
    "Unit",
    "fit",
    "positions",
    "rules_of",
    "spans_of",
]

Unit = Literal["code points", "UTF-16 units", "UTF-8 bytes"]
LEAST = 0.5
"""Least share of borders or quotes that fit. Positions by chance fit a third to two fifths."""
_CHANCE = 2
SURE = 0.8
"""Least share by which so few selections tell of another rule than the first."""
_INSIDE = 0.98
"""Least share that lies in the texts where nothing is wrong with the file."""
FEW = 4
"""Selections below which word borders prove nothing: then positions have to lie in the text."""


class Rule(NamedTuple):
    unit: Unit = "code points"
    line_end: int = 0
    """0: as it stands in the text; 1 or 2: every line end counts as many."""
    mark: int = 0
    """1: a byte-order mark in front counts."""
    last: int = 0
    """1: the end names the last character."""

    def __str__(self) -> str:
        parts: list[str] = [self.unit]
        parts += [f"a line end as {('one', 'two')[self.line_end - 1]}"] if self.line_end else []
        parts += ["the byte-order mark counted"] if self.mark else []
        parts += ["the last character included"] if self.last else []
        return ", ".join(parts)


@dataclass(frozen=True)
class Fit:
    rule: Rule | None
    """None: no convention fits."""
    share: float
    """Of the selections that say what they hold, or of borders, that fit. 0 to 1."""
    said: str
    """One sentence for the user."""


class ReadText:
    """A text with what is asked of it again and again, computed once."""

    def __init__(self, text: str, marked: bool) -> None:
        self.text, self.marked = text, marked
        self.found: dict[tuple[Rule, tuple[tuple[int, int], ...]], list[tuple[int, int]]] = {}
        """Spans that were asked for, by rule and positions."""

    @cached_property
    def _points(self) -> NDArray[np.uint32]:
        import numpy as np

        return np.frombuffer(self.text.encode("utf-32-le", "surrogatepass"), dtype="<u4")

    def places(self, rule: Rule) -> NDArray[np.int64]:
        """Position of every character under a rule, and the length at the end."""
        import numpy as np

        points = self._points
        width = np.ones(len(points), dtype=np.int64)
        if rule.unit == "UTF-16 units":
            width += points > 0xFFFF
        elif rule.unit == "UTF-8 bytes":
            width += (points > 0x7F).astype(np.int64)
            width += points > 0x7FF
            width += points > 0xFFFF
        if rule.line_end:
            ends = points == 0x0A
            after_return = np.zeros(len(points), dtype=bool)
            after_return[1:] = points[:-1] == 0x0D
            width[ends & ~after_return] = rule.line_end
            width[ends & after_return] = rule.line_end - 1
        shift = (3 if rule.unit == "UTF-8 bytes" else 1) if rule.mark and self.marked else 0
        return np.concatenate(([0], np.cumsum(width))) + shift


def fit(
    texts: Mapping[str, str],
    marked: Mapping[str, bool],
    selections: Sequence[Selection],
    first: Unit = "code points",
    read: Mapping[str, ReadText] | None = None,
) -> Fit:
    """The convention of all ``selections``. ``texts``: by source, without byte-order mark;
    ``marked``: which of them had one; ``first``: the unit that wins where several fit alike;
    ``read``: the same texts, where they are asked about again and again."""
    read = read or {key: ReadText(text, marked.get(key, False)) for key, text in texts.items()}
    inside = [s for s in selections if s.source in read]
    if not inside:
        return Fit(Rule(), 1.0, "")
    best: tuple[Rule, Score] | None = None
    seen: dict[tuple[tuple[int, int], ...], Score] = {}
    for rule in rules_of(any(marked.get(s.source) for s in inside), first):
        spans = tuple(spans_of(read, inside, rule))
        if spans not in seen:
            seen[spans] = score_of(texts, inside, spans)
        score = seen[spans]
        if best is None or _better(score, best[1], len(inside)):
            best = (rule, score)
    assert best is not None
    rule, score = best
    if score.inside < _INSIDE and (part := _part(texts, read, inside, first, marked)) is not None:
        return part
    return _judged(rule, score, len(inside))


def _part(
    texts: Mapping[str, str],
    read: Mapping[str, ReadText],
    selections: Sequence[Selection],
    first: Unit,
    marked: Mapping[str, bool],
) -> Fit | None:
    """The convention of a file in which some positions are corrupt; None: nothing to rely on.

    Most of what lies in the texts has to fit well under it, better than chance lets any fit.
    """
    best: tuple[float, Rule, Score, int] | None = None
    for rule in rules_of(any(marked.get(s.source) for s in selections), first):
        spans = spans_of(read, selections, rule)
        there = [n for n, (start, end) in enumerate(spans) if 0 <= start < end]
        if len(there) < max(FEW, len(selections) / 2):
            continue
        score = score_of(texts, [selections[n] for n in there], [spans[n] for n in there])
        share = score.quotes if score.quoted else score.borders
        fits = share * len(there)
        if share >= SURE and not score.spaceless and (best is None or fits > best[0] + 0.5):
            best = fits, rule, score, len(there)
    if best is None:
        return None
    _, rule, score, count = best
    fit = _judged(rule, score, count)
    out = len(selections) - count
    return Fit(
        fit.rule,
        fit.share,
        f"{fit.said} {out} of {len(selections)} lie outside of their texts and were left out.",
    )


def _better(one: Score, other: Score, count: int) -> bool:
    """Clearly: a single border may fit by chance, and so do a third of them under any rule."""
    if (one.inside, one.quotes) != (other.inside, other.quotes):
        return (one.inside, one.quotes) > (other.inside, other.quotes)
    if count < FEW and one.borders < SURE:
        return False
    return round((one.borders - other.borders) * 2 * count) >= _CHANCE


def _judged(rule: Rule, score: Score, count: int) -> Fit:
    if score.inside < _INSIDE:
        outside = round((1 - score.inside) * count)
        return Fit(
            None,
            score.inside,
            f"Positions could not be understood: however they are counted, {outside} of {count} "
            "lie outside of their texts.",
        )
    if score.quoted:
        share, what = score.quotes, "passages that the file quotes are at their place"
        counted = f"{round(share * score.quoted)} of {score.quoted}"
    else:
        share, what = score.borders, "borders of passages are borders of words"
        counted = f"{round(share * 2 * count)} of {2 * count}"
    if share < LEAST and (score.quoted or count >= FEW) and not score.spaceless:
        return Fit(
            None,
            share,
            f"Positions could not be understood: however they are counted, no more than {counted} "
            f"{what}.",
        )
    said = f"Positions count {rule}: so read, {counted} {what}."
    if share < LEAST and not score.spaceless:
        said += " These are too few to be sure: look at some of them in the transcript."
    return Fit(rule, share, said)


def rules_of(marked: bool, first: Unit) -> list[Rule]:
    known: tuple[Unit, ...] = ("code points", "UTF-16 units", "UTF-8 bytes")
    units = sorted(known, key=lambda unit: unit != first)
    made = [
        Rule(unit, line_end, mark, last)
        for unit, line_end, mark, last in product(units, (0, 1, 2), (0, 1), (0, 1))
        if marked or not mark
    ]
    # What is nearer to the standard comes first, so that it wins where two fit alike.
    return sorted(made, key=lambda r: (r.last, r.mark, bool(r.line_end), units.index(r.unit)))


def positions(
    text: str, marked: bool, rule: Rule, spans: Sequence[tuple[int, int]]
) -> list[tuple[int, int]]:
    """Spans as code points of the text; a position within a character becomes its begin."""
    found = spans_of({"": ReadText(text, marked)}, [Selection("", *span) for span in spans], rule)
    return [(max(0, start), min(len(text), end)) for start, end in found]


def spans_of(
    read: Mapping[str, ReadText], selections: Sequence[Selection], rule: Rule
) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = [(-1, -1)] * len(selections)
    numbers: dict[str, list[int]] = {}
    for number, selection in enumerate(selections):
        numbers.setdefault(selection.source, []).append(number)
    for source, mine in numbers.items():
        pairs = tuple((selections[n].start, selections[n].end) for n in mine)
        for number, span in zip(mine, _of_text(read[source], rule, pairs), strict=True):
            found[number] = span
    return found


def _of_text(
    text: ReadText, rule: Rule, pairs: tuple[tuple[int, int], ...]
) -> list[tuple[int, int]]:
    import numpy as np

    if (rule, pairs) in text.found:
        return text.found[rule, pairs]
    places = text.places(rule)
    starts = np.array([start for start, _ in pairs], dtype=np.int64)
    ends = np.array([end for _, end in pairs], dtype=np.int64)
    first = np.searchsorted(places, ends, side="right" if rule.last else "left")
    begun = np.searchsorted(places, starts, side="right") - 1
    size = len(places) - 1
    outside = (starts < places[0]) | (ends > places[-1]) | (begun > size) | (first > size)
    text.found[rule, pairs] = [
        (-1, -1) if out else (int(start), int(end))
        for start, end, out in zip(begun, first, outside, strict=True)
    ]
    return text.found[rule, pairs]
