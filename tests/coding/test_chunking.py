"""Chunks: every segment once, within the budget, slices of the stored text."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.coding.chunking import blank_segments, halve, make_chunks, shorten
from assistant.coding.records import Chunk
from assistant.coding.sentences import cut_to_fit, sentence_spans
from assistant.transcripts.records import Transcript
from tests.coding.invented import count_words, made_of

FRAME = 6  # tokens around each passage, as in chunking

words = st.sampled_from(["rain", "we", "dug.", "Why?", "roots,", "雨。", "🌱", "é", "So"])
paragraphs = st.lists(st.lists(words, max_size=60).map(" ".join), min_size=1, max_size=12)


def chunks_of(transcript: Transcript, budget: int, context: int = 1) -> tuple[Chunk, ...]:
    return make_chunks(transcript.text, transcript.segments, count_words, budget, context)


@pytest.mark.slow
@given(paragraphs, st.integers(30, 120), st.integers(0, 3))
@settings(max_examples=150, deadline=None)
def test_every_word_is_in_exactly_one_piece(parts: list[str], budget: int, context: int) -> None:
    transcript = made_of(parts)
    chunks = chunks_of(transcript, budget, context)
    blank = set(blank_segments(transcript.text, transcript.segments))
    pieces = [piece for chunk in chunks for piece in chunk.pieces]

    # In the order of the text, without overlap, and with nothing but white space between.
    at = 0
    for piece in pieces:
        assert not transcript.text[at : piece.start].strip()
        segment = transcript.segments[piece.segment]
        assert segment.start <= piece.start < piece.end <= segment.end
        assert (
            transcript.text[piece.start : piece.end].strip()
            == (transcript.text[piece.start : piece.end])
        )
        at = piece.end
    assert not transcript.text[at:].strip()

    assert {piece.segment for piece in pieces} | blank == set(range(len(parts)))
    assert not {piece.segment for piece in pieces} & blank
    for chunk in chunks:
        assert chunk.first_segment == chunk.pieces[0].segment
        assert chunk.last_segment == chunk.pieces[-1].segment
        spent = sum(count_words(transcript.text[p.start : p.end]) + FRAME for p in chunk.pieces)
        assert spent <= budget
    # A segment is in several chunks only when it does not fit one.
    for number in {piece.segment for piece in pieces}:
        holding = [c for c in chunks if any(p.segment == number for p in c.pieces)]
        segment = transcript.segments[number]
        cost = count_words(transcript.text[segment.start : segment.end]) + FRAME
        assert (len(holding) > 1 or any(len(c.pieces) > 1 for c in holding)) or cost <= budget
        if cost <= budget:
            assert len(holding) == 1


@given(paragraphs, st.integers(30, 120), st.integers(0, 3))
@settings(max_examples=80, deadline=None)
def test_context_is_beside_the_chunk_and_never_in_it(
    parts: list[str], budget: int, context: int
) -> None:
    for chunk in chunks_of(made_of(parts), budget, context):
        assert len(chunk.context_before) <= context
        assert len(chunk.context_after) <= context
        for piece in chunk.context_before:
            assert piece.end <= chunk.pieces[0].start
        for piece in chunk.context_after:
            assert piece.start >= chunk.pieces[-1].end


@given(paragraphs, st.integers(30, 120))
@settings(max_examples=80, deadline=None)
def test_halving_loses_nothing_and_ends(parts: list[str], budget: int) -> None:
    def leaves(chunk: Chunk) -> list[Chunk]:
        halves = halve(chunk)
        if halves is None:
            assert len(chunk.pieces) == 1
            return [chunk]
        left, right = halves
        assert left.pieces + right.pieces == chunk.pieces
        assert left.context_after[:1] == right.pieces[:1]
        assert right.context_before[-1:] == left.pieces[-1:]
        return leaves(left) + leaves(right)

    for chunk in chunks_of(made_of(parts), budget):
        ends = leaves(chunk)
        assert tuple(piece for end in ends for piece in end.pieces) == chunk.pieces
        assert len({end.label for end in ends}) == len(ends)
        assert all(end.first_segment == end.pieces[0].segment for end in ends)
        assert all(end.last_segment == end.pieces[0].segment for end in ends)


@given(paragraphs, st.integers(30, 120))
@settings(max_examples=80, deadline=None)
def test_what_is_too_long_gets_shorter_each_time_and_ends(parts: list[str], budget: int) -> None:
    def asked(chunk: Chunk) -> int:
        pieces = (*chunk.context_before, *chunk.pieces, *chunk.context_after)
        return sum(piece.end - piece.start for piece in pieces)

    def leaves(chunk: Chunk) -> list[Chunk]:
        shorter = shorten(chunk)
        assert all(asked(one) < asked(chunk) for one in shorter)
        assert len({one.label for one in (chunk, *shorter)}) == len(shorter) + 1
        return [end for one in shorter for end in leaves(one)] or [chunk]

    for chunk in chunks_of(made_of(parts), budget):
        ends = leaves(chunk)
        assert tuple(piece for end in ends for piece in end.pieces) == chunk.pieces
        assert all(not end.context_before and not end.context_after for end in ends)


def test_halves_are_told_apart_and_keep_their_place() -> None:
    chunk = chunks_of(made_of(["one two", "three four", "five six"]), 100)[0]
    left, right = halve(chunk) or pytest.fail("has three pieces")
    assert (chunk.label, left.label, right.label) == ("1", "1a", "1b")
    assert (left.last_segment, right.first_segment) == (0, 1)
    nearer = halve(right) or pytest.fail("has two pieces")
    assert [half.label for half in nearer] == ["1ba", "1bb"]


def test_halves_have_no_context_when_none_is_wanted() -> None:
    chunk = chunks_of(made_of(["one two", "three four"]), 100, context=0)[0]
    for half in halve(chunk) or pytest.fail("has two pieces"):
        assert half.context_before == half.context_after == ()


def test_a_segment_above_the_budget_is_cut_at_sentences() -> None:
    sentences = [f"Sentence number {n} has seven words here." for n in range(12)]
    transcript = made_of(["Before.", " ".join(sentences), "After."])
    chunks = chunks_of(transcript, 60)
    cut = [chunk for chunk in chunks if chunk.first_segment == 1]
    assert len(cut) > 1
    for chunk in cut:
        assert chunk.first_segment == chunk.last_segment == 1
        for piece in chunk.pieces:
            shown = transcript.text[piece.start : piece.end]
            assert shown.startswith("Sentence number")
            assert shown.endswith("here.")
    # It can still be halved when its reply is cut off; a whole segment alone cannot.
    assert halve(cut[0]) is not None
    assert halve(chunks[0]) is None


def test_a_paragraph_without_full_stops_is_cut_at_words() -> None:
    transcript = made_of(["and then " * 200])
    chunks = chunks_of(transcript, 50)
    for chunk in chunks:
        for piece in chunk.pieces:
            assert transcript.text[piece.start : piece.end].split()[0] in ("and", "then")


def test_text_without_spaces_is_cut_between_characters() -> None:
    text = "水" * 500
    chunks = make_chunks(text, made_of([text]).segments, len, 60, 0)
    assert "".join(text[p.start : p.end] for c in chunks for p in c.pieces) == text


def test_blank_segments_are_named_and_not_asked_about() -> None:
    transcript = made_of(["One.", " \u00a0\n", "Two."])
    assert blank_segments(transcript.text, transcript.segments) == (1,)
    assert [p.segment for c in chunks_of(transcript, 50) for p in c.pieces] == [0, 2]
    nothing = made_of(["  ", ""])
    assert chunks_of(nothing, 50) == ()
    assert blank_segments(nothing.text, nothing.segments) == (0, 1)


def test_context_is_cut_to_a_quarter_of_the_budget() -> None:
    long = " ".join(f"Sentence number {n} is here." for n in range(10))
    transcript = made_of([long, "Short one. " * 20, "End."])
    chunk = next(c for c in chunks_of(transcript, 60, 2) if c.first_segment == 1)
    shown = [transcript.text[p.start : p.end] for p in chunk.context_before]
    assert shown
    assert shown[-1].endswith("Sentence number 9 is here.")
    assert sum(count_words(text) + FRAME for text in shown) <= 15


def test_a_budget_of_nothing_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="budget"):
        chunks_of(made_of(["One."]), 0)


@given(st.text(max_size=300))
def test_sentences_join_to_the_text(text: str) -> None:
    assert "".join(text[a:b] for a, b in sentence_spans(text)) == text


@given(st.text(max_size=200), st.integers(1, 20))
def test_parts_that_fit_join_to_the_text(text: str, limit: int) -> None:
    spans = cut_to_fit(text, 0, len(text), lambda a, b: b - a, limit)
    assert "".join(text[a:b] for a, b in spans) == text
    assert all(b - a <= limit for a, b in spans)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It rained. We went in.", ["It rained. ", "We went in."]),
        ("He said “stop!” Then silence.", ["He said “stop!” ", "Then silence."]),
        ("Dr. Moss came. So did J. Fen.", ["Dr. Moss came. ", "So did J. Fen."]),
        ("It cost 1.5 euros. Really?", ["It cost 1.5 euros. ", "Really?"]),
        ("well... and so on. Yes.", ["well... and so on. ", "Yes."]),
        ("雨が降った。帰った。", ["雨が降った。", "帰った。"]),
        ("no mark at all", ["no mark at all"]),
        ("", []),
    ],
)
def test_where_sentences_end(text: str, expected: list[str]) -> None:
    assert [text[a:b] for a, b in sentence_spans(text)] == expected
