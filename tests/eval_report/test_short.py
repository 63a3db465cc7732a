"""The answer of ``secondcoder evaluate``: one screen, the most important first."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from assistant.cli.commands.evaluate import _notes
from assistant.cli.commands.evaluate_further import print_more
from eval.evaluation.results import Evaluation
from eval.further.results import More
from eval.methods.agreed import agreed
from eval.report.short import short_answer
from eval.statistics.alternative_annotator import AlternativeAnnotator
from eval.statistics.values import Undefined, show
from tests.cli.allotment import allotment
from tests.cli.command import Ended, secondcoder
from tests.eval_report.evaluations import evaluation, matrix, model_result, people_only


def lines(ended: Ended) -> list[str]:
    assert ended.code == 0, ended.err
    return ended.out.splitlines()


def test_who_agrees_with_whom_comes_first() -> None:
    short = short_answer(evaluation())
    assert short.heading.startswith("How well run 7 (small-model) agrees with people on 9 trans")
    assert short.answer is not None
    names = [row[0] for row in short.answer.rows]
    assert names == [
        "run 7 with Ann and Ben",
        "people with each other, same passages",
        "  run less people",
        "best baseline: word statistics",
        "  run less baseline",
    ]
    with_people = short.answer.rows[0]
    assert all(part.replace(",", "").isdigit() for part in with_people[1:3])
    assert "[" in with_people[3]
    assert short.said[0].startswith("kappa: 1 always the same")
    assert any(line.startswith("Lanes of 4 codes: ") for line in short.said)


def test_the_heading_has_the_units_that_the_figures_rest_on() -> None:
    found = evaluation()
    assert found.model is not None
    assert found.people is not None
    assert short_answer(found).heading.endswith(
        "(270 segments of 9 transcripts were coded by people)"
    )
    rests = replace(found.coverage, units=1513)
    run = replace(found, model=replace(found.model, units=336), coverage=rests)
    assert short_answer(run).heading.endswith("(336 segments; people coded 1,513 of 9 transcripts)")
    people = replace(run, model=None, people=replace(found.people, units=832))
    assert short_answer(people).heading.endswith(
        "that two coded (832 segments; people coded 1,513 of 9 transcripts)"
    )
    said = agreed(replace(run, people=replace(found.people, units=832)))
    assert "People with each other (9 interviews, 832 of 1,513 segments; all pairs" in said
    assert "The model with each person (9 interviews, 336 of 1,513 segments; mean" in said


def test_the_two_means_over_codes_are_told_apart() -> None:
    found = people_only()
    assert found.people is not None
    assert "mean over pairs of people" not in agreed(found)
    pair = found.people.by_pair
    several = replace(found.people, by_pair=replace(pair, pairs=(*pair.pairs, ("Ann", "Cy"))))
    mean = show(pair.macro["kappa"].estimate)
    said = agreed(replace(found, people=several))
    assert f"in this one table, {mean} as a mean over pairs of people" in said

    def rows(one: Evaluation) -> list[str]:
        answer = short_answer(one).answer
        assert answer is not None
        return [row[0] for row in answer.rows]

    assert "  mean over pairs of people" not in rows(found), "one pair is its own mean"
    assert "  mean over pairs of people" in rows(replace(found, people=several))


@pytest.mark.slow
def test_the_run_is_called_better_or_worse_only_beside_zero() -> None:
    good, bad = matrix(40), matrix(40, model_error=0.4)
    assert "not shown to be worse" not in " ".join(short_answer(evaluation(good)).said)
    assert "agrees with people less than they do" in " ".join(short_answer(evaluation(bad)).said)
    alone = replace(evaluation(), model=model_result(matrix(), ("Ann",)))
    said = " ".join(short_answer(alone).said)
    assert "nothing says how well people agree there" in said


def test_a_figure_without_interval_says_why() -> None:
    few = short_answer(people_only(matrix(1)))
    assert few.codes is not None
    assert any(row[3].endswith("*") for row in few.codes.rows)
    assert any(line.startswith("* No interval: ") for line in few.below)


@pytest.mark.slow
def test_what_is_not_evidence_is_said() -> None:
    run = evaluation().run
    assert run is not None
    stopped = evaluation(run=replace(run, status="stopped", why="the disk is full"))
    assert "The run is stopped: the disk is full." in short_answer(stopped).said


def test_hidden_codes_are_counted_and_listed_on_demand() -> None:
    found = evaluation()
    short, every = short_answer(found), short_answer(found, every_code=True)
    assert short.codes is not None
    assert every.codes is not None
    assert len(every.codes.rows) == 4
    hidden = 4 - len(short.codes.rows)
    assert hidden
    assert f"{hidden} more code" in short.below[-1]
    assert not any("more code" in line for line in every.below)


@pytest.mark.slow
def test_without_two_people_it_says_what_to_do() -> None:
    short = short_answer(people_only(matrix())).__class__
    nothing = short_answer(replace(people_only(), people=None))
    assert isinstance(nothing, short)
    assert nothing.answer is None
    assert "Have a second person code some transcripts" in nothing.said[0]


def test_what_no_figure_counts_is_mentioned(capsys: pytest.CaptureFixture[str]) -> None:
    """Nine transcripts of two people with 11 measured codings each; nobody measured the team's."""

    def left_out(found: Evaluation, **change: Any) -> tuple[str, ...]:
        left = replace(found.coverage.left_out, units_unseen=(("Ann", 0), ("Ben", 4)), too_small=2)
        rests = replace(found.coverage, left_out=left)
        short = short_answer(replace(found, coverage=replace(rests, **change)))
        return tuple(text for text in short.below if text.startswith("Not counted"))

    small = "2 of 198 codings in all 9 coded transcripts covering too little of any segment"
    aside = "2 codings of 1 code set aside by the codebook; 5 codings of 1 code not in the codebook"
    for found in (evaluation(), people_only()):
        assert left_out(found) == (f"Not counted: {small}; {aside}.",)
    assert left_out(people_only(), left_out_codes=()) == (f"Not counted: {small}.",)
    clean = replace(evaluation().coverage.left_out, too_small=0)
    assert left_out(evaluation(), left_out=clean) == (f"Not counted: {aside}.",)
    assert left_out(evaluation(), left_out=clean, left_out_codes=()) == ()
    _notes(evaluation())
    assert "1 code of the people measured is not in the codebook" in " ".join(
        capsys.readouterr().err.split()
    )


def test_a_coefficient_without_an_interval_says_why_and_has_no_empty_brackets(
    tmp_path: Path,
) -> None:
    shown = lines(secondcoder(allotment(tmp_path).folder, "evaluate", "--all"))
    text = "\n".join(shown)
    assert "People: further coefficients, all codes" in text
    for name in ("Scott's pi", "Fleiss' kappa", "AC2, linear weights"):
        assert re.search(rf"{name} +-?[01]\.\d\d \*", text), name
    assert "Marked passages, people with each other: character F1 0.00 *" in text
    assert re.search(r"Behind the character F1 of all codes together: mean over \d+ codes?", text)
    assert "[–" not in text
    assert sum(line.startswith("* No interval: one transcript") for line in shown) == 3


def test_details_are_added_behind_the_answer(tmp_path: Path) -> None:
    study = allotment(tmp_path).folder
    short, long = (lines(secondcoder(study, "evaluate", *more)) for more in ((), ("--details",)))
    assert short[0] == long[0]
    assert "People with people, by transcript" not in "\n".join(short)
    assert "People with people, by transcript" in "\n".join(long)
    assert "--details shows more here" in short[-1]


def test_the_alternative_annotator_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    made = AlternativeAnnotator((), 2 / 3, Undefined("nobody"), 0.2, passed=True)
    print_more(More(substitute=made), {})
    print_more(More(substitute=replace(made, winning_rate=Undefined("two people are too few"))), {})
    said = capsys.readouterr().out.splitlines()
    assert said[0] == (
        "Alternative annotator test: wins against 67% of people, passed (epsilon 0.2)."
    )
    assert said[1] == "Alternative annotator test: not made, two people are too few."
