"""Tables of codings, CSV or XLSX.

*Long*: a row is a code on a passage, which is given by its words, its positions or both; a cell may
hold several codes. *Wide*: a row is a passage and each code has a column, with a mark where it
applies. The transcripts are the study's; or, where the study does not have them, rows of passages
in their order make one, with speakers where a column names them. The long table that this program
exports comes back exactly. Every row that made no coding is in ``skipped`` with its number.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from assistant.errors import DataError
from assistant.hashing import hash_bytes
from assistant.interchange.export.cells import undefused
from assistant.interchange.export.records import REJECTED
from assistant.interchange.projects.readers import NothingTaken, ReadOptions, check_number
from assistant.interchange.projects.records import (
    Project,
    ProjectCode,
    ProjectCoder,
    ProjectCoding,
)
from assistant.interchange.readers.by_order import ByOrder
from assistant.interchange.readers.cells import Table, is_error, is_workbook, open_table
from assistant.interchange.readers.columns import Columns, known_names, recognise
from assistant.interchange.readers.composed import composed
from assistant.interchange.readers.own_rows import model_of, note_of
from assistant.interchange.readers.quotes import Place
from assistant.interchange.readers.row_texts import Texts
from assistant.interchange.readers.rows import Row, Text, codes_in, error_in, unread, whole
from assistant.interchange.readers.table_forms import code_columns, is_yes, passages_of
from assistant.interchange.readers.table_notes import (
    around_said,
    left_off_said,
    lost_said,
    marks_said,
    positions_said,
    skips_said,
    told_together,
)
from assistant.transcripts.records import EXPOSURES, Skipped

__all__ = ["codes_of", "detects", "read_project", "read_rows", "texts_of"]

_ENDINGS = (".csv", ".tsv")


def detects(path: Path, head: bytes) -> bool:
    """A workbook, or a file that ends in .csv or .tsv."""
    if path.suffix.lower() in _ENDINGS:
        return not head.startswith((b"PK\x03\x04", b"%PDF-"))
    return is_workbook(path, head)


def read_project(path: Path, options: ReadOptions) -> Project:
    """Codings of a table. Raises DataError where it holds none that could be read at all, and
    UserError where ``options.columns`` names what the table does not have."""
    data = path.read_bytes()
    with _opened(path, data, options) as (table, columns):
        return _Reader(path, options, table, columns).project(hash_bytes(data))


def codes_of(path: Path, options: ReadOptions) -> tuple[str, ...]:
    """Names of the codes in a table, whatever becomes of its rows. Raises as `read_project`."""
    with _opened(path, path.read_bytes(), options) as (table, columns):
        rows = _Reader(path, options, table, columns).rows()
        return tuple(dict.fromkeys(code for row in rows for code in row.codes))


def texts_of(path: Path, options: ReadOptions) -> tuple[str, ...]:
    """Names that its rows have for texts. Raises as `read_project`."""
    with _opened(path, path.read_bytes(), options) as (table, columns):
        names = (columns.get("transcript", cells).strip() for _, cells in table.rows)
        return tuple(dict.fromkeys(filter(None, names)))


@contextmanager
def _opened(path: Path, data: bytes, options: ReadOptions) -> Iterator[tuple[Table, Columns]]:
    if not data.strip():
        raise DataError("This table is empty.", where=str(path), hint="Export it again.")

    def fits(cells: Sequence[str]) -> int:
        named = {column.strip().casefold() for _, column in options.columns}
        return known_names(cells) + sum(cell.strip().casefold() in named for cell in cells)

    with open_table(path, data, fits) as found:
        table = composed(found)
        columns = recognise(table.head, options.columns, str(path))
        yield found if columns.ours else table, columns


def read_rows(path: Path, options: ReadOptions, table: Table, data: bytes) -> Project:
    """Codings of rows that another reader found in ``data``, with heads that are known here."""
    table = composed(table)
    columns = recognise(table.head, (), str(path))
    return _Reader(path, options, table, columns).project(hash_bytes(data))


class _Reader:
    def __init__(self, path: Path, options: ReadOptions, table: Table, columns: Columns) -> None:
        self.path = path
        self.table = table
        self.columns = columns
        self.skipped: list[Skipped] = []
        self.notes: list[str] = [f"Read as a table: {table.what}."]
        self.texts = Texts(path, options.transcripts(), options.same_as)
        self.unknown: dict[str, tuple[int, list[Row]]] = {}
        """Name of a text that nobody knows -> place in ``skipped``, and its rows."""
        self.doubtful: list[Skipped] = []
        self.left_off: dict[str, list[int]] = {}
        self.codes: dict[str, ProjectCode] = {}
        self.coders: dict[str, ProjectCoder] = {}
        self.codings: dict[tuple[str, ...], ProjectCoding] = {}
        self.count = self.marks = 0
        self.named: set[str] = set()
        self.by_order: ByOrder | None = None
        self.around: list[int] = []  # numbers of rows that the rows around them gave a place
        self.unmarked: Counter[tuple[str, str]] = Counter()
        self.coded: set[tuple[str, str]] = set()
        self.passages = passages_of(path, table, columns)

    def project(self, file_sha256: str) -> Project:
        rows, columns = self.rows(), self.columns
        if self.passages == "text":
            kept = list(rows)  # the text has to be there before its rows have a place
            self.notes += self.texts.make(kept, lambda row: columns.get("speaker", row.cells))
            rows = iter(kept)
        if "code" not in columns.places:  # a row is a passage
            kept = list(rows)
            self.by_order = ByOrder(kept, lambda row: self.texts.get(row.transcript), self._places)
            rows = iter(kept)
        for row in rows:
            self.count += 1
            self._take(row)
        self.notes += self.table.ended
        together = told_together(self.skipped, self.unknown.values())
        if not self.codings:
            raise NothingTaken(
                f"No row of this table ({self.count}) made a coding."
                + "".join(f" The first: {one.where}, {one.why}." for one in self.skipped[:1]),
                tuple(self.skipped),
                where=str(self.path),
                hint="Import the transcripts first. Say what the columns mean where their names "
                "do not tell: `--columns transcript=A,quote=C,code=D,coder=B`.",
            )
        self._say(together)
        return Project(
            name=self.path.name,
            format="table",
            file_sha256=file_sha256,
            written_by="Second Coder" if self.columns.ours else "",
            sources=tuple(
                text.source.model_copy(update={"lost": text.lost}) for text in self.texts.all()
            ),
            coders=tuple(self.coders.values()),
            codes=tuple(self.codes.values()),
            codings=tuple(self.codings.values()),
            counts=(
                ("rows", self.count),
                ("transcripts", len(self.texts.all()) + len([n for n in self.unknown if n])),
                ("codes", len(self.named)),
                ("codings", self.marks),
            ),
            skipped=tuple(self.skipped),
            doubtful=tuple(self.doubtful),
            notes=tuple(self.notes),
        )

    # Rows

    def rows(self) -> Iterable[Row]:
        if "code" in self.columns.places:
            for number, found in self.table.rows:
                # Only this program puts an apostrophe before what could be a formula.
                undo = self.columns.ours and self.table.csv
                cells = [undefused(cell) for cell in found] if undo else found
                yield self._row(number, cells, self._codes_in(self.columns.get("code", cells)))
            return
        kept = list(self.table.rows)
        wide, no_codes = code_columns(self.path, self.table, self.columns, kept)
        self.skipped += no_codes
        for number, cells in kept:
            marked = (p for p in wide if is_yes(cells[p]))
            row = self._row(number, cells, tuple(self.table.head[place] for place in marked))
            for place in wide:
                if is_error(cells[place]):
                    why = f"under “{self.table.head[place]}” stands an error of the spreadsheet"
                    self._skip(row, f"{why} ({cells[place].strip()}): neither yes nor no")
            yield row

    def _row(self, number: int, cells: Sequence[str], codes: tuple[str, ...]) -> Row:
        get = self.columns.get
        words = "quote" if self.passages == "quote" else "text"
        quote = get(words, cells)
        error = "" if self.columns.ours else error_in(lambda role: get(role, cells), words)
        return Row(
            number,
            get("transcript", cells).strip(),
            "" if is_error(quote) and error else quote,
            codes,
            whole(get("start", cells)),
            whole(get("end", cells)),
            tuple(cells),
            error,
            unread(get("start", cells), get("end", cells)),
        )

    def _codes_in(self, cell: str) -> tuple[str, ...]:
        own = (cell,) if cell.strip() else ()
        return own if self.columns.ours else codes_in(cell, commas=self.columns.many)

    def _take(self, row: Row) -> None:
        if row.error:
            self._skip(row, row.error)
            return
        self.marks += len(row.codes)
        self.named |= set(row.codes)
        pair = row.transcript, self.columns.get("coder", row.cells).strip()
        if not row.codes:
            if "code" in self.columns.places and not (
                self.passages == "text" and row.quote.strip()
            ):
                self._skip(row, "it has no code")
            elif row.quote.strip() or row.end is not None:
                self.unmarked[pair] += 1
            return
        text = self.texts.get(row.transcript)
        if text is None:
            if row.transcript not in self.unknown:
                self.unknown[row.transcript] = len(self.skipped), []
                self._skip(row, self.texts.unknown(row.transcript))
            self.unknown[row.transcript][1].append(row)
            return
        place = self._place(row, text)
        around = self.by_order.place(row, text) if place.span is None and self.by_order else None
        if around is not None:
            place = Place(around)
            self.around.append(row.number)
        if place.span is None:
            text.lost += len(row.codes)
            self._skip(row, (not row.quote.strip() and row.unread) or place.why)
            return
        if place.left_off:
            self.left_off.setdefault(place.left_off, []).append(row.number)
        if place.why:
            self.doubtful.append(Skipped(what=row.what, why=place.why, where=row.where))
        self.coded.add(pair)
        for code in row.codes:
            self._code(row, code, text, place.span)

    def _place(self, row: Row, text: Text) -> Place:
        if text.made:
            return Place(self.texts.at[row.number])
        found = self._find(row, text, row.quote)
        # A table of ours that lost columns is not known for one, and its apostrophes are there yet.
        bare = undefused(row.quote) if self.table.csv and not self.columns.ours else row.quote
        if found.span is None and bare != row.quote:
            again = self._find(row, text, bare)
            return again if again.span is not None else found
        return found

    def _places(self, row: Row, text: Text) -> Sequence[tuple[int, int]]:
        if row.start is None or row.end is None:
            return text.finder.places(row.quote) if row.quote.strip() else ()
        span = self._place(row, text).span
        return () if span is None else (span,)

    @staticmethod
    def _find(row: Row, text: Text, quote: str) -> Place:
        if row.start is not None and row.end is not None:
            return text.finder.at(row.start, row.end, quote)
        return text.finder.by_words(quote)

    def _code(self, row: Row, code: str, text: Text, span: tuple[int, int]) -> None:
        get = self.columns.get
        if code not in self.codes:
            check_number(len(self.codes) + 1, self.path, row.number)
            named = get("code_name", row.cells).strip() if self.columns.ours else ""
            known = code if self.columns.ours else ""
            self.codes[code] = ProjectCode(key=code, name=named or code, id=known)
        coder = self._coder(row)
        guid = get("guid", row.cells).strip() if self.columns.ours else ""
        key = (text.source.key, coder, code, str(span), guid)
        if key in self.codings:
            self.marks -= 1
            self._skip(row, "the same coding as in a row before")
            return
        said = get("exposure", row.cells).strip()
        self.codings[key] = ProjectCoding(
            source=text.source.key,
            coder=coder,
            code=code,
            start=span[0],
            end=span[1],
            guid=guid,
            note=self._note(row),
            at=get("at", row.cells).strip(),
            written=get("code_written", row.cells).strip() if self.columns.ours else "",
            exposure=said if said in EXPOSURES else None,
            rejected=get("decision", row.cells).strip() in REJECTED
            and (self.columns.ours or model_of(self.columns, row.cells) is not None),
        )

    def _note(self, row: Row) -> str:
        if model_of(self.columns, row.cells) is not None and (
            self.columns.ours or "origin" in self.columns.places
        ):
            return note_of(self.table.head, row.cells)
        return self.columns.get("note", row.cells).strip()

    def _coder(self, row: Row) -> str:
        name = self.columns.get("coder", row.cells).strip()
        model = model_of(self.columns, row.cells)
        if not name and model is None:
            return ""
        key = name if model is None else f"model {model}"
        kind: Literal["human", "model"] = "human" if model is None else "model"
        self.coders.setdefault(key, ProjectCoder(key=key, name=model or name, kind=kind))
        return key

    # What to say

    def _skip(self, row: Row, why: str) -> None:
        self.skipped.append(Skipped(what=row.what, why=why, where=row.where))

    def _say(self, together: Mapping[str, int]) -> None:
        self.notes += positions_said(self.texts.all(), self.doubtful)
        self.notes += left_off_said(self.left_off)
        self.notes += around_said(self.around)
        self.notes += marks_said(self.unmarked, self.coded)
        self.notes += skips_said(self.skipped, together)
        self.notes += lost_said(sum(text.lost for text in self.texts.all()))
