"""What to double-code next, as the report shows it."""

from __future__ import annotations

from dataclasses import replace

from eval.further.results import More
from eval.intervals.resampling import Interval
from eval.report.document import Table, Text
from eval.report.planned import DISAGREED, NOT_SHOWN, planned
from eval.report.short_lines import what_next
from eval.report.view import View
from eval.verdicts.planning import Chance, CodePlan, NextTranscript, Planning
from tests.eval_report.evaluations import people_only


def _plan(code: str, advice: str, *, hopeful: bool = False) -> CodePlan:
    row = (Chance(6, 0.1), Chance(24, 0.5), Chance(50, 0.7)) if hopeful else (Chance(50, 0.0),)
    return CodePlan(
        code, "", (), 0.1, row, None, advice, rough_now=0.004, rough_most=0.21 if hopeful else None
    )


def _tables() -> dict[str, Table]:
    rare = "Too rare."
    plans: tuple[CodePlan, ...] = (
        _plan("Frost", "…", hopeful=True),
        _plan("Water", rare),
        _plan("Rules", "People do not agree on it."),
        _plan("Never-seen", rare),
    )
    few = Interval(0.5979, -0.46, 0.95, 0.95, "jackknife-t", 3, 0.1, 2.0)
    below = replace(few, estimate=-0.12, low=-0.2, high=0.3, transcripts=8)
    plans = (
        *plans[:2],
        replace(plans[2], people_kappa=-0.12, people=below, disagreed=True, needed=0.6),
        plans[3],
        replace(_plan("Soil", "…"), people_kappa=0.5979, people=few, disagreed=False, needed=0.6),
    )
    found = people_only()
    view = View(replace(found, more=More(planning=Planning(6, plans, (), 200, 1))))
    (section,) = planned(view)
    return {b.id: b for b in section.blocks if isinstance(b, Table)}


def test_each_number_of_transcripts_stands_once_and_roughness_beside_it() -> None:
    table = _tables()["planned-codes"]
    assert [c.title for c in table.columns] == ["Code", "Now (6)", "24", "50", "Enough", "Missing"]
    (row,) = table.rows
    assert (row[1].text, row[1].under) == ("0.10", "± 0.01")
    assert row[2].under == ""
    assert (row[3].text, row[3].under) == ("0.70", "± 0.21")


def test_words_fit_any_number_of_coders() -> None:
    plans = (_plan("Frost", "…", hopeful=True),)
    following = (NextTranscript("t7", ("Ann",), 12.0, ("Frost",), 0.2, "a person"),)
    found = Planning(6, plans, following, 200, 1)
    view = View(replace(people_only(), more=More(planning=found)))
    assert what_next(view) == [
        "Next to be coded until two people have, independently, as these would teach most: t7 "
        "(coded by Ann).",
        "What people have coded can no longer be drawn for an audit.",
    ]
    (section,) = planned(view)
    lead = section.blocks[0]
    assert isinstance(lead, Text)
    assert "6 transcripts were coded by two or more people independently" in lead.text
    assert "where more than two did, the two who read most of it are taken" in lead.text
    table = next(b for b in section.blocks if isinstance(b, Table) and b.id.endswith("transcripts"))
    assert "each needs codes of two people" in table.caption
    assert table.columns[1].title == "Coded independently by"


def test_codes_with_the_same_reason_share_a_row() -> None:
    rows = _tables()["planned-rest"].rows
    assert [(r[0].text, r[1].text) for r in rows] == [
        ("Too rare.", "Water and Never-seen"),
        (DISAGREED, "Rules and | committee (-0.12 [-0.20, 0.30])"),
        (NOT_SHOWN, "Soil (0.598 [-0.46, 0.95])"),
    ]
