"""The audits: samples that were drawn, who codes them, what came out; drawing one, and judging it.

The pages on which a sample is coded stand in `assistant.review.pages.blind`.
"""

from __future__ import annotations

from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from assistant.guide.audits import listed_audits, runs_to_audit
from assistant.review.desk import Asked, page
from assistant.review.rendering import render
from assistant.store.texts.transcripts import transcript_infos

__all__ = ["ROUTES"]


def _list(asked: Asked) -> Response:
    with asked.desk.reading() as (_, store):
        names = {i.id: i.name for i in transcript_infos(store) if not i.withdrawn}
        return render(
            asked,
            "audits.html",
            here="/",
            audits=listed_audits(store, asked.who),
            to_audit=[
                (row, [names[key] for key in row.transcripts if key in names])
                for row in runs_to_audit(store)
            ],
        )


def _draw(asked: Asked) -> Response:
    from eval.audit.auditing import draw_audit

    with asked.desk.writing() as (study, store):
        draw_audit(study, store, asked.number("run"), who=asked.who)
    return RedirectResponse("/audits", 303)


def _judge(asked: Asked) -> Response:
    from eval.audit.auditing import audit_result

    with asked.desk.writing() as (study, store):
        audit_result(study, store, asked.path("key"), who=asked.who)
    return RedirectResponse(f"/audits#audit-{asked.path('key')}", 303)


ROUTES = (
    Route("/audits", page(_list)),
    Route("/audits/draw", page(_draw), methods=["POST"]),
    Route("/audits/{key:int}/judge", page(_judge), methods=["POST"]),
)
