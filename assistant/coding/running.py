"""A `list` run, from a study to a finished run: prepare, open, ask, finish.

`prepare` makes the plan that the preview shows and that the run sends.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from assistant.codebook.loading import load_codebook
from assistant.coding.asking import Asker
from assistant.coding.consent import check_consent
from assistant.coding.listrun import ListRun, chunk_key
from assistant.coding.opening import (
    CodeOptions,
    RunResult,
    RunSpec,
    carry_out,
    open_spec,
    unchanged,
)
from assistant.coding.planning import Plan, plan_list
from assistant.coding.requests import ListOptions
from assistant.coding.settings import Settings, endpoint_of, resolve
from assistant.coding.sources import codebook_covered
from assistant.deidentify.choosing import remark, veil_for
from assistant.errors import UserError
from assistant.hashing import hash_json
from assistant.llm.bridge import run_async
from assistant.llm.client import ChatClient
from assistant.llm.tokens import TokenCounter
from assistant.recipe import Recipe, entries, frame
from assistant.store.database import Store
from assistant.store.model.calls import record_requests
from assistant.store.model.chunks import add_chunks, chunks
from assistant.store.model.outcomes import set_segment_outcomes
from assistant.store.model.reply_records import SegmentOutcome
from assistant.store.model.words_kept import check_not_withdrawn, withdrawn_now
from assistant.store.texts.transcripts import transcript
from assistant.study import Study

__all__ = ["CodeOptions", "Prepared", "RunResult", "list_options", "prepare", "run_list"]

Progress = Callable[[int, str], None]


@dataclass(frozen=True)
class Prepared:
    """Everything a run needs, before anything is sent or stored."""

    spec: RunSpec
    plan: Plan


def prepare(study: Study, store: Store, options: CodeOptions) -> Prepared:
    """Resolve settings and plan the calls of a `list` run. Sends and stores nothing.

    Raises `UserError` for anything that the user can mend: no transcripts, an empty codebook, a
    prompt that does not fit, consent that does not cover the endpoint.
    """
    withdrawn = withdrawn_now(store)  # before anything is read that a withdrawal erases
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
    covered = codebook_covered(store, settings, codebook)
    asked = covered.codebook
    if options.reorder is not None:
        own = asked
        asked = own.in_another_order(options.reorder)
        if asked.sent == own.sent:
            raise UserError(
                f"The order drawn with {options.reorder} is the codebook's own order.",
                hint="Take another number.",
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
        codes=entries(asked),
        frame=frame(asked),
    )
    counter = TokenCounter(settings.model)
    veil = veil_for(study, store, local=settings.local)
    plan = plan_list(
        texts,
        asked,
        settings.prompt,
        list_options(settings, recipe),
        counter.count,
        exact=counter.exact,
        chunk_tokens=coding.chunk_tokens,
        context_segments=coding.context_segments,
        prices=settings.prices,
        veil=veil,
    )
    notes = (*plan.notes, *covered.notes, *remark(veil))
    if options.reorder is not None:
        notes += (f"The codes are shown in another order, drawn with {options.reorder}.",)
    plan = replace(plan, notes=notes)
    spec = RunSpec(
        settings,
        codebook,
        source,
        recipe,
        texts,
        options.repeat,
        plan.exact,
        notes=plan.notes,
        questions={
            text.id: hash_json([c.request.sha256 for c in plan.calls if c.transcript_id == text.id])
            for text in texts
        },
        veil=veil,
        asked=asked,
        reorder=options.reorder,
        left_out=covered.left_out,
        withdrawn=withdrawn,
    )
    return Prepared(spec, plan)


def list_options(settings: Settings, recipe: Recipe) -> ListOptions:
    return ListOptions(
        model=settings.model,
        endpoint=settings.base_url,
        temperature=recipe.temperature,
        max_output_tokens=recipe.max_output_tokens,
        seed=recipe.seed,
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
    spec = prepared.spec
    run_row = open_spec(study, store, spec)
    with store.transaction():
        check_not_withdrawn(store, (text.id for text in spec.transcripts))
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
        return unchanged(store, run_row)
    endpoint = endpoint_of(study, spec.settings, base_url)

    def work(asker: Asker, capabilities: dict[str, object]) -> tuple[str, ...]:
        async def ask() -> None:
            async with ChatClient(endpoint, retry=options.retry) as client:
                asker.client = client
                job = ListRun(
                    store,
                    asker,
                    run_row.id,
                    {t.id: t for t in spec.transcripts},
                    spec.asked or spec.codebook,
                    spec.settings.prompt,
                    list_options(spec.settings, spec.recipe),
                    spec.veil,
                )
                try:
                    await job.work(prepared.plan.calls, endpoint.max_concurrency, progress)
                finally:
                    capabilities.update(client.capabilities.model_dump(mode="json"))

        run_async(ask())
        return ()

    return carry_out(study, store, run_row, spec, options, work)
