"""What a reader must know to weigh the figures: how intervals hold, who looked before."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache

import pytest

from eval.evaluation.results import Evaluation
from eval.evaluation.serialising import (
    evaluation_from_json,
    evaluation_to_json,
    measured_hash,
)
from eval.report.holding import how_intervals_hold, in_a_few_words
from eval.report.short import short_answer
from tests.eval_report.evaluations import evaluation, matrix, people_only
from tests.eval_report.test_sentences import section


@cache
def nine() -> Evaluation:
    return evaluation()


@cache
def three() -> Evaluation:
    return people_only(matrix(3))


def cut(found: Evaluation, number: int) -> Evaluation:
    """With the pairs of so many transcripts alone."""
    assert found.people is not None
    names = found.coverage.transcripts[:number]
    each = tuple(p for p in found.people.each if p.transcript in names)
    return replace(found, model=None, people=replace(found.people, each=each))


def test_with_few_transcripts_the_report_says_how_well_intervals_held() -> None:
    said = section(nine(), "method")
    assert "Figures of people with each other and the model rest on 9 transcripts: in sim" in said
    assert "with 8 transcripts, the nearest smaller number measured, intervals made for 95%" in said
    assert "held the true figure in 97% of cases (96% to 99% by kind of code)" in said
    assert "the nearest" not in how_intervals_hold(cut(nine(), 8))[0]


@pytest.mark.slow
def test_what_was_not_measured_is_not_claimed() -> None:
    assert "was not measured, and they may be misleading" in section(three(), "method")
    assert "was not measured" in how_intervals_hold(replace(nine(), level=0.9))[0]
    # From one transcript there is no interval of which anything could be said.
    assert how_intervals_hold(cut(nine(), 1)) == ()


def test_with_twenty_nothing_is_said() -> None:
    names = tuple(f"t{n}" for n in range(20))
    found = nine()
    assert found.people is not None
    pair = found.people.each[0]
    for number, expected in ((19, 1), (20, 0)):
        each = tuple(replace(pair, transcript=name) for name in names[:number])
        more = replace(found, model=None, people=replace(found.people, each=each))
        assert len(how_intervals_hold(more)) == expected
    assert in_a_few_words(20, "jackknife-t", 0.95) == "95% interval"


def test_so_does_the_first_screen() -> None:
    said = short_answer(nine()).said[0]
    assert "95% interval; held in 97% of simulations with 8 transcripts" in said
    assert "how well it holds with 3 was not measured" in short_answer(three()).said[0]
    assert "held in 97% of simulations with 8 transcripts" in section(nine(), "answer")


def test_two_or_three_transcripts_are_said_to_tell_next_to_nothing() -> None:
    said = "Three transcripts tell next to nothing about others"
    assert any(text.startswith(said) for text in short_answer(three()).said)
    assert said in section(three(), "answer")
    assert "a narrow one may be so by chance" in section(three(), "answer")
    assert "Two transcripts tell next to nothing" in section(cut(three(), 2), "answer")
    for found in (nine(), cut(three(), 1)):
        assert "next to nothing" not in section(found, "answer")


def test_each_look_stands_with_day_person_and_recipe() -> None:
    said = section(nine(), "notes")
    assert "| 2026-01-01 10:20 | Ben | Comparison of runs | 44444444 | Plots |" in said
    assert "| 2026-01-01 09:00 | Ann | Evaluation 2 | people alone | Plots |" in said
    assert "1 earlier look: counted, and not listed." in said
    assert "looks-table" not in section(people_only(), "notes")


def test_looks_do_not_make_it_another_measurement() -> None:
    assert measured_hash(nine()) == measured_hash(replace(nine(), looks=0, looks_before=()))


def test_evaluations_of_older_versions_are_read() -> None:
    content = json.loads(evaluation_to_json(nine()))
    del content["looks_before"]
    for row in content["sensitivity"]:
        del row["people_f1"], row["model_f1"]
        del row["people_behind"], row["model_behind"]
    older = evaluation_from_json(json.dumps(content))
    assert older.looks_before == ()
    said = section(older, "sensitivity")
    assert "People with each other, kappa" in said
    assert "F1" not in said
    assert "stands behind" not in said


def test_kappa_under_other_units_has_f1_beside_it() -> None:
    said = section(nine(), "sensitivity")
    for column in ("Model with people, kappa", "Model with people, F1", "each other, F1"):
        assert column in said


def test_only_figures_that_rest_on_several_languages_are_said_to_mix_them() -> None:
    found = nine()
    names = found.coverage.transcripts
    spoken = {name: "fr" if name == names[-1] else "en" for name in names}
    mixed = replace(found, coverage=replace(found.coverage, languages=spoken))
    assert "figures of the model with people mix" in section(mixed, "grounds")
    assert mixed.model is not None
    english = tuple(p for p in mixed.model.each if p.transcript != names[-1])
    alone = replace(mixed, model=replace(mixed.model, each=english))
    said = section(alone, "grounds")
    assert "figures of the model with people mix" not in said
    assert "Pooled figures of people mix languages." in said
