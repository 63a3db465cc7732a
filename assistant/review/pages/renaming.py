"""Another name for a transcript; where the old one is to be forgotten, first what that would do."""

from __future__ import annotations

from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from assistant.interchange.names.told import in_words
from assistant.interchange.names.transcript_names import rename_transcript
from assistant.review.desk import Asked, page
from assistant.review.pages.study import tell_once
from assistant.review.rendering import render

__all__ = ["ROUTES"]


def _rename(asked: Asked) -> Response:
    """The names come in the form and not in the address, which a browser keeps."""
    old, new = asked.text("transcript"), asked.text("name")
    forget = bool(asked.text("forget"))
    also = [line.strip() for line in asked.text("also").split("\n") if line.strip()]
    forget = forget or bool(also)
    if forget and not asked.text("sure"):
        with asked.desk.reading() as (study, store):
            found = rename_transcript(
                study, store, old, new, forget=True, also=also, who=asked.who, dry_run=True
            )
        return render(
            asked,
            "renaming.html",
            here="/",
            old=old,
            new=found.new,
            also="\n".join(also),
            said=in_words(found, dry_run=True),
        )
    with asked.desk.writing() as (study, store):
        done = rename_transcript(study, store, old, new, forget=forget, also=also, who=asked.who)
    tell_once(asked, *in_words(done))
    return RedirectResponse("/#seen", 303)


ROUTES = (Route("/rename", page(_rename), methods=["POST"]),)
