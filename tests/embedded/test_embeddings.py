"""Every embedder gives unit rows, in order; the choice between them says why."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from assistant.errors import ProviderError
from assistant.llm.embedded import embeddings
from assistant.llm.embedded.embeddings import (
    CachedEmbedder,
    EndpointEmbedder,
    FloatArray,
    Kind,
    SentenceEmbedder,
    WordStatistics,
    best_embedder,
)
from assistant.llm.embedded.platform_checks import Availability, embedding_available

GARDEN = "We share the garden tools and nobody brings them back."
WATER = "The watering schedule never works in August."
MONEY = "Membership fees went up again this year."
CORPUS = (GARDEN, WATER, MONEY, "Tools: sharing tools and equipment.", "Costs: fees and money.")


def test_word_statistics_find_the_nearest_by_its_words() -> None:
    embedder = WordStatistics(CORPUS)
    rows = embedder.embed([GARDEN, WATER, MONEY])
    assert rows.dtype == np.float32
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)
    near = rows @ embedder.embed(["sharing tools", "fees and money"], "query").T
    assert near[:, 0].argmax() == 0
    assert near[:, 1].argmax() == 2


def test_word_statistics_meet_inflected_words() -> None:
    embedder = WordStatistics(CORPUS)
    near = embedder.embed(["They shared equipments.", "It rained."]) @ embedder.embed(["sharing"]).T
    assert near[0, 0] > near[1, 0]


def test_word_statistics_are_named_by_their_corpus() -> None:
    assert WordStatistics(CORPUS).name == WordStatistics(reversed(CORPUS)).name
    assert WordStatistics(CORPUS).name != WordStatistics(CORPUS[1:]).name


@pytest.mark.parametrize("corpus", [(), ("",), ("...", "?!")])
def test_word_statistics_without_a_word(corpus: tuple[str, ...]) -> None:
    rows = WordStatistics(corpus).embed(["anything at all", ""])
    assert np.isfinite(rows).all()
    assert (rows[1] == 0).all()
    assert WordStatistics(corpus).embed([]).shape[0] == 0


class Counting:
    name = "counting"

    def __init__(self) -> None:
        self.asked: list[tuple[str, ...]] = []

    def embed(self, texts: Sequence[str], kind: Kind = "passage") -> FloatArray:
        self.asked.append(tuple(texts))
        return np.array([[len(t), 1.0 if kind == "query" else 0.0] for t in texts], np.float32)


def test_each_text_is_embedded_once() -> None:
    inner = Counting()
    cached = CachedEmbedder(inner)
    first = cached.embed(["a", "bb", "a"])
    assert inner.asked == [("a", "bb")]
    assert first[:, 0].tolist() == [1, 2, 1]
    assert cached.embed(["bb", "ccc"])[:, 0].tolist() == [2, 3]
    assert inner.asked[-1] == ("ccc",)
    assert cached.embed(["a"], "query")[0, 1] == 1
    assert cached.name == "counting"


def test_an_endpoint_is_asked_in_batches_with_prefixes() -> None:
    asked: list[list[str]] = []

    def call(texts: list[str]) -> list[list[float]]:
        asked.append(texts)
        return [[3.0, 4.0] for _ in texts]

    embedder = EndpointEmbedder("nomic", call, query_prefix="search_query: ", batch=2)
    rows = embedder.embed(["a", "b", "c"], "query")
    assert asked == [["search_query: a", "search_query: b"], ["search_query: c"]]
    assert np.allclose(rows, [[0.6, 0.8]] * 3)
    assert embedder.name != EndpointEmbedder("nomic", call).name
    assert embedder.embed([]).shape[0] == 0


def test_an_endpoint_that_gives_too_few_or_uneven_vectors() -> None:
    with pytest.raises(ProviderError, match="1 vectors for 2 texts"):
        EndpointEmbedder("m", lambda texts: [[1.0]]).embed(["a", "b"])
    with pytest.raises(ProviderError, match="different lengths"):
        EndpointEmbedder("m", lambda texts: [[1.0], [1.0, 2.0]]).embed(["a", "b"])


def test_the_choice_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    endpoint = EndpointEmbedder("m", lambda texts: [[1.0] for _ in texts])
    assert best_embedder(CORPUS, endpoint).embedder.inner is endpoint
    monkeypatch.setattr(
        embeddings, "embedding_available", lambda: Availability(False, "AVX2 is missing.")
    )
    chosen = best_embedder(CORPUS)
    assert not chosen.sentences
    assert chosen.why == "AVX2 is missing."
    assert chosen.embedder.name.startswith("word-statistics")
    monkeypatch.setattr(embeddings, "embedding_available", lambda: Availability(True))
    assert best_embedder(CORPUS).sentences
    assert not best_embedder(CORPUS, words_only=True).sentences


@pytest.mark.slow
@pytest.mark.model
def test_the_sentence_embedding_knows_meanings() -> None:
    state = embedding_available()
    if not state.ok:
        pytest.skip(state.reason)
    embedder = SentenceEmbedder()
    rows = embedder.embed([GARDEN, WATER, MONEY, "", "a\x00b"])
    assert rows.shape == (5, 384)
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-3)
    near = rows[:3] @ embedder.embed(["It costs too much.", "There is too little rain."], "query").T
    centred = near - near.mean(axis=0)
    assert centred[:, 0].argmax() == 2
    assert centred[:, 1].argmax() == 1
    assert np.array_equal(embedder.embed([WATER])[0], rows[1])
    assert embedder.embed([]).shape == (0, 384)
