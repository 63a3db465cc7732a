"""How often does the lower end of "model less word statistics" lie above the true difference?

    python -m bench.beats

That end decides whether a baseline counts as beaten. Populations are invented: passages that have
the code come in clusters by interview; people, a model and a baseline find them, or take others for
one, with shares that are a little different in each interview. The true difference is counted in
1,500 interviews at a time. Kept are the codes that a verdict would look at: ten passages in five
interviews. 2.5% of lower ends above the truth would be right. With one person and with
three, by the spread between interviews alone and with what hardly ever happened
(`eval.intervals.never_both`), and how often a baseline that is truly beaten is shown to be.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass, replace

import numpy as np

from eval.evaluation.gain import gain_estimators
from eval.intervals.resampling import intervals
from eval.statistics.agreement import STATISTICS
from eval.statistics.values import BoolArray, FloatArray, IntArray

__all__ = ["CODES", "TRANSCRIPTS", "Beaten", "Code", "draw", "measure", "truth"]

TRANSCRIPTS = (8, 12, 24, 50)
PASSAGES = 40
RATE, CLUSTER = 0.04, 0.1
PEOPLE = ((0.85, 0.015), (0.35, 0.002), (0.60, 0.008))
"""What each person finds of the passages that have the code, and of the others."""
ALARMS = 0.03
"""What model and baseline give of the others."""


@dataclass(frozen=True)
class Code:
    """What a model and a baseline find of the passages that have the code."""

    model: float
    baseline: float


CODES = (
    Code(0.03, 0.03),
    Code(0.10, 0.10),
    Code(0.20, 0.20),
    Code(0.30, 0.30),
    Code(0.50, 0.03),
    Code(0.50, 0.10),
    Code(0.50, 0.20),
    Code(0.70, 0.20),
)


@dataclass(frozen=True)
class Beaten:
    codes: int
    above: float
    """Lower ends above the truth."""
    shown: float
    """Lower ends above 0."""


def draw(code: Code, transcripts: int, codes: int, rng: np.random.Generator) -> IntArray:
    """Tables ``(T, P, 2, C, 4)`` of each person with the model and with the baseline."""
    size = (transcripts, codes)
    more = 1 / CLUSTER - 1
    rate = rng.beta(RATE * more, (1 - RATE) * more, size)[..., None]
    true = rng.random((*size, PASSAGES)) < rate

    def says(found: float, alarms: float) -> BoolArray:
        hit = rng.beta(found * 9, (1 - found) * 9, size)[..., None]
        alarm = rng.beta(alarms * 60, (1 - alarms) * 60, size)[..., None]
        made: BoolArray = rng.random(true.shape) < np.where(true, hit, alarm)
        return made

    people = [says(*person) for person in PEOPLE]
    coders = [says(found, ALARMS) for found in (code.model, code.baseline)]
    tables = np.zeros((transcripts, len(people), 2, codes, 4), dtype=np.int64)
    for p, person in enumerate(people):
        for k, coder in enumerate(coders):
            both, only = (person & coder).sum(axis=-1), (person & ~coder).sum(axis=-1)
            tables[:, p, k, :, 0], tables[:, p, k, :, 1] = both, only
            tables[:, p, k, :, 2] = coder.sum(axis=-1) - both
    tables[..., 3] = PASSAGES - tables[..., :3].sum(axis=-1)
    return tables


def _chosen(people: int) -> list[int]:
    """Of one person: the one who gives the code seldom, so that hardly anything is in common."""
    return [1] if people == 1 else list(range(people))


def truth(code: Code, people: int, seed: int) -> float:
    """The difference in kappa in 60,000 interviews."""
    drawn = draw(code, 1500, 40, np.random.default_rng((seed, 1)))[:, _chosen(people)]
    whole: FloatArray = drawn.sum(axis=(0, 3)).astype(np.float64)
    kappa = STATISTICS["kappa"].compute(whole)
    return float((kappa[:, 0] - kappa[:, 1]).mean())


def measure(
    code: Code, transcripts: int, people: int, codes: int, seed: int, true: float
) -> dict[bool, Beaten]:
    """With `eval.intervals.never_both` (True) and by the spread alone (False)."""
    rng = np.random.default_rng((seed, transcripts))
    tables = draw(code, transcripts, codes, rng)[:, _chosen(people)]
    marked = tables[:, :, 0, :, :2].sum(axis=-1).max(axis=1)
    tables = tables[:, :, :, (marked.sum(axis=0) >= 10) & ((marked > 0).sum(axis=0) >= 5)]
    apart = gain_estimators(tables, "kappa")[2]
    found = {}
    for with_it in (True, False):
        low = intervals(apart if with_it else replace(apart, falls=None)).low
        low = low[np.isfinite(low)]
        found[with_it] = Beaten(
            len(low),
            float((low > true).mean()) if len(low) else np.nan,
            float((low > 0).mean()) if len(low) else np.nan,
        )
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--codes", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=23)
    given = parser.parse_args()
    print(
        "model  baseline  people  difference  interviews  codes  above  shown  alone: above  shown"
    )
    most: dict[tuple[int, int, bool], float] = {}
    for code in CODES:
        for people in (1, 3):
            true = truth(code, people, given.seed)
            for transcripts in TRANSCRIPTS:
                found = measure(code, transcripts, people, given.codes, given.seed, true)
                now, alone = found[True], found[False]
                print(
                    f"{code.model:5.2f}  {code.baseline:8.2f}  {people:6}  {true:10.3f}  "
                    f"{transcripts:10}  {now.codes:5}  {now.above:.3f}  {now.shown:.3f}  "
                    f"{alone.above:12.3f}  {alone.shown:.3f}",
                    flush=True,
                )
                for with_it, one in found.items():
                    at = people, transcripts, with_it
                    most[at] = max(most.get(at, 0.0), one.above)
    for (people, transcripts, with_it), above in most.items():
        which = "" if with_it else "   (by the spread alone)"
        print(f"{people} people, {transcripts} interviews: above in at most {above:.3f}{which}")


if __name__ == "__main__":
    main()
