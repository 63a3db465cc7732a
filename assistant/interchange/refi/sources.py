"""The texts of a REFI-QDA project and what was marked in them, before positions are understood.

Texts stand in the XML or in files; PDFs, pictures, sound and film count only by the plain text that
goes with them. What is missing or has no text is listed with the number of codings that it takes
along.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.counting import counted_many
from assistant.errors import DataError
from assistant.interchange.refi.archive import MissingFile, ProjectFiles, RefusedProject
from assistant.interchange.refi.parsing import child_text, children, get, guid, tag
from assistant.transcripts.decoding import decode
from assistant.transcripts.records import Skipped

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element

__all__ = ["FoundCoding", "FoundSelection", "FoundText", "Sources", "read_text"]

_DIGITS = 16
"""More than any position has, and few enough for the arithmetic on them."""
_MEDIA = {
    "PictureSource": ("picture sources", "TextDescription", "an area of a picture"),
    "PDFSource": ("PDF sources", "Representation", "an area of a page, not on its text"),
    "AudioSource": ("audio sources", "Transcript", "a stretch of sound"),
    "VideoSource": ("video sources", "Transcript", "a stretch of film"),
}


@dataclass
class FoundText:
    key: str
    name: str
    text: str
    """Without byte-order mark, line ends as they stand in the file."""
    kind: str
    marked: bool
    """It had a byte-order mark."""
    coded: bool = False


@dataclass(frozen=True)
class FoundSelection:
    """A marked stretch; ``start`` and ``end`` as the file has them."""

    text: str
    start: int
    end: int
    name: str
    coder: str
    guid: str
    at: str
    description: str
    notes: tuple[str, ...]


@dataclass(frozen=True)
class FoundCoding:
    text: str
    start: int
    end: int
    coder: str
    code: str
    guid: str = ""
    at: str = ""
    notes: tuple[str, ...] = ()


def read_text(data: bytes, where: str) -> tuple[str, bool]:
    """Text without byte-order mark, and whether it had one. Raises `DataError` for binary data."""
    text = decode(data, where).text
    marked = data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"))
    return text.removeprefix("\ufeff"), marked


class Sources:
    """All texts, selections and codings of a project."""

    def __init__(self, root: _Element, files: ProjectFiles) -> None:
        self.files = files
        self.texts: list[FoundText] = []
        self.selections: list[FoundSelection] = []
        self.codings: list[FoundCoding] = []
        self.skipped: list[Skipped] = []
        self.missing: list[Skipped] = []
        self.notes: list[str] = []
        self.described: list[tuple[str, str, tuple[str, ...], str]] = []
        """(text, description, notes on it, who) of each text."""
        self._counts: Counter[str] = Counter()
        self._by_guid: dict[str, str] = {}
        self._in_text: set[str] = set()
        self._whole: Counter[str] = Counter()
        self._areas: Counter[str] = Counter()
        self._without: list[str] = []
        self._unknown: Counter[str] = Counter()
        for container in children(root, "Sources"):
            for element in children(container):
                self._source(element)
        self._report()
        self._selected: dict[str, list[FoundSelection]] = {}
        for one in self.selections:
            self._selected.setdefault(one.guid, []).append(one)

    @property
    def counts(self) -> list[tuple[str, int]]:
        names = ["text sources", *(what for what, _, _ in _MEDIA.values())]
        names += ["transcripts", "text selections", "codings"]
        return [(name, self._counts[name]) for name in names]

    def selections_of(self, key: str) -> list[FoundSelection]:
        return self._selected.get(key, [])

    def _source(self, element: _Element) -> None:
        name = tag(element)
        if name == "TextSource":
            self._counts["text sources"] += 1
            self._text(element, get(element, "name"), _text_kind(element))
        elif name in _MEDIA:
            self._media(element, name)
        else:
            self._unknown[name] += 1

    def _media(self, element: _Element, kind: str) -> None:
        what, inner, _ = _MEDIA[kind]
        self._counts[what] += 1
        name = get(element, "name")
        texts = list(children(element, inner))
        for text in texts:
            self._counts["transcripts"] += inner == "Transcript"
            said = "pdf" if kind == "PDFSource" else "transcript"
            shown = (get(text, "name") or name) if inner == "Transcript" else name
            self._text(text, shown, said, guid(get(element, "guid")))
        if not texts:
            self._without.append(name or what)
        selection = kind.removesuffix("Source") + "Selection"
        for one in children(element, selection):
            codings = list(children(one, "Coding"))
            self._counts["codings"] += len(codings)
            if guid(get(one, "guid")) not in self._in_text:
                self._areas[kind] += len(codings)
        self._whole_codings(element, name)

    def _whole_codings(self, element: _Element, name: str) -> None:
        codings = sum(1 for _ in children(element, "Coding"))
        self._counts["codings"] += codings
        self._whole[name] += codings

    # One text

    def _text(self, element: _Element, name: str, kind: str, owner: str = "") -> None:
        written = guid(get(element, "guid"))
        key = written
        while not key or key in self._by_guid:
            key = f"{key}#{len(self.texts)}"
        selections = list(self._selections(element, key))
        self._counts["text selections"] += sum(1 for _ in children(element, "PlainTextSelection"))
        codings = [c for selection in selections for c in _codings(selection[0], selection[1])]
        self._counts["codings"] += len(codings)
        self._whole_codings(element, name)
        try:
            text, marked = self._content(element, name)
        except RefusedProject:
            raise
        except MissingFile as missing:
            self._by_guid.setdefault(written, "")
            self._lose(name, str(missing), len(codings))
            return
        except DataError as error:
            self._lose(name, f"its text cannot be read ({error.what})", len(codings))
            return
        if key != written and written:
            self.notes.append(f"Two texts have one GUID; “{name}” was kept apart from the first.")
        self._by_guid[key] = key
        if owner:
            self._by_guid.setdefault(owner, key)
        shown = name or f"Text {len(self.texts) + 1}"
        self.texts.append(FoundText(key, shown, text, kind, marked, bool(codings)))
        self.selections += [selection for _, selection in selections]
        self._in_text |= {selection.guid for _, selection in selections}
        self.codings += codings
        notes = tuple(guid(get(one, "targetGUID")) for one in children(element, "NoteRef"))
        description = child_text(element, "Description").strip()
        self.described.append((key, description, notes, guid(get(element, "creatingUser"))))

    def _lose(self, name: str, why: str, codings: int) -> None:
        self.missing.append(Skipped(what=name or "a text without a name", why=why))
        if codings:
            self.skipped.append(
                Skipped(what=f"{_some(codings, 'coding')} of {name}", why="their text is missing")
            )

    def _content(self, element: _Element, name: str) -> tuple[str, bool]:
        inline = next(children(element, "PlainTextContent"), None)
        if inline is not None:
            text = "".join(inline.itertext())
            return text.removeprefix("\ufeff"), text.startswith("\ufeff")
        path = get(element, "plainTextPath")
        if path:
            return read_text(self.files.text(path), name)
        if get(element, "richTextPath"):
            raise MissingFile("the project holds it as a formatted text only, without a plain one")
        raise MissingFile("the project does not say where its text is")

    def _selections(self, element: _Element, key: str) -> Iterator[tuple[_Element, FoundSelection]]:
        for one in children(element, "PlainTextSelection"):
            start, end = _number(get(one, "startPosition")), _number(get(one, "endPosition"))
            yield one, _selection(one, key, start, end)
        points = {
            guid(get(one, "guid")): _number(get(one, "position"))
            for one in children(element, "SyncPoint")
        }
        for one in children(element, "TranscriptSelection"):
            start = points.get(guid(get(one, "fromSyncPoint")), -1)
            end = points.get(guid(get(one, "toSyncPoint")), -1)
            yield one, _selection(one, key, start, end)

    def _report(self) -> None:
        for name, count in self._whole.items():
            if count:
                why = "given to the whole text, not to a passage of it"
                self.skipped.append(Skipped(what=f"{_some(count, 'coding')} of {name}", why=why))
        for kind, count in self._areas.items():
            if count:
                why = f"on {_MEDIA[kind][2]}"
                what = f"{_some(count, 'coding')} of {_MEDIA[kind][0]}"
                self.skipped.append(Skipped(what=what, why=why))
        for name in self._without:
            why = "no plain text of it is in the project"
            self.skipped.append(Skipped(what=name, why=why))
        for name, count in sorted(self._unknown.items()):
            what = f"{counted_many(count, 'elements')} “{name}” among the texts"
            self.skipped.append(Skipped(what=what, why="not part of the REFI-QDA standard"))


def _text_kind(element: _Element) -> str:
    return "rich text" if get(element, "richTextPath") else "text"


def _selection(element: _Element, key: str, start: int, end: int) -> FoundSelection:
    return FoundSelection(
        key,
        start,
        end,
        get(element, "name"),
        guid(get(element, "creatingUser")),
        guid(get(element, "guid")),
        get(element, "creationDateTime"),
        child_text(element, "Description").strip(),
        tuple(guid(get(one, "targetGUID")) for one in children(element, "NoteRef")),
    )


def _codings(element: _Element, selection: FoundSelection) -> Iterator[FoundCoding]:
    for coding in children(element, "Coding"):
        notes = tuple(guid(get(one, "targetGUID")) for one in children(coding, "NoteRef"))
        for reference in children(coding, "CodeRef"):
            yield FoundCoding(
                selection.text,
                selection.start,
                selection.end,
                guid(get(coding, "creatingUser")) or selection.coder,
                guid(get(reference, "targetGUID")),
                guid(get(coding, "guid")),
                get(coding, "creationDateTime") or selection.at,
                notes,
            )


def _some(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def _number(written: str) -> int:
    """A position; -1, which lies in no text, for what can be none."""
    try:
        found = int(written.strip()[:_DIGITS])
    except ValueError:
        return -1
    return found if len(written.strip()) < _DIGITS else -1
