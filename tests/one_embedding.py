"""The sentence embedding is asked about each text once, however many tests rank the same passages.

Three interviews of the example study take it 20 seconds, and every test that runs without a model
asks about the same ones; they are one group (`tests.scheduling`). What it gives for a text does not
hang on the texts beside it: that, and what its vectors mean, tests marked ``model`` try on the
model itself, without this.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from assistant.llm.embedded.embeddings import CachedEmbedder, FloatArray, Kind, SentenceEmbedder

__all__ = ["embed_once"]


class _Model(SentenceEmbedder):
    """The model itself, whatever is put in the place of its method."""

    embed = SentenceEmbedder.embed


_ONCE = CachedEmbedder(_Model())


def embed_once(patch: pytest.MonkeyPatch) -> None:
    """From now on every `SentenceEmbedder` gives again what was given before."""

    def embed(self: SentenceEmbedder, texts: Sequence[str], kind: Kind = "passage") -> FloatArray:
        return np.array(_ONCE.embed(texts, kind))

    patch.setattr(SentenceEmbedder, "embed", embed)
