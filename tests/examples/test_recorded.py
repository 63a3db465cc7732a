"""The recorded replies stand on the transcripts, but for the faults that were planted in them."""

from __future__ import annotations

import re

from assistant.coding.quotes.anchoring import anchor
from assistant.coding.records import Anchored, Application
from assistant.transcripts.reading import read_document
from tests.examples.files import (
    EXAMPLES,
    Reply,
    codebook,
    paragraphs,
    positives,
    replies,
    transcript_names,
)

PLANTED = {
    ("Interview 03", 22, "Humour"): "unknown-code",
    ("Interview 05", 31, "Calm-and-relief"): "folded",
    ("Interview 08", 40, "Family-and-plot"): "unanchored",
    ("Interview 12", 7, "Growing-and-crops"): "close",
}


def _key(reply: Reply) -> tuple[str, int, str]:
    return reply.transcript, reply.segment, reply.code


def test_every_reply_is_well_formed_and_single() -> None:
    assert len({_key(reply) for reply in replies()}) == len(replies()) > 200
    assert {reply.transcript for reply in replies()} == set(transcript_names())
    for reply in replies():
        assert 0 <= reply.segment < len(paragraphs(reply.transcript))
        assert 0 <= reply.confidence <= 1
        assert reply.rationale.endswith(".")
        assert reply.rationale.count(". ") == 0, reply.rationale


def test_a_paragraph_with_replies_is_known_by_its_words() -> None:
    """A server that answers from these replies can find them by the paragraph's text alone."""
    everything = [text for name in transcript_names() for _, text in paragraphs(name)]
    for reply in replies():
        assert everything.count(paragraphs(reply.transcript)[reply.segment][1]) == 1


def test_codes_and_quotes_are_right_but_for_the_planted_faults() -> None:
    book = codebook()
    unknown = {_key(reply) for reply in replies() if reply.code not in book.by_id}
    assert unknown == {("Interview 03", 22, "Humour")}
    wrong = {
        _key(reply)
        for reply in replies()
        if paragraphs(reply.transcript)[reply.segment][1].count(reply.quote) != 1
    }
    assert wrong == set(PLANTED) - unknown


def test_a_quote_is_long_enough_to_count_for_its_paragraph() -> None:
    """It covers ten words or half of the paragraph, or else evaluation would not count it."""
    for reply in replies():
        if _key(reply) in PLANTED:
            continue
        text = paragraphs(reply.transcript)[reply.segment][1]
        start = text.index(reply.quote)
        end = start + len(reply.quote)
        words = [match.span() for match in re.finditer(r"\S+", text)]
        covered = sum(start <= (first + last) // 2 < end for first, last in words)
        assert covered >= 10 or covered >= len(words) / 2, reply


def test_the_planted_faults_come_out_as_the_readme_says() -> None:
    book = codebook()
    texts = {}
    for file in (EXAMPLES / "transcripts").iterdir():
        document = read_document(file)
        texts[file.stem] = document
    outcomes = {}
    for reply in replies():
        document = texts[reply.transcript]
        application = Application(
            segment=1,
            code=reply.code,
            quote=reply.quote,
            rationale=reply.rationale,
            confidence=reply.confidence,
        )
        result = anchor(application, book, document.text, document.segments[reply.segment], "en")
        outcomes[_key(reply)] = result.how if isinstance(result, Anchored) else result.status
    assert {key: how for key, how in outcomes.items() if how != "exact"} == PLANTED


def test_the_model_misses_something_and_adds_something() -> None:
    """In Family and the plot its one fault is the invented quote; Theft and damage is easy."""
    for code in set(codebook().by_id) - {"Theft-and-damage", "Family-and-plot"}:
        assert positives(code, "model") != positives(code, "Team"), code
