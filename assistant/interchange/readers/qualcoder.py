"""QualCoder projects: a folder that ends in ``.qda`` with ``data.qda``, or that folder zipped.

From the published format. Positions count code points of a source's ``fulltext``, end exclusive;
a coding's ``owner`` is the coder; categories are codes that only gather others.
"""

from __future__ import annotations

import tempfile
import zipfile
from pathlib import Path

from assistant.counting import counted_many
from assistant.errors import DataError
from assistant.hashing import hash_file
from assistant.interchange.projects.readers import ReadOptions
from assistant.interchange.projects.records import (
    Project,
    ProjectCode,
    ProjectCoder,
    ProjectCoding,
    ProjectMemo,
    Source,
)
from assistant.interchange.readers.positions import best_rule, same_words
from assistant.interchange.readers.stale import nothing_fits, stale_source
from assistant.store.texts.foreign import (
    Cell,
    ForeignTables,
    foreign_tables,
    is_sqlite,
    table_names,
)
from assistant.transcripts.records import Skipped

__all__ = ["detects", "read_project"]

_DATA = "data.qda"
_TABLES = {"source", "code_name", "code_text"}
_LARGEST = 2_000_000_000
_RULES = ("code points", "UTF-16", "UTF-8 bytes")


def detects(path: Path, head: bytes) -> bool:
    """The database, or a zip that has it. (The folder itself is no file: give what is in it.)"""
    if is_sqlite(head):
        return table_names(path) >= _TABLES
    if not head.startswith(b"PK\x03\x04"):
        return False
    try:
        with zipfile.ZipFile(path) as archive:
            return _member(archive) is not None
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return False


def read_project(path: Path, options: ReadOptions) -> Project:
    """Sources, codes, codings and memos. Raises DataError when it is damaged or has no text.

    ``path`` is the folder, ``data.qda`` in it, or the folder zipped.
    """
    if path.is_dir():
        path = path / _DATA
    with path.open("rb") as file:
        head = file.read(16)
    name = path.parent.name if path.name == _DATA and path.parent.name else path.name
    if is_sqlite(head):
        with foreign_tables(path) as tables:
            return _Reader(path, name, tables).project(hash_file(path))
    with tempfile.TemporaryDirectory(prefix="second-coder-") as folder:
        data = Path(folder) / _DATA
        _unpack(path, data)
        try:
            with foreign_tables(data) as tables:
                return _Reader(path, name, tables).project(hash_file(path))
        except DataError as error:
            if error.where != str(data):
                raise
            # The user knows the archive, not the place where it was unpacked for a moment.
            raise DataError(error.what, where=f"{path}, {_DATA} in it", hint=error.hint) from error


def _member(archive: zipfile.ZipFile) -> zipfile.ZipInfo | None:
    """The database, at the top or one folder down; other places are not of this format."""
    found = [
        info
        for info in archive.infolist()
        if info.filename.split("/")[-1] == _DATA and info.filename.count("/") <= 1
    ]
    return found[0] if len(found) == 1 else None


def _unpack(path: Path, target: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            info = _member(archive)
            if info is None:
                raise DataError(
                    "This archive is no QualCoder project: it has no data.qda.",
                    where=str(path),
                    hint="Put the project's own folder (NAME.qda) into the archive, or give it.",
                )
            left = _LARGEST
            with archive.open(info) as member, target.open("wb") as out:
                while piece := member.read(1 << 20):
                    left -= len(piece)
                    if left < 0:
                        raise DataError(
                            f"The project unpacks to more than {_LARGEST // 1_000_000} MB; it was "
                            "not read.",
                            where=str(path),
                            hint="Unpack it yourself and give the folder.",
                        )
                    out.write(piece)
    except DataError:
        raise
    except Exception as error:  # zlib.error and its like, from damaged bytes
        raise DataError(
            "This QualCoder project is a damaged archive.",
            where=str(path),
            hint="Make the zip file again from the project's folder.",
        ) from error


class _Reader:
    def __init__(self, path: Path, name: str, tables: ForeignTables) -> None:
        self.path = path
        self.name = name
        self.skipped: list[Skipped] = []
        self.notes: list[str] = []
        self.stale: dict[str, int] = {}
        """Name of a source of whose codings none says the words that it marks -> their number."""
        self.fitting = 0
        self.sources = list(
            tables.rows("source", ("id", "name", "fulltext", "memo", "owner"), "id")
        )
        self.codes = list(
            tables.rows("code_name", ("cid", "name", "memo", "catid", "color"), "cid")
        )
        self.groups = list(
            tables.rows("code_cat", ("catid", "name", "memo", "supercatid"), "catid")
        )
        columns = ("cid", "fid", "seltext", "pos0", "pos1", "owner", "date", "memo")
        self.codings = list(tables.rows("code_text", columns, "pos0"))
        self.annotations = list(
            tables.rows("annotation", ("fid", "pos0", "pos1", "memo", "owner", "date"))
        )
        self.journal = list(tables.rows("journal", ("name", "jentry", "date", "owner")))
        self.about = list(tables.rows("project", ("memo",)))
        self.others = {
            what: sum(1 for _ in tables.rows(table, ("cid",)))
            for table, what in (
                ("code_image", "codings of pictures"),
                ("code_av", "codings of sound or video"),
            )
        }
        self.cases = sum(1 for _ in tables.rows("cases", ("caseid",)))

    def project(self, file_sha256: str) -> Project:
        texts = {key: str(text) for key, _, text, _, _ in self.sources if str(text or "").strip()}
        names = {key: str(name or f"source {key}") for key, name, *_ in self.sources}
        if not texts:
            raise DataError(
                "This QualCoder project holds no text.",
                where=str(self.path),
                hint="Look whether it is the right project.",
            )
        for key in names:
            if key not in texts:
                why = "a source without text (picture, sound or video)"
                self.skipped.append(Skipped(what=names[key], why=why))
        for what, count in self.others.items():
            if count:
                self.skipped.append(
                    Skipped(what=counted_many(count, what), why="they have no text")
                )
        if self.cases:
            self.notes.append(
                f"Not read, since they are no codes: {counted_many(self.cases, 'cases')}."
            )
        sources: list[Source] = []
        codings: list[ProjectCoding] = []
        for key, text in texts.items():
            source, found = self._of_source(key, names[key], text)
            sources.append(source)
            codings += found
        if self.stale and not self.fitting:
            raise nothing_fits(
                self.stale,
                "coding",
                self.path,
                "Export the project from QualCoder as REFI-QDA (.qdpx) and import that.",
            )
        for row in self.codings:
            if row[1] not in texts:
                why = "its source has no text or is not in the project"
                self.skipped.append(Skipped(what=str(row[2] or ""), why=why))
        return Project(
            name=self.name,
            format="qualcoder",
            file_sha256=file_sha256,
            written_by="QualCoder",
            sources=tuple(sources),
            coders=tuple(
                ProjectCoder(key=name, name=name)
                for name in sorted({coding.coder for coding in codings if coding.coder})
            ),
            codes=self._codes(),
            codings=tuple(codings),
            memos=tuple(self._memos(texts)),
            counts=(
                ("text sources", len(texts)),
                ("other sources", len(names) - len(texts)),
                ("codes", len(self.codes)),
                ("categories", len(self.groups)),
                ("codings of text", len(self.codings)),
            ),
            skipped=tuple(self.skipped),
            notes=tuple(self.notes),
        )

    def _codes(self) -> tuple[ProjectCode, ...]:
        return (
            *(
                ProjectCode(
                    key=f"category {key}",
                    name=str(name or ""),
                    parent=f"category {above}" if above is not None else "",
                    definition=str(memo or ""),
                    applicable=False,
                )
                for key, name, memo, above in self.groups
            ),
            *(
                ProjectCode(
                    key=str(key),
                    name=str(name or ""),
                    parent=f"category {group}" if group is not None else "",
                    definition=str(memo or ""),
                    color=str(color or ""),
                )
                for key, name, memo, group, color in self.codes
            ),
        )

    def _of_source(self, key: Cell, name: str, text: str) -> tuple[Source, list[ProjectCoding]]:
        """The text with how many codings have no place in it, and those that have one."""
        known = {code for code, *_ in self.codes}
        rows = [row for row in self.codings if row[1] == key]
        spans = [
            (row[3], row[4], str(row[2] or ""))
            for row in rows
            if isinstance(row[3], int) and isinstance(row[4], int)
        ]
        rule, place, fitting = best_rule(text, spans, _RULES)
        self.fitting += fitting
        if spans and not fitting:
            self.stale[name] = len(rows)
            self.skipped.append(stale_source(name, len(rows), "codings"))
            return Source(key=str(key), name=name, text=text, lost=len(rows)), []
        if spans:
            self.notes.append(
                f"“{name}”: {fitting} of {counted_many(len(spans), 'codings')} at the words "
                "stored with them, "
                f"counted in {rule}."
            )
        found: list[ProjectCoding] = []
        for code, _, said, start, end, owner, at, memo in rows:
            quote = str(said or "")
            a = place(start) if isinstance(start, int) else None
            b = place(end) if isinstance(end, int) else None
            if a is None or b is None or not same_words(text[a:b], quote):
                why = "its position does not fit the words stored with it"
            elif code not in known:
                why = "its code is not in the project"
            else:
                found.append(
                    ProjectCoding(
                        source=str(key),
                        coder=str(owner or ""),
                        code=str(code),
                        start=a,
                        end=b,
                        note=str(memo or ""),
                        at=str(at or ""),
                    )
                )
                continue
            self.skipped.append(Skipped(what=quote, why=why, where=f"“{name}”"))
        lost = len(rows) - len(found)
        return Source(key=str(key), name=name, text=text, position_rule=rule, lost=lost), found

    def _memos(self, texts: dict[Cell, str]) -> list[ProjectMemo]:
        memos = [
            ProjectMemo(about="study", text=str(memo))
            for (memo,) in self.about
            if str(memo or "").strip()
        ]
        for title, entry, at, owner in self.journal:
            if str(entry or "").strip():
                text = f"{title}\n{entry}" if title else str(entry)
                memos.append(
                    ProjectMemo(about="study", text=text, who=str(owner or ""), at=str(at or ""))
                )
        for key, _, _, memo, owner in self.sources:
            if key in texts and str(memo or "").strip():
                memos.append(
                    ProjectMemo(
                        about="transcript", text=str(memo), who=str(owner or ""), source=str(key)
                    )
                )
        for source, start, end, memo, owner, at in self.annotations:
            if not str(memo or "").strip() or source not in texts:
                continue
            inside = (
                isinstance(start, int)
                and isinstance(end, int)
                and 0 <= start < end <= len(texts[source])
            )
            memos.append(
                ProjectMemo(
                    about="passage" if inside else "transcript",
                    text=str(memo),
                    who=str(owner or ""),
                    source=str(source),
                    start=start if inside and isinstance(start, int) else None,
                    end=end if inside and isinstance(end, int) else None,
                    at=str(at or ""),
                )
            )
        return memos
