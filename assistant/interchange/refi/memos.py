"""Notes and descriptions of a REFI-QDA file as memos on what they belong to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from assistant.errors import DataError
from assistant.interchange.projects.records import ProjectMemo
from assistant.interchange.refi.archive import MissingFile, ProjectFiles, RefusedProject
from assistant.interchange.refi.naming import STAMP_NAME
from assistant.interchange.refi.parsing import child_text, children, get, guid
from assistant.interchange.refi.sources import FoundCoding, FoundSelection, Sources, read_text
from assistant.transcripts.records import Skipped

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = ["Notes"]

_NO_CODE = "Memo: no code fits"
"""How this program's export names memos of that kind."""


@dataclass(frozen=True)
class _Note:
    guid: str
    name: str
    text: str
    who: str
    at: str


class Notes:
    """All notes of a file, by GUID."""

    def __init__(self, root: _Element, files: ProjectFiles) -> None:
        self.skipped: list[Skipped] = []
        self._root = root
        self._notes: dict[str, _Note] = {}
        self._used: set[str] = set()
        for container in children(root, "Notes"):
            for number, element in enumerate(children(container, "Note")):
                self._read(element, files, number)

    @property
    def count(self) -> int:
        """Notes, without the stamp of this program."""
        return sum(1 for note in self._notes.values() if note.name != STAMP_NAME)

    def named(self, name: str) -> list[str]:
        """Texts of the notes of this name."""
        return [note.text for note in self._notes.values() if note.name == name]

    def _read(self, element: _Element, files: ProjectFiles, number: int) -> None:
        name = get(element, "name").strip()
        text = child_text(element, "PlainTextContent")
        path = get(element, "plainTextPath")
        if not text and path:
            try:
                text, _ = read_text(files.text(path), name)
            except RefusedProject:
                raise
            except (MissingFile, DataError) as error:
                why = error.what if isinstance(error, DataError) else str(error)
                self.skipped.append(Skipped(what=f"note “{name}”", why=why))
        text = text or child_text(element, "Description")
        key = guid(get(element, "guid")) or f"note {number}"
        who = guid(get(element, "creatingUser"))
        self._notes.setdefault(key, _Note(key, name, text, who, get(element, "creationDateTime")))

    def of_coding(self, coding: FoundCoding) -> str:
        """What the notes of a coding say."""
        said = []
        for key in coding.notes:
            self._used.add(key)
            if key in self._notes:
                said.append(self._notes[key].text.strip())
        return "\n\n".join(text for text in said if text)

    def memos(
        self,
        sources: Sources,
        codes: Mapping[str, list[str]],
        spans: Mapping[FoundSelection, tuple[int, int]],
        stamped: bool,
        description: str,
    ) -> tuple[ProjectMemo, ...]:
        """Memos by what refers to them; a note to which nothing refers is about the study."""
        made: list[ProjectMemo] = []
        if description.strip():
            made.append(ProjectMemo(about="study", text=description.strip()))
        for code, keys in codes.items():
            made += [self._memo(key, "code", code=code) for key in keys if key in self._notes]
        for one in sources.selections:
            found = spans.get(one)
            start, end = found if found is not None else (None, None)
            about: Literal["passage", "transcript"] = "passage" if found else "transcript"
            if one.description:
                made.append(
                    ProjectMemo(
                        about=about,
                        text=one.description,
                        who=one.coder,
                        source=one.text,
                        start=start,
                        end=end,
                        at=one.at,
                    )
                )
            made += [
                self._memo(key, about, one.text, start, end)
                for key in one.notes
                if key in self._notes
            ]
        for text, said, notes, who in sources.described:
            if said:
                made.append(ProjectMemo(about="transcript", text=said, who=who, source=text))
            made += [
                self._memo(key, "transcript", text)
                for key in notes
                if key in self._notes and not (stamped and key in self._used)
            ]
        made += [
            self._memo(key, "study")
            for key, note in self._notes.items()
            if key not in self._used and note.name != STAMP_NAME
        ]
        return tuple(memo for memo in made if memo.text.strip())

    def _memo(
        self,
        key: str,
        about: Literal["study", "transcript", "passage", "code"],
        source: str = "",
        start: int | None = None,
        end: int | None = None,
        code: str = "",
    ) -> ProjectMemo:
        self._used.add(key)
        note = self._notes[key]
        ours = note.name == _NO_CODE or note.name.startswith("Memo on ")
        text = note.text if ours or not note.name else f"{note.name}\n{note.text}"
        return ProjectMemo(
            about="no-code-fits" if note.name == _NO_CODE else about,
            text=text,
            who=note.who,
            source=source,
            code=code,
            start=start,
            end=end,
            guid=key,
            at=note.at,
        )
