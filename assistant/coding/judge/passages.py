"""A transcript and a codebook as vectors, for the strategy `judge`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from assistant.codebook.records import Code, Codebook
from assistant.transcripts.records import Segment, segment_body

__all__ = ["CodedPassages", "Embeds", "FloatArray", "Passages", "code_text", "code_vectors", "read"]

FloatArray = NDArray[np.floating]


class Embeds(Protocol):
    """The part of an embedder that is needed here."""

    def embed(
        self, texts: Sequence[str], kind: Literal["passage", "query"] = "passage"
    ) -> FloatArray: ...


@dataclass(frozen=True)
class Passages:
    """The segments of one transcript, in order."""

    texts: tuple[str, ...]
    speakers: tuple[str, ...]
    vectors: FloatArray
    """(segments, dimensions), rows of unit length."""

    def __len__(self) -> int:
        return len(self.texts)


@dataclass(frozen=True)
class CodedPassages:
    """A transcript that people have coded."""

    sha256: str
    """Of the transcript."""
    passages: Passages
    people: tuple[NDArray[np.bool_], ...]
    """One array (segments, codes) a person, on the codes' order."""
    looked: tuple[NDArray[np.bool_], ...] = ()
    """(codes,) a person: which codes she knew when she coded. Of the others she said neither yes
    nor no. Empty: everybody knew all."""

    @property
    def known(self) -> NDArray[np.bool_]:
        """(codes,): those that somebody looked for."""
        if not self.looked:
            return np.ones(self.people[0].shape[1], bool)
        return np.asarray(np.stack(self.looked).any(axis=0))

    @property
    def share(self) -> FloatArray:
        """(segments, codes): of those who looked for the code, the share who applied it; 0 where
        nobody looked for it."""
        people = np.stack(self.people).astype(float)
        if not self.looked:
            return np.asarray(people.mean(axis=0))
        looked = np.stack(self.looked)
        return np.asarray(people.sum(axis=0) / np.maximum(looked.sum(axis=0), 1))

    @property
    def cells(self) -> float:
        """Segments times codes that a person looked for, mean over people."""
        codes = [int(one.sum()) for one in self.looked] or [self.people[0].shape[1]]
        return len(self.passages) * float(np.mean(codes))


def read(text: str, segments: Sequence[Segment], embedder: Embeds) -> Passages:
    """The segments of a transcript with their vectors."""
    bodies = [segment_body(text, segment) for segment in segments]
    texts = tuple(text[start:end] for start, end in bodies)
    return Passages(texts, tuple(s.speaker for s in segments), embedder.embed(texts, "passage"))


def code_text(code: Code, transcript: str = "") -> str:
    """What stands for a code beside a passage: name, definition, what it includes, and examples
    that are not from ``transcript``."""
    name = code.label.replace("-", " ").replace("_", " ")
    parts = [f"{name}: {code.definition}" if code.definition else name, code.include]
    parts += [e.text for e in code.examples if e.applies and _usable(e.transcript, transcript)]
    return " ".join(part.strip() for part in parts if part.strip())


def code_vectors(codebook: Codebook, embedder: Embeds, transcript: str = "") -> FloatArray:
    """(codes that are sent, dimensions), in the codebook's order, with no word of ``transcript``
    (a name) among them."""
    return embedder.embed([code_text(code, transcript) for code in codebook.sent], "query")


def _usable(source: str, transcript: str) -> bool:
    return not source or source.strip().casefold() != transcript.strip().casefold()
