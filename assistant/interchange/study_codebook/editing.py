"""Saving a codebook from a page: always a new version, never a changed old one.

The version that the file held before is recorded first, then the new one with what leads to it.
Whoever saves must have seen the file as it stands: a change by somebody else in between is said.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.codebook.history import compare
from assistant.codebook.loading import read_codebook_text
from assistant.codebook.records import Codebook, Operation
from assistant.codebook.rules import with_rule
from assistant.codebook.yaml_nodes import read_text_file
from assistant.errors import SecondCoderError, UserError
from assistant.hashing import hash_text
from assistant.store.database import Store
from assistant.store.people.memos import add_memo
from assistant.store.trail.events import record_event
from assistant.store.versions import (
    codebook_operations,
    record_codebook,
    record_operations,
)
from assistant.study import Study
from assistant.writing import write_whole

__all__ = [
    "SavedCodebook",
    "add_rule",
    "codebook_text",
    "save_codebook",
    "text_hash",
    "write_text",
]


@dataclass(frozen=True)
class SavedCodebook:
    old: str
    """Hash of the version before; empty when there was none that could be read."""
    codebook: Codebook
    operations: tuple[Operation, ...]
    changed: bool
    """False: the same codebook as before, at most with other comments."""


def codebook_text(study: Study) -> str:
    """The text of the study's codebook file; empty when there is none."""
    if not study.codebook_file.is_file():
        return ""
    return read_text_file(study.codebook_file, "codebook")


def text_hash(text: str) -> str:
    return hash_text(text)


def write_text(path: Path, text: str) -> None:
    """In one step: whoever reads the file finds the old or the new text."""
    write_whole(path, text)


def save_codebook(
    study: Study,
    store: Store,
    text: str,
    who: str,
    *,
    seen: str,
    declared: Sequence[Operation] = (),
) -> SavedCodebook:
    """Save the codebook's text. ``seen``: `text_hash` of the text that ``who`` began from.

    The file is read and written within one transaction: whoever may write into the database at a
    moment is the only one of our programs that writes this file too.
    Raises `UserError` for mistakes, with their lines, and when the file was changed meanwhile;
    nothing is saved then.
    """
    with store.transaction():
        there = codebook_text(study)
        if text_hash(there) != seen:
            raise UserError(
                "The codebook was changed meanwhile, in another window or program. Nothing was "
                "saved.",
                where=str(study.codebook_file),
                hint="Keep your text elsewhere, open this page again, and make your change anew.",
            )
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        if not text.endswith("\n"):
            text += "\n"
        new = read_codebook_text(text, study.codebook_file.name).codebook
        try:
            old = read_codebook_text(there, study.codebook_file.name).codebook if there else None
        except SecondCoderError:
            old = None
        changed = old is None or old.sha256 != new.sha256
        operations: tuple[Operation, ...] = ()
        if changed:
            if old is not None and old.codes:
                record_codebook(store, old, there)
            record_codebook(store, new, text)
            if old is not None and old.codes:
                kept = codebook_operations(store, old.sha256, new.sha256)
                said = [o for o in kept if not o.why.startswith("inferred: ")]
                codes = {c for o in declared for c in o.codes}
                said = [o for o in said if not codes & set(o.codes)]
                operations = compare(old, new, [*said, *declared])
                record_operations(store, old.sha256, new.sha256, operations)
            record_event(
                store,
                "codebook",
                f"{who} saved the codebook",
                who,
                old=old.sha256 if old is not None else "",
                new=new.sha256,
            )
        write_text(study.codebook_file, text)
    return SavedCodebook(old.sha256 if old is not None else "", new, operations, changed)


def add_rule(
    study: Study,
    store: Store,
    code: str,
    field: str,
    rule: str,
    who: str,
    passages: Sequence[tuple[int, int, int]],
) -> SavedCodebook:
    """Write a decision rule into the codebook, with a memo for each passage that caused it.

    ``field``: ``definition``, ``include`` or ``exclude``. ``passages``: (transcript id, start, end)
    in code points. The change counts as a new definition of the code, so that earlier codings of it
    are listed to be looked at again.
    """
    if not rule.strip():
        raise UserError("The rule is empty.", hint="Write one sentence that settles it.")
    with store.transaction():
        there = codebook_text(study)
        text = with_rule(there, code, field, rule, study.codebook_file.name)
        redefined = Operation(op="redefine", codes=(code,), why="a decision rule was added")
        saved = save_codebook(study, store, text, who, seen=text_hash(there), declared=(redefined,))
        for transcript_id, start, end in passages:
            add_memo(
                store,
                "code",
                f"Rule ({field}): {rule.strip()}",
                who,
                transcript_id=transcript_id,
                start=start,
                end=end,
                code=code,
            )
    return saved
