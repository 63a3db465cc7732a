"""A codebook that comes as a file: looked through, compared with the study's, taken if somebody
says so.

Nothing is replaced before a person has seen what would change. A file of another tool becomes the
same kind of text as the study's own codebook, and is checked as that is.
"""

from __future__ import annotations

import re
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Literal

from assistant.codebook.findings import Finding
from assistant.codebook.history import compare
from assistant.codebook.loading import read_codebook_text
from assistant.codebook.records import Code, Codebook, Operation
from assistant.codebook.writing import codebook_yaml
from assistant.codebook.yaml_nodes import read_text_file
from assistant.counting import counted
from assistant.errors import SecondCoderError, UserError
from assistant.guide.drafts import draft_of
from assistant.guide.lacking import lacking, undefined, with_missing
from assistant.interchange.projects.codes import choose_codings, code_names, codebook_of
from assistant.interchange.projects.readers import ReadOptions, find_reader
from assistant.interchange.projects.reports import ProjectOptions
from assistant.interchange.study_codebook import tables
from assistant.interchange.study_codebook.beside_codings import check_study
from assistant.interchange.study_codebook.editing import (
    SavedCodebook,
    codebook_text,
    save_codebook,
    text_hash,
)
from assistant.prompts.comparing import ChangedLine, changed_lines
from assistant.store.database import Store
from assistant.store.decided.reviewing import shown_codings
from assistant.study import Study

__all__ = [
    *("Incoming", "Way", "incoming_codebook", "incoming_of_projects", "is_codebook"),
    *("is_table_of_codes", "take"),
]

Way = Literal["add", "replace"]
_LARGEST = 5_000_000
_LINE = re.compile(r"line (\d+)")
_AROUND = 1


@dataclass(frozen=True)
class Step:
    """What one kind of change does."""

    op: str
    words: str
    codes: tuple[str, ...]
    codings: int
    """Codings by people that it touches."""


@dataclass(frozen=True)
class Incoming:
    """A codebook in a file, beside the study's own."""

    file: str
    what: str
    """What was read: “a codebook in YAML”, “the codes of a REFI-QDA project”."""
    error: SecondCoderError | None = None
    excerpt: tuple[tuple[int, str, bool], ...] = ()
    """(line, its text, whether a mistake stands there) around what is wrong."""
    text: str = ""
    """As it would be saved."""
    codes: int = 0
    there: int = 0
    """Codes of the study's own codebook; 0: it has none, and nothing can be lost."""
    same: bool = False
    """The same codebook as the study's."""
    steps: tuple[Step, ...] = ()
    findings: tuple[Finding, ...] = ()
    missing: tuple[Code, ...] = ()
    """Codes that the study's codebook does not know."""
    lines: tuple[ChangedLine, ...] = ()
    """The study's text beside this one, word by word."""
    whole: bool = True
    """False: a project's codes, of which only those that are missing can be added."""
    notes: tuple[str, ...] = ()
    seen: str = ""
    """`text_hash` of the study's codebook that it was compared with."""
    undefined: tuple[tuple[str, str], ...] = ()
    """(code, definition) where the study's codebook has the code and says nothing of it."""


def is_codebook(name: str, head: bytes) -> bool:
    """Whether a file is a codebook and nothing else: YAML, or a codebook of REFI-QDA."""
    ending = PurePosixPath(name.replace("\\", "/")).suffix.lower()
    if ending in (".yaml", ".yml", ".qdc"):
        return True
    return b"<CodeBook" in head and b"<Project" not in head


def is_table_of_codes(name: str, data: bytes) -> bool:
    """Whether a file is a codebook in a table: of codes and their definitions, without passages."""
    ending = PurePosixPath(name.replace("\\", "/")).suffix.lower()
    if ending not in tables.TABLES or len(data) > _LARGEST:
        return False
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"codebook{ending}"
        path.write_bytes(data)
        return tables.is_codebook_table(path)


def incoming_codebook(study: Study, store: Store, name: str, data: bytes) -> Incoming:
    """Look through a file that `is_codebook` knows, or a table. What is wrong with it is in
    ``error``."""
    last = PurePosixPath(name.replace("\\", "/")).name or "codebook.yaml"
    ending = PurePosixPath(last).suffix.lower()
    yaml = ending in (".yaml", ".yml")
    what = "a codebook in YAML" if yaml else "a codebook of REFI-QDA"
    what = "a codebook in a table" if ending in tables.TABLES else what
    if len(data) > _LARGEST:
        error = UserError(
            "This is more than 5 MB: no codebook.", where=last, hint="Look at what the file holds."
        )
        return Incoming(last, what, error)
    text = ""
    notes: tuple[str, ...] = ()
    try:
        with tempfile.TemporaryDirectory() as folder:
            kept = ending if yaml or ending in tables.TABLES else ".qdc"
            path = Path(folder) / f"codebook{kept}"
            path.write_bytes(data)
            if yaml:
                text = read_text_file(path, "codebook")
            elif ending in tables.TABLES:
                found = tables.read_codebook_table(path, last)
                notes, text = found.notes, _as_text(found.book, last)
            else:
                made, notes = _of_another_tool(path)
                text = _as_text(made, last)
        return _beside(study, store, last, what, text, notes)
    except SecondCoderError as error:
        # The passing folder is nobody's business; the file is known by its name.
        where = re.sub(r"[^,]*codebook\.(ya?ml|qdc|csv|tsv|xlsx|docx)", lambda _: last, error.where)
        said = type(error)(error.what, where=where or last, hint=error.hint)
        return Incoming(last, what, said, _excerpt(text, said))


def incoming_of_projects(study: Study, store: Store, paths: Sequence[Path]) -> Incoming | None:
    """The codes of files of other tools that were taken in, each code once; None where all are
    known. What else is to say of these files stands in the report of the import."""
    books: list[Codebook] = []
    for path in paths:
        try:
            books.append(_of_another_tool(path)[0])
        except SecondCoderError:
            continue  # what is wrong with it stands in the report of the import
    codes: dict[str, Code] = {}
    for code in (code for book in books for code in book.codes):
        codes.setdefault(code.id.casefold(), code)
    if not codes:
        return None
    families = {name: said for book in books for name, said in book.families.items()}
    made = books[0].model_copy(update={"codes": tuple(codes.values()), "families": families})
    named = paths[0].name if len(paths) == 1 else counted(len(paths), "file")
    try:
        found = _beside(study, store, named, "codes of files", _as_text(made, named), ())
    except SecondCoderError:
        return None
    if not (found.missing or found.undefined) or not found.there:
        return None
    return Incoming(**{**vars(found), "whole": False})


def take(
    study: Study, store: Store, text: str, way: Way, who: str, *, seen: str, name: str
) -> SavedCodebook:
    """Save an incoming codebook: in place of the study's (whose version is kept), or only the codes
    that it lacks. Raises `UserError` for mistakes, and when the codebook was changed meanwhile."""
    if way == "replace" and codebook_text(study).strip():
        try:
            read_codebook_text(codebook_text(study), str(study.codebook_file))
        except SecondCoderError as error:
            raise UserError(
                "The codebook that you have has a mistake, so it cannot be kept as a version, and "
                "is not replaced.",
                where=error.where,
                hint="Mend it, or move the file away, and drop the other one again.",
            ) from error
    if way == "add":
        there = codebook_text(study)
        if text_hash(there) == seen:  # else saving says that somebody changed it
            new = read_codebook_text(text, name).codebook
            text = with_missing(there, _there(there), new, study.codebook_file.name)
    return save_codebook(study, store, text, who, seen=seen)


def _of_another_tool(path: Path) -> tuple[Codebook, tuple[str, ...]]:
    reader = find_reader(path)
    if reader is None:
        raise UserError(
            "This file holds no codebook that can be read.",
            where=path.name,
            hint=tables.READ_AS,
        )
    project = reader.read(path, ReadOptions())
    names = code_names(project)
    chosen = choose_codings(project, names, ProjectOptions())
    made = codebook_of(project, names, chosen.left_out)
    if not made.codes:
        raise UserError(
            "There is no code in this file.",
            where=path.name,
            hint="Export the codebook again, with its codes.",
        )
    colors = sum(1 for code in project.codes if code.color)
    notes = [f"{s.what}: {s.why}" for s in (*project.skipped, *chosen.skipped)]
    if colors:
        notes.append(
            f"Left out, since there is no place for them here: {counted(colors, 'colour')} of "
            "codes."
        )
    return made, (*project.notes, *notes)


def _as_text(made: Codebook, name: str) -> str:
    named = made.model_copy(update={"name": Path(name).stem})
    header = [f"From {name}: {counted(len(made.codes), 'code')}."]
    if any(not code.definition for code in made.codes):
        header.append("A code without a definition is nothing but its name to a model: write one.")
    return codebook_yaml(named, header=header)


def _beside(
    study: Study, store: Store, name: str, what: str, text: str, notes: Sequence[str]
) -> Incoming:
    new = read_codebook_text(text, name).codebook
    there = codebook_text(study)
    old = _there(there)
    with draft_of(study, codebook=text) as draft:
        findings = check_study(draft, store).findings
    steps: tuple[Step, ...] = ()
    if old is not None and old.codes:
        steps = _steps(old, compare(old, new), store)
    return Incoming(
        name,
        what,
        None,
        (),
        text,
        len(new.codes),
        # A codebook that cannot be read holds work all the same.
        len(old.codes) if old is not None else max(1, there.count("- id:")),
        old is not None and old.sha256 == new.sha256,
        steps,
        findings,
        lacking(old, new) if old is not None else (),
        changed_lines(there, text)[0] if there else (),
        True,
        tuple(notes),
        text_hash(there),
        undefined=undefined(old, new) if old is not None else (),
    )


def _there(text: str) -> Codebook | None:
    """None where the study's codebook cannot be read; an empty one where there is none."""
    try:
        return read_codebook_text(text, "").codebook if text else Codebook(name="", codes=())
    except SecondCoderError:
        return None


_STEPS = {
    "add": "would be new",
    "retire": "would be gone: codings with them are kept, and no longer measured",
    "redefine": "would have another definition: codings with them need another look",
    "rename": "would have another id; their codings go along",
    "merge": "would become one with another; their codings go along",
    "change": "would differ in something else than the definition",
}


def _steps(old: Codebook, operations: Sequence[Operation], store: Store) -> tuple[Step, ...]:
    used = Counter(
        known
        for c in shown_codings(store)
        if c.coder.kind == "human" and (known := old.resolve(c.code)) is not None
    )
    found = []
    for op, words in _STEPS.items():
        mine = [o for o in operations if o.op == op]
        named = tuple(
            code if not o.into else f"{code} → {', '.join(o.into)}"
            for o in mine
            for code in o.codes
        )
        if named:
            touched = sum(used[code] for o in mine for code in o.codes) if op != "add" else 0
            found.append(Step(op, words, named, touched))
    return tuple(found)


def _excerpt(text: str, error: SecondCoderError) -> tuple[tuple[int, str, bool], ...]:
    wrong = {int(n) for n in _LINE.findall(f"{error.where}\n{error.what}")}
    lines = text.split("\n")
    near = {n for w in wrong for n in range(w - _AROUND, w + _AROUND + 1) if 1 <= n <= len(lines)}
    return tuple((n, lines[n - 1], n in wrong) for n in sorted(near))[:40]
