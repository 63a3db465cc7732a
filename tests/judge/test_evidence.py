"""Passages and codes to numbers: own words never leak, shapes hold, the right code comes first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import pytest

from assistant.codebook.records import Code, Codebook, Example
from assistant.coding.judge.evidence import evidence, ranking, smoothed
from assistant.coding.judge.passages import (
    FloatArray,
    Passages,
    code_text,
    code_vectors,
    read,
)
from assistant.coding.judge.shortlist import shortlist, worth_asking
from tests.judge.invented import CODES, code_directions, interview, transcript


class Recorder:
    """Remembers what it was asked to embed."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, str]] = []

    def embed(
        self, texts: Sequence[str], kind: Literal["passage", "query"] = "passage"
    ) -> FloatArray:
        self.seen.extend((kind, text) for text in texts)
        return np.ones((len(texts), 2)) / 2**0.5


CODE = Code(
    id="shared-tools",
    definition="Tools that belong to all.",
    include="Borrowing.",
    exclude="Rented machines.",
    examples=(
        Example(text="from the first interview", transcript="Interview 1"),
        Example(text="made up"),
        Example(text="looks like it", applies=False),
    ),
)


def test_a_codes_text_leaves_out_the_transcripts_own_words() -> None:
    assert "from the first interview" in code_text(CODE, "Interview 2")
    for spelling in ("Interview 1", "interview 1 "):
        assert "from the first interview" not in code_text(CODE, spelling)
        assert "made up" in code_text(CODE, spelling)


def test_a_codes_text_has_what_draws_it_near() -> None:
    text = code_text(CODE)
    assert text.startswith("shared tools: Tools that belong to all. Borrowing.")
    assert "Rented" not in text
    assert "looks like it" not in text
    assert code_text(Code(id="a_b")) == "a b"


def test_only_codes_that_are_sent_get_a_vector() -> None:
    recorder = Recorder()
    book = Codebook(name="b", codes=(CODE, Code(id="q1", kind="structural"), Code(id="z")))
    assert code_vectors(book, recorder).shape == (2, 2)
    assert {kind for kind, _ in recorder.seen} == {"query"}


def test_reading_takes_the_segments_without_white_space() -> None:
    recorder = Recorder()
    one = transcript("First words.", "Second words.", speakers=("I", "P"))
    passages = read(one.text, one.segments, recorder)
    assert passages.texts == ("First words.", "Second words.")
    assert passages.speakers == ("I", "P")
    assert recorder.seen == [("passage", "First words."), ("passage", "Second words.")]


def test_shapes_and_names() -> None:
    target = interview(0)
    alone = evidence(target.passages, code_directions())
    assert alone.values.shape == (60, CODES, len(alone.names))
    both = evidence(target.passages, code_directions(), [interview(1), interview(2)])
    assert both.values.shape == (60, CODES, len(both.names))
    assert both.names[: len(alone.names)] == alone.names
    assert np.isfinite(both.values).all()


@pytest.mark.parametrize("segments", [0, 1, 2])
def test_very_short_transcripts(segments: int) -> None:
    passages = interview(0).passages
    short = Passages(
        passages.texts[:segments], passages.speakers[:segments], passages.vectors[:segments]
    )
    found = evidence(short, code_directions(), [interview(1)])
    assert found.values.shape[:2] == (segments, CODES)
    assert np.isfinite(found.values).all()
    assert shortlist(ranking(short, code_directions()), 4).shape == (segments, 4)


def test_a_code_that_nobody_used_is_no_obstacle() -> None:
    other = interview(1)
    unused = tuple(np.where(np.arange(CODES) == 2, False, person) for person in other.people)
    found = evidence(
        interview(0).passages,
        code_directions(),
        [type(other)(other.sha256, other.passages, unused)],
    )
    assert np.isfinite(found.values).all()
    frequency = found.values[0, :, found.names.index("frequency")]
    assert frequency.argmin() == 2


def test_the_ranking_puts_the_true_code_first() -> None:
    target = interview(3, noise=0.2)
    truth = target.share > 0
    first = shortlist(ranking(target.passages, code_directions()), 1)[:, 0]
    coded = truth.any(axis=1)
    assert (truth[coded].argmax(axis=1) == first[coded]).mean() > 0.7


def test_what_an_interview_shares_says_nothing() -> None:
    # A code whose text is near to every passage of the interview is not put first everywhere.
    target = interview(0)
    codes = code_directions().copy()
    codes[4] = target.passages.vectors.mean(axis=0)
    codes[4] /= np.linalg.norm(codes[4])
    first = shortlist(ranking(target.passages, codes), 1)[:, 0]
    assert (first == 4).mean() < 0.5


def test_the_ranking_does_not_know_other_transcripts() -> None:
    target = interview(0)
    once = ranking(target.passages, code_directions())
    evidence(target.passages, code_directions(), [interview(1)])
    assert np.array_equal(once, ranking(target.passages, code_directions()))


def test_smoothing_keeps_level_and_edges() -> None:
    values = np.array([[4.0], [0.0], [0.0], [0.0]])
    assert smoothed(values)[:, 0].tolist() == [3.0, 1.0, 0.0, 0.0]
    assert smoothed(np.full((5, 2), 7.0)).tolist() == np.full((5, 2), 7.0).tolist()


def test_equal_scores_keep_the_codebooks_order() -> None:
    assert shortlist(np.zeros((2, 5)), 3).tolist() == [[0, 1, 2], [0, 1, 2]]
    assert shortlist(np.array([[0.1, 0.9, 0.5]]), 10).tolist() == [[1, 2, 0]]
    with pytest.raises(ValueError, match="at least 1"):
        shortlist(np.zeros((1, 1)), 0)


def test_short_segments_are_not_worth_asking_about() -> None:
    texts = ("Yes.", "OK, thanks a lot.", "水やりの予定はいつも変わります。", "はい。")
    passages = Passages(texts, ("",) * 4, np.zeros((4, 2)))
    assert worth_asking(passages).tolist() == [False, True, True, False]
