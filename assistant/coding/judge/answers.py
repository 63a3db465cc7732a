"""What a model's answers add to what is known without them.

A logistic regression whose starting point, for each cell, is the log-odds from the evidence alone
(an offset). Its few coefficients are pulled towards zero, so with few transcripts the result stays
near what the evidence says. Answers are kept only where they help on transcripts that they were
not fitted on: a weak model can do worse than none.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from assistant.coding.judge.passages import FloatArray

__all__ = ["AnswerFit", "fit_answers", "log_loss", "standardised"]

_PULL = 4.0
"""Strength of the pull towards zero: that of four codings against a coefficient of one."""


@dataclass(frozen=True)
class AnswerFit:
    """``log-odds = offset + intercept + answers @ coefficients``, answers as they were given."""

    mean: FloatArray
    scale: FloatArray
    coefficients: FloatArray
    """On standardised answers."""
    intercept: float

    def add(self, offset: FloatArray, answers: FloatArray) -> FloatArray:
        return np.asarray(
            offset + self.intercept + (answers - self.mean) / self.scale @ self.coefficients
        )


def standardised(values: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Mean and scale of each column; a constant column has scale 1."""
    scale = values.std(axis=0)
    return values.mean(axis=0), np.where(scale > 1e-9, scale, 1.0)


def fit_answers(offset: FloatArray, answers: FloatArray, share: FloatArray) -> AnswerFit:
    """Newton's method on the penalised likelihood.

    ``offset``: (cells,) log-odds; ``answers``: (cells, answers); ``share``: (cells,) share of
    people who applied the code.
    """
    mean, scale = standardised(answers)
    x = np.column_stack([np.ones(len(offset)), (answers - mean) / scale])
    theta = np.zeros(x.shape[1])
    pull = _PULL * np.eye(len(theta))
    for _ in range(50):
        p = _sigmoid(offset + x @ theta)
        gradient = x.T @ (p - share) + pull @ theta
        curvature = (x * (p * (1 - p))[:, None]).T @ x + pull
        step = np.linalg.solve(curvature, gradient)
        theta = theta - step
        if np.abs(step).max() < 1e-9:
            break
    return AnswerFit(mean, scale, theta[1:], float(theta[0]))


def log_loss(log_odds: FloatArray, share: FloatArray) -> float:
    """Mean surprise of people's codes, in nats a cell; smaller is better."""
    return float(np.mean(np.logaddexp(0.0, log_odds) - share * log_odds))


def _sigmoid(log_odds: FloatArray) -> FloatArray:
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(log_odds, -35.0, 35.0))))
