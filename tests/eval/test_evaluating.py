"""Whole evaluations from stored rows: what may be set beside what, and what is no evidence."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from assistant import shipped
from assistant.interchange.imports.importing import ImportOptions, import_files
from assistant.interchange.imports.known_codes import known_codes
from assistant.store.database import Store, open_store
from assistant.store.model.runs import run, set_run_fit
from assistant.study import create_study
from assistant.transcripts.records import ADJUDICATED
from eval.baselines.simple import with_baselines
from eval.evaluation import model
from eval.evaluation.evaluating import evaluate
from eval.evaluation.studying import evaluate_study
from eval.evaluation.subject import Subject
from eval.units.loading import Person, load
from eval.units.records import UnitMatrix
from eval.verdicts.policy import Policy
from tests.store.filled import CODEBOOK, RECIPE, Filled, add_interview, fill

PARAGRAPHS = [
    ("Interviewer", "Which tools did you have in the garden then?"),
    ("Ann", "We had one spade between five of us for many years."),
    ("Ann", "The sky was grey."),
    ("Ann", "And the rake was borrowed from the people next door."),
]
"""Ana coded the second and the fourth: two segments, one answer."""


@pytest.fixture
def store() -> Store:
    return open_store()[0]


@pytest.fixture
def filled(store: Store) -> Filled:
    made = fill(store, add_interview(store, "Spades", PARAGRAPHS))
    recipe = {**RECIPE, "codes": {code.id: code.sha256 for code in CODEBOOK.sent}}
    header = {"recipe": recipe, "models_answered": [], "model_asked": "m", "notes": []}
    store.write("UPDATE recipes SET content = ?", (json.dumps(recipe),))
    store.write("UPDATE runs SET header = ?", (json.dumps(header),))
    return made


def _subject(store: Store, filled: Filled, unit: str) -> Subject:
    found = run(store, filled.run_id)
    policy = Policy.model_validate({"intervals": {"resamples": 100}})
    return Subject("s", CODEBOOK, policy, ("Interviewer",), True, found, unit)  # type: ignore[arg-type]


@pytest.mark.slow
def test_verdicts_rest_on_segments_whatever_unit_is_shown(store: Store, filled: Filled) -> None:
    by_segment = evaluate(store, _subject(store, filled, "segment")).model
    by_exchange = evaluate(store, _subject(store, filled, "exchange")).model
    assert by_segment is not None
    assert by_exchange is not None
    assert by_exchange.summary.row("tools").counts != by_segment.summary.row("tools").counts
    assert [v.json() for v in by_exchange.verdicts] == [v.json() for v in by_segment.verdicts]
    assert by_segment.verdicts[0].evidence.positives == 2


def test_what_the_model_failed_at_is_no_evidence(store: Store, filled: Filled) -> None:
    store.write("UPDATE segment_outcomes SET status = 'failed' WHERE segment = 3")
    made = evaluate(store, _subject(store, filled, "segment")).model
    assert made is not None
    assert made.verdicts[0].evidence.positives == 1


def test_what_the_run_alone_has_coded_is_not_said_to_be_coded_by_people(
    store: Store, filled: Filled
) -> None:
    add_interview(store, "Rakes", [*PARAGRAPHS[:3], ("Ann", "And the rake was mine.")])
    both = evaluate(store, _subject(store, filled, "segment")).coverage
    assert (both.transcripts, both.units) == (("Rakes", "Spades"), 8)
    store.write("DELETE FROM scopes WHERE transcript_id = ?", (filled.transcript_id,))
    store.write("UPDATE scopes SET first_segment = 0, last_segment = 2")
    rests = evaluate(store, _subject(store, filled, "segment")).coverage
    assert (rests.transcripts, rests.units) == (("Rakes",), 3)
    assert list(rests.languages) == ["Rakes"]


def test_what_is_not_counted_is_said_of_one_and_of_several(store: Store, filled: Filled) -> None:
    found = load(store, CODEBOOK, (), run=run(store, filled.run_id))
    one = Person("Spades", "Nora", "adjudicated", 3, 3)
    said = model._not_counted(replace(found, people=(one,)), {"Spades"})
    assert said == (f"1 coded transcript by Nora, because it was {ADJUDICATED}",)
    two = (one, replace(one, name="Ana"))
    said = model._not_counted(replace(found, people=two), {"Spades"})
    assert said == (f"2 coded transcripts by Ana, Nora, because they were {ADJUDICATED}",)


def test_a_ranking_without_calibration_is_not_measured_as_no(store: Store, filled: Filled) -> None:
    store.write("UPDATE runs SET strategy = 'judge'")

    def scopes() -> list[str]:
        (one,) = load(store, CODEBOOK, (), run=run(store, filled.run_id)).transcripts
        return [scope.coder for scope in one.scopes]

    assert scopes() == ["Ana"]
    set_run_fit(store, filled.run_id, filled.transcript_id, "sha256:fit")
    assert scopes() == ["Ana", "model m"]


@pytest.mark.slow
def test_an_adjudicated_version_is_never_part_of_the_ceiling(tmp_path: Path) -> None:
    study = create_study(tmp_path / "study")
    examples = shipped.examples()
    shutil.copyfile(examples / "codebook" / "codebook.yaml", study.codebook_file)
    known = known_codes(study.codebook_file)
    with open_store(study.database)[0] as store:
        for folder, exposure in (("codings", "independent"), ("adjudicated", "adjudicated")):
            files = [p for n in ("01", "02") for p in (examples / folder).glob(f"*{n}*")]
            import_files(
                store,
                sorted(files),
                ImportOptions(known_codes=known, exposure=exposure),  # type: ignore[arg-type]
            )
        plain = evaluate_study(study, store).evaluation
        wider = evaluate_study(study, store, with_adjudicated=True).evaluation
    assert {p.role for p in wider.coverage.people} == {"reference", "adjudicated"}
    assert plain.people is not None
    assert wider.people == plain.people
    assert [s.people for s in wider.sensitivity] == [s.people for s in plain.sensitivity]


def test_the_baseline_of_a_lane_has_learned_what_that_of_the_report_has(
    store: Store, filled: Filled, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also from interviews that the run did not code: else a lane's bar is lower than the one that
    is printed, and lower than what the run's own calibration has seen."""
    for name in ("Beds", "Sheds", "Rows"):
        add_interview(store, name, [(who, f"{said} {name}.") for who, said in PARAGRAPHS])
    learned: list[tuple[str, ...]] = []

    def watched(matrix: UnitMatrix, *given: Any) -> UnitMatrix:
        learned.append(matrix.transcripts)
        return with_baselines(matrix, *given)

    monkeypatch.setattr(model, "with_baselines", watched)
    whole = evaluate(store, _subject(store, filled, "segment"))
    made = whole.model
    assert made is not None
    # The run coded one of the four: that is what its figures rest on.
    assert (made.units, whole.coverage.units) == (4, 16)
    assert len(learned) == 2
    assert sorted(learned[0]) == sorted(learned[1]) == ["Beds", "Rows", "Sheds", "Spades"]
    assert made.verdicts[0].evidence.reference_transcripts == 1
    shown = next(b for b in made.baselines if b.name == "word statistics").over["tools"]
    assert made.verdicts[0].evidence.over_baseline.estimate == shown.estimate
