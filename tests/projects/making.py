"""Invented projects, and what a study holds after taking them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from assistant.hashing import hash_text
from assistant.interchange.projects.records import (
    Project,
    ProjectCode,
    ProjectCoder,
    ProjectCoding,
    ProjectMemo,
    ProjectScope,
    Source,
)
from assistant.interchange.projects.reports import ProjectOptions, ProjectReport
from assistant.interchange.projects.taking import take_project
from assistant.store.database import Store
from assistant.store.people.codings import codings
from assistant.store.texts.transcripts import transcript, transcript_infos

__all__ = ["TEXT", "coding", "held", "make", "take"]

TEXT = (
    "Interviewer: What did you sow on the plot this year?\n\n"
    "Gardener: Leeks and beans, in the wet corner by the gate.\n\n"
    "Interviewer: Who waters it when you are away?\n\n"
    "Gardener: My neighbour does. She has a long hose, and a key for the tap.\n"
)
CODES = (
    ProjectCode(key="c1", name="sowing", definition="What was sown.", color="#ff0000"),
    ProjectCode(key="c2", name="help"),
    ProjectCode(key="c3", name="tools", parent="c2"),
)
CODERS = (ProjectCoder(key="a", name="Ana"), ProjectCoder(key="b", name="Ben"))


def coding(
    said: str,
    code: str = "c1",
    coder: str = "a",
    text: str = TEXT,
    source: str = "s",
    **more: object,
) -> ProjectCoding:
    start = text.index(said)
    return ProjectCoding.model_validate(
        {
            "source": source,
            "coder": coder,
            "code": code,
            "start": start,
            "end": start + len(said),
            **more,
        }
    )


def make(
    codings_: Sequence[ProjectCoding] = (),
    *,
    text: str = TEXT,
    name: str = "Garden 1",
    file: str = "garden.qdpx",
    codes: Sequence[ProjectCode] = CODES,
    coders: Sequence[ProjectCoder] = CODERS,
    memos: Sequence[ProjectMemo] = (),
    scopes: Sequence[ProjectScope] = (),
    sources: Sequence[Source] = (),
) -> Project:
    found = tuple(sources) or (Source(key="s", name=name, text=text),)
    said = "|".join([file, *(s.text for s in found), *(c.model_dump_json() for c in codings_)])
    return Project(
        name=file,
        format="refi-qda",
        file_sha256=hash_text(said),
        sources=found,
        coders=tuple(coders),
        codes=tuple(codes),
        codings=tuple(codings_),
        memos=tuple(memos),
        scopes=tuple(scopes),
    )


def take(store: Store, project: Project, options: ProjectOptions | None = None) -> ProjectReport:
    return take_project(store, project, Path(project.name), options or ProjectOptions())


def held(store: Store, kind: str = "human") -> list[tuple[str, str, str, str]]:
    """(transcript, coder, code, quote) of each coding; the quote is cut from the text."""
    found = []
    for info in transcript_infos(store):
        text = transcript(store, info.id).text
        for c in codings(store, info.id, "human" if kind == "human" else "model"):
            assert c.quote == text[c.start : c.end]
            found.append((info.name, c.coder.name, c.code, c.quote))
    return found
