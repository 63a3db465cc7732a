"""What is learned for a transcript comes from elsewhere, and only from who looked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from types import SimpleNamespace
from typing import Literal

import numpy as np
import pytest

from assistant.codebook.records import Code, Codebook, Example
from assistant.coding.judge.concluding import JudgeConclusion
from assistant.coding.judge.evidence import evidence
from assistant.coding.judge.fitting import Cells, Judged, judge_cells
from assistant.coding.judge.passages import CodedPassages, FloatArray
from assistant.store.database import open_store
from tests.judge.invented import CODES, code_directions, interview, transcript


def every_cell(one: CodedPassages) -> Cells:
    segments, codes = np.indices((len(one.passages), CODES))
    return Cells(segments.ravel(), codes.ravel(), None)


def judged(others: Sequence[CodedPassages], asked: list[tuple[str, ...]] | None = None) -> Judged:
    target = interview(9)

    def vectors(*hashes: str) -> FloatArray:
        if asked is not None:
            asked.append(hashes)
        return code_directions()

    lists = {o.sha256: every_cell(o) for o in others}
    return judge_cells(
        target.sha256, target.passages, every_cell(target), vectors, others, {}, lists, "sha256:r"
    )


def test_examples_of_the_transcript_are_no_part_of_what_is_learned_for_it() -> None:
    target, others = interview(9), [interview(seed) for seed in range(3)]
    asked: list[tuple[str, ...]] = []
    judged(others, asked)
    assert asked
    assert all(target.sha256 in hashes for hashes in asked)
    assert {o.sha256 for o in others} <= {sha for hashes in asked for sha in hashes}


def test_vectors_leave_out_the_examples_of_all_that_are_named() -> None:
    said = {n: f"this was said of {n} and of nothing else at all" for n in ("One", "Two")}
    book = Codebook(
        name="b",
        version="1",
        codes=(
            Code(id="attr", kind="attribute", examples=(Example(text="x", transcript="One"),)),
            Code(id="c", examples=tuple(Example(text=t, transcript=n) for n, t in said.items())),
        ),
    )
    read: list[str] = []

    class Embedder:
        def embed(
            self, texts: Sequence[str], kind: Literal["passage", "query"] = "passage"
        ) -> FloatArray:
            read.append(" ".join(texts))
            return np.ones((len(texts), 1))

    texts = [
        transcript(words, name=name).model_copy(update={"sha256": name})
        for name, words in said.items()
    ]
    plan = SimpleNamespace(
        codebook=book,
        embedder=Embedder(),
        shown=book,
        asked=[SimpleNamespace(transcript=text) for text in texts],
        coded=(),
    )
    with open_store()[0] as store:
        vectors = JudgeConclusion(store, 1, plan)._code_vectors()  # type: ignore[arg-type]
    for hashes, left in ((("One",), {"Two"}), (("Two",), {"One"}), (("One", "Two"), set())):
        assert vectors(*hashes).shape == (1, 1)
        assert {n for n in said if said[n] in read[-1]} == left
    vectors("One", "Two")
    assert len(read) == 3, "each text is read once"


def without(one: CodedPassages, code: int) -> CodedPassages:
    """As if the code had been added to the codebook after everybody had coded it."""
    looked = np.arange(CODES) != code
    people = tuple(table & looked for table in one.people)
    return replace(one, people=people, looked=tuple(looked for _ in people))


@pytest.mark.slow
def test_a_code_that_nobody_knew_is_no_no() -> None:
    """Six of eight interviews were coded before the code was there."""
    known, target = [interview(seed) for seed in range(8)], interview(9)
    late = [without(one, 0) for one in known[:6]] + known[6:]
    as_no = [replace(one, looked=()) for one in late]
    names = evidence(target.passages, code_directions(), known).names

    def mean(others: list[CodedPassages], name: str, code: int) -> float:
        found = evidence(target.passages, code_directions(), others)
        return float(found.values[:, code, names.index(name)].mean())

    for name in ("frequency", "vote", "spread"):
        assert mean(late, name, 1) == pytest.approx(mean(known, name, 1))
        assert mean(as_no, name, 0) < mean(late, name, 0)
        assert mean(late, name, 0) == pytest.approx(mean(known, name, 0), abs=0.6)
    full, right, wrong = (judged(others).probability for others in (known, late, as_no))
    assert full is not None
    assert right is not None
    assert wrong is not None
    mine = every_cell(target).codes == 0
    assert np.abs(right - full)[mine].sum() < np.abs(wrong - full)[mine].sum()
