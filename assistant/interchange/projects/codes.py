"""Codes of a project: under which name they come in, which stay out, and the codebook they make.

Codes keep the name that people gave them. Only where one project has the same name twice, below
different parents, the parents' names stand in front of it (``Costs::Rent``).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from assistant.codebook.records import Code, Codebook
from assistant.errors import UserError
from assistant.interchange.counting import counted
from assistant.interchange.projects.first_codebook import FirstCodebook, codebook_there
from assistant.interchange.projects.records import Project, ProjectCode, ProjectCoding
from assistant.interchange.projects.reports import CodebookReport, ProjectOptions, Take
from assistant.interchange.refi.naming import STAMP_NAME
from assistant.transcripts.records import Skipped

__all__ = ["Chosen", "choose_codings", "code_names", "codebook_of", "take_codebook"]

_TAKE: dict[str, Take] = {"case": "cases", "sentiment": "sentiment", "automatic": "automatic"}
_WHAT = {
    "case": "cases (people, places or things that passages belong to)",
    "sentiment": "sentiments that a program gave",
    "automatic": "codes that a program gave by itself",
}
_SURE = 3
"""As many codings of children, all of which the parent has too, show that a program gathers."""


class Chosen(NamedTuple):
    codings: tuple[ProjectCoding, ...]
    left_out: frozenset[str]
    """Keys of the codes that stay out."""
    skipped: tuple[Skipped, ...]
    notes: tuple[str, ...]


def code_names(project: Project) -> dict[str, str]:
    """The name of each code in the study, by its key in the file."""
    by_key = {code.key: code for code in project.codes}
    times = Counter(_clean(code.name) for code in project.codes if not code.id)
    names: dict[str, str] = {}
    taken: set[str] = set()
    for number, code in enumerate(project.codes, start=1):
        name = code.id or _clean(code.name) or f"code without a name {number}"
        if not code.id and times[_clean(code.name)] > 1:
            name = "::".join([*(_clean(p.name) for p in _above(code, by_key)), name])
        unique, copy = name, 2
        while unique in taken:
            unique, copy = f"{name} ({copy})", copy + 1
        taken.add(unique)
        names[code.key] = unique
    return names


def _clean(name: str) -> str:
    return " ".join(name.split())


def _above(code: ProjectCode, by_key: dict[str, ProjectCode]) -> list[ProjectCode]:
    """Its parents, topmost first; a circle ends where it began."""
    found: list[ProjectCode] = []
    seen = {code.key}
    while code.parent in by_key and code.parent not in seen:
        seen.add(code.parent)
        code = by_key[code.parent]
        found.insert(0, code)
    return found


def choose_codings(project: Project, names: dict[str, str], options: ProjectOptions) -> Chosen:
    """Codings that people made with codes of the codebook; the rest is counted with its reason."""
    kinds = _kinds(project)
    skipped: list[Skipped] = []
    left_out: set[str] = set()
    counts = Counter(coding.code for coding in project.codings)
    for kind, what in _WHAT.items():
        keys = {key for key, found in kinds.items() if found == kind}
        if not keys or _TAKE[kind] in options.take:
            continue
        many = sum(counts[key] for key in keys)
        said = f"{counted(len(keys), what)}, with {counted(many, 'codings')}"
        if options.ask_take is not None and options.ask_take(f"{said}. Take them as codes?"):
            continue
        left_out |= keys
        why = f"not codes of a codebook; `--take {_TAKE[kind]}` takes them"
        skipped.append(Skipped(what=said, why=why))
    unknown = [coding for coding in project.codings if coding.code not in names]
    if unknown:
        skipped.append(
            Skipped(
                what=counted(len(unknown), "codings"),
                why="with a code that the file does not have",
            )
        )
    kept = [c for c in project.codings if c.code in names and c.code not in left_out]
    once, notes = _without_gathered(kept, project, names)
    return Chosen(tuple(once), frozenset(left_out), tuple(skipped), notes)


def _kinds(project: Project) -> dict[str, str]:
    """Kind of each code; what stands below a code that is none of the codebook is none either."""
    by_key = {code.key: code for code in project.codes}
    return {
        code.key: code.kind
        or next((above.kind for above in reversed(_above(code, by_key)) if above.kind), "")
        for code in project.codes
    }


def _without_gathered(
    codings: Sequence[ProjectCoding], project: Project, names: dict[str, str]
) -> tuple[list[ProjectCoding], tuple[str, ...]]:
    if project.written_by.startswith(STAMP_NAME):
        # This program gathers nothing: two codes of one passage are two codings.
        return list(codings), ()
    by_key = {code.key: code for code in project.codes}
    below: dict[str, set[tuple[str, str, int, int]]] = defaultdict(set)
    own: dict[str, set[tuple[str, str, int, int]]] = defaultdict(set)
    for c in codings:
        place = (c.source, c.coder, c.start, c.end)
        own[c.code].add(place)
        for above in _above(by_key[c.code], by_key):
            below[above.key].add(place)
    gathers = {
        key
        for key, places in below.items()
        if key in own
        and not by_key[key].id  # it left this program with codings of its own
        and places <= own[key]
        and (len(places) >= _SURE or not by_key[key].applicable)
    }
    kept: list[ProjectCoding] = []
    dropped: Counter[str] = Counter()
    for c in codings:
        if c.code in gathers and (c.source, c.coder, c.start, c.end) in below[c.code]:
            dropped[c.code] += 1
        else:
            kept.append(c)
    notes = tuple(
        f"“{names[key]}” gathers the codings of the codes below it: {count} of its codings stand "
        "for theirs and were not counted twice."
        for key, count in sorted(dropped.items(), key=lambda item: names[item[0]])
    )
    return kept, notes


# --- codebook ----------------------------------------------------------------------------------


def codebook_of(project: Project, names: dict[str, str], left_out: frozenset[str]) -> Codebook:
    """The codebook that a project's codes make, without those that stay out."""
    known = {key for key in names if key not in left_out}
    used = {coding.code for coding in project.codings}
    aliases = _aliases(project, names)
    codes = []
    for code in project.codes:
        if code.key not in known:
            continue
        bare = _clean(code.name)
        structural = not code.applicable and code.key not in used
        codes.append(
            Code(
                id=names[code.key],
                name=bare if bare != names[code.key] else "",
                definition=code.definition.strip(),
                parent=names[code.parent] if code.parent in known else "",
                aliases=tuple(sorted(aliases[code.key])),
                kind="structural" if structural else "semantic",
            )
        )
    return Codebook(name=Path(project.name).stem, codes=tuple(codes))


def _aliases(project: Project, names: dict[str, str]) -> dict[str, set[str]]:
    """Other spellings of each code, where this program exported them: codings keep theirs."""
    spelled: dict[str, set[str]] = defaultdict(set)
    for coding in project.codings:
        if coding.written and coding.code in names:
            spelled[coding.written].add(coding.code)
    own = {names[code.key] for code in project.codes} | {_clean(c.name) for c in project.codes}
    found: dict[str, set[str]] = defaultdict(set)
    for written, codes in spelled.items():
        if written not in own and len(codes) == 1:
            found[next(iter(codes))].add(written)
    return found


def take_codebook(
    project: Project, names: dict[str, str], left_out: frozenset[str], options: ProjectOptions
) -> CodebookReport | None:
    """Write the project's codebook where the study has none, or where the user says; with others
    of the same import, where these are gathered.

    Raises `UserError` when the file that the user named holds codes already.
    """
    made = codebook_of(project, names, left_out)
    if not made.codes:
        return None
    colors = sum(1 for code in project.codes if code.color and code.key not in left_out)
    there = codebook_there(options.codebook_file)
    missing: tuple[str, ...] = ()
    target = options.write_codebook
    if target is not None:
        if (found := codebook_there(target)) is None or found.codes:
            raise UserError(
                "This file is there already and was not overwritten.",
                where=str(target),
                hint="Name a new file with `--codebook FILE`.",
            )
    elif there is not None and not there.codes:
        target = options.codebook_file
    elif there is not None:
        missing = tuple(code.id for code in made.codes if there.resolve(code.id) is None)
    if target is not None and options.gathered is not None:
        options.gathered.add(project.name, made)
    elif target is not None:
        alone = FirstCodebook()
        alone.add(project.name, made)
        study = options.study if target == options.codebook_file else ""
        alone.write(target, study, dry_run=options.dry_run)
    return CodebookReport(len(made.codes), missing, str(target or ""), colors)
