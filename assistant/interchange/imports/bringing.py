"""Files that come without a folder of their own, as from a browser: kept in the study, then read.

The study's ``transcripts/`` holds the files as they came: a file of the same name with other bytes
gets a folder of its own beside it, since its name may say who coded it. What nobody could be asked
while reading comes back as questions.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from assistant.errors import UserError
from assistant.interchange.imports.importing import import_files
from assistant.interchange.imports.known_codes import known_codes
from assistant.interchange.imports.reports import FileReport, ImportOptions, ImportReport, LabelSeen
from assistant.store.database import Store
from assistant.study import Study
from assistant.transcripts.records import Exposure
from assistant.writing import write_whole

__all__ = ["Brought", "Question", "bring", "keep_file", "kept_file", "place_of"]

_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)
_LONGEST = 180


@dataclass(frozen=True)
class Question:
    """What has to be known of one file, or of all, before codes can be taken."""

    file: str
    """Its path within the study's ``transcripts/``; empty where all files are meant."""
    what: str
    """``coder``: who coded it; ``labels``: which of ``labels`` are code labels."""
    text: str
    labels: tuple[LabelSeen, ...] = ()
    """Their files are paths within ``transcripts/`` too."""
    likely: str = ""
    """The answer that the file makes likely; to be confirmed, never taken unasked."""


@dataclass(frozen=True)
class Brought:
    report: ImportReport
    questions: tuple[Question, ...]


def keep_file(study: Study, name: str, data: bytes) -> Path:
    """Keep a file in the study's folder; where it lies. Raises `UserError` for a name of nothing.

    Only the last part of the name counts. The same bytes under the same name are kept once.
    """
    last = PurePosixPath(name.replace("\\", "/")).name
    plain = "".join(c if c.isprintable() and c not in '<>:"/\\|?*' else "_" for c in last).strip()
    plain = plain.lstrip(".").rstrip(". ")
    if not plain:
        raise UserError(f"A file named “{name}” cannot be kept.", hint="Give it another name.")
    if _RESERVED.match(plain):
        plain = f"_{plain}"
    stem, dot, ending = plain.rpartition(".")
    if len(plain) > _LONGEST:
        plain = (stem[: _LONGEST - len(ending) - 1] + dot + ending) if dot else plain[:_LONGEST]
    folder = study.transcripts_folder
    target = folder / plain
    if target.exists() and target.read_bytes() != data:
        target = folder / hashlib.sha256(data).hexdigest()[:8] / plain
    if not target.exists():
        write_whole(target, data)  # half an interview would be read as one
    return target


def kept_file(study: Study, place: str) -> Path:
    """A file that was kept before, by its path in ``transcripts/``. Raises `UserError`."""
    folder = study.transcripts_folder.resolve()
    path = (folder / place).resolve()
    if not path.is_relative_to(folder) or not path.is_file():
        raise UserError(
            f"There is no file {place} in the study's folder transcripts/.",
            hint="Choose the file again, so that it is put there.",
        )
    return path


def place_of(study: Study, path: Path) -> str:
    """Where a file lies in ``transcripts/``; of one that lies elsewhere, its name."""
    inside, folder = path.resolve(), study.transcripts_folder.resolve()
    return str(inside.relative_to(folder)) if inside.is_relative_to(folder) else path.name


def bring(
    study: Study,
    store: Store,
    paths: Sequence[Path],
    *,
    exposure: Exposure = "unknown",
    language: str = "",
    coders: Mapping[Path, str] | None = None,
    labels: Collection[str] = (),
    no_labels: Collection[str] = (),
    dry_run: bool = False,
) -> Brought:
    """Import kept files. ``coders``: who coded which; ``labels``: lines that were confirmed to be
    code labels; ``no_labels``: lines that were said to be none, and are not asked about again.
    ``dry_run``: only to see what is asked."""
    told = dict(coders or {})
    questions: list[Question] = []
    shaped: dict[str, LabelSeen] = {}

    def place(path: Path) -> str:
        return place_of(study, path)

    def ask_coder(path: Path) -> str:
        questions.append(
            Question(place(path), "coder", f"{path.name} holds codes. Who coded it?"),
        )
        return ""

    def confirm(found: tuple[LabelSeen, ...]) -> tuple[str, ...]:
        for one in found:
            if one.label in no_labels:
                continue
            before = shaped.get(one.label)
            files = tuple(place(Path(file)) for file in one.files)
            shaped[one.label] = (
                replace(before, times=before.times + one.times, files=before.files + files)
                if before
                else replace(one, files=files)
            )
        return ()

    reports: list[ImportReport] = []
    groups: dict[str, list[Path]] = {}
    for path in paths:
        groups.setdefault(told.get(path, "").strip(), []).append(path)
    for coder, mine in groups.items():

        def ask(question: str, likely: str, mine: Sequence[Path] = mine) -> str:
            found = next((p for p in mine if p.name in question), mine[0])
            questions.append(Question(place(found), "coder", question, likely=likely))
            return ""

        options = ImportOptions(
            coder=coder,
            exposure=exposure,
            language=language,
            known_codes=known_codes(study.codebook_file),
            labels=labels,
            ask_coder=ask_coder,
            confirm_labels=confirm,
            codebook_file=study.codebook_file,
            study=study.config.name,
            ask=ask,
            dry_run=dry_run,
        )
        reports.append(import_files(store, mine, options))
    if shaped:
        asked = tuple(sorted(shaped.values(), key=lambda one: (-one.times, one.label)))
        questions.insert(0, Question("", "labels", "Are these lines code labels?", asked))
    return Brought(_together(reports, paths), tuple(dict.fromkeys(questions)))


def _together(reports: Sequence[ImportReport], paths: Sequence[Path]) -> ImportReport:
    if len(reports) == 1:
        return reports[0]
    order = {str(path): number for number, path in enumerate(paths)}
    files: list[FileReport] = [file for report in reports for file in report.files]
    files.sort(key=lambda f: order.get(f.path, len(order)))
    first = reports[0] if reports else ImportReport((), ())
    return replace(
        first,
        files=tuple(files),
        transcripts=tuple(sorted({t for report in reports for t in report.transcripts})),
        labels=tuple(one for report in reports for one in report.labels),
        unknown=tuple(sorted({who for report in reports for who in report.unknown})),
        earlier=tuple(file for report in reports for file in report.earlier),
        projects=tuple(p for report in reports for p in report.projects),
        codebook=next((report.codebook for report in reports if report.codebook), None),
    )
