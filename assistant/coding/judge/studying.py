"""A `judge` run, from a study to a finished run; starts the embedded model where it is used."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack

from assistant.coding.asking import Asker
from assistant.coding.judge.concluding import JudgeConclusion
from assistant.coding.judge.plan import JudgePlan, question_key
from assistant.coding.judge.running import JudgeRun
from assistant.coding.opening import (
    CodeOptions,
    RunResult,
    RunSpec,
    carry_out,
    open_spec,
    unchanged,
)
from assistant.coding.settings import NO_MODEL, endpoint_of
from assistant.llm.bridge import run_async
from assistant.llm.client import ChatClient
from assistant.store.database import Store
from assistant.store.model.calls import record_requests
from assistant.store.model.chunks import add_chunks, chunks
from assistant.store.model.words_kept import check_not_withdrawn
from assistant.study import Study

__all__ = ["run_judge"]

# A question with context and the longest code of a usual codebook.
_CONTEXT_TOKENS = 4096


def run_judge(
    study: Study,
    store: Store,
    plan: JudgePlan,
    options: CodeOptions,
    progress: Callable[[int, str], None] = lambda done, remark: None,
) -> RunResult:
    """Do a `judge` run, or what is left of it. As `run_list` in every other respect."""
    spec = RunSpec(
        plan.settings,
        plan.codebook,
        plan.codebook_source,
        plan.recipe,
        tuple(p.transcript for p in plan.targets),
        plan.repeat,
        tokens_exact=False,
        fit_inputs=plan.fit_inputs,
        notes=plan.notes,
        veil=plan.veil,
        embeds=plan.sender is not None,
        left_out=plan.left_out,
        withdrawn=plan.withdrawn,
    )
    run_row = open_spec(study, store, spec)
    sender = plan.sender
    if sender is not None:
        sender.for_run(run_row.id)
    asks = plan.settings.model != NO_MODEL
    job = JudgeRun(store, run_row.id, plan)
    if asks:
        _plan_chunks(store, run_row.id, plan)
    done = all(c.status == "done" for c in chunks(store, run_row.id))
    if run_row.ended_at and run_row.status != "partial" and done:
        return unchanged(store, run_row)

    def work(asker: Asker, capabilities: dict[str, object]) -> tuple[str, ...]:
        if asks and not done:
            _ask_all(study, job, asker, options, capabilities, progress)
        if any(c.status == "open" for c in chunks(store, run_row.id)):
            return ()
        if sender is not None:
            sender.limits.go_on_from(asker.limits)
        together = JudgeConclusion(store, run_row.id, plan)
        notes = together.conclude(lambda name: progress(plan.requests, f"calibrating {name}"))
        return notes if sender is None else (*notes, *sender.limits.remarks)

    before = None if sender is None else sender.limits
    return carry_out(study, store, run_row, spec, options, work, before)


def _plan_chunks(store: Store, run_id: int, plan: JudgePlan) -> None:
    asked = [(p, q, q.request) for p in plan.asked for q in p.questions if q.request is not None]
    with store.transaction():
        check_not_withdrawn(store, (one.transcript.id for one in plan.asked))
        record_requests(store, [(r.sha256, r.model_dump_json()) for _, _, r in asked])
        rows = []
        for one, question, request in asked:
            code = plan.codebook.sent[question.code].id
            rows.append(
                (
                    one.transcript.id,
                    question_key(one.transcript.id, question.segment, code),
                    question.segment,
                    question.segment,
                    code,
                    request.sha256,
                )
            )
        add_chunks(store, run_id, rows)


def _ask_all(
    study: Study,
    job: JudgeRun,
    asker: Asker,
    options: CodeOptions,
    capabilities: dict[str, object],
    progress: Callable[[int, str], None],
) -> None:
    settings = job.plan.settings
    with ExitStack() as stack:
        base_url = ""
        slots = study.config.endpoint.max_concurrency
        if settings.embedded:
            from assistant.llm.embedded.engine import EmbeddedServer
            from assistant.llm.embedded.weights import model_path

            path = model_path(settings.model)
            assert path is not None, "checked when the settings were resolved"
            server = stack.enter_context(
                EmbeddedServer(path, context=_CONTEXT_TOKENS, name=settings.model)
            )
            # One question after the other: the server then reads a passage once for all its codes.
            base_url, slots = server.base_url, 1
        endpoint = endpoint_of(study, settings, base_url)

        async def work() -> None:
            async with ChatClient(endpoint, retry=options.retry) as client:
                asker.client = client
                try:
                    await job.ask(asker, slots, progress)
                finally:
                    capabilities.update(client.capabilities.model_dump(mode="json"))

        run_async(work())
