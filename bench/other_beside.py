"""What another program read of our exports, or wrote for us, beside what our study has.

"Same place": transcript, coder, code, start and end are the same. "Same words": the words that the
other program has at that place are those that our database has of the coding, speakers' names
aside. Of two equal codings by one coder each counts. "Texts" counts those that are the same to the
character, line ends among them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from assistant.hashing import hash_text
from assistant.interchange.export.loading import Export, codes_of, load_export
from assistant.interchange.export.records import Choice
from assistant.interchange.projects.readers import ReadOptions, find_reader
from assistant.interchange.projects.reports import ProjectOptions
from assistant.interchange.projects.taking import take_project
from assistant.interchange.refi.elements import flat, shown_name
from assistant.interchange.refi.layout import to_source, written
from assistant.interchange.refi.naming import model_name
from assistant.store.database import open_store
from assistant.study import Study

__all__ = ["CHOICE", "Compared", "Ours", "come_back", "compare", "ours"]

CHOICE = Choice(decisions=("accept", "open"))
Coding = tuple[str, str, str, int, int]
"""Transcript, coder, code, start, end."""


@dataclass(frozen=True)
class Ours:
    """What an export should say, from the study's own rows."""

    sources: dict[str, str]
    """Name -> text as it is written for readers."""
    speakers: frozenset[str]
    coders: frozenset[str]
    codes: frozenset[str]
    """Names of codes and families."""
    codings: dict[Coding, list[str]]
    """In the written text -> the quotes of our database."""
    table: dict[Coding, list[str]]
    """The same in the transcript's own text, with the codes' ids and the names that a table has."""
    in_study: dict[Coding, list[str]]
    """By the words of the transcript, in its own text, with the codes' names."""

    def quotes_of(self, key: Coding) -> set[str]:
        return {_spaced(quote) for quote in self.in_study[key]}


@dataclass(frozen=True)
class Compared:
    """One file by one program: how much of ours is there."""

    program: str
    file: str
    sources: tuple[int, int] = (0, 0)
    coders: tuple[int, int] = (0, 0)
    codes: tuple[int, int] = (0, 0)
    codings: tuple[int, int] = (0, 0)
    """Same place, of how many of ours."""
    words: tuple[int, int] = (0, 0)
    """Same words, of those at the same place."""
    more: int = 0
    """Codings that we do not have."""
    failed: str = ""

    def row(self) -> tuple[str, ...]:
        if self.failed:
            return (self.program, self.file, "not read: " + self.failed)
        pairs = (self.sources, self.coders, self.codes, self.codings, self.words)
        said = (f"{one:,}/{of:,}" if of else "-" for one, of in pairs)
        return (self.program, self.file, *said, str(self.more))


def ours(export: Export) -> Ours:
    sources: dict[str, str] = {}
    speakers: set[str] = set()
    codings: dict[Coding, list[str]] = {}
    table: dict[Coding, list[str]] = {}
    in_study: dict[Coding, list[str]] = {}
    for info in export.infos:
        text = export.transcript(info.id)
        sources[info.name], layout = written(text)
        speakers |= {segment.speaker for segment in text.segments if segment.speaker}
        for one in export.codings(info.id):
            place = to_source(layout, one.start, one.end)
            who, label = shown_name(one.coder), export.label(one.code)
            codings.setdefault((info.name, who, label, *place), []).append(one.quote)
            name = model_name(one.coder.name) if one.by_model else one.coder.name
            key = (info.name, name, one.code, one.start, one.end)
            table.setdefault(key, []).append(one.quote)
            key = (hash_text(_spaced(text.text)), who, label, one.start, one.end)
            in_study.setdefault(key, []).append(one.quote)
    return Ours(
        sources,
        frozenset(speakers),
        frozenset(shown_name(coder) for coder in export.coders),
        frozenset(code.name for code in flat(codes_of(export))),
        codings,
        table,
        in_study,
    )


def compare(program: str, file: str, mine: Ours, found: dict[str, Any]) -> Compared:
    """What a program read, beside ours."""
    made = Compared(program, file, codes=_shared(found["codes"], mine.codes))
    if file == "qdc":
        return made
    wanted = mine.table if file == "csv" else mine.codings
    if file == "csv":
        made = replace(
            made,
            coders=_shared(found["coders"], {key[1] for key in wanted}),
            codes=_shared(found["codes"], {key[2] for key in wanted}),
        )
    else:
        made = replace(made, coders=_shared(found["coders"], mine.coders))
    texts = {name: text for name, text in found["sources"].items() if text}
    same = sum(mine.sources.get(name) == text for name, text in texts.items())
    left = {key: list(quotes) for key, quotes in wanted.items()}
    placed = words = more = 0
    for source, who, code, start, end, quote in found["codings"]:
        quotes = left.get((source, who, code, start, end))
        if not quotes:
            more += 1
            continue
        placed += 1
        said = {_bare(q, mine.speakers) for q in quotes}
        words += _bare(quote, mine.speakers) in said
        quotes.pop()
    return replace(
        made,
        sources=(same, len(mine.sources)) if texts else _shared(found["sources"], mine.sources),
        codings=(placed, sum(map(len, wanted.values()))),
        words=(words, placed),
        more=more,
    )


def _bare(quote: str, speakers: Iterable[str]) -> str:
    """Without the names of speakers at the start of turns, and without the mark of our tables."""
    said = re.sub(r"^'(?=[=+\-@\t\r])", "", quote)
    names = "|".join(re.escape(name) for name in sorted(speakers, key=len, reverse=True))
    return re.sub(rf"(?m)^(?:{names}): ", "", said) if names else said


def _shared(found: Iterable[str], wanted: Iterable[str]) -> tuple[int, int]:
    there = set(wanted)
    return len(there & set(found)), len(there)


def come_back(
    program: str, mine: Ours, file: Path, study: Study, *, once: bool = False
) -> Compared:
    """A project that another program wrote, taken into a fresh study, beside ours.

    ``once``: the program was given each coding once, though a coder may have made it twice.
    """
    inside = file / "data.qda" if file.is_dir() else file
    reader = find_reader(inside)
    kind = file.suffix.lstrip(".")
    if reader is None:
        return Compared(program, kind, failed="its file is not known to us")
    store, _ = open_store(study.database)
    with store:
        project = reader.read(inside, ReadOptions())
        take_project(store, project, inside, ProjectOptions(exposure="independent"))
        found = ours(load_export(study, store, CHOICE, ""))
    there, wanted = _many(found.in_study), _many(mine.in_study)
    if once:
        wanted = Counter(set(wanted))
    both = there & wanted
    same = sum(n for key, n in both.items() if found.quotes_of(key) == mine.quotes_of(key))
    return Compared(
        program,
        kind,
        _shared(found.sources.values(), mine.sources.values()),
        _shared(found.coders, mine.coders),
        _shared({key[2] for key in there}, {key[2] for key in wanted}),
        (both.total(), wanted.total()),
        (same, both.total()),
        (there - wanted).total(),
    )


def _spaced(text: str) -> str:
    """Line ends count as spaces: what a paragraph is differs from program to program."""
    return " ".join(text.split())


def _many(rows: dict[Coding, list[str]]) -> Counter[Coding]:
    return Counter({key: len(quotes) for key, quotes in rows.items()})
