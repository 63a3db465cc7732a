"""A codebook in a table: one code a row, with its definition, in CSV, XLSX or a Word document.

Only where the head says so: a column of codes and one of definitions, and none of passages, which
make it a table of codings. Nothing of the table is dropped in silence: other columns are named.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from assistant.codebook.adding import free_id
from assistant.codebook.records import Code, Codebook, Example
from assistant.counting import counted
from assistant.errors import SecondCoderError, UserError
from assistant.interchange.projects.readers import check_number
from assistant.interchange.readers.cells import open_table
from assistant.transcripts.word import open_word

__all__ = ["READ_AS", "TABLES", "CodebookTable", "is_codebook_table", "read_codebook_table"]

READ_AS = (
    "Read are codebooks in YAML, of REFI-QDA (.qdc), and tables (CSV, XLSX, the first table of a "
    "Word document) whose first row names a column “code” and a column “definition”; “include”, "
    "“exclude” and “example” may stand beside them."
)
_ROLES = {
    "code": (
        *("code", "codes", "code name", "codename", "name", "label", "category", "theme"),
        *("tag", "tags"),
        *("kode", "kategorie", "bezeichnung", "nom", "catégorie", "thème", "código", "categoría"),
        *("nombre", "codice", "categoria", "nome", "naam", "kod", "kategori"),
    ),
    "definition": (
        *("definition", "definitions", "description", "meaning", "definition of code"),
        *("beschreibung", "bedeutung", "définition", "signification", "definición"),
        *("descripción", "definizione", "descrizione", "definição", "descrição", "definitie"),
        *("beschrijving", "beskrivning", "beskrivelse"),
    ),
    "include": (
        *("include", "inclusion", "inclusion criteria", "use when", "when to use", "use for"),
        *("einschluss", "einschlusskriterien", "anwenden", "inclure", "incluir", "includere"),
    ),
    "exclude": (
        *("exclude", "exclusion", "exclusion criteria", "do not use", "when not to use", "not for"),
        *("ausschluss", "ausschlusskriterien", "exclure", "excluir", "escludere"),
    ),
    "example": (
        *("example", "examples", "typical example", "anchor example", "beispiel", "beispiele"),
        *("ankerbeispiel", "ankerbeispiele", "exemple", "exemples", "ejemplo", "ejemplos"),
        *("esempio", "esempi", "exemplo", "voorbeeld"),
    ),
}
_ROLE_OF = {name: role for role, names in _ROLES.items() for name in names}
_CODINGS = frozenset(
    ("transcript", "interview", "document", "quote", "quotation", "passage", "segment", "excerpt")
) | frozenset(("coded text", "coded segment", "coder", "start", "end", "speaker"))
"""Names of columns that a table of codings has."""
_SHEETS = (".csv", ".tsv", ".xlsx")
TABLES = (*_SHEETS, ".docx")
"""Endings of files that may hold a codebook in a table."""
_MOST_ROWS = 100_000
"""Rows of a table that are looked at, with a code or without."""
_LONGEST = 20_000_000
_LARGEST = 5_000_000


@dataclass(frozen=True)
class CodebookTable:
    book: Codebook
    notes: tuple[str, ...]
    """Which column was read as what, and what was left out."""


def is_codebook_table(path: Path) -> bool:
    """Whether a file is a table with a codebook's head. A workbook with a sheet of codings beside
    it, as this program writes them, is none; a Word document is one if little else is in it: an
    interview may begin with a table of who was asked."""
    try:
        if path.stat().st_size > _LARGEST:
            return False
        with _rows(path) as (head, _, _):
            if not _is_head(head):
                return False
        ending = path.suffix.lower()
        if ending == ".xlsx":
            return not _has_codings(path)
        return ending != ".docx" or not _more_words(path)
    except (SecondCoderError, OSError, zipfile.BadZipFile):
        return False


def _has_codings(path: Path) -> bool:
    """Whether a sheet of a workbook has the columns of a table of codings."""

    def fits(cells: Sequence[str]) -> int:
        return len({_plain(cell) for cell in cells} & _CODINGS)

    with open_table(path, path.read_bytes(), fits) as table:
        return fits(table.head) > 1


def _more_words(path: Path) -> bool:
    """Whether more stands outside a Word document's first table than in it."""
    document = open_word(path.read_bytes(), path.name)
    outside = sum(len(paragraph.text) for paragraph in document.paragraphs)
    for row in document.tables[0].rows:
        outside -= sum(len(cell.text) for cell in row.cells)
        if outside <= 0:
            return False
    return True


def read_codebook_table(path: Path, name: str) -> CodebookTable:
    """The codes of a table, each with an id made of its name. ``name``: of the file, for messages.

    Raises `UserError` where the table is of another shape, or names a code twice, and `DataError`
    where it names more codes than any codebook has.
    """
    with _rows(path) as (head, rows, further):
        if not _is_head(head):
            there = ", ".join(f"“{cell}”" for cell in head if cell) or "no names"
            raise UserError(
                f"This is no table of a codebook: its first row has {there}.",
                where=name,
                hint=READ_AS,
            )
        places: dict[str, int] = {}
        for place, cell in enumerate(head):
            if (role := _ROLE_OF.get(_plain(cell))) and role not in places:
                places[role] = place
        return _made(name, head, places, rows, further)


def _made(
    name: str,
    head: Sequence[str],
    places: dict[str, int],
    rows: Iterator[tuple[int, list[str]]],
    further: str,
) -> CodebookTable:
    codes: list[Code] = []
    labels: set[str] = set()
    taken: set[str] = set()
    nameless: list[str] = []
    for number, cells in islice(rows, _MOST_ROWS):
        said = {role: cells[place].strip() for role, place in places.items() if place < len(cells)}
        if not said.get("code"):
            nameless.append(f"row {number}")
            continue
        code = said["code"]
        if code.casefold() in labels:
            raise UserError(
                f"“{code}” stands in this table twice, the second time in row {number}.",
                where=name,
                hint="Make one row of the two, so that the code has one definition.",
            )
        check_number(len(codes) + 1, Path(name), number)
        key = free_id(code, taken.__contains__)
        codes.append(
            Code(
                id=key,
                name=code if key != code else "",
                definition=said.get("definition", ""),
                include=said.get("include", ""),
                exclude=said.get("exclude", ""),
                examples=tuple(Example(text=one) for one in [said.get("example", "")] if one),
            )
        )
        labels.add(code.casefold())
        taken |= {key, code}
    below = next(rows, None)
    if not codes:
        raise UserError("There is no code in this table.", where=name, hint=READ_AS)
    read = ", ".join(f"“{head[place]}” was read as {role}" for role, place in places.items())
    rest = [cell for place, cell in enumerate(head) if cell and place not in places.values()]
    notes = [f"Of the columns {read}."]
    if rest:
        notes.append("Left out: " + ", ".join(f"the column “{cell}”" for cell in rest) + ".")
    if nameless:
        notes.append(
            f"Left out, since no code stands there: {counted(len(nameless), 'row')} "
            f"({', '.join(nameless[:8])})."
        )
    if below is not None:
        notes.append(
            f"The table was read to row {below[0] - 1:,}; row {below[0]:,} and what stands below "
            "it were not looked at."
        )
    if further:
        notes.append(further)
    return CodebookTable(Codebook(name=Path(name).stem, codes=tuple(codes)), tuple(notes))


def _plain(name: str) -> str:
    return re.sub(r"[\s_.:#*/-]+", " ", name).strip().casefold()


def _fits(cells: Sequence[str]) -> int:
    return len({role for cell in cells if (role := _ROLE_OF.get(_plain(cell))) is not None})


def _is_head(head: Sequence[str]) -> bool:
    names = {_plain(cell) for cell in head}
    roles = {_ROLE_OF.get(name) for name in names}
    return {"code", "definition"} <= roles and not names & _CODINGS


@contextmanager
def _rows(path: Path) -> Iterator[tuple[Sequence[str], Iterator[tuple[int, list[str]]], str]]:
    """The head of a file's table, its further rows with their numbers, and what is not read."""
    ending = path.suffix.lower()
    if ending in _SHEETS:
        with open_table(path, path.read_bytes(), _fits) as table:
            yield table.head, table.rows, ""
    elif ending == ".docx" and _has_table(path):
        first, *more = open_word(path.read_bytes(), path.name).tables
        cells = ([cell.text.strip() for cell in row.cells] for row in first.rows)
        head = next(cells, [])
        rows = ((n, row) for n, row in enumerate(cells, start=2) if any(row))
        yield head, rows, _further(more)
    else:
        yield [], iter(()), ""


def _further(tables: Sequence[Any]) -> str:
    """What is said of a Word document's other tables, which are not read."""
    if not tables:
        return ""
    several = len(tables) > 1
    begin = next((cell.text.strip() for row in tables[0].rows for cell in row.cells), "")
    return (
        f"Left out: {counted(len(tables), 'further table')} of the document, "
        f"{'the first of which' if several else 'which'} begins “{begin[:60]}”. If codes stand "
        f"{'in them' if several else 'in it'}, make one table of all."
    )


def _has_table(path: Path) -> bool:
    """Whether a Word document has one, told without walking through it."""
    with zipfile.ZipFile(path) as archive:
        try:
            with archive.open("word/document.xml") as part:
                return b"<w:tbl>" in part.read(_LONGEST)
        except KeyError:
            return False
