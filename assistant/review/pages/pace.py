"""Checks against drowsiness: switching them on, answering them, and a reviewer's own figures.

The figures are shown to herself only: there is no page that shows another person's.
"""

from __future__ import annotations

from typing import get_args

from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from assistant.decisions.alert import FAST_SECONDS, give_answer, pace
from assistant.errors import UserError
from assistant.review.desk import CHECKS, Asked, page
from assistant.review.rendering import answer, render
from assistant.review.showing import refuse_unless_told
from assistant.store.decided.checks import Answer, check

__all__ = ["ROUTES"]


def _show(asked: Asked) -> Response:
    with asked.desk.reading() as (_, store):
        return render(
            asked, "pace.html", pace=pace(store, asked.who), on=asked.checks_on, fast=FAST_SECONDS
        )


def _switch(asked: Asked) -> Response:
    response = RedirectResponse("/pace", 303)
    if asked.text("on") == "1":
        response.set_cookie(
            CHECKS, "on", max_age=365 * 86_400, httponly=True, samesite="strict", path="/"
        )
    else:
        response.delete_cookie(CHECKS, path="/", samesite="strict", httponly=True)
    return response


def _answer(asked: Asked) -> Response:
    given = asked.text("answer")
    if given not in get_args(Answer):
        raise UserError(f"“{given}” is no answer.")
    key = asked.path("key")
    with asked.desk.writing() as (_, store):
        if (found := check(store, key, asked.who)) is not None:
            refuse_unless_told(asked, store, found.transcript_id)
        said = give_answer(store, key, asked.who, given, asked.seconds())  # type: ignore[arg-type]
    return answer({"gone": [f"p{key}"], "said": said})


ROUTES = (
    Route("/pace", page(_show)),
    Route("/pace", page(_switch), methods=["POST"]),
    Route("/checks/{key:int}/answer", page(_answer), methods=["POST"]),
)
