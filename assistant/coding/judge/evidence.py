"""What speaks for a code on a segment, as numbers: the input of the calibration.

Two kinds. From the passage itself: how near it and its neighbours are to the code's text, compared
with the rest of the transcript and with the other codes. From *other* transcripts that people
coded: how near it is to passages with this code, how often the code was used, and what coded
passages have in common (length, who speaks).

Scores are centred for each code over the transcript, because a vector's nearness to a definition
has a level of its own for each pair of interview and code; only what stands out from it counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from assistant.coding.judge.passages import CodedPassages, FloatArray, Passages

__all__ = ["Evidence", "evidence", "ranking", "smoothed"]

_NEIGHBOURS = (0.5, 1.0, 0.5)
"""Weight of the segment before, the segment, the segment after."""
_NEAREST = 3
"""Coded passages whose nearness is averaged."""
_AROUND = 25
"""Passages of other transcripts that vote on a segment."""
_SHARPNESS = 6.0
"""How much more a nearer passage's vote counts: exp of this times the cosine."""
_LONG = 600
"""Characters above which a neighbour weighs no more."""


@dataclass(frozen=True)
class Evidence:
    names: tuple[str, ...]
    values: FloatArray
    """(segments, codes, names)."""


def evidence(
    passages: Passages, codes: FloatArray, others: Sequence[CodedPassages] = ()
) -> Evidence:
    """All features of every segment with every code.

    ``codes``: (codes, dimensions) from `code_vectors`. ``others`` must not hold the transcript
    itself. Without others only the first kind is given, so the names differ: a fit knows which
    names it was made with.
    """
    n, m = len(passages), len(codes)
    near = passages.vectors @ codes.T
    alone = near - _level(near)
    smooth = smoothed(alone)
    window = _window(passages) @ codes.T
    words = np.array([len(text.split()) for text in passages.texts], float)
    columns: dict[str, FloatArray] = {
        "near": alone,
        "near_smoothed": smooth,
        "near_window": window - _level(window),
        "near_above_other_codes": smooth - smooth.mean(axis=1, keepdims=True),
        "rank": np.log1p(_ranks(smooth)),
        "length": _wide(np.log1p(words), m),
        "speaker_share": _wide(_speaker_share(passages, words), m),
    }
    if others:
        columns |= _from_others(passages, others, n, m)
    values = np.stack(list(columns.values()), axis=-1)
    return Evidence(tuple(columns), values)


def ranking(passages: Passages, codes: FloatArray) -> FloatArray:
    """(segments, codes): what comes first on a shortlist. Needs no human code, and is the same
    whatever other transcripts there are, so that questions can be asked once and kept."""
    near = passages.vectors @ codes.T
    window = _window(passages) @ codes.T
    return smoothed(near - _level(near)) + (window - _level(window))


def smoothed(values: FloatArray, weights: Sequence[float] = _NEIGHBOURS) -> FloatArray:
    """Each row averaged with its neighbours; the edges repeat themselves."""
    if len(values) == 0:
        return values
    half = len(weights) // 2
    padded = np.pad(values, ((half, half), (0, 0)), mode="edge")
    total = sum(w * padded[j : j + len(values)] for j, w in enumerate(weights))
    return np.asarray(total) / sum(weights)


def _from_others(
    passages: Passages, others: Sequence[CodedPassages], n: int, m: int
) -> dict[str, FloatArray]:
    known = np.concatenate([_centred(other.passages) for other in others])
    share = np.concatenate([other.share for other in others])
    # Where nobody looked for a code, its passages say nothing about it.
    told = np.concatenate([np.tile(o.known, (len(o.passages), 1)) for o in others]).astype(float)
    cosine = _centred(passages) @ known.T
    around = np.argsort(-cosine, axis=1, kind="stable")[:, :_AROUND]
    usual = np.take_along_axis(cosine, around, axis=1).mean(axis=1)
    nearest = np.zeros((n, m))
    for code in range(m):
        coded = share[:, code] > 0
        if coded.any():
            best = np.sort(cosine[:, coded], axis=1)[:, ::-1][:, :_NEAREST]
            nearest[:, code] = best.mean(axis=1) - usual
        else:
            # Nothing to be near to: as far as an average passage is.
            nearest[:, code] = cosine.mean(axis=1) - usual
    weight = np.exp(_SHARPNESS * np.take_along_axis(cosine, around, axis=1))
    weight /= weight.sum(axis=1, keepdims=True)
    vote = np.einsum("nk,nkm->nm", weight, share[around])
    if not told.all():
        votes = np.einsum("nk,nkm->nm", weight, told[around])
        vote = np.divide(vote, votes, out=np.zeros_like(vote), where=votes > 0)
    any_code = share.max(axis=1)[around].mean(axis=1)
    rows = np.maximum(told.sum(axis=0), 1)
    used = share.sum(axis=0)
    knew = np.maximum(np.sum([other.known for other in others], axis=0), 1)
    in_how_many = np.sum([other.share.max(axis=0) > 0 for other in others], axis=0) / knew
    return {
        "nearest_coded": smoothed(nearest),
        "vote": np.log(vote + 0.003),
        "any_code_near": _wide(smoothed(any_code[:, None])[:, 0], m),
        "frequency": np.repeat(np.log((used + 0.3) / rows)[None], n, axis=0),
        "spread": np.repeat(in_how_many[None], n, axis=0),
    }


def _level(values: FloatArray) -> FloatArray:
    """Mean of each column; nothing for a transcript without segments."""
    return values.mean(axis=0, keepdims=True) if len(values) else np.zeros((1, values.shape[1]))


def _window(passages: Passages) -> FloatArray:
    """Vectors of passage and neighbours together, longer ones weighing more."""
    if not len(passages):
        return passages.vectors
    size = np.array([min(len(text), _LONG) for text in passages.texts], float) ** 0.5
    return _unit(smoothed(passages.vectors * size[:, None]))


def _centred(passages: Passages) -> FloatArray:
    """Vectors without what all passages of the interview share, such as its topic and language."""
    return _unit(passages.vectors - _level(passages.vectors))


def _unit(vectors: FloatArray) -> FloatArray:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors / np.where(lengths > 0, lengths, 1.0)


def _ranks(values: FloatArray) -> FloatArray:
    order = np.argsort(-values, axis=1, kind="stable")
    return np.argsort(order, axis=1, kind="stable").astype(float)


def _wide(column: FloatArray, codes: int) -> FloatArray:
    return np.repeat(column[:, None], codes, axis=1)


def _speaker_share(passages: Passages, words: FloatArray) -> FloatArray:
    """For each segment, the share of all words that its speaker says: who answers talks more."""
    said: dict[str, float] = {}
    for speaker, count in zip(passages.speakers, words, strict=True):
        said[speaker] = said.get(speaker, 0.0) + float(count)
    total = max(1.0, float(words.sum()))
    return np.array([said[speaker] / total for speaker in passages.speakers])
