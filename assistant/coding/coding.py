"""Code transcripts with whatever strategy the study uses: the one entry for command and pages."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import dataclass, replace

from assistant.coding.embedding import EmbeddingSender, ToEmbed
from assistant.coding.judge.plan import JudgePlan
from assistant.coding.judge.preparing import prepare_judge, transcripts_read
from assistant.coding.judge.studying import run_judge
from assistant.coding.opening import CodeOptions, RunResult
from assistant.coding.running import Prepared, prepare, run_list
from assistant.coding.settings import Settings, resolve
from assistant.coding.under_preparation import being_prepared
from assistant.errors import UserError
from assistant.llm.records import ChatRequest
from assistant.recipe import shortlist_by
from assistant.store.database import Store
from assistant.store.model.embedding_calls import embedded_at
from assistant.store.model.runs import runs
from assistant.study import Study

__all__ = [
    "CodeOptions",
    "Planned",
    "Preview",
    "RunResult",
    "code_transcripts",
    "plan_run",
    "preview",
    "to_prepare",
]

Progress = Callable[[int, str], None]


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
    transcripts: tuple[str, ...]
    calibration: tuple[str, ...]
    """`judge`: other transcripts that are asked about too, so that answers can be calibrated."""
    calls: int
    input_tokens: int
    exact: bool
    max_output_tokens: int
    max_cost: float | None
    currency: str
    notes: tuple[str, ...]
    first_payload: str
    """The first request, JSON: exactly what would leave."""
    examples_left_out: tuple[str, ...] = ()
    """Those of the codebook that consent does not cover; the notes name some."""
    shortlist_by: str = ""
    """`judge`: what makes the shortlist, in words."""


@dataclass(frozen=True)
class Planned:
    """A run before anything is sent: what to say about it, and the plan itself."""

    preview: Preview
    options: CodeOptions
    work: Prepared | JudgePlan


def plan_run(
    study: Study, store: Store, options: CodeOptions, progress: Progress = lambda done, remark: None
) -> Planned:
    """Plan a run; sends nothing. Raises `UserError` for what the user can mend."""
    settings = resolve(study, prompt=options.prompt, strategy=options.strategy, model=options.model)
    _check_limit(study, settings, options)
    if settings.strategy == "judge":
        if options.reorder is not None:
            raise UserError(
                "The strategy “judge” asks about one code at a time, so there is no order of codes "
                "to change.",
                hint="Leave out `--reorder`, or take a model that can list codes.",
            )
        work = prepare_judge(
            study,
            store,
            settings,
            options.transcripts,
            options.repeat,
            progress,
            words_only=options.words_only,
        )
        return Planned(_preview_judge(store, settings, work), options, work)
    prepared = prepare(study, store, options)
    return Planned(_preview_list(store, settings, prepared), options, prepared)


def to_prepare(study: Study, store: Store, options: CodeOptions) -> int:
    """How many transcripts planning goes through, as its ``progress`` counts them; 0 where it is
    done at once."""
    settings = resolve(study, prompt=options.prompt, strategy=options.strategy, model=options.model)
    if settings.strategy != "judge":
        return 0
    return transcripts_read(store, settings, options.transcripts, words_only=options.words_only)


def _check_limit(study: Study, settings: Settings, options: CodeOptions) -> None:
    """A limit of cost holds only where it is a number, and where both prices are known."""
    if options.max_cost is None:
        return
    if math.isnan(options.max_cost):
        raise UserError(
            "The limit of cost is no number; nothing was sent.", hint="Write --max-cost 2, say."
        )
    needed: list[tuple[str, float | None]] = []
    if not settings.embedded:
        needed += [("price_in", settings.prices.input), ("price_out", settings.prices.output)]
    if settings.embedding_model and not options.words_only:
        needed.append(("embedding_price", settings.embedding_price))
    wanting = [name for name, price in needed if price is None]
    if not wanting:
        return
    raise UserError(
        "What may be spent cannot be limited: the study does not say what the model costs. Nothing "
        "was sent.",
        where=f"{study.folder / 'study.toml'}, section [endpoint]",
        hint=f"Write {' and '.join(wanting)} there, the price of a million tokens (0 where it "
        "costs nothing), or limit calls with `--max-calls`.",
    )


def preview(
    study: Study, store: Store, options: CodeOptions, progress: Progress = lambda done, remark: None
) -> Preview:
    """Plan and say; sends nothing."""
    return plan_run(study, store, options, progress).preview


def _preview_list(store: Store, settings: Settings, prepared: Prepared) -> Preview:
    plan = prepared.plan
    return Preview(
        settings.strategy,
        settings.prompt.id,
        settings.model,
        settings.base_url,
        settings.local,
        _asked_before(store, settings),
        tuple(t.name for t in prepared.spec.transcripts),
        (),
        plan.number_of_calls,
        plan.input_tokens,
        plan.exact,
        plan.max_output_tokens,
        plan.max_cost,
        plan.prices.currency,
        plan.notes,
        _payload(plan.calls[0].request if plan.calls else None),
        prepared.spec.left_out,
    )


def _preview_judge(store: Store, settings: Settings, plan: JudgePlan) -> Preview:
    from assistant.llm.prices import cost_of
    from assistant.llm.tokens import TokenCounter

    requests = [q.request for p in plan.asked for q in p.questions if q.request is not None]
    distinct = {r.sha256: r for r in requests}
    counter = TokenCounter(settings.model)
    tokens = sum(counter.count_request(r) for r in distinct.values())
    calls, most = len(distinct), cost_of(settings.prices, tokens, len(distinct))
    if not distinct:
        most = None
    payload = _payload(requests[0] if requests else None)
    ahead = plan.to_embed
    if ahead is not None:
        calls += ahead.requests
        most = ahead.cost if not distinct else most
        if distinct:
            most = None if most is None or ahead.cost is None else most + ahead.cost
        payload = _embedding_payload(ahead)
    return Preview(
        settings.strategy,
        settings.prompt.id,
        settings.model,
        settings.address,
        settings.local,
        _asked_before(store, settings),
        tuple(p.transcript.name for p in plan.targets),
        tuple(p.transcript.name for p in plan.calibration),
        calls,
        tokens + (ahead.tokens if ahead is not None else 0),
        counter.exact and ahead is None,
        len(distinct),
        most,
        settings.prices.currency,
        (*settings.notes, *plan.notes),
        payload,
        plan.left_out,
        shortlist_by(
            f"endpoint/{ahead.model} at {ahead.endpoint}" if ahead else plan.recipe.embedder
        ),
    )


def _asked_before(store: Store, settings: Settings) -> bool:
    where = settings.address
    return embedded_at(store, where) or any(
        r.header["recipe"]["endpoint"] == where for r in runs(store)
    )


def _payload(request: ChatRequest | None) -> str:
    if request is None:
        return ""
    return json.dumps(request.model_dump(mode="json"), ensure_ascii=False, indent=2)


def _embedding_payload(ahead: ToEmbed) -> str:
    body = {"endpoint": ahead.endpoint, "model": ahead.model, "input": list(ahead.first)}
    return json.dumps(body, ensure_ascii=False, indent=2)


def code_transcripts(
    study: Study,
    store: Store,
    options: CodeOptions,
    progress: Progress = lambda done, remark: None,
    planned: Planned | None = None,
) -> RunResult:
    """Do the run, or what is left of it.

    ``planned`` is what `plan_run` gave for these options, where it was asked for already. A run
    that could not finish is stored as ``partial`` with the reason, and the error that ended it is
    in the result. Raises `UserError` for what the user can mend before anything is asked.
    """
    if planned is None or planned.options != options:
        planned = plan_run(study, store, options)
    if isinstance(planned.work, JudgePlan):
        settings = planned.work.settings
        if settings.embedding_model and not options.words_only:
            # Only now may passages be sent, and only now it is known what will be asked.
            sender = EmbeddingSender(study, store, settings, options)
            with being_prepared(study):
                work = prepare_judge(
                    study, store, settings, options.transcripts, options.repeat, send=sender
                )
            return run_judge(study, store, work, options, progress)
        # It may have been planned while the study was open another time, as in the browser.
        work = replace(planned.work, embedder=planned.work.embedder.on(store))
        return run_judge(study, store, work, options, progress)
    return run_list(study, store, planned.work, options, progress)
