"""Two runs that gave the same codes everywhere: said as such, with nothing made up around it."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from assistant.review.app import make_app
from assistant.store.database import open_store
from assistant.study import Study
from eval.compare.answers import SAME, answers_of
from tests.cli.command import secondcoder
from tests.compare.test_command import compared, two_runs
from tests.disagreements.studies import interview, model, person, study_with
from tests.review.conftest import TOKEN, client_for


def twins(folder: Path) -> Study:
    """Two runs under other prompts that say the same of three interviews."""
    study, store = study_with(folder)
    with store:
        keys = [interview(store, f"Plot {n}", 8) for n in range(3)]
        for key in keys:
            person(store, key, "Ana", {1: ["frost"], 2: ["frost"], 4: ["rain"]})
        said = {key: {1: ["frost"], 5: ["rain"]} for key in keys}
        model(store, said)
        model(store, said, recipe="two", prompt="Say what you hear.")
    return study


def test_it_is_said_and_no_interval_pretends_otherwise(tmp_path: Path) -> None:
    study = twins(tmp_path)
    found = compared(study, "1", "2")
    assert found["same"] is True
    apart = found["answers"]["together"]["difference"]["kappa"]
    assert apart["estimate"] == 0
    assert apart["low"]["reason"] == apart["high"]["reason"] == SAME
    ended = secondcoder(study.folder, "compare", "1", "2")
    assert ended.code == 0, ended.err
    assert "On 3 transcripts, run 1 and run 2 gave the same codes everywhere" in ended.out
    assert "0 fixed" not in ended.out
    assert "next to nothing" not in ended.out
    for name in ("comparison.md", "comparison.html"):
        page = (study.reports_folder / "compare-1-2" / name).read_text(encoding="utf-8")
        assert "so there is nothing to compare: both agree with people at kappa" in page
        for never in ("0 places", "They stand below", "equally well", "Code by code", "0.00 \\["):
            assert never not in page
        # What differs between the two prompts is shown all the same.
        assert "hear" in page


def test_the_page_in_the_browser_has_no_empty_list(tmp_path: Path) -> None:
    client = client_for(make_app(twins(tmp_path).folder, TOKEN, 8000))
    page = client.get("/compare?first=1&second=2").text
    assert "gave the same codes everywhere" in page
    assert "No such place." not in page


def test_codes_that_both_gave_alike_have_no_interval_where_others_differ() -> None:
    rng = np.random.default_rng(1)
    cells = rng.integers(1, 9, (6, 1, 2, 2, 4))
    cells[:, :, 1, 0] = cells[:, :, 0, 0]
    found = answers_of(cells, ("alike", "other"), same=(True, False))
    alike, other = found.codes
    assert (alike.answer, alike.why) == ("no change", "both runs gave the same codes everywhere")
    assert not isinstance(other.difference["kappa"].low, type(alike.difference["kappa"].low))
    assert found.together.why != alike.why


def test_the_average_and_the_worst_stand_beside_the_pooled_figures(tmp_path: Path) -> None:
    study, _ = two_runs(tmp_path)
    ended = secondcoder(study.folder, "compare", "1", "2")
    pattern = (
        r"Run [12], kappa: mean over \d codes? -?\d\.\d\d, worst code -?\d\.\d\d "
        r"\([A-Za-z]+\), worst transcript -?\d\.\d\d \(Plot \d\)\."
    )
    assert len(re.findall(pattern, ended.out)) == 2
    # People coded three of the four transcripts.
    assert "Three transcripts tell next to nothing about others" in ended.out
    page = (study.reports_folder / "compare-1-2" / "comparison.md").read_text(encoding="utf-8")
    assert len(re.findall(pattern.replace("\\.", "\\."), page)) == 2
    assert "Three transcripts tell next to nothing about others" in page


@pytest.mark.slow
def test_a_decision_against_the_evidence_stands_on_every_page(tmp_path: Path) -> None:
    study, _ = two_runs(tmp_path)
    with open_store(study.database)[0] as store:
        store.write(
            "INSERT INTO bulk_decisions (run_id, code, reviewer, made_at, verdict_id, audit_id, "
            "because) VALUES (1, 'frost', 'Ben', '2026-01-02T03:04:05Z', NULL, NULL, 'a pilot')"
        )
    for command in (("compare", "1", "2"), ("disagreements",), ("disagreements", "--run", "1")):
        assert secondcoder(study.folder, *command).code == 0
    assert secondcoder(study.folder, "inspect").code == 0
    said = "Against the policy, Ben accepted 0 suggestions of “Frost” at once, stating: “a pilot”."
    pages = (
        "compare-1-2/comparison",
        "disagreements/disagreements",
        "disagreements-run-1/disagreements",
        "inspect/inspect",
    )
    for page in pages:
        for form in (".md", ".html"):
            text = (study.reports_folder / f"{page}{form}").read_text(encoding="utf-8")
            assert said in text, page + form
