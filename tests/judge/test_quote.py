"""Quotes are cut from the text as they stand, and long enough to count."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.coding.judge.passages import FloatArray
from assistant.coding.judge.quote import cut_quote
from assistant.llm.embedded.embeddings import WordStatistics
from assistant.transcripts.records import segment_body
from tests.judge.invented import transcript

LONG = (
    "Well, I came here in spring and it was very quiet at that time of the year. "
    "The water is shut off in the evening and nobody tells us when it comes back on again. "
    "My neighbour grows beans. She is good at it. "
    "I also like the evenings here when the light is low and the children are gone."
)
ONE = transcript("What about it?", LONG, "Fine.", speakers=("I", "P", "I"))
EMBEDDER = WordStatistics([LONG, "water shut off", "beans neighbour"])


def cut(segment: int, code: str) -> str:
    vector = EMBEDDER.embed([code])[0]
    start, end = cut_quote(ONE.text, ONE.segments[segment], vector, EMBEDDER)
    return ONE.text[start:end]


def test_the_sentence_most_like_the_code() -> None:
    quote = cut(1, "water shut off")
    assert quote.startswith("The water is shut off")
    assert quote.endswith("again.")


def test_a_short_sentence_takes_neighbours_until_it_counts() -> None:
    quote = cut(1, "neighbour grows beans")
    assert "My neighbour grows beans." in quote
    assert len(quote.split()) >= 10


def test_a_short_segment_is_quoted_whole() -> None:
    assert cut(0, "water") == "What about it?"
    assert cut(2, "water") == "Fine."


class Flat:
    """Finds nothing like anything."""

    def embed(
        self, texts: Sequence[str], kind: Literal["passage", "query"] = "passage"
    ) -> FloatArray:
        return np.zeros((len(texts), 2))


@settings(max_examples=100)
@given(
    st.lists(st.text(min_size=1, max_size=120), min_size=1, max_size=4),
    st.integers(min_value=0, max_value=3),
)
def test_always_inside_the_segment_and_enough(bodies: list[str], which: int) -> None:
    one = transcript(*bodies)
    segment = one.segments[which % len(one.segments)]
    start, end = cut_quote(one.text, segment, np.zeros(2), Flat())
    low, high = segment_body(one.text, segment)
    assert low <= start <= end <= high
    quote = one.text[start:end]
    assert quote == quote.strip()
    assert 2 * (end - start) >= high - low or len(quote.split()) >= 10
