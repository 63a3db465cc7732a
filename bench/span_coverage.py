"""How often do 95% intervals of the figures about marked words hold the true figure?

    python -m bench.span_coverage                    12 transcripts, 1,000 samples
    python -m bench.span_coverage --transcripts 24

Interviews are invented in which two people mark passages: codes are common in some and absent from
others, people are better in some than in others, borders differ by some words and codes are taken
for each other. The true figure is that of the whole population of interviews; samples are drawn
from it and go through the code that makes the reports. Counted are samples in which a figure has
an interval.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator

import numpy as np

from eval.further.span_sums import sum_spans
from eval.further.spans import SpanResult, span_figures
from eval.intervals.resampling import Interval, Method, Resampling
from eval.statistics.values import is_defined
from eval.units.records import CodedTranscript, CoderScope, CodingSpan, UnitSegment

CODES = ("common", "rare", "hard")
RATES = (0.12, 0.03, 0.06)
HITS = (0.90, 0.85, 0.65)
"""Share of the true passages of each code that a person finds, on average."""
ALARMS = (0.010, 0.004, 0.020)
SWAPPED = 0.10
"""Share of marks that get another code."""
WOBBLE = 0.5
"""Standard deviation, over transcripts, of the logits of hits and alarms."""
SPREAD = 15
POPULATION = 1500
METHODS: tuple[Method, ...] = ("jackknife-t", "percentile")


def interview(number: int, rng: np.random.Generator) -> CodedTranscript:
    """About 60 paragraphs of 20 to 60 words of five letters, marked by two people."""
    words = rng.integers(20, 60, max(20, int(rng.lognormal(np.log(60), 0.4))))
    ends = np.cumsum(words * 6)
    segments = [
        UnitSegment(int(end - size * 6), int(end), "P", n)
        for n, (end, size) in enumerate(zip(ends, words, strict=True))
    ]
    rates = np.array([rng.beta(rate * SPREAD, (1 - rate) * SPREAD) for rate in RATES])
    true = rng.random((len(segments), len(CODES))) < rates
    begin = (rng.random(true.shape) * 0.4 * words[:, None]).astype(int)
    size = np.maximum(4, rng.random(true.shape) * words[:, None] * 0.6).astype(int)
    spans = []
    for person in ("Ann", "Ben"):
        said = []
        for means in (HITS, ALARMS):
            shares = np.array(means)
            logit = np.log(shares / (1 - shares)) + rng.standard_normal(len(CODES)) * WOBBLE
            said.append(1 / (1 + np.exp(-logit)))
        marks = rng.random(true.shape) < np.where(true, said[0], said[1])
        for n, c in zip(*np.nonzero(marks), strict=True):
            first = int(np.clip(begin[n, c] + rng.integers(-3, 4), 0, words[n] - 2))
            last = int(np.clip(begin[n, c] + size[n, c] + rng.integers(-5, 6), first + 1, words[n]))
            code = CODES[int(rng.integers(len(CODES)))] if rng.random() < SWAPPED else CODES[c]
            start = segments[n].start
            spans.append(CodingSpan(person, code, start + first * 6, start + last * 6))
    scopes = (CoderScope("Ann"), CoderScope("Ben"))
    text = "words " * int(words.sum())
    return CodedTranscript(f"i{number}", text, tuple(segments), tuple(spans), scopes)


def figures(found: SpanResult) -> Iterator[tuple[str, str, Interval]]:
    """Figure, code, value."""
    for row in (found.together, *found.codes):
        yield "character F1", row.code, row.character_f1
        yield "common share", row.code, row.iou
        for at, value in row.matched.items():
            yield f"matched {at}", row.code, value
        yield "u-alpha", row.code, row.u_alpha
        if row is not found.together:
            yield "(k)u-alpha", row.code, row.kind_alpha
    yield "|u-alpha", found.together.code, found.binary
    yield "cu-alpha", found.together.code, found.common


def measure(
    transcripts: int, samples: int, method: Method, seed: int
) -> dict[tuple[str, str], tuple[float, float, float, float, float]]:
    """Figure and code -> truth; shares that hold it and lie above it; width; share with ends."""
    rng = np.random.default_rng(seed)
    made = sum_spans([interview(i, rng) for i in range(POPULATION)], CODES, [("Ann", "Ben")])
    assert made is not None
    population, several = made
    truth: dict[tuple[str, str], float] = {}
    for name, code, value in figures(span_figures(population, several, Resampling())):
        assert is_defined(value.estimate)
        truth[name, code] = value.estimate
    kept: dict[tuple[str, str], list[tuple[float, float]]] = {key: [] for key in truth}
    settings = Resampling(method=method, resamples=500)
    for _ in range(samples):
        drawn = population.of(rng.integers(0, POPULATION, transcripts))
        for name, code, value in figures(span_figures(drawn, several, settings)):
            if is_defined(value.low) and is_defined(value.high):
                kept[name, code].append((value.low, value.high))
    rows = {}
    for key, ends in kept.items():
        low, high = np.array(ends).reshape(-1, 2).T
        held = float(((low <= truth[key]) & (truth[key] <= high)).mean())
        above = float((low > truth[key]).mean())
        rows[key] = (truth[key], held, above, float((high - low).mean()), len(ends) / samples)
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--transcripts", type=int, default=12)
    parser.add_argument("--samples", type=int, default=1000)
    parser.add_argument("--method", choices=METHODS, default=METHODS[0])
    parser.add_argument("--seed", type=int, default=13)
    given = parser.parse_args()
    begun = time.perf_counter()
    rows = measure(given.transcripts, given.samples, given.method, given.seed)
    print(f"{given.transcripts} transcripts, {given.samples} samples, {given.method}")
    print("figure         code        truth   held   above   width   with an interval")
    for (name, code), (truth, held, above, width, share) in rows.items():
        ends = f"{held:.3f}   {above:.3f}   {width:.2f}   {share:.2f}"
        print(f"{name:14} {code:10} {truth:6.3f}  {ends}")
    print("\nmean, least and most over codes that stand alone and over all together")
    for name in dict.fromkeys(name for name, _ in rows):
        mine = [row for (figure, _), row in rows.items() if figure == name]
        shares = [row[1] for row in mine]
        furthest = max(row[2] for row in mine)
        print(
            f"{name:14} {np.mean(shares):.3f}  {min(shares):.3f} to {max(shares):.3f}   above at "
            f"most {furthest:.3f}   width {np.mean([row[3] for row in mine]):.2f}"
        )
    print(f"{time.perf_counter() - begun:.0f} s")


if __name__ == "__main__":
    main()
