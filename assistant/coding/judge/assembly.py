"""Evidence and the model's answers together, as rows for calibration and for prediction.

With a model, only cells that were asked about and answered are judged; without one, every cell is.
A cell whose question failed has no probability: it is neither a yes nor a no.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from assistant.coding.judge.calibration import Fit, Rows
from assistant.coding.judge.evidence import Evidence
from assistant.coding.judge.passages import CodedPassages, FloatArray

__all__ = ["calibration_rows", "probabilities", "with_answers"]


def with_answers(evidence: Evidence, log_odds: FloatArray) -> Evidence:
    """The evidence with two more columns: the answer's log-odds, and how far they are above the
    mean of the answers on the same transcript, because a model's readiness to say yes differs from
    interview to interview. ``log_odds``: (segments, codes), NaN where there is no answer.
    """
    if log_odds.shape != evidence.values.shape[:2]:
        raise ValueError("log-odds and evidence are about different cells")
    answered = np.isfinite(log_odds)
    level = log_odds[answered].mean() if answered.any() else 0.0
    columns = np.stack([log_odds, log_odds - level], axis=-1)
    return Evidence(
        (*evidence.names, "log_odds", "log_odds_above_mean"),
        np.concatenate([evidence.values, columns], axis=-1),
    )


def calibration_rows(evidence: Evidence, coded: CodedPassages) -> Rows:
    """The judged cells of a transcript that people coded, with what they said.

    ``evidence`` must be made without this transcript's own human codes.
    """
    judged = _judged(evidence)
    people = np.stack(coded.people)
    return Rows(
        transcript=coded.sha256,
        features=evidence.values[judged],
        people=people[:, judged],
        cells=int(judged.size),
        positives=tuple(int(person.sum()) for person in people),
    )


def probabilities(fit: Fit, evidence: Evidence) -> FloatArray:
    """(segments, codes): the calibrated probability, NaN where there is no answer."""
    judged = _judged(evidence)
    result = np.full(judged.shape, np.nan)
    result[judged] = fit.probability(evidence.values[judged], evidence.names)
    return result


def _judged(evidence: Evidence) -> NDArray[np.bool_]:
    return np.asarray(np.isfinite(evidence.values).all(axis=-1))
