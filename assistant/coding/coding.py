"""Code transcripts with whatever strategy the study uses: the one entry for command and pages."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass

from assistant.coding.running import CodeOptions, RunResult, prepare, run_list
from assistant.coding.settings import resolve
from assistant.store.database import Store
from assistant.store.runs import runs
from assistant.study import Study

__all__ = ["Preview", "code_transcripts", "preview"]


@dataclass(frozen=True)
class Preview:
    """What a run will ask, made by the planner of the run itself."""

    strategy: str
    prompt: str
    model: str
    endpoint: str
    local: bool
    asked_before: bool
    """A run has gone to this endpoint before, so the user has agreed once."""
    transcripts: int
    calls: int
    input_tokens: int
    exact: bool
    max_output_tokens: int
    max_cost: float | None
    currency: str
    notes: tuple[str, ...]
    first_payload: str
    """The first request, JSON: exactly what would leave."""


def preview(study: Study, store: Store, options: CodeOptions) -> Preview:
    """Plan and say; sends nothing."""
    settings = resolve(study, prompt=options.prompt, strategy=options.strategy, model=options.model)
    prepared = prepare(study, store, options)
    plan = prepared.plan
    return Preview(
        settings.strategy,
        settings.prompt.id,
        settings.model,
        settings.base_url,
        settings.local,
        any(r.header["recipe"]["endpoint"] == settings.base_url for r in runs(store)),
        len(prepared.transcripts),
        plan.number_of_calls,
        plan.input_tokens,
        plan.exact,
        plan.max_output_tokens,
        plan.max_cost,
        plan.prices.currency,
        plan.notes,
        json.dumps(plan.calls[0].request.model_dump(mode="json"), ensure_ascii=False, indent=2)
        if plan.calls
        else "",
    )


def code_transcripts(
    study: Study,
    store: Store,
    options: CodeOptions,
    progress: Callable[[int, str], None] = lambda done, remark: None,
) -> RunResult:
    """Do the run, or what is left of it. See `assistant.coding.running.run_list`."""
    prepared = prepare(study, store, options)
    return run_list(study, store, prepared, options, progress)
