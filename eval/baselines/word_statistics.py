"""A classifier that knows nothing but words: the baseline that a model has to beat.

Weights of words and pairs of words (TF-IDF) go into one linear ridge classifier a code. Least
squares instead of logistic regression, because its predictions without a transcript, and without
two, follow from one solution in closed form (the block form of the leave-one-out identity; Cook &
Weisberg 1982, Residuals and Influence in Regression, ch. 2). So no answer for a transcript has
seen its labels, and no bar either: the bar above which a score means yes is where, in the other
transcripts, as many units lie above as people say yes to, by scores that have seen neither
transcript. What is not known of a code in a unit (nobody looked, or under an older definition)
counts as the code's mean in the transcripts that may be used, never in all. Which words are rare
is counted in all transcripts; that uses no label.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any

import numpy as np

from eval.statistics.values import BoolArray, FloatArray, IntArray

__all__ = ["predict"]

PENALTY = 1.0
DUAL_UP_TO = 4500
"""Units up to which the kernel of all units is solved; above, a limited vocabulary is."""
ALONE_UP_TO = 2000
"""Units up to which one thread does the solving."""
VOCABULARY = 2500
MAX_FOLDS = 12
LARGE_FOLDS = 5
FEWEST = 2
"""Positives, and transcripts with one, below which a code cannot be learned."""


def predict(texts: Sequence[str], wanted: FloatArray, transcript: IntArray) -> BoolArray:
    """Yes or no for every unit and code from the other transcripts, ``(U, C)``.

    ``wanted`` ``(U, C)`` is the share of people who say yes, nan where nobody looked. A unit that
    nobody looked at teaches nothing. With fewer than three labelled transcripts there is nothing
    to learn from, and the answer is no everywhere.
    """
    answer = np.zeros(wanted.shape, dtype=bool)
    known = np.isfinite(wanted)
    labelled: BoolArray = np.asarray(known.any(axis=1))
    fold = _folds(transcript, labelled)
    if fold is None or not any(text.strip() for text in texts):
        return answer
    learn = np.flatnonzero(labelled)
    labels = _Labels(np.where(known, wanted, 0.0)[learn], known[learn])
    features = _features(texts, limited=len(learn) > DUAL_UP_TO)
    if features is None:
        return answer
    with _few_threads(len(learn)):
        return _answered(answer, features, learn, labels, fold, transcript)


def _few_threads(units: int) -> AbstractContextManager[object]:
    """One thread for what is solved in no time. Where other programs keep the cores busy, threads
    that waited for one another took more than half of an evaluation's computing time (measured)."""
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    limited: AbstractContextManager[object]
    limited = threadpool_limits(1) if units <= ALONE_UP_TO else nullcontext()
    return limited


def _answered(
    answer: BoolArray,
    features: Any,
    learn: IntArray,
    labels: _Labels,
    fold: IntArray,
    transcript: IntArray,
) -> BoolArray:
    """`predict` once it is known what can be learned from; fills in ``answer``."""
    place = fold[learn]
    solver = _Dual if len(learn) <= DUAL_UP_TO else _Primal
    solved = solver(features[learn])
    count = int(fold.max()) + 1

    def scores(*folds: int) -> tuple[IntArray, FloatArray]:
        """Of the units of ``folds`` by a classifier without them, with these units."""
        units = np.flatnonzero(np.isin(place, folds))
        return units, solved.scores(units, labels.without(units))

    without = {(f, g): scores(f, g) for g in range(count) for f in range(g)}
    for f in range(count):
        units, own = scores(f)
        bar = _bars(f, count, place, labels, without, transcript[learn])
        answer[learn[units]] = own > bar
    rest = np.setdiff1d(np.arange(len(answer)), learn)
    if len(rest):
        # Nobody coded these: everything may be used, with the bars of the last fold's kind.
        bar = _bars(-1, count, place, labels, without, transcript[learn])
        every = labels.without(np.zeros(0, dtype=np.int64))
        answer[rest] = solved.apply(features[rest], every) > bar
    return answer


@dataclass(frozen=True, slots=True)
class _Labels:
    """What people say about the units to learn from, ``(L, C)``."""

    values: FloatArray
    """0 where it is not known."""
    known: BoolArray

    def without(self, units: IntArray) -> FloatArray:
        """Targets that hold nothing of what is known about ``units``; theirs are 0."""
        used = self.known.copy()
        used[units] = False
        sums = np.where(used, self.values, 0.0).sum(axis=0)
        # What is not known of a code in a unit is neither yes nor no: it counts as the mean.
        target = np.where(used, self.values, sums / np.maximum(used.sum(axis=0), 1))
        target[units] = 0.0
        return target


def _folds(transcript: IntArray, labelled: BoolArray) -> IntArray | None:
    """The fold of each unit: a transcript each, or, with many, several a fold."""
    names = np.unique(transcript[labelled])
    if len(names) < 3:
        return None
    limit = MAX_FOLDS if labelled.sum() <= DUAL_UP_TO else LARGE_FOLDS
    fold = np.zeros(int(transcript.max()) + 1, dtype=np.int64)
    fold[names] = np.arange(len(names)) % min(limit, len(names))
    return np.asarray(fold[transcript])


def _features(texts: Sequence[str], *, limited: bool) -> Any:
    from sklearn.feature_extraction.text import TfidfVectorizer

    make = TfidfVectorizer(
        sublinear_tf=True,
        min_df=2,
        ngram_range=(1, 1) if limited else (1, 2),
        max_features=VOCABULARY if limited else None,
        token_pattern=r"(?u)\b\w+\b",
        dtype=np.float32,
    )
    try:
        return make.fit_transform(texts)
    except ValueError:  # no word occurs twice
        return None


def _bars(
    left_out: int,
    folds: int,
    place: IntArray,
    labels: _Labels,
    without: dict[tuple[int, int], tuple[IntArray, FloatArray]],
    transcript: IntArray,
) -> FloatArray:
    """Per code, the score that as many units of the other folds reach as are positive there."""
    scores, kept = [], []
    for other in range(folds):
        if other == left_out:
            continue
        # For units that are in no fold, any second fold may be missing from the scores.
        partner = left_out if left_out >= 0 else (other + 1) % folds
        units, found = without[min(other, partner), max(other, partner)]
        mine = place[units] == other
        scores.append(found[mine])
        kept.append(units[mine])
    units = np.concatenate(kept)
    known, values = labels.known[units], labels.values[units]
    found = np.where(known, np.concatenate(scores), -np.inf)
    expected = np.rint(values.sum(axis=0)).astype(np.int64)
    ordered = -np.sort(-found, axis=0)
    at = np.clip(expected, 0, len(units) - 1)
    bar = np.take_along_axis(ordered, at[None], axis=0)[0]
    positive = values > 0
    spread = np.array([len(np.unique(transcript[units[column]])) for column in positive.T])
    learnable = (positive.sum(axis=0) >= FEWEST) & (spread >= FEWEST)
    return np.where(learnable, bar, np.inf)


def _inverse(matrix: FloatArray) -> FloatArray:
    """Of a positive definite matrix, by Cholesky: half the work of a general inverse."""
    from scipy.linalg import lapack  # type: ignore[import-untyped]

    factor, wrong = lapack.spotrf(matrix, lower=1, clean=1, overwrite_a=1)
    lower, wrong_too = lapack.spotri(factor, lower=1, overwrite_c=1)
    if wrong or wrong_too:
        raise ArithmeticError("the kernel of words is not positive definite")
    whole: FloatArray = np.tril(lower) + np.tril(lower, -1).T
    return whole


class _Dual:
    """Ridge regression by the kernel of all units: A = (K + penalty)^-1, weights A y.

    Without the units S, the predictions for them are y_S - A_SS^-1 (A y)_S. They are the same for
    any y_S, so that 0 is put in its place: then not even rounding knows it.
    """

    def __init__(self, features: Any) -> None:
        self.features = features
        kernel = (features @ features.T).toarray().astype(np.float32)
        kernel += 1.0  # a constant word: the intercept
        kernel[np.diag_indices_from(kernel)] += PENALTY
        self.inverse = _inverse(kernel)

    def scores(self, units: IntArray, target: FloatArray) -> FloatArray:
        """Of ``units`` by a classifier without them; ``target`` is 0 there."""
        rows = self.inverse[units]
        weights = rows @ target.astype(np.float32)
        return -np.linalg.solve(rows[:, units], weights).astype(np.float64)

    def apply(self, features: Any, target: FloatArray) -> FloatArray:
        kernel = (features @ self.features.T).toarray() + 1.0
        return np.asarray(kernel @ (self.inverse @ target), dtype=np.float64)


class _Primal:
    """The same by the sums of products of words, for many units and few words."""

    def __init__(self, features: Any) -> None:
        from scipy import sparse  # type: ignore[import-untyped]

        ones = sparse.csr_matrix(np.ones((features.shape[0], 1), dtype=np.float32))
        self.features = sparse.hstack([features, ones]).tocsr()
        self.products = (self.features.T @ self.features).toarray().astype(np.float64)

    def _weights(self, units: IntArray, target: FloatArray) -> FloatArray:
        """Fitted without these units, whose targets are 0."""
        part = self.features[units]
        products = self.products - (part.T @ part).toarray()
        products[np.diag_indices_from(products)] += PENALTY
        solved: FloatArray = np.linalg.solve(products, np.asarray(self.features.T @ target))
        return solved

    def scores(self, units: IntArray, target: FloatArray) -> FloatArray:
        return np.asarray(self.features[units] @ self._weights(units, target))

    def apply(self, features: Any, target: FloatArray) -> FloatArray:
        weights = self._weights(np.zeros(0, dtype=np.int64), target)
        return np.asarray(features @ weights[:-1] + weights[-1])
