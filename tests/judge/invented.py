"""Invented interviews as arrays: codes are directions in a small space, people code by them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cache

import numpy as np

from assistant.coding.judge.passages import CodedPassages, FloatArray, Passages
from assistant.transcripts.records import Segment, Transcript

CODES = 5
DIMENSIONS = 16


def code_directions() -> FloatArray:
    return np.eye(CODES, DIMENSIONS)


@cache
def interview(seed: int, segments: int = 60, noise: float = 0.35, people: int = 2) -> CodedPassages:
    """Every third segment is about one code; each person misses a tenth of them."""
    random = np.random.default_rng(seed)
    directions = code_directions()
    vectors = random.normal(0, noise / 2, (segments, DIMENSIONS))
    # All passages of an interview share a direction that no code has.
    vectors[:, DIMENSIONS - 1 - seed % 3] += 1
    truth = np.zeros((segments, CODES), bool)
    for row in range(0, segments, 3):
        code = int(random.integers(CODES))
        truth[row, code] = True
        vectors[row] += 0.8 * directions[code]
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    said = tuple(truth & (random.random(truth.shape) > 0.1) for _ in range(people))
    texts = tuple(
        "what we said about it was long enough " * (2 if truth[row].any() else 1)
        for row in range(segments)
    )
    speakers = tuple("P" if truth[row].any() else "I" for row in range(segments))
    name = hashlib.sha256(str(seed).encode()).hexdigest()
    return CodedPassages(name, Passages(texts, speakers, vectors), said)


def transcript(*bodies: str, speakers: Sequence[str] = (), name: str = "One") -> Transcript:
    text = ""
    segments: list[Segment] = []
    for index, body in enumerate(bodies):
        end = len(text) + len(body) + (2 if index < len(bodies) - 1 else 0)
        segments.append(
            Segment(
                index=index,
                start=len(text),
                end=end,
                speaker=speakers[index] if speakers else "",
                turn=index,
            )
        )
        text += body + ("\n\n" if index < len(bodies) - 1 else "")
    return Transcript(
        id=1,
        name=name,
        sha256="sha256:0",
        text=text,
        language="en",
        consent="local",
        segments=tuple(segments),
    )
