"""Codes of one project that are one code spelled in two ways, counted once.

Spelled in Unicode's two ways, or with other capitals, spaces or forms of letters (``Body and
Shame``, ``body and shame``), below the same code. Two that are written exactly alike stay two, so
do two that people defined differently, and two that are two codes of the study's codebook.
"""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from assistant.codebook.records import Codebook
from assistant.counting import counted
from assistant.interchange.projects.records import Project, ProjectCode

__all__ = ["in_one_case", "joined", "spelled_alike"]


def spelled_alike(written: Sequence[ProjectCode], forms: Mapping[str, str]) -> dict[str, str]:
    """Key of a code -> key of one before it that has the same form, as have the codes above both.

    ``forms``: the form of its name by each code's key. Two that are written alike stay two.
    """
    same: dict[str, str] = {}
    for _ in written:  # a parent may stand behind its children, so once for each level at most
        first: dict[tuple[str, str, int], str] = {}
        found: dict[str, str] = {}
        alike: Counter[tuple[str, str]] = Counter()
        for code in written:
            alike[code.name, code.parent] += 1
            number = alike[code.name, code.parent]
            form = (forms[code.key], same.get(code.parent, code.parent), number)
            before = first.setdefault(form, code.key)
            if before != code.key:
                found[code.key] = before
        if found == same:
            break
        same = found
    return same


def joined(project: Project, same: Mapping[str, str]) -> Project:
    """The project with the codes that are keys of ``same`` as those that they lead to; what a
    person gave one passage by both names is one coding."""
    if not same:
        return project
    codings = [
        c.model_copy(update={"code": same[c.code]}) if c.code in same else c
        for c in project.codings
    ]
    of_two = set(same.values())
    once = {
        (c.source, c.coder, c.code, c.start, c.end, "" if c.code in of_two else c.guid, number): c
        for number, c in reversed(
            [(0 if c.code in of_two else n, c) for n, c in enumerate(codings)]
        )
    }
    codings = list(once.values())[::-1]
    codes = [
        code.model_copy(update={"parent": same.get(code.parent, code.parent)})
        for code in project.codes
        if code.key not in same
    ]
    memos = [m.model_copy(update={"code": same.get(m.code, m.code)}) for m in project.memos]
    return project.model_copy(
        update={"codes": tuple(codes), "codings": tuple(codings), "memos": tuple(memos)}
    )


def in_one_case(project: Project, book: Codebook | None) -> Project:
    """The project with codes that differ in capitals only as one, as the study's codebook spells
    it, else as most codings do, else as the file does first; what was done is in its notes.

    What this program exported is left as it is: there two codes are two.
    """
    said = Counter(coding.code for coding in project.codings)
    groups, notes = _groups(project, book)
    same: dict[str, str] = {}
    names: dict[str, str] = {}
    for codes in groups:
        listed = sorted(codes, key=lambda c: -said[c.key])
        known = [c for c in listed if book is not None and book.resolve(_clean(c.name))]
        name = _clean((known or listed)[0].name)
        keep, *rest = codes
        names[keep.key] = name
        same |= {code.key: keep.key for code in rest}
        notes += [
            f"The code “{_clean(c.name)}” ({counted(said[c.key], 'coding')}) was taken for "
            f"“{name}”, since only capitals or spaces differ. If they are two codes, give one "
            "another name in the file."
            for c in listed
            if _clean(c.name) != name
        ]
    made = joined(project, same)
    twice = len(project.codings) - len(made.codings)
    if twice:
        notes.append(
            f"{counted(twice, 'coding')} had a code that is spelled in two ways twice on one "
            "passage, and counted once."
        )
    if not notes:
        return project
    first = _definitions(project, same)
    return made.model_copy(
        update={
            "codes": tuple(
                code.model_copy(
                    update={
                        "name": names.get(code.key, code.name),
                        "definition": code.definition or first.get(code.key, ""),
                    }
                )
                for code in made.codes
            ),
            "notes": (*project.notes, *notes),
        }
    )


def _groups(project: Project, book: Codebook | None) -> tuple[list[list[ProjectCode]], list[str]]:
    """Codes that are one but for capitals, each group in the order of the file, and what is said
    of those that stay apart. What stands below two codes that stay apart is looked at once more."""
    codes = [code for code in project.codes if not code.id]
    apart: dict[str, str] = {}
    while True:
        forms = {c.key: f"\0{c.key}" if c.key in apart else _folded(c.name) for c in codes}
        of = spelled_alike(codes, forms)
        groups: dict[str, list[ProjectCode]] = defaultdict(list)
        for code in codes:
            groups[of.get(code.key, code.key)].append(code)
        found = [group for group in groups.values() if len(group) > 1]
        why = {code.key: why for group in found if (why := _why_two(group, book)) for code in group}
        if not why:
            return found, list(dict.fromkeys(apart.values()))
        apart |= why


def _why_two(codes: Sequence[ProjectCode], book: Codebook | None) -> str:
    """Why these codes are not one, in a sentence; empty where they are."""
    names = list(dict.fromkeys(_clean(code.name) for code in codes))
    ids = {book.resolve(name) for name in names} - {None} if book is not None else set()
    why = ""
    if len(ids) > 1:
        why = "they are two codes of the study’s codebook"
    elif len({code.kind for code in codes}) > 1:
        why = "one of them is no code of a codebook by its kind"
    elif len({_folded(code.definition) for code in codes if code.definition.strip()}) > 1:
        why = "the file defines them differently"
    shown = " and ".join(f"“{name}”" for name in names)
    return f"{shown} differ in capitals or spaces only and stay apart, since {why}." if why else ""


def _definitions(project: Project, same: Mapping[str, str]) -> dict[str, str]:
    """The first definition of each code that others were joined with."""
    found: dict[str, str] = {}
    for code in project.codes:
        if code.key in same and code.definition.strip():
            found.setdefault(same[code.key], code.definition)
    return found


def _clean(name: str) -> str:
    return " ".join(name.split())


def _folded(name: str) -> str:
    return _clean(unicodedata.normalize("NFKC", name)).casefold()
