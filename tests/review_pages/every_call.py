"""How each address of the program is called, and what it shows of transcript 1."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient

from tests.waiting import until

JSON = {"Accept": "application/json"}


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


def _plan(keys: str) -> Callable[[TestClient], None]:
    def work(client: TestClient) -> None:
        client.post("/run/plan", data={"transcript": keys, "strategy": "list"})
        until(
            lambda: client.get("/work/state", headers=JSON).json()["state"] != "working",
            "the plan is made",
        )

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
