"""How often do an audit's 95% intervals hold the truth, and how often does a bad batch pass?

Batches are made of which everything is known: passages, what a model suggests, what a person would
say. Samples are drawn and judged by the same functions as in a study. The batch stays, the sample
is drawn again and again: that is all the chance there is in an audit.

    python -m bench.audit_coverage            print the table
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from eval.audit.drawing import Passage, draw, stratify
from eval.audit.estimate import Bound, Stratum, error_share, missed_share
from eval.verdicts.policy import Audit

__all__ = ["Batch", "Measured", "make_batch", "measure", "strata_of"]


@dataclass(frozen=True)
class Batch:
    """Everything about one batch."""

    passages: tuple[Passage, ...]
    person: tuple[frozenset[str], ...]
    codes: tuple[str, ...]

    @property
    def error(self) -> float:
        wrong = sum(len((p.suggested & set(self.codes)) - t) for p, t in self._pairs())
        return wrong / sum(len(p.suggested & set(self.codes)) for p in self.passages)

    @property
    def missed(self) -> float:
        missed = sum(len((t & set(self.codes)) - p.suggested) for p, t in self._pairs())
        return missed / sum(len(t & set(self.codes)) for t in self.person)

    def _pairs(self) -> Iterator[tuple[Passage, frozenset[str]]]:
        return zip(self.passages, self.person, strict=True)


@dataclass(frozen=True)
class Measured:
    """Of one batch and size of sample."""

    error: float
    missed: float
    error_held: float
    missed_held: float
    passed: float
    error_high: float
    missed_high: float
    """Mean upper ends."""


def make_batch(
    transcripts: int,
    segments: int,
    rates: tuple[float, ...],
    error: float,
    missed: float,
    rng: np.random.Generator,
) -> Batch:
    """Codes ``c0`` … with these rates among passages; uneven over transcripts. ``error`` and
    ``missed`` are meant, the batch has its own."""
    codes = tuple(f"c{i}" for i in range(len(rates)))
    passages, person = [], []
    for t in range(transcripts):
        own = [min(0.6, r * rng.gamma(4, 0.25)) for r in rates]
        for s in range(segments):
            true, said = set(), set()
            for code, rate in zip(codes, own, strict=True):
                if rng.random() < rate:
                    true.add(code)
                    if rng.random() >= missed:
                        said.add(code)
                elif rng.random() < rate * (1 - missed) * error / (1 - error) / (1 - rate):
                    said.add(code)
            if rng.random() < 0.1:
                said.add("not accepted")
            passages.append(Passage(t, s, frozenset(said)))
            person.append(frozenset(true))
    return Batch(tuple(passages), tuple(person), codes)


def strata_of(batch: Batch, segments: int, seed: int) -> list[Stratum]:
    """One sample of a batch, judged."""
    plan = draw(batch.passages, batch.codes, segments, seed)
    names = stratify(batch.passages, batch.codes, segments)
    place = {(p.transcript_id, p.segment): i for i, p in enumerate(batch.passages)}
    codes = set(batch.codes)
    found = []
    for number, stratum in enumerate(plan.strata):
        members = [
            p.suggested & codes
            for p, n in zip(batch.passages, names, strict=True)
            if n == stratum.name
        ]
        drawn = [place[d.transcript_id, d.segment] for d in plan.sample if d.stratum == number]
        said = [batch.passages[i].suggested & codes for i in drawn]
        true = [batch.person[i] & codes for i in drawn]
        found.append(
            Stratum(
                len(members),
                sum(bool(m) for m in members),
                sum(len(m) for m in members),
                np.array([len(s) for s in said], dtype=float),
                np.array([len(s - t) for s, t in zip(said, true, strict=True)], dtype=float),
                np.array([len(t - s) for s, t in zip(said, true, strict=True)], dtype=float),
                len(codes),
            )
        )
    return found


def measure(batch: Batch, segments: int, draws: int, seed: int, policy: Audit) -> Measured:
    """Draw ``draws`` samples of a batch."""
    counts = np.zeros(5)
    held = np.zeros(2)
    for number in range(draws):
        strata = strata_of(batch, segments, seed * 1_000_003 + number)
        error, missed = error_share(strata), missed_share(strata)
        if not isinstance(error, Bound) or not isinstance(missed, Bound):
            continue
        held += [
            error.low - 1e-9 <= batch.error <= error.high + 1e-9,
            missed.low - 1e-9 <= batch.missed <= missed.high + 1e-9,
        ]
        enough = error.high <= policy.max_error and missed.high <= policy.max_missed
        counts += [enough, error.high, missed.high, 1, 0]
    passed, error_high, missed_high, n, _ = counts
    return Measured(
        batch.error,
        batch.missed,
        held[0] / draws,
        held[1] / draws,
        passed / draws,
        error_high / max(n, 1),
        missed_high / max(n, 1),
    )


SETTINGS = (
    ("few, good", 3, 60, (0.10, 0.06, 0.03), 0.06, 0.10),
    ("usual, good", 6, 80, (0.10, 0.06, 0.03), 0.06, 0.10),
    ("many codes, good", 12, 80, (0.10, 0.08, 0.06, 0.04, 0.03, 0.02, 0.01, 0.01), 0.06, 0.11),
    ("many codes, no error", 12, 80, (0.10, 0.06, 0.03), 0.001, 0.01),
    ("rare codes", 12, 80, (0.02, 0.01, 0.005), 0.08, 0.15),
    ("bad: error", 6, 80, (0.10, 0.06, 0.03), 0.25, 0.10),
    ("bad: missed", 6, 80, (0.10, 0.06, 0.03), 0.06, 0.45),
    ("bad: both", 12, 80, (0.10, 0.06, 0.03), 0.25, 0.45),
    ("just bad: error", 12, 80, (0.10, 0.06, 0.03), 0.205, 0.10),
    ("just bad: missed", 12, 80, (0.10, 0.06, 0.03), 0.06, 0.41),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--draws", type=int, default=200, help="samples of each batch")
    parser.add_argument("--batches", type=int, default=10)
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args()
    begun = time.perf_counter()
    bar = Audit()
    print("batch                 sample  error missed | holds: error missed | upper ends | passed")
    for name, transcripts, segments, rates, error, missed in SETTINGS:
        for size in (60, 120, 240):
            rng = np.random.default_rng(given.seed)
            batches: list[Batch] = []
            while len(batches) < given.batches:
                one = make_batch(transcripts, segments, rates, error, missed, rng)
                # Each has its own error and missed share: one that is meant to be bad must be.
                if "bad" not in name or one.error > bar.max_error or one.missed > bar.max_missed:
                    batches.append(one)
            rows = [
                measure(one, size, given.draws, given.seed + number, bar)
                for number, one in enumerate(batches)
            ]
            mean = [float(np.mean([getattr(r, f) for r in rows])) for f in Measured.__annotations__]
            print(
                f"{name:21} {size:6}  {mean[0]:.3f}  {mean[1]:.3f} |        {mean[2]:.3f}  "
                f"{mean[3]:.3f} | {mean[5]:.2f} {mean[6]:.2f}  | {mean[4]:.3f}",
                flush=True,
            )
    print(f"{time.perf_counter() - begun:.0f} s", file=sys.stderr)


if __name__ == "__main__":
    main()
