"""Which transcripts the note on several languages counts: those that were measured."""

from __future__ import annotations

from pathlib import Path

from assistant.store.model.runs import run
from eval.units.loading import load
from tests.disagreements.studies import BOOK, interview, model, person, study_with


def test_only_transcripts_that_were_measured_count(tmp_path: Path) -> None:
    _, store = study_with(tmp_path)
    with store:
        keys = [interview(store, f"Plot {n}") for n in range(3)]
        store.write("UPDATE transcripts SET language = 'fr' WHERE id = ?", (keys[2],))
        for name in ("Ana", "Ben"):
            for key in keys[:2]:
                person(store, key, name, {1: ["frost"]})
        person(store, keys[2], "Ana", {1: ["frost"]})
        first = model(store, {key: {1: ["frost"]} for key in keys[:2]})
        second = model(store, {key: {1: ["frost"]} for key in keys}, recipe="two")

        def said(number: int | None = None) -> str:
            chosen = run(store, number) if number is not None else None
            return " ".join(load(store, BOOK, (), run=chosen).notes)

        # The French one was coded by one person alone, and by the second run.
        assert "several languages" not in said()
        assert "several languages" not in said(first)
        assert "several languages (2 in en, 1 in fr); pooled figures mix them" in said(second)
        person(store, keys[2], "Ben", {1: ["frost"]})
        assert (
            "The transcripts in these figures are in several languages (2 in en, 1 in fr)" in said()
        )
        assert "several languages" not in said(first)
