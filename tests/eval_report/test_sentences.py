"""What a report must say in plain words, and must never say."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from eval.evaluation.results import Evaluation, ModelResult, RunFacts
from eval.report import build, to_markdown
from tests.eval_report.evaluations import evaluation, matrix, people_only


@cache
def made() -> Evaluation:
    return evaluation()


def section(found: Evaluation, name: str) -> str:
    """One section as Markdown, on one line."""
    document = build(found, 3)
    only = replace(document, sections=tuple(s for s in document.sections if s.id == name))
    assert only.sections
    return " ".join(to_markdown(only).split())


def model_of(found: Evaluation) -> ModelResult:
    assert found.model is not None
    return found.model


def run_of(found: Evaluation) -> RunFacts:
    assert found.run is not None
    return found.run


def with_model(found: Evaluation, **change: Any) -> Evaluation:
    return replace(found, model=replace(model_of(found), **change))


# --- beside baselines and people -------------------------------------------------------------


def test_kappa_is_never_alone_in_the_answer() -> None:
    for found in (made(), people_only()):
        text = section(found, "answer")
        assert "F1 0." in text
        assert "AC1 0." in text
    text = section(made(), "answer")
    for who in ("People agree with each other at kappa", "the model with them at"):
        beside = text.split(who, 1)[1].split(" on the units" if "kappa" in who else ": ")[0]
        assert ", F1 0." in beside
        assert ", AC1 0." in beside


# --- lanes -----------------------------------------------------------------------------------


def test_no_code_may_be_accepted_unread() -> None:
    verdicts = tuple(
        replace(v, lane="review" if v.lane == "accept" else v.lane)
        for v in model_of(made()).verdicts
    )
    assert "No code may be accepted unread" in section(
        with_model(made(), verdicts=verdicts), "answer"
    )


def test_accepted_codes_are_named_and_need_an_audit() -> None:
    verdicts = [replace(v, lane="accept") for v in model_of(made()).verdicts[:1]]
    text = section(
        with_model(made(), verdicts=(*verdicts, *model_of(made()).verdicts[1:])), "answer"
    )
    assert "1 of 4 codes may be accepted" in text
    assert "passed its audit: Frost" in text


def test_two_transcripts_leave_every_code_unproven() -> None:
    text = section(evaluation(matrix(transcripts=2)), "answer")
    assert "On 2 transcripts" in text
    assert "for every code there is too little evidence" in text
    assert "a finding, not a failure" in text
    lanes = section(evaluation(matrix(transcripts=2)), "lanes")
    assert "This holds for every code" in lanes
    assert lanes.count("2 transcripts coded by independent people; 8 are needed") == 1
    assert "| ? unproven | 4 |" in lanes
    assert "missing: 6 more transcripts coded by an independent person" in lanes


def test_lanes_come_by_lane_then_by_passages_with_every_reason() -> None:
    text = section(made(), "lanes")
    places = [text.index(name) for name in ("| Frost", "| Water", "| Rules and", "Never-seen")]
    assert places == sorted(places)
    assert "Also: precision" in text
    assert "9 more passages with this code" in text


def test_people_alone_have_no_lanes() -> None:
    text = section(people_only(), "answer")
    assert "No model was measured, so no code has a lane" in text
    assert "Of 3 codes that they used, 2 are shown to be agreed on more than by chance" in text
    assert "no code has a lane" in section(people_only(), "lanes")


def test_one_person_alone_says_nothing_about_agreement() -> None:
    nobody = replace(people_only(), people=None)
    text = section(nobody, "answer")
    assert "Nothing can be said about agreement yet: of 9 transcripts none was coded by two" in text
    assert "no pair of coders" in section(nobody, "codes")
    assert "overall" not in {s.id for s in build(nobody, 1).sections}


# --- what it rests on ------------------------------------------------------------------------


def test_unknown_exposure_is_said_first_and_beside_the_coders() -> None:
    found = made()
    people = tuple(replace(p, role="unknown") for p in found.coverage.people)
    assert found.model is not None
    each = tuple(replace(p, counts_as_evidence=False) for p in found.model.each)
    doubtful = replace(
        with_model(found, each=each), coverage=replace(found.coverage, people=people)
    )
    text = section(doubtful, "answer")
    assert "None of these figures counts as evidence" in text
    assert "what the coder had seen is not known in 9 transcripts" in text
    assert "Not evidence: unknown (Ann, Ben and Team)" in section(doubtful, "coders")


def test_adjudicated_codes_are_named_with_the_reason() -> None:
    text = section(made(), "coders")
    assert (
        "Not evidence: adjudicated (Team), because made from others' codes, or added while reading"
        in text
    )
    assert "| t1 | Team | adjudicated | 14 | 14 | ✕ no | ✕ no |" in text


def test_failures_are_missing_data() -> None:
    broken = with_model(made(), failed_segments=12)
    run = replace(run_of(broken), status="partial", why="3 chunks failed")
    text = section(replace(broken, run=run), "answer")
    assert "The run is partial: 3 chunks failed." in text
    assert "failed for 12 segments" in text
    assert "never counted as “no code”" in text
    assert "4 not placed" in section(broken, "left-out")


def test_a_transcript_without_any_suggestion_is_named_with_its_reason() -> None:
    why = dict.fromkeys(("t3", "t5"), "all 12 passages failed")
    run = replace(run_of(made()), without_suggestions={**why, "t4": "the run never got there"})
    said = section(replace(made(), run=run), "left-out")
    assert "No suggestion at all in “t3”, “t5”: all 12 passages failed." in said
    assert "No suggestion at all in “t4”: the run never got there." in said
    assert "No suggestion at all" not in section(made(), "left-out")


def test_overrides_stand_with_their_reasons() -> None:
    text = section(made(), "overrides")
    assert "the grant ends" in text
    assert "1 bulk decision of this study was made against the evidence" in section(
        made(), "answer"
    )
    assert "None: no bulk decision" in section(people_only(), "overrides")


def test_an_override_that_was_undone_is_told_but_not_in_the_answer() -> None:
    undone = replace(made(), overrides=tuple(replace(o, undone=True) for o in made().overrides))
    assert "undone" in section(undone, "overrides")
    assert "against the evidence" not in section(undone, "answer")


def test_withdrawn_before_and_since_are_told_apart() -> None:
    before = made()
    assert "in no figure here: t99" in section(before, "notes")
    assert "Withdrawn" not in section(before, "answer")
    # A run of before names what was withdrawn; figures made after do not rest on it.
    run = before.run
    assert run is not None
    again = replace(before, run=replace(run, transcripts=(*run.transcripts, "t99")))
    assert "Withdrawn" not in section(again, "answer")
    since = replace(before, withdrawn=("t2",))
    assert "Withdrawn since this was measured: t2" in section(since, "answer")
    assert "still rest on them" in section(since, "notes")
    assert "No participant has withdrawn" in section(people_only(), "notes")


@pytest.mark.parametrize(("looks", "said"), [(0, "first look"), (1, "once"), (5, "5 times")])
def test_looks_are_counted(looks: int, said: str) -> None:
    assert said in section(replace(made(), looks=looks), "notes")


def test_calibration_is_said_and_so_is_its_absence() -> None:
    text = section(made(), "calibration")
    assert "| t1 | t2 and t3 |" in text
    assert "Not calibrated (t2, t3" in text
    bare = replace(made(), run=replace(run_of(made()), calibrated_on={}))
    assert "Not calibrated: the model's answers were used as they came" in section(
        bare, "calibration"
    )


def test_a_fit_that_saw_its_own_transcript_is_told() -> None:
    own = replace(made(), run=replace(run_of(made()), calibrated_on={"t1": ("t1", "t2")}))
    assert "had seen the transcript itself: t1" in section(own, "calibration")


def test_codes_that_the_codebook_lacks_with_and_without() -> None:
    text = section(made(), "lacking")
    assert "5 codings, on 3% of the coded passages" in text
    assert "without these codes and" in text
    none = replace(made(), coverage=replace(made().coverage, left_out_codes=()))
    assert "None: every code" in section(none, "lacking")


def test_provisional_evidence_is_marked() -> None:
    first, *rest = model_of(made()).verdicts
    chosen = replace(first.evidence, provisional="it chose the prompt")
    found = with_model(made(), verdicts=(replace(first, evidence=chosen), *rest))
    assert "Provisional: it chose the prompt." in section(found, "answer")
    assert "it chose the prompt" in section(found, "notes")


def test_several_languages_are_not_pooled_in_silence() -> None:
    languages = {**made().coverage.languages, "t1": "fr"}
    mixed = replace(made(), coverage=replace(made().coverage, languages=languages))
    text = section(mixed, "grounds")
    assert "en (8 transcripts) and fr (1 transcript)" in text
    assert "Pooled figures of the model with people mix languages" in text


def test_facts_to_repeat_it() -> None:
    text = section(made(), "facts")
    for digest in "123":
        assert "sha256:" + digest * 64 in text
    assert "seed 20250301" in text
    assert "small-model" in text
    assert "Replies are invented." in text


def test_labels_of_good_and_bad_agreement_are_not_used() -> None:
    text = section(made(), "glossary")
    assert "a convention without a basis" in text
    everything = to_markdown(build(made(), 3))
    for word in ("substantial", "moderate", "almost perfect"):
        assert everything.count(word) <= 1


def test_it_says_that_it_holds_no_words_of_participants() -> None:
    for found in (made(), people_only()):
        assert "This report holds no words of participants" in to_markdown(build(found, 3))
