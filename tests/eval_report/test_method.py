"""How figures were measured, in words."""

from __future__ import annotations

from dataclasses import replace

from eval.report.document import Bullets, Table
from eval.report.method import method
from eval.report.view import View
from tests.eval_report.evaluations import evaluation, people_only


def _said(view: View) -> str:
    (first, *_) = method(view)
    (bullets,) = first.blocks
    assert isinstance(bullets, Bullets)
    return " ".join(bullets.items)


def _fact(view: View, name: str) -> str:
    tables = [b for s in method(view) for b in s.blocks if isinstance(b, Table)]
    (facts,) = (t for t in tables if t.rows[0][0].text == "Study")
    return next(row[1].text for row in facts.rows if row[0].text == name)


def test_what_draws_nothing_has_no_resamples() -> None:
    view = View(evaluation())
    assert "They draw nothing at random; only the baseline “random” does (seed" in _said(view)
    assert "no resamples" in _fact(view, "Intervals")
    drawn = View(replace(evaluation(), method="bca", resamples=2000))
    assert "2,000 draws" in _said(drawn)
    assert "2000 resamples" in _fact(drawn, "Intervals")


def test_which_interval_is_which_is_said_once() -> None:
    said = _said(View(evaluation()))
    assert said.count("Where one figure stands with several intervals") == 1
    assert "of all that two people coded" in said
    alone = _said(View(people_only()))
    assert "a mean over pairs weighs each pair alike" in alone
    assert "model" not in alone.split("Where one figure stands")[1].split(". ")[0]
