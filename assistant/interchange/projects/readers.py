"""Which files are projects of other tools, and who reads them.

One list for all formats. A reader is a module with two functions:

- ``detects(path: Path, head: bytes) -> bool``: looks at the content (``head``: the first 4,096
  bytes; the file may be opened for more) and never raises for a file of another kind;
- ``read_project(path: Path, options: ReadOptions) -> Project``: raises `UserError` or `DataError`
  with what, where and hint.

Such modules import what is heavy (lxml, openpyxl) inside their functions, since every file of an
import passes through ``detects``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

from assistant.hashing import hash_text
from assistant.interchange.projects.records import Layout, LayoutSegment, Project, Source
from assistant.transcripts.records import Transcript

__all__ = [
    "PROJECT_READERS",
    "ProjectReader",
    "ReadOptions",
    "find_reader",
    "source_of",
]

_HEAD = 4096


def _none() -> tuple[Transcript, ...]:
    return ()


@dataclass(frozen=True)
class ReadOptions:
    """What a reader may need to know beside the file."""

    coder: str = ""
    """Coder of everything in the file, as the user gave it."""
    transcripts: Callable[[], tuple[Transcript, ...]] = _none
    """The study's transcripts, for files that hold codes and quotes but no text (tables)."""
    columns: tuple[tuple[str, str], ...] = ()
    """What the columns of a table mean, as the user gave it: ``(("transcript", "A"), …)``."""


@dataclass(frozen=True)
class ProjectReader:
    format: str
    """As in ``Project.format``."""
    what: str
    """For people: ``a REFI-QDA project``."""
    module: str

    def detects(self, path: Path, head: bytes) -> bool:
        return _module(self.module).detects(path, head)

    def read(self, path: Path, options: ReadOptions = ReadOptions()) -> Project:
        return _module(self.module).read_project(path, options)


class _Module(Protocol):
    def detects(self, path: Path, head: bytes) -> bool: ...

    def read_project(self, path: Path, options: ReadOptions) -> Project: ...


def _module(name: str) -> _Module:
    return cast(_Module, import_module(name))


PROJECT_READERS: tuple[ProjectReader, ...] = (
    ProjectReader(
        "refi-qda", "a REFI-QDA project or codebook", "assistant.interchange.refi.reading"
    ),
    ProjectReader("taguette", "a Taguette project", "assistant.interchange.readers.taguette"),
    ProjectReader(
        "taguette-highlights",
        "Taguette's highlights as a document",
        "assistant.interchange.readers.taguette_highlights",
    ),
    ProjectReader("qualcoder", "a QualCoder project", "assistant.interchange.readers.qualcoder"),
    ProjectReader(
        "word-comments",
        "a Word document with codes as comments",
        "assistant.interchange.readers.word_comments",
    ),
    ProjectReader("table", "a table of codings", "assistant.interchange.readers.tables"),
    # Last: says what is wrong with a database that none of the others knows.
    ProjectReader("database", "a database", "assistant.interchange.readers.databases"),
)


def find_reader(path: Path) -> ProjectReader | None:
    """The first reader that knows this file by its content; None: it is no project."""
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except OSError:
        return None  # the message about it is the text readers' business
    return next((reader for reader in PROJECT_READERS if reader.detects(path, head)), None)


def source_of(transcript: Transcript, key: str = "") -> Source:
    """A source with exactly the text and segments of a transcript of the study.

    For formats that give codes on texts which the study holds already; positions are those of the
    transcript's text.
    """
    return Source(
        key=key or transcript.name,
        name=transcript.name,
        text=transcript.text,
        layout=Layout(
            source_sha256=hash_text(transcript.text),
            transcript_name=transcript.name,
            transcript_sha256=transcript.sha256,
            language=transcript.language,
            segments=tuple(
                LayoutSegment(segment=segment, start=segment.start)
                for segment in transcript.segments
            ),
        ),
    )
