"""A codebook that was dropped: what would change is shown, and taken when somebody says so."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import cast

from starlette.datastructures import UploadFile
from starlette.responses import Response
from starlette.routing import Route

from assistant.errors import UserError
from assistant.guide.incoming import (
    Incoming,
    Way,
    incoming_codebook,
    incoming_of_projects,
    is_codebook,
    is_table_of_codes,
    take,
)
from assistant.interchange.imports.reports import ImportReport
from assistant.interchange.study_codebook.tables import TABLES
from assistant.review.desk import Asked, page
from assistant.review.pages.codes import marked
from assistant.review.rendering import render
from assistant.store.database import Store
from assistant.store.model.runs import runs
from assistant.study import Study

__all__ = ["ROUTES", "codebooks_among", "of_projects", "show_codebooks"]

_HEAD = 4096


def codebooks_among(
    study: Study, store: Store, files: Sequence[UploadFile]
) -> tuple[list[Incoming], list[UploadFile]]:
    """The codebooks among files that were dropped, and the other files."""
    found: list[Incoming] = []
    others: list[UploadFile] = []
    for file in files:
        head = file.file.read(_HEAD)
        file.file.seek(0)
        name, data = file.filename or "", b""
        if not (known := is_codebook(name, head)) and name.lower().endswith(TABLES):
            data = file.file.read()
            file.file.seek(0)
            known = is_table_of_codes(name, data)
        if known:
            found.append(incoming_codebook(study, store, name, data or file.file.read()))
        else:
            others.append(file)
    return found, others


def of_projects(study: Study, store: Store, report: ImportReport) -> list[Incoming]:
    """Codes, and definitions of codes, that they brought and the study's codebook lacks, of all of
    them together."""
    paths = [
        Path(project.path)
        for project in report.projects
        if project.codebook is not None and (project.codebook.missing or project.codebook.undefined)
    ]
    found = incoming_of_projects(study, store, paths) if paths else None
    return [found] if found is not None else []


def show_codebooks(asked: Asked, books: Sequence[Incoming]) -> Response:
    """The page about codebooks alone."""
    return render(
        asked,
        "incoming.html",
        here="/codebook",
        status=400 if all(book.error for book in books) else 200,
        books=books,
        marked=marked,
        saved=None,
    )


def _take(asked: Asked) -> Response:
    way, text = asked.text("way"), asked.form.get("text", "")
    if way not in ("add", "replace") or not isinstance(text, str):
        raise UserError(
            "Say whether to take the codebook or to add what is missing.",
            hint="Drop the file again and choose.",
        )
    text = text.replace("\r\n", "\n")
    with asked.desk.writing() as (study, store):
        saved = take(
            study,
            store,
            text,
            cast(Way, way),
            asked.who,
            seen=asked.text("seen"),
            name=asked.text("file")[:200] or "the codebook",
        )
        return render(
            asked, "incoming.html", here="/codebook", books=(), saved=saved, runs=runs(store)
        )


ROUTES = (Route("/import/codebook", page(_take), methods=["POST"]),)
