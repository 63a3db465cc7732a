"""When two code names are nearly the same, and in what they differ.

People spell one idea in several ways: ``Data-issue``, ``data issues``, ``issues-Data``. Nothing
here decides that two names are the same code; it says what sets them apart, and people decide.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache
from itertools import combinations
from typing import NamedTuple

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

__all__ = ["NearPair", "closest", "near_pairs", "near_people", "nearness"]

_FOLDS = ("case", "plural", "hyphen, space or underscore", "order of words", "accents")
# Smallest sets first, so that the plainest description of a difference wins.
_SETS = [frozenset(s) for n in range(1, len(_FOLDS) + 1) for s in combinations(_FOLDS, n)]
_NEGATIONS = ("un", "in", "im", "ir", "il", "dis", "non", "de", "not", "no")


class NearPair(NamedTuple):
    one: str
    other: str
    difference: str
    """In words: ``"case and plural"``, ``"spelling (1 letter)"``."""
    spelling: bool
    """True: only letters set them apart, which may well be meant."""


def nearness(one: str, other: str) -> str | None:
    """In what two different names differ, when that is only case, plural, separators, the order of
    words or accents; None otherwise (also for the same name).
    """
    if one == other or not one or not other:
        return None
    for folds in _SETS:
        if _key(one, folds) == _key(other, folds):
            return " and ".join(fold for fold in _FOLDS if fold in folds)
    return None


def near_pairs(names: Sequence[str]) -> tuple[NearPair, ...]:
    """All pairs of different names that are nearly the same, in the order of ``names``."""
    ordered = list(dict.fromkeys(name for name in names if name))
    place = {name: index for index, name in enumerate(ordered)}
    found: dict[tuple[int, int], NearPair] = {}
    everything = frozenset(_FOLDS)
    groups: dict[object, list[str]] = defaultdict(list)
    for name in ordered:
        groups[_key(name, everything)].append(name)
        groups[_key(name, everything - {"order of words"})].append(name)
    for group in groups.values():
        for one, other in combinations(group, 2):
            difference = nearness(one, other)
            if difference:
                found[place[one], place[other]] = NearPair(one, other, difference, False)
    for one, other in combinations(ordered, 2):
        key = (place[one], place[other])
        if key not in found:
            letters = _letters_apart(one, other)
            if letters:
                found[key] = NearPair(one, other, f"spelling ({_told(one, other, letters)})", True)
    return tuple(found[key] for key in sorted(found))


def near_people(names: Sequence[str]) -> tuple[NearPair, ...]:
    """Pairs of people's names of which one may be a slip of the pen for the other.

    As `near_pairs`, and more careful where a name is one word: “Maria” and “Marie”, “Daniel” and
    “Daniela”, “Karin” and “Karen” are two people as often as one, so that such a name is only asked
    about when it is long and its ending is the same. Initials, numbers and short names (“Ana”,
    “Ann”; “P1”, “P2”; “Ben S”, “Ben T”) are never near.
    """
    return tuple(
        pair
        for pair in near_pairs(names)
        if not pair.spelling or _is_slip(_tokens(pair.one), _tokens(pair.other))
    )


_LONG_NAME = 6
_ENDING = 2


def _is_slip(one: list[str], other: list[str]) -> bool:
    if len(one) > 1 or len(other) > 1:
        return True
    a, b = (_plain("".join(words)) for words in (one, other))
    return min(len(a), len(b)) >= _LONG_NAME and a[-_ENDING:] == b[-_ENDING:]


def closest(written: str, names: Sequence[str], *, at_least: float = 75.0) -> str | None:
    """The name most like ``written``, when it is like it at all (0 to 100, case ignored).

    A name with another number is another name: ``Interview 09`` is no slip for ``Interview 01``.
    """
    mine = _numbers(written)
    likely = [n for n in names if not mine or not _numbers(n) or _numbers(n) == mine]
    best = process.extractOne(
        written, likely, scorer=fuzz.ratio, processor=str.casefold, score_cutoff=at_least
    )
    return str(best[0]) if best else None


def _numbers(name: str) -> tuple[int, ...]:
    return tuple(int(digits) for digits in re.findall(r"[0-9]+", name))


def _letters_apart(one: str, other: str) -> int:
    """1 or 2 when so few letters set two names apart that it may be a slip of the pen, else 0.

    Not counted: a difference in digits (``Q1``, ``Q2``), in a short word (``theme A``, ``theme
    B``) or by a negation (``motivated``, ``unmotivated``), which people mean.
    """
    a, b = _plain(one), _plain(other)
    longest = max(len(a), len(b))
    allowed = 0 if longest < 5 else 1 if longest < 12 else 2
    if not allowed or abs(len(a) - len(b)) > allowed:
        return 0
    # Two neighbouring letters that changed places are one slip: “Grtea” for “Greta”.
    distance = int(OSA.distance(a, b, score_cutoff=allowed))
    if not 0 < distance <= allowed or re.sub(r"\D", "", a) != re.sub(r"\D", "", b):
        return 0
    left, right = _tokens(one.casefold()), _tokens(other.casefold())
    if len(left) == len(right):
        for x, y in zip(left, right, strict=True):
            if x != y and (min(len(x), len(y)) < 4 or _negated(x, y)):
                return 0
    return distance


def _told(one: str, other: str, letters: int) -> str:
    a, b = _plain(one), _plain(other)
    if letters == 1 and sorted(a) == sorted(b):
        return "two letters swapped"
    return "1 letter" if letters == 1 else f"{letters} letters"


def _negated(one: str, other: str) -> bool:
    return any(one == n + other or other == n + one for n in _NEGATIONS)


@lru_cache(maxsize=100_000)
def _key(name: str, folds: frozenset[str]) -> object:
    text = unicodedata.normalize("NFKC", name).strip()
    if "accents" in folds:
        decomposed = unicodedata.normalize("NFD", text)
        text = "".join(c for c in decomposed if not unicodedata.combining(c))
    words = _tokens(text)
    if "plural" in folds:
        words = [_singular(word) for word in words]
    if "case" in folds:
        words = [word.casefold() for word in words]
    if "order of words" in folds:
        return tuple(sorted(words))
    if "hyphen, space or underscore" in folds:
        return "".join(words)
    separators = re.split(r"[^\W_]+", text)
    if "plural" not in folds:
        return text.casefold() if "case" in folds else text
    # With plurals folded, the separators still count: put them back between the words.
    pieces = re.findall(r"[^\W_]+", text)
    singular = ["".join(_singular(part) for part in _tokens(piece)) for piece in pieces]
    joined = "".join(s + p for s, p in zip(separators, [*singular, ""], strict=True))
    return joined.casefold() if "case" in folds else joined


@lru_cache(maxsize=20_000)
def _plain(name: str) -> str:
    decomposed = unicodedata.normalize("NFKD", name.casefold())
    return "".join(c for c in decomposed if c.isalnum())


def _tokens(text: str) -> list[str]:
    """Words of a name; ``dataQuality`` has two."""
    return re.findall(r"[^\W_]+", re.sub(r"([a-zß-ÿ])([A-ZÀ-Þ])", r"\1 \2", text))


def _singular(word: str) -> str:
    low = word.lower()
    if len(low) > 4 and low.endswith("ies"):
        return word[:-3] + ("Y" if word.isupper() else "y")
    if len(low) > 4 and low.endswith(("sses", "shes", "ches", "xes", "zes")):
        return word[:-2]
    if len(low) > 3 and low.endswith("s") and not low.endswith(("ss", "us", "is")):
        return word[:-1]
    return word
