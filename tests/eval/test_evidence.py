from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from assistant.codebook.records import Kind
from eval.baselines.simple import with_baselines
from eval.units.records import UnitMatrix
from eval.verdicts.evidence import gather_evidence
from eval.verdicts.lanes import CodeEvidence, decide
from eval.verdicts.policy import Policy
from tests.eval.known import why_not
from tests.eval.matrices import noisy
from tests.eval.test_baselines import spoken

KINDS: dict[str, Kind] = dict.fromkeys(("c1", "c2", "c3", "c4"), "semantic")
POLICY = Policy()


def evidence(
    errors: Sequence[float],
    *,
    people: Sequence[str] = ("Ann", "Ben"),
    transcripts: int = 12,
    policy: Policy = POLICY,
    change: Callable[[UnitMatrix], UnitMatrix] | None = None,
    **more: Any,
) -> Sequence[CodeEvidence]:
    names = ("Ann", "Ben", "model")
    matrix = noisy(errors, transcripts=transcripts, units=80, coders=names, **more)
    if change:
        matrix = change(matrix)
    texts = [""] * matrix.positive.shape[1]  # without words the baseline says no everywhere
    matrix = with_baselines(matrix, people, texts, seed=1)
    return gather_evidence(matrix, people, "model", policy, kinds=KINDS)


def lanes(found: Sequence[CodeEvidence]) -> list[str]:
    return [decide(one, POLICY).lane for one in found]


def test_a_model_as_good_as_people_is_accepted() -> None:
    found = evidence((0.004, 0.004, 0.001))
    assert lanes(found) == ["accept"] * 4
    assert found[0].reference_transcripts == 12
    assert found[0].positive_transcripts == 12
    assert found[0].people == 2


def test_a_model_that_is_worse_needs_a_person_for_each() -> None:
    assert lanes(evidence((0.004, 0.004, 0.03))) == ["review"] * 4


def test_a_model_that_guesses_is_withheld() -> None:
    found = lanes(evidence((0.004, 0.004, 0.5), seed=3))
    assert found.count("withhold") >= 3  # one in forty codes is above chance by chance
    assert "accept" not in found


def test_people_who_do_not_agree_make_a_code_vague() -> None:
    assert set(lanes(evidence((0.08, 0.08, 0.001)))) == {"vague"}


def test_few_transcripts_prove_nothing() -> None:
    assert lanes(evidence((0.004, 0.004, 0.001), transcripts=6)) == ["unproven"] * 4


def test_one_person_alone_is_no_ceiling() -> None:
    found = evidence((0.004, 0.004, 0.001), people=("Ann",))
    verdict = decide(found[0], POLICY)
    assert verdict.lane == "vague"
    assert "no two people" in why_not(found[0].person_person.estimate)


def test_a_model_that_is_silent_is_called_the_model() -> None:
    """Not "the second coder", which is the name of the program."""

    def silent(matrix: UnitMatrix) -> UnitMatrix:
        yes = matrix.positive.copy()
        yes[2, :, 0] = False
        return replace(matrix, positive=yes)

    found = evidence((0.004, 0.004, 0.001), change=silent)[0]
    assert why_not(found.precision.estimate) == "the model never suggests it"
    said = " ".join(reason.text for reason in decide(found, POLICY).reasons)
    assert "precision – (the model never suggests it)" in said
    assert "second coder" not in said


def test_what_the_model_did_not_code_does_not_count() -> None:
    def only_five(matrix: UnitMatrix) -> UnitMatrix:
        scope = matrix.scope.copy()
        scope[2, matrix.transcript >= 5] = False
        return replace(matrix, scope=scope, positive=matrix.positive & scope)

    found = evidence((0.004, 0.004, 0.001), change=only_five)
    assert found[0].reference_transcripts == 5
    assert lanes(found) == ["unproven"] * 4


@pytest.mark.slow
def test_word_statistics_must_be_beaten() -> None:
    # Words show the codes so well here that a model with more errors adds nothing to them.
    matrix = noisy((0.004, 0.004, 0.10), transcripts=10, units=60, coders=("Ann", "Ben", "model"))
    matrix = with_baselines(matrix, ("Ann", "Ben"), spoken(matrix), seed=1)
    found = gather_evidence(matrix, ("Ann", "Ben"), "model", POLICY, kinds=KINDS)
    verdicts = [decide(one, POLICY) for one in found]
    assert {verdict.lane for verdict in verdicts} == {"withhold"}
    assert any("word statistics" in reason.text for reason in verdicts[0].reasons)


@pytest.mark.slow
def test_models_that_are_truly_worse_seldom_pass() -> None:
    """Of models whose kappa is some .08 below people's (.85, .93), at most 5% of codes may pass."""
    passed = total = 0
    for seed in range(40):
        for transcripts in (8, 16):
            found = evidence((0.01, 0.01, 0.032), transcripts=transcripts, seed=seed)
            passed += lanes(found).count("accept")
            total += len(found)
    assert np.isfinite(total)
    assert passed / total <= 0.05
