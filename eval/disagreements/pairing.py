"""Which two codes stand for each other: where several could, evidence chooses, and a tie is said.

Pure. A coder who gives one code and another who gives a second one to the same words may mean the
same thing. With more codes on those words, who stands for whom is inferred, by evidence in this
order: how far the words overlap; whether the codebook relates the codes (one above the other, then
one family); how alike their entries are; how often just these two, and no third, meet elsewhere in
the study. Shares count in tenths, since a hair's breadth is no evidence. What is left is a tie: the
first by id is taken, and the others are kept as what could be meant too. The order of the codebook
plays no part.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from typing import TypeAlias

from assistant.codebook.records import Codebook

__all__ = ["Cell", "Couple", "Kinship", "Meetings", "certain", "choose", "kinship_of"]

Cell: TypeAlias = tuple[int, str]
"""(row, code)."""
Couple: TypeAlias = tuple[str, str]
"""Two codes, by id."""
Meetings: TypeAlias = Mapping[int, Mapping[Couple, float]]
"""Row -> the couples that could stand for each other there, each with the share of the characters
of either passage that lie in both."""
_Evidence: TypeAlias = tuple[int, int, int, int]

_WORD = re.compile(r"[^\W\d_]{3,}")


class Kinship:
    """What the codebook says of two codes.

    ``ancestors``: code -> codes that are more general than it; ``family``: code -> its family;
    ``entries``: code -> the words of its entry.
    """

    def __init__(
        self,
        ancestors: Mapping[str, frozenset[str]],
        family: Mapping[str, str],
        entries: Mapping[str, str] | None = None,
    ) -> None:
        self.ancestors, self.family = ancestors, family
        self._words = {
            code: frozenset(_WORD.findall(text.casefold()))
            for code, text in (entries or {}).items()
        }
        often = Counter(word for words in self._words.values() for word in words)
        # A word in every entry says nothing, a word in two says most.
        self._weight = {w: math.log((1 + len(self._words)) / n) for w, n in often.items()}
        self.alike = cache(self._alike)

    def related(self, one: str, other: str) -> int:
        """2: one is above the other; 1: of one family; 0: neither."""
        if one in self.ancestors[other] or other in self.ancestors[one]:
            return 2
        return int(bool(self.family[one]) and self.family[one] == self.family[other])

    def _alike(self, one: str, other: str) -> float:
        """Words that both entries have as a share of those of either, rare words for more. 0 to 1.

        Sums are rounded in `math.fsum`, so that the order of the words makes no difference.
        """
        mine, theirs = (self._words.get(code, frozenset()) for code in (one, other))
        whole = math.fsum(self._weight[w] for w in mine | theirs)
        return math.fsum(self._weight[w] for w in mine & theirs) / whole if whole else 0.0


def kinship_of(codebook: Codebook, ancestors: Mapping[str, frozenset[str]]) -> Kinship:
    """Of the codes of a codebook."""
    return Kinship(
        ancestors,
        {code.id: codebook.family_of(code.id) for code in codebook.codes},
        {
            code.id: " ".join((code.id, code.label, code.definition, code.include, code.exclude))
            for code in codebook.codes
        },
    )


def certain(meetings: Meetings) -> Counter[Couple]:
    """In how many rows each couple meets where no third code comes in question for either."""
    found: Counter[Couple] = Counter()
    for couples in meetings.values():
        in_question = Counter(code for couple in couples for code in couple)
        found.update(c for c in couples if in_question[c[0]] == in_question[c[1]] == 1)
    return found


def choose(
    meetings: Meetings, kinship: Kinship, often: Mapping[Couple, int]
) -> tuple[list[tuple[int, str, str]], dict[Cell, frozenset[Couple]]]:
    """(row, code, code), each cell in at most one; and cell -> couples of which nothing says that
    one is meant rather than another.

    ``often``: what `certain` found in the whole study. A row with a choice is in no such count, so
    nothing is evidence for itself.
    """
    kept: list[tuple[int, str, str]] = []
    tied: dict[Cell, set[Couple]] = {}
    for row in sorted(meetings):
        ranked = sorted(
            ((_evidence(couple, share, kinship, often), couple))
            for couple, share in meetings[row].items()
        )
        used: set[str] = set()
        for evidence, couple in sorted(ranked, key=lambda r: (tuple(-x for x in r[0]), r[1])):
            if used & set(couple):
                continue
            rivals = _rivals(couple, evidence, ranked, used)
            for rival in rivals:
                for code in (*couple, *rival):
                    tied.setdefault((row, code), set()).update((couple, rival))
            used |= set(couple)
            kept.append((row, *couple))
    return kept, {
        (row, code): frozenset(c for c in couples if code in c)
        for (row, code), couples in tied.items()
    }


def _evidence(
    couple: Couple, share: float, kinship: Kinship, often: Mapping[Couple, int]
) -> _Evidence:
    return (
        round(10 * share),
        kinship.related(*couple),
        round(10 * kinship.alike(*couple)),
        often.get(couple, 0),
    )


def _rivals(
    couple: Couple,
    evidence: _Evidence,
    ranked: Sequence[tuple[_Evidence, Couple]],
    used: set[str],
) -> list[Couple]:
    """Couples for which as much speaks, and that cannot be meant together with ``couple``."""
    return [
        other
        for same, other in ranked
        if same == evidence
        and other != couple
        and set(other) & set(couple)
        and not used & set(other)
    ]
