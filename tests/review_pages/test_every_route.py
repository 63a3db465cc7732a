"""Every address of the program: what it shows of others' codes is on record, and kept from whoever
is coding that interview blind. A new address fails here until it is said how it is called."""

from __future__ import annotations

import html
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from starlette.routing import Route
from starlette.testclient import TestClient

from assistant.codebook.loading import load_codebook
from assistant.guide.settings_file import change_settings
from assistant.interchange.study_codebook.editing import save_codebook, text_hash
from assistant.llm.records import ChatReply, ChatRequest
from assistant.recipe import entries
from assistant.review.app import make_app
from assistant.review.pages import routes
from assistant.store.database import open_store
from assistant.store.model.calls import record_call, record_request
from assistant.store.model.chunks import chunks
from assistant.store.model.suggestions import replace_transcript_suggestions
from assistant.store.people.codings import codings
from assistant.store.people.memos import add_memo
from assistant.store.people.openings import openings
from assistant.store.versions import codebook_versions, record_recipe
from assistant.study import Study, create_study, open_study
from eval.audit.auditing import draw_audit
from eval.evaluation.studying import evaluate_study
from tests.fakes.server import FakeLLM
from tests.review.conftest import TOKEN, client_for
from tests.review.studies import SHED, add_interview, add_people, add_suggestions
from tests.review.test_seen import add_oddities
from tests.review_pages.every_call import CALLS, JSON, PROMPT, Called

BARN = tuple(
    (who, f"At the barn, piece {n}: the old mare was sold to number {n} before winter came.")
    for n, (who, _) in enumerate(SHED)
)
MARK = "At the barn"
"""Stands in every passage of transcript 1, and in none of the others."""
SAID = ("Reason number 1 ", "words nobody said", "a lonely quote", "half a re")
"""What the model said of transcript 1."""


EXAMPLE = BARN[7][1]
GONE = BARN[19][1]
CODEBOOK = f"""\
name: Barn
version: "1"
codes:
  - id: tools
    name: Tools
    definition: Something to work with.
  - id: weather
    definition: What the sky does to the garden.
    examples:
      - text: {json.dumps(EXAMPLE, ensure_ascii=False)}
        transcript: Barn 1
      - text: {json.dumps(GONE, ensure_ascii=False)}
  - id: sharing
    definition: Giving and lending among neighbours.
"""


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory, model: FakeLLM) -> tuple[Path, dict[str, str]]:
    """Three interviews with people's codes, two runs, examples, memos, an evaluation, and a sample
    of the third that waits to be coded. What the calls below name in capitals comes with it."""
    folder = tmp_path_factory.mktemp("routes") / "study"
    study = create_study(folder, name="Barn")
    change_settings(
        folder, "endpoint", {"base_url": model.base_url, "model": "m", "api_key_env": ""}
    )
    study.codebook_file.write_text(CODEBOOK, encoding="utf-8")
    (study.prompts_folder / "pasted.md").write_text(
        PROMPT.replace("id: list-v1", "id: pasted").replace("# Rules", f"Such as: {EXAMPLE}\n"),
        encoding="utf-8",
    )
    with open_store(study.database)[0] as store:
        for name, said in (("Barn 1", BARN), ("Yard 2", SHED)):
            add_people(store, add_interview(store, name, said), name)
        add_interview(store, "Plot 3", (*SHED[1:], SHED[0]))
        asked = entries(load_codebook(study.codebook_file))
        record_recipe(store, "sha256:recipe", {"strategy": "list", "codes": asked})
        add_suggestions(store, study, 1, 2, 3)
        add_oddities(store)
        request = ChatRequest(model="m", system=f"Example: {EXAMPLE}", user="the words of 2")
        record_request(store, request.sha256, request.model_dump_json())
        yard = next(c for c in chunks(store, 1) if c.transcript_id == 2)
        reply = ChatReply(outcome="ok", text="{}", raw="{}")
        record_call(store, 1, yard.id, request.sha256, 1, 2, reply)
        second = add_suggestions(store, study, 3, 2, 1)
        replace_transcript_suggestions(store, second, 1, [])
        add_memo(store, "transcript", "a memo of Ben", "Ben", transcript_id=1)
        draw_audit(study, store, 1, [3], segments=4, who="Ana")
        evaluate_study(study, store, who="Ana")
        text = CODEBOOK.replace(f"      - text: {json.dumps(GONE)}\n", "")
        save_codebook(study, store, text, "Ana", seen=text_hash(CODEBOOK))
        old, new = (v.sha256 for v in codebook_versions(store))
    study = open_study(folder)
    client = client_for(make_app(folder, TOKEN, 8000), name="Olga")
    listed = client.get("/disagreements?run=1&transcript=Barn%201").text
    quotes = _quotes(study)

    def shows_a_quote(key: str) -> bool:  # others stand on passages that nobody marked as a whole
        words = html.unescape(client.get(f"/disagreements/{key}?run=1").text)
        return any(quote in words for quote in quotes)

    keys = re.findall(r"/disagreements/(d-[^?\"]+)", listed)
    assert keys, listed[-2000:]
    key = next(key for key in keys if shows_a_quote(key))
    return folder, {"OLD": old, "NEW": new, "KEY": key, "BOOK": text}


def _leaks(body: str, quotes: tuple[str, ...], called: Called) -> list[str]:
    """Signs of a coding of transcript 1 in what was answered."""
    words = html.unescape(body)
    found = [said for said in (*SAID, called.sign) if said and said in words]
    return found + ([] if called.text_too else [q for q in quotes if q in words][:2])


def _filled(value: Any, names: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {key: _filled(inner, names) for key, inner in value.items()}
    for name, meant in names.items() if isinstance(value, str) else ():
        if value == name or (value.startswith("/") and name in value):
            value = value.replace(name, meant)
    return value


def _ask(client: TestClient, called: Called, names: dict[str, str]) -> Any:
    if called.first is not None:
        called.first(client)
    address = _filled(called.address, names)
    if called.body is not None:
        return client.post(address, json=_filled(called.body, names), headers=JSON)
    if called.form is not None:
        return client.post(address, data=_filled(called.form, names))
    return client.get(address)


def _each() -> list[Any]:
    return [
        pytest.param(called, id=f"{method} {called.address[:50]}")
        for (method, _), calls in CALLS.items()
        for called in (calls if isinstance(calls, tuple) else (calls,))
    ]


def test_every_address_is_here() -> None:
    there = {
        (method, route.path)
        for route in routes()
        if isinstance(route, Route)
        for method in (route.methods or set()) - {"HEAD"}
    }
    assert there == set(CALLS)


@pytest.fixture
def copied(base: tuple[Path, dict[str, str]], tmp_path: Path) -> tuple[Study, dict[str, str]]:
    shutil.copytree(base[0], tmp_path / "study")
    return open_study(tmp_path / "study"), base[1]


def _quotes(study: Study) -> tuple[str, ...]:
    with open_store(study.database)[0] as store:
        return tuple(c.quote for c in codings(store, 1))


def _opened(study: Study, who: str) -> set[str]:
    with open_store(study.database)[0] as store:
        return {o.coder for o in openings(store, who, 1)}


@pytest.mark.slow
@pytest.mark.parametrize("called", _each())
def test_what_is_shown_is_on_record(
    called: Called, copied: tuple[Study, dict[str, str]], opened: Callable[..., TestClient]
) -> None:
    study, names = copied
    quotes = _quotes(study)
    answer = _ask(opened(study.folder, "Dora"), called, names)
    assert answer.status_code < 500, answer.text[:500]
    leaks = _leaks(answer.text, quotes, called)
    if called.shows:
        assert answer.status_code == 200, answer.text[:500]
        assert leaks or called.text_too, "it was to show something, or the test is blind"
    if leaks or called.shows:
        assert _opened(study, "Dora")


@pytest.mark.slow
@pytest.mark.parametrize("called", _each())
def test_nothing_is_shown_to_whoever_codes_it_blind(
    called: Called, copied: tuple[Study, dict[str, str]], opened: Callable[..., TestClient]
) -> None:
    study, names = copied
    eva = opened(study.folder, "Eva")
    assert eva.post("/blind/1/begin").status_code == 303
    quotes = _quotes(study)
    answer = _ask(eva, called, names)
    assert answer.status_code < 500, answer.text[:500]
    assert _leaks(answer.text, quotes, called) == []
    assert _opened(study, "Eva") == set()
    if called.text_too and "spans" in answer.text:
        assert '"coder": ' not in answer.text
