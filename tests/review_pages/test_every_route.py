"""Every address of the program: what it shows of others' codes is on record, and kept from whoever
is coding that interview blind. A new address fails here until it is said how it is called."""

from __future__ import annotations

import html
import json
import re
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from starlette.routing import Route
from starlette.testclient import TestClient

from assistant.codebook.loading import load_codebook
from assistant.guide.settings_file import change_settings
from assistant.interchange.editing import save_codebook, text_hash
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

JSON = {"Accept": "application/json"}
BARN = tuple(
    (who, f"At the barn, piece {n}: the old mare was sold to number {n} before winter came.")
    for n, (who, _) in enumerate(SHED)
)
MARK = "At the barn"
"""Stands in every passage of transcript 1, and in none of the others."""
SAID = ("Reason number 1 ", "words nobody said", "a lonely quote", "half a re")
"""What the model said of transcript 1."""


@dataclass(frozen=True)
class Called:
    """One way to call an address. ``form`` or ``body`` make it a change."""

    address: str
    form: dict[str, Any] | None = None
    body: dict[str, Any] | None = None
    first: Callable[[TestClient], object] | None = None
    """Done before, by the same person."""
    shows: bool = False
    """It shows codings of transcript 1 to whoever may see them."""
    sign: str = ""
    """What codings of transcript 1 are known by here, where no quote of them is shown."""
    text_too: bool = False
    """It shows words of transcript 1 that nobody coded, too."""


def _plan(keys: str) -> Callable[[TestClient], object]:
    def work(client: TestClient) -> object:
        client.post("/run/plan", data={"transcript": keys, "strategy": "list"})
        for _ in range(400):
            if client.get("/work/state", headers=JSON).json()["state"] != "working":
                return None
            time.sleep(0.02)
        raise AssertionError("it does not end")

    return work


PROMPT = (Path(__file__).parents[2] / "prompts" / "list-v1.md").read_text(encoding="utf-8")
DECIDE = {"action": "accept", "after": 0}
PLACE = {"code": "tools", "start": 30, "end": 60, "run": 1}
ONE = {"transcript": "1"}
TWO = {"transcript": "2", "text": PROMPT, "prompt": "list-v1"}

CALLS: dict[tuple[str, str], Called | tuple[Called, ...]] = {
    ("GET", "/"): Called("/"),
    ("GET", "/audits"): Called("/audits"),
    ("POST", "/audits/draw"): Called("/audits/draw", {"run": "1"}),
    ("POST", "/audits/{key:int}/judge"): Called("/audits/1/judge", {}),
    ("GET", "/audits/{key:int}"): Called("/audits/1"),
    ("GET", "/audits/{key:int}/{transcript:int}"): Called("/audits/1/3"),
    ("POST", "/audits/{key:int}/{transcript:int}"): Called(
        "/audits/1/3", {"passage": "5", "code": "tools"}
    ),
    ("POST", "/audits/{key:int}/{transcript:int}/finish"): Called("/audits/1/3/finish", {}),
    ("GET", "/blind/{key:int}"): Called("/blind/1", text_too=True),
    ("POST", "/blind/{key:int}/begin"): Called("/blind/1/begin", {}),
    ("POST", "/blind/{key:int}/codings"): Called("/blind/1/codings", body=PLACE),
    ("POST", "/blind/{key:int}/finish"): Called("/blind/2/finish", {}),
    ("POST", "/blind/{key:int}/give-up"): Called("/blind/2/give-up", {}),
    ("GET", "/bulk"): Called("/bulk?run=1&code=tools"),
    ("POST", "/bulk"): Called("/bulk", body={"run": 1, "code": "tools"}),
    ("POST", "/bulk/{key:int}/undo"): Called("/bulk/1/undo", body={}),
    ("POST", "/checks/{key:int}/answer"): Called("/checks/1/answer", body={"answer": "reject"}),
    ("GET", "/checks/{key:int}/why"): Called("/checks/1/why"),
    ("GET", "/checks/{key:int}/similar"): Called("/checks/1/similar"),
    ("GET", "/codebook"): Called("/codebook", shows=True),
    ("POST", "/codebook"): Called("/codebook", {"text": "name: Mine\n", "seen": "x"}),
    ("POST", "/codebook/derive"): Called("/codebook/derive", {}),
    ("POST", "/codebook/names"): Called("/codebook/names", {"name": "hoes", "as": "code"}),
    ("POST", "/codebook/draft"): (
        Called("/codebook/draft", body={**TWO, "text": "BOOK"}, shows=True),
        Called("/codebook/draft", body={**TWO, "text": "name: x\n", "version": "OLD"}, shows=True),
        Called("/codebook/draft", body={**ONE, "text": "BOOK", "prompt": "list-v1"}, text_too=True),
    ),
    ("GET", "/codes"): Called("/codes"),
    ("GET", "/codes/{key:path}"): Called("/codes/weather", shows=True),
    ("POST", "/codes/new"): Called("/codes/new", body={"name": "Loss"}),
    ("POST", "/codings/{key:int}/remove"): Called("/codings/1/remove", body={}),
    ("GET", "/compare"): Called("/compare?first=1&second=2", shows=True),
    ("GET", "/difference"): Called("/difference?kind=codebook&old=OLD&new=NEW", shows=True),
    ("GET", "/disagreements"): Called("/disagreements?run=1", shows=True, sign="Barn 1"),
    ("GET", "/disagreements/conflicts/{identity}"): Called("/disagreements/conflicts/none"),
    ("POST", "/disagreements/conflicts/{identity}"): Called("/disagreements/conflicts/none", {}),
    ("GET", "/disagreements/{key}"): Called("/disagreements/KEY?run=1", shows=True),
    ("POST", "/disagreements/{key}"): Called("/disagreements/KEY?run=1", {"outcome": "neither"}),
    ("POST", "/disagreements/{key}/rule"): Called(
        "/disagreements/KEY/rule?run=1", {"code": "tools", "field": "include", "rule": "Also."}
    ),
    ("POST", "/evaluate"): Called("/evaluate", {}),
    ("POST", "/recoding"): Called("/recoding", {"code": "weather"}),
    ("GET", "/evaluations"): Called("/evaluations"),
    ("GET", "/evaluations/{key:int}"): Called("/evaluations/1"),
    ("POST", "/import"): Called("/import", {}),
    ("POST", "/import/codebook"): Called("/import/codebook", {}),
    ("POST", "/import/answers"): Called("/import/answers", {}),
    ("GET", "/import/asked"): Called("/import/asked?at=never"),
    ("POST", "/import/asked/aside"): Called("/import/asked/aside", {"at": "never"}),
    ("POST", "/no-interview"): Called("/no-interview", {"transcript": "Barn 1"}),
    ("GET", "/memos"): Called("/memos", shows=True),
    ("POST", "/memos"): Called("/memos", {"about": "study", "text": "x"}),
    ("POST", "/memos/{key:int}"): Called("/memos/1", body={"text": "x"}),
    ("POST", "/memos/{key:int}/delete"): Called("/memos/1/delete", body={}),
    ("POST", "/model/get"): Called("/model/get", {"model": "none of these"}),
    ("GET", "/one-person"): Called("/one-person?old=Ana&new=Ben"),
    ("POST", "/one-person"): Called("/one-person", {"old": "Ana", "new": "Ben"}),
    ("GET", "/pace"): Called("/pace"),
    ("POST", "/pace"): Called("/pace", {"on": "1"}),
    ("GET", "/prompts"): Called("/prompts"),
    ("POST", "/prompts/draft"): (
        Called("/prompts/draft", body=TWO, shows=True),
        Called("/prompts/draft", body={**TWO, **ONE}, text_too=True),
        Called("/prompts/draft", body={**TWO, "version": "pasted"}, shows=True),
    ),
    ("GET", "/prompts/{key}"): (
        Called("/prompts/pasted", shows=True),
        Called("/prompts/list-v1"),
    ),
    ("POST", "/prompts/{key}"): Called("/prompts/list-v1", {"text": "x", "name": "mine"}),
    ("GET", "/recoding"): Called("/recoding?code=weather", shows=True),
    ("GET", "/run"): Called("/run"),
    ("POST", "/run/plan"): Called("/run/plan", {"transcript": "2"}),
    ("POST", "/run/start"): Called("/run/start", {"plan": "1"}),
    ("POST", "/rename"): Called("/rename", {"transcript": "nowhere", "name": "P07"}),
    ("GET", "/runs"): Called("/runs"),
    ("GET", "/runs/{key:int}"): Called("/runs/1", shows=True),
    ("GET", "/runs/{key:int}/calls"): Called("/runs/1/calls", shows=True, sign="cut <b>off</b>"),
    ("GET", "/runs/{key:int}/calls/{call:int}"): (
        Called("/runs/1/calls/4", shows=True),
        # Of the other interview, with an example of this one in the request.
        Called("/runs/1/calls/5", shows=True),
    ),
    ("GET", "/start"): Called("/start?step=codebook"),
    ("POST", "/start/endpoint"): Called("/start/endpoint", {}),
    ("POST", "/start/looked"): Called("/start/looked", {}),
    ("POST", "/start/make"): Called("/start/make", {"name": "x"}),
    ("POST", "/policy"): Called("/policy", {}),
    ("POST", "/statements"): Called("/statements", {"consent": "local"}),
    ("POST", "/statements/part"): Called(
        "/statements/part",
        {
            "coder": "Ana",
            "transcript": "Barn 1",
            "passages": "some",
            "first": "1",
            "last": "2",
            "code": "tools",
        },
    ),
    ("GET", "/suggestions/{key:int}/similar"): (
        Called("/suggestions/1/similar"),
        Called("/suggestions/50/similar"),
    ),
    ("GET", "/suggestions/{key:int}/why"): Called("/suggestions/1/why", shows=True),
    ("POST", "/suggestions/{key:int}/decide"): Called("/suggestions/1/decide", body=DECIDE),
    ("GET", "/transcripts"): Called("/transcripts"),
    ("GET", "/transcripts/{key:int}"): Called("/transcripts/1", shows=True, text_too=True),
    ("GET", "/transcripts/{key:int}/state"): Called("/transcripts/1/state?run=1", text_too=True),
    ("POST", "/transcripts/{key:int}/codings"): Called("/transcripts/1/codings", body=PLACE),
    ("POST", "/transcripts/{key:int}/memos"): Called(
        "/transcripts/1/memos", body={"about": "transcript", "text": "hm"}
    ),
    ("GET", "/try"): Called("/try"),
    ("POST", "/try"): Called("/try", {"base": "1"}),
    ("GET", "/work"): Called("/work", first=_plan("2")),
    ("GET", "/work/first-call"): (
        Called("/work/first-call", first=_plan("2"), shows=True),
        Called("/work/first-call", first=_plan("1"), text_too=True),
    ),
    ("GET", "/work/state"): Called("/work/state"),
    ("POST", "/work/stop"): Called("/work/stop", {}),
}


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
