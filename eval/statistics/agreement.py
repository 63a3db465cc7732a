"""Agreement of two coders on yes or no, from fourfold tables, for any number of tables at once.

Every function takes ``cells`` of shape ``(..., 4)`` in the order of `counts.CELLS` (both, first
only, second only, neither; counts may be weighted) and returns an array ``(...)`` with nan where
the statistic is undefined. `measure` and `measure_all` are the way out of arrays: they answer with
a number or with `Undefined` and its reason.

No coefficient here is good alone: at low prevalence AC1 and percent agreement are high whatever
the coders do, and kappa and alpha fall for the same slips (Feinstein & Cicchetti 1990, High
agreement but low kappa I, J. Clin. Epidemiol. 43, 543-549).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from eval.statistics.values import BoolArray, FloatArray, Undefined, Value, value_of

__all__ = [
    "ALL",
    "CANNOT",
    "HEADLINE",
    "SECOND_NEVER",
    "STATISTICS",
    "Statistic",
    "alpha_from_coincidences",
    "bias_index",
    "brennan_prediger",
    "cohen_kappa",
    "f1",
    "gwet_ac1",
    "krippendorff_alpha",
    "measure",
    "measure_all",
    "negative_agreement",
    "over_coding",
    "percent_agreement",
    "positive_agreement",
    "precision",
    "prevalence",
    "prevalence_index",
    "recall",
    "scott_pi",
    "why_undefined",
]

Cells: TypeAlias = Any
"""Anything that numpy reads as an array ``(..., 4)``."""


def _split(cells: Cells) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    table = np.asarray(cells, dtype=np.float64)
    if table.ndim == 0 or table.shape[-1] != 4:
        raise ValueError(f"a fourfold table has 4 cells, not shape {table.shape}")
    return table[..., 0], table[..., 1], table[..., 2], table[..., 3]


def _ratio(above: FloatArray, below: FloatArray, usable: BoolArray) -> FloatArray:
    result = np.full(np.shape(below), np.nan)
    np.divide(above, below, out=result, where=usable)
    return result


def prevalence(cells: Cells) -> FloatArray:
    """Share of yes among both coders' answers, (2a + b + c) / 2n."""
    a, b, c, d = _split(cells)
    n = a + b + c + d
    return _ratio(2 * a + b + c, 2 * n, n > 0)


def prevalence_index(cells: Cells) -> FloatArray:
    """(a - d) / n, from -1 (all no) to 1 (all yes).

    Byrt, Bishop & Carlin 1993, Bias, prevalence and kappa, J. Clin. Epidemiol. 46, 423-429.
    """
    a, b, c, d = _split(cells)
    n = a + b + c + d
    return _ratio(a - d, n, n > 0)


def bias_index(cells: Cells) -> FloatArray:
    """How much more often the second coder says yes than the first, as a share of units.

    (c - b) / n. Byrt, Bishop & Carlin 1993 (see `prevalence_index`) without taking the absolute
    value, so that the sign tells who says yes more.
    """
    a, b, c, d = _split(cells)
    n = a + b + c + d
    return _ratio(c - b, n, n > 0)


def percent_agreement(cells: Cells) -> FloatArray:
    """Share of units on which both say the same, (a + d) / n. Oracles O3, O4, O7."""
    a, b, c, d = _split(cells)
    n = a + b + c + d
    return _ratio(a + d, n, n > 0)


def positive_agreement(cells: Cells) -> FloatArray:
    """Of the answers "yes", the share that the other coder gave too, 2a / (2a + b + c).

    Cicchetti & Feinstein 1990, High agreement but low kappa II, J. Clin. Epidemiol. 43, 551-558.
    Equal to F1 and to Dice's coefficient. Oracle O7 (.571 and .769).
    """
    a, b, c, _ = _split(cells)
    return _ratio(2 * a, 2 * a + b + c, a + b + c > 0)


def negative_agreement(cells: Cells) -> FloatArray:
    """The same for "no", 2d / (2d + b + c). Cicchetti & Feinstein 1990. Oracle O7."""
    _, b, c, d = _split(cells)
    return _ratio(2 * d, 2 * d + b + c, b + c + d > 0)


def precision(cells: Cells) -> FloatArray:
    """Share of the second coder's yes that the first coder gave too, a / (a + c)."""
    a, _, c, _ = _split(cells)
    return _ratio(a, a + c, a + c > 0)


def recall(cells: Cells) -> FloatArray:
    """Share of the first coder's yes that the second coder gave too, a / (a + b)."""
    a, b, _, _ = _split(cells)
    return _ratio(a, a + b, a + b > 0)


def f1(cells: Cells) -> FloatArray:
    """Harmonic mean of precision and recall; the same number as `positive_agreement`.

    van Rijsbergen 1979, Information Retrieval, 2nd ed., ch. 7. Kappa tends to it as agreed "no"
    grow without bound (Hripcsak & Rothschild 2005, J. Am. Med. Inform. Assoc. 12, 296-298).
    """
    return positive_agreement(cells)


def over_coding(cells: Cells) -> FloatArray:
    """The second coder's number of yes as a multiple of the first's, (a + c) / (a + b)."""
    a, b, c, _ = _split(cells)
    return _ratio(a + c, a + b, a + b > 0)


def _mixed(cells: Cells) -> BoolArray:
    """Whether both yes and no occur at all; if not, chance agreement is 1."""
    a, b, c, d = _split(cells)
    mixed: BoolArray = (a + b + c > 0) & (b + c + d > 0)
    return mixed


def cohen_kappa(cells: Cells) -> FloatArray:
    """(p_o - p_e) / (1 - p_e), chance from each coder's own shares.

    Cohen 1960, A coefficient of agreement for nominal scales, Educ. Psychol. Meas. 20, 37-46
    (p. 40). Written as 2(ad - bc) / ((a+b)(b+d) + (a+c)(c+d)), which is the same for two
    categories. Oracles O7 (.348), O8 (.31444).
    """
    a, b, c, d = _split(cells)
    return _ratio(2 * (a * d - b * c), (a + b) * (b + d) + (a + c) * (c + d), _mixed(cells))


def scott_pi(cells: Cells) -> FloatArray:
    """Like kappa, with chance from both coders' shares together.

    Scott 1955, Reliability of content analysis, Public Opin. Q. 19, 321-325. Oracles O7 (.341),
    O8 (.31429).
    """
    a, b, c, d = _split(cells)
    n = a + b + c + d
    yes, no = 2 * a + b + c, 2 * d + b + c
    # p_o = 1 - (b+c)/n and 1 - p_e = 2 q (1-q) with q = yes / 2n.
    return 1.0 - _ratio(2 * n * (b + c), yes * no, _mixed(cells))


def krippendorff_alpha(cells: Cells) -> FloatArray:
    """1 - D_o / D_e for two coders and two categories, with the small-sample n - 1.

    Krippendorff 2004, Content Analysis, 2nd ed., pp. 223-227. Oracles O3 (.095), O4 (.734).
    For more coders or values see `alpha_from_coincidences` and `eval.statistics.krippendorff`.
    """
    a, b, c, d = _split(cells)
    return alpha_from_coincidences(np.stack([2 * a, b + c, 2 * d], axis=-1))


def alpha_from_coincidences(coincidences: Cells) -> FloatArray:
    """Nominal alpha of yes or no by any number of coders, from `counts.coincidences`.

    ``coincidences`` has shape ``(..., 3)``: yes-yes, yes-no, no-no. Krippendorff 2004, p. 232.
    """
    o = np.asarray(coincidences, dtype=np.float64)
    yes, no = o[..., 0] + o[..., 1], o[..., 1] + o[..., 2]
    n = yes + no
    return 1.0 - _ratio((n - 1) * o[..., 1], yes * no, (yes > 0) & (no > 0))


def gwet_ac1(cells: Cells) -> FloatArray:
    """(p_o - p_e) / (1 - p_e) with p_e = 2q(1-q), q the prevalence.

    Gwet 2008, Computing inter-rater reliability and its variance in the presence of high
    agreement, Br. J. Math. Stat. Psychol. 61, 29-48. Defined (and 1) where nobody ever says yes.
    Oracle O8 (.808, .8658).
    """
    a, b, c, d = _split(cells)
    n = a + b + c + d
    safe = np.where(n > 0, n, 1.0)
    q = (2 * a + b + c) / (2 * safe)
    chance = 2 * q * (1 - q)
    return _ratio((a + d) / safe - chance, 1 - chance, n > 0)


def brennan_prediger(cells: Cells) -> FloatArray:
    """(p_o - 1/2) / (1 - 1/2), chance as if every answer were equally likely.

    Brennan & Prediger 1981, Coefficient kappa: some uses, misuses, and alternatives, Educ.
    Psychol. Meas. 41, 687-699. Oracles O7 (S .400), O8 (.700).
    """
    return 2 * percent_agreement(cells) - 1


# Why a statistic has no value, in the order in which the question is asked.
_NO_UNITS = "no unit was looked at by both coders"
_NEVER = "neither coder used this code"
_ALWAYS = "both coders used this code on every unit"
_FIRST_NEVER = "the reference never uses this code"
SECOND_NEVER = "the other coder never uses this code"
CANNOT = "it cannot be computed from these counts"


def _reason(cells: Cells) -> str:
    a, b, c, d = (float(cell) for cell in _split(cells))
    if a + b + c + d <= 0:
        return _NO_UNITS
    if a + b + c <= 0:
        return _NEVER
    if b + c + d <= 0:
        return _ALWAYS
    if a + b <= 0:
        return _FIRST_NEVER
    if a + c <= 0:
        return SECOND_NEVER
    return CANNOT


@dataclass(frozen=True, slots=True)
class Statistic:
    """A statistic of fourfold tables with its name and range."""

    key: str
    label: str
    compute: Callable[[Cells], FloatArray]
    lowest: float
    highest: float
    base: Callable[[Cells], FloatArray]
    """The units that the figure rests on: for kappa those where somebody said yes."""
    symmetric: bool = True
    """The same when the two coders change places."""
    needs_both: bool = False
    """Not above 0 where no unit has a yes of both, and then hardly different from transcript to
    transcript, so that its spread says nothing (`eval.intervals.never_both`)."""


def _units(cells: Cells) -> FloatArray:
    total: FloatArray = np.asarray(cells, dtype=np.float64).sum(axis=-1)
    return total


def _marked(cells: Cells) -> FloatArray:
    a, b, c, _ = _split(cells)
    return a + b + c


def _marked_second(cells: Cells) -> FloatArray:
    a, _, c, _ = _split(cells)
    return a + c


def _marked_first(cells: Cells) -> FloatArray:
    a, b, _, _ = _split(cells)
    return a + b


STATISTICS: dict[str, Statistic] = {
    statistic.key: statistic
    for statistic in (
        Statistic("prevalence", "prevalence", prevalence, 0, 1, _units),
        Statistic("prevalence_index", "prevalence index", prevalence_index, -1, 1, _units),
        Statistic("bias_index", "bias index", bias_index, -1, 1, _units, symmetric=False),
        Statistic("agreement", "percent agreement", percent_agreement, 0, 1, _units),
        Statistic("positive_agreement", "agreement on yes", positive_agreement, 0, 1, _marked),
        Statistic("negative_agreement", "agreement on no", negative_agreement, 0, 1, _units),
        Statistic("precision", "precision", precision, 0, 1, _marked_second, symmetric=False),
        Statistic("recall", "recall", recall, 0, 1, _marked_first, symmetric=False),
        Statistic("f1", "F1", f1, 0, 1, _marked),
        Statistic("kappa", "Cohen's kappa", cohen_kappa, -1, 1, _marked, needs_both=True),
        Statistic("ac1", "Gwet's AC1", gwet_ac1, -1, 1, _units),
        Statistic(
            "alpha", "Krippendorff's alpha", krippendorff_alpha, -1, 1, _marked, needs_both=True
        ),
        Statistic("over_coding", "over-coding", over_coding, 0, np.inf, _marked, symmetric=False),
        Statistic("pi", "Scott's pi", scott_pi, -1, 1, _marked, needs_both=True),
        Statistic("brennan_prediger", "Brennan-Prediger", brennan_prediger, -1, 1, _units),
    )
}

HEADLINE: tuple[str, ...] = (
    "prevalence",
    "bias_index",
    "agreement",
    "positive_agreement",
    "negative_agreement",
    "kappa",
    "ac1",
    "alpha",
    "precision",
    "recall",
    "f1",
    "over_coding",
)
ALL: tuple[str, ...] = tuple(STATISTICS)


def measure(key: str, cells: Cells) -> Value:
    """One statistic of one table ``(4,)``: a number, or why there is none."""
    number = STATISTICS[key].compute(cells)
    if np.ndim(number) != 0:
        raise ValueError("measure takes one table; use the statistic itself for many")
    return value_of(float(number), _reason(cells))


def measure_all(cells: Cells, keys: Sequence[str] = HEADLINE) -> dict[str, Value]:
    """Several statistics of one table ``(4,)``."""
    return {key: measure(key, cells) for key in keys}


def why_undefined(cells: Cells) -> Undefined:
    """The reason that `measure` would give for a table ``(4,)`` without a figure."""
    return Undefined(_reason(cells))
