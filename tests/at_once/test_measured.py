"""What is measured while somebody codes."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.errors import UserError
from assistant.store.database import open_store
from assistant.store.measured.evidence import evaluations
from assistant.store.people.codings import set_exposure
from assistant.store.verify import verify
from assistant.study import Study
from eval.evaluation import studying
from eval.evaluation.evaluating import evaluate
from eval.evaluation.studying import evaluate_study
from tests.disagreements.studies import interview, person, study_with


@pytest.fixture
def study(tmp_path: Path) -> Study:
    study, store = study_with(tmp_path)
    with store:
        for number in range(3):
            key = interview(store, f"Plot {number}", 8)
            person(store, key, "Ana", {1: ["frost"], 2: ["frost"], 4: ["rain"]})
            person(store, key, "Ben", {1: ["frost"], 2: ["frost"]})
    return study


def _while_measuring(study: Study, monkeypatch: pytest.MonkeyPatch, *times: str) -> list[str]:
    """Each time that it is measured, somebody says next what Ben had seen."""
    said = list(times)
    done: list[str] = []

    def measured(*arguments: object) -> object:
        found = evaluate(*arguments)  # type: ignore[arg-type]
        if said:
            done.append(said.pop(0))
            with open_store(study.database)[0] as other:
                set_exposure(other, done[-1], coder="Ben")  # type: ignore[arg-type]
        return found

    monkeypatch.setattr(studying, "evaluate", measured)
    return done


def test_figures_are_of_the_codes_that_they_are_said_to_rest_on(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    _while_measuring(study, monkeypatch, "unknown")
    with open_store(study.database)[0] as store:
        found = evaluate_study(study, store)
        assert len(evaluations(store)) == 1
        assert verify(store).ok
    roles = {person.name: person.role for person in found.evaluation.coverage.people}
    assert roles["Ana"] == "reference"
    assert roles["Ben"] != "reference"


def test_nothing_is_stored_where_they_never_come_to_rest(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    _while_measuring(study, monkeypatch, *["unknown", "independent"] * 3)
    with open_store(study.database)[0] as store:
        with pytest.raises(UserError, match="coded or imported each time"):
            evaluate_study(study, store)
        assert evaluations(store) == ()
