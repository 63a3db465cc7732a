from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant import shipped
from assistant.errors import UserError
from eval.intervals.resampling import Interval
from eval.statistics.values import Undefined, Value
from eval.verdicts.lanes import LANES, CodeEvidence, Verdict, decide
from eval.verdicts.policy import Accept, Policy, Vague, Withhold, load_policy
from tests.eval.known import known


def span(estimate: float, low: Value, high: Value) -> Interval:
    return Interval(estimate, low, high, 0.95, "jackknife-t", 12, 0.1, 10.0)


NONE = Undefined("only one person coded it")
NO_SPAN = Interval(NONE, NONE, NONE, 0.95, "jackknife-t", 0, NONE, 0.0)

GOOD = CodeEvidence(
    code="trust",
    kind="semantic",
    reference_transcripts=12,
    positives=60,
    positive_transcripts=11,
    people=2,
    kappa=span(0.78, 0.66, 0.87),
    over_baseline=span(0.40, 0.25, 0.55),
    person_person=span(0.80, 0.68, 0.88),
    difference=span(-0.02, -0.04, 0.0),
    difference_low=-0.045,
    precision=span(0.85, 0.75, 0.92),
    recall=span(0.80, 0.65, 0.90),
)
POLICY = Policy()


def lanes_spoken_for(verdict: Verdict) -> set[str]:
    return {reason.lane for reason in verdict.reasons}


def test_accept_when_everything_is_shown() -> None:
    verdict = decide(GOOD, POLICY)
    assert verdict.lane == "accept"
    assert lanes_spoken_for(verdict) == {"accept"}
    assert verdict.missing == ()
    assert verdict.policy_sha256 == POLICY.sha256
    assert "-0.02 [-0.04, 0.00]" in verdict.reasons[0].text


@pytest.mark.parametrize(
    ("change", "lane", "words"),
    [
        ({"reference_transcripts": 7}, "unproven", "7 transcripts coded by independent people; 8"),
        ({"positives": 9}, "unproven", "in 9 passages; 10"),
        ({"positive_transcripts": 4}, "unproven", "occurs in 4 transcripts; 5"),
        ({"provisional": "t3 chose the prompt"}, "unproven", "t3 chose the prompt"),
        ({"kappa": span(0.2, 0.0, 0.4)}, "withhold", "above chance: kappa 0.20 [0.00, 0.40]"),
        ({"over_baseline": span(0.1, -0.01, 0.2)}, "withhold", "word statistics"),
        ({"over_baseline": span(0.1, 0.0, 0.2)}, "withhold", "word statistics"),
        ({"person_person": span(0.7, 0.59, 0.8)}, "vague", "0.70 [0.59, 0.80]"),
        # An end that reaches no bar never reads as the bar.
        ({"person_person": span(0.7, 0.598, 0.8)}, "vague", "[0.598, 0.80], lower end must be at"),
        (
            {"difference_low": -0.0504},
            "review",
            "over all codes -0.0504; it must be at",
        ),
        ({"people": 1, "person_person": NO_SPAN}, "vague", "1 person coded it independently; 2"),
        ({"difference_low": -0.051}, "review", "at least -0.05"),
        ({"precision": span(0.8, 0.70, 0.9)}, "review", "precision 0.80 [0.70, 0.90]"),
        ({"recall": span(0.8, 0.60, 0.9)}, "review", "recall"),
        ({"kind": "latent"}, "review", "latent"),
    ],
)
def test_each_bar(change: dict[str, Any], lane: str, words: str) -> None:
    verdict = decide(replace(GOOD, **change), POLICY)
    assert verdict.lane == lane
    assert any(words in reason.text for reason in verdict.reasons), verdict.reasons


def test_a_bar_is_told_as_the_policy_has_it() -> None:
    policy = Policy(
        withhold=Withhold(kappa_above=0.125),
        vague=Vague(person_person_kappa=0.625),
        accept=Accept(worse_than_people_by=0.025, precision=0.725, recall=0.6125),
    )
    low = span(0.2, 0.0, 0.4)
    poor = replace(
        GOOD, kappa=low, person_person=low, precision=low, recall=low, difference_low=-0.1
    )
    told = " ".join(reason.text for reason in decide(poor, policy).reasons)
    for bar in ("above 0.125", "least 0.625", "least -0.025", "above 0.725", "above 0.6125"):
        assert bar in told


@pytest.mark.parametrize(
    ("change", "lane"),
    [
        ({"reference_transcripts": 8, "positives": 10, "positive_transcripts": 5}, "accept"),
        ({"person_person": span(0.7, 0.60, 0.8)}, "accept"),
        ({"difference_low": -0.05}, "accept"),
    ],
)
def test_on_the_bar(change: dict[str, Any], lane: str) -> None:
    assert decide(replace(GOOD, **change), POLICY).lane == lane


@pytest.mark.parametrize(
    "name", ["kappa", "over_baseline", "person_person", "precision", "recall", "difference_low"]
)
def test_unknown_never_helps(name: str) -> None:
    unknown = Undefined("one transcript") if name == "difference_low" else NO_SPAN
    change: dict[str, Any] = {name: unknown}
    verdict = decide(replace(GOOD, **change), POLICY)
    assert verdict.lane not in ("accept", "unproven")
    assert any("–" in r.text or "not known (one trans" in r.text for r in verdict.reasons)


def test_every_reason_is_given_and_the_first_lane_wins() -> None:
    poor = replace(
        GOOD,
        positives=3,
        kappa=span(0.1, -0.1, 0.3),
        person_person=span(0.3, 0.1, 0.5),
        kind="latent",
    )
    verdict = decide(poor, POLICY)
    assert verdict.lane == "unproven"
    assert lanes_spoken_for(verdict) == {"unproven", "withhold", "vague", "review"}
    order = [LANES.index(reason.lane) for reason in verdict.reasons]
    assert order == sorted(order)


def test_what_is_missing() -> None:
    poor = replace(GOOD, reference_transcripts=4, positives=3, positive_transcripts=4, people=1)
    assert [m.text for m in decide(poor, POLICY).missing] == [
        "4 more transcripts coded by an independent person",
        "7 more passages with this code",
        "1 more transcript in which it occurs",
        "1 more person who codes it independently",
    ]


def test_what_does_not_count_is_said() -> None:
    poor = replace(GOOD, positives=0, not_counted=("2 transcripts of unknown exposure",))
    assert any("unknown exposure" in r.text for r in decide(poor, POLICY).reasons)


def test_a_verdict_as_json() -> None:
    found = decide(replace(GOOD, person_person=NO_SPAN), POLICY).json()
    assert found["lane"] == "vague"
    assert found["evidence"]["positives"] == 60
    assert found["evidence"]["person_person"]["low"] == {"undefined": NONE.reason}
    assert found["evidence"]["kappa"]["low"] == 0.66


ends = st.one_of(st.floats(-1, 1).map(lambda x: span(x, x - 0.1, x + 0.1)), st.just(NO_SPAN))


@given(
    st.builds(
        CodeEvidence,
        code=st.just("x"),
        kind=st.sampled_from(["semantic", "latent"]),
        reference_transcripts=st.integers(0, 12),
        positives=st.integers(0, 20),
        positive_transcripts=st.integers(0, 12),
        people=st.integers(0, 3),
        kappa=ends,
        over_baseline=ends,
        person_person=ends,
        difference=ends,
        difference_low=st.floats(-1, 1),
        precision=ends,
        recall=ends,
    )
)
def test_accept_only_with_all_bars_reached(evidence: CodeEvidence) -> None:
    verdict = decide(evidence, POLICY)
    low = {n: getattr(evidence, n).low for n in ("kappa", "person_person", "precision", "recall")}
    reached = all(not isinstance(x, Undefined) for x in low.values()) and (
        evidence.reference_transcripts >= 8
        and evidence.positives >= 10
        and evidence.positive_transcripts >= 5
        and evidence.people >= 2
        and low["kappa"] > 0
        and not isinstance(evidence.over_baseline.low, Undefined)
        and evidence.over_baseline.low > 0
        and low["person_person"] >= 0.60
        and known(evidence.difference_low) >= -0.05
        and low["precision"] > 0.70
        and low["recall"] > 0.60
        and evidence.kind != "latent"
    )
    assert (verdict.lane == "accept") == reached
    assert verdict.reasons


def test_the_shipped_policy_is_the_default() -> None:
    policy = load_policy(shipped.policy())
    assert policy == Policy()
    assert policy.sha256 == Policy().sha256
    assert policy.resampling.method == "jackknife-t"


def test_the_hash_is_of_values(tmp_path: Path) -> None:
    path = tmp_path / "policy.toml"
    path.write_text("# mine\n[accept]\nprecision   =  0.70\n")
    assert load_policy(path).sha256 == Policy().sha256
    path.write_text("[accept]\nprecision = 0.80\n")
    assert load_policy(path).sha256 != Policy().sha256


@pytest.mark.parametrize(
    ("text", "where", "words"),
    [
        ("[accept]\nprecision = 0.7\nrecal = 0.6\n", "line 3, accept.recal", "does not exist"),
        ("[accept]\n\nprecision = 1.7\n", "line 3, accept.precision", "less than 1"),
        ('[vague]\npeople = "two"\n', "line 2, vague.people", "integer"),
        ("[acept]\nprecision = 0.7\n", "line 1, acept", "does not exist"),
        ("[accept\n", "policy.toml", "TOML"),
    ],
)
def test_mistakes_are_shown_with_their_line(
    tmp_path: Path, text: str, where: str, words: str
) -> None:
    path = tmp_path / "policy.toml"
    path.write_text(text)
    with pytest.raises(UserError) as caught:
        load_policy(path)
    assert where in caught.value.where
    assert words in caught.value.what
    assert caught.value.hint


def test_known_keys_are_named(tmp_path: Path) -> None:
    path = tmp_path / "policy.toml"
    path.write_text("[accept]\nrecal = 0.6\n")
    with pytest.raises(UserError, match="recal") as caught:
        load_policy(path)
    assert "recall" in caught.value.hint
    with pytest.raises(UserError, match="its file is gone"):
        load_policy(tmp_path / "none.toml")
