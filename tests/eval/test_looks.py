"""Every page that shows how codes differ is a look, also where nothing is measured."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant.errors import UserError
from assistant.store.database import Store, open_store
from assistant.store.measured.evidence import evaluations, verdicts
from assistant.store.measured.looks import last_looks, looks_by_kind
from assistant.store.measured.reference import SPLIT_EVENT
from assistant.store.trail.events import record_event
from assistant.study import Study
from eval.evaluation.studying import last_evaluation
from eval.report.wording import looked_at
from tests.cli.command import secondcoder
from tests.disagreements.studies import interview, model, person, study_with


@pytest.fixture
def study(tmp_path: Path) -> Study:
    """Two runs on three interviews, of which the split keeps Plot 2 for the test."""
    study, store = study_with(tmp_path)
    with store:
        keys = [interview(store, f"Plot {n}", 8) for n in range(3)]
        for key in keys:
            person(store, key, "Ana", {1: ["frost"], 2: ["frost"], 4: ["rain"]})
            person(store, key, "Ben", {1: ["frost"], 2: ["frost"]})
        model(store, {key: {1: ["frost"]} for key in keys})
        model(store, {key: {2: ["rain"]} for key in keys}, recipe="two")
        record_event(
            store, SPLIT_EVENT, "split", seed=1, development=keys[:2], test=keys[2:], notes=[]
        )
        headers = {"models_answered": ["m"], "model_asked": "m", "notes": []}
        recipe = {"endpoint": "http://there", "prompt_id": "p", "codes": {}}
        store.write("UPDATE runs SET header = ?", (json.dumps({**headers, "recipe": recipe}),))
    return study


def counted(study: Study) -> dict[str, int]:
    with open_store(study.database)[0] as store:
        return {str(kind): n for kind, n in looks_by_kind(store).items()}


def done(study: Study, *arguments: str) -> str:
    ended = secondcoder(study.folder, *arguments)
    assert ended.code == 0, ended.err
    return ended.out


@pytest.mark.slow
def test_disagreements_and_comparisons_are_looks_and_say_what_is_kept(study: Study) -> None:
    done(study, "disagreements", "--run", "1")
    done(study, "compare", "1", "2")
    done(study, "inspect")
    assert counted(study) == {"compare": 1, "disagreements": 1, "inspect": 1}
    for page in ("disagreements-run-1/disagreements.md", "compare-1-2/comparison.md"):
        text = (study.reports_folder / page).read_text(encoding="utf-8")
        assert "Kept for the test by the split: Plot 2. What you change" in text
    done(study, "disagreements", "--run", "1", "--transcript", "Plot 0")
    written = study.reports_folder / "disagreements-run-1" / "disagreements.md"
    assert "Kept for the test" not in written.read_text(encoding="utf-8")


def test_an_evaluation_that_inspect_made_is_called_one() -> None:
    """It has a number among the evaluations; "2 evaluations" beside 3 of them was untrue."""
    kinds = {"evaluation": 2, "disagreements": 1, "inspect": 1}
    assert looked_at(kinds) == (
        "2 evaluations, 1 list of disagreements and 1 evaluation by inspect"
    )


@pytest.mark.slow
def test_reports_and_methods_say_what_was_looked_at(study: Study) -> None:
    for _ in range(2):
        done(study, "disagreements")
    done(study, "evaluate")
    done(study, "report")
    report = study.folder / "runs" / "reports" / "evaluation-1" / "report.md"
    said = "2 lists of disagreements"
    assert f"looked at twice before ({said})" in report.read_text(encoding="utf-8")
    done(study, "methods")
    methods = study.folder / "runs" / "reports" / "methods" / "methods.md"
    assert f"(1 evaluation and {said})" in methods.read_text(encoding="utf-8")


@pytest.mark.slow
def test_the_same_again_is_stored_once_and_looked_at_twice(study: Study) -> None:
    def there(store: Store) -> list[tuple[int, int]]:
        return [(e.id, len(verdicts(store, e.id))) for e in evaluations(store)]

    for _ in range(2):
        done(study, "evaluate", "--run", "1")
    with open_store(study.database)[0] as store:
        first = there(store)
        assert [number for number, _ in first] == [1]
        assert {str(kind): n for kind, n in looks_by_kind(store).items()} == {"evaluation": 2}
        # A coding that changes no figure changes what the verdicts rest on.
        store.write(
            "UPDATE codings SET end_char = end_char - 1, quote = substr(quote, 1, length(quote)-1) "
            "WHERE id = (SELECT min(id) FROM codings WHERE coder_id = "
            "(SELECT id FROM coders WHERE name = 'Ana'))"
        )
    done(study, "evaluate", "--run", "1")
    with open_store(study.database)[0] as store:
        assert [number for number, _ in there(store)] == [1, 2]


@pytest.mark.slow
def test_an_evaluation_of_another_version_is_said_to_be_one(study: Study) -> None:
    done(study, "evaluate")
    with open_store(study.database)[0] as store:
        store.write("UPDATE evaluations SET content = '{}'")
        with pytest.raises(UserError, match="stored by another version") as caught:
            last_evaluation(store)
    assert caught.value.where == "evaluation 1"
    assert "secondcoder evaluate" in caught.value.hint
    done(study, "methods")


@pytest.mark.slow
def test_the_last_looks_are_kept_one_by_one_with_each_evaluation(study: Study) -> None:
    done(study, "disagreements", "--run", "1")
    done(study, "evaluate")
    done(study, "evaluate", "--unit", "exchange")
    with open_store(study.database)[0] as store:
        found = last_evaluation(store).evaluation
        (last,) = last_looks(store, found.codebook, 1)
        assert last_looks(store, "another codebook", 5) == ()
    assert [look.kind for look in found.looks_before] == ["evaluation", "disagreements"]
    assert [bool(look.recipe_sha256) for look in found.looks_before] == [False, True]
    assert found.looks_before[0].evaluation == 1
    assert last.evaluation == 2
    assert all(look.who and look.at for look in found.looks_before)
