"""What every page works with: the study, its database, who is asking.

The database is opened for each request and closed after it, so that the command line and a second
window can work beside it, and a withdrawal finds no other program in its way. Writes of this
server go one after the other; those of other programs wait at SQLite's own lock.
"""

from __future__ import annotations

import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import Response

from assistant.errors import UserError
from assistant.store.database import Store, open_store
from assistant.store.trail.events import person
from assistant.study import Study, open_study
from assistant.writing import write_whole

__all__ = [
    "CHECKS",
    "REVIEWER",
    "Asked",
    "Desk",
    "NotThere",
    "page",
    "reviewer_cookie",
    "write_safely",
]

REVIEWER = "secondcoder-reviewer"
"""Cookie with the name of the person who reviews."""
CHECKS = "secondcoder-checks"
"""Cookie that is there when the person wants checks against drowsiness."""
_MOST_BYTES = 200_000_000


class NotThere(UserError):
    """What an address names does not exist (any more): answered with status 404."""


@dataclass
class Desk:
    """What this start of the server works on. ``folder`` may change: a study can be made here."""

    folder: Path
    upgraded: str = ""
    """One sentence, once, when the database was of an older version."""
    writing_lock: threading.RLock = field(default_factory=threading.RLock)
    bringing_lock: threading.RLock = field(default_factory=threading.RLock)
    kept: dict[str, Any] = field(default_factory=dict)
    """For pages that keep something between requests (a running job); keys are theirs."""

    @property
    def has_study(self) -> bool:
        return (self.folder / "study.toml").is_file()

    def study(self) -> Study:
        """Raises `UserError` when there is none."""
        return open_study(self.folder)

    @contextmanager
    def reading(self) -> Iterator[tuple[Study, Store]]:
        study = self.study()
        store, upgraded = open_store(study.database)
        self.upgraded = upgraded or self.upgraded
        with store:
            yield study, store

    @contextmanager
    def writing(self) -> Iterator[tuple[Study, Store]]:
        """As `reading`, one at a time within this server."""
        with self.writing_lock, self.reading() as opened:
            yield opened

    @contextmanager
    def bringing(self) -> Iterator[tuple[Study, Store]]:
        """As `reading`, for what brings files in: one at a time, and nobody who decides meanwhile
        waits for it. It takes minutes, and writes in short transactions."""
        with self.bringing_lock, self.reading() as opened:
            yield opened


@dataclass(frozen=True)
class Asked:
    """One request, its body read."""

    desk: Desk
    request: Request
    form: FormData
    data: dict[str, Any]
    """The body when it is a JSON object, else empty."""

    @property
    def who(self) -> str:
        """The reviewer's name: hers if she gave one, else that of the person at the computer."""
        return self.given_name or person()

    @property
    def given_name(self) -> str:
        return unquote(self.request.cookies.get(REVIEWER, "")).strip()[:80]

    def first_look(self, *what: object) -> bool:
        """Whether she is shown this for the first time since the program started."""
        seen: set[tuple[object, ...]] = self.desk.kept.setdefault("looks", set())
        look = (self.who, *what)
        if look in seen:
            return False
        seen.add(look)
        return True

    @property
    def checks_on(self) -> bool:
        """Whether she has switched checks against drowsiness on."""
        return self.request.cookies.get(CHECKS, "") == "on"

    @property
    def anyway(self) -> bool:
        """Whether she was told what a page would show her, and wants it all the same."""
        return self.query("anyway") == "1"

    @property
    def wants_json(self) -> bool:
        return "application/json" in self.request.headers.get("accept", "")

    def path(self, name: str) -> Any:
        """A part of the path, converted as the route says."""
        return self.request.path_params[name]

    def query(self, name: str, default: str = "") -> str:
        return self.request.query_params.get(name, default)

    def text(self, name: str, default: str = "") -> str:
        """A field of the posted form or JSON, without white space around it."""
        value = self.data.get(name, self.form.get(name, default))
        return value.strip() if isinstance(value, str) else default

    def number(self, name: str) -> int:
        """A whole number of the posted form or JSON. Raises `UserError` when it is none."""
        value = self.data.get(name, self.form.get(name))
        if isinstance(value, bool) or not isinstance(value, (int, str)):
            raise UserError(f"The field “{name}” must be a whole number.")
        try:
            return int(value)
        except ValueError:
            raise UserError(f"The field “{name}” must be a whole number.") from None

    def seconds(self, name: str = "seconds") -> float | None:
        """How long something took; None when it is not said or cannot be."""
        value = self.data.get(name)
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            return None
        return round(float(value), 2) if 0 <= value < 86_400 else None

    def files(self, name: str) -> list[UploadFile]:
        return [f for f in self.form.getlist(name) if isinstance(f, UploadFile) and f.filename]


def reviewer_cookie(answer: Response, name: str) -> None:
    answer.set_cookie(
        REVIEWER,
        quote(name.strip()[:80]),
        max_age=365 * 86_400,
        httponly=True,
        samesite="strict",
        path="/",
    )


def page(work: Callable[[Asked], Response]) -> Callable[[Request], Awaitable[Response]]:
    """An endpoint from a plain function: reads the body, then works in a thread of its own."""

    async def endpoint(request: Request) -> Response:
        form, data = FormData(), {}
        if request.method == "POST":
            if int(request.headers.get("content-length") or 0) > _MOST_BYTES:
                raise UserError("That is more than 200 MB at once.", hint="Bring fewer files.")
            kind = request.headers.get("content-type", "").partition(";")[0]
            if kind == "application/json":
                body = await _json(request)
                data = body if isinstance(body, dict) else {}
            else:
                form = await request.form(max_files=2000, max_fields=20_000)
        asked = Asked(request.app.state.desk, request, form, data)
        try:
            return await run_in_threadpool(work, asked)
        finally:
            await form.close()

    endpoint.__name__ = work.__name__
    return endpoint


async def _json(request: Request) -> Any:
    try:
        return await request.json()
    except ValueError:
        raise UserError("The page sent something that is no JSON.") from None


def write_safely(path: Path, text: str) -> None:
    """Replace a file in one step: whoever reads it finds the old or the new text, never half."""
    write_whole(path, text)
