"""Calibration: fitted on others, honest about too little, and the same from its JSON."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.coding.judge.calibration import Fit, Rows, Uncalibrated, calibrate, kappa
from assistant.coding.judge.evidence import evidence
from assistant.coding.judge.passages import CodedPassages
from tests.judge.invented import code_directions, interview


def rows(target: CodedPassages, others: list[CodedPassages]) -> tuple[Rows, tuple[str, ...]]:
    found = evidence(target.passages, code_directions(), others)
    flat = found.values.reshape(-1, len(found.names))
    people = np.stack([person.ravel() for person in target.people])
    return (
        Rows(target.sha256, flat, people, people.shape[1], tuple(int(p.sum()) for p in people)),
        found.names,
    )


@cache
def study(seeds: range) -> tuple[list[Rows], tuple[str, ...]]:
    coded = [interview(seed) for seed in seeds]
    made = [rows(one, [o for o in coded if o is not one]) for one in coded]
    return [r for r, _ in made], made[0][1]


@cache
def fitted() -> tuple[Fit, tuple[str, ...]]:
    found, names = study(range(4))
    fit = calibrate(found, names, "sha256:recipe")
    assert isinstance(fit, Fit)
    return fit, names


def test_it_finds_codes_in_a_transcript_it_has_not_seen() -> None:
    fit, names = fitted()
    new = interview(9)
    new_rows, _ = rows(new, [interview(seed) for seed in range(4)])
    said = fit.probability(new_rows.features, names) >= fit.threshold
    person = new_rows.people[0]
    value = kappa((said & person).sum(), said.sum(), person.sum(), len(said))
    assert value is not None
    assert value > 0.5
    assert fit.kappa is not None
    assert fit.kappa > 0.5


def test_probabilities_are_calibrated_in_the_large() -> None:
    fit, names = fitted()
    new_rows, _ = rows(interview(9), [interview(seed) for seed in range(4)])
    expected = fit.probability(new_rows.features, names).sum()
    assert expected == pytest.approx(new_rows.people.sum(axis=1).mean(), rel=0.4)


def test_stored_as_json_it_gives_the_same_numbers() -> None:
    fit, names = fitted()
    again = Fit.model_validate_json(fit.model_dump_json())
    assert again == fit
    assert again.sha256 == fit.sha256
    features = rows(interview(9), [interview(0)])[0].features
    assert np.array_equal(again.probability(features, names), fit.probability(features, names))


def test_it_says_what_it_was_made_from() -> None:
    fit, names = fitted()
    assert fit.recipe == "sha256:recipe"
    assert fit.transcripts == tuple(sorted(interview(seed).sha256 for seed in range(4)))
    assert fit.features == names
    assert fit.positives == sum(
        int(person.sum()) for seed in range(4) for person in interview(seed).people
    )


def test_order_of_transcripts_does_not_matter() -> None:
    found, names = study(range(4))
    assert calibrate(found, names, "r") == calibrate(found[::-1], names, "r")


def test_a_transcript_counts_once_however_many_people_coded_it() -> None:
    found, names = study(range(3))
    doubled = [
        Rows(r.transcript, r.features, np.concatenate([r.people] * 2), r.cells, r.positives * 2)
        for r in found
    ]
    once, twice = calibrate(found, names, "r"), calibrate(doubled, names, "r")
    assert isinstance(once, Fit)
    assert isinstance(twice, Fit)
    assert twice.coefficients == pytest.approx(once.coefficients, rel=1e-3)
    assert twice.threshold == pytest.approx(once.threshold, rel=1e-3)


@pytest.mark.parametrize(("count", "said"), [(0, "coded 0 other"), (1, "coded 1 other")])
def test_too_few_transcripts(count: int, said: str) -> None:
    found, names = study(range(2))
    state = calibrate(found[:count], names, "r")
    assert isinstance(state, Uncalibrated)
    assert said in state.reason


def test_too_few_codings() -> None:
    found, names = study(range(2))
    bare = [Rows(r.transcript, r.features, np.zeros_like(r.people), r.cells, (0, 0)) for r in found]
    state = calibrate(bare, names, "r")
    assert isinstance(state, Uncalibrated)
    assert "0 human codings" in state.reason
    state = calibrate([found[0], bare[1]], names, "r")
    assert isinstance(state, Uncalibrated)
    assert "Only one transcript" in state.reason


def test_a_transcript_given_twice_is_our_mistake() -> None:
    found, names = study(range(2))
    with pytest.raises(ValueError, match="twice"):
        calibrate([found[0], found[0]], names, "r")


def test_features_of_another_kind_are_refused() -> None:
    fit, names = fitted()
    with pytest.raises(ValueError, match="fitted on"):
        fit.probability(np.zeros((1, len(names))), [*names[:-1], "other"])


def test_what_the_shortlist_missed_counts_as_missed() -> None:
    # With all positives among the judged cells kappa is higher than with as many again outside.
    found, names = study(range(4))
    missed = [
        Rows(r.transcript, r.features, r.people, r.cells, tuple(2 * n for n in r.positives))
        for r in found
    ]
    with_all, with_missed = calibrate(found, names, "r"), calibrate(missed, names, "r")
    assert isinstance(with_all, Fit)
    assert isinstance(with_missed, Fit)
    assert with_all.kappa is not None
    assert with_missed.kappa is not None
    assert with_missed.kappa < with_all.kappa - 0.1


def test_a_constant_feature_is_no_obstacle() -> None:
    found, names = study(range(3))
    wide = [
        Rows(
            r.transcript,
            np.column_stack([r.features, np.full(len(r.features), 3.0)]),
            r.people,
            r.cells,
            r.positives,
        )
        for r in found
    ]
    fit = calibrate(wide, (*names, "constant"), "r")
    assert isinstance(fit, Fit)
    assert np.isfinite(fit.probability(wide[0].features, (*names, "constant"))).all()


def test_kappa_by_hand() -> None:
    # 2x2 counts 20, 5, 10, 15: agreement .7, chance .5, kappa .4.
    assert kappa(20, 25, 30, 50) == pytest.approx(0.4)
    assert kappa(0, 0, 0, 10) is None
    assert kappa(10, 10, 10, 10) is None
    assert kappa(0, 0, 5, 10) == 0


@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=30))
def test_kappa_is_symmetric_and_bounded(pairs: list[tuple[bool, bool]]) -> None:
    model = np.array([a for a, _ in pairs])
    person = np.array([b for _, b in pairs])
    both = (model & person).sum()
    value = kappa(both, model.sum(), person.sum(), len(pairs))
    assert value == kappa(both, person.sum(), model.sum(), len(pairs))
    assert value is None or -1 <= value <= 1 + 1e-9
