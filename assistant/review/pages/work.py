"""Work that takes long: a run planned, confirmed, watched, stopped.

Nothing is sent before the page has shown what would be, and, where the model is elsewhere, before
the user has said that the words may go there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from assistant.coding.answered import answered_before
from assistant.coding.coding import (
    CodeOptions,
    Planned,
    RunResult,
    code_transcripts,
    plan_run,
    to_prepare,
)
from assistant.coding.settings import NO_MODEL
from assistant.coding.under_preparation import being_prepared
from assistant.errors import UserError
from assistant.guide.audits import open_audits
from assistant.guide.shown import first_call, pasted_in, shown_in
from assistant.review.desk import Asked, NotThere, page
from assistant.review.jobs import Job, begin, current
from assistant.review.pages.model import missing_weights
from assistant.review.pages.run_form import RunWanted, run_wanted
from assistant.review.rendering import answer, fragment, render
from assistant.review.showing import refuse_unless_told, show_examples
from assistant.store.database import Store
from assistant.study import Study

__all__ = ["ROUTES", "plan"]


@dataclass(frozen=True)
class Ready:
    """A run that has been planned and waits for a word."""

    wanted: RunWanted
    planned: Planned
    remark: str = ""
    answered: int = 0
    """Calls whose replies are stored already."""


def plan(asked: Asked, wanted: RunWanted, remark: str = "") -> Response:
    """Begin planning a run, and go to where one can watch."""

    def work(job: Job, study: Study, store: Store) -> Ready:
        job.of = to_prepare(study, store, wanted.options)
        with being_prepared(study, job.of) as told:

            def advance(done: int, remark: str) -> None:
                told(done, remark)
                job.tick(done, remark)

            planned = plan_run(study, store, wanted.options, advance)
        return Ready(wanted, planned, remark, answered_before(store, planned))

    begin(asked.desk, "plan", "Preparing a run", work)
    return RedirectResponse("/work", 303)


def _plan(asked: Asked) -> Response:
    return plan(asked, run_wanted(asked))


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
    """How far it is: a piece of the page for the page that watches, numbers for everybody else."""
    job = current(asked.desk)
    if asked.request.headers.get("HX-Request") == "true":
        watched = asked.request.query_params.get("number")
        if job is None or job.state != "working" or str(job.number) != watched:
            return Response(headers={"HX-Redirect": "/work"})
        return HTMLResponse(fragment("work_progress.html", job=job, share=_share(job)))
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


ROUTES = (
    Route("/run/plan", page(_plan), methods=["POST"]),
    Route("/run/start", page(_start), methods=["POST"]),
    Route("/work", page(_watch)),
    Route("/work/first-call", page(_first_call)),
    Route("/work/state", page(_state)),
    Route("/work/stop", page(_stop), methods=["POST"]),
)
