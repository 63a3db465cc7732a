"""Codes that only gather the codings of the codes below them, which are not counted twice.

Files do not say it. A parent that has every coding of its children gathers, where these are some;
where they are few, a person may as well have given both codes, and the user is asked.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence, Set

from assistant.counting import counted_many
from assistant.interchange.projects.records import Project, ProjectCode, ProjectCoding
from assistant.interchange.projects.reports import ProjectOptions
from assistant.interchange.refi.naming import STAMP_NAME
from assistant.meant import did_you_mean

__all__ = ["parents_of", "without_gathered"]

_SURE = 3
"""As many codings of children, all of which the parent has too, show that a program gathers."""
_Place = tuple[str, str, int, int]
"""(source, coder, start, end)."""


def parents_of(code: ProjectCode, by_key: Mapping[str, ProjectCode]) -> list[ProjectCode]:
    """Its parents, topmost first; a circle ends where it began."""
    found: list[ProjectCode] = []
    seen = {code.key}
    while code.parent in by_key and code.parent not in seen:
        seen.add(code.parent)
        code = by_key[code.parent]
        found.insert(0, code)
    return found


def without_gathered(
    codings: Sequence[ProjectCoding],
    project: Project,
    names: Mapping[str, str],
    options: ProjectOptions,
) -> tuple[list[ProjectCoding], tuple[str, ...]]:
    """The codings without those that a parent only gathers, and what was decided.

    ``names``: of the codes in the study, by their keys in the file.
    """
    by_key = {code.key: code for code in project.codes}
    if project.written_by.startswith(STAMP_NAME):
        # This program gathers nothing: two codes of one passage are two codings.
        said = "this program wrote the file, and gathers nothing"
        return list(codings), tuple(f"--gathers “{name}”: {said}." for name in options.gathers)
    below: dict[str, set[_Place]] = defaultdict(set)
    own: dict[str, set[_Place]] = defaultdict(set)
    for c in codings:
        own[c.code].add(_place(c))
        for above in parents_of(by_key[c.code], by_key):
            below[above.key].add(_place(c))
    stated = {key for key in below if {names[key], by_key[key].name.strip()} & set(options.gathers)}
    every = {
        key
        for key, places in below.items()
        if key in own
        and not by_key[key].id  # it left this program with codings of its own
        and places <= own[key]
    }
    sure = {key for key in every if len(below[key]) >= _SURE or not by_key[key].applicable}
    notes = _gathering_nothing(options.gathers, set(below), by_key, names)
    for key in sorted(every - sure - stated, key=lambda key: names[key]):
        if _asked(key, len(below[key]), names, options, notes):
            stated.add(key)
    gathers = sure | stated
    kept: list[ProjectCoding] = []
    dropped: Counter[str] = Counter()
    for c in codings:
        if c.code in gathers and _place(c) in below[c.code]:
            dropped[c.code] += 1
        else:
            kept.append(c)
    notes += [
        f"“{names[key]}” gathers the codings of the codes below it: {count} of its codings stand "
        "for theirs and were not counted twice."
        for key, count in sorted(dropped.items(), key=lambda item: names[item[0]])
    ]
    return kept, tuple(notes)


def _gathering_nothing(
    stated: Sequence[str],
    below: Set[str],
    by_key: Mapping[str, ProjectCode],
    names: Mapping[str, str],
) -> list[str]:
    """What to say of names after --gathers that change nothing. ``below``: keys of the codes that
    have codings below them."""
    notes: list[str] = []
    for name in stated:
        keys = {key for key in by_key if name in (names[key], by_key[key].name.strip())}
        if not keys:
            known = [names[key] for key in by_key if key in below]
            listed = ", ".join(sorted(known)) or "none"
            notes.append(
                f"--gathers “{name}”: no code of this file has that name. "
                f"{did_you_mean(name, known)}Codes with others below them: {listed}."
            )
        elif not keys & below:
            notes.append(
                f"--gathers “{name}”: no code below it has codings in this file, so it gathers "
                "nothing, and all of its own were taken."
            )
    return notes


def _place(c: ProjectCoding) -> _Place:
    return (c.source, c.coder, c.start, c.end)


def _asked(
    key: str, count: int, names: Mapping[str, str], options: ProjectOptions, notes: list[str]
) -> bool:
    """Whether a parent with too few codings to tell gathers, as the user says."""
    same = "the same passage" if count == 1 else f"the same {count} passages"
    both = f"“{names[key]}” and the codes below it are on {same}"
    if options.ask_take is not None:
        return options.ask_take(f"{both}. Does “{names[key]}” only gather what these have?")
    notes.append(
        f"{both}. These are too few to tell whether it only gathers what they have, so "
        f"{counted_many(count, 'codings')} of its own {'was' if count == 1 else 'were'} taken. If "
        f'it only gathers: `--gathers "{names[key]}"`, with --dry-run first.'
    )
    return False
