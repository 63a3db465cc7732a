"""The transcripts that rows of a table refer to: the study's, or made of the rows themselves."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from assistant.counting import counted_many
from assistant.interchange.projects.readers import source_of
from assistant.interchange.projects.records import Source
from assistant.interchange.readers.quotes import Finder
from assistant.interchange.readers.rows import Row, Text, by_name
from assistant.meant import did_you_mean
from assistant.transcripts.naming import stem
from assistant.transcripts.records import Transcript

__all__ = ["Texts"]


class Texts:
    """Texts by the names that rows use, and where a row stands in a text that was made of rows."""

    def __init__(
        self, path: Path, transcripts: Iterable[Transcript], same_as: Mapping[str, str]
    ) -> None:
        """``same_as``: name in the table -> transcript, where the user says so."""
        self._path = path
        self._same_as = {name.casefold(): known.casefold() for name, known in same_as.items()}
        self._known = by_name(transcripts)
        self._found: dict[str, Text] = {}
        self._meant: dict[str, str] = {}
        self.at: dict[int, tuple[int, int]] = {}
        """Number of a row -> its place, in a text that was made of rows."""

    def all(self) -> tuple[Text, ...]:
        """Each once, however many names rows have for it."""
        return tuple({id(text): text for text in self._found.values()}.values())

    def get(self, name: str) -> Text | None:
        key = name.casefold()
        if key in self._found:
            return self._found[key]
        said = self._same_as.get(key, key) if key else key
        found = self._known.get(said) or self._known.get(stem(name).casefold())
        if found is None and not name:
            found = self._only()
        if found is None:
            return None
        same = next((t for t in self._found.values() if t.source.name == found.name), None)
        self._found[key] = same or Text(source_of(found), Finder(found.text))
        return self._found[key]

    def unknown(self, name: str) -> str:
        """Why rows of this name have no text, and what to do where another may be meant."""
        named = f" “{name}”" if name else ""
        meant = self.meant(name)
        if meant and name:
            known = meant.removeprefix("Did you mean “").removesuffix("”?")
            meant = f'. {meant} Then import it again with --same-as "{name}={known}"'
        return f"the study has no transcript{named}{meant}"

    def meant(self, name: str) -> str:
        """``Did you mean “…”?``, or nothing; interview 5 is never meant as interview 4."""
        if name not in self._meant:
            names = dict.fromkeys(transcript.name for transcript in self._known.values())
            same = [one for one in names if _numbers(one) == _numbers(name)]
            self._meant[name] = did_you_mean(name, same).strip()
        return self._meant[name]

    def _only(self) -> Transcript | None:
        """For a table that names none: the one named as the file, or the study's only one."""
        named = self._known.get(stem(self._path.name).casefold())
        different = {id(transcript) for transcript in self._known.values()}
        return named or (next(iter(self._known.values())) if len(different) == 1 else None)

    def make(self, rows: Sequence[Row], speaker: Callable[[Row], str]) -> list[str]:
        """Make texts of transcripts that the study does not have, from their rows in order; what
        to say of each."""
        notes: list[str] = []
        made: dict[str, tuple[str, list[str]]] = {}
        for row in rows:
            if not row.error and self.get(row.transcript) is None and row.quote.strip():
                who = speaker(row).strip().rstrip(":")
                said = " ".join(row.quote.split())
                # One text in whatever case rows name it; it is called as the first row does.
                _, pieces = made.setdefault(row.transcript.casefold(), (row.transcript, []))
                pieces.append(f"{who}: {said}" if who else said)
        for name, pieces in made.values():
            text = "\n\n".join(pieces)
            source = Source(
                key=name or self._path.name, name=name or stem(self._path.name), text=text
            )
            self._found[name.casefold()] = Text(source, Finder(text), pieces)
            notes.append(
                f"The study has no transcript “{source.name}”: its text was made of "
                f"{counted_many(len(pieces), 'rows')} in their order. {self.meant(name)}".rstrip()
            )
        position: Counter[str] = Counter()
        index: Counter[str] = Counter()
        for row in rows:
            key = row.transcript.casefold()
            text_ = self._found.get(key)
            if row.error or text_ is None or not text_.made or not row.quote.strip():
                continue
            piece = text_.made[index[key]]
            said = " ".join(row.quote.split())
            end = position[key] + len(piece)
            self.at[row.number] = (end - len(said), end)
            position[key] = end + 2
            index[key] += 1
        return notes


def _numbers(name: str) -> list[int]:
    return [int(found) for found in re.findall(r"\d+", name)]
