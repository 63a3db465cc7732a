"""Passages that people read and that are most like the one under review.

With this code or against it: what people made of the nearest passages says more about a doubtful
one than a definition does. Likeness is the cosine of stored sentence vectors; where a passage has
none, of word statistics over the same passages. What is given to no model has no vectors, so it is
compared by words or not at all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.codebook.records import Codebook
from assistant.coding.consent import to_no_model
from assistant.hashing import hash_text
from assistant.store.database import Store
from assistant.store.decided.reviewing import shown_codings
from assistant.store.model.vectors import embedders, vectors
from assistant.store.people.codings import scopes
from assistant.store.records import Coding
from assistant.store.texts.transcripts import transcript, transcript_infos
from assistant.transcripts.records import segment_body

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["Passage", "Passages", "SimilarPassage", "passages_of_people", "similar"]

_FEWEST_LETTERS = 25
"""Shorter passages ("Yes.") are like everything and show nothing."""
_ENOUGH_LETTERS = 60
"""About ten words: a coding that covers so much of a passage is about it."""


@dataclass(frozen=True)
class Passage:
    """A segment that at least one person read without the model."""

    transcript_id: int
    transcript: str
    segment: int
    speaker: str
    text: str
    start: int
    codes: dict[str, tuple[str, ...]]
    """Code -> who gave it."""
    readers: tuple[str, ...]


@dataclass(frozen=True)
class Passages:
    """All of them with the vectors to compare them by."""

    passages: tuple[Passage, ...]
    rows: NDArray[np.float32]
    """(passages, dimensions), rows of unit length."""
    by_meaning: bool
    """False: by words alone."""


@dataclass(frozen=True)
class SimilarPassage:
    passage: Passage
    likeness: float
    """Cosine, up to 1."""
    with_code: tuple[str, ...]
    """People who gave it the code; empty: those who read it did not."""
    against: tuple[str, ...]


def passages_of_people(store: Store, book: Codebook) -> Passages:
    """Every passage that people coded, not counting what they coded after seeing the model."""
    import numpy as np

    found: list[Passage] = []
    to_none: set[int] = set()
    for info in transcript_infos(store):
        if to_no_model(info.consent):
            to_none.add(info.id)
        readers = sorted(
            s.coder.name
            for s in scopes(store, info.id)
            if s.coder.kind == "human" and s.exposure != "after-model" and s.segments is None
        )
        if info.withdrawn or not readers:
            continue
        text = transcript(store, info.id)
        mine = [
            c
            for c in shown_codings(store, info.id)
            if c.coder.name in readers and c.exposure != "after-model"
        ]
        waiting = 0  # codings come in the order of the text
        near: list[Coding] = []
        for segment in text.segments:
            first, last = segment_body(text.text, segment)
            while waiting < len(mine) and mine[waiting].start < last:
                near.append(mine[waiting])
                waiting += 1
            near = [c for c in near if c.end > first]
            if last - first < _FEWEST_LETTERS:
                continue
            given: dict[str, set[str]] = defaultdict(set)
            for c in near:
                inside = min(last, c.end) - max(first, c.start)
                if 2 * inside >= last - first or inside >= _ENOUGH_LETTERS:
                    given[book.resolve(c.code) or c.code].add(c.coder.name)
            found.append(
                Passage(
                    info.id,
                    info.name,
                    segment.index,
                    segment.speaker,
                    text.text[first:last],
                    first,
                    {code: tuple(sorted(who)) for code, who in given.items()},
                    tuple(readers),
                )
            )
    embedded = [p for p in found if p.transcript_id not in to_none]
    rows = _stored(store, [p.text for p in embedded])
    if rows is not None:
        return Passages(tuple(embedded), rows, True)
    if not found:
        return Passages((), np.zeros((0, 1), np.float32), False)
    return Passages(tuple(found), _by_words([p.text for p in found]), False)


def _stored(store: Store, texts: Sequence[str]) -> NDArray[np.float32] | None:
    """Stored vectors of all texts by one embedder; None where one is missing."""
    import numpy as np

    if not texts:
        return None
    keys = [hash_text("passage: " + text) for text in texts]
    for embedder in embedders(store):
        there = vectors(store, embedder, keys)
        if all(key in there for key in keys):
            return np.stack([np.frombuffer(there[key], "<f4") for key in keys])
    return None


def _by_words(texts: Sequence[str]) -> NDArray[np.float32]:
    """TF-IDF of words: no model, and a moment for thousands of passages."""
    import numpy as np
    from sklearn.feature_extraction.text import TfidfVectorizer

    words = TfidfVectorizer(token_pattern=r"(?u)\b\w+\b", sublinear_tf=True, max_features=4000)
    try:
        return np.asarray(words.fit_transform(texts).toarray(), np.float32)
    except ValueError:  # not a single word in any of them
        return np.zeros((len(texts), 1), np.float32)


def similar(
    there: Passages,
    transcript_id: int,
    segment: int,
    code: str,
    most: int = 3,
    *,
    without: Collection[int] = (),
) -> tuple[SimilarPassage, ...]:
    """The nearest passages, the passage itself left out; at least one with and one against the
    code, where there are such, so that both sides are seen. None of the transcripts ``without``."""
    import numpy as np

    own = next(
        (
            n
            for n, p in enumerate(there.passages)
            if (p.transcript_id, p.segment) == (transcript_id, segment)
        ),
        None,
    )
    if own is None:
        return ()
    nearness = there.rows @ there.rows[own]
    order = [
        int(n)
        for n in np.argsort(-nearness, kind="stable")
        if n != own and there.passages[n].transcript_id not in without
    ]
    has = [n for n in order if code in there.passages[n].codes]
    lacks = [n for n in order if code not in there.passages[n].codes]
    chosen = order[:most]
    for side in (has, lacks):
        if side and not set(side) & set(chosen):
            chosen = [*chosen[: most - 1], side[0]]
    return tuple(
        _as_similar(there.passages[n], float(nearness[n]), code)
        for n in sorted(chosen, key=order.index)
    )


def _as_similar(passage: Passage, likeness: float, code: str) -> SimilarPassage:
    given = passage.codes.get(code, ())
    return SimilarPassage(
        passage, likeness, given, tuple(r for r in passage.readers if r not in given)
    )
