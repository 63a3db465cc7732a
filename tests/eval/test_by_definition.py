"""Every coefficient again, slowly, straight from its definition, on random data with gaps.

Nothing here uses matrices of coincidences, sums by category or lengths of pieces: pairs of answers
are gone through one by one, and texts character by character. Both ways must agree to 1e-9.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import combinations, permutations, product
from typing import Any

import numpy as np
import pytest

from eval.statistics.categories import (
    Weights,
    brennan_prediger_of,
    category_counts,
    conger,
    fleiss,
    gwet,
    weights,
)
from eval.statistics.krippendorff import Level, alpha
from eval.statistics.sets import CodeSet, jaccard, masi, masi_difference_first, set_alpha, steps
from eval.statistics.unitizing import Unit, alpha_2004, family_of
from eval.statistics.values import FloatArray, is_defined

SEEDS = range(6)
CLOSE: dict[str, Any] = {"rel": 0, "abs": 1e-9}


def ratings(seed: int) -> FloatArray:
    """Two to four coders, 25 units, four values, some missing; a list of answers a unit."""
    rng = np.random.default_rng(seed)
    coders = int(rng.integers(2, 5))
    truth = rng.integers(1, 5, 25)
    answers = np.where(rng.random((coders, 25)) < 0.6, truth, rng.integers(1, 5, (coders, 25)))
    return np.where(rng.random((coders, 25)) < 0.15, np.nan, answers)


def by_unit(answers: FloatArray) -> list[list[float]]:
    return [[x for x in unit if not np.isnan(x)] for unit in answers.T]


# --- Krippendorff: pairs of answers within units, against all pairs of pairable answers -------


def plain_alpha(
    units: Sequence[Sequence[Any]], distance: Callable[[Any, Any, list[Any]], float]
) -> float:
    """Krippendorff 2011: mean distance within units, over mean distance of any two answers."""
    pairable = [unit for unit in units if len(unit) > 1]
    every = [x for unit in pairable for x in unit]
    n = len(every)
    observed = sum(
        distance(x, y, every) / (len(unit) - 1)
        for unit in pairable
        for x, y in permutations(unit, 2)
    )
    expected = sum(distance(x, y, every) for x, y in permutations(every, 2))
    return 1 - (observed / n) / (expected / (n * (n - 1)))


def ordinal(x: float, y: float, every: list[float]) -> float:
    """How many answers lie from the one rank to the other, both ends by half."""
    low, high = min(x, y), max(x, y)
    between = sum(low <= z <= high for z in every)
    return (between - (every.count(low) + every.count(high)) / 2) ** 2 if low != high else 0


LEVELS: dict[Level, Callable[[float, float, list[float]], float]] = {
    "nominal": lambda x, y, _: x != y,
    "ordinal": ordinal,
    "interval": lambda x, y, _: (x - y) ** 2,
    "ratio": lambda x, y, _: ((x - y) / (x + y)) ** 2,
}


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("level", LEVELS)
def test_alpha(seed: int, level: Level) -> None:
    answers = ratings(seed)
    assert alpha(answers, level) == pytest.approx(
        plain_alpha(by_unit(answers), LEVELS[level]), **CLOSE
    )


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("distance", [jaccard, masi, masi_difference_first, steps])
def test_alpha_of_sets(seed: int, distance: Callable[[CodeSet, CodeSet], float]) -> None:
    rng = np.random.default_rng(seed)
    units = []
    for _ in range(15):
        truth = {c for c in "abc" if rng.random() < 0.4}
        told = [frozenset(truth ^ {c for c in "abc" if rng.random() < 0.2}) for _ in range(3)]
        units.append([None if rng.random() < 0.15 else x for x in told])
    known = [[x for x in unit if x is not None] for unit in units]
    expected = plain_alpha(known, lambda x, y, _: distance(x, y))
    found = set_alpha([[unit[k] for unit in units] for k in range(3)], distance)
    assert found == pytest.approx(expected, **CLOSE)


# --- Gwet's family: what two coders of a unit agree, against chance ----------------------------


def agreement(units: list[list[float]], weight: Callable[[float, float], float]) -> float:
    """Over units with two answers or more, the mean agreement of two of its coders."""
    each = [
        np.mean([weight(x, y) for x, y in permutations(unit, 2)]) for unit in units if len(unit) > 1
    ]
    return float(np.mean(each))


def shares(units: list[list[float]], values: Iterable[float]) -> dict[float, float]:
    used = [unit for unit in units if unit]
    return {v: float(np.mean([unit.count(v) / len(unit) for unit in used])) for v in values}


def corrected(agreed: float, chance: float) -> float:
    return (agreed - chance) / (1 - chance)


def weighting(kind: Weights, values: list[float]) -> Callable[[float, float], float]:
    """Gwet 2014, ch. 4, of the places of two values among all."""
    q, place = len(values), {v: i for i, v in enumerate(values)}

    def weight(x: float, y: float) -> float:
        apart = abs(place[x] - place[y])
        if kind == "identity":
            return float(apart == 0)
        if kind == "linear":
            return 1 - apart / (q - 1)
        if kind == "quadratic":
            return 1 - apart**2 / (q - 1) ** 2
        pairs = len(list(combinations(range(apart + 1), 2)))
        return 1 - pairs / len(list(combinations(range(q), 2)))

    return weight


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("kind", ["identity", "linear", "quadratic", "ordinal"])
def test_ac1_ac2_fleiss_and_brennan_prediger(seed: int, kind: Weights) -> None:
    answers = ratings(seed)
    units = by_unit(answers)
    values, counts = category_counts(answers)
    q, weight, share = len(values), weighting(kind, list(values)), shares(units, values)
    agreed = agreement(units, weight)
    total = sum(weight(x, y) for x, y in product(values, repeat=2))
    mixed = sum(share[v] * (1 - share[v]) for v in values)
    assert gwet(counts, kind) == pytest.approx(
        corrected(agreed, total * mixed / (q * (q - 1))), **CLOSE
    )
    alike = sum(weight(x, y) * share[x] * share[y] for x, y in product(values, repeat=2))
    assert fleiss(counts, kind) == pytest.approx(corrected(agreed, alike), **CLOSE)
    assert brennan_prediger_of(counts, kind) == pytest.approx(
        corrected(agreed, total / q**2), **CLOSE
    )
    table = [[weight(x, y) for y in values] for x in values]
    assert weights(q, kind) == pytest.approx(np.array(table), **CLOSE)


@pytest.mark.parametrize("seed", SEEDS)
def test_conger(seed: int) -> None:
    """Chance: the mean over pairs of coders that both say the same, each by her own shares."""
    answers = ratings(seed)
    units = by_unit(answers)
    own = [[x for x in coder if not np.isnan(x)] for coder in answers]
    each = [
        sum(one.count(v) / len(one) * other.count(v) / len(other) for v in set(one))
        for one, other in combinations(own, 2)
    ]
    chance = float(np.mean(each))
    agreed = agreement(units, lambda x, y: float(x == y))
    assert conger(answers) == pytest.approx(corrected(agreed, chance), **CLOSE)


# --- Unitizing: sections of 1995 and 2004, and characters one by one for 2016 --------------------

LENGTH = 60


def marked(rng: np.random.Generator, codes: str = "ab") -> list[Unit]:
    """Passages of a coder that do not overlap; the next may begin where one ends."""
    found, at = [], 0
    for _ in range(int(rng.integers(1, 6))):
        start = at + int(rng.integers(0, 7))
        end = start + int(rng.integers(1, 9))
        if end > LENGTH:
            break
        found.append(Unit(start, end, codes[int(rng.integers(len(codes)))]))
        at = end
    return found


def sections(units: Sequence[Unit], code: str) -> list[tuple[int, int, bool]]:
    """The whole text in a row: ``(start, length, is it a unit)``."""
    found, at = [], 0
    for unit in sorted((u for u in units if u.code == code), key=lambda u: u.start):
        if unit.start > at:
            found.append((at, unit.start - at, False))
        found.append((unit.start, unit.end - unit.start, True))
        at = unit.end
    return [*found, (at, LENGTH - at, False)] if at < LENGTH else found


def apart(one: tuple[int, int, bool], other: tuple[int, int, bool]) -> int:
    """Krippendorff 2004, p. 253: squared difference of two sections."""
    (b, l, v), (c, m, w) = one, other  # noqa: E741
    if v and w and -l < b - c < m:
        return (b - c) ** 2 + (b + l - c - m) ** 2
    if v and not w and m - l >= b - c >= 0:
        return l**2
    if not v and w and l - m >= c - b >= 0:
        return m**2
    return 0


def plain_2004(coders: Sequence[Sequence[Unit]], code: str) -> tuple[float, float]:
    """Observed and expected disagreement about one code; the sums of pp. 254-255."""
    m, mine = len(coders), [sections(units, code) for units in coders]
    observed = sum(
        apart(one, other) for x, y in permutations(mine, 2) for one in x for other in y
    ) / (m * (m - 1) * LENGTH**2)
    every = [section for x in mine for section in x]
    lengths = [n for _, n, unit in every if unit]
    gaps = [n for _, n, unit in every if not unit]
    above = sum(
        (len(lengths) - 1) / 3 * (2 * n**3 - 3 * n**2 + n)
        + n**2 * sum(gap - n + 1 for gap in gaps if gap >= n)
        for n in lengths
    )
    below = m * LENGTH * (m * LENGTH - 1) - sum(n * (n - 1) for n in lengths)
    return observed, 2 / LENGTH * above / below


@pytest.mark.parametrize("seed", range(20))
def test_unitizing_alpha_of_2004(seed: int) -> None:
    rng = np.random.default_rng(seed)
    coders = [marked(rng) for _ in range(int(rng.integers(2, 5)))]
    found = alpha_2004(coders, LENGTH)
    parts = {code: plain_2004(coders, code) for code in found.codes}
    assert parts
    for code, (observed, expected) in parts.items():
        assert found.observed[code] == pytest.approx(observed, **CLOSE)
        assert found.expected[code] == pytest.approx(expected, **CLOSE)
        assert found.codes[code] == pytest.approx(1 - observed / expected, **CLOSE)
    whole = [sum(part[i] for part in parts.values()) for i in range(2)]
    assert found.overall == pytest.approx(1 - whole[0] / whole[1], **CLOSE)


def plain_kind_alpha(continua: Sequence[Sequence[Sequence[Unit]]], code: str) -> float | None:
    """(k)u-alpha from single characters: of those that ``code`` meets, how many are of others.

    Krippendorff et al. 2016: coincidences of characters that two coders marked, and for chance
    all characters with all, but those of one passage with itself.
    """
    met, differ = 0.0, 0.0
    owners = []  # of each pairable character: its passage, its code, how much it counts
    for t, coders in enumerate(continua):
        at = [
            {x: (t, i, n, u.code) for n, u in enumerate(units) for x in range(u.start, u.end)}
            for i, units in enumerate(coders)
        ]
        for one, other in permutations(range(len(coders)), 2):
            for x in at[one].keys() & at[other].keys():
                share = 1 / (len(coders) - 1)
                owners.append((at[one][x], share, x))
                if at[one][x][3] == code:
                    met += share
                    differ += share * (at[other][x][3] != code)
    by_chance, all_by_chance = 0.0, 0.0
    weight: dict[tuple[int, int, int, str], dict[int, float]] = {}
    for passage, share, x in owners:
        weight.setdefault(passage, {}).setdefault(x, 0.0)
        weight[passage][x] += share
    passages = [(p, len(xs), sum(xs.values())) for p, xs in weight.items()]
    for (p, long_p, w_p), (r, long_r, w_r) in product(passages, repeat=2):
        if p[3] != code:
            continue
        pairs = w_p * w_r - (long_p * long_r if p == r else 0)
        all_by_chance += pairs
        by_chance += pairs * (r[3] != code)
    if not met or not by_chance:
        return None
    return 1 - (differ / met) / (by_chance / all_by_chance)


@pytest.mark.parametrize("seed", range(20))
def test_kind_alpha_character_by_character(seed: int) -> None:
    rng = np.random.default_rng(seed)
    coders = int(rng.integers(2, 4))
    continua = [[marked(rng, "abc") for _ in range(coders)] for _ in range(3)]
    found = family_of(continua, [LENGTH] * 3)
    defined = 0
    for code in found.codes:
        expected = plain_kind_alpha(continua, code)
        value = found.codes[code]
        if expected is None:
            assert not is_defined(value)
        else:
            defined += 1
            assert value == pytest.approx(expected, **CLOSE)
    assert defined
