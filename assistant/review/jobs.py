"""Work that takes longer than a request: one job at a time, in a thread of its own.

A job opens its own connection to the database. What it has done is stored as it goes, so that
ending the program, or stopping the job, loses nothing; a run that was stopped can be gone on with.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from assistant.errors import SecondCoderError, UserError
from assistant.review.desk import Desk
from assistant.store.database import Store
from assistant.study import Study

__all__ = ["Job", "Stopped", "begin", "begin_alone", "current"]

_KEY = "job"
State = Literal["working", "done", "failed", "stopped"]
Kind = Literal["plan", "run", "evaluation", "weights"]


class Stopped(Exception):
    """Ends a job because the user said so."""


@dataclass
class Job:
    """One piece of work and how far it is."""

    kind: Kind
    title: str
    """What is being done, as a sentence without a full stop."""
    number: int
    state: State = "working"
    done: int = 0
    of: int = 0
    """0: how much there is to do is not known."""
    remark: str = ""
    error: SecondCoderError | None = None
    result: Any = None
    about: Any = None
    """What its page has to know of it, also when it does not end well."""
    stopping: threading.Event = field(default_factory=threading.Event)

    def tick(self, done: int, remark: str = "") -> None:
        """Say how far it is. Raises `Stopped` when the user has asked to stop."""
        self.done, self.remark = done, remark
        if self.stopping.is_set():
            raise Stopped

    def as_it_is(self) -> Job:
        """A copy that stands still: a page reads the state several times while it is drawn.

        The state is read first, and a thread sets it last, so what is done has its result.
        """
        return replace(self, state=self.state)


def current(desk: Desk) -> Job | None:
    """The job that is under way, or the last one that was, as it is now."""
    job: Job | None = desk.kept.get(_KEY)
    return job.as_it_is() if job is not None else None


def begin(
    desk: Desk,
    kind: Kind,
    title: str,
    work: Callable[[Job, Study, Store], Any],
) -> Job:
    """Start a job on the study. Raises `UserError` while another one is under way."""

    def opened(job: Job) -> Any:
        with desk.reading() as (study, store):
            return work(job, study, store)

    return begin_alone(desk, kind, title, opened)


def begin_alone(
    desk: Desk, kind: Kind, title: str, work: Callable[[Job], Any], about: Any = None
) -> Job:
    """As `begin`, for work that does not need the study and must not keep it open."""
    with desk.writing_lock:
        there = current(desk)
        if there is not None and there.state == "working":
            raise UserError(
                f"Something is under way already: {there.title}.",
                hint="Wait until it is done, or stop it.",
            )
        job = Job(kind, title, there.number + 1 if there is not None else 1, about=about)
        desk.kept[_KEY] = job
    threading.Thread(target=_do, args=(job, work), daemon=True).start()
    return job


def _do(job: Job, work: Callable[[Job], Any]) -> None:
    try:
        job.result = work(job)
        job.state = "done"
    except Stopped:
        job.state = "stopped"
    except SecondCoderError as error:
        job.error, job.state = error, "failed"
    except Exception as error:  # else the page would wait for ever
        logging.getLogger(__name__).exception("A job failed: %s", job.title)
        job.error = SecondCoderError(
            f"A fault of the program ended this ({type(error).__name__}).",
            hint="What was stored stays. The details stand where the program was started.",
        )
        job.state = "failed"
