"""Give a transcript another name.

A transcript is known by its words, so nothing hangs on its name: runs, codings and verdicts stay.
Examples in the codebook's file that name it follow, since they are left out by that name when the
interview is coded. What people wrote, and the record of what happened, is never rewritten: the old
name stays there.
"""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass

from assistant.codebook.example_names import with_transcript_called
from assistant.errors import SecondCoderError, UserError
from assistant.interchange.study_codebook.editing import codebook_text, save_codebook, text_hash
from assistant.interchange.transcripts import named
from assistant.spelling import nfc
from assistant.store.database import Store
from assistant.store.texts.renaming import record_renaming
from assistant.store.texts.transcripts import names_alike, transcript_infos
from assistant.store.trail.events import person
from assistant.study import Study

__all__ = ["RenamedTranscript", "rename_transcript"]

_LONGEST = 200


@dataclass(frozen=True)
class RenamedTranscript:
    """What became of a transcript's name."""

    old: str
    """As it stood here."""
    new: str
    examples: int
    """Of the codebook's file, which say that they are from it."""
    codebook_unread: str = ""
    """Why the codebook's file was not changed."""


def rename_transcript(
    study: Study, store: Store, old: str, new: str, *, who: str = "", dry_run: bool = False
) -> RenamedTranscript:
    """Call the transcript ``old`` by the name ``new``. ``dry_run``: only say what would be done.

    Raises `UserError` where there is no such transcript, and where the new name is no name, is the
    one that it has, or is another's.
    """
    (key,) = named(store, [old])
    old = next(info.name for info in transcript_infos(store) if info.id == key)
    new = _checked(store, key, new)
    if old == new:
        raise UserError(f"It is called “{new}” already.", hint="Nothing was changed.")
    with store.rehearsal() if dry_run else nullcontext(store) as store, store.transaction():
        record_renaming(store, key, new, who=who, what=f"“{old}” is called “{new}” now")
        # The file comes last: it is no part of the transaction, so whatever cannot be done in the
        # database has to fail before it is written.
        examples, unread = _in_codebook(study, store, old, new, who, dry_run=dry_run)
    return RenamedTranscript(old, new, examples, unread)


def _checked(store: Store, key: int, new: str) -> str:
    new = nfc(" ".join(new.split()))
    if not new or len(new) > _LONGEST or not new.isprintable():
        raise UserError(
            "Give the transcript a name of one line.", hint="Such as “Interview 7” or “P07”."
        )
    taken = [name for other, name in names_alike(store, new).items() if other != key]
    if taken:
        raise UserError(
            f"There is a transcript “{taken[0]}” already, and two cannot have one name.",
            hint="Choose another; to let two change their names, give one of them a third first. "
            "If both are one interview: `secondcoder import FILE --same-as`.",
        )
    return new


def _in_codebook(
    study: Study, store: Store, old: str, new: str, who: str, *, dry_run: bool
) -> tuple[int, str]:
    """(examples that name the transcript by its new name now, why the file was left alone)."""
    try:
        there = codebook_text(study)
        if not there:
            return 0, ""
        text, count = with_transcript_called(there, old, new, study.codebook_file.name)
    except SecondCoderError as error:
        return 0, str(error.what)
    if count and not dry_run:
        save_codebook(study, store, text, who or person(), seen=text_hash(there))
    return count, ""
