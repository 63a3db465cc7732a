"""Figures that rest on nothing but what a person codes blind: refused, or shown and on record."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from assistant.codebook.loading import load_codebook
from assistant.recipe import entries
from assistant.store.database import open_store
from assistant.store.measured.looks import looks
from assistant.store.model.runs import runs
from assistant.store.people.codings import scopes
from assistant.store.people.openings import openings
from assistant.store.versions import record_recipe
from assistant.study import Study
from eval.evaluation.studying import evaluate_study
from tests.review.studies import SHED, add_interview, add_suggestions, shed


@pytest.fixture
def study(tmp_path: Path) -> Study:
    """One interview that people coded, in two runs, and an evaluation of it."""
    made = shed(tmp_path / "study", run=False)
    with open_store(made.database)[0] as store:
        asked = entries(load_codebook(made.codebook_file))
        record_recipe(store, "sha256:recipe", {"strategy": "list", "codes": asked})
        add_suggestions(store, made, 1)
        add_suggestions(store, made, 1, add_interview(store, "Plot 2", SHED[1:]))
        evaluate_study(made, store, who="Ana")
    return made


def on_record(study: Study, who: str) -> set[tuple[int, str, str, str]]:
    with open_store(study.database)[0] as store:
        return {(o.transcript_id, o.shown, o.coder, o.place) for o in openings(store, who)}


@pytest.mark.slow
@pytest.mark.parametrize("path", ["/evaluations", "/compare?first=1&second=2"])
def test_who_wants_the_sums_anyway_has_seen_codes(
    path: str, study: Study, opened: Callable[..., TestClient]
) -> None:
    eva = opened(study.folder, "Eva")
    eva.post("/blind/1/begin")
    refused = eva.get(path)
    assert refused.status_code == 403
    assert "Show it anyway; it is recorded" in refused.text
    assert on_record(study, "Eva") == set()
    with open_store(study.database)[0] as store:
        assert not any("Eva" in look for look in looks(store))
    # That definitions may differ is another question than what she may see.
    sign = "&" if "?" in path else "?"
    assert eva.get(f"{path}{sign}drift=1").status_code == 403
    assert eva.get(f"{path}{sign}anyway=1").status_code == 200
    assert on_record(study, "Eva") >= {
        (1, "people", "Ana", "sums"),
        (1, "people", "Ben", "sums"),
        (1, "model", "model m", "sums"),
    }
    eva.post("/blind/1/finish")
    with open_store(study.database)[0] as store:
        (hers,) = [s for s in scopes(store, 1) if s.coder.name == "Eva"]
        assert hers.exposure == "after-model"


def test_sums_are_no_opening_for_who_codes_nothing_blind(
    study: Study, opened: Callable[..., TestClient]
) -> None:
    dora = opened(study.folder, "Dora")
    assert dora.get("/evaluations?anyway=1").status_code == 200
    assert on_record(study, "Dora") == set()


@pytest.mark.slow
def test_comparing_across_definitions_has_a_word_of_its_own(
    study: Study, opened: Callable[..., TestClient]
) -> None:
    source = study.codebook_file.read_text(encoding="utf-8").replace("Giving", "Selling")
    study.codebook_file.write_text(source, encoding="utf-8")
    with open_store(study.database)[0] as store:
        asked = entries(load_codebook(study.codebook_file))
        record_recipe(store, "sha256:other", {"strategy": "list", "codes": asked})
        third = add_suggestions(store, study, 2, 1, recipe="sha256:other")
        # Of two runs that say the same there are no places to choose among.
        store.write("DELETE FROM suggestions WHERE run_id = ? AND code = 'tools'", (third,))
        assert [r.id for r in runs(store)] == [1, 2, third]
    dora = opened(study.folder, "Dora")
    address = f"/compare?first=1&second={third}"
    for not_meant in ("", "&anyway=1"):
        page = dora.get(address + not_meant).text
        assert "Compare all the same, as drift" in page
        assert 'href="/recoding?code=' in page
        assert "--anyway" not in page
        assert "The passages:" not in page, "whose codes they are is not shown in a refusal"
        assert f"second={third}&amp;drift=1" in page
    assert "Compare all the same" not in dora.get(address + "&drift=1").text
    itself = dora.get("/compare?first=1&second=1").text
    assert "A run cannot be compared with itself." in itself
    assert "as drift" not in itself, "no definition stands in the way, so it would help nothing"
    # Told about the one, she is not taken to have asked for the other.
    eva = opened(study.folder, "Eva")
    eva.post("/blind/1/begin")
    insisted = eva.get(address + "&drift=1")
    assert insisted.status_code == 403
    assert "drift=1&amp;anyway=1" in insisted.text
    told = eva.get(address + "&drift=1&anyway=1")
    assert told.status_code == 200
    assert 'name="drift"' in told.text
    assert 'name="anyway"' in told.text
