"""What a coder coded of a transcript, as a person states it: all, some passages, some codes."""

from __future__ import annotations

from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from assistant.codebook.loading import load_codebook
from assistant.decisions.kept_back import kept_back
from assistant.errors import UserError
from assistant.interchange.coded_parts import CodedPart, state_part
from assistant.interchange.transcripts import named
from assistant.review.desk import Asked, page

__all__ = ["ROUTES"]


def _part(asked: Asked) -> CodedPart:
    where = asked.text("passages")
    if where not in ("all", "some"):
        raise UserError(
            "Nothing was chosen.", hint="Choose whether all passages were coded, or some."
        )
    codes = tuple(str(code) for code in asked.form.getlist("code")) or None
    if where == "all":
        return CodedPart(codes=codes)
    return CodedPart(asked.number("first"), asked.number("last"), codes)


def _state(asked: Asked) -> Response:
    """Passages are of one transcript; codes may be said of all that a person coded."""
    part, name = _part(asked), asked.text("transcript")
    if part.first is not None and not name:
        raise UserError(
            "Passages are numbered within a transcript, and none was chosen.",
            hint="Choose the transcript that these passages are of.",
        )
    with asked.desk.writing() as (study, store):
        book = load_codebook(study.codebook_file)
        keys = named(store, [name] if name else [])
        back = kept_back(store, asked.who)
        state_part(store, book, keys, asked.text("coder"), part, asked.who, untold=back)
    there = asked.text("back")
    return RedirectResponse(there if there == "/start?step=seen" else "/#seen", 303)


ROUTES = (Route("/statements/part", page(_state), methods=["POST"]),)
