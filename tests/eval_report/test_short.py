"""The answer of ``secondcoder evaluate``: one screen, the most important first."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from assistant.cli.evaluate import _notes
from eval.methods.agreed import agreed
from eval.report.short import short_answer
from eval.statistics.values import show
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


def test_codes_that_are_set_aside_are_mentioned(capsys: pytest.CaptureFixture[str]) -> None:
    _notes(evaluation())
    said = " ".join(capsys.readouterr().err.split())
    assert "1 code of people is set aside by the codebook and not measured (2 codings)" in said
    assert "1 code of people is not in the codebook" in said


def test_details_are_added_behind_the_answer(tmp_path: Path) -> None:
    study = allotment(tmp_path).folder
    short, long = (lines(secondcoder(study, "evaluate", *more)) for more in ((), ("--details",)))
    assert short[0] == long[0]
    assert "People with people, by transcript" not in "\n".join(short)
    assert "People with people, by transcript" in "\n".join(long)
    assert "--details shows more here" in short[-1]
