"""A model's answers are added to the evidence where they help, and left out where they do not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from assistant.coding.judge.answers import fit_answers, log_loss
from assistant.coding.judge.calibration import Fit, Rows, calibrate

ANSWERS = ("log_odds",)


def transcripts(
    count: int, *, told: float, seed: int = 1, answered: int | None = None
) -> list[Rows]:
    """Cells whose codes depend on one feature and on something that only the answers know.

    ``told``: how much of it the answers tell (0: they are noise).
    """
    draw = np.random.default_rng(seed)
    made = []
    for number in range(count):
        feature, hidden = draw.normal(size=(2, 400))
        chance = 1 / (1 + np.exp(-(feature + 1.5 * hidden - 2)))
        people = (draw.random((2, 400)) < chance).astype(bool)
        answers = told * hidden + draw.normal(size=400)
        made.append(
            Rows(
                f"sha256:{number}",
                feature[:, None],
                people,
                400,
                tuple(int(p.sum()) for p in people),
                answers[:, None] if answered is None or number < answered else None,
            )
        )
    return made


def fitted(rows: list[Rows]) -> Fit:
    fit = calibrate(rows, ("feature",), "r", ANSWERS)
    assert isinstance(fit, Fit)
    return fit


def test_answers_that_help_are_part_of_the_fit() -> None:
    fit = fitted(transcripts(4, told=1.0))
    assert fit.features == ("feature", "log_odds")
    assert fit.answered == tuple(f"sha256:{n}" for n in range(4))
    assert fit.coefficients[1] > 0.3
    without = fitted([replace(r, answers=None) for r in transcripts(4, told=1.0)])
    assert (without.features, without.answered) == (("feature",), ())
    assert fit.kappa is not None
    assert without.kappa is not None
    assert fit.kappa > without.kappa


@pytest.mark.slow
def test_answers_that_are_noise_are_mostly_left_out_and_never_hurt_much() -> None:
    """Noise helps by chance now and then, with coefficients near zero."""
    kept = 0
    for seed in range(20):
        fit = fitted(transcripts(4, told=0.0, seed=seed))
        assert fit.answers_tried
        if fit.answered:
            kept += 1
            assert abs(fit.coefficients[1]) < 0.3
    assert kept <= 8


def test_few_answered_transcripts_leave_the_evidence_of_all_as_it_was() -> None:
    """Two answered interviews of eight: what all eight teach stays, answers come on top."""
    rows = transcripts(8, told=1.0, answered=2)
    fit = fitted(rows)
    alone = fitted([replace(r, answers=None) for r in rows])
    assert fit.answered == ("sha256:0", "sha256:1")
    assert fit.transcripts == alone.transcripts
    assert fit.coefficients[0] == alone.coefficients[0]
    assert fit.coefficients[1] > 0


def test_one_answered_transcript_is_not_learned_from() -> None:
    fit = fitted(transcripts(4, told=1.0, answered=1))
    assert not fit.answers_tried
    assert fit.features == ("feature",)


def test_joined_and_apart_give_the_same_log_odds() -> None:
    rows = transcripts(4, told=1.0)
    fit = fitted(rows)
    alone = fitted([replace(r, answers=None) for r in rows])
    assert rows[0].answers is not None
    joined = fit.log_odds(np.column_stack([rows[0].features, rows[0].answers]), fit.features)
    difference = joined - alone.log_odds(rows[0].features, alone.features)
    # What is added depends on the answer alone, and grows with it in a straight line.
    slope, intercept = np.polyfit(rows[0].answers[:, 0], difference, 1)
    assert difference == pytest.approx(slope * rows[0].answers[:, 0] + intercept, abs=1e-6)
    assert slope > 0


def test_with_nothing_to_learn_nothing_is_added() -> None:
    # Where people say yes as often as the offset expects, all coefficients are 0.
    offset = np.log(np.array([0.2, 0.2, 0.6, 0.6]) / np.array([0.8, 0.8, 0.4, 0.4]))
    share = np.array([0.2, 0.2, 0.6, 0.6])
    answers = np.array([[1.0], [-1.0], [1.0], [-1.0]])
    added = fit_answers(offset, answers, share)
    assert added.coefficients == pytest.approx([0.0], abs=1e-9)
    assert added.add(offset, answers) == pytest.approx(offset, abs=1e-9)


def test_log_loss_by_hand() -> None:
    # Log-odds 0 is a chance of one half: ln 2 whatever is said.
    assert log_loss(np.array([0.0, 0.0]), np.array([1.0, 0.0])) == pytest.approx(np.log(2))
    # Chance 3/4 and yes: -ln(3/4).
    assert log_loss(np.array([np.log(3)]), np.array([1.0])) == pytest.approx(-np.log(0.75))
