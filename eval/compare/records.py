"""What a comparison of two runs found."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeAlias, get_args

from eval.compare.alone import Alone
from eval.compare.answers import Answers
from eval.compare.definitions import Definitions

__all__ = ["HAPPENED", "Changed", "Comparison", "Happened", "Noise", "RunSide", "TextDifference"]

Happened: TypeAlias = Literal["fixed", "broken", "changed"]
HAPPENED: tuple[Happened, ...] = get_args(Happened)


@dataclass(frozen=True, slots=True)
class TextDifference:
    """What differs between two prompts or codebooks, word by word."""

    what: str
    """``prompt`` or ``codebook``."""
    first: str
    second: str
    lines: tuple[tuple[str, str], ...]
    """(place, text with ``[-words that went-]`` and ``{+words that came+}``)."""
    words_gone: int
    words_come: int


@dataclass(frozen=True, slots=True)
class RunSide:
    """A run with what it cost."""

    id: int
    name: str
    model: str
    prompt: str
    strategy: str
    codebook: str
    repeat: int
    status: str
    calls: int
    tokens_in: int | None
    tokens_out: int | None
    cost: float | None
    seconds: float
    """The model's own time, over all calls."""
    recipe: dict[str, str] = field(default_factory=dict)
    """What of the recipe can be set side by side."""


@dataclass(frozen=True, slots=True)
class Changed:
    """One place and code about which the two runs say different things."""

    key: str
    happened: Happened
    how: str
    """In words: ``found now``, ``no longer over-coded``, ``missed now``, ``over-coded now`` …"""
    transcript: str
    language: str
    first_segment: int
    last_segment: int
    code: str
    yes: tuple[str, ...]
    """People who give the code here."""
    no: tuple[str, ...]
    """People who looked and do not."""
    said: tuple[bool, bool]
    """Whether the first and the second run give it."""
    rationales: tuple[str, str]
    spans: tuple[tuple[tuple[int, int], ...], ...]
    """Marks of people, first run, second run, in code points of the text."""


@dataclass(frozen=True, slots=True)
class Noise:
    """Two runs that should not differ, and by how much they do."""

    first: str
    second: str
    what: str
    """``repeat``, or ``named as noise``."""
    cells: int
    """Segments times codes in which they say different things."""
    of: int
    """That both looked at."""
    kappa: dict[str, float]
    """Code, or `answers.ALL` -> absolute difference in kappa with people, where defined."""


@dataclass(frozen=True)
class Comparison:
    first: RunSide
    second: RunSide
    drift: bool
    """True: across changed definitions, so not an evaluation."""
    definitions: Definitions
    transcripts: tuple[str, ...]
    """That both runs coded, with people or without."""
    people: tuple[str, ...]
    units: int
    answers: Answers | None
    """None where no person coded what both runs coded."""
    changed: tuple[Changed, ...]
    noise: tuple[Noise, ...]
    texts: tuple[TextDifference, ...]
    method: str
    level: float
    resamples: int
    seed: int
    margin: float
    notes: tuple[str, ...] = ()
    code_names: dict[str, str] = field(default_factory=dict)
    alone: Alone | None = None
    """What has a figure with one of the two runs only; None without `answers`."""
    same: bool = False
    """Whether the two runs gave the same codes to every unit that both looked at."""
