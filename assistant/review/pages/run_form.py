"""The form in which a run is asked for, also one like an earlier run, and what it says."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.responses import Response
from starlette.routing import Route

from assistant.coding.coding import CodeOptions
from assistant.coding.consent import to_no_model
from assistant.coding.previewing import listed_prompts
from assistant.errors import SecondCoderError, UserError
from assistant.review.desk import Asked, NotThere, page
from assistant.review.pages.model import missing_weights
from assistant.review.rendering import render
from assistant.store.database import Store
from assistant.store.model.runs import run
from assistant.store.people.codings import scopes
from assistant.store.records import RunRow
from assistant.store.texts.transcripts import transcript_infos

__all__ = ["ROUTES", "RunWanted", "run_wanted"]


@dataclass(frozen=True)
class RunWanted:
    """What a run is asked for with, and where its end leads to."""

    options: CodeOptions
    repeats: int = 1
    compare_with: int | None = None


def _run_row(store: Store, key: int) -> RunRow:
    try:
        return run(store, key)
    except KeyError:
        raise NotThere(f"There is no run {key}.") from None


def _form(asked: Asked) -> Response:
    again = asked.query("again")
    with asked.desk.reading() as (study, store):
        before = _run_row(store, int(again)) if again.isdigit() else None
        infos = [info for info in transcript_infos(store) if not info.withdrawn]
        coded = {s.transcript_id for s in scopes(store) if s.coder.kind == "human"}
        refused = {info.id for info in infos if to_no_model(info.consent)}
        every = {info.id for info in infos} - refused
        wanted = set(before.transcripts) if before else coded
        error: SecondCoderError | None = None
        prompts = []
        try:
            prompts = [p for p in listed_prompts(study, store) if p.file]
        except SecondCoderError as found:
            error = found
        return render(
            asked,
            "run_form.html",
            here="/runs",
            infos=infos,
            coded=coded,
            refused=refused,
            chosen=(wanted & every) or every,
            prompts=prompts,
            before=before,
            prompt=_prompt_of(before),
            model=str(before.header.get("model_asked", "")) if before else "",
            endpoint=study.config.endpoint,
            offer=missing_weights(study),
            error=error,
        )


def _prompt_of(row: RunRow | None) -> str:
    return str(row.header["recipe"].get("prompt_id", "")) if row else ""


def run_wanted(asked: Asked) -> RunWanted:
    """What the form says. Raises UserError for what makes no run."""
    keys = tuple(int(k) for k in map(str, asked.form.getlist("transcript")) if k.isdigit())
    if not keys:
        raise UserError("No transcript was chosen.", hint="Choose at least one.")

    def limit(name: str) -> int | None:
        return asked.number(name) if asked.text(name) else None

    cost = asked.text("max_cost").replace(",", ".")
    try:
        most = float(cost) if cost else None
    except ValueError:
        raise UserError(
            "The most that it may cost must be a number.",
            hint="Write it as 2.50, or leave it empty.",
        ) from None
    strategy = asked.text("strategy")
    if strategy not in ("", "list", "judge"):
        raise UserError(f"There is no strategy “{strategy}”.", hint="Choose list or judge.")
    repeats = limit("repeats") or 1
    if not 1 <= repeats <= 20:
        raise UserError(
            "Between 1 and 20 passes can be made at once.", hint="Write a number from 1 to 20."
        )
    return RunWanted(
        CodeOptions(
            transcripts=keys,
            repeat=limit("repeat") or 1,
            prompt=asked.text("prompt"),
            strategy=strategy,
            model=asked.text("model"),
            max_calls=limit("max_calls"),
            max_cost=most,
        ),
        repeats,
        limit("compare_with"),
    )


ROUTES = (Route("/run", page(_form)),)
