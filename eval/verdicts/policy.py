"""The numbers that lanes are decided by, read from ``policy.toml``.

A policy is addressed by the hash of its values: comments and spaces do not matter, numbers do. A
key that nobody knows is an error with its line, since a misspelt bar would otherwise not hold.
"""

from __future__ import annotations

import re
import tomllib
from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError

from assistant.errors import UserError
from assistant.hashing import hash_json
from assistant.study import UnitsConfig
from assistant.transcripts.records import Frozen
from eval.intervals.settings import Method, Resampling

__all__ = [
    "Accept",
    "Audit",
    "IntervalPolicy",
    "Policy",
    "Unproven",
    "Vague",
    "Watch",
    "Withhold",
    "load_policy",
    "standards_hash",
]


class Unproven(Frozen):
    reference_transcripts: int = Field(8, ge=2)
    positives: int = Field(10, ge=1)
    positive_transcripts: int = Field(5, ge=2)


class Withhold(Frozen):
    kappa_above: float = Field(0.0, ge=-1, lt=1)
    beat_word_statistics: bool = True


class Vague(Frozen):
    person_person_kappa: float = Field(0.60, ge=-1, le=1)
    people: int = Field(2, ge=2)


class Accept(Frozen):
    worse_than_people_by: float = Field(0.05, ge=0, lt=1)
    precision: float = Field(0.70, ge=0, lt=1)
    recall: float = Field(0.60, ge=0, lt=1)
    latent: bool = False


class Audit(Frozen):
    max_error: float = Field(0.20, gt=0, lt=1)
    max_missed: float = Field(0.40, gt=0, lt=1)
    segments: int = Field(60, ge=10)


class Watch(Frozen):
    outside: float = Field(4.0, gt=1)
    evidence_transcripts: int = Field(5, ge=3)
    drop_chance: float = Field(0.05, gt=0, lt=0.5)


class IntervalPolicy(Frozen):
    level: float = Field(0.95, ge=0.5, lt=1)
    method: Method = "jackknife-t"
    resamples: int = Field(2000, ge=100)
    seed: int = Field(20_250_301, ge=0)


class Policy(Frozen):
    """All bars. ``eval/policy.toml`` explains each."""

    unproven: Unproven = Unproven()
    withhold: Withhold = Withhold()
    vague: Vague = Vague()
    accept: Accept = Accept()
    audit: Audit = Audit()
    watch: Watch = Watch()
    intervals: IntervalPolicy = IntervalPolicy()

    @cached_property
    def sha256(self) -> str:
        return hash_json(self.model_dump(mode="json"))

    @property
    def resampling(self) -> Resampling:
        i = self.intervals
        return Resampling(i.method, i.level, i.resamples, i.seed)


def standards_hash(policy: Policy, units: UnitsConfig) -> str:
    """Hash of all that verdicts are made by: the policy's values and what a unit is."""
    return hash_json([policy.sha256, units.model_dump(mode="json")])


def load_policy(path: Path) -> Policy:
    """Read a policy. UserError with file, line and field where it cannot be understood."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise UserError(
            "There is no policy, so nothing can be measured or judged: its file is gone.",
            where=str(path),
            hint="Put it back: the study's page in `secondcoder review` offers to, and "
            "`secondcoder init FOLDER` makes another study, with one to copy.",
        ) from error
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(
            f"The policy cannot be read: {error}",
            where=str(path),
            hint="Put the file back: `secondcoder init FOLDER` makes another study, with a new "
            "one; copy it from there.",
        ) from error
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UserError(
            f"The policy is not valid TOML: {error}",
            where=str(path),
            hint="Lines look like  precision = 0.70  under a heading like  [accept].",
        ) from error
    try:
        return Policy.model_validate(raw)
    except ValidationError as error:
        first = error.errors()[0]
        place = tuple(str(part) for part in first["loc"])
        line = _line_of(text, place)
        where = f"{path}, line {line}, {'.'.join(place)}" if line else f"{path}, {'.'.join(place)}"
        raise UserError(_what(first, place), where=where, hint=_hint(first, place)) from error


def _what(problem: Any, place: tuple[str, ...]) -> str:
    if problem["type"] == "extra_forbidden":
        return f"The policy has a setting that does not exist: {place[-1]}"
    return f"{place[-1]} = {problem['input']!r}: {str(problem['msg']).lower()}"


def _hint(problem: Any, place: tuple[str, ...]) -> str:
    if problem["type"] != "extra_forbidden":
        return "The comment above the line says what it is for."
    sections = {name: field.annotation for name, field in Policy.model_fields.items()}
    inner = sections.get(place[0]) if len(place) > 1 else None
    known = list(getattr(inner, "model_fields", sections))
    return f"Known here: {', '.join(known)}."


def _line_of(text: str, place: tuple[str, ...]) -> int:
    """Line of a key, from 1; 0 if it cannot be told."""
    section = ""
    for number, line in enumerate(text.splitlines(), 1):
        heading = re.match(r"\s*\[\s*([\w.-]+)\s*\]", line)
        if heading:
            section = heading[1]
            if place == (section,):
                return number
            continue
        key = re.match(r"\s*([\w-]+)\s*=", line)
        if key and (*([section] if section else []), key[1]) == place:
            return number
    return 0
