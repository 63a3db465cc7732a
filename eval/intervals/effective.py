"""How many independent units transcripts are worth, and what a number of them cannot rule out."""

from __future__ import annotations

import numpy as np

from eval.statistics.values import FloatArray

__all__ = ["WITHIN", "effective_transcripts", "effective_units", "unseen"]

WITHIN = 0.2
"""Assumed share of variance between transcripts where the data show none; see `unseen`."""


def effective_transcripts(mass: FloatArray) -> FloatArray:
    """Kish's effective number of transcripts, (sum m)^2 / sum m^2; ``mass`` ``(T, ...)``."""
    squares = (mass**2).sum(axis=0)
    effective: FloatArray = mass.sum(axis=0) ** 2 / np.where(squares > 0, squares, 1.0)
    return effective


def effective_units(mass: FloatArray) -> FloatArray:
    """Units divided by the design effect 1 + (m - 1) * .2, m units a transcript (Kish 1965)."""
    total = mass.sum(axis=0)
    size = (mass**2).sum(axis=0) / np.where(total > 0, total, 1.0)
    effective: FloatArray = total / np.maximum(1 + (size - 1) * WITHIN, 1.0)
    return effective


def unseen(units: FloatArray, tail: FloatArray | float) -> FloatArray:
    """How far off a figure may be although all transcripts give the same one.

    Ten hits in ten do not mean that there are never misses. The exact bound for n of n is
    tail^(1/n) (Clopper & Pearson 1934, Biometrika 26, 404-413), n being effective units.
    """
    short: FloatArray = 1 - tail ** (1 / np.maximum(units, 1e-9))
    return short
