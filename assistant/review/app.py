"""The application: pages, static files, and what an error looks like."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from assistant.decisions.kept_back import KeptBack
from assistant.errors import BugError, DataError, SecondCoderError, ThresholdError
from assistant.review.desk import Asked, Desk, NotThere, page, reviewer_cookie
from assistant.review.pages import routes
from assistant.review.rendering import answer, render
from assistant.review.safety import Safety, guarded

__all__ = ["make_app"]

_STATIC = Path(__file__).parent / "static"
_STATUS = {NotThere: 404, ThresholdError: 409, KeptBack: 403}
"""Of an error's answer; 400 for every other that the user can mend."""


def make_app(folder: Path, token: str, port: int, hosts: Sequence[str] = ()) -> Starlette:
    """The application for one study folder (which may not be a study yet).

    ``hosts`` are further values of ``Host`` to answer to; tests need one.
    """
    app = Starlette(
        routes=[
            *routes(),
            Route("/", page(_home)),
            Route("/reviewer", page(_set_reviewer), methods=["POST"]),
            Mount("/static", StaticFiles(directory=_STATIC)),
        ],
        middleware=[Middleware(Safety, token=token, port=port, hosts=hosts)],
        exception_handlers={
            SecondCoderError: _explained,
            HTTPException: _http,
            Exception: _fault,
        },
    )
    app.state.desk = Desk(folder)
    return app


def _home(asked: Asked) -> Response:
    """Where one begins, unless a page has taken this address."""
    return RedirectResponse("/transcripts" if asked.desk.has_study else "/start", 303)


def _set_reviewer(asked: Asked) -> Response:
    """Keep the name of the person who reviews, and go back to where she was."""
    back = urlsplit(asked.text("back", "/"))
    path = "/" + back.path.lstrip("/\\")
    response = RedirectResponse(path + (f"?{back.query}" if back.query else ""), 303)
    if name := asked.text("name"):
        reviewer_cookie(response, name)
    return response


def _asked(request: Request) -> Asked:
    return Asked(request.app.state.desk, request, FormData(), {})


async def _explained(request: Request, error: Exception) -> Response:
    """What happened and what to do: as a page, or as JSON for a script."""
    assert isinstance(error, SecondCoderError)
    if isinstance(error, BugError):
        raise error
    asked = _asked(request)
    if not asked.desk.has_study and not asked.wants_json and request.method == "GET":
        return RedirectResponse("/start", 303)
    if isinstance(error, KeptBack) and not asked.wants_json:
        insist = ""
        if request.method == "GET":
            insist = f"{request.url.path}?{request.url.include_query_params(anyway=1).query}"
        return render(asked, "kept_back.html", status=403, error=error, insist=insist)
    status = next((status for kind, status in _STATUS.items() if isinstance(error, kind)), 400)
    return _said(asked, error, status)


def _said(asked: Asked, error: SecondCoderError, status: int) -> Response:
    """An error always comes with what to do next, also where whoever raised it said nothing."""
    error.hint = error.hint or _advice(error)
    if asked.wants_json:
        return answer({"error": error}, status)
    return render(asked, "error.html", status=status, error=error, back=_came_from(asked.request))


def _advice(error: SecondCoderError) -> str:
    if isinstance(error, NotThere):
        return (
            "It may have been taken away or changed meanwhile, or the address was mistyped. Look "
            "for it from the study's page."
        )
    if isinstance(error, DataError):
        return "Check the study with `secondcoder verify`; it says what is damaged and where."
    return "Go back, look at what you entered or chose, and try again. What is stored stays."


def _came_from(request: Request) -> str:
    """The page of this program that she came from; empty where it is not known."""
    there = urlsplit(request.headers.get("referer", ""))
    if there.netloc != request.headers.get("host", "") or not there.path.startswith("/"):
        return ""
    path = "/" + there.path.lstrip("/\\") + (f"?{there.query}" if there.query else "")
    same = request.method == "GET" and there.path == request.url.path
    return "" if same or path == "/" else path


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if error.status_code == 404:
        return _said(_asked(request), NotThere("There is no such page."), 404)
    if error.status_code == 405:
        said = SecondCoderError(
            "This address takes what a form sends; it shows nothing by itself.",
            hint="Go back to the page with the form. What you sent before is stored.",
        )
    else:
        said = SecondCoderError(str(error.detail))
    return _said(_asked(request), said, error.status_code)


async def _fault(request: Request, error: Exception) -> Response:
    """Our mistake, said as such; the traceback goes to where the program was started."""
    said = BugError(
        f"A fault of the program ended this ({type(error).__name__}). It is not your doing.",
        hint="What was stored stays. Go back and try another way; the details, for a report of "
        "the fault, stand in the window where the program was started.",
    )
    try:
        response = _said(_asked(request), said, 500)
    except Exception:  # the page itself may be what is broken
        response = PlainTextResponse(str(said), 500)
    guarded(response.headers)
    return response
