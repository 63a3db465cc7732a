"""No pooled figure and no coefficient alone; no reason left out."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from assistant.cli.commands.evaluate_details import print_details
from assistant.cli.common import table
from eval.evaluation.difference import difference
from eval.evaluation.results import Evaluation
from eval.further.results import More
from eval.further.spans import measure_spans
from eval.intervals.resampling import DEFAULT
from eval.report.beside import behind_difference, behind_rows, on_common_codes
from eval.report.building import build
from eval.report.html import to_html
from eval.report.short import SCREEN, short_answer
from eval.report.view import View
from eval.statistics.values import Undefined, is_defined, show
from tests.cli.allotment import allotment
from tests.cli.command import secondcoder
from tests.eval.test_further import CODES, study
from tests.eval_report.evaluations import evaluation, matrix, people_only
from tests.eval_report.pages import read
from tests.eval_report.test_sentences import section

WIDE = 160


@cache
def made() -> Evaluation:
    return evaluation()


def test_the_average_and_the_worst_stand_by_each_pooled_figure_of_the_first_screen() -> None:
    found = made()
    assert found.model is not None
    summary = found.model.summary
    said = short_answer(found).said
    code, where = summary.worst_code["kappa"], summary.worst_transcript["kappa"]
    assert is_defined(code.value)
    assert is_defined(where.value)
    assert is_defined(summary.macro["kappa"].estimate)
    name = found.code_names[code.name]
    assert (
        f"Run 7, kappa: mean over 3 codes {summary.macro['kappa'].estimate:.2f}, worst code "
        f"{code.value:.2f} ({name}), worst transcript {where.value:.2f} ({where.name})." in said
    )
    for who in ("People, kappa: mean over", "Word statistics, kappa: mean over"):
        (line,) = (text for text in said if text.startswith(who))
        assert "worst code" in line
        assert "worst transcript" in line
    (line,) = (t for t in short_answer(people_only()).said if t.startswith("All codes, kappa:"))
    assert "worst transcript" in line


def test_people_are_taken_where_the_model_coded() -> None:
    found = matrix(5)
    scope = found.scope.copy()
    scope[2, found.transcript == 0] = False
    part = replace(found, scope=scope, positive=found.positive & scope)
    apart = difference(part, ("Ann", "Ben"), "model")
    assert isinstance(apart.transcripts[0].person_person, Undefined)
    known = [t.person_person for t in apart.transcripts[1:]]
    assert all(is_defined(one) for one in known)
    lowest = min(one for one in known if is_defined(one))
    assert f"worst transcript {lowest:.2f}" in behind_difference(apart, str)
    # Every transcript alone is what the same figure gives of that transcript.
    alone = replace(part, scope=part.scope & (part.transcript == 2)[:, None])
    pooled = difference(alone, ("Ann", "Ben"), "model").pooled.person_person.estimate
    assert apart.transcripts[2].person_person == pytest.approx(pooled)


def test_means_are_set_beside_each_other_on_the_codes_of_which_all_have_a_figure() -> None:
    """Two people use “Rules”, one of them only, and the model is rightly silent: its code is in
    people's own mean and in neither of the two that are compared."""
    found = matrix(6)
    yes = found.positive.copy()
    yes[:, :, 2] = False
    yes[0, [3, 40], 2] = True
    quiet = replace(found, positive=yes)
    talks = yes.copy()
    talks[2, [5, 70], 2] = True
    loud = replace(found, positive=talks)
    one, other = (difference(m, ("Ann", "Ben"), "model") for m in (quiet, loud))
    assert one.alone is not None
    assert one.alone == other.alone
    assert (one.alone.codes, one.common, other.common) == (3, 2, 3)
    assert behind_difference(one, str).startswith(
        f"mean over 3 codes {show(one.alone.macro.estimate)}, "
    )
    its = [row.model_person.estimate for row in one.codes if is_defined(row.model_person.estimate)]
    theirs = [r.person_person.estimate for r in one.codes if is_defined(r.person_person.estimate)]
    whole = evaluation(quiet)
    assert whole.model is not None
    said = on_common_codes(one, whole.model.summary, "run 7")
    assert said == (
        "Side by side, kappa: mean over the 2 codes of which people and run 7 have a figure, on "
        "the passages that two people and run 7 coded: run 7 "
        f"{sum(its) / 2:.2f}, people {sum(theirs) / 2:.2f}."
    )
    assert said in short_answer(whole).said
    text = section(whole, "baselines")
    assert "people with each other (same units, codes of which all have a figure) | 2 |" in text
    assert "people with each other (same units) | 3 |" in text
    assert "Only the rows on the 2 codes of which all have one" in text
    assert "beside another run the same people have another mean" in text


def test_without_a_figure_nothing_is_said() -> None:
    assert behind_rows([("a", Undefined("nobody used it"))], str) == ""
    assert behind_rows([("a", 0.5), ("b", 0.1), ("c", Undefined("x"))], str) == (
        "mean over 2 codes 0.30, worst code 0.10 (b)"
    )


def test_kappa_of_a_code_has_two_coefficients_beside_it() -> None:
    short = short_answer(made())
    assert short.codes is not None
    assert short.codes.columns[-5:] == ("kappa", "F1", "AC1", "people's kappa", "F1")
    for row in short.codes.rows:
        assert len(row) == len(short.codes.columns)
        assert all(cell for cell in row[-5:])


def test_people_have_the_coefficients_that_the_model_has() -> None:
    found = made()
    assert found.model is not None
    short = short_answer(found)
    assert short.answer is not None
    rows = {row[0].strip(): row for row in short.answer.rows}
    people = rows["people with each other, same passages"]
    f1, ac1 = (found.model.beside[key].pooled for key in ("f1", "ac1"))
    assert people[-2:] == (show(f1.person_person.estimate), show(ac1.person_person.estimate))
    less = rows["run less people"]
    assert less[-2:] == tuple(show(one.difference.estimate, sign=True) for one in (f1, ac1))
    codes = section(found, "codes")
    assert (
        "| Kappa, people | Model less people | AC1 | Alpha | F1 | AC1, people | F1, people |"
        in (codes)
    )
    theirs = found.model.beside["ac1"].row("Frost").person_person
    assert f"{show(theirs.estimate)} [{show(theirs.low)}" in codes
    baselines = section(found, "baselines")
    row, _ = re.findall(r"\| people with each other \(same units\)(.*?)\| never", baselines)
    assert show(f1.person_person.estimate) in row
    assert show(ac1.person_person.estimate) in row
    assert "| Kappa, people | AC1, people | Alpha, people | F1, people |" in (
        section(found, "families")
    )


def test_a_stored_evaluation_of_before_has_no_figures_beside() -> None:
    """They are left out, and nothing is said in their place."""
    found = made()
    assert found.model is not None
    older = replace(found, model=replace(found.model, beside={}))
    assert "AC1, people |" not in section(older, "codes")
    short = short_answer(older)
    assert short.answer is not None
    assert [row[-2:] for row in short.answer.rows if "same passages" in row[0]] == [("", "")]


def test_the_baselines_have_what_stands_behind_them() -> None:
    said = section(made(), "baselines")
    assert "| Who | Codes | Mean over codes | Worst code | Worst transcript |" in said
    assert said.count("| word statistics") == 2
    older = made()
    assert older.model is not None
    assert older.model.difference is not None
    bare = replace(older.model.difference, transcripts=())
    again = section(replace(older, model=replace(older.model, difference=bare)), "baselines")
    assert "there is no figure to compare" in again


def test_every_reason_is_shown_whatever_the_lane() -> None:
    found = made()
    assert found.model is not None
    unproven = [v for v in found.model.verdicts if v.lane == "unproven" and v.evidence.positives]
    assert unproven
    said = section(found, "lanes")
    for verdict in unproven:
        later = [r for r in verdict.reasons if r.lane != "unproven"]
        assert later
        for reason in verdict.reasons:
            assert reason.text.split(":")[0][1:] in said
        assert f"Also: {later[0].text[:20]}" in said
    assert "The evidence: kappa" in said


def test_two_reasons_stand_in_the_table_and_the_rest_can_be_opened() -> None:
    lanes = read(to_html(build(made(), 3))).by_id("lanes-by-code")
    verdicts = View(made()).verdicts
    opened = 0
    for cell in lanes.all("td"):
        for more in cell.all("details"):
            inside = [line.text for line in more.all("li")]
            assert more.all("summary")[0].text == f"{len(inside)} further"
            assert len(cell.all("li")) - len(inside) <= 1, "the first is no item of the list"
            assert "The evidence: " in inside[-1]
            opened += 1
    assert opened == len([v for v in verdicts if v.evidence.positives])
    for verdict in verdicts:
        if verdict.evidence.positives:
            assert all(r.text.split(":")[0][1:] in lanes.text for r in verdict.reasons)


def test_the_first_screen_of_people_is_one_screen(tmp_path: Path) -> None:
    ended = secondcoder(allotment(tmp_path).folder, "evaluate")
    assert ended.code == 0, ended.err
    assert ended.err.startswith("Measuring …"), "a large study takes minutes"
    assert "Measuring: 1 of 6 people beside people" in ended.err
    lines = ended.out.splitlines()
    assert len(lines) <= SCREEN
    assert max(map(len, lines)) <= WIDE


def test_so_is_that_of_a_run(capsys: pytest.CaptureFixture[str]) -> None:
    short = short_answer(made())
    for grid in (short.answer, short.codes):
        assert grid is not None
        table(grid.columns, grid.rows)
    text = [short.heading, *short.said, *short.below]
    lines = [*capsys.readouterr().out.splitlines(), *text]
    # A table that did not fit would break its lines: one for each row, and four around them.
    assert short.answer is not None
    assert short.codes is not None
    rows = len(short.answer.rows) + len(short.codes.rows)
    assert len(lines) == rows + 8 + len(text) == short.lines - 2
    assert max(map(len, lines)) <= WIDE


def test_a_full_screen_lists_fewer_codes() -> None:
    found = made()
    assert found.model is not None
    one = next(v for v in found.model.verdicts if v.evidence.positives)
    row = found.model.summary.row(one.code)
    codes = [f"code-{n}" for n in range(30)]
    many = replace(
        found.model,
        verdicts=tuple(replace(one, code=code) for code in codes),
        summary=replace(found.model.summary, codes=tuple(replace(row, name=c) for c in codes)),
    )
    short = short_answer(replace(found, model=many))
    assert short.codes is not None
    assert 5 <= len(short.codes.rows) < 10
    assert short.lines == SCREEN
    assert f"{30 - len(short.codes.rows)} more codes: --all-codes lists them." in short.below
    every = short_answer(replace(found, model=many), every_code=True)
    assert every.codes is not None
    assert len(every.codes.rows) == 30


def test_details_show_every_reason(capsys: pytest.CaptureFixture[str]) -> None:
    print_details(made(), all_codes=False)
    said = " ".join(capsys.readouterr().out.split())
    assert "also: what the rules for other lanes would say" in said
    assert "Mean over 3 codes, each in one table of all pairs: kappa" in said
    model = made().model
    assert model is not None
    for verdict in model.verdicts:
        if verdict.evidence.positives:
            assert all(reason.text.split()[0] in said for reason in verdict.reasons)
    assert "people are not shown to agree" in said


def test_kappa_under_each_rule_has_its_average_and_worst_cases_beside_it() -> None:
    found = made()
    said = section(found, "sensitivity").replace("| |", "|\n|")
    assert "What stands behind these kappas" in said
    row = found.sensitivity[0]
    for who, behind in (
        ("model with people", row.model_behind),
        ("people with each other", row.people_behind),
    ):
        assert behind is not None
        assert is_defined(behind.macro.estimate)
        (line,) = (x for x in said.split("\n") if who in x and row.what in x and x.startswith("|"))
        assert f"| {behind.codes} | {behind.macro.estimate:.2f} [" in line
        assert show(behind.worst_code.value) in line
        assert behind.worst_transcript.name in line


def test_figures_about_marked_words_have_their_average_and_worst_cases_beside_them() -> None:
    spans = measure_spans(study(), CODES, [("Ann", "Ben")], DEFAULT)
    assert spans is not None
    said = section(replace(people_only(), more=More(people_spans=spans)), "passages").replace(
        "| |", "|\n|"
    )
    assert "marked passages: pooled figure, average and worst cases" in said
    assert "Behind the character F1" not in said
    for start in ("mean over codes (3 with a figure)", "worst code", "worst transcript"):
        (line,) = (x for x in said.split("\n") if x.startswith(f"| {start}"))
        # |u-alpha knows no code: nothing but its worst transcript.
        assert line.count("– (") == (0 if start == "worst transcript" else 1)
    older = replace(spans, behind={})
    said = section(replace(people_only(), more=More(people_spans=older)), "passages")
    assert "Behind the character F1 of all codes together: mean over 3 codes" in said


def test_tables_of_two_people_say_who_gave_a_code_alone() -> None:
    said = section(people_only(), "codes")
    assert "| Code | Both | Only Ann | Only Ben | Neither |" in said
