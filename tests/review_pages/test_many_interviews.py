"""Pages that look for examples in every interview: quickly, and nobody waits for them."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from assistant.codebook import transcripts
from assistant.codebook.records import Example
from assistant.guide.shown import Shown
from assistant.review.desk import Desk
from assistant.review.pages import codebook as codebook_page
from assistant.review.pages import prompts as prompts_page
from assistant.store.database import open_store
from assistant.store.model.runs import open_run, runs
from assistant.store.people.coders import add_coder
from assistant.study import Study
from tests.review.studies import SHED, add_interview


def test_each_interview_is_folded_once_however_many_there_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    said = [f"Interview {n}: I sowed beans in row {n} and none came up." for n in range(600)]
    folded: list[str] = []
    fold = transcripts._fold

    def counted(text: str) -> str:
        folded.append(text)
        return fold(text)

    monkeypatch.setattr(transcripts, "_fold", counted)
    examples = [Example(text=f"I sowed beans in row {n} and none") for n in (7, 599)]
    found = [
        [n for n, text in enumerate(said) if transcripts.is_from(example, f"{n}", text)]
        for example in examples
    ]
    assert found == [[7], [599]]
    assert len([text for text in folded if text in said]) == len(said)


def test_what_is_kept_folded_has_a_bound() -> None:
    folds = transcripts._Folds(most=100)
    texts = ["“A” " * 10, "B " * 20, "C  " * 30, "D" * 200]
    assert [folds.of(text) for text in texts * 2] == [transcripts._fold(t) for t in texts * 2]
    assert sum(len(text) for text in folds._kept) <= 100


@pytest.mark.parametrize(
    ("module", "looks", "path"),
    [
        (codebook_page, "shown_by", "/codebook"),
        (prompts_page, "pasted_in", "/prompts/list-v2"),
    ],
)
def test_nobody_s_decision_waits_while_examples_are_looked_for(
    module: object,
    looks: str,
    path: str,
    client: TestClient,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    app = client.app
    assert isinstance(app, Starlette)
    desk: Desk = app.state.desk
    free: list[bool] = []

    def other() -> None:
        if got := desk.writing_lock.acquire(blocking=False):
            desk.writing_lock.release()
        free.append(got)

    def looking(*_: object) -> tuple[Shown, ...]:
        somebody = threading.Thread(target=other)
        somebody.start()
        somebody.join()
        return (Shown(1, "Shed 1", (None,)),)

    monkeypatch.setattr(module, looks, looking)
    assert client.get(path).status_code == 200
    assert free == [True]


def test_the_list_of_runs_names_a_few_interviews_and_counts_the_others(
    study: Study, opened: Callable[..., TestClient]
) -> None:
    with open_store(study.database)[0] as store:
        keys = [add_interview(store, f"Plot {n}", SHED[n : n + 2]) for n in range(1, 9)]
        run, _ = open_run(
            store,
            "many",
            recipe_sha256="sha256:recipe",
            repeat=2,
            coder=add_coder(store, "model m", "model", "sha256:recipe"),
            strategy="list",
            codebook_sha256=runs(store)[0].codebook_sha256,
            prompt_sha256="",
            header={},
            transcripts=[(key, "") for key in keys],
        )
    page = opened(study.folder).get("/runs").text
    cell = page.partition(f"Run {run.id}<")[2].partition("</tr>")[0]
    assert ">Plot 1, Plot 2, Plot 3, Plot 4, Plot 5 and 3 more<" in cell
    assert "Plot 8" in cell, "all of them, on hover"
