"""The transcript page: everybody's codings, and review by keyboard."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import Route

from assistant.review.desk import Asked, NotThere, page
from assistant.review.rendering import render
from assistant.store.database import Store
from assistant.store.transcripts import transcript
from assistant.transcripts.records import Transcript

__all__ = ["ROUTES"]


def _transcript(store: Store, key: int) -> Transcript:
    try:
        return transcript(store, key)
    except KeyError:
        raise NotThere(f"There is no transcript {key}.") from None


def _show(asked: Asked) -> Response:
    with asked.desk.reading() as (_, store):
        text = _transcript(store, asked.path("key"))
        return render(asked, "transcript.html", transcript=text)


ROUTES = (Route("/transcripts/{key:int}", page(_show)),)
