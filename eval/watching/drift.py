"""Does the evidence still hold? New interviews beside those that verdicts rest on.

Each interview of a run has a few figures: how much is suggested and how it is spread over codes,
how sure the model is, how many of its quotes are not in the text, length, speakers, language. One
of a new interview that is too many robust standard deviations away from those of the evidence
(median and median absolute deviation; Leys et al. 2013, J. Exp. Soc. Psychol. 49, 764) puts the
interview outside: nothing of it may then be accepted at once. How often that happens by chance is
shown by treating each interview of the evidence as if it were new. Whether people accept less there
is asked by `eval.watching.drop`.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from assistant.counting import decimals, per_cent
from assistant.recipe import code_recipe_hash
from assistant.store.database import Store
from assistant.store.finding import find_run
from assistant.store.measured.evidence import standing_verdicts
from assistant.store.measured.reference import RESTS_ON
from assistant.store.model.outcomes import segment_outcomes
from assistant.store.model.runs import run
from assistant.store.model.suggestions import suggestions, uncoded, unplaced
from assistant.store.records import RunRow
from assistant.store.texts.transcripts import transcript, transcript_infos
from assistant.store.trail.events import events, record_event
from assistant.store.versions import recipe
from assistant.study import Study
from eval.audit.batch import new_transcripts
from eval.report.wording import how_many
from eval.statistics.values import Undefined, Value
from eval.verdicts.policy import Policy, load_policy, standards_hash
from eval.watching.drop import Drop, find_drop

__all__ = [
    "DISTANCE",
    "FIGURES",
    "Figure",
    "Watched",
    "WatchedTranscript",
    "distances",
    "said",
    "watch_run",
]

FIGURES: dict[str, str] = {
    "suggestions": "suggestions for each hundred passages",
    "spread": "how differently the codes are spread (0 the same, 1 nothing in common)",
    "sureness": "how sure the model is of its suggestions, on average (0 to 1)",
    "not in the text": "share of the model's quotes that do not stand in the text",
    "no code fits": "passages for each hundred where something is there but no code fits",
    "passages": "number of passages",
    "words": "words a passage, on average",
    "speakers": "number of speakers",
}
"""Each figure with what it is."""
DISTANCE = (
    "The distance says how far a figure is from the middle interview of the evidence: 1 is about "
    "as far as interviews there usually are, beyond {threshold:g} lies outside."
)
"""What a distance is, for people; to be filled with the policy's threshold."""
_RATIO = ("passages", "words")
"""Twice as many is as far as half as many: these are compared as ratios (by their logarithms)."""
# Least scale for each: differences smaller than this are never unusual, however alike the others.
# For ratios: of the logarithm.
_LEAST = {
    "suggestions": 3.0,
    "spread": 0.05,
    "sureness": 0.02,
    "not in the text": 0.02,
    "no code fits": 1.0,
    "passages": 0.15,
    "words": 0.1,
    "speakers": 0.5,
}
_MAD = 1.4826
EVENT = "watch"


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of one interview."""

    name: str
    value: Value
    usual: Value
    """Median of the evidence."""
    distance: Value
    """In robust standard deviations; signed. Of logarithms where ratios are compared."""


@dataclass(frozen=True, slots=True)
class WatchedTranscript:
    id: int
    name: str
    new: bool
    """False: one of those that the evidence rests on, seen as if it were new."""
    language: str
    figures: tuple[Figure, ...]
    outside: tuple[str, ...]
    """Why it lies outside; empty: it does not."""

    @property
    def farthest(self) -> float:
        """Largest distance of any figure; 0 where there is none."""
        return max(
            (abs(f.distance) for f in self.figures if isinstance(f.distance, float)), default=0.0
        )


@dataclass(frozen=True, slots=True)
class Watched:
    run: int
    evidence: tuple[WatchedTranscript, ...]
    new: tuple[WatchedTranscript, ...]
    threshold: float
    cannot_tell: str
    """Why nothing can be said; empty: it can."""
    drop: Drop

    @property
    def outside(self) -> Mapping[str, tuple[str, ...]]:
        return {t.name: t.outside for t in self.new if t.outside}

    @property
    def outside_ids(self) -> Mapping[int, tuple[str, ...]]:
        return {t.id: t.outside for t in self.new if t.outside}

    @property
    def by_chance(self) -> int:
        """Interviews of the evidence that would themselves lie outside."""
        return sum(bool(t.outside) for t in self.evidence)


def watch_run(study: Study, store: Store, run_id: int, *, record: bool = True) -> Watched:
    """Look at the new transcripts of a run; what was found is kept as an event where it changed.

    Raises `UserError` when there is no such run.
    """
    run_row = find_run(store, run_id)
    policy = load_policy(study.policy_file)
    origin, keys = _evidence(store, run_row, standards_hash(policy, study.config.units))
    evidence = _raw(store, origin, keys)
    new = _raw(store, run_row, new_transcripts(store, run_row))
    need = policy.watch.evidence_transcripts
    too_few = ""
    if len(evidence) < need:
        too_few = (
            f"verdicts of this recipe rest on {how_many(len(evidence), 'transcript')}; {need} are "
            "needed to say what is unusual"
        )
    made = [
        _watched(one, [o for o in evidence if o is not one], False, policy)
        for one in evidence
        if len(evidence) > need
    ]
    mine = [_watched(one, evidence if not too_few else [], True, policy) for one in new]
    found = Watched(
        run_id,
        tuple(made),
        tuple(mine),
        policy.watch.outside,
        too_few,
        find_drop(study, store, run_row, origin, keys, [one.id for one in new], policy),
    )
    if record:
        _record(store, found)
    return found


def _record(store: Store, found: Watched) -> None:
    details: dict[str, Any] = {
        "run": found.run,
        "outside": {str(key): list(why) for key, why in found.outside_ids.items()},
        "dropped": found.drop.dropped,
        "why": found.drop.sentence if found.drop.dropped else "",
    }
    before = [e.details for e in events(store, EVENT) if e.details["run"] == found.run]
    if before[-1:] != [details]:
        record_event(store, EVENT, f"Run {found.run} watched", **details)


def _evidence(store: Store, run_row: RunRow, standards: str) -> tuple[RunRow, tuple[int, ...]]:
    """The run whose verdicts stand for this recipe, and the transcripts that they rest on.

    No transcript where all of them are void.
    """
    content = recipe(store, run_row.recipe_sha256)
    for standing in sorted(
        standing_verdicts(store, standards), key=lambda s: s.made_at, reverse=True
    ):
        verdict = standing.verdict
        if standing.void:
            continue
        if verdict.code_recipe_sha256 == code_recipe_hash(content, verdict.code):
            rests = verdict.evidence.get(RESTS_ON) or {}
            return run(store, verdict.run_id), tuple(rests.get("transcripts", ()))
    return run_row, ()


# --- figures of one interview ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Raw:
    id: int
    name: str
    language: str
    figures: dict[str, float]
    codes: dict[str, float]
    """Code -> suggestions of it for each passage."""


def _raw(store: Store, run_row: RunRow, keys: Sequence[int]) -> list[_Raw]:
    not_placed = Counter(u.transcript_id for u in unplaced(store, run_row.id))
    no_code = Counter(u.transcript_id for u in uncoded(store, run_row.id))
    infos = {i.id: i for i in transcript_infos(store) if not i.withdrawn}
    found = []
    for key in keys:
        if key not in infos:
            continue
        text = transcript(store, key)
        said = suggestions(store, run_row.id, key)
        n = sum(o.status != "failed" for o in segment_outcomes(store, run_row.id, key)) or 1
        sure = [s.probability if s.probability is not None else s.confidence for s in said]
        known = [x for x in sure if x is not None]
        words = len(text.text.split())
        quotes = len(said) + not_placed[key]
        figures = {
            "suggestions": 100 * len(said) / n,
            "sureness": float(np.mean(known)) if known else math.nan,
            "not in the text": not_placed[key] / quotes if quotes else math.nan,
            "no code fits": 100 * no_code[key] / n,
            "passages": float(len(text.segments)),
            "words": max(1, words) / len(text.segments),
            "speakers": float(len({s.speaker for s in text.segments})),
        }
        codes = {code: count / n for code, count in Counter(s.code for s in said).items()}
        found.append(_Raw(key, infos[key].name, infos[key].language, figures, codes))
    return found


def _spread(one: _Raw, others: Sequence[_Raw]) -> float:
    """Jensen-Shannon distance of an interview's codes to the others' together, 0 to 1."""
    codes = sorted({c for o in (one, *others) for c in o.codes})
    mine = np.array([one.codes.get(c, 0.0) for c in codes])
    theirs = np.array([sum(o.codes.get(c, 0.0) for o in others) for c in codes])
    if not mine.sum() or not theirs.sum():
        return math.nan
    p, q = mine / mine.sum(), theirs / theirs.sum()
    m = (p + q) / 2

    def against(x: np.ndarray) -> float:
        held = x > 0
        return float((x[held] * np.log2(x[held] / m[held])).sum())

    return math.sqrt(max(0.0, (against(p) + against(q)) / 2))


def distances(value: float, others: Sequence[float], least: float) -> tuple[float, float]:
    """Median of the others, and how many robust standard deviations ``value`` is away from it.

    The scale counts in that a median of few is itself uncertain; it is at least ``least``.
    """
    known = np.array([o for o in others if math.isfinite(o)])
    if not len(known) or not math.isfinite(value):
        return math.nan, math.nan
    middle = float(np.median(known))
    scale = max(_MAD * float(np.median(np.abs(known - middle))), least)
    return middle, (value - middle) / (scale * math.sqrt(1 + 1 / len(known)))


def _watched(one: _Raw, others: Sequence[_Raw], new: bool, policy: Policy) -> WatchedTranscript:
    none = Undefined("there is nothing to set it beside")
    figures: list[Figure] = []
    outside: list[str] = []
    for name in FIGURES:
        value, theirs = _values(name, one, others)
        if name in _RATIO:
            middle, distance = distances(
                math.log(value), [math.log(x) for x in theirs], _LEAST[name]
            )
            middle = math.exp(middle)
        else:
            middle, distance = distances(value, theirs, _LEAST[name])
        figures.append(
            Figure(
                name,
                value if math.isfinite(value) else Undefined("the model suggested nothing there"),
                middle if math.isfinite(middle) else none,
                distance if math.isfinite(distance) else none,
            )
        )
        # Codes that are spread as the others' are is no reason; nor is a transcript all in order.
        worse = name in ("spread", "not in the text", "no code fits")
        if (
            math.isfinite(distance)
            and (distance if worse else abs(distance)) > policy.watch.outside
        ):
            outside.append(
                f"{FIGURES[name]}: {said(name, value)}, usually {said(name, middle)} "
                f"(distance {distance:+.1f})"
            )
    spoken = Counter(o.language for o in others)
    if others and one.language not in spoken:
        outside.append(
            f"its language ({one.language or 'not known'}) is none of the evidence's "
            f"({', '.join(sorted(x or 'not known' for x in spoken))})"
        )
    if others and not one.codes:
        outside.append("the model suggested nothing in it")
    return WatchedTranscript(one.id, one.name, new, one.language, tuple(figures), tuple(outside))


def said(name: str, value: Value) -> str:
    """A figure for people: whole numbers where fractions say nothing, shares as per cent."""
    if not isinstance(value, float):
        return "–"
    if name == "not in the text":
        return per_cent(value)
    return decimals(value) if name in ("spread", "sureness") else f"{value:,.0f}"


def _values(name: str, one: _Raw, others: Sequence[_Raw]) -> tuple[float, list[float]]:
    if name != "spread":
        return one.figures[name], [o.figures[name] for o in others]
    return _spread(one, others), [_spread(o, [x for x in others if x is not o]) for o in others]
