"""From numbers to one probability and a threshold, fitted on other transcripts.

Logistic regression on standardised features. Each person's coding of a transcript is data of its
own, weighed so that a transcript counts once however many people coded it. The threshold is chosen
on predictions that each calibration transcript got from a fit on the *others* (cross-validation by
transcript), to give the best pooled Cohen's kappa against the people, over all cells of a
transcript, also those that were not asked about: what the shortlist missed counts as missed.

A model's answers are there on some transcripts only. What they add is learned on those, on top of
what all transcripts teach (`assistant.coding.judge.answers`), and is left out where it does not
help on a transcript that it was not learned from.

A `Fit` is data: predicting from its JSON gives the same numbers as predicting from the fit.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from assistant.coding.judge.answers import AnswerFit, fit_answers, log_loss
from assistant.coding.judge.passages import FloatArray
from assistant.counting import counted
from assistant.hashing import hash_json
from assistant.transcripts.records import Frozen

__all__ = ["MIN_POSITIVES", "MIN_TRANSCRIPTS", "Fit", "Rows", "Uncalibrated", "calibrate", "kappa"]

MIN_TRANSCRIPTS = 2
"""With one, no threshold could be chosen on another transcript."""
MIN_POSITIVES = 10
_STRENGTH = 1.0
"""Inverse of the regularisation; from 0.01 to 1 made no difference on real interviews."""
_STEPS = 60
_SHARES = (0.5, 2.5)
"""Thresholds tried: those that give from half to two and a half times the codes people gave."""


@dataclass(frozen=True)
class Rows:
    """The cells of one transcript that are judged, with what people said of them."""

    transcript: str
    """Its SHA-256."""
    features: FloatArray
    """(cells judged, features), without a model's answers."""
    people: NDArray[np.bool_]
    """(people, cells judged)."""
    cells: float
    """All cells of the transcript that a person looked at (segments x codes), mean over people."""
    positives: tuple[int, ...]
    """For each person, codings on all cells, judged or not."""
    answers: FloatArray | None = None
    """(cells judged, answers), where a model was asked."""
    looked: NDArray[np.bool_] | None = None
    """(people, cells judged): whether the person knew the code. None: everybody knew all."""

    @property
    def share(self) -> FloatArray:
        """(cells judged,): of those who looked, the share who applied the code."""
        if self.looked is None:
            return np.asarray(self.people.mean(axis=0))
        return np.asarray(self.people.sum(axis=0) / np.maximum(self.looked.sum(axis=0), 1))

    @property
    def known(self) -> NDArray[np.bool_]:
        """(cells judged,): about which somebody said yes or no. Others teach nothing."""
        if self.looked is None:
            return np.ones(self.people.shape[1], bool)
        return np.asarray(self.looked.any(axis=0))


class Uncalibrated(Frozen):
    """There is a ranking and no probability."""

    reason: str


class Fit(Frozen):
    """One calibration, made by a recipe from named transcripts."""

    recipe: str
    """Hash of the recipe that the features were made with."""
    transcripts: tuple[str, ...]
    """Hashes of the transcripts whose human codes were used, sorted."""
    features: tuple[str, ...]
    mean: tuple[float, ...]
    scale: tuple[float, ...]
    coefficients: tuple[float, ...]
    intercept: float
    threshold: float
    """Probability from which on a code is suggested."""
    positives: int
    """Human codings among the cells it was fitted on."""
    answered: tuple[str, ...] = ()
    """Of these transcripts, those with a model's answers, where answers are part of the fit."""
    answers_tried: bool = False
    """There were answers to learn from; they are left out where they did not help."""
    kappa: float | None = None
    """Pooled over the calibration transcripts, out of sample for the coefficients; a little too
    high, because the threshold was chosen by it."""

    @cached_property
    def sha256(self) -> str:
        return hash_json(self.model_dump(mode="json"))

    def probability(self, features: FloatArray, names: Sequence[str]) -> FloatArray:
        """(…): probability for features (…, names). Raises `ValueError` when the names are not the
        ones it was fitted on."""
        return _probability(self.log_odds(features, names))

    def log_odds(self, features: FloatArray, names: Sequence[str]) -> FloatArray:
        """As `probability`, before it is pressed between 0 and 1."""
        if tuple(names) != self.features:
            raise ValueError(f"fitted on {self.features}, given {tuple(names)}")
        scaled = (features - np.asarray(self.mean)) / np.asarray(self.scale)
        # Clipped where the probability would be 0 or 1 to the last digit anyway.
        logits = scaled @ np.asarray(self.coefficients) + self.intercept
        return np.asarray(np.clip(logits, -35.0, 35.0))


def calibrate(
    rows: Sequence[Rows], names: Sequence[str], recipe: str, answer_names: Sequence[str] = ()
) -> Fit | Uncalibrated:
    """Fit on the given transcripts, none of which may be the one that is coded with it.

    ``names`` are those of the features, ``answer_names`` those of the answers. The fit has the
    answers' names among its own only where they helped.
    """
    used = sorted((r for r in rows if len(r.people)), key=lambda r: r.transcript)
    if len({r.transcript for r in used}) != len(used):
        raise ValueError("a transcript is given twice")
    positives = int(sum(r.people.sum() for r in used))
    if len(used) < MIN_TRANSCRIPTS:
        return Uncalibrated(
            reason=f"People have coded {counted(len(used), 'other transcript')}; a calibration "
            f"needs {MIN_TRANSCRIPTS}."
        )
    if positives < MIN_POSITIVES:
        return Uncalibrated(
            reason=f"There are {positives} human codings to calibrate with; {MIN_POSITIVES} are "
            "needed."
        )
    fits = _Fits(used, names, recipe)
    if not all(fits.can_leave(frozenset({r.transcript})) for r in used):
        return Uncalibrated(reason="Only one transcript has human codings among the cells judged.")
    alone = [fits.log_odds(r, {r.transcript}) for r in used]
    answered = [r for r in used if r.answers is not None]
    tried = len(answered) >= MIN_TRANSCRIPTS
    added = _with_answers(fits, answered) if tried else {}
    helped = bool(added) and _loss(answered, added) < _loss(
        answered, {r.transcript: z for r, z in zip(used, alone, strict=True)}
    )
    held_out = [
        added.get(r.transcript, z) if helped else z for r, z in zip(used, alone, strict=True)
    ]
    threshold, best = _best_threshold(used, [_probability(z) for z in held_out])
    fitted = fits.of(frozenset())
    changes: dict[str, object] = {"threshold": threshold, "kappa": best, "answers_tried": tried}
    if helped:
        changes |= _joined(fitted, answer_names, _answer_fit(fits, answered, frozenset()))
        changes["answered"] = tuple(r.transcript for r in answered)
    return fitted.model_copy(update=changes)


class _Fits:
    """Regressions on all transcripts but some; each is made once."""

    def __init__(self, rows: Sequence[Rows], names: Sequence[str], recipe: str) -> None:
        self._rows, self._names, self._recipe = rows, names, recipe
        self._made: dict[frozenset[str], Fit] = {}

    def of(self, left_out: frozenset[str]) -> Fit:
        if left_out not in self._made:
            rest = [r for r in self._rows if r.transcript not in left_out]
            self._made[left_out] = _regression(rest, self._names, self._recipe)
        return self._made[left_out]

    def can_leave(self, left_out: frozenset[str]) -> bool:
        """Whether what is left has both a yes and a no."""
        return any(r.people.any() for r in self._rows if r.transcript not in left_out)

    def log_odds(self, row: Rows, left_out: Collection[str]) -> FloatArray:
        fit = self.of(frozenset(left_out))
        return fit.log_odds(row.features, self._names)


def _answer_fit(fits: _Fits, answered: Sequence[Rows], left_out: frozenset[str]) -> AnswerFit:
    """What answers add, learned on the transcripts that are not left out; the evidence about each
    of those comes from neither it nor what is left out."""
    rest = [r for r in answered if r.transcript not in left_out]
    offsets = []
    for r in rest:
        out = left_out | {r.transcript}
        # With two transcripts in all there is no third to learn from.
        offsets.append(fits.log_odds(r, out if fits.can_leave(out) else left_out))
    known = np.concatenate([r.known for r in rest])
    return fit_answers(
        np.concatenate(offsets)[known],
        np.concatenate([np.asarray(r.answers, float) for r in rest])[known],
        np.concatenate([r.share for r in rest])[known],
    )


def _with_answers(fits: _Fits, answered: Sequence[Rows]) -> dict[str, FloatArray]:
    """Transcript -> log-odds with its answers, learned from the others."""
    found: dict[str, FloatArray] = {}
    for left in answered:
        out = frozenset({left.transcript})
        added = _answer_fit(fits, answered, out)
        assert left.answers is not None
        found[left.transcript] = added.add(fits.log_odds(left, out), left.answers)
    return found


def _loss(rows: Sequence[Rows], log_odds: Mapping[str, FloatArray]) -> float:
    known = np.concatenate([r.known for r in rows])
    return log_loss(
        np.concatenate([log_odds[r.transcript] for r in rows])[known],
        np.concatenate([r.share for r in rows])[known],
    )


def _joined(fit: Fit, answer_names: Sequence[str], added: AnswerFit) -> dict[str, object]:
    """One linear fit of evidence and answers together."""
    return {
        "features": (*fit.features, *answer_names),
        "mean": (*fit.mean, *_rounded(added.mean)),
        "scale": (*fit.scale, *_rounded(added.scale)),
        "coefficients": (*fit.coefficients, *_rounded(added.coefficients)),
        "intercept": _rounded(np.array([fit.intercept + added.intercept]))[0],
    }


def kappa(both: float, model: float, person: float, cells: float) -> float | None:
    """Cohen's kappa of two codings from counts: cells where both say yes, where the model does,
    where the person does, and all. None where it is undefined (both say the same everywhere)."""
    agree = (cells - model - person + 2 * both) / cells
    p, q = model / cells, person / cells
    chance = p * q + (1 - p) * (1 - q)
    return None if chance >= 1 else (agree - chance) / (1 - chance)


def _regression(rows: Sequence[Rows], names: Sequence[str], recipe: str) -> Fit:
    from sklearn.linear_model import LogisticRegression

    known = np.concatenate([r.known for r in rows])
    features = np.concatenate([np.asarray(r.features, float) for r in rows])[known]
    mean = features.mean(axis=0)
    scale = features.std(axis=0)
    scale = np.where(scale > 1e-9, scale, 1.0)
    scaled = (features - mean) / scale
    # A cell of which people said different things stands there once as yes and once as no.
    share = np.concatenate([r.share for r in rows])[known]
    x = np.concatenate([scaled, scaled])
    y = np.concatenate([np.ones(len(share)), np.zeros(len(share))])
    weight = np.concatenate([share, 1 - share])
    kept = weight > 0
    # A dozen features and thousands of rows: what this solver is for.
    model = LogisticRegression(C=_STRENGTH, solver="newton-cholesky", max_iter=200)
    model.fit(x[kept], y[kept], weight[kept])
    return Fit(
        recipe=recipe,
        transcripts=tuple(r.transcript for r in rows),
        features=tuple(names),
        mean=_rounded(mean),
        scale=_rounded(scale),
        coefficients=_rounded(model.coef_[0]),
        intercept=_rounded(model.intercept_)[0],
        threshold=0.5,
        positives=int(sum(r.people.sum() for r in rows)),
    )


def _best_threshold(
    rows: Sequence[Rows], probabilities: Sequence[FloatArray]
) -> tuple[float, float | None]:
    """The threshold with the best pooled kappa against the people, each transcript counting with
    all its cells and each of its people with an equal part."""
    given = np.sort(np.concatenate(probabilities))[::-1]
    usual = sum(float(np.mean(r.positives)) for r in rows)
    low, high = (int(np.clip(usual * s, 1, len(given))) for s in _SHARES)
    places = np.unique(np.linspace(low, high, _STEPS).astype(int)) - 1
    best: tuple[float, float | None] = (float(given[places[0]]), None)
    for threshold in given[places]:
        both = model = person = cells = 0.0
        for r, p in zip(rows, probabilities, strict=True):
            said = p >= threshold
            both += float(np.mean((r.people & said).sum(axis=1)))
            # What is said of a code that a person did not know is neither right nor wrong.
            model += float(said.sum() if r.looked is None else (said & r.looked).sum(1).mean())
            person += float(np.mean(r.positives))
            cells += r.cells
        value = kappa(both, model, person, cells)
        if value is not None and (best[1] is None or value > best[1]):
            best = (float(threshold), value)
    # Between the last that was taken and the first that was not: where the two are far apart, a
    # little less certainty on a new transcript loses nothing.
    below = given[given < best[0]]
    return ((best[0] + float(below[0])) / 2 if len(below) else best[0], best[1])


def _probability(log_odds: FloatArray) -> FloatArray:
    return np.asarray(1.0 / (1.0 + np.exp(-log_odds)))


def _rounded(values: FloatArray) -> tuple[float, ...]:
    # The last digits differ between machines; six say what there is to say, and keep the hash.
    return tuple(float(f"{v:.6g}") for v in np.atleast_1d(values))
