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
from starlette.responses import RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from assistant.errors import BugError, SecondCoderError, ThresholdError
from assistant.review.desk import Asked, Desk, NotThere, page, reviewer_cookie
from assistant.review.pages import routes
from assistant.review.rendering import answer, render
from assistant.review.safety import Safety

__all__ = ["make_app"]

_STATIC = Path(__file__).parent / "static"


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
    status = (
        404 if isinstance(error, NotThere) else 409 if isinstance(error, ThresholdError) else 400
    )
    if asked.wants_json:
        return answer({"error": error}, status)
    return render(asked, "error.html", status=status, error=error)


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    what = "There is no such page." if error.status_code == 404 else str(error.detail)
    asked = _asked(request)
    if asked.wants_json:
        return answer({"error": SecondCoderError(what)}, error.status_code)
    return render(asked, "error.html", status=error.status_code, error=SecondCoderError(what))
