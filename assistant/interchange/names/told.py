"""What became of a transcript's name, as lines for people: the same in a terminal and on a page."""

from __future__ import annotations

from assistant.counting import counted
from assistant.interchange.names.transcript_names import RenamedTranscript

__all__ = ["KEPT", "in_words"]

KEPT = (
    "The old name stays on record: in the trail, in notes, in reports, in exported and shared "
    "files and in backups, since the record of what happened is never rewritten. If a name must be "
    "gone for good, make a new study from renamed files (docs/import.md, “A name that should not "
    "be there”)."
)


def in_words(done: RenamedTranscript, *, dry_run: bool = False) -> list[str]:
    """``dry_run``: nothing was changed yet."""
    now = f"would be called “{done.new}”" if dry_run else f"is called “{done.new}” now"
    said = [f"“{done.old}” {now}."]
    if done.examples:
        said.append(
            f"In the codebook, {counted(done.examples, 'example')} from it "
            f"{_is(done.examples, dry_run)} changed to say so. That makes another version of the "
            "codebook: a run with it is another coder for the codes with these examples (with "
            "“list”, for all codes), and earlier verdicts do not hold for it."
        )
    if done.codebook_unread:
        said.append(f"The codebook's file was left as it is: {done.codebook_unread}")
    return [*said, KEPT]


def _is(count: int, dry_run: bool) -> str:
    if dry_run:
        return "would be"
    return "was" if count == 1 else "were"
