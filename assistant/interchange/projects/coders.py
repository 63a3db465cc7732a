"""Who the users of another tool's project are in this study.

A name in a file is no proof of a person: several people share one user of a program, one person has
two. What is assumed is said, and what cannot be assumed is asked. A model's coder stays a model's
whatever is asked for: its codings must never become a person's.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence, Set
from dataclasses import dataclass

from assistant.errors import UserError
from assistant.interchange.counting import counted
from assistant.interchange.projects.records import Project, ProjectCoder, ProjectCoding
from assistant.interchange.projects.reports import ProjectOptions
from assistant.interchange.refi.naming import MODEL_PREFIX
from assistant.store.coders import coders
from assistant.store.database import Store
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
    for key in sorted(used, key=lambda k: (by_key[k].name if k in by_key else "", k)):
        user = by_key.get(key, ProjectCoder(key=key, name=""))
        named[key] = (
            _model(user)
            or _by_name(user.name, models, people, notes)
            or _person(user, counts[key], project.name, options, notes)
        )
    if not project.scopes:  # else this program wrote the file, and the names are its own
        notes += _assumed(store, named, by_key, options)
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
    user: ProjectCoder, count: int, file: str, options: ProjectOptions, notes: list[str]
) -> Named:
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
            else (f"{file} does not say who made {counted(count, 'codings')}")
        )
        answer = options.ask_coder(f"{who}. Who coded?").strip()
        if answer:
            return Named(answer, "human")
    if user.name:
        notes.append(
            f"“{user.name}” was taken for one person, though programs give this name to anybody. "
            "If several people worked under it, their codings cannot be told apart."
        )
        return Named(user.name, "human")
    raise UserError(
        f"This file holds {counted(count, 'codings')}, and nothing says who made them.",
        where=file,
        hint="Name the person with `--coder NAME`.",
    )


def _assumed(
    store: Store,
    named: dict[str, Named],
    by_key: dict[str, ProjectCoder],
    options: ProjectOptions,
) -> list[str]:
    notes: list[str] = []
    users: dict[str, list[str]] = defaultdict(list)
    for key, who in named.items():
        if who.kind == "human":
            users[who.name].append(by_key[key].name if key in by_key else "")
    known = {coder.name for coder in coders(store, "human")}
    for name, in_file in sorted(users.items()):
        if len(in_file) > 1:
            listed = ", ".join(f"“{user}”" if user else "no name" for user in in_file)
            notes.append(f"{len(in_file)} users of the file were taken for one person: {listed}.")
        stated = name == options.coder or name in options.same_coder.values()
        if name in known and not stated:
            notes.append(
                f"“{name}” was taken for the coder of that name in this study. If it is somebody "
                f'else: `--same-coder "{name}=OTHER NAME"`.'
            )
        alike = sorted(n for n in known if n != name and n.casefold() == name.casefold())
        if alike:
            notes.append(
                f"“{name}” and “{alike[0]}” of this study were taken for two people. If they are "
                f'one: `--same-coder "{name}={alike[0]}"`.'
            )
    return notes
