"""Who the users of another tool's project are in this study.

A name in a file is no proof of a person: several people share one user of a program, one person has
two. What is assumed is said, and what cannot be assumed is asked. A model's coder stays a model's
whatever is asked for: its codings must never become a person's.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass

from assistant.counting import counted_many
from assistant.errors import UserError
from assistant.interchange.names.renamed import corrected_names
from assistant.interchange.projects.records import Project, ProjectCoder, ProjectCoding
from assistant.interchange.projects.reports import ProjectOptions
from assistant.interchange.refi.naming import MODEL_PREFIX
from assistant.store.database import Store
from assistant.store.people.coders import coders
from assistant.store.records import Coder, CoderKind

__all__ = ["Named", "name_coders"]

_NAMES = """
    admin administrator user users default guest owner unknown anonymous me coder researcher student
    test computer pc home nvivo maxqda atlas.ti atlasti qualcoder taguette dedoose utilisateur
    benutzer usuario utente gebruiker
"""
_SHARED = frozenset(_NAMES.split())
"""User names that programs or computer rooms give out, so that several people may have had one."""


@dataclass(frozen=True)
class Named:
    name: str
    kind: CoderKind
    recipe_sha256: str = ""


def name_coders(
    store: Store, project: Project, codings: Sequence[ProjectCoding], options: ProjectOptions
) -> tuple[dict[str, Named], tuple[str, ...]]:
    """Coder of the study by the key of the file's user, and what was assumed.

    Only users with some of ``codings``, or with a scope, count. Raises `UserError` when
    nobody says who coded and nobody can be asked.
    """
    counts = Counter(coding.coder for coding in codings)
    used = set(counts) | {s.coder for s in project.scopes}
    by_key = {coder.key: coder for coder in project.coders}
    named: dict[str, Named] = {}
    notes: list[str] = []
    models = {coder.name: coder for coder in coders(store, "model")}
    people = {coder.name for coder in coders(store, "human")}
    corrected = corrected_names(store, options.same_coder)
    sure: set[str] = set()
    for key in sorted(used, key=lambda k: (by_key[k].name if k in by_key else "", k)):
        user = by_key.get(key, ProjectCoder(key=key, name=""))
        named[key] = (
            _model(user)
            or _by_name(user.name, models, people, notes)
            or _person(user, counts[key], project, options, notes)
        )
        now = corrected.get(named[key].name) if named[key].kind == "human" else None
        if now is not None:
            named[key] = Named(now.new, "human")
            sure.add(now.new)
            notes += [now.in_words] if now.in_words not in notes else []
    if not project.scopes:  # else this program wrote the file, and the names are its own
        if not options.coder:
            stated = set(options.same_coder.values()) | sure
            notes += _in_one_case(named, counts, people, stated)
        notes += _assumed(store, named, by_key, options, sure)
    return named, tuple(notes)


def _model(user: ProjectCoder) -> Named | None:
    if user.kind == "model" or user.name.startswith(MODEL_PREFIX):
        return Named(user.name.removeprefix(MODEL_PREFIX), "model", user.recipe_sha256)
    return None


def _by_name(
    name: str, models: dict[str, Coder], people: Set[str], notes: list[str]
) -> Named | None:
    """The model of the study that has this name, where a file has lost all else that tells it."""
    found = models.get(name)
    if found is None or name in people:
        return None
    notes.append(
        f"“{name}” was taken for the model of that name in this study. If it is a person: change "
        "the name in the file."
    )
    return Named(name, "model", found.recipe_sha256)


def _person(
    user: ProjectCoder, count: int, project: Project, options: ProjectOptions, notes: list[str]
) -> Named:
    file, likely = project.name, "" if user.name else project.likely_coder
    if user.name in options.same_coder:
        return Named(options.same_coder[user.name], "human")
    if options.coder:
        return Named(options.coder, "human")
    shared = user.name.casefold() in _SHARED
    if user.name and not shared:
        return Named(user.name, "human")
    if options.ask_coder is not None:
        who = (
            f"The user of {file} is called “{user.name}”"
            if user.name
            else f"{file} does not say who made {counted_many(count, 'codings')}"
            + (f", and names one person, “{likely}”" if likely else "")
        )
        answer = options.ask_coder(f"{who}. Who coded?", likely).strip()
        if answer:
            return Named(answer, "human")
    if user.name:
        notes.append(
            f"“{user.name}” was taken for one person, though programs give this name to anybody. "
            "If several people worked under it, their codings cannot be told apart."
        )
        return Named(user.name, "human")
    raise UserError(
        f"This file holds {counted_many(count, 'codings')}, and nothing says who made them.",
        where=file,
        hint="Name the person with `--coder NAME`.",
    )


def _in_one_case(
    named: dict[str, Named], counts: Mapping[str, int], people: Set[str], stated: Set[str]
) -> list[str]:
    """Names that differ in capitals only become one, as the study spells it, else as most codings
    do; what was done. Where the study itself has several such people, they stay several."""
    spelled: dict[str, Counter[str]] = defaultdict(Counter)
    for key, who in named.items():
        if who.kind == "human" and who.name not in stated:
            spelled[who.name.casefold()][who.name] += counts.get(key, 0)
    notes: list[str] = []
    for folded, names in sorted(spelled.items()):
        known = [name for name in people if name.casefold() == folded]
        if len(known) > 1:
            continue
        name = known[0] if known else min(names, key=lambda one: (-names[one], one))
        for other in sorted(set(names) - {name}):
            notes.append(
                f"“{other}” ({counted_many(names[other], 'codings')}) was taken for “{name}”, "
                "since only capitals differ. If they are two people: "
                f'`--same-coder "{other}={other}"`, before the codings are stored.'
            )
            for key, who in named.items():
                if who == Named(other, "human"):
                    named[key] = Named(name, "human")
    return notes


def _assumed(
    store: Store,
    named: dict[str, Named],
    by_key: dict[str, ProjectCoder],
    options: ProjectOptions,
    sure: Set[str],
) -> list[str]:
    notes: list[str] = []
    users: dict[str, list[str]] = defaultdict(list)
    for key, who in named.items():
        if who.kind == "human":
            users[who.name].append(by_key[key].name if key in by_key else "")
    known = {coder.name for coder in coders(store, "human")}
    for name, in_file in sorted(users.items()):
        if len({user.casefold() for user in in_file}) > 1:
            listed = ", ".join(f"“{user}”" if user else "no name" for user in in_file)
            notes.append(f"{len(in_file)} users of the file were taken for one person: {listed}.")
        stated = name == options.coder or name in options.same_coder.values()
        untold = known if options.untold is None else options.untold
        if name in untold and not stated and name not in sure:
            if options.untold is not None:
                options.untold.discard(name)
            notes.append(
                f"“{name}” was taken for the coder of that name in this study. If it is somebody "
                f'else: `--same-coder "{name}=OTHER NAME"`.'
            )
        alike = sorted(n for n in known if n != name and n.casefold() == name.casefold())
        if alike and not stated:
            notes.append(
                f"“{name}” and “{alike[0]}” of this study were taken for two people. If they are "
                f'one: `--same-coder "{name}={alike[0]}"`.'
            )
    return notes
