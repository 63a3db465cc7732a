"""Correct the name of a coder that an import gave: a slip of the pen, a file named wrongly.

A person is known by her name, in every study that hers was shared with. So only a name that nobody
else can have taken over is corrected, and two people never become one by it, unless somebody says
that the two names are one person's (`assistant.interchange.names.same_person`).
"""

from __future__ import annotations

from assistant.counting import counted
from assistant.errors import UserError
from assistant.interchange.imports.deriving import derive_codings
from assistant.interchange.names.same_person import join_names, why_not_one
from assistant.meant import did_you_mean
from assistant.spelling import nfc
from assistant.store.database import Store
from assistant.store.people.coders import acts_of, coders, find_coder, rename_person
from assistant.store.texts.documents import documents
from assistant.store.texts.transcripts import transcript_infos
from assistant.store.trail.events import events, record_event

__all__ = ["correct_name", "how_to_correct", "rename_imported"]

_PASSED_ON = {"share": "shared", "merge": "put together with another"}


def correct_name(
    store: Store, old: str, new: str, *, same_person: bool = False, who: str = ""
) -> str:
    """Give a person's imported codes and memos the right name; the sentence that tells of it.

    ``same_person``: somebody says that who has the right name already is she; all that either did
    is hers then. ``who``: who says so; default the person at the computer. Raises `UserError` where
    nobody has the old name, where somebody has the new one and nobody says so, where two coded the
    same differently or one of them codes blind, and where more hangs on the old name than what was
    imported.
    """
    with store.transaction():
        return _corrected(store, old, nfc(new).strip(), same_person, who)


def _corrected(store: Store, old: str, new: str, same_person: bool, who: str) -> str:
    found = find_coder(store, old, "human")
    if found is None:
        people = [coder.name for coder in coders(store, "human")]
        hint = did_you_mean(old, people) or f"Coders here: {', '.join(people) or 'none'}."
        raise UserError(f"Nobody here is called “{old}”.", hint=hint)
    old = found.name  # as it stands here, however it was typed
    if not new or new == old:
        raise UserError("Give the right name.", hint=f'--coder "{old}" --set-coder-name "NAME"')
    there = find_coder(store, new, "human")
    if same_person:
        if there is None:
            raise UserError(
                f"Nobody here is called “{new}”, so there are no two names to make one.",
                hint="To correct a name leave out --same-person.",
            )
        return _joined(store, old, there.name, who)
    if there is not None:
        doubt = why_not_one(store, old, new)
        raise UserError(
            f"“{new}” is there already. What two people coded is not put under one name by "
            "mistake: they would seem to agree with each other, or to have coded twice."
            + (f" {doubt}." if doubt else ""),
            hint="`secondcoder transcripts` lists who coded what."
            if doubt
            else f"If the two names are one person's: {_command(old, new)} --same-person",
        )
    if refused := _why_not_renamed(store, old, new):
        raise refused
    codings, memos = rename_imported(store, old, new)
    said = f"“{old}” is “{new}” now: {counted(codings, 'coding')}, {counted(memos, 'memo')}."
    record_event(store, "statement", said, who, old=old, new=new)
    return said


def _why_not_renamed(store: Store, old: str, new: str) -> UserError | None:
    for kind, done in _PASSED_ON.items():
        past = events(store, kind)
        if past:
            return UserError(
                f"This study was {done} on {past[0].at[:10]}, with “{old}” in it: elsewhere "
                f"“{new}” would be another person. Nothing was changed.",
                hint="Correct the name in a copy of the study from before, or leave it.",
            )
    acts = acts_of(store, old)
    if acts:
        return UserError(
            f"“{old}” has worked in this study under that name ({', '.join(acts)}). Only a name "
            "that an import gave can be corrected.",
            hint="Leave the name; in what you write, say who it is.",
        )
    return None


def _joined(store: Store, old: str, new: str, who: str) -> str:
    done = join_names(store, old, new)
    said = (
        f"“{old}” and “{new}” are one person now, “{new}”: {counted(done.codings, 'coding')}, "
        f"{counted(done.memos, 'memo')}."
    )
    if done.once:
        said += f" {counted(done.once, 'coding')} stood under both names, and count once."
    for name, exposure in done.less_independent:
        said += f" What she had seen of others' codes of “{name}” is “{exposure}” now."
    record_event(store, "statement", said, who, old=old, new=new, same_person=True)
    return said


def how_to_correct(store: Store, old: str, new: str) -> str:
    """The command that gives the old name's codes the new one; empty where it would be refused."""
    if find_coder(store, old, "human") is None or old == new:
        return ""
    if find_coder(store, new, "human") is not None:
        return "" if why_not_one(store, old, new) else f"{_command(old, new)} --same-person"
    return "" if _why_not_renamed(store, old, new) else _command(old, new)


def _command(old: str, new: str) -> str:
    return f'secondcoder transcripts --coder "{old}" --set-coder-name "{new}"'


def rename_imported(store: Store, old: str, new: str) -> tuple[int, int]:
    """Give all that came in under a person's old name the new one; (codings, memos) that have it.

    For a name that only an import gave, and a new one that nobody has. Use inside a transaction.
    """
    codings, memos = rename_person(store, old, new)
    for info in transcript_infos(store):
        if info.withdrawn:
            continue
        if any(row.coder == new for row in documents(store, info.id)):
            # What a coding is known by is made from its coder's name among others.
            derive_codings(store, info.id, {})
    return codings, memos
