"""Read REFI-QDA projects (``.qdpx``, ``.qde``) and codebooks (``.qdc``) of any program.

Programs take the standard as they like. This reader takes elements in any order and namespace,
counts what it does not know, and lists what is missing. It opens files without trust
(`assistant.interchange.refi.archive`), finds out what positions count
(`assistant.interchange.refi.offsets`), and knows a file of this program by its stamp
(`assistant.interchange.refi.stamp`): then coders that are models stay models.
"""

from __future__ import annotations

import zipfile
from collections import Counter
from collections.abc import Set
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.counting import counted_many
from assistant.errors import DataError
from assistant.hashing import hash_file, hash_text
from assistant.interchange.projects.readers import ReadOptions
from assistant.interchange.projects.records import (
    Project,
    ProjectCoder,
    Source,
)
from assistant.interchange.refi.archive import ProjectFiles, open_files
from assistant.interchange.refi.codes import read_cases, read_codes, without_kinds
from assistant.interchange.refi.conventions import Conventions, fit_sources
from assistant.interchange.refi.memos import Notes
from assistant.interchange.refi.naming import MODEL_PREFIX, STAMP_NAME
from assistant.interchange.refi.offsets import Fit, Rule, Unit
from assistant.interchange.refi.parsing import child_text, children, get, guid, looks_like, parse
from assistant.interchange.refi.parsing import tag as tag_of
from assistant.interchange.refi.placed import Placing
from assistant.interchange.refi.scoring import Selection
from assistant.interchange.refi.sources import FoundText, Sources
from assistant.interchange.refi.stamp import Stamp, StampSource, read_stamp
from assistant.interchange.refi.stamped import said_of, scopes_of, stamped_codings
from assistant.transcripts.records import Skipped

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = ["detects", "read_project"]

_ENDINGS = (".qdpx", ".qde", ".qdc")
_KNOWN = frozenset(
    [
        *("Users", "CodeBook", "Variables", "Cases", "Sources", "Notes", "Links", "Sets"),
        *("Graphs", "Description", "NoteRef"),
    ]
)


def detects(path: Path, head: bytes) -> bool:
    """By content: XML of the standard, or an archive with a ``.qde`` in it."""
    if head.startswith(b"PK\x03\x04"):
        if path.suffix.lower() == ".qdpx":
            return True
        try:
            with zipfile.ZipFile(path) as archive:
                return any(name.lower().endswith(".qde") for name in archive.namelist())
        except (zipfile.BadZipFile, OSError, ValueError):
            return False
    return looks_like(head) or path.suffix.lower() in _ENDINGS


def read_project(path: Path, options: ReadOptions) -> Project:
    """The project in a file.

    Raises `DataError` for a file that is damaged, hostile, too large, or no REFI-QDA at all. What
    of it could not be read is in ``skipped`` and ``notes``.
    """
    with open_files(path) as files:
        root = parse(files.project(), str(path))
        if tag_of(root) not in ("Project", "CodeBook"):
            raise DataError(
                f"This is XML, but no REFI-QDA: it begins with “{tag_of(root)}”.",
                where=str(path),
                hint="Export the project as REFI-QDA (.qdpx) or the codebook as .qdc.",
            )
        file_sha256 = hash_file(path)
        return _Reading(path, root, files).project(file_sha256)


class _Reading:
    def __init__(self, path: Path, root: _Element, files: ProjectFiles) -> None:
        self.path, self.root, self.files = path, root, files
        self.origin = get(root, "origin")
        self.skipped: list[Skipped] = []
        self.notes: list[str] = []

    def project(self, file_sha256: str) -> Project:
        root = self.root
        book = root if tag_of(root) == "CodeBook" else next(children(root, "CodeBook"), None)
        codes = read_codes(book, self.origin)
        self.notes += codes.notes
        self.skipped += codes.skipped
        notes = Notes(root, self.files)
        stamp = next(
            (s for note in notes.named(STAMP_NAME) if (s := read_stamp(note)) is not None), None
        )
        sources = Sources(root, self.files)
        self.skipped += sources.skipped
        if sources.missing and not sources.texts:
            self.notes.append(
                "None of the texts that the project names is in the file. If they should be, "
                "export it again together with its sources."
            )
        coders = self._coders(stamp)
        fitted = self._fit(sources, stamp)
        texts = {one.key: one for one in sources.texts}
        stamped = {guid(one.guid): one for one in stamp.sources} if stamp is not None else {}
        made_codes = codes.codes
        if stamp is not None:
            ids = {guid(one.guid): one.code for one in stamp.codes}
            by_name = {one.name: one.code for one in stamp.codes}
            made_codes = tuple(
                code.model_copy(update={"id": ids.get(code.key) or by_name.get(code.name, "")})
                for code in made_codes
            )
        made_codes = without_kinds(made_codes, all_of_them=self.origin.startswith(STAMP_NAME))
        cases, case_codings = read_cases(root, sources)
        names = {code.key: code.name for code in made_codes}
        found = [*sources.codings, *case_codings]
        models = {key for key, coder in coders.items() if coder.kind == "model"}
        placing = Placing(
            texts, fitted, sources.selections, as_it_left=self._as_it_left(sources, stamp)
        )
        codings = placing.codings(found, notes, models, names)
        self.skipped += placing.skipped
        codings = stamped_codings(codings, stamp, stamped, coders, names, texts)
        if sources.codings:
            self._say(fitted, {one.text for one in sources.codings}, texts)
        memos = notes.memos(
            sources,
            codes.described,
            placing.spans,
            stamp is not None,
            child_text(root, "Description"),
        )
        self._count_unknown()
        return Project(
            name=self.path.name,
            format="refi-qda",
            file_sha256=file_sha256,
            written_by=self.origin,
            sources=tuple(
                _source(one, fitted.rule(one.key), stamped.get(one.key), placing.lost[one.key])
                for one in sources.texts
            ),
            coders=tuple(coders.values()),
            codes=(*made_codes, *cases),
            codings=tuple(codings),
            memos=memos,
            scopes=scopes_of(stamp),
            counts=self._counts(sources, len(codes.codes), notes),
            missing=tuple(sources.missing),
            skipped=(*self.skipped, *notes.skipped),
            notes=(*self.notes, *sources.notes, *said_of(stamp)),
        )

    # People

    def _coders(self, stamp: Stamp | None) -> dict[str, ProjectCoder]:
        found: dict[str, ProjectCoder] = {}
        for users in children(self.root, "Users"):
            for user in children(users, "User"):
                key, name = guid(get(user, "guid")), get(user, "name", "id").strip()
                if key in found:
                    self.notes.append(f"Two users have one GUID; “{name}” counts as the first.")
                    continue
                known = stamp.coder_of(key, name) if stamp is not None else None
                if known is not None:
                    kind = "model" if known.kind == "model" else "human"
                    found[key] = ProjectCoder(
                        key=key,
                        name=known.name,
                        kind=kind,
                        recipe_sha256=known.recipe_sha256,
                    )
                elif name.startswith(MODEL_PREFIX):
                    bare = name.removeprefix(MODEL_PREFIX)
                    found[key] = ProjectCoder(key=key, name=bare, kind="model")
                else:
                    found[key] = ProjectCoder(key=key, name=name)
        return found

    # Positions

    def _as_it_left(self, sources: Sources, stamp: Stamp | None) -> bool:
        """Whether the texts are as this program wrote them."""
        if stamp is None or not self.origin.startswith(STAMP_NAME):
            return False
        left = {guid(one.guid): one.layout.source_sha256 for one in stamp.sources}
        return all(left.get(one.key) == hash_text(one.text) for one in sources.texts)

    def _fit(self, sources: Sources, stamp: Stamp | None) -> Conventions:
        if self._as_it_left(sources, stamp):
            # Nothing has to be found out.
            return Conventions(Fit(Rule(), 1.0, ""))
        first: Unit = "UTF-16 units" if "nvivo" in self.origin.casefold() else "code points"
        selections = [
            Selection(one.text, one.start, one.end, one.name) for one in sources.selections
        ]
        return fit_sources(
            {one.key: one.text for one in sources.texts},
            {one.key: one.marked for one in sources.texts},
            selections,
            first,
        )

    def _say(self, fitted: Conventions, coded: Set[str], texts: dict[str, FoundText]) -> None:
        """What positions count, and in which texts they count something else."""
        if fitted.project.said and coded - set(fitted.own):
            self.notes.append(fitted.project.said)
        for key, one in fitted.own.items():
            if key in coded:
                self.notes.append(f"In “{texts[key].name}”: {one.said}")

    # What the file holds

    def _counts(self, sources: Sources, codes: int, notes: Notes) -> tuple[tuple[str, int], ...]:
        def under(container: str, *names: str) -> int:
            return sum(
                1 for found in children(self.root, container) for _ in children(found, *names)
            )

        counts = [
            *sources.counts,
            ("users", under("Users", "User")),
            ("codes", codes),
            ("notes", notes.count),
            ("cases", under("Cases", "Case")),
            ("variables", under("Variables", "Variable")),
            ("sets", under("Sets", "Set")),
            ("links", under("Links", "Link")),
            ("graphs", under("Graphs", "Graph")),
        ]
        for what, why in (
            ("variables", "attributes of cases and texts have no place here"),
            ("sets", "groups of texts and codes have no place here"),
            ("links", "links between passages have no place here"),
            ("graphs", "drawings have no place here"),
        ):
            if number := dict(counts)[what]:
                self.skipped.append(Skipped(what=counted_many(number, what), why=why))
        return tuple((what, number) for what, number in counts if number)

    def _count_unknown(self) -> None:
        unknown = Counter(
            tag_of(child)
            for child in children(self.root)
            if tag_of(self.root) == "Project" and tag_of(child) not in _KNOWN
        )
        for name, count in sorted(unknown.items()):
            why = "not part of the REFI-QDA standard"
            self.skipped.append(
                Skipped(what=f"{counted_many(count, 'elements')} “{name}”", why=why)
            )


def _source(one: FoundText, rule: Rule | None, stamped: StampSource | None, lost: int) -> Source:
    return Source(
        key=one.key,
        name=one.name,
        text=one.text,
        kind=one.kind,
        position_rule=str(rule) if rule is not None and one.coded else "",
        layout=stamped.layout if stamped is not None else None,
        lost=lost,
    )
