"""An audit that is coded in files: the sample written into them, and what a person filled in.

The other way is the browser. Both end in the same rows: `assistant.decisions.blind` stores them and
says who may code blind what.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.counting import counted
from assistant.decisions.blind import AuditTask, audit_tasks, finish, record_blind_coding
from assistant.errors import UserError
from assistant.file_names import file_names
from assistant.guide.outside import audits_folder, record_outside
from assistant.interchange.audit_files import FilledFile, blind_file, read_blind_file
from assistant.store.database import Store
from assistant.store.finding import find_audit
from assistant.store.model.runs import run
from assistant.store.texts.transcripts import transcript
from assistant.store.versions import codebook
from assistant.study import Study
from assistant.writing import check_folder, write_whole
from eval.audit.auditing import DrawnAudit, draw_audit

__all__ = ["Taken", "draw_into_files", "take_files"]


@dataclass(frozen=True)
class Taken:
    """What one file brought."""

    audit: int
    transcript: str
    passages: int
    codes: int
    file: str


def draw_into_files(
    study: Study,
    store: Store,
    run_id: int,
    transcripts: Sequence[int] = (),
    *,
    segments: int | None = None,
    seed: int | None = None,
    out: Path | None = None,
) -> tuple[DrawnAudit, tuple[Path, ...]]:
    """Draw as `draw_audit` does, and write a file for each transcript with passages in the sample.

    ``out``: their folder; default: one for this audit in the study's ``runs/audits``.
    """
    # What cannot be written is said before the sample is drawn: drawing again gives another one.
    check_folder(out or audits_folder(study), hint="Name another with --out.")
    drawn = draw_audit(study, store, run_id, transcripts, segments=segments, seed=seed)
    book = codebook(store, run(store, run_id).codebook_sha256)
    place = out or audits_folder(study) / f"audit-{drawn.id}"
    texts = [
        transcript(store, key) for key in dict.fromkeys(d.transcript_id for d in drawn.plan.sample)
    ]
    files = tuple(place / f"{name}.txt" for name in file_names(text.name for text in texts))
    for text, path in zip(texts, files, strict=True):
        write_whole(path, blind_file(drawn.id, text, drawn.plan.of(text.id), book))
    named = [(path, [text.name]) for text, path in zip(texts, files, strict=True)]
    record_outside(study, store, f"The sample of audit {drawn.id} was written", named)
    return drawn, files


def take_files(store: Store, paths: Sequence[Path], coder: str) -> tuple[Taken, ...]:
    """Store what ``coder`` wrote into these files, or those of these folders: all of it or nothing.

    Raises `UserError` for a file that is no sample of this study's audits, that is not filled in to
    its end, or that holds what cannot be stored, each with its file and passage.
    """
    files = [p for path in paths for p in (sorted(path.glob("*.txt")) if path.is_dir() else [path])]
    if not files:
        raise UserError(
            "There is no file of an audit here.",
            where=", ".join(map(str, paths)),
            hint="`secondcoder audit draw` writes them, and says where.",
        )
    filled = [(path, read_blind_file(path)) for path in files]
    with store.transaction():
        return tuple(_take(store, path, found, coder) for path, found in filled)


def _take(store: Store, path: Path, found: FilledFile, coder: str) -> Taken:
    task = _task(store, path, found)
    if found.empty:
        raise UserError(
            f"{counted(len(found.empty), 'passage')} "
            f"{'has' if len(found.empty) == 1 else 'have'} nothing behind “codes:”: "
            + ", ".join(str(n + 1) for n in found.empty)
            + ".",
            where=str(path),
            hint="Write the codes, or the word none where no code applies.",
        )
    codes_meant = _codes_meant(store, path, found)
    for segment, codes in codes_meant.items():
        try:
            record_blind_coding(store, found.audit_id, task.transcript_id, segment, codes, coder)
        except UserError as error:
            where = f"{path}, passage {segment + 1}"
            raise UserError(error.what, where=where, hint=error.hint) from error
    finish(store, found.audit_id, task.transcript_id, coder)
    codes_given = sum(len(set(codes)) for codes in codes_meant.values())
    return Taken(found.audit_id, task.transcript, len(found.codes), codes_given, str(path))


def _codes_meant(store: Store, path: Path, found: FilledFile) -> dict[int, tuple[str, ...]]:
    """Passage -> codes by their ids. A person writes names as they come: capitals do not matter
    where no two codes differ in them alone. All that no code is called is told at once."""
    book = codebook(store, run(store, find_audit(store, found.audit_id).run_id).codebook_sha256)
    asked = {code.id for code in book.sent}
    by_letters: dict[str, set[str]] = {}
    for code in book.sent:
        for name in (code.id, code.label, *code.aliases):
            by_letters.setdefault(name.casefold(), set()).add(code.id)
    meant: dict[int, tuple[str, ...]] = {}
    unknown: dict[str, list[int]] = {}
    for segment, written in found.codes.items():
        codes = []
        for name in written:
            exact = book.resolve(name)
            alike = by_letters.get(name.casefold(), set())
            if exact in asked:
                codes.append(exact)
            elif exact is None and len(alike) == 1:
                codes += alike
            else:
                unknown.setdefault(name, []).append(segment + 1)
        meant[segment] = tuple(c for c in codes if c is not None)
    if unknown:
        said = "; ".join(
            f"“{name}” ({'passage' if len(places) == 1 else 'passages'} "
            f"{', '.join(map(str, places))})"
            for name, places in unknown.items()
        )
        likely = " ".join(dict.fromkeys(m for name in unknown if (m := book.meant(name).strip())))
        raise UserError(
            f"The codebook has no code {said} that a model is asked about.",
            where=str(path),
            hint=f"{likely} Codes: {', '.join(sorted(asked))}.".strip(),
        )
    return meant


def _task(store: Store, path: Path, found: FilledFile) -> AuditTask:
    for task in audit_tasks(store, found.audit_id):
        if task.sha256 == found.sha256:
            return task
    raise UserError(
        f"Audit {found.audit_id} has no sample of “{found.transcript}”.",
        where=str(path),
        hint="Is it the file of another study?",
    )
