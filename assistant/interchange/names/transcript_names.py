"""Give a transcript another name; where the old one tells who it is, let it be forgotten.

A transcript is known by its words, so nothing hangs on its name: runs, codings and verdicts stay.
Examples in the codebook's file that name it follow, since they are left out by that name when the
interview is coded. A name that is to be forgotten is replaced in whatever the program wrote and in
people's notes; where it cannot be, that is said.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

from assistant.codebook.example_names import with_transcript_called
from assistant.errors import SecondCoderError, UserError
from assistant.interchange.names.still_named import files_with_name
from assistant.interchange.study_codebook.editing import codebook_text, save_codebook, text_hash
from assistant.interchange.transcripts import named
from assistant.interchange.withdrawal.holding import others_have_it, written_with_its_words
from assistant.spelling import nfc
from assistant.store.database import Store
from assistant.store.texts.forgetting import Names, forget_names, where_left
from assistant.store.texts.renaming import names_of_transcript, record_renaming
from assistant.store.texts.transcripts import names_alike, transcript, transcript_infos
from assistant.store.trail.events import person
from assistant.store.withdrawal.withdrawal import scrub
from assistant.study import Study

__all__ = ["UNREACHED", "RenamedTranscript", "rename_transcript"]

UNREACHED = (
    "No command reaches copies of this folder (backups), files that were sent to somebody, pages "
    "that were printed, and the program in which the interview was coded."
)
_LONGEST = 200
_FEWEST = 3
"""A part of a name of fewer characters is no name of a person."""
_NO_NAMES = frozenset(
    ("interview", "transcript", "participant", "respondent", "session", "recording", "focus")
)


@dataclass(frozen=True)
class RenamedTranscript:
    """What became of a transcript's name."""

    old: str
    """As it stood here; empty where it is forgotten."""
    new: str
    examples: int
    """Of the codebook's file, which say that they are from it."""
    codebook_unread: str = ""
    """Why the codebook's file was not changed."""
    forgotten: bool = False
    replaced: dict[str, int] | None = None
    """Where the forgotten names stood in the database, in words, with how many rows."""
    left: dict[str, int] | None = None
    """Where they still stand there."""
    parts: dict[str, int] | None = None
    """Words of the forgotten names that stand in what was said in the interview, or are a
    speaker's, with how often."""
    reports: int = 0
    """Files of reports that had them and were deleted."""
    copies: int = 0
    """Copies of the database from before an upgrade that were deleted."""
    files: tuple[str, ...] = ()
    """In the study's folder, that still have them, in their words or their own name."""
    written: tuple[str, ...] = ()
    """That were exported, shared or taken in, each as a line for people."""
    others_have_it: bool = False
    """A file with its words was shared with other people's studies, or merged from one."""
    others: tuple[str, ...] = ()
    """Transcripts in whose names a forgotten name stands."""


def rename_transcript(
    study: Study,
    store: Store,
    old: str,
    new: str,
    *,
    forget: bool = False,
    also: Sequence[str] = (),
    who: str = "",
    dry_run: bool = False,
) -> RenamedTranscript:
    """Call the transcript ``old`` by the name ``new``.

    ``forget``: the old name, those that it had before on record, and those in ``also``, are
    replaced by the new one wherever that can be done; it may be called so already. ``dry_run``:
    only say what would be done. Raises `UserError` where there is no such transcript, where the new
    name is no name or is another's, and, after the change, where another program has the database
    open so that old bytes may stand in its file.
    """
    (key,) = named(store, [old])
    infos = transcript_infos(store)
    old = next(info.name for info in infos if info.id == key)
    new = _checked(store, key, old, new)
    others = [info.name for info in infos if info.id != key]
    gone = _gone(store, key, (old, *also), new) if forget else ()
    if old == new and not gone:
        raise UserError(f"It is called “{new}” already.", hint="Nothing was changed.")
    names = Names(dict.fromkeys(gone, new), others)
    written = tuple(written_with_its_words(study, store, key)) if forget else ()
    sent = others_have_it(store, key)
    parts = _parts(store, key, gone, new)
    replaced: dict[str, int] = {}
    with store.rehearsal() if dry_run else nullcontext(store) as store, store.transaction():
        # The file is written last within the transaction: if it cannot be, nothing is changed.
        said = f"“{old}” is called “{new}” now"
        if forget:
            said = f"A transcript is called “{new}” now; what it was called before is not kept"
        record_renaming(store, key, new, forget=forget, who=who, what=said)
        examples, unread = _in_codebook(study, store, old, new, who, dry_run=dry_run)
        if forget:
            replaced = forget_names(store, names)
        left = where_left(store, names) if forget else {}
    reports = _reports(study, names, gone) if forget else ()
    copies = 0
    stopped: UserError | None = None
    if forget and not dry_run:
        for path in reports:
            path.unlink(missing_ok=True)
        try:
            copies = scrub(store)
        except UserError as error:
            stopped = error
    files = files_with_name(study, names, gone) if forget else ()
    if stopped is not None:
        raise UserError(
            f"“{new}” has its name, and the old one is replaced, but another program has the "
            "database open, so that old bytes may still stand in its file.",
            where=stopped.where,
            hint="Close the other program, then give the same name again with --forget and the "
            "old name.",
        ) from stopped
    return RenamedTranscript(
        "" if forget else old,
        new,
        examples,
        unread,
        forget,
        replaced,
        left,
        parts,
        len(reports),
        copies,
        tuple(p.relative_to(study.folder).as_posix() for p in files if p not in reports),
        tuple(w for w in written if not any(w.startswith(str(p.resolve())) for p in files)),
        sent,
        tuple(one for one in others if Names(dict.fromkeys(gone, new)).stands_in(one))
        if gone
        else (),
    )


def _checked(store: Store, key: int, old: str, new: str) -> str:
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


def _gone(store: Store, key: int, said: Sequence[str], new: str) -> tuple[str, ...]:
    """The names that are to be forgotten. One that another transcript has now means that one."""
    others = {info.name for info in transcript_infos(store) if info.id != key}
    earlier = [name for name in names_of_transcript(store, key) if name not in others]
    found = tuple(dict.fromkeys(nfc(one).strip() for one in (*said, *earlier)))
    for name in found:
        if not name:
            raise UserError(
                "The name that is to be forgotten is empty.",
                hint='Write it as it stands: --forget "NAME".',
            )
        if name != new and Names({name: ""}).stands_in(new):
            raise UserError(
                f"“{name}” stands in the new name “{new}”, so it would not be forgotten.",
                hint="Choose a name that says nothing of who it is.",
            )
    return tuple(name for name in found if name != new)


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


def _reports(study: Study, names: Names, gone: Sequence[str]) -> tuple[Path, ...]:
    """Reports can be written again, so those with the name are not kept."""
    folder = study.reports_folder
    return tuple(p for p in files_with_name(study, names, gone) if folder in p.parents)


def _parts(store: Store, key: int, gone: Collection[str], new: str) -> dict[str, int]:
    """Words of the names that are no words of the new one, as they stand in the interview."""
    text = transcript(store, key)
    said = "\n".join([text.text, *dict.fromkeys(s.speaker for s in text.segments)])
    found = {}
    for word in dict.fromkeys(w.strip(".,;()") for name in gone for w in name.split()):
        plain = len(word) < _FEWEST or not word[0].isupper() or not word.isalpha()
        if plain or word.casefold() in {*_NO_NAMES, *new.casefold().split()}:
            continue
        if times := Names({word: ""}).count_in(said):
            found[word] = times
    return found
