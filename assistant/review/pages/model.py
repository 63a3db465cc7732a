"""The embedded model's weights: offered where a run would go without them, and fetched from here.

Nothing is fetched before somebody presses the button. While it runs one can leave the page or stop
it; what has come is kept, and a later try goes on from there.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from assistant.coding.settings import NO_MODEL
from assistant.errors import SecondCoderError, UserError
from assistant.llm.embedded.offering import Offer, offer
from assistant.llm.embedded.weights import get_model
from assistant.review.desk import Asked, page
from assistant.review.jobs import Job, begin_alone
from assistant.study import Study

__all__ = ["BACK", "ROUTES", "Fetch", "missing_weights"]

BACK = ("/run", "/start?step=run", "/start?step=endpoint", "/try")
"""Pages that offer the weights, and to which one returns."""
_MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Fetch:
    """A fetch of weights as its page speaks of it."""

    offer: Offer
    file: str
    """A file to take them from, as it was written; empty: from where they are published."""
    back: str


def missing_weights(study: Study, model: str = "") -> Offer | None:
    """The weights that a run with these settings would go without; None where it needs none, has
    them, or names a model that is not known."""
    name = model or study.config.endpoint.model
    if study.config.endpoint.base_url or name == NO_MODEL:
        return None
    try:
        found = offer(name)
    except UserError:
        return None
    except SecondCoderError:  # damaged, and deleted just now
        found = offer(name)
    return None if found.here else found


def _get(asked: Asked) -> Response:
    back = asked.text("back")
    wanted = offer(asked.text("model"))
    file = asked.text("file").strip("\"'")
    fetch = Fetch(wanted, file, back if back in BACK else "/run")

    def work(job: Job) -> Fetch:
        job.of = max(1, wanted.model.size // _MEGABYTE)
        job.done = wanted.begun // _MEGABYTE
        get_model(
            wanted.model.name,
            file=Path(file).expanduser() if file else None,
            progress=lambda done, _, what: job.tick(done // _MEGABYTE, f"megabytes: {what}"),
        )
        return fetch

    begin_alone(asked.desk, "weights", f"Getting the weights of {wanted.model.name}", work, fetch)
    return RedirectResponse("/work", 303)


ROUTES = (Route("/model/get", page(_get), methods=["POST"]),)
