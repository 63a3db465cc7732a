"""Tables of codings, CSV or XLSX.

*Long*: a row is a code on a passage, which is given by its words, its positions or both; a cell may
hold several codes. *Wide*: a row is a passage and each code has a column, with a mark where it
applies. The transcripts are the study's; or, where the study does not have them, rows of passages
in their order make one, with speakers where a column names them. The long table that this program
exports comes back exactly. Every row that made no coding is in ``skipped`` with its number.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Literal

from assistant.errors import DataError
from assistant.hashing import hash_bytes
from assistant.interchange.counting import counted
from assistant.interchange.export.cells import undefused
from assistant.interchange.export.records import REJECTED
from assistant.interchange.projects.readers import ReadOptions, source_of
from assistant.interchange.projects.records import (
    Project,
    ProjectCode,
    ProjectCoder,
    ProjectCoding,
    Source,
)
from assistant.interchange.readers.cells import Table, is_workbook, open_table
from assistant.interchange.readers.columns import Columns, known_names, recognise
from assistant.interchange.readers.own_rows import note_of
from assistant.interchange.readers.quotes import Finder, Place
from assistant.interchange.readers.rows import Row, Text, by_name, whole
from assistant.interchange.refi.naming import MODEL_PREFIX
from assistant.transcripts.naming import stem
from assistant.transcripts.records import EXPOSURES, Skipped, Transcript

__all__ = ["detects", "read_project", "read_rows"]

_ENDINGS = (".csv", ".tsv")
_YES = frozenset(("x", "1", "yes", "y", "true", "✓", "✔", "☑", "ja", "oui", "si", "sí", "+"))
_NO = frozenset(("", "0", "no", "n", "false", "-", "–", "nein", "non", "na", "n/a"))
_NAMELESS = "a model whose name the table lacks"
_SEPARATORS = re.compile(r"[;|\n]")


def detects(path: Path, head: bytes) -> bool:
    """A workbook, or a file that ends in .csv or .tsv."""
    if path.suffix.lower() in _ENDINGS:
        return not head.startswith((b"PK\x03\x04", b"%PDF-"))
    return is_workbook(path, head)


def read_project(path: Path, options: ReadOptions) -> Project:
    """Codings of a table. Raises DataError where it holds none that could be read at all, and
    UserError where ``options.columns`` names what the table does not have."""
    data = path.read_bytes()
    if not data.strip():
        raise DataError("This table is empty.", where=str(path), hint="Export it again.")

    def fits(cells: Sequence[str]) -> int:
        named = {column.strip().casefold() for _, column in options.columns}
        return known_names(cells) + sum(cell.strip().casefold() in named for cell in cells)

    with open_table(path, data, fits) as table:
        columns = recognise(table.head, options.columns, str(path))
        return _Reader(path, options, table, columns).project(hash_bytes(data))


def read_rows(path: Path, options: ReadOptions, table: Table, data: bytes) -> Project:
    """Codings of rows that another reader found in ``data``, with heads that are known here."""
    columns = recognise(table.head, (), str(path))
    return _Reader(path, options, table, columns).project(hash_bytes(data))


class _Reader:
    def __init__(self, path: Path, options: ReadOptions, table: Table, columns: Columns) -> None:
        self.path = path
        self.table = table
        self.columns = columns
        self.skipped: list[Skipped] = []
        self.notes: list[str] = [f"Read as a table: {table.what}."]
        self.known = by_name(options.transcripts())
        self.texts: dict[str, Text] = {}
        self.codes: dict[str, ProjectCode] = {}
        self.coders: dict[str, ProjectCoder] = {}
        self.codings: dict[tuple[str, ...], ProjectCoding] = {}
        self.count = 0
        self.moved = 0
        self.passages = self._passages()

    def project(self, file_sha256: str) -> Project:
        rows = self._rows()
        if self.passages == "text":
            kept = list(rows)  # the text has to be there before its rows have a place
            self._make_texts(kept)
            rows = iter(kept)
        for row in rows:
            self.count += 1
            self._take(row)
        if not self.codings:
            raise DataError(
                f"No row of this table ({self.count}) made a coding."
                + (f" The first: {self._first()}." if self.skipped else ""),
                where=str(self.path),
                hint="Import the transcripts first. Say what the columns mean where their names "
                "do not tell: `--columns transcript=A,quote=C,code=D,coder=B`.",
            )
        self._report()
        return Project(
            name=self.path.name,
            format="table",
            file_sha256=file_sha256,
            written_by="Second Coder" if self.columns.ours else "",
            sources=tuple(text.source for text in self.texts.values()),
            coders=tuple(self.coders.values()),
            codes=tuple(self.codes.values()),
            codings=tuple(self.codings.values()),
            counts=(
                ("rows", self.count),
                ("transcripts", len(self.texts)),
                ("codes", len(self.codes)),
                ("codings", len(self.codings)),
            ),
            skipped=tuple(self.skipped),
            notes=tuple(self.notes),
        )

    # What the table is

    def _passages(self) -> Literal["quote", "text", "positions"]:
        """Where the words of a row are. Raises DataError for a table without a place for codes."""
        places = self.columns.places
        if "quote" in places:
            found: Literal["quote", "text", "positions"] = "quote"
        elif "text" in places:
            found = "text"
        elif {"start", "end"} <= places.keys():
            found = "positions"
        else:
            raise self._unknown("no column with the coded words or their positions")
        if "code" not in places and not self.columns.rest:
            raise self._unknown("no column with codes")
        return found

    def _unknown(self, what: str) -> DataError:
        head = ", ".join(name for name in self.table.head if name)
        return DataError(
            f"This table has {what} that is known by its name. Its columns: {head}.",
            where=str(self.path),
            hint="Say what the columns mean: `--columns transcript=A,quote=C,code=D,coder=B`.",
        )

    # Rows

    def _rows(self) -> Iterable[Row]:
        if "code" in self.columns.places:
            for number, found in self.table.rows:
                # Only this program puts an apostrophe before what could be a formula.
                undo = self.columns.ours and self.table.csv
                cells = [undefused(cell) for cell in found] if undo else found
                yield self._row(number, cells, self._codes_in(self.columns.get("code", cells)))
            return
        kept = list(self.table.rows)
        wide = self._code_columns(kept)
        for number, cells in kept:
            marked = (p for p in wide if cells[p].strip().casefold() in _YES)
            yield self._row(number, cells, tuple(self.table.head[place] for place in marked))

    def _row(self, number: int, cells: Sequence[str], codes: tuple[str, ...]) -> Row:
        get = self.columns.get
        return Row(
            number,
            get("transcript", cells).strip(),
            get("quote" if self.passages == "quote" else "text", cells),
            codes,
            whole(get("start", cells)),
            whole(get("end", cells)),
            tuple(cells),
        )

    def _codes_in(self, cell: str) -> tuple[str, ...]:
        if self.columns.ours:
            return (cell,) if cell.strip() else ()
        parts = _SEPARATORS.split(cell)
        if len(parts) == 1 and self.columns.many:
            parts = cell.split(",")
        return tuple(dict.fromkeys(part.strip() for part in parts if part.strip()))

    def _code_columns(self, rows: Sequence[tuple[int, list[str]]]) -> list[int]:
        """Columns that hold marks and nothing else, at least one of them a yes."""
        wide: list[int] = []
        for place in self.columns.rest:
            found = {cells[place].strip().casefold() for _, cells in rows}
            if found <= _YES | _NO and found & _YES:
                wide.append(place)
            elif found - {""}:
                odd = sorted(found - _YES - _NO)
                why = f"a column that is no code: it holds “{odd[0]}”" if odd else "no mark in it"
                self.skipped.append(Skipped(what=self.table.head[place], why=why, where="head"))
        if not wide:
            raise self._unknown("no column with codes")
        return wide

    # Transcripts

    def _text(self, name: str) -> Text | None:
        key = name.casefold()
        if key in self.texts:
            return self.texts[key]
        found = self.known.get(key) or self.known.get(stem(name).casefold())
        if found is None and not name:
            found = self._only()
        if found is None:
            return None
        same = next((t for t in self.texts.values() if t.source.name == found.name), None)
        self.texts[key] = same or Text(source_of(found), Finder(found.text))
        return self.texts[key]

    def _only(self) -> Transcript | None:
        """For a table that names none: the one named as the file, or the study's only one."""
        named = self.known.get(stem(self.path.name).casefold())
        different = {id(transcript) for transcript in self.known.values()}
        return named or (next(iter(self.known.values())) if len(different) == 1 else None)

    def _make_texts(self, rows: Sequence[Row]) -> None:
        """Texts of transcripts that the study does not have, from their rows in order."""
        speaker = "speaker" in self.columns.places
        made: dict[str, list[str]] = {}
        for row in rows:
            if self._text(row.transcript) is None and row.quote.strip():
                who = self.columns.get("speaker", row.cells).strip().rstrip(":") if speaker else ""
                said = " ".join(row.quote.split())
                made.setdefault(row.transcript, []).append(f"{who}: {said}" if who else said)
        for name, pieces in made.items():
            text = "\n\n".join(pieces)
            source = Source(
                key=name or self.path.name, name=name or stem(self.path.name), text=text
            )
            self.texts[name.casefold()] = Text(source, Finder(text), pieces)
            self.notes.append(
                f"The study has no transcript “{source.name}”: its text was made of "
                f"{counted(len(pieces), 'rows')} in their order."
            )
        self.at: dict[int, tuple[int, int]] = {}
        position: Counter[str] = Counter()
        index: Counter[str] = Counter()
        for row in rows:
            key = row.transcript.casefold()
            text_ = self.texts.get(key)
            if text_ is None or not text_.made or not row.quote.strip():
                continue
            piece = text_.made[index[key]]
            said = " ".join(row.quote.split())
            end = position[key] + len(piece)
            self.at[row.number] = (end - len(said), end)
            position[key] = end + 2
            index[key] += 1

    # One row

    def _take(self, row: Row) -> None:
        if not row.codes:
            if (
                not (self.passages == "text" and row.quote.strip())
                and "code" in self.columns.places
            ):
                self._skip(row, "it has no code")
            return
        text = self._text(row.transcript)
        if text is None:
            named = f" “{row.transcript}”" if row.transcript else ""
            self._skip(row, f"the study has no transcript{named}")
            return
        place = self._place(row, text)
        if place.span is None:
            self._skip(row, place.why)
            return
        if place.why:
            self.moved += 1
        for code in row.codes:
            self._code(row, code, text, place.span)

    def _place(self, row: Row, text: Text) -> Place:
        if text.made:
            return Place(self.at[row.number])
        found = self._find(row, text, row.quote)
        # A table of ours that lost columns is not known for one, and its apostrophes are there yet.
        bare = undefused(row.quote) if self.table.csv and not self.columns.ours else row.quote
        if found.span is None and bare != row.quote:
            again = self._find(row, text, bare)
            return again if again.span is not None else found
        return found

    @staticmethod
    def _find(row: Row, text: Text, quote: str) -> Place:
        if row.start is not None and row.end is not None:
            return text.finder.at(row.start, row.end, quote)
        return text.finder.by_words(quote)

    def _code(self, row: Row, code: str, text: Text, span: tuple[int, int]) -> None:
        get = self.columns.get
        if code not in self.codes:
            named = get("code_name", row.cells).strip() if self.columns.ours else ""
            known = code if self.columns.ours else ""
            self.codes[code] = ProjectCode(key=code, name=named or code, id=known)
        coder = self._coder(row)
        guid = get("guid", row.cells).strip() if self.columns.ours else ""
        key = (text.source.key, coder, code, str(span), guid)
        if key in self.codings:
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
            and (self.columns.ours or self._model(row) is not None),
        )

    def _note(self, row: Row) -> str:
        if self._model(row) is not None and (self.columns.ours or "origin" in self.columns.places):
            return note_of(self.table.head, row.cells)
        return self.columns.get("note", row.cells).strip()

    def _coder(self, row: Row) -> str:
        name = self.columns.get("coder", row.cells).strip()
        model = self._model(row)
        if not name and model is None:
            return ""
        key = name if model is None else f"model {model}"
        kind: Literal["human", "model"] = "human" if model is None else "model"
        self.coders.setdefault(key, ProjectCoder(key=key, name=model or name, kind=kind))
        return key

    def _model(self, row: Row) -> str | None:
        """Name of the model that suggested this; None for a person's coding.

        The row says so in three ways, since people take out columns: by what kind of coder it was,
        by where the coding is from, and in the coder's name.
        """
        name = self.columns.get("coder", row.cells).strip()
        kind = self.columns.get("coder_kind", row.cells).strip().casefold()
        origin = self.columns.get("origin", row.cells).strip().casefold()
        if kind == "model" or origin == "suggestion" or name.startswith(MODEL_PREFIX):
            return name.removeprefix(MODEL_PREFIX) or _NAMELESS
        return None

    # What to say

    def _skip(self, row: Row, why: str) -> None:
        what = row.quote.strip() or ", ".join(row.codes) or " | ".join(filter(None, row.cells))
        self.skipped.append(Skipped(what=what, why=why, where=f"row {row.number}"))

    def _first(self) -> str:
        first = self.skipped[0]
        return f"{first.where}, {first.why}"

    def _report(self) -> None:
        shifts: Counter[tuple[int, int]] = Counter()
        for text in self.texts.values():
            shifts.update(text.finder.shifts)
        names = {(0, 0): "from 0, end excluded", (-1, 0): "from 1, end included"}
        names |= {(0, 1): "from 0, end included", (-1, -1): "from 1, end excluded"}
        if shifts and set(shifts) != {(0, 0)}:
            listed = ", ".join(f"{names[shift]} ({n})" for shift, n in shifts.most_common())
            self.notes.append(f"Positions fit their words counted {listed}.")
        if self.moved:
            self.notes.append(
                f"{counted(self.moved, 'rows')} with positions that do not fit the words; the "
                "words "
                "were found once and taken."
            )
        reasons = Counter(
            re.sub(r"“[^”]*”|\(at [^)]*\)|\d+", "…", skip.why)
            for skip in self.skipped
            if skip.where.startswith("row")
        )
        if reasons:
            listed = "; ".join(f"{why}: {count}" for why, count in reasons.most_common())
            self.notes.append(f"Rows that made no coding: {listed}.")
