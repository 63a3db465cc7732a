"""Which evidence, calibrated on which transcripts, decides about a transcript's cells.

Everything that is learned for a transcript comes from others, and what is learned for one of those
during calibration comes from neither it nor the transcript that will be coded. Nearness and other
people's codes are learned from all other coded transcripts. With answers of a model on at least two
of them, what the answers add is learned there, and is part of the result if it helps.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from assistant.coding.judge.calibration import Fit, Rows, Uncalibrated, calibrate
from assistant.coding.judge.evidence import evidence
from assistant.coding.judge.passages import CodedPassages, FloatArray, Passages

__all__ = ["Cells", "CodeVectors", "Judged", "judge_cells"]

CodeVectors: TypeAlias = Callable[..., FloatArray]
"""Hashes of transcripts -> (codes, dimensions), with no example from any of them."""
ANSWER = "log_odds"
ANSWER_ABOVE = "log_odds_above_others"


@dataclass(frozen=True)
class Cells:
    """The cells of one transcript that are on a shortlist, with the model's answers if any."""

    segments: NDArray[np.intp]
    """(cells,)"""
    codes: NDArray[np.intp]
    """(cells,)"""
    log_odds: FloatArray | None
    """(cells,); nan where there is no answer. None: no model was asked."""

    @property
    def answered(self) -> bool:
        return self.log_odds is not None and bool(np.isfinite(self.log_odds).any())


@dataclass(frozen=True)
class Judged:
    fit: Fit | Uncalibrated
    probability: FloatArray | None
    """(cells,); None without a calibration."""
    with_answers: bool


def judge_cells(
    sha256: str,
    passages: Passages,
    cells: Cells,
    codes: CodeVectors,
    others: Sequence[CodedPassages],
    asked: Mapping[str, Cells],
    shortlists: Mapping[str, Cells],
    recipe: str,
) -> Judged:
    """Calibrate for one transcript and give each of its cells a probability.

    ``codes`` gives the codes' vectors with no example from the transcripts of the given hashes.
    ``others`` are the transcripts that people coded, without this one. ``asked`` holds, by
    transcript hash, the cells of others on which the model answered; ``shortlists`` the shortlist
    of each of the others.
    """
    assert all(other.sha256 != sha256 for other in others), "a transcript never calibrates itself"
    ask = cells.answered
    rows: list[Rows] = []
    names: tuple[str, ...] = ()
    for other in others:
        rest = [o for o in others if o.sha256 != other.sha256]
        # Words of the transcript that will be coded are not part of what is learned for it.
        found = evidence(other.passages, codes(other.sha256, sha256), rest)
        with_answers = ask and other.sha256 in asked and asked[other.sha256].answered
        mine = asked[other.sha256] if with_answers else shortlists[other.sha256]
        names = found.names
        rows.append(
            Rows(
                other.sha256,
                found.values[mine.segments, mine.codes],
                np.stack([table[mine.segments, mine.codes] for table in other.people]),
                other.cells,
                tuple(int(table.sum()) for table in other.people),
                _answers(mine) if with_answers else None,
                np.stack([one[mine.codes] for one in other.looked]) if other.looked else None,
            )
        )
    fit = calibrate(rows, names, recipe, (ANSWER, ANSWER_ABOVE))
    if isinstance(fit, Uncalibrated):
        return Judged(fit, None, False)
    own = evidence(passages, codes(sha256), others)
    values, own_names = own.values[cells.segments, cells.codes], own.names
    if fit.answered:
        values = np.column_stack([values, _answers(cells)])
        own_names = (*own_names, ANSWER, ANSWER_ABOVE)
    return Judged(fit, fit.probability(values, own_names), bool(fit.answered))


def _answers(cells: Cells) -> FloatArray:
    """(cells, 2): the answer, and how far it is above the same segment's other answers."""
    assert cells.log_odds is not None
    known = np.isfinite(cells.log_odds)
    usual = float(np.median(cells.log_odds[known])) if known.any() else 0.0
    # A question without an answer counts as the usual answer: it says nothing either way.
    answers = np.where(known, cells.log_odds, usual)
    return np.column_stack([answers, answers - _mean_by_segment(answers, cells.segments)])


def _mean_by_segment(values: FloatArray, segments: NDArray[np.intp]) -> FloatArray:
    size = int(segments.max()) + 1 if len(segments) else 0
    total = np.bincount(segments, weights=values, minlength=size)
    count = np.bincount(segments, minlength=size)
    return np.asarray((total / np.maximum(count, 1))[segments])
