"""What could be had without a model: never, the commonest code, chance, and counting words.

Each baseline is a matrix of yes and no like a coder's, so that it is measured like one. What it
learns about a transcript comes from the other transcripts only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from eval.statistics.values import BoolArray, FloatArray
from eval.units.records import CodedTranscript, UnitMatrix

__all__ = [
    "BASELINES",
    "commonest",
    "matched_random",
    "never",
    "unit_texts",
    "with_baselines",
    "with_coder",
    "word_statistics",
]

BASELINES = ("never", "commonest", "random", "word statistics")
"""Names under which `with_baselines` adds them as coders."""


def never(matrix: UnitMatrix) -> BoolArray:
    """Says yes to nothing, ``(U, C)``."""
    return np.zeros(matrix.positive.shape[1:], dtype=bool)


def _uses(matrix: UnitMatrix, people: Sequence[str]) -> tuple[FloatArray, FloatArray]:
    """Yes and answers of all people, by transcript and code ``(T, C)``."""
    chosen = [matrix.coder(person) for person in people]
    size = (len(matrix.transcripts), len(matrix.codes))
    yes, seen = np.zeros(size), np.zeros(size)
    np.add.at(yes, matrix.transcript, matrix.positive[chosen].sum(axis=0))
    np.add.at(seen, matrix.transcript, matrix.scope[chosen].sum(axis=0))
    return yes, seen


def _elsewhere(by_transcript: FloatArray) -> FloatArray:
    """For each transcript, the sum over the others."""
    return np.asarray(by_transcript.sum(axis=0) - by_transcript)


def commonest(matrix: UnitMatrix, people: Sequence[str]) -> BoolArray:
    """In every unit the code that people use most in the other transcripts, ``(U, C)``.

    The first in the order of codes where two are used alike; none where nothing is used.
    """
    yes, _ = _uses(matrix, people)
    most = _elsewhere(yes)
    answer = np.zeros(matrix.positive.shape[1:], dtype=bool)
    best = most.argmax(axis=1)[matrix.transcript]
    used = most.max(axis=1)[matrix.transcript] > 0
    answer[np.flatnonzero(used), best[used]] = True
    return answer


def matched_random(matrix: UnitMatrix, people: Sequence[str], seed: int) -> BoolArray:
    """Yes by chance, as often as people say it in the other transcripts, ``(U, C)``."""
    yes, seen = (_elsewhere(part) for part in _uses(matrix, people))
    rate = np.where(seen > 0, yes / np.maximum(seen, 1), 0.0)
    drawn = np.random.default_rng(seed).random(matrix.positive.shape[1:])
    return np.asarray(drawn < rate[matrix.transcript])


def word_statistics(matrix: UnitMatrix, people: Sequence[str], texts: Sequence[str]) -> BoolArray:
    """What a classifier of words says that learned from the other transcripts, ``(U, C)``.

    ``texts`` are those of the units (see `unit_texts`). See `eval.baselines.word_statistics`.
    """
    from eval.baselines.word_statistics import predict  # loads scikit-learn

    chosen = [matrix.coder(person) for person in people]
    seen = matrix.scope[chosen].sum(axis=0)
    yes = matrix.positive[chosen].sum(axis=0)
    wanted = np.where(seen > 0, yes / np.maximum(seen, 1), np.nan)
    return predict(list(texts), wanted, matrix.transcript)


def unit_texts(matrix: UnitMatrix, transcripts: Sequence[CodedTranscript]) -> list[str]:
    """The words of each unit; ``transcripts`` are those that the matrix was built from."""
    found = []
    for t, (first, last) in zip(matrix.transcript, matrix.segment, strict=True):
        source = transcripts[int(t)]
        found.append(source.text[source.segments[first].start : source.segments[last - 1].end])
    return found


def with_coder(
    matrix: UnitMatrix, name: str, positive: BoolArray, scope: BoolArray | None = None
) -> UnitMatrix:
    """The same with one more coder ``(U, C)``; without a scope one who looked everywhere.

    For codes of larger units, cells that nobody answers stay without an answer.
    """
    if name in matrix.coders:
        raise ValueError(f"there is a coder {name} already")
    where: BoolArray = np.asarray(matrix.scope.any(axis=0)) if scope is None else scope
    return replace(
        matrix,
        coders=(*matrix.coders, name),
        positive=np.concatenate([matrix.positive, (positive & where)[None]]),
        scope=np.concatenate([matrix.scope, where[None]]),
    )


def with_baselines(
    matrix: UnitMatrix, people: Sequence[str], texts: Sequence[str], seed: int
) -> UnitMatrix:
    """The same with every baseline as a coder, named as in `BASELINES`."""
    answers = (
        never(matrix),
        commonest(matrix, people),
        matched_random(matrix, people, seed),
        word_statistics(matrix, people, texts),
    )
    scope = np.asarray(matrix.scope.any(axis=0))
    for name, answer in zip(BASELINES, answers, strict=True):
        matrix = with_coder(matrix, name, answer, scope)
    return matrix
