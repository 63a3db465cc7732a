"""How often is a comparison of two runs that differ by chance alone called different?

Both runs of a comparison find passages equally often; in each transcript each is a little better
or worse by chance (A/A). Also with how many transcripts a true difference is found.

    python -m bench.comparing            prints the table that stands in docs/compare.md
"""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import replace

import numpy as np

from bench.coverage import WORLDS, World, draw
from eval.compare.answers import answers_of
from eval.statistics.values import IntArray

TRANSCRIPTS = (6, 8, 12, 24, 50)
CODES_OF_EACH = 3


def tables(
    transcripts: int, rng: np.random.Generator, *, worse: float = 0.0, wobble: float | None = None
) -> IntArray:
    """``(T, 1, 2, C, 4)``: a person with either run, three codes of each kind of `WORLDS`.

    ``worse``: by how much less often the first run finds a passage than the second. ``wobble``:
    how much a run differs from itself between transcripts (None: as in each world).
    """
    parts = []
    for world in WORLDS:
        found = world.hits[1]
        alike = replace(
            world,
            hits=(world.hits[0], found - worse, found),
            alarms=(world.alarms[0], world.alarms[1], world.alarms[1]),
            wobble=world.wobble if wobble is None else wobble,
        )
        parts.append(_with_person(alike, transcripts, rng))
    return np.concatenate(parts, axis=2)[:, None]


def _with_person(world: World, transcripts: int, rng: np.random.Generator) -> IntArray:
    return draw(world, transcripts, CODES_OF_EACH, rng)[:, :2]


def share_different(
    transcripts: int, times: int, seed: int, *, worse: float = 0.0, wobble: float | None = None
) -> tuple[float, float, float]:
    """Shares of comparisons: anything called different; all codes together; "no change" there."""
    rng = np.random.default_rng((seed, transcripts, round(worse * 1000)))
    codes = [f"code {n}" for n in range(CODES_OF_EACH * len(WORLDS))]
    family = together = same = 0
    for _ in range(times):
        found = answers_of(tables(transcripts, rng, worse=worse, wobble=wobble), codes)
        family += found.different
        together += found.together.answer in ("better", "worse")
        same += found.together.answer == "no change"
    return family / times, together / times, same / times


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--times", type=int, default=400, help="comparisons for each number")
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args()
    begun = time.perf_counter()
    print(
        "| Transcripts | A/A: anything called different | A/A: all codes together | Found: recall "
        ".10 better | Found: recall .20 better |"
    )
    print("| ---: | ---: | ---: | ---: | ---: |")
    for transcripts in TRANSCRIPTS:
        alike = share_different(transcripts, given.times, given.seed)
        some = share_different(transcripts, given.times // 2, given.seed, worse=0.10)
        much = share_different(transcripts, given.times // 2, given.seed, worse=0.20)
        print(
            f"| {transcripts} | {alike[0]:.1%} | {alike[1]:.1%} | {some[0]:.0%} | {much[0]:.0%} |",
            flush=True,
        )
    print(f"{time.perf_counter() - begun:.0f} s", file=sys.stderr)


if __name__ == "__main__":
    main()
