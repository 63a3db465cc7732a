"""Measuring people beside people or a run beside people, and the evaluation to read."""

from __future__ import annotations

from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from assistant.review.desk import Asked, NotThere, page
from assistant.review.jobs import Job, begin
from assistant.review.rendering import render
from assistant.review.reporting import section_html
from assistant.review.showing import refuse_sums
from assistant.store.database import Store
from assistant.store.measured.brought import brought_evaluations
from assistant.store.measured.evidence import evaluations
from assistant.store.model.runs import runs
from assistant.store.people.codings import scopes
from assistant.study import Study

__all__ = ["ROUTES"]


def _evaluate(asked: Asked) -> Response:
    wanted = int(asked.text("run")) if asked.text("run").isdigit() else None
    who = asked.who

    def work(job: Job, study: Study, store: Store) -> int:
        from eval.evaluation.studying import STEPS, evaluate_study

        job.of = STEPS
        return evaluate_study(study, store, run_id=wanted, who=who, tell=job.tick).id

    title = f"Measuring run {wanted} beside people" if wanted else "Measuring people beside people"
    begin(asked.desk, "evaluation", title, work)
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
    Route("/evaluate", page(_evaluate), methods=["POST"]),
    Route("/evaluations", page(_evaluation)),
    Route("/evaluations/{key:int}", page(_evaluation)),
)
