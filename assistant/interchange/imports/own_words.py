"""Words that one file of an interview has and the others have not.

A code label that nobody listed is read as words. If another file gives the transcript its text,
the label would be gone without a word, now or when that file comes; if this file gives it, the
label would be speech. Either way its line is named.
"""

from __future__ import annotations

from collections.abc import Sequence

from assistant.transcripts.aligning import align
from assistant.transcripts.records import Segment, Skipped, segment_body

__all__ = ["NOT_THERE", "NO_MORE", "ONLY_HERE", "own_lines"]

NOT_THERE = "not in the transcript"
ONLY_HERE = "only in this file, and part of the transcript's text now"
NO_MORE = "it was in the transcript until now, and is not in the text that was taken"
_LABEL = 5
"""Words of a line that may be a code label."""
_SHORTEST = 3
"""Its characters."""
_ENDS = ".?!…,;:"


def own_lines(
    text: str, segments: Sequence[Segment], others: Sequence[str], why: str
) -> tuple[Skipped, ...]:
    """Paragraphs of a text, and ends of paragraphs, that no other has anything in place of.

    What was only spelled or worded otherwise is not among them, nor what stands within a sentence.
    """
    if not others or text in others:
        return ()
    alignments = [align(text, other) for other in others]
    found = []
    for segment in segments:
        start, end = segment_body(text, segment)
        places = [alignment.without_counterpart(start, end) for alignment in alignments]
        begins = [at for at in places if at is not None]
        if len(begins) < len(places):
            continue
        what = " ".join(text[max(begins) : end].split())
        if segment.index == 0 and not segment.speaker and max(begins) == start:
            what_else = "it may be a title"
        else:
            what_else = "it may be a code label"
        label = len(what.split()) <= _LABEL and len(what) >= _SHORTEST and what[-1] not in _ENDS
        found.append(
            Skipped(
                what=what,
                why=f"{why}; {what_else}" if label else why,
                where=f"passage {segment.index + 1}",
            )
        )
    return tuple(found)
