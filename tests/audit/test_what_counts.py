"""The sentence of an audit and its table count the same codes, and say which."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.store.database import open_store
from assistant.store.measured.audits import audit
from assistant.store.model.suggestions import suggestions
from assistant.study import open_study
from eval.audit.found import Counted
from eval.audit.telling import headline, range_of, what_counts
from eval.intervals.resampling import Interval
from eval.statistics.values import Undefined
from tests.audit.lower_field import ACCEPT, done, fill_in
from tests.cli.command import secondcoder
from tests.examples.files import codebook


def interval(share: float) -> Interval:
    return Interval(share, share, share, 0.95, "stratified", 1, Undefined("no"), 0.0)


def test_words() -> None:
    some = Counted(("a", "b"), ("A", "B"), (), True, ("B",))
    told = headline(interval(0.06), interval(0.11), some, 12, {})
    assert told == (
        "Of what you would accept in these 12 interviews, about 6% is wrong (6 to 6), and of what "
        "people find there of the same 2 codes, about 11% is missed (11 to 11)."
    )
    assert what_counts(some) == (
        "Both figures count 2 codes, in the lane “accept”: A, B. What people find of other codes "
        "is not in them. Neither suggested nor found, so not below: B."
    )
    every = Counted(("a", "b"), ("A", "B"), ("c",), False, ())
    told = headline(interval(0), interval(0), every, 1, {"C": "who knows"})
    assert "of what people find there of 2 of 3 codes, about 0% is missed" in told
    assert told.endswith("nothing is known of it: C (who knows).")
    assert what_counts(every).endswith(
        "count 2 of 3 codes, also those that the model suggests nowhere: A, B."
    )


def test_a_share_reads_neither_as_nothing_nor_as_the_bar_that_it_is_above() -> None:
    some = Counted(("a",), ("A",), (), True, ())
    little = replace(interval(0.004), high=0.996)
    told = headline(little, interval(0), some, 12, {})
    assert "under 1% is wrong (under 1 to over 99)" in told
    assert "about 0% is missed (0 to 0)" in told
    above = replace(interval(0.096), low=0.02, high=0.104)
    assert range_of(above) == "10% (2 to 10)"
    assert range_of(above, 0.1) == "9.6% (2 to 10.4)"


@pytest.mark.slow
def test_where_no_code_would_be_accepted_all_count(evaluated: Path, tmp_path: Path) -> None:
    """One whole interview is looked at, so the counts of the table are the sentence's figures."""
    folder = Path(shutil.copytree(evaluated, tmp_path / "field"))
    policy = folder / "eval" / "policy.toml"
    policy.write_text(
        policy.read_text(encoding="utf-8").replace("max_missed = 0.40", "max_missed = 0.41"),
        encoding="utf-8",
    )
    done(folder, "audit", "draw", "1", "New 1")
    (path,) = (folder / "runs" / "audits" / "audit-1").iterdir()
    fill_in(path)
    store, _ = open_store(folder / "runs" / "study.db")
    with store:
        (key,) = audit(store, 1).transcripts
        suggested = {s.code for s in suggestions(store, 1, key)}
    alone = next(c.id for c in codebook().sent if c.id not in suggested)
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("codes: none", f"codes: {alone}", 2), encoding="utf-8")
    done(folder, "audit", "take", str(path), "--coder", "Dora")
    found = json.loads(secondcoder(folder, "audit", "result", "1", "--json").out)
    rows = {c["code"]: c for c in found["codes"]}
    assert found["sampled"] == found["passages"]
    assert not any(c["would_be_accepted"] for c in found["codes"])
    assert found["counted"]["codes"] == [c.id for c in codebook().sent]
    assert rows[alone]["missed"] >= 2
    missed = sum(c["missed"] for c in found["codes"])
    right = sum(c["looked_at"] - c["wrong"] for c in found["codes"])
    over_all = found["missed_share"]
    for end in ("low", "estimate", "high"):
        assert over_all[end] == pytest.approx(missed / (missed + right))
        assert rows[alone]["missed_share"][end] == 1.0
    assert f"of all {len(codebook().sent)} codes, about " in found["sentence"]
    shown = " ".join(secondcoder(folder, "audit", "result", "1").out.split())
    page = (open_study(folder).reports_folder / "audit-1" / "audit.html").read_text("utf-8")
    for told in (shown, page):
        assert "also those that the model suggests nowhere" in told
        assert "all codes" in told
        assert "That is every passage, so nothing is left to the chance of drawing" in told
        assert "such samples" not in told


@pytest.mark.slow
def test_otherwise_the_codes_that_would_be_accepted(study: Path) -> None:
    found = done(study, "audit", "result", "1", "--json").json
    assert found["counted"]["codes"] == list(ACCEPT)
    counted = [c for c in found["codes"] if c["code"] in ACCEPT]
    assert len(counted) < len(found["codes"])
    shown = " ".join(done(study, "audit", "result", "1").out.split())
    sums = [sum(c[what] for c in counted) for what in ("suggested", "looked_at", "wrong", "missed")]
    assert "all that would be accepted " + " ".join(f"{n:g}" for n in sums) in shown
    assert "Both figures count 3 codes, in the lane “accept”: " in shown
    assert "Intervals: 95 in 100 such samples hold the truth. Shares weigh" in shown
