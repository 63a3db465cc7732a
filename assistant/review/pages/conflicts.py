"""What two studies say differently, as items to adjudicate: both sides, and settling here.

A part of the disagreements. What is shown of others' words is on record, as on every other page.
"""

from __future__ import annotations

import random
from collections.abc import Sequence

from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from assistant.errors import UserError
from assistant.guide.settling import ShownConflict, settle_for, shown_conflicts
from assistant.review.desk import Asked, NotThere, page
from assistant.review.rendering import render
from assistant.store.database import Store
from assistant.store.model.runs import run
from assistant.store.people.coders import coders
from assistant.store.people.openings import record_openings
from eval.disagreements.cards import SEED

__all__ = ["ROUTES", "record_shown"]


def record_shown(asked: Asked, store: Store, shown: Sequence[ShownConflict]) -> None:
    """Whose words about which transcript the page is about to show, and the model's suggestion."""
    ids = {c.name: c.id for c in coders(store) if c.kind == "human"}
    for one in shown:
        if one.transcript_id is None or one.kind not in ("decision", "adjudication"):
            continue
        record_openings(
            store,
            asked.who,
            one.transcript_id,
            model=[run(store, one.run_id).coder.id] if one.run_id is not None else (),
            people=[ids.get(name) for name in one.people if name != asked.who],
            place="disagreements",
        )


def _show(asked: Asked) -> Response:
    with asked.desk.writing() as (study, store):
        here = shown_conflicts(study, store, asked.who)
        wanted = asked.path("identity")
        found = next((c for c in here if c.identity == wanted), None)
        if found is None:
            raise NotThere(
                "This is not there, or is about codes of a transcript that you still code blind.",
                hint="Go back to the list of disagreements.",
            )
        record_shown(asked, store, [found])
        at = here.index(found)
        hidden = asked.query("hide") == "1" and not found.settled
        order = list(range(len(found.sides)))
        if hidden:
            random.Random(f"{SEED} {found.identity}").shuffle(order)
        others = [c for c in (*here[at + 1 :], *here[:at]) if not c.settled]
        return render(
            asked,
            "conflict.html",
            here="/disagreements",
            found=found,
            hidden=hidden,
            order=order,
            query="?hide=1" if asked.query("hide") == "1" else "",
            after=others[0].identity if others else "",
            before=here[at - 1].identity if at else "",
            number=at + 1,
            total=len(here),
        )


def _settle(asked: Asked) -> Response:
    said, note = asked.text("outcome"), asked.text("note")[:5000]
    side = int(said.removeprefix("side:")) if said.removeprefix("side:").isdigit() else None
    if side is None and not note:
        raise UserError(
            "Say how it was settled.", hint="Choose a side, or write a note and keep it as it is."
        )
    identity = asked.path("identity")
    with asked.desk.writing() as (study, store):
        if identity not in {c.identity for c in shown_conflicts(study, store, asked.who)}:
            raise NotThere("This is not there any more.")
        settle_for(study, store, identity, side, note, asked.who, seen=asked.text("seen"))
    query = "?hide=1" if asked.query("hide") == "1" else ""
    return RedirectResponse(f"/disagreements/conflicts/{identity}{query}#said-here", 303)


ROUTES = (
    Route("/disagreements/conflicts/{identity}", page(_show)),
    Route("/disagreements/conflicts/{identity}", page(_settle), methods=["POST"]),
)
