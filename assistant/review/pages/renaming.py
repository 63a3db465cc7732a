"""Another name for a transcript."""

from __future__ import annotations

from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from assistant.interchange.names.told import in_words
from assistant.interchange.names.transcript_names import rename_transcript
from assistant.review.desk import Asked, page
from assistant.review.pages.study import tell_once

__all__ = ["ROUTES"]


def _rename(asked: Asked) -> Response:
    """The names come in the form and not in the address, which a browser keeps."""
    with asked.desk.writing() as (study, store):
        old, new = asked.text("transcript"), asked.text("name")
        done = rename_transcript(study, store, old, new, who=asked.who)
    tell_once(asked, *in_words(done))
    return RedirectResponse("/#seen", 303)


ROUTES = (Route("/rename", page(_rename), methods=["POST"]),)
