"""Files that are no interviews: taken out again, and not asked about any more.

A codebook among the transcripts is read as one. To withdraw it would say of a participant who never
was that she withdrew, so it is taken out: recorded, counted nowhere, and only while nothing rests
on it. A file that is set aside is passed over where a whole folder is read; who names it brings it
in all the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.counting import counted
from assistant.errors import UserError
from assistant.hashing import hash_file
from assistant.interchange.study_codebook.tables import is_codebook_table
from assistant.interchange.transcripts import named
from assistant.interchange.withdrawal.holding import others_have_it
from assistant.store.database import Store
from assistant.store.texts.transcripts import transcript_infos
from assistant.store.trail.events import record_event
from assistant.store.withdrawal.taking_out import (
    SET_ASIDE,
    erase_transcript,
    set_aside_files,
    what_rests_on,
)
from assistant.store.withdrawal.withdrawal import scrub

__all__ = [
    *("TakenOut", "check_no_interview", "refuse_codebook", "set_aside", "take_out"),
    "without_set_aside",
]


@dataclass(frozen=True)
class TakenOut:
    transcript: str
    files: int
    """That were read as it; they are passed over from now on."""
    said: str


def check_no_interview(store: Store, name: str) -> str:
    """The name as it stands here. Raises `UserError` where there is no such transcript, where it
    is withdrawn, and where something rests on it."""
    (key,) = named(store, [name])
    info = next(info for info in transcript_infos(store) if info.id == key)
    if info.withdrawn:
        raise UserError(
            f"“{info.name}” was withdrawn: its words are erased, and that stays on record.",
            hint="There is nothing to take out.",
        )
    if there := what_rests_on(store, key):
        raise UserError(
            f"“{info.name}” cannot be taken out as no interview: there is work that rests on it "
            f"({', '.join(there)}). Nothing was changed.",
            hint="Leave it, and say in what you write what it is; where its participant withdraws, "
            f'`secondcoder withdraw "{info.name}"` erases her words.',
        )
    return info.name


def take_out(store: Store, name: str, who: str = "") -> TakenOut:
    """Take a transcript out that is no interview, and erase its words. Raises `UserError` as
    `check_no_interview`."""
    with store.transaction():
        name = check_no_interview(store, name)
        (key,) = named(store, [name])
        elsewhere = others_have_it(store, key)
        count = len(next(info for info in transcript_infos(store) if info.id == key).documents)
        said = (
            f"“{name}” is no interview and was taken out: its words are erased here, and "
            f"{counted(count, 'file')} {'is' if count == 1 else 'are'} passed over from now on."
        )
        if elsewhere:
            said += (
                " It was shared with another study, or came from one: take it out there too, or it "
                "comes back with the next file from there."
            )
        files = erase_transcript(store, key)
        record_event(store, SET_ASIDE, said, who, files=sorted(files))
    scrub(store)
    return TakenOut(name, count, said)


def set_aside(store: Store, files: Sequence[Path], who: str = "") -> str:
    """Pass files over that are no interviews, where a folder is read; the sentence that tells of
    it. Raises `UserError` where there is no such file."""
    if not files:
        raise UserError("Say which files are set aside.", hint="Name the files one by one.")
    for file in files:
        if not file.is_file():
            raise UserError(
                "There is no such file.", where=str(file), hint="Name the files one by one."
            )
    names = ", ".join(f"“{file.name}”" for file in files)
    said = (
        f"{names} {'is' if len(files) == 1 else 'are'} set aside: nobody is asked about "
        f"{'it' if len(files) == 1 else 'them'} any more."
    )
    record_event(store, SET_ASIDE, said, who, files=sorted({hash_file(file) for file in files}))
    return said


def refuse_codebook(file: Path) -> None:
    """Raises `UserError` for a table of codes and their definitions, which is no interview."""
    if is_codebook_table(file):
        raise UserError(
            "This is a codebook, and no interview: a table of codes and their definitions.",
            where=str(file),
            hint=f'Take its codes: secondcoder codebook import "{file}"',
        )


def without_set_aside(store: Store, given: Iterable[Path], files: Iterable[Path]) -> Iterator[Path]:
    """The files less those that somebody has set aside, unless they are ``given`` by name."""
    aside, named_ = set_aside_files(store), {path.resolve() for path in given}
    for file in files:
        if not aside or file.resolve() in named_ or hash_file(file) not in aside:
            yield file
