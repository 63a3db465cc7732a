"""Two names of one person: what making them one would do, and doing it."""

from __future__ import annotations

from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from assistant.interchange.names.before_joining import foretell
from assistant.interchange.names.renaming import correct_name
from assistant.review.desk import Asked, page, reviewer_cookie
from assistant.review.pages.study import tell_once
from assistant.review.rendering import render

__all__ = ["ROUTES"]


def _back(path: str) -> str:
    return path if path in ("/", "/start?step=seen") else "/"


def _look(asked: Asked) -> Response:
    if not (asked.query("old") and asked.query("new")):  # the bare address: names are chosen there
        return RedirectResponse("/#one-person", 303)
    with asked.desk.writing() as (_, store):
        found = foretell(store, asked.query("old"), asked.query("new"))
    back = _back(asked.query("back"))
    return render(asked, "one_person.html", here="/", found=found, back=back)


def _join(asked: Asked) -> Response:
    old, new = asked.text("old"), asked.text("new")
    with asked.desk.writing() as (_, store):
        tell_once(asked, correct_name(store, old, new, same_person=True, who=asked.who))
    back = _back(asked.text("back"))
    response = RedirectResponse("/#seen" if back == "/" else back, 303)
    if asked.who == old:
        reviewer_cookie(response, new)
    return response


ROUTES = (
    Route("/one-person", page(_look)),
    Route("/one-person", page(_join), methods=["POST"]),
)
