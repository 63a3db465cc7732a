"""Pages that look for examples in every interview: quickly, and nobody waits for them."""

from __future__ import annotations

import threading

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from assistant.codebook import transcripts
from assistant.codebook.records import Example
from assistant.guide.shown import Shown
from assistant.review.desk import Desk
from assistant.review.pages import codebook as codebook_page
from assistant.review.pages import prompts as prompts_page


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
