"""Codes of a project: under which name they come in, which stay out, and the codebook they make.

Codes keep the name that people gave them. Only where one project has the same name twice, below
different parents, the parents' names stand in front of it (``Costs::Rent``).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from pathlib import Path
from typing import NamedTuple

from assistant.codebook.records import Code, Codebook
from assistant.counting import counted_many
from assistant.errors import UserError
from assistant.interchange.projects.first_codebook import FirstCodebook, codebook_there
from assistant.interchange.projects.gathering import parents_of, without_gathered
from assistant.interchange.projects.records import Project, ProjectCoding
from assistant.interchange.projects.reports import CodebookReport, ProjectOptions, Take
from assistant.transcripts.records import Skipped

__all__ = ["Chosen", "choose_codings", "code_names", "codebook_of", "take_codebook"]

_TAKE: dict[str, Take] = {"case": "cases", "sentiment": "sentiment", "automatic": "automatic"}
_WHAT = {
    "case": "cases (people, places or things that passages belong to)",
    "sentiment": "sentiments that a program gave",
    "automatic": "codes that a program gave by itself",
}


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
            name = "::".join([*(_clean(p.name) for p in parents_of(code, by_key)), name])
        unique, copy = name, 2
        while unique in taken:
            unique, copy = f"{name} ({copy})", copy + 1
        taken.add(unique)
        names[code.key] = unique
    return names


def _clean(name: str) -> str:
    return " ".join(name.split())


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
        said = f"{counted_many(len(keys), what)}, with {counted_many(many, 'codings')}"
        if options.ask_take is not None and options.ask_take(f"{said}. Take them as codes?"):
            continue
        left_out |= keys
        why = f"not codes of a codebook; `--take {_TAKE[kind]}` takes them"
        skipped.append(Skipped(what=said, why=why))
    unknown = [coding for coding in project.codings if coding.code not in names]
    if unknown:
        skipped.append(
            Skipped(
                what=counted_many(len(unknown), "codings"),
                why="with a code that the file does not have",
            )
        )
    kept = [c for c in project.codings if c.code in names and c.code not in left_out]
    once, notes = without_gathered(kept, project, names, options)
    return Chosen(tuple(once), frozenset(left_out), tuple(skipped), notes)


def _kinds(project: Project) -> dict[str, str]:
    """Kind of each code; what stands below a code that is none of the codebook is none either."""
    by_key = {code.key: code for code in project.codes}
    return {
        code.key: code.kind
        or next((above.kind for above in reversed(parents_of(code, by_key)) if above.kind), "")
        for code in project.codes
    }


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
    defined = tuple(code.id for code in made.codes if code.id in missing and code.definition)
    undefined = tuple(
        code.id
        for code in made.codes
        if target is None
        and there is not None
        and code.definition
        and (known := there.resolve(code.id)) is not None
        and not there.by_id[known].definition
    )
    return CodebookReport(len(made.codes), missing, str(target or ""), colors, defined, undefined)
