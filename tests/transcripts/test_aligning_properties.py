"""What aligning must do with any two texts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.transcripts.aligning import Carried, NotCarried, align
from assistant.transcripts.aligning_words import words_of
from assistant.transcripts.grouping import same_interview, word_similarity

WORD = st.one_of(
    st.sampled_from(["a", "b", "Um,", "uh", "so.", "don't", "N'", "(yes)", "—"]),
    st.sampled_from(["🌱", "👩\u200d🌾", "❤\ufe0f", "e\u0301", "é", "नमस्ते", "你好", "ก็"]),
    st.text(st.characters(exclude_categories=("Cs", "Zs", "Zl", "Zp", "Cc")), min_size=1),
).filter(lambda word: not any(char.isspace() for char in word))

GAP = st.sampled_from([" ", "\n", "\n\n", "  ", " \n"])


@st.composite
def same_words(draw: st.DrawFn) -> tuple[list[str], str, str, list[int]]:
    """Words, two texts of them with unlike white space, and where each word starts in the first."""
    words = draw(st.lists(WORD, min_size=1, max_size=40))
    first, second, starts = "", "", []
    for word in words:
        first += draw(GAP) if first else ""
        second += draw(GAP) if second else ""
        starts.append(len(first))
        first += word
        second += word
    return words, first, second, starts


@pytest.mark.slow
@given(same_words(), st.data())
def test_white_space_makes_no_difference(
    texts: tuple[list[str], str, str, list[int]], data: st.DataObject
) -> None:
    words, source, target, starts = texts
    low = data.draw(st.integers(0, len(words) - 1))
    high = data.draw(st.integers(low, len(words) - 1))
    start, end = starts[low], starts[high] + len(words[high])
    found = align(source, target).carry(start, end)
    if not words_of(source[start:end]).folded:
        return
    assert isinstance(found, Carried)
    assert found.quality == "exact"
    assert target[found.start : found.end].split() == source[start:end].split()


@given(st.text(), st.data())
def test_equal_texts_keep_every_span(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    found = align(text, text).carry(start, end)
    if text[start:end].strip():
        assert isinstance(found, Carried)
        assert text[found.start : found.end] == text[start:end].strip()
    else:
        assert isinstance(found, NotCarried)


@pytest.mark.slow
@given(st.lists(WORD, max_size=30), st.lists(WORD, max_size=30), st.data())
def test_every_span_of_any_two_texts_has_a_place_or_a_reason(
    first: list[str], second: list[str], data: st.DataObject
) -> None:
    source, target = " ".join(first), " ".join(second)
    start = data.draw(st.integers(0, len(source)))
    end = data.draw(st.integers(start, len(source)))
    found = align(source, target).carry(start, end)
    if isinstance(found, NotCarried):
        assert found.reason
    else:
        assert 0 <= found.start < found.end <= len(target)
        assert not target[found.start].isspace()
        assert not target[found.end - 1].isspace()
        assert (found.quality == "exact") == (found.reason == "")


@pytest.mark.slow
@given(st.lists(WORD, max_size=30), st.lists(WORD, max_size=30))
def test_similarity_is_symmetric_and_bounded(first: list[str], second: list[str]) -> None:
    a, b = " ".join(first), " ".join(second)
    assert word_similarity(a, a) == 1.0
    assert 0.0 <= word_similarity(a, b) <= 1.0
    assert word_similarity(a, b) == pytest.approx(word_similarity(b, a))
    assert same_interview(a, b) == same_interview(b, a) == (word_similarity(a, b) >= 0.99)
