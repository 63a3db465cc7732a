"""Write an export: where it goes, what is refused, what the record of the study says about it.

A file is written beside its place and moved there when it is complete; one that is there already
is never overwritten unless the user says so. Nothing is sent anywhere.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from assistant.counting import counted, counted_many
from assistant.errors import UserError
from assistant.file_names import file_name, file_names
from assistant.interchange.export.loading import Export, load_export
from assistant.interchange.export.records import FORMATS, AgreementRow, Choice, LeftOut, Written
from assistant.interchange.withdrawal.holding import record_written
from assistant.store.database import Store, now
from assistant.study import Study
from assistant.writing import NO_ROOM

__all__ = ["export_study"]

_A_FILE_EACH = ("docx", "html")
_NO_EVALUATION = "there is no evaluation yet. `secondcoder evaluate` makes one."


def export_study(
    study: Study,
    store: Store,
    format: str,
    choice: Choice,
    *,
    policy_sha256: str,
    to: Path | None = None,
    force: bool = False,
    agreement: Sequence[AgreementRow] = (),
    about: str = "",
    progress: Callable[[int, int, str], None] = lambda done, total, remark: None,
) -> Written:
    """Write what ``choice`` takes, in one of `FORMATS`.

    ``to``: a file, or for Word and HTML a folder; default: ``exports/`` in the study. ``progress``
    gets files done, all files, and a name. ``about``: which evaluation ``agreement`` is from, or
    why there is none. Raises `UserError` when there is nothing to export and when a file is there
    already and ``force`` is not given.
    """
    assert format in FORMATS
    export = load_export(study, store, choice, policy_sha256)
    _refuse_nothing(export, format)
    targets = _targets(study, export, format, to)
    if not force:
        _refuse_to_overwrite([path for _, path in targets])
    counts: Counter[str] = Counter()
    notes: list[str] = []
    for done, (key, path) in enumerate(targets):
        progress(done, len(targets), path.name)
        with _placed(path) as made:
            more, remarks = _write(export, format, key, made, agreement, about)
        counts.update(more)
        notes += remarks
        progress(done + 1, len(targets), path.name)
    files = tuple(path for _, path in targets)
    left: tuple[LeftOut, ...] = () if format == "qdc" else export.left_out
    said = {} if format == "qdc" else export.counts
    written = Written(format, files, {**said, **counts}, left, tuple(notes))
    _record(store, export, written, targets)
    return written


def _write(
    export: Export,
    format: str,
    key: int,
    path: Path,
    agreement: Sequence[AgreementRow],
    about: str,
) -> tuple[dict[str, int], tuple[str, ...]]:
    # Each writer is loaded only when it is used: they bring large packages.
    if format == "qdpx":
        from assistant.interchange.refi.writing import write_qdpx

        counts = write_qdpx(export, path, now())
        return counts, (_said_notes(counts["notes"], len(export.memos())),)
    if format == "qdc":
        from assistant.interchange.refi.codebook_writing import write_qdc

        return write_qdc(export, path), ()
    if format == "csv":
        from assistant.interchange.export.table import write_csv

        return write_csv(export, path), ()
    if format == "xlsx":
        from assistant.interchange.export.workbook import write_xlsx

        return write_xlsx(export, path, agreement, about or _NO_EVALUATION)
    if format == "docx":
        from assistant.interchange.export.word import write_docx

        return write_docx(export, key, path), ()
    from assistant.interchange.export.page import write_html

    return write_html(export, key, path), ()


def _said_notes(notes: int, memos: int) -> str:
    """What the notes of a REFI-QDA project are: more than the study's memos."""
    reasons = notes - memos - 1
    return (
        f"Of the {counted(notes, 'note')} in the file "
        f"{memos or 'none'} {'is a memo' if memos == 1 else 'are memos'} of the study"
        + (f", {reasons} {'says' if reasons == 1 else 'say'} why a model suggested" * (reasons > 0))
        + ", and one is for this program: with it everything returns exactly."
    )


def _refuse_nothing(export: Export, format: str) -> None:
    if format == "qdc":
        if export.book is None or not export.book.codes:
            raise UserError(
                "The study has no codebook with codes, so there is none to export.",
                hint="Write one, or make a first one: `secondcoder codebook derive`.",
            )
    elif not export.infos:
        raise UserError(
            "There is no transcript to export.", hint="Bring some in with `secondcoder import`."
        )


def _targets(study: Study, export: Export, format: str, to: Path | None) -> list[tuple[int, Path]]:
    """(transcript id or 0, file) of everything that will be written."""
    folder = study.folder / "exports"
    name = file_name(study.config.name)
    if format not in _A_FILE_EACH:
        path = to or folder / f"{name}.{format}"
        if path.is_dir():
            path = path / f"{name}.{format}"
        return [(0, path)]
    inside = to or folder / {"docx": "word", "html": "html"}[format]
    if inside.exists() and not inside.is_dir():
        raise UserError(
            "A Word document or a page is written for each transcript, so --to names a folder.",
            where=str(inside),
            hint="Name a folder that is not there yet, or leave --to out.",
        )
    names = file_names(info.name for info in export.infos)
    return [
        (info.id, inside / f"{name}.{format}")
        for info, name in zip(export.infos, names, strict=True)
    ]


def _refuse_to_overwrite(paths: Sequence[Path]) -> None:
    there = [path for path in paths if path.exists()]
    if there:
        more = f" (and {len(there) - 1} more)" if len(there) > 1 else ""
        raise UserError(
            f"There is a file of that name already; nothing was written{more}.",
            where=str(there[0]),
            hint="Write elsewhere with `--to PATH`, or replace it with `--force`.",
        )


@contextmanager
def _placed(path: Path) -> Iterator[Path]:
    """A place to write; what is there moves to ``path`` when it is complete."""
    if path.exists() and not path.is_file():
        raise UserError(
            "This is a folder or a device, not a file; nothing was written.",
            where=str(path),
            hint="Give `--to` the name of a file.",
        )
    path = Path(os.path.realpath(path))  # a link stays one
    part = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield part
        os.replace(part, path)
    except OSError as error:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        if error.errno in NO_ROOM:
            raise
        raise UserError(
            f"The file cannot be written ({error.strerror or error}).",
            where=str(path),
            hint="Close it in other programs, check that you may write there, or use --to PATH.",
        ) from error
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def _record(
    store: Store, export: Export, written: Written, targets: Sequence[tuple[int, Path]]
) -> None:
    """For the trail; and a withdrawal can name the files that hold a participant's words."""
    names = {info.id: info.name for info in export.infos}
    inside = {"qdpx": names, "csv": export.coded, "xlsx": export.coded}.get(written.format, ())
    record_written(
        store,
        "export",
        f"Exported as {written.format}: "
        + ", ".join(counted_many(count, what) for what, count in written.counts.items() if count),
        {path: [names[one] for one in ([key] if key else inside)] for key, path in targets},
        format=written.format,
        counts=written.counts,
    )
