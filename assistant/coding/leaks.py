"""No text of a transcript stands in a prompt that codes it, except as the text to be coded.

A model that is shown a passage with its code, and then asked about that passage, is not tested.
Examples are left out by `requests`; this module refuses what is left: a sentence of the
transcript in the prompt's own words or in a definition.
"""

from __future__ import annotations

from collections.abc import Iterable

from assistant.coding.folding import fold
from assistant.coding.matching import core, units_in
from assistant.coding.sentences import sentence_spans
from assistant.errors import UserError
from assistant.transcripts.records import Transcript, segment_body

__all__ = ["MIN_WORDS", "leaked_sentences", "refuse_leaks"]

MIN_WORDS = 8
"""Shorter sentences are said by everybody ("How long have you been doing that?" has seven)."""


def leaked_sentences(transcript: Transcript, texts: Iterable[str]) -> tuple[str, ...]:
    """Sentences of a transcript, of at least `MIN_WORDS` words, that stand in one of the texts."""
    folded = [fold(text).text for text in texts]
    found: dict[str, None] = {}
    for segment in transcript.segments:
        low, high = segment_body(transcript.text, segment)
        for start, end in sentence_spans(transcript.text, low, high):
            sentence = transcript.text[start:end].strip()
            if units_in(sentence) < MIN_WORDS:
                continue
            words = core(fold(sentence).text)
            if any(words in text for text in folded):
                found[sentence] = None
    return tuple(found)


def refuse_leaks(transcript: Transcript, prompt_id: str, texts: Iterable[str]) -> None:
    """Raise `UserError` when a sentence of the transcript stands in its own prompt."""
    found = leaked_sentences(transcript, texts)
    if found:
        raise UserError(
            f"The prompt for transcript “{transcript.name}” already holds words of that "
            f"transcript: “{found[0]}”" + (f" (and {len(found) - 1} more)" if found[1:] else ""),
            where=f"prompt “{prompt_id}”, or a definition in the codebook",
            hint="Give such a passage as an example of its code, with its transcript: examples "
            "are left out for the transcript that they are from. Or put it in other words.",
        )
