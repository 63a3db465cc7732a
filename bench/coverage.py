"""How often do 95% intervals hold the true figure, with few transcripts?

Transcripts are drawn from populations of which the true figure is known (counted in 20,000
transcripts): lengths vary, a code is common in some interviews and absent from others, and coders
are better in some than in others. Kept are the codes that a verdict would look at: at least 10
positives in at least 5 transcripts.

    python -m bench.coverage            print the table
    python -m bench.coverage --write    and put it into eval/intervals/coverage_table.py
"""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from eval.evaluation.figures import by_code
from eval.intervals.never_both import mean_rise
from eval.intervals.resampling import Estimator, Method, Resampling, intervals
from eval.statistics.agreement import STATISTICS
from eval.statistics.counts import resampled
from eval.statistics.values import FloatArray, IntArray

TRANSCRIPTS = (6, 8, 12, 24, 50)
FIGURES = ("kappa", "f1", "precision", "difference")
METHODS: tuple[Method, ...] = ("jackknife-t", "percentile", "bca")
POPULATION = 20_000


@dataclass(frozen=True)
class World:
    """A kind of code: how common, how unevenly spread, how well two people and a model see it."""

    name: str
    rate: float
    spread: float
    """Of the beta distribution of rates over transcripts; small is uneven."""
    hits: tuple[float, float, float]
    """Share of true passages that each finds, on average."""
    alarms: tuple[float, float, float]
    """Share of other passages that each takes for one."""
    wobble: float
    """Standard deviation, over transcripts, of the logits of both."""


WORLDS = (
    World("very rare", 0.015, 30, (0.80, 0.80, 0.80), (0.004, 0.004, 0.004), 0.4),
    World("rare, hard", 0.03, 20, (0.70, 0.70, 0.65), (0.010, 0.010, 0.015), 0.5),
    World("common, hard", 0.10, 15, (0.75, 0.75, 0.70), (0.030, 0.030, 0.050), 0.5),
    World("common, clear", 0.08, 15, (0.90, 0.90, 0.90), (0.006, 0.006, 0.006), 0.4),
)
PAIRS = ((0, 1), (0, 2), (1, 2))


def draw(world: World, transcripts: int, codes: int, rng: np.random.Generator) -> IntArray:
    """Tables ``(T, 3 pairs, C, 4)`` of two people and a model."""
    size = (transcripts, codes)
    units = np.maximum(20, rng.lognormal(np.log(90), 0.5, size)).astype(int)
    rate = rng.beta(world.rate * world.spread, (1 - world.rate) * world.spread, size)
    true = rng.binomial(units, rate)
    shift = rng.standard_normal((2, 3, *size)) * world.wobble
    joint = np.zeros((*size, 8), dtype=np.int64)
    for count, means, away in ((true, world.hits, 0), (units - true, world.alarms, 1)):
        logits = [np.log(m / (1 - m)) + shift[away, j] for j, m in enumerate(means)]
        says = [1 / (1 + np.exp(-logit)) for logit in logits]
        # All eight combinations of three answers.
        shares = np.ones((*size, 8))
        for combination in range(8):
            for coder in range(3):
                yes = combination >> coder & 1
                shares[..., combination] *= says[coder] if yes else 1 - says[coder]
        joint += rng.multinomial(count, shares)
    tables = np.zeros((transcripts, 3, codes, 4), dtype=np.int64)
    for pair, (first, second) in enumerate(PAIRS):
        for combination in range(8):
            cell = 3 - (2 * (combination >> first & 1) + (combination >> second & 1))
            tables[:, pair, :, cell] += joint[..., combination]
    return tables


def estimator(tables: IntArray, figure: str) -> Estimator:
    """The figure of each drawn code, the same way as the reports make it."""
    if figure != "difference":
        return by_code(tables[:, 1:2], STATISTICS[figure])  # person and model
    kappa = STATISTICS["kappa"]

    def compute(weights: FloatArray) -> FloatArray:
        k = kappa.compute(resampled(weights, tables))
        difference: FloatArray = (k[:, 1] + k[:, 2]) / 2 - k[:, 0]
        return difference

    return Estimator(
        compute=compute,
        mass=kappa.base(tables).max(axis=1),
        units=tables[:, 0].sum(axis=-1).astype(float),
        rises=mean_rise(kappa, tables[:, 1:]),
        falls=mean_rise(kappa, tables[:, :1]),
    )


def measure(codes: int, resamples: int, seed: int) -> list[tuple[str, int, str, str, float, float]]:
    """Rows: method, transcripts, figure, world, share that hold the truth, share above it."""
    rows: list[tuple[str, int, str, str, float, float]] = []
    for number, world in enumerate(WORLDS):
        rng = np.random.default_rng((seed, number))
        whole = draw(world, POPULATION, 1, rng)
        for transcripts in TRANSCRIPTS:
            tables = draw(world, transcripts, codes, rng)
            marked = tables[:, 1, :, :2].sum(axis=-1)
            kept = (marked.sum(axis=0) >= 10) & ((marked > 0).sum(axis=0) >= 5)
            tables = tables[:, :, kept]
            for figure in FIGURES:
                truth = estimator(whole, figure).compute(np.ones((1, POPULATION)))[0, 0]
                for method in METHODS:
                    settings = Resampling(method=method, resamples=resamples)
                    found = intervals(estimator(tables, figure), settings)
                    known = np.isfinite(found.low) & np.isfinite(found.high)
                    low, high = found.low[known], found.high[known]
                    held = float(((low <= truth) & (truth <= high)).mean())
                    below = float((truth < low).mean())
                    rows.append((method, transcripts, figure, world.name, held, below))
    return rows


def table(rows: list[tuple[str, int, str, str, float, float]]) -> list[str]:
    """Lines of `eval.intervals.coverage_table.MEASURED`."""
    lines = []
    for method in METHODS:
        for transcripts in TRANSCRIPTS:
            mine = [row for row in rows if row[:2] == (method, transcripts)]
            held = [row[4] for row in mine]
            below = [row[5] for row in mine]
            lines.append(
                f'    Coverage("{method}", {transcripts}, {np.mean(held):.3f}, {min(held):.3f}, '
                f"{max(held):.3f}, {np.mean(below):.3f}, {max(below):.3f}),"
            )
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--codes", type=int, default=2000, help="codes drawn for each setting")
    parser.add_argument("--resamples", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--write", action="store_true", help="change the table of eval/intervals")
    given = parser.parse_args()
    begun = time.perf_counter()
    rows = measure(given.codes, given.resamples, given.seed)
    for row in rows:
        print(f"{row[0]:12} {row[1]:3} {row[2]:11} {row[3]:14} {row[4]:.3f} {row[5]:.3f}")
    lines = table(rows)
    print("\n".join(lines))
    print(f"{time.perf_counter() - begun:.0f} s", file=sys.stderr)
    if given.write:
        path = Path(__file__).parent.parent / "eval" / "intervals" / "coverage_table.py"
        text = path.read_text(encoding="utf-8")
        begin = text.index("(  # measured\n") + len("(  # measured\n")
        end = text.index("\n)  # end", begin)
        path.write_text(text[:begin] + "\n".join(lines) + text[end:], encoding="utf-8")


if __name__ == "__main__":
    main()
