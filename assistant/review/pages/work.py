"""Runs and measurements: planned, confirmed, watched, stopped; and the evaluation to read.

Nothing is sent before the page has shown what would be, and, where the model is elsewhere, before
the user has said that the words may go there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from assistant.coding.answered import answered_before
from assistant.coding.coding import (
    CodeOptions,
    Planned,
    RunResult,
    code_transcripts,
    plan_run,
)
from assistant.coding.previewing import listed_prompts
from assistant.coding.settings import NO_MODEL
from assistant.errors import SecondCoderError, UserError
from assistant.guide.audits import open_audits
from assistant.guide.shown import first_call, pasted_in, shown_in
from assistant.review.desk import Asked, NotThere, page
from assistant.review.jobs import Job, begin, current
from assistant.review.pages.model import missing_weights
from assistant.review.rendering import answer, render
from assistant.review.reporting import section_html
from assistant.review.showing import refuse_sums, refuse_unless_told, show_examples
from assistant.store.brought import brought_evaluations
from assistant.store.codings import scopes
from assistant.store.database import Store
from assistant.store.evidence import evaluations
from assistant.store.records import RunRow
from assistant.store.runs import run, runs
from assistant.store.transcripts import transcript_infos
from assistant.study import Study

__all__ = ["ROUTES", "RunWanted", "plan"]


@dataclass(frozen=True)
class RunWanted:
    """What a run is asked for with, and where its end leads to."""

    options: CodeOptions
    repeats: int = 1
    compare_with: int | None = None


@dataclass(frozen=True)
class Ready:
    """A run that has been planned and waits for a word."""

    wanted: RunWanted
    planned: Planned
    remark: str = ""
    answered: int = 0
    """Calls whose replies are stored already."""


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
        chosen = set(before.transcripts) if before else ({i.id for i in infos if i.id in coded})
        names = {info.id: info.name for info in infos}
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
            chosen=chosen or set(names),
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


def _options(asked: Asked) -> RunWanted:
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


def plan(asked: Asked, wanted: RunWanted, remark: str = "") -> Response:
    """Begin planning a run, and go to where one can watch."""

    def work(job: Job, study: Study, store: Store) -> Ready:
        job.of = len(transcript_infos(store))
        planned = plan_run(study, store, wanted.options, job.tick)
        return Ready(wanted, planned, remark, answered_before(store, planned))

    begin(asked.desk, "plan", "Preparing a run", work)
    return RedirectResponse("/work", 303)


def _plan(asked: Asked) -> Response:
    return plan(asked, _options(asked))


def _start(asked: Asked) -> Response:
    """What was planned and shown is done now."""
    job = current(asked.desk)
    if job is None or not isinstance(job.result, Ready) or job.number != asked.number("plan"):
        raise UserError("That plan is not there any more.", hint="Plan the run again.")
    ready = job.result
    ahead = ready.planned.preview
    if not ahead.local and not ahead.asked_before and asked.text("agreed") != "yes":
        raise UserError(
            f"The words would go to {ahead.endpoint}, and nobody said that they may. "
            "Nothing was sent.",
            hint="Go back and tick the sentence that says so.",
        )

    def work(job: Job, study: Study, store: Store) -> list[RunResult]:
        return _passes(job, study, store, ready)

    begin(asked.desk, "run", "The model is coding", work)
    return RedirectResponse("/work", 303)


def _passes(job: Job, study: Study, store: Store, ready: Ready) -> list[RunResult]:
    results: list[RunResult] = []
    first = ready.wanted.options
    calls = max(ready.planned.preview.calls, 1)
    job.of = calls * ready.wanted.repeats
    for number in range(ready.wanted.repeats):
        options = CodeOptions(**{**vars(first), "repeat": first.repeat + number})
        planned = ready.planned if number == 0 else None
        tick = _from(job, number * calls)
        results.append(code_transcripts(study, store, options, tick, planned))
        if results[-1].status != "complete":
            break
    return results


def _from(job: Job, before: int) -> Callable[[int, str], None]:
    return lambda done, remark: job.tick(before + done, remark)


def _evaluate(asked: Asked) -> Response:
    wanted = int(asked.text("run")) if asked.text("run").isdigit() else None
    who = asked.who

    def work(job: Job, study: Study, store: Store) -> int:
        from eval.evaluation.studying import evaluate_study

        return evaluate_study(study, store, run_id=wanted, who=who).id

    title = f"Measuring run {wanted} beside people" if wanted else "Measuring people beside people"
    begin(asked.desk, "evaluation", title, work)
    return RedirectResponse("/work", 303)


def _watch(asked: Asked) -> Response:
    job = current(asked.desk)
    if job is None:
        return RedirectResponse("/", 303)
    if job.kind == "evaluation" and job.state == "done":
        return RedirectResponse(f"/evaluations/{job.result}", 303)
    ready = job.result if isinstance(job.result, Ready) else None
    offer = None
    if ready and ready.planned.preview.model == NO_MODEL and ready.wanted.options.model != NO_MODEL:
        offer = missing_weights(asked.desk.study(), ready.wanted.options.model)
    results = job.result if job.kind == "run" and isinstance(job.result, list) else []
    compare = _last_wanted(asked)
    with asked.desk.reading() as (_, store):
        waiting = open_audits(store, asked.who)
    return render(
        asked,
        "work.html",
        here="/runs",
        job=job,
        ready=ready,
        results=results,
        offer=offer,
        compare_with=compare,
        share=_share(job),
        audits_open=waiting,
    )


def _first_call(asked: Asked) -> Response:
    """Word by word what a planned run would send first. It may hold others' codes as examples."""
    job = current(asked.desk)
    if job is None or not isinstance(job.result, Ready):
        raise NotThere("No run is planned at the moment.")
    planned = job.result.planned
    call = first_call(planned)
    if call is None:
        raise NotThere("This run would send nothing.")
    with asked.desk.writing() as (_, store):
        if call.by_code:
            refuse_unless_told(
                asked, store, call.transcript_id, what="which code the model would be asked about"
            )
        shown = [
            *shown_in(store, call.words, [call.codebook]),
            *pasted_in(store, call.prompt),
        ]
        others = [s for s in shown if s.transcript_id != call.transcript_id]
        show_examples(asked, store, others, "planned run", "an example from it in this call")
        return render(asked, "first_call.html", here="/runs", payload=planned.preview.first_payload)


def _last_wanted(asked: Asked) -> int | None:
    job = current(asked.desk)
    if job is not None and isinstance(job.result, Ready):
        asked.desk.kept["compare with"] = job.result.wanted.compare_with
    kept: int | None = asked.desk.kept.get("compare with")
    return kept


def _share(job: Job) -> float:
    return min(1.0, job.done / job.of) if job.of else 0.0


def _state(asked: Asked) -> Response:
    job = current(asked.desk)
    if job is None:
        raise NotThere("Nothing is under way.")
    return answer(
        {
            "number": job.number,
            "state": job.state,
            "done": job.done,
            "of": job.of,
            "share": _share(job),
            "remark": job.remark,
            "stopping": job.stopping.is_set(),
        }
    )


def _stop(asked: Asked) -> Response:
    job = current(asked.desk)
    if job is not None:
        job.stopping.set()
    return RedirectResponse("/work", 303)


def _evaluation(asked: Asked) -> Response:
    """A stored evaluation, drawn from its record as the report's file is."""
    from eval.evaluation.studying import last_evaluation, remarks
    from eval.report.building import build

    wanted = asked.request.path_params.get("key")
    with asked.desk.reading() as (_, store):
        there = evaluations(store)
        if wanted is not None and wanted not in {e.id for e in there}:
            raise NotThere(f"There is no evaluation {wanted}.")
        brought = brought_evaluations(store)
        if wanted is None and all(e.id in brought for e in there):
            return render(
                asked,
                "no_evaluation.html",
                here="/",
                coded=any(s.coder.kind == "human" for s in scopes(store)),
                runs=runs(store)[::-1],
                brought=there[::-1],
            )
        found = last_evaluation(store, wanted)
        measured = found.evaluation.coverage.transcripts
        run_facts = found.evaluation.run
        refuse_sums(asked, store, (*measured, *(run_facts.transcripts if run_facts else ())))
        said: list[str] = []
        document = build(
            found.evaluation,
            found.id,
            every=asked.query("all") == "1",
            remarks=remarks(store, found.id),
        )
        return render(
            asked,
            "evaluation.html",
            here="/",
            document=document,
            sections=[(s, section_html(s, said)) for s in document.sections],
            number=found.id,
            others=there[::-1],
            brought=brought,
        )


ROUTES = (
    Route("/run", page(_form)),
    Route("/run/plan", page(_plan), methods=["POST"]),
    Route("/run/start", page(_start), methods=["POST"]),
    Route("/evaluate", page(_evaluate), methods=["POST"]),
    Route("/work", page(_watch)),
    Route("/work/first-call", page(_first_call)),
    Route("/work/state", page(_state)),
    Route("/work/stop", page(_stop), methods=["POST"]),
    Route("/evaluations", page(_evaluation)),
    Route("/evaluations/{key:int}", page(_evaluation)),
)
