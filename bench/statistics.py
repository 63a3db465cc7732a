"""How fast are agreement statistics and their intervals?

    python -m bench.statistics            both sizes
    python -m bench.statistics --small    the small one only

Small: 10,000 units x 8 codes in 40 transcripts; kappa, alpha and AC1, each with 2,000 draws of
transcripts, counting included; target 2 s. Beside it, in the same run, what a draw costs in a loop
(100 draws are done) with scikit-learn, and with `krippendorff` where somebody installed it to
compare; it is under a licence that this project cannot take in, so it is no dependency of any
kind. Large: 100 interviews of 10,000 words, 40 codes, two people and a model, from spans to
headline, ceiling and difference with 2,000 draws; target 60 s and 1 GiB.
"""

from __future__ import annotations

import argparse
import importlib
import os
import resource
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np

from bench.measured import Measured, table
from eval.evaluation.ceiling import model_person, person_person
from eval.evaluation.difference import difference
from eval.evaluation.figures import by_code, summarise
from eval.further.spans import measure_spans
from eval.intervals.resampling import Method, Resampling, intervals
from eval.statistics.agreement import HEADLINE, STATISTICS
from eval.statistics.counts import PairCounts, count_cells
from eval.statistics.values import BoolArray, IntArray
from eval.units.building import build_units
from eval.units.records import CodedTranscript, CoderScope, CodingSpan, UnitPlan, UnitSegment
from eval.verdicts.planning import plan_next
from eval.verdicts.policy import Policy

DRAWS = 2000
IN_A_LOOP = 100
METHODS: tuple[Method, ...] = ("percentile", "bca", "jackknife-t")


def measure_small() -> Iterator[Measured | str]:
    rng = np.random.default_rng(0)
    units, codes, transcripts = 10_000, 8, 40
    first = rng.random((units, codes)) < 0.1
    second = np.where(rng.random((units, codes)) < 0.8, first, rng.random((units, codes)) < 0.1)
    transcript = np.sort(rng.integers(0, transcripts, units))
    names = tuple(map(str, range(transcripts))), tuple(map(str, range(codes)))
    for method in METHODS:
        begun = time.perf_counter()
        cells = count_cells(first, second, None, transcript, transcripts)
        pair = PairCounts("Ann", "Ben", *names, cells)
        for key in ("kappa", "alpha", "ac1"):
            estimator = by_code(pair.cells[:, None], STATISTICS[key])
            intervals(estimator, Resampling(method=method, resamples=DRAWS))
        spent = time.perf_counter() - begun
        yield Measured(f"10,000 units x 8 codes, 3 statistics, {method}", spent, "s", 2.0)
    yield from beside_others(first, second, transcript, transcripts)


def beside_others(
    first: BoolArray, second: BoolArray, transcript: IntArray, transcripts: int
) -> Iterator[Measured | str]:
    """Percentile intervals of one statistic of all codes, ours and draw by draw with a package."""
    from sklearn.metrics import cohen_kappa_score

    def with_krippendorff(package: Any, one: BoolArray, other: BoolArray) -> None:
        answers = np.stack([one, other]).astype(float)
        package.alpha(reliability_data=answers, level_of_measurement="nominal")

    found: list[tuple[str, str, Callable[[BoolArray, BoolArray], object]]] = [
        ("kappa", "scikit-learn", cohen_kappa_score)
    ]
    try:
        package = importlib.import_module("krippendorff")
        found.append(("alpha", "krippendorff", partial(with_krippendorff, package)))
    except ImportError:
        yield "  alpha draw by draw with the package krippendorff: not installed here"
    names = tuple(map(str, range(transcripts))), tuple(map(str, range(first.shape[1])))
    for key, what, one_code in found:
        begun = time.perf_counter()
        cells = count_cells(first, second, None, transcript, transcripts)
        pair = PairCounts("Ann", "Ben", *names, cells)
        estimator = by_code(pair.cells[:, None], STATISTICS[key])
        intervals(estimator, Resampling(method="percentile", resamples=DRAWS))
        ours = (time.perf_counter() - begun) / DRAWS
        units = [np.flatnonzero(transcript == t) for t in range(transcripts)]
        rng = np.random.default_rng(1)
        begun = time.perf_counter()
        for _ in range(IN_A_LOOP):
            drawn = np.concatenate([units[t] for t in rng.integers(0, transcripts, transcripts)])
            for code in range(first.shape[1]):
                one_code(first[drawn, code], second[drawn, code])
        theirs = (time.perf_counter() - begun) / IN_A_LOOP
        yield Measured(
            f"  {key} of 8 codes in a loop with {what}, as a multiple of ours",
            theirs / ours,
            "times",
            note=f"{theirs * 1000:.1f} ms a draw beside {ours * 1000:.3f}",
        )


def interview(number: int, codes: tuple[str, ...], rng: np.random.Generator) -> CodedTranscript:
    """10,000 words in segments of about 40, a third of them coded by each of three coders."""
    segments, pieces, at = [], [], 0
    for turn in range(250):
        words = int(rng.integers(20, 60))
        piece = " ".join(["word"] * words) + "\n\n"
        segments.append(UnitSegment(at, at + len(piece), "P", turn, turn % 2 == 0))
        pieces.append(piece)
        at += len(piece)
    spans = []
    for segment in segments:
        if rng.random() < 0.33:
            code = codes[int(rng.integers(len(codes)))]
            for coder in ("Ann", "Ben", "model"):
                said = code if rng.random() < 0.7 else codes[int(rng.integers(len(codes)))]
                spans.append(CodingSpan(coder, said, segment.start, segment.end))
    scopes = tuple(CoderScope(coder) for coder in ("Ann", "Ben", "model"))
    return CodedTranscript(f"i{number}", "".join(pieces), tuple(segments), tuple(spans), scopes)


def measure_large() -> Iterator[Measured | str]:
    rng = np.random.default_rng(0)
    codes = tuple(f"code {c}" for c in range(40))
    transcripts = [interview(i, codes, rng) for i in range(100)]
    words = sum(len(t.text.split()) for t in transcripts)
    for method in METHODS:
        begun = time.perf_counter()
        settings = Resampling(method=method, resamples=DRAWS)
        matrix = build_units(transcripts, UnitPlan(codes, ("Ann", "Ben", "model")))
        built = time.perf_counter() - begun
        people = ("Ann", "Ben")
        summarise(model_person(matrix, people, "model"), HEADLINE, settings)
        summarise(person_person(matrix, people), HEADLINE, settings, both_ways=True)
        difference(matrix, people, "model", settings=settings)
        spent = time.perf_counter() - begun
        yield Measured(
            f"100 interviews, {words:,} words, 40 codes, {method}",
            spent,
            "s",
            60.0,
            f"units {built:.1f} s",
        )
    begun = time.perf_counter()
    pairs = [("Ann", "Ben"), ("Ann", "model"), ("Ben", "model")]
    measure_spans(transcripts, codes, pairs[:1], Resampling())
    measure_spans(transcripts, codes, pairs[1:], Resampling())
    yield Measured("  the same, marked passages", time.perf_counter() - begun, "s", 60.0)
    begun = time.perf_counter()
    plan_next(matrix, ("Ann", "Ben"), Policy(), lanes={}, missing={})
    yield Measured("  the same, what to code next", time.perf_counter() - begun, "s", 60.0)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    in_bytes = peak if sys.platform == "darwin" else peak * 1024
    yield Measured("  most memory", in_bytes / 2**20, "MiB", 1024.0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--small", action="store_true")
    given = parser.parse_args()
    rows: list[Measured | str] = []
    if hasattr(os, "getloadavg"):
        waiting, cores = os.getloadavg()[0], f"{os.cpu_count()} cores"
        rows.append(Measured("processes waiting for a core at the start", waiting, "", note=cores))
    rows += measure_small()
    if not given.small:
        rows += measure_large()
    print(table(rows))


if __name__ == "__main__":
    main()
