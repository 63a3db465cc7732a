"""Who tries again until chance favours it: how often does that pass what should not pass?

Three ways to try again, each against a batch or model that lies just on the wrong side of a bar,
where luck helps most:

- further samples of an audit, judged one after the other until one passes (the level falls with
  the square of the number of the sample; beside it, what a level that stays would do);
- the run repeated, and each repeat audited, until one passes;
- the run repeated, and each repeat measured: the luckiest verdict, and the strictest, which counts.

    python -m bench.again                     print the tables
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from bench.audit_coverage import Batch, make_batch, strata_of
from bench.coverage import World
from bench.passing import GOOD, worsened
from eval.audit.drawing import Passage
from eval.audit.estimate import Bound, error_share, missed_share
from eval.audit.samples import Samples, level_for
from eval.statistics.values import BoolArray, FloatArray, IntArray
from eval.verdicts.policy import Audit, Policy
from eval.verdicts.simulating import passes

__all__ = ["at_the_bar", "draw_repeats", "first_pass", "repeated", "verdicts_of_repeats"]

RATES = (0.10, 0.06, 0.03)
LEVEL = 0.95


def judged(batch: Batch, segments: int, seed: int, levels: Sequence[float]) -> list[bool]:
    """Whether one sample of a batch passes, at each level."""
    policy = Audit()
    strata = strata_of(batch, segments, seed)
    passed = []
    for level in levels:
        error, missed = error_share(strata, level), missed_share(strata, level)
        passed.append(
            isinstance(error, Bound)
            and isinstance(missed, Bound)
            and error.high <= policy.max_error
            and missed.high <= policy.max_missed
        )
    return passed


def first_pass(
    batches: Callable[[int], Batch], segments: int, samples: int, seed: int
) -> tuple[int, int]:
    """Number of the first sample that passes, 0 where none does: with the level of the program,
    which falls, and with the level of the first sample each time.

    ``batches``: what is audited the k-th time. A batch that is below the bars may pass; what
    passes there counts as none.
    """
    policy = Audit()
    first: list[int | None] = [None, None]
    for number in range(1, samples + 1):
        batch = batches(number)
        levels = (level_for(LEVEL, Samples(number, number)), LEVEL)
        bad = batch.error > policy.max_error or batch.missed > policy.max_missed
        for way, passed in enumerate(judged(batch, segments, seed * 1_009 + number, levels)):
            if passed and first[way] is None:
                first[way] = number if bad else 0
        if None not in first:
            break
    return first[0] or 0, first[1] or 0


def at_the_bar(what: str, transcripts: int, rng: np.random.Generator, policy: Audit) -> Batch:
    """A batch whose true share lies above the bar by at most a twentieth of it."""
    meant = (policy.max_error * 1.02, 0.10) if what == "error" else (0.05, policy.max_missed * 1.02)
    while True:
        made = make_batch(transcripts, 80, RATES, *meant, rng)
        share, bar = (
            (made.error, policy.max_error) if what == "error" else (made.missed, policy.max_missed)
        )
        other = made.missed < 0.25 if what == "error" else made.error < 0.10
        if bar < share <= bar * 1.05 and other:
            return made


def repeated(batch: Batch, error: float, missed: float, rng: np.random.Generator) -> Batch:
    """The same interviews and person; the model says everything anew with these chances."""
    n = len(batch.passages)
    rate = {c: sum(c in t for t in batch.person) / n for c in batch.codes}
    passages = []
    for passage, true in zip(batch.passages, batch.person, strict=True):
        said = {c for c in batch.codes if c in true and rng.random() >= missed}
        for code in batch.codes:
            alarm = rate[code] * (1 - missed) * error / (1 - error) / (1 - rate[code])
            if code not in true and rng.random() < alarm:
                said.add(code)
        said |= passage.suggested - set(batch.codes)
        passages.append(Passage(passage.transcript_id, passage.segment, frozenset(said)))
    return replace(batch, passages=tuple(passages))


@dataclass(frozen=True)
class _Same:
    """One batch, however often it is sampled."""

    batch: Batch

    def __call__(self, number: int) -> Batch:
        return self.batch


@dataclass(frozen=True)
class _Again:
    """The first batch, then repeats of its run."""

    first: Batch
    error: float
    missed: float
    rng: np.random.Generator

    def __call__(self, number: int) -> Batch:
        if number == 1:
            return self.first
        return repeated(self.first, self.error, self.missed, self.rng)


# --- verdicts ------------------------------------------------------------------------------------


def _says(means: FloatArray, shift: FloatArray) -> FloatArray:
    found: FloatArray = 1 / (1 + np.exp(-(np.log(means / (1 - means)) + shift)))
    return found


def draw_repeats(
    world: World, transcripts: int, codes: int, repeats: int, rng: np.random.Generator
) -> IntArray:
    """Tables ``(R, T, 3 pairs, C, 4)``: two people, and a model that codes ``R`` times.

    The people say the same each time; the model answers each passage anew with the same chances,
    so that its repeats differ as much as such a model's can.
    """
    size = (transcripts, codes)
    units = np.maximum(20, rng.lognormal(np.log(90), 0.5, size)).astype(int)
    rate = rng.beta(world.rate * world.spread, (1 - world.rate) * world.spread, size)
    true = rng.binomial(units, rate)
    shift = rng.standard_normal((2, 3, *size)) * world.wobble
    tables = np.zeros((repeats, transcripts, 3, codes, 4), dtype=np.int64)
    for count, means, away in ((true, world.hits, 0), (units - true, world.alarms, 1)):
        first, second, model = (
            _says(np.full(size, m), shift[away, j]) for j, m in enumerate(means)
        )
        shares = np.stack(
            [
                first * second,
                first * (1 - second),
                (1 - first) * second,
                (1 - first) * (1 - second),
            ],
            axis=-1,
        )
        people = rng.multinomial(count, shares)  # both, first only, second only, neither
        yes = rng.binomial(people, model[..., None], (repeats, *people.shape))
        no = people - yes
        tables[:, :, 0] += people
        # Model with the first person, then with the second: both, person only, model only, neither.
        for pair, mine in ((1, (0, 1)), (2, (0, 2))):
            other = tuple(k for k in range(4) if k not in mine)
            tables[:, :, pair, :, 0] += yes[..., mine].sum(axis=-1)
            tables[:, :, pair, :, 1] += no[..., mine].sum(axis=-1)
            tables[:, :, pair, :, 2] += yes[..., other].sum(axis=-1)
            tables[:, :, pair, :, 3] += no[..., other].sum(axis=-1)
    return tables


def verdicts_of_repeats(
    world: World, transcripts: int, codes: int, repeats: int, seed: int
) -> tuple[float, float, float]:
    """Share of codes in lane ``accept``: of one run, the luckiest of all, the strictest."""
    rng = np.random.default_rng((seed, transcripts))
    done: list[BoolArray] = []
    many = max(20, 8_000 // transcripts)
    while sum(d.shape[1] for d in done) < codes:
        drawn = draw_repeats(world, transcripts, many, repeats, rng)
        done.append(np.stack([passes(one, Policy(), 1) for one in drawn]))
    accepted = np.concatenate(done, axis=1)[:, :codes]
    return (
        float(accepted[0].mean()),
        float(accepted.any(axis=0).mean()),
        float(accepted.all(axis=0).mean()),
    )


# --- tables --------------------------------------------------------------------------------------


def _samples(times: int, samples: int, seed: int) -> None:
    print(
        f"just above the bar, {times} batches    sample  first passes | one of {samples} passes: "
        "level falls | level stays"
    )
    for what in ("error", "missed"):
        for size in (60, 120, 240):
            rng = np.random.default_rng((seed, size))
            found = np.array(
                [
                    first_pass(
                        _Same(at_the_bar(what, 6, rng, Audit())), size, samples, seed * 100_003 + n
                    )
                    for n in range(times)
                ]
            )
            falls, stays = (found > 0).mean(axis=0)
            print(
                f"{what:34} {size:6}        {(found[:, 0] == 1).mean():.3f} |"
                f"                   {falls:.3f} |       {stays:.3f}",
                flush=True,
            )


def _repeats(times: int, samples: int, seed: int) -> None:
    print(
        f"\nrun repeated and audited until one of {samples} passes: a repeat above the bar passed, "
        "level falls | level stays"
    )
    for what, error, missed in (("error", 0.215, 0.10), ("missed", 0.05, 0.42)):
        for size in (60, 120, 240):
            rng = np.random.default_rng((seed, size, 1))
            found = np.array(
                [
                    first_pass(
                        _Again(make_batch(6, 80, RATES, error, missed, rng), error, missed, rng),
                        size,
                        samples,
                        seed * 100_003 + n,
                    )
                    for n in range(times)
                ]
            )
            falls, stays = (found > 0).mean(axis=0)
            print(f"{what:34} {size:6}        {falls:.3f} |       {stays:.3f}", flush=True)


def _verdicts(codes: int, repeats: int, seed: int) -> None:
    print(
        f"\ncode, model                              interviews  one run | luckiest of {repeats} | "
        "strictest"
    )
    very_clear = GOOD[2]
    for what, world in (
        ("very clear, as good", very_clear),
        ("very clear, kappa .06 below people's", worsened(very_clear, 0.06)),
        ("very clear, kappa .10 below people's", worsened(very_clear, 0.10)),
        ("common and clear, kappa .06 below", worsened(GOOD[1], 0.06)),
    ):
        for size in (12, 24, 50):
            one, luckiest, strictest = verdicts_of_repeats(world, size, codes, repeats, seed)
            print(
                f"{what:40} {size:10}    {one:.3f} |         {luckiest:.3f} |     {strictest:.3f}",
                flush=True,
            )


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--times", type=int, default=300, help="batches")
    parser.add_argument("--samples", type=int, default=6, help="samples of each batch at most")
    parser.add_argument("--codes", type=int, default=1000)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args()
    begun = time.perf_counter()
    _samples(given.times, given.samples, given.seed)
    _repeats(given.times, given.samples, given.seed)
    _verdicts(given.codes, given.repeats, given.seed)
    print(f"{time.perf_counter() - begun:.0f} s", file=sys.stderr)


if __name__ == "__main__":
    main()
