"""Which files are projects of other tools, and who reads them.

One list for all formats. A reader is a module with two functions:

- ``detects(path: Path, head: bytes) -> bool``: looks at the content (``head``: the first 4,096
  bytes; the file may be opened for more) and never raises for a file of another kind;
- ``read_project(path: Path, options: ReadOptions) -> Project``: raises `UserError` or `DataError`
  with what, where and hint.

A reader of tables may have two more: ``codes_of(path, options)``, names of its codes, and
``texts_of(path, options)``, names that its rows have for texts; both are found by their names.

Such modules import what is heavy (lxml, openpyxl) inside their functions, since every file of an
import passes through ``detects``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

from assistant.errors import DataError, SecondCoderError
from assistant.hashing import hash_text
from assistant.interchange.projects.records import Layout, LayoutSegment, Project, Source
from assistant.transcripts.records import Skipped, Transcript

__all__ = [
    "MOST_CODES",
    "PROJECT_READERS",
    "NothingTaken",
    "ProjectReader",
    "ReadOptions",
    "check_number",
    "find_reader",
    "source_of",
]

_HEAD = 4096
MOST_CODES = 10_000
"""Different codes in one file; each is written to the codebook and read again, a minute in all."""


class NothingTaken(DataError):
    """Nothing of a file could be taken, and ``skipped`` says of each part why."""

    def __init__(
        self, what: str, skipped: tuple[Skipped, ...], *, where: str = "", hint: str = ""
    ) -> None:
        super().__init__(what, where=where, hint=hint)
        self.skipped = skipped


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
    same_as: Mapping[str, str] = field(default_factory=dict)
    """Name that rows of a table have for a text -> the transcript, as the user says."""
    codes: tuple[str, ...] = ()
    """Names of codes that the study has or the user gave."""


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
        """Raises DataError for more than `MOST_CODES` codes: no codebook has as many, and people
        could not edit it; what makes them is another column taken for the codes."""
        project = _module(self.module).read_project(path, options)
        check_number(len(project.codes), path)
        return project

    def codes(self, path: Path, options: ReadOptions) -> tuple[str, ...] | None:
        """Names of the codes that it applies, where they can be had without the study's
        transcripts and the whole file not; None: it has to be read."""
        found = getattr(_module(self.module), "codes_of", None)
        return None if found is None else cast(tuple[str, ...], found(path, options))

    def texts(self, path: Path, options: ReadOptions) -> tuple[str, ...]:
        """Names that the rows of a table have for texts; none for what is no table, or cannot be
        read, which is said when its turn comes."""
        found = getattr(_module(self.module), "texts_of", None)
        try:
            return () if found is None else cast(tuple[str, ...], found(path, options))
        except SecondCoderError:
            return ()


def check_number(codes: int, path: Path, row: int = 0) -> None:
    """Raises DataError for more than `MOST_CODES` different codes.

    ``row``: where they were counted up to, for files of which the rest is better not read first.
    """
    if codes <= MOST_CODES:
        return
    counted = f"{codes:,} different codes"
    if row:
        counted = f"{counted} up to row {row:,}, where the reading ended"
    raise DataError(
        f"This file names {counted}, more than {MOST_CODES:,} that are taken: no codebook has as "
        "many.",
        where=str(path),
        hint="Look whether the codes stand in another column or another line of each "
        "comment, or whether something else was written where the codes should be.",
    )


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
    ProjectReader(
        "taguette-document",
        "a document with Taguette's tags in the text",
        "assistant.interchange.readers.taguette_document",
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
