"""Matrices of units by codes for tests, made from chance with a seed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from eval.units.records import LeftOut, UnitMatrix
from eval.units.words import DEFAULT_RULE


def matrix_of(
    positive: ArrayLike,
    scope: ArrayLike | None = None,
    transcript: ArrayLike | None = None,
    coders: Sequence[str] | None = None,
    codes: tuple[str, ...] | None = None,
) -> UnitMatrix:
    positive = np.asarray(positive, dtype=bool)
    k, u, c = positive.shape
    scope = np.ones_like(positive) if scope is None else np.asarray(scope, dtype=bool)
    transcript = np.zeros(u, dtype=np.int64) if transcript is None else np.asarray(transcript)
    names = coders or tuple(f"P{i + 1}" for i in range(k))
    return UnitMatrix(
        transcripts=tuple(f"t{i + 1}" for i in range(int(transcript.max()) + 1)),
        codes=codes or tuple(f"c{i + 1}" for i in range(c)),
        coders=tuple(names),
        unit="segment",
        rule=DEFAULT_RULE,
        transcript=transcript,
        segment=np.stack([np.arange(u), np.arange(u) + 1], axis=1),
        words=np.full(u, 20),
        positive=positive & scope,
        scope=scope,
        left_out=LeftOut(),
    )


def noisy(
    errors: Sequence[float],
    *,
    transcripts: int = 10,
    units: int = 60,
    codes: int = 4,
    rate: float = 0.15,
    seed: int = 0,
    coders: Sequence[str] | None = None,
) -> UnitMatrix:
    """Coders who each get a hidden truth wrong in their share of ``errors``."""
    rng = np.random.default_rng(seed)
    total = transcripts * units
    truth = rng.random((total, codes)) < rate
    positive = np.stack([truth ^ (rng.random(truth.shape) < error) for error in errors])
    return matrix_of(positive, transcript=np.repeat(np.arange(transcripts), units), coders=coders)
