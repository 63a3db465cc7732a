"""From a study to a finished run: prepare, preview, open, ask, finish.

`prepare` makes the plan that the preview shows and that the run sends. The same recipe, fits,
repeat number and transcripts reopen the same run: what is there is not asked for again, what had
failed is.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

from assistant.codebook.loading import load_codebook
from assistant.codebook.records import Codebook
from assistant.coding.asking import Asker, LimitReached, Limits
from assistant.coding.header import RunHeader, environment, git_state, host
from assistant.coding.listrun import ListRun, chunk_key
from assistant.coding.planning import Plan, plan_list
from assistant.recipe import Recipe, entries
from assistant.coding.requests import ListOptions
from assistant.coding.settings import Settings, check_consent, endpoint_of, resolve
from assistant.errors import SecondCoderError, UserError
from assistant.hashing import hash_json
from assistant.llm.bridge import run_async
from assistant.llm.client import ChatClient
from assistant.llm.problems import FatalProviderError
from assistant.llm.retry import RetryPolicy
from assistant.llm.tokens import TokenCounter
from assistant.store.coders import add_coder
from assistant.store.database import Store
from assistant.store.events import record_event
from assistant.store.records import RunRow, SegmentOutcome
from assistant.store.runs import (
    add_chunks,
    chunks,
    count_outcomes,
    finish_run,
    open_run,
    record_requests,
    set_segment_outcomes,
)
from assistant.store.transcripts import transcript
from assistant.store.versions import record_codebook, record_prompt, record_recipe
from assistant.study import Study
from assistant.transcripts.records import Transcript

__all__ = ["CodeOptions", "Prepared", "RunResult", "open_prepared", "prepare", "run_list"]

Progress = Callable[[int, str], None]


@dataclass(frozen=True)
class CodeOptions:
    transcripts: tuple[int, ...]
    repeat: int = 1
    prompt: str = ""
    strategy: str = ""
    model: str = ""
    max_calls: int | None = None
    max_cost: float | None = None
    retry: RetryPolicy | None = None


@dataclass(frozen=True)
class Prepared:
    """Everything a run needs, before anything is sent or stored."""

    settings: Settings
    codebook: Codebook
    codebook_source: str
    recipe: Recipe
    transcripts: tuple[Transcript, ...]
    repeat: int
    plan: Plan


@dataclass(frozen=True)
class RunResult:
    run_id: int
    status: str
    why: str
    sent: int
    """Questions that were really put to the endpoint now."""
    reused: int
    """Replies of other runs that were used again."""
    unchanged: bool
    """Everything was there already; nothing was asked and nothing changed."""
    outcomes: dict[str, dict[str, int]]
    stopped_by: SecondCoderError | None = None
    """What ended the run before all was asked."""


def prepare(study: Study, store: Store, options: CodeOptions) -> Prepared:
    """Resolve settings and plan the calls of a `list` run. Sends and stores nothing.

    Raises `UserError` for anything that the user can mend: no transcripts, an empty codebook, a
    prompt that does not fit, consent that does not cover the endpoint.
    """
    settings = resolve(study, prompt=options.prompt, strategy=options.strategy, model=options.model)
    codebook = load_codebook(study.codebook_file)
    source = study.codebook_file.read_text(encoding="utf-8-sig")
    if not options.transcripts:
        raise UserError(
            "There is no transcript to code.", hint="Bring some in with `secondcoder import`."
        )
    if not codebook.sent:
        raise UserError(
            "The codebook has no code that a model may be asked about.",
            where=str(study.codebook_file),
            hint="Write codes into it, or make a first one from people's codes: "
            "`secondcoder codebook derive`.",
        )
    check_consent(store, settings, options.transcripts)
    texts = tuple(transcript(store, key) for key in options.transcripts)
    coding = study.config.coding
    recipe = Recipe(
        strategy=settings.strategy,
        endpoint=settings.base_url,
        model=settings.model,
        temperature=coding.temperature,
        max_output_tokens=coding.max_output_tokens,
        prompt_sha256=settings.prompt.sha256,
        prompt_id=settings.prompt.id,
        chunk_tokens=coding.chunk_tokens,
        context_segments=coding.context_segments,
        codes=entries(codebook),
    )
    counter = TokenCounter(settings.model)
    plan = plan_list(
        texts,
        codebook,
        settings.prompt,
        list_options(settings, recipe),
        counter.count,
        exact=counter.exact,
        chunk_tokens=coding.chunk_tokens,
        context_segments=coding.context_segments,
        prices=settings.prices,
    )
    return Prepared(settings, codebook, source, recipe, texts, options.repeat, plan)


def list_options(settings: Settings, recipe: Recipe) -> ListOptions:
    return ListOptions(
        model=settings.model,
        endpoint=settings.base_url,
        temperature=recipe.temperature,
        max_output_tokens=recipe.max_output_tokens,
        seed=recipe.seed,
    )


def header_of(study: Study, prepared: Prepared, **more: Any) -> RunHeader:
    return RunHeader(
        recipe=prepared.recipe,
        repeat=prepared.repeat,
        model_asked=prepared.settings.model,
        given=study.config.model_dump(mode="json"),
        resolved={
            "strategy": prepared.settings.strategy,
            "prompt": prepared.settings.prompt.id,
            "endpoint": prepared.settings.base_url,
            "local": prepared.settings.local,
        },
        tokens_exact=prepared.plan.exact,
        versions=environment(),
        host=host(),
        git=git_state(),
        notes=prepared.plan.notes,
        **more,
    )


def open_prepared(
    study: Study, store: Store, prepared: Prepared, fits: dict[int, str] | None = None
) -> tuple[RunRow, bool]:
    """The run of this recipe over these transcripts, made when new; and whether it was there."""
    fits = fits or {}
    key = hash_json(
        {
            "recipe": prepared.recipe.sha256,
            "repeat": prepared.repeat,
            "transcripts": sorted((t.sha256, fits.get(t.id, "")) for t in prepared.transcripts),
        }
    )
    with store.transaction():
        record_codebook(store, prepared.codebook, prepared.codebook_source)
        record_prompt(store, prepared.settings.prompt)
        record_recipe(store, prepared.recipe.sha256, prepared.recipe.model_dump(mode="json"))
        return open_run(
            store,
            key,
            recipe_sha256=prepared.recipe.sha256,
            repeat=prepared.repeat,
            coder=add_coder(store, prepared.recipe.coder_name, "model", prepared.recipe.sha256),
            strategy=prepared.settings.strategy,
            codebook_sha256=prepared.codebook.sha256,
            prompt_sha256=prepared.settings.prompt.sha256,
            header=header_of(study, prepared).model_dump(mode="json"),
            transcripts=[(t.id, fits.get(t.id, "")) for t in prepared.transcripts],
        )


def run_list(
    study: Study,
    store: Store,
    prepared: Prepared,
    options: CodeOptions,
    progress: Progress = lambda done, remark: None,
    base_url: str = "",
) -> RunResult:
    """Do a `list` run, or what is left of it.

    A run that could not finish is stored as ``partial`` with the reason; the error that ended it is
    in the result, and is raised only when nothing at all could be asked.
    """
    run_row, _ = open_prepared(study, store, prepared)
    with store.transaction():
        record_requests(
            store,
            [(c.request.sha256, c.request.model_dump_json()) for c in prepared.plan.calls],
        )
        add_chunks(
            store,
            run_row.id,
            [
                (
                    c.transcript_id,
                    chunk_key(c.transcript_id, c.chunk),
                    c.chunk.first_segment,
                    c.chunk.last_segment,
                    "",
                    c.request.sha256,
                )
                for c in prepared.plan.calls
            ],
        )
        set_segment_outcomes(
            store,
            run_row.id,
            [
                SegmentOutcome(key, segment, "not-coded", "no words in it")
                for key, segment in prepared.plan.blank
            ],
        )
    if run_row.ended_at and all(c.status in ("done", "halved") for c in chunks(store, run_row.id)):
        finish_run(store, run_row.id, "complete", "", ended_at=run_row.ended_at)
        outcomes = count_outcomes(store, run_row.id)
        return RunResult(run_row.id, "complete", "", 0, 0, True, outcomes)
    limits = Limits(options.max_calls, options.max_cost, prepared.settings.prices)
    stopped: SecondCoderError | None = None
    capabilities: dict[str, object] = {}
    endpoint = endpoint_of(study, prepared.settings, base_url)
    asker = Asker(store, None, run_row.id, prepared.repeat, limits)

    async def work() -> None:
        async with ChatClient(endpoint, retry=options.retry) as client:
            asker.client = client
            job = ListRun(
                store,
                asker,
                run_row.id,
                {t.id: t for t in prepared.transcripts},
                prepared.codebook,
                prepared.settings.prompt,
                list_options(prepared.settings, prepared.recipe),
            )
            try:
                await job.work(prepared.plan.calls, endpoint.max_concurrency, progress)
            finally:
                capabilities.update(client.capabilities.model_dump(mode="json"))

    with ExitStack() as finally_:
        # Also when the user stops the run: what is open is said, and running again goes on.
        finally_.callback(
            lambda: _finish(study, store, run_row, prepared, asker, capabilities, stopped)
        )
        try:
            run_async(work())
        except (FatalProviderError, LimitReached) as error:
            stopped = error
    status, why = _standing(store, run_row.id, stopped)
    return RunResult(
        run_row.id,
        status,
        why,
        asker.sent,
        asker.reused,
        False,
        count_outcomes(store, run_row.id),
        stopped,
    )


def _finish(
    study: Study,
    store: Store,
    run_row: RunRow,
    prepared: Prepared,
    asker: Asker,
    capabilities: dict[str, object],
    stopped: SecondCoderError | None,
) -> None:
    status, why = _standing(store, run_row.id, stopped)
    header = header_of(
        study,
        prepared,
        capabilities=capabilities,
        models_answered=tuple(sorted(asker.models | set(run_row.header["models_answered"]))),
    )
    finish_run(store, run_row.id, status, why, header.model_dump(mode="json"))
    record_event(
        store,
        "run",
        f"Run {run_row.id} ({run_row.coder.name}): {status}. {why}".strip(),
        run=run_row.id,
        sent=asker.sent,
        reused=asker.reused,
    )


def _standing(store: Store, run_id: int, stopped: SecondCoderError | None) -> tuple[str, str]:
    """``complete``, or ``partial`` with what is open."""
    rows = chunks(store, run_id)
    names = {t: transcript(store, t).name for t in {r.transcript_id for r in rows}}
    left: list[str] = []
    for status, what in (("failed", "failed"), ("open", "were not asked")):
        found = [r for r in rows if r.status == status]
        if found:
            where = ", ".join(sorted({names[r.transcript_id] for r in found}))
            all_of = "all " if len(found) == sum(r.status != "halved" for r in rows) else ""
            left.append(f"{all_of}{len(found)} chunks {what} ({where})")
    if not left:
        return "complete", ""
    why = "; ".join(left) + "."
    failures = [r.why for r in rows if r.status == "failed" and r.why]
    if failures:
        why += f" First reason: {failures[0]}"
    if stopped is not None:
        why += f" Stopped by: {stopped.what}"
    return "partial", why
