"""Do other open programs find in our exports what we put there, and we in theirs?

    python -m bench.other_readers --python ENVIRONMENT/bin/python
    python -m bench.other_readers --python ENVIRONMENT/bin/python --study FOLDER

``ENVIRONMENT`` is one where the other programs are installed; this project never imports them
(`bench.other_scripts` runs there, with nothing of ours). What is missing there is said and left
out. A study that is given is copied first and never changed. Without one the example study is
exported, with the suggestions of a run without a language model.

"Same place": transcript, coder, code, start and end are the same. "Same words": the words that the
other program has at that place are those that our database has of the coding, speakers' names
aside. Of two equal codings by one coder each counts. "Texts" counts those that are the same to the
character, line ends among them.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from assistant import shipped
from assistant.coding.coding import CodeOptions, code_transcripts
from assistant.coding.settings import NO_MODEL
from assistant.hashing import hash_text
from assistant.interchange.export.exporting import export_study
from assistant.interchange.export.loading import Export, codes_of, load_export
from assistant.interchange.export.records import Choice
from assistant.interchange.importing import ImportOptions, import_files
from assistant.interchange.labels import known_codes
from assistant.interchange.projects.readers import ReadOptions, find_reader
from assistant.interchange.projects.reports import ProjectOptions
from assistant.interchange.projects.taking import take_project
from assistant.interchange.refi.elements import flat, shown_name
from assistant.interchange.refi.layout import to_source, written
from assistant.interchange.transcripts import named
from assistant.store.database import open_store
from assistant.study import Study, create_study, open_study

__all__ = ["Compared", "Ours", "installed", "main", "other_readers"]

_SCRIPT = Path(__file__).with_name("other_scripts.py")
_CHOICE = Choice(decisions=("accept", "open"))
_PATIENCE = 1800
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
    """The same in the transcript's own text, with the codes' ids and coders' names."""
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
            key = (info.name, one.coder.name, one.code, one.start, one.end)
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
        found = ours(load_export(study, store, _CHOICE, ""))
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


def installed(python: str) -> dict[str, str]:
    """Package -> version in that environment, ``""`` where it is missing."""
    found: dict[str, str] = json.loads(_there(python, "have").stdout)
    return found


def _there(python: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    with tempfile.TemporaryDirectory() as home:
        return subprocess.run(
            [python, "-I", "-X", "utf8", str(_SCRIPT), *arguments],
            capture_output=True,
            encoding="utf-8",
            timeout=_PATIENCE,
            check=True,
            env={**os.environ, "HOME": home},
        )


def other_readers(python: str, study: Path | None = None) -> list[Compared]:
    """Every program that is installed there on every file that it reads or writes."""
    have = {name: found for name, found in installed(python).items() if found}
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        copy = _copied(study, folder / "study") if study else _example(folder / "study")
        store, _ = open_store(copy.database)
        files = {name: folder / f"ours.{name}" for name in ("qdpx", "qdc", "csv")}
        with store:
            for name, file in files.items():
                export_study(copy, store, name, _CHOICE, policy_sha256="", to=file)
            mine = ours(load_export(copy, store, _CHOICE, ""))
        given = folder / "ours.json"
        given.write_text(
            json.dumps({"sources": mine.sources, "codings": list(mine.codings)}), encoding="utf-8"
        )
        rows = []
        for program, kind in (
            ("pyrefiqda", "qdpx"),
            ("pyrefiqda", "qdc"),
            ("pyqdpx", "qdpx"),
            ("qdapy", "qdpx"),
            ("pandas", "csv"),
        ):
            if program in have:
                out = folder / f"{program}.{kind}.json"
                failed = _tried(python, "read", program, str(files[kind]), str(out))
                if failed:
                    rows.append(Compared(program, kind, failed=failed))
                else:
                    rows.append(compare(program, kind, mine, json.loads(out.read_text("utf-8"))))
        for program, end, source in (
            ("pyrefiqda", "qdpx", files["qdpx"]),
            ("pyqdpx", "qdpx", files["qdpx"]),
            ("taguette", "sqlite3", given),
            ("exegete", "qda", given),
        ):
            if program in have:
                # The same codebook, since the other programs call codes by their names.
                fresh = create_study(folder / f"fresh-{program}", name="Fresh")
                if copy.codebook_file.is_file():
                    shutil.copyfile(copy.codebook_file, fresh.codebook_file)
                out = folder / f"theirs-{program}.{end}"
                failed = _tried(python, "write", program, str(source), str(out))
                if failed:
                    rows.append(Compared(f"{program} to us", end, failed=failed))
                else:
                    rows.append(
                        come_back(f"{program} to us", mine, out, fresh, once=source == given)
                    )
    return rows


def _tried(python: str, *arguments: str) -> str:
    """Why it did not work, in its last words; empty when it did."""
    try:
        _there(python, *arguments)
    except subprocess.CalledProcessError as error:
        return str((error.stderr or "").strip().splitlines()[-1:] or ["no message"])[2:-2][:150]
    except subprocess.TimeoutExpired:
        return f"it took more than {_PATIENCE} s"
    return ""


def _copied(study: Path, folder: Path) -> Study:
    shutil.copytree(study, folder, ignore=shutil.ignore_patterns("exports", "reports"))
    return open_study(folder)


def _example(folder: Path) -> Study:
    """The example study with its people's codes, and with a run that asks no model anything."""
    shutil.copytree(shipped.examples(), folder)
    shutil.copytree(shipped.prompts(), folder / "prompts", dirs_exist_ok=True)
    study = open_study(folder)
    known = known_codes(study.codebook_file)
    store, _ = open_store(study.database)
    with store:
        options = ImportOptions(known_codes=known, exposure="independent")
        import_files(store, [folder / "transcripts", folder / "codings"], options)
        every = named(store, ())
        code_transcripts(
            study, store, CodeOptions(every, strategy="judge", model=NO_MODEL, words_only=True)
        )
    return study


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--python", default=sys.executable, help="interpreter of an environment")
    parser.add_argument("--study", type=Path, help="another study than the example")
    given = parser.parse_args(arguments)
    if shutil.which(given.python) is None:
        parser.error(f"there is no interpreter {given.python}")
    have = installed(given.python)
    for name, found in have.items():
        print(f"{name} {found}" if found else f"{name}: not installed there, left out")
    if not any(have.values()):
        print("None of the other programs is there, so nothing was compared.")
        return 0
    head = ("program", "file", "texts", "coders", "codes", "same place", "same words", "not ours")
    rows = [head, *(row.row() for row in other_readers(given.python, given.study))]
    full = [row for row in rows if len(row) == len(head)]
    widths = [max(len(row[i]) for row in full) for i in range(len(head))]
    for row in rows:
        print("  ".join(f"{cell:<{w}}" for cell, w in zip(row, widths, strict=False)).rstrip())
    return 0


if __name__ == "__main__":
    sys.exit(main())
