"""What an import is told, and what it says of each file."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from assistant.interchange.projects.first_codebook import CodebookWritten
from assistant.interchange.projects.reports import ProjectReport, Take
from assistant.spelling import nfc
from assistant.store.records import DocumentCoding
from assistant.transcripts.records import Exposure, Skipped

__all__ = ["FileReport", "ImportOptions", "ImportReport", "LabelSeen"]


@dataclass(frozen=True)
class LabelSeen:
    """What looks like a code label and is in no list, over all files of an import."""

    label: str
    times: int
    files: tuple[str, ...]
    """Paths."""
    where: str
    """Of the first, in the first of ``files``: ``line 12``."""
    taken: bool = False
    """It was taken for a label; otherwise its lines were left out."""


@dataclass(frozen=True)
class ImportOptions:
    coder: str = ""
    """Coder of every file with codes, whatever its name says."""
    exposure: Exposure = "unknown"
    known_codes: Collection[str] = ()
    """Names that the codebook knows, to recognise labels in text exports."""
    labels: Collection[str] = ()
    language: str = ""
    reader: str = "auto"
    encoding: str = ""
    """Of plain texts, where the user knows it."""
    speakers: tuple[str, ...] = ()
    """Names of speakers that the readers would not recognise."""
    ask_coder: Callable[[Path], str] | None = None
    """Asked for a file that has codes and names nobody; None: that file is an error."""
    confirm_labels: Callable[[tuple[LabelSeen, ...]], Collection[str]] | None = None
    """Asked once for all files what of that are labels. None: nothing is."""
    trust_guesses: bool = False
    """Take label-like lines for labels without being asked."""
    dry_run: bool = False
    same_as: Mapping[str, str] = field(default_factory=dict)
    """Name of a file, or of a text in a project, or "" for all -> the transcript that it belongs
    to, as the user says, though less than 99% of the words are the same."""
    same_coder: Mapping[str, str] = field(default_factory=dict)
    """User of another tool's project -> coder of the study."""
    take: tuple[Take, ...] = ()
    """Kinds of codes of other tools that are left out unless asked for."""
    gathers: tuple[str, ...] = ()
    """Codes of other tools that only gather the codings of those below them."""
    ask: Callable[[str, str], str] | None = None
    ask_take: Callable[[str], bool] | None = None
    codebook_file: Path | None = None
    """The study's codebook, written from a project where it has no codes."""
    study: str = ""
    """The study's name, for a codebook that has none."""
    write_codebook: Path | None = None
    columns: tuple[tuple[str, str], ...] = ()
    """What the columns of a table of codings mean: ``(("transcript", "A"), …)``."""

    def in_one_spelling(self) -> ImportOptions:
        """With names in Unicode NFC, as what is read has them."""
        return replace(
            self,
            coder=nfc(self.coder),
            known_codes=tuple(map(nfc, self.known_codes)),
            labels=tuple(map(nfc, self.labels)),
            speakers=tuple(map(nfc, self.speakers)),
            same_as={nfc(file): nfc(name) for file, name in self.same_as.items()},
            same_coder={nfc(user): nfc(coder) for user, coder in self.same_coder.items()},
            gathers=tuple(map(nfc, self.gathers)),
            columns=tuple((role, nfc(column)) for role, column in self.columns),
        )


@dataclass(frozen=True)
class FileReport:
    """What became of one file."""

    path: str
    status: str
    """``imported``, ``already there``, ``refused``, ``carried again`` (a file of an earlier
    import whose codings were carried to the text of a new one)."""
    transcript: str = ""
    format: str = ""
    encoding: str = ""
    language: str = ""
    coder: str = ""
    codings: int = 0
    exact: int = 0
    partial: int = 0
    same: int = 0
    failed: tuple[DocumentCoding, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    as_words: tuple[Skipped, ...] = ()
    """Lines that have the shape of a code label and were read as words of the interview."""
    own_lines: tuple[Skipped, ...] = ()
    """Lines that the other files of the interview have nothing in place of."""
    near: str = ""
    """Which transcript it is nearly the same as, where it became one of its own."""
    said: str = ""
    """What it meant for a transcript that was there: whether its text was taken and why, and what
    became of the codings. Empty where it changed nothing of that."""
    notes: tuple[str, ...] = ()
    error: str = ""


@dataclass(frozen=True)
class ImportReport:
    files: tuple[FileReport, ...]
    transcripts: tuple[str, ...]
    """Names of the transcripts that the files belong to."""
    earlier: tuple[FileReport, ...] = ()
    """Files of earlier imports, where codings that had a place have none in the text that came
    now."""
    projects: tuple[ProjectReport, ...] = ()
    """Files that are projects of other tools."""
    labels: tuple[LabelSeen, ...] = ()
    """What looked like code labels, by frequency."""
    codebook: CodebookWritten | None = None
    """The codebook that this import wrote, with the codes of all its files."""
    not_named: tuple[str, ...] = ()
    """Files of ``same_as`` that are not among those of the import."""
    unknown: tuple[str, ...] = ()
    """Coders of these files of whom, on these transcripts, nobody has said what they had seen."""

    @property
    def refused(self) -> tuple[FileReport, ...]:
        return tuple(file for file in self.files if file.status == "refused")

    @property
    def refused_projects(self) -> tuple[ProjectReport, ...]:
        return tuple(project for project in self.projects if project.status == "refused")
