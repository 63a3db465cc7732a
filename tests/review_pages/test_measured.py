"""What the pages of codes say was measured: nothing that counts no more, and one ceiling."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from assistant.codebook.loading import load_codebook
from assistant.guide.measured import Measured, measured
from assistant.interchange.transcripts import change_transcripts
from assistant.recipe import entries
from assistant.review.evidence import figures, verdicts_of
from assistant.store.database import open_store
from assistant.store.model.runs import run
from assistant.store.versions import record_recipe
from assistant.study import Study
from eval.evaluation.studying import evaluate_study
from tests.review.studies import SHED, add_interview, add_people, add_suggestions, shed

PAGES = ("/codes", "/codes/weather")
NO_MORE = "count no more until it is measured again"


@pytest.fixture
def study(tmp_path: Path) -> Study:
    """Two interviews that two people coded; a run coded the first of them, and was measured."""
    made = shed(tmp_path / "study", run=False)
    with open_store(made.database)[0] as store:
        asked = entries(load_codebook(made.codebook_file))
        record_recipe(store, "sha256:recipe", {"strategy": "list", "codes": asked})
        add_people(store, add_interview(store, "Plot 2", SHED[1:]), "Plot 2")
        add_suggestions(store, made, 1)
        evaluate_study(made, store, run_id=1, who="Ana")
    return made


def found_in(study: Study) -> Measured:
    with open_store(study.database)[0] as store:
        found = measured(study, store, load_codebook(study.codebook_file))
    assert found is not None
    return found


def test_what_counts_has_its_lane(study: Study, opened: Callable[..., TestClient]) -> None:
    dora = opened(study.folder, "Dora")
    assert found_in(study).of("weather").lane
    for path in PAGES:
        page = dora.get(path).text
        assert NO_MORE not in page
        assert 'class="lane ' in page


@pytest.mark.slow
@pytest.mark.parametrize("changed", ["definition", "exposure", "policy"])
def test_what_counts_no_more_has_a_warning_and_no_lane(
    changed: str, study: Study, opened: Callable[..., TestClient]
) -> None:
    if changed == "definition":
        text = study.codebook_file.read_text(encoding="utf-8")
        new = text.replace("What the sky does to", "Wind and rain in")
        study.codebook_file.write_text(new, encoding="utf-8")
        why = "what the codebook says of this code was changed since"
    elif changed == "exposure":
        with open_store(study.database)[0] as store:
            change_transcripts(store, [], exposure="unknown", coder="Ana")
        why = "who counts as an independent coder"
    else:
        text = study.policy_file.read_text(encoding="utf-8")
        new = re.sub(r"positives = \d+", "positives = 3", text, count=1)
        assert new != text
        study.policy_file.write_text(new, encoding="utf-8")
        why = "the policy (eval/policy.toml, or [units] in study.toml) was changed"
    dora = opened(study.folder, "Dora")
    for path in PAGES:
        page = dora.get(path).text
        assert NO_MORE in page
        assert why in page
    assert 'class="lane ' not in dora.get("/codes/weather").text
    # Of the other codes only what concerns them too.
    other = found_in(study).of("tools")
    assert bool(other.void) == (changed != "definition")
    assert bool(other.lane) == (changed == "definition")


def test_beside_a_model_stands_the_ceiling_of_the_same_passages(
    study: Study, opened: Callable[..., TestClient]
) -> None:
    found = found_in(study)
    assert found.people_in == (found.people_in[0],)
    assert set(found.everywhere_in) == {found.people_in[0], "Plot 2"}
    with open_store(study.database)[0] as store:
        panel = figures(verdicts_of(study, store, run(store, 1))["tools"].verdict)
    beside = next(f for f in panel if f.what == "People with each other")
    mine = found.of("tools")
    assert mine.people is not None
    assert mine.people_everywhere is not None
    assert mine.people.estimate == beside.estimate
    assert (mine.people.transcripts, mine.people_everywhere.transcripts) == (1, 2)
    dora = opened(study.folder, "Dora")
    for path in ("/codes", "/codes/tools"):
        assert "only on the passages that two of them and run 1 coded" in dora.get(path).text
    assert "wherever two coded, in 2 transcripts" in dora.get("/codes/tools").text
    (where,) = re.findall(r'id="figures-of">(.*?)</p>', dora.get("/suggestions/1/why").text)
    assert "is of 1 transcript (Shed 1) that run 1 coded" in where
