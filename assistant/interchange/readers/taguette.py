"""Taguette projects: the SQLite file that Taguette keeps and exports.

A document is HTML; a highlight counts UTF-8 bytes of its text content and has a copy of the passage
as HTML. Highlights name nobody: who made one is looked up in the list of commands, and the single
user of a Taguette on one's own computer is nobody in particular. A tag's path is its name.
"""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path

from assistant.counting import counted
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
from assistant.interchange.readers.html_text import Page, read_html
from assistant.interchange.readers.positions import best_rule, same_words
from assistant.interchange.readers.stale import nothing_fits, stale_source
from assistant.store.texts.foreign import Cell, foreign_tables, is_sqlite, table_names
from assistant.transcripts.records import Skipped

__all__ = ["detects", "read_project"]

_RULES = ("UTF-8 bytes", "code points", "UTF-16")
_NOBODY = "admin"


def detects(path: Path, head: bytes) -> bool:
    return is_sqlite(head) and {"highlights", "highlight_tags", "documents"} <= table_names(path)


def read_project(path: Path, options: ReadOptions) -> Project:
    """All documents, tags and highlights of a file. Raises DataError when it is damaged."""
    return _Reader(path).project()


class _Reader:
    def __init__(self, path: Path) -> None:
        self.path = path
        self.skipped: list[Skipped] = []
        self.notes: list[str] = []
        self.stale: dict[str, int] = {}
        """Name of a document of whose highlights none says the words that it marks -> how many."""
        self.fitting = 0
        with foreign_tables(path) as tables:
            self.projects = list(tables.rows("projects", ("id", "name", "description"), "id"))
            self.documents = list(
                tables.rows("documents", ("id", "name", "description", "contents"), "id")
            )
            self.tags = list(tables.rows("tags", ("id", "path", "description"), "id"))
            self.highlights = list(
                tables.rows(
                    "highlights", ("id", "document_id", "start_offset", "end_offset", "snippet")
                )
            )
            links = tables.rows("highlight_tags", ("highlight_id", "tag_id"))
            self.tags_of: dict[Cell, list[Cell]] = defaultdict(list)
            for highlight, tag in links:
                self.tags_of[highlight].append(tag)
            self.members = sorted(
                {
                    str(login)
                    for (login,) in tables.rows("project_members", ("user_login",))
                    if login not in (None, "", _NOBODY)
                }
            )
            self.who = _who(list(tables.rows("commands", ("user_login", "payload"), "id")))

    def project(self) -> Project:
        if not self.documents:
            raise DataError(
                "This Taguette project holds no documents.",
                where=str(self.path),
                hint="Look whether it is the right file: Taguette names its own taguette.sqlite3.",
            )
        named = {key for key, _, _ in self.tags}
        sources: list[Source] = []
        codings: list[ProjectCoding] = []
        for key, name, _, contents in self.documents:
            page = read_html(str(contents or ""))
            mine = [row for row in self.highlights if row[1] == key]
            rule, found = self._codings(str(key), str(name or ""), page, mine, named)
            tagged = sum(len(self.tags_of[row[0]]) for row in mine)
            sources.append(
                Source(
                    key=str(key),
                    name=str(name or f"document {key}"),
                    text=page.shown,
                    kind="HTML",
                    position_rule=rule,
                    lost=tagged - len(found),
                )
            )
            codings += found
        if self.stale and not self.fitting:
            raise nothing_fits(
                self.stale,
                "highlight",
                self.path,
                "The file may be of a version that is not known here. Export the highlights from "
                "Taguette as a table (CSV) and import that.",
            )
        logins = sorted({coding.coder for coding in codings if coding.coder})
        memos = [
            ProjectMemo(about="transcript", text=str(text), source=str(key))
            for key, _, text, _ in self.documents
            if str(text or "").strip()
        ]
        memos += [
            ProjectMemo(about="study", text=str(text))
            for _, _, text in self.projects
            if str(text or "").strip()
        ]
        if len(self.projects) > 1:
            names = ", ".join(str(name) for _, name, _ in self.projects)
            self.notes.append(f"The file holds {len(self.projects)} projects, all read: {names}.")
        if codings and not all(coding.coder for coding in codings):
            self.notes.append(self._why_unknown())
        return Project(
            name=self.path.name,
            format="taguette",
            file_sha256=hash_file(self.path),
            written_by="Taguette",
            sources=tuple(sources),
            coders=tuple(ProjectCoder(key=login, name=login) for login in logins),
            likely_coder=self.members[0] if len(self.members) == 1 else "",
            codes=tuple(
                ProjectCode(key=str(key), name=str(tag), definition=str(about or ""))
                for key, tag, about in self.tags
            ),
            codings=tuple(codings),
            memos=tuple(memos),
            counts=(
                ("documents", len(self.documents)),
                ("tags", len(self.tags)),
                ("highlights", len(self.highlights)),
                ("codings (a tag on a highlight)", len(codings)),
            ),
            skipped=tuple(self.skipped),
            notes=tuple(self.notes),
        )

    def _why_unknown(self) -> str:
        if not self.members:
            return (
                "Taguette on one's own computer has a single user without a name: the coder of its "
                "highlights is not known from the file."
            )
        named = ", ".join(f"“{login}”" for login in self.members)
        return (
            f"The file does not record who made each highlight. Its project has "
            f"{counted(len(self.members), 'member')}: {named}."
        )

    def _codings(
        self,
        source: str,
        name: str,
        page: Page,
        rows: list[tuple[Cell, ...]],
        named: set[Cell],
    ) -> tuple[str, list[ProjectCoding]]:
        spans = [
            (int(start), int(end), read_html(str(snippet or "")).content)
            for _, _, start, end, snippet in rows
            if isinstance(start, int) and isinstance(end, int)
        ]
        rule, place, fitting = best_rule(page.content, spans, _RULES)
        self.fitting += fitting
        if spans and not fitting:
            self.stale[name] = len(rows)
            self.skipped.append(stale_source(name, len(rows), "highlights"))
            return "", []
        if spans:
            self.notes.append(
                f"“{name}”: {fitting} of {counted(len(spans), 'highlight')} at the words stored "
                "with them, "
                f"counted in {rule}."
            )
        found: list[ProjectCoding] = []
        for key, _, start, end, snippet in rows:
            where = f"“{name}”, highlight {key}"
            said = read_html(str(snippet or "")).content
            a = place(start) if isinstance(start, int) else None
            b = place(end) if isinstance(end, int) else None
            if a is None or b is None or not same_words(page.content[a:b], said):
                why = "its position does not fit the words stored with it"
                self.skipped.append(Skipped(what=said, why=why, where=where))
                continue
            if not self.tags_of[key]:
                why = "a highlight without a tag"
                self.skipped.append(Skipped(what=said, why=why, where=where))
            shown = page.place(a, b)
            for tag in self.tags_of[key]:
                if tag not in named:
                    why = "its tag is not in the file"
                    self.skipped.append(Skipped(what=said, why=why, where=where))
                    continue
                found.append(
                    ProjectCoding(
                        source=source,
                        coder=self.who.get(key, ""),
                        code=str(tag),
                        start=shown[0],
                        end=shown[1],
                    )
                )
        return rule, found


def _who(commands: list[tuple[Cell, ...]]) -> dict[Cell, str]:
    """Highlight -> who made it or changed it last, by the list of commands."""
    who: dict[Cell, str] = {}
    for login, payload in commands:
        try:
            said = json.loads(str(payload))
        except (ValueError, RecursionError):
            continue
        if (
            isinstance(said, dict)
            and said.get("type") == "highlight_add"
            and isinstance(said.get("highlight_id"), int)
            and login not in (None, "", _NOBODY)
        ):
            who[said["highlight_id"]] = str(login)
    return who
