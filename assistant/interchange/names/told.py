"""What became of a transcript's name, as lines for people: the same in a terminal and on a page."""

from __future__ import annotations

from assistant.counting import counted
from assistant.interchange.names.transcript_names import UNREACHED, RenamedTranscript

__all__ = ["in_words"]


def in_words(done: RenamedTranscript, *, dry_run: bool = False) -> list[str]:
    """``dry_run``: nothing was changed yet."""
    what = "The transcript" if done.forgotten else f"“{done.old}”"
    said = [f"{what} would be called “{done.new}”." if dry_run else _now(what, done.new)]
    if done.examples:
        said.append(
            f"In the codebook, {counted(done.examples, 'example')} from it "
            f"{_is(done.examples, dry_run)} changed to say so. That makes another version of the "
            "codebook: a run with it is another coder for the codes with these examples (with "
            "“list”, for all codes), and earlier verdicts do not hold for it."
        )
    if done.codebook_unread:
        said.append(f"The codebook's file was left as it is: {done.codebook_unread}")
    if not done.forgotten:
        return [*said, *_kept()]
    said.append(
        f"{'It would be' if dry_run else 'The old name is'} replaced in: "
        f"{_listed(done.replaced) or 'nothing else'}."
    )
    if done.reports:
        said.append(
            f"{counted(done.reports, 'file')} of reports with it {_is(done.reports, dry_run)} "
            "deleted; `secondcoder report` writes them again."
        )
    if done.copies:
        said.append(
            f"{counted(done.copies, 'older copy', 'older copies')} of the database "
            f"{_is(done.copies, dry_run)} deleted."
        )
    return [*said, *_remaining(done)]


def _now(what: str, new: str) -> str:
    return f"{what} is called “{new}” now."


def _is(count: int, dry_run: bool) -> str:
    if dry_run:
        return "would be"
    return "was" if count == 1 else "were"


def _kept() -> list[str]:
    return [
        "Where the old name stands in notes, in reports, in exported files and in the record of "
        "what happened, it stays. If it must not be known any more: --forget-old-name."
    ]


def _remaining(done: RenamedTranscript) -> list[str]:
    said = []
    if done.left:
        said.append(f"It still stands in {_listed(done.left)}; that is not changed.")
    if done.parts:
        times = ", ".join(f"“{word}” {counted(n, 'time')}" for word, n in done.parts.items())
        said.append(
            f"Words of the old name stand in the interview itself, or are a speaker's: {times}. A "
            "transcript's words are not changed; `secondcoder pseudonyms` replaces names in what "
            "leaves this computer."
        )
    if done.others:
        listed = ", ".join(f"“{name}”" for name in done.others)
        said.append(f"It stands in the name of another transcript too: {listed}.")
    if done.files:
        said.append(
            "These files in the study's folder still have it, in their name or in what stands in "
            "them; rename, correct or delete them yourself:"
        )
        said += [f"  {name}" for name in done.files]
    if done.written:
        said.append("These files with its words were written or taken in while it was called so:")
        said += [f"  {line}" for line in done.written]
    if done.others_have_it:
        said.append(
            "It was shared with another study, or came from one. The other study forgets the name "
            "too when it takes in a share file that you write now; share files from before still "
            "have it."
        )
    return [*said, UNREACHED]


def _listed(found: dict[str, int] | None) -> str:
    return ", ".join(f"{what} ({n})" for what, n in (found or {}).items())
