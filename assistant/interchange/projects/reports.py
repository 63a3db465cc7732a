"""What became of a project of another tool: the record that the command line prints."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from assistant.interchange.projects.first_codebook import FirstCodebook
from assistant.transcripts.records import Exposure, Skipped

__all__ = [
    "CodebookReport",
    "CoderReport",
    "NotPlaced",
    "ProjectOptions",
    "ProjectReport",
    "SourceReport",
    "Take",
]

Take = Literal["cases", "sentiment", "automatic"]


@dataclass(frozen=True)
class ProjectOptions:
    coder: str = ""
    """Every person of the file is this one. Models stay models."""
    same_coder: Mapping[str, str] = field(default_factory=dict)
    """Name of a user in the file -> name of the coder in the study."""
    same_as: Mapping[str, str] = field(default_factory=dict)
    """Name of a text of the file, or "" -> the transcript that it belongs to, as the user says."""
    exposure: Exposure = "unknown"
    language: str = ""
    take: tuple[Take, ...] = ()
    """Kinds of codes that are left out unless asked for."""
    gathers: tuple[str, ...] = ()
    """Codes that only gather the codings of those below them, as the user says."""
    ask_coder: Callable[[str, str], str] | None = None
    """Given a question that ends in a question mark, and the answer that the file makes likely, or
    none; None: nobody can be asked."""
    ask_take: Callable[[str], bool] | None = None
    codebook_file: Path | None = None
    """The study's codebook: written from the project where it has no codes yet."""
    write_codebook: Path | None = None
    """Write the project's codebook to this file."""
    study: str = ""
    """The study's name, which becomes that of a codebook that has none."""
    dry_run: bool = False
    gathered: FirstCodebook | None = None
    """Takes the codes of a codebook that is to be written with those of other files."""
    untold: set[str] | None = None
    """People of the study before the import, that no file of it was said to be by so far; shared
    by the files of an import, so that it is said once. None: all of the study."""
    unsure: frozenset[str] = frozenset()
    """Names of projects of the same import that came before, and nothing says are earlier."""


@dataclass(frozen=True)
class NotPlaced:
    """A coding of the file that has no place in the transcript."""

    source: str
    coder: str
    code: str
    start: int
    end: int
    """Positions in the file's own text."""
    why: str


@dataclass(frozen=True)
class SourceReport:
    """One text of the project, or why it is not in the study."""

    name: str
    kind: str
    status: Literal["imported", "already there", "refused"]
    transcript: str = ""
    language: str = ""
    position_rule: str = ""
    codings: int = 0
    """New in the study, those that stand in another file too left out."""
    partial: int = 0
    same: int = 0
    already: int = 0
    not_placed: int = 0
    notes: tuple[str, ...] = ()
    error: str = ""


@dataclass(frozen=True)
class CoderReport:
    name: str
    kind: str
    in_file: tuple[str, ...]
    """Users of the file that this coder stands for."""
    codings: int


@dataclass(frozen=True)
class CodebookReport:
    codes: int
    missing: tuple[str, ...] = ()
    """Names that the study's codebook does not know."""
    written: str = ""
    """File that it was, or in a dry run would be, written to."""
    colors: int = 0
    """Colours of codes, which have no place here."""
    defined: tuple[str, ...] = ()
    """Those of ``missing`` that the file defines; their definitions are not in the study."""
    undefined: tuple[str, ...] = ()
    """Codes that the file defines, and of which the study's codebook has nothing but the name."""


@dataclass(frozen=True)
class ProjectReport:
    path: str
    status: Literal["imported", "already there", "refused"]
    format: str = ""
    written_by: str = ""
    counts: tuple[tuple[str, int], ...] = ()
    """What the file holds."""
    sources: tuple[SourceReport, ...] = ()
    coders: tuple[CoderReport, ...] = ()
    codings: int = 0
    memos: int = 0
    codebook: CodebookReport | None = None
    not_placed: tuple[NotPlaced, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    doubtful: tuple[Skipped, ...] = ()
    """What made a coding at another place than the file says, with both places."""
    notes: tuple[str, ...] = ()
    error: str = ""
    corrected: int = 0
    """Codings that an earlier file of the project had with another border or code."""
    gone: tuple[NotPlaced, ...] = ()
    """Codings of an earlier file of the project that this one has no more; they stay."""
    knows_exposure: bool = False
    """The file itself says what its coders had seen, since this program wrote it."""

    @property
    def transcripts(self) -> tuple[str, ...]:
        return tuple(sorted({source.transcript for source in self.sources if source.transcript}))
