"""An embedder whose vectors are kept in the study, so that a text is embedded once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import copy

import numpy as np

from assistant.coding.judge.passages import FloatArray
from assistant.hashing import hash_text
from assistant.llm.embedded.embeddings import Chosen, Kind
from assistant.store.database import Store
from assistant.store.model.vectors import record_vectors, vectors

__all__ = ["StoredEmbedder"]


class StoredEmbedder:
    """Looks vectors up in the study before it asks ``chosen``."""

    def __init__(
        self, store: Store, chosen: Chosen, words: Callable[[str], str] | None = None
    ) -> None:
        """``words`` replaces names, where texts are sent elsewhere: a text is known by what is
        sent of it."""
        self._store = store
        self._words = words
        self._inner = chosen.embedder
        # Word statistics change with their corpus and are made in a moment.
        self._keep = chosen.sentences
        self.name = chosen.embedder.name

    def on(self, store: Store) -> StoredEmbedder:
        """The same, with the study opened again: a plan may be older than the store that its run
        works on."""
        other = copy(self)
        other._store = store
        return other

    def embed(self, texts: Sequence[str], kind: str = "passage") -> FloatArray:
        which: Kind = "query" if kind == "query" else "passage"
        if self._words is not None:
            texts = [self._words(text) for text in texts]
        if not self._keep or not texts:
            return self._inner.embed(texts, which)
        keys = [_key(kind, text) for text in texts]
        there = vectors(self._store, self.name, list(dict.fromkeys(keys)))
        missing = {k: t for k, t in zip(keys, texts, strict=True) if k not in there}
        if missing:
            made = self._inner.embed(list(missing.values()), which)
            new = {
                key: np.asarray(row, "<f4").tobytes()
                for key, row in zip(missing, made, strict=True)
            }
            record_vectors(self._store, self.name, new)
            there.update(new)
        return np.stack([np.frombuffer(there[key], "<f4") for key in keys])

    def missing(self, texts: Sequence[str], kind: str = "passage") -> list[str]:
        """Those that are not in the study, once each and as they would be sent."""
        sent = texts if self._words is None else [self._words(text) for text in texts]
        keys = {_key(kind, text): text for text in sent}
        there = vectors(self._store, self.name, list(keys))
        return [text for key, text in keys.items() if key not in there]


def _key(kind: str, text: str) -> str:
    return hash_text(f"{kind}: {text}")
