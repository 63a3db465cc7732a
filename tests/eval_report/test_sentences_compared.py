"""What a report says of a model beside baselines and people: only what the intervals show."""

from __future__ import annotations

from dataclasses import replace

import pytest

from eval.evaluation.results import Evaluation
from eval.intervals.resampling import Interval
from eval.report.answer import answer
from eval.report.document import Text
from eval.report.short import short_answer
from eval.report.sides import shown_above
from eval.report.view import View
from eval.statistics.values import Undefined
from tests.eval_report.evaluations import evaluation, matrix, model_result, people_only
from tests.eval_report.test_sentences import made, section, with_model


def interval(low: float, estimate: float, high: float) -> Interval:
    return Interval(estimate, low, high, 0.95, "jackknife-t", 9, 0.1, 8.0)


def with_gain(found: Evaluation, over: Interval) -> Evaluation:
    assert found.model is not None
    return with_model(
        found, baselines=tuple(replace(b, over_pooled=over) for b in found.model.baselines)
    )


def with_difference(found: Evaluation, apart: Interval) -> Evaluation:
    assert found.model is not None
    assert found.model.difference is not None
    pooled = replace(found.model.difference.pooled, difference=apart)
    return with_model(found, difference=replace(found.model.difference, pooled=pooled))


@pytest.mark.parametrize(
    ("low", "estimate", "high", "said"),
    [
        (0.1, 0.2, 0.3, "It is better than counting words"),
        (-0.1, 0.2, 0.5, "It is not shown to be better than counting words"),
        (0.0, 0.2, 0.5, "It is not shown to be better than counting words"),
        (-0.3, -0.2, -0.1, "It is worse than counting words"),
    ],
)
def test_better_than_a_baseline_only_where_the_whole_interval_is(
    low: float, estimate: float, high: float, said: str
) -> None:
    text = section(with_gain(made(), interval(low, estimate, high)), "answer")
    assert said in text
    assert text.count("counting words") == 1


def test_a_gain_without_an_interval_is_not_better() -> None:
    none = Undefined("one transcript")
    over = replace(interval(0.1, 0.2, 0.3), low=none, high=none)
    text = section(with_gain(made(), over), "answer")
    assert "It is not shown to be better than counting words" in text
    assert "one transcript" in text


@pytest.mark.parametrize("transcripts", [2, 5, 6])
def test_few_transcripts_show_nothing_wherever_the_interval_lies(transcripts: int) -> None:
    """Six can: two sides that are alike look as far apart in 2 of the 64 ways to swap them."""
    over = replace(interval(0.1, 0.2, 0.3), transcripts=transcripts)
    found = with_difference(with_gain(made(), over), over)
    text = section(found, "answer")
    told = " ".join(short_answer(found).said)
    if transcripts == 6:
        assert "It is better than counting words" in text
        assert "It is better than the best baseline" in told
        assert "cannot show it" not in text + told
        return
    assert (
        "It is not shown to be better than counting words, the best of the baselines: "
        f"{transcripts} transcripts cannot show it, whatever the interval; at least 6 are needed "
        "(difference +0.20 [+0.10, +0.30])." in text
    )
    assert f"which of the two agree better cannot be told: {transcripts} transcripts" in text
    assert told.count(f"{transcripts} transcripts cannot show it, at least 6 are needed.") == 2
    assert "It is better" not in text + told


def test_of_many_codes_more_is_needed_to_show_agreement_than_of_one() -> None:
    """One code with p about .01 is shown to be agreed on; one of twenty is not."""
    one = replace(interval(0.05, 0.3, 0.55), transcripts=9, se=0.1, df=8.0)
    none = replace(interval(-0.3, 0.01, 0.3), transcripts=9, se=0.1, df=8.0)
    clear = replace(interval(0.5, 0.7, 0.9), transcripts=9, se=0.05, df=8.0)
    assert shown_above([one]) == 1
    assert shown_above([one, *[none] * 19]) == 0
    assert shown_above([one, clear, *[none] * 19]) == 1
    sure = replace(interval(0.6, 1.0, 1.0), transcripts=9, se=0.0, df=8.0)
    assert shown_above([sure, *[none] * 19]) == 1
    assert shown_above([replace(clear, transcripts=3)]) == 0
    found = people_only()
    assert found.people is not None
    row = next(r for r in found.people.together.codes if r.name == "Frost")
    codes = tuple(
        replace(row, name=f"c{i}", values={**row.values, "kappa": one if not i else none})
        for i in range(20)
    )
    many = replace(
        found,
        people=replace(found.people, together=replace(found.people.together, codes=codes)),
    )
    assert "Of 20 codes that they used, none is shown" in " ".join(short_answer(many).said)
    lead = answer(View(many)).blocks[0]
    assert isinstance(lead, Text)
    assert "Of 20 codes that they used, none are shown" in lead.text


def test_people_who_coded_two_transcripts_are_not_shown_to_agree_on_a_code() -> None:
    found = people_only(matrix(transcripts=2))
    assert found.people is not None
    sure = replace(interval(0.3, 0.5, 0.7), transcripts=2)
    rows = [replace(r, values={**r.values, "kappa": sure}) for r in found.people.together.codes]
    together = replace(found.people.together, codes=tuple(rows))
    few = replace(found, people=replace(found.people, together=together))
    assert "that they used, none are shown to be agreed on" in section(few, "answer")
    assert "that they used, none is shown to be agreed on" in " ".join(short_answer(few).said)


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (-0.3, -0.1, "it agrees with people less than they do with each other"),
        (-0.3, 0.1, "which of the two agree better cannot be told"),
        (0.1, 0.3, "it agrees with people more than they do with each other"),
    ],
)
def test_beside_people_the_interval_decides(low: float, high: float, said: str) -> None:
    text = section(with_difference(made(), interval(low, (low + high) / 2, high)), "answer")
    assert said in text
    assert ("which includes 0" in text) == (low < 0 < high)


def test_without_two_people_nothing_says_how_well_people_agree() -> None:
    alone = replace(evaluation(), people=None, model=model_result(matrix(), ("Ann",)))
    text = section(alone, "answer")
    assert "No two people coded what the model coded" in text
    assert "with each other at" not in text
