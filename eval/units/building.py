"""From spans to matrices of units by codes: what counts as yes, what as no, and what as neither.

Pure: plain values in, arrays out. Who is a coder and which scopes count is the caller's business.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from eval.statistics.values import BoolArray, IntArray
from eval.units.records import CodedTranscript, LeftOut, UnitMatrix, UnitPlan, exchanges
from eval.units.words import Rule, WordIndex, word_index

__all__ = ["build_units"]

WHOLE = 0.9
"""Share of a transcript's words that must be in scope for "nowhere in it" to be data."""


def build_units(transcripts: Sequence[CodedTranscript], plan: UnitPlan) -> UnitMatrix:
    """Matrices for all transcripts, one under the other."""
    tally = _Tally()
    parts = [_build_one(transcript, plan, tally) for transcript in transcripts]
    k, c = len(plan.coders), len(plan.codes)
    sizes = [len(part.words) for part in parts]
    segment = [part.segment for part in parts] or [np.zeros((0, 2), dtype=np.int64)]
    words = [part.words for part in parts] or [np.zeros(0, dtype=np.int64)]
    none = [np.zeros((k, 0, c), dtype=bool)]
    scope = np.concatenate([part.scope for part in parts] or none, axis=1)
    unseen = (~scope.any(axis=2)).sum(axis=1) if scope.size else np.zeros(k, dtype=int)
    return UnitMatrix(
        transcripts=tuple(transcript.name for transcript in transcripts),
        codes=plan.codes,
        coders=plan.coders,
        unit=plan.unit,
        rule=plan.rule,
        transcript=np.repeat(np.arange(len(sizes)), sizes).astype(np.int64),
        segment=np.concatenate(segment),
        words=np.concatenate(words),
        positive=np.concatenate([part.positive for part in parts] or none, axis=1),
        scope=scope,
        left_out=LeftOut(
            interviewer_segments=tally.reasons["interviewer segment"],
            unknown_codes=tuple(tally.unknown.most_common()),
            out_of_scope=tally.reasons["out of scope"],
            only_interviewer=tally.reasons["only interviewer"],
            too_small=tally.reasons["too small"],
            units_unseen=tuple(
                (coder, int(n)) for coder, n in zip(plan.coders, unseen, strict=True)
            ),
            transcripts=tuple(tally.transcripts),
        ),
    )


class _Tally:
    """Counters that fill up while transcripts are built."""

    def __init__(self) -> None:
        self.reasons: Counter[str] = Counter()
        self.unknown: Counter[str] = Counter()
        self.transcripts: list[tuple[str, str]] = []


@dataclass(frozen=True, slots=True)
class _Part:
    segment: IntArray
    words: IntArray
    positive: BoolArray
    scope: BoolArray


def _build_one(transcript: CodedTranscript, plan: UnitPlan, tally: _Tally) -> _Part:
    segments = transcript.segments
    index = word_index(transcript.text, [(s.start, s.end) for s in segments])
    covered, inside = _by_segment(transcript, plan, index, tally)
    everything = np.arange(len(segments), dtype=np.int64)
    groups: dict[str, IntArray | None] = {
        "segment": everything,
        "exchange": exchanges(segments),
        "transcript": np.zeros(len(segments), dtype=np.int64),
    }
    kept = np.ones(len(segments), dtype=bool)
    if plan.unit == "segment" and plan.leave_out_interviewers:
        kept = np.array([not segment.interviewer for segment in segments], dtype=bool)
        tally.reasons["interviewer segment"] += int((~kept).sum())
    base = groups[plan.unit]
    if base is None or not kept.any():
        why = "nobody is marked as interviewer" if base is None else "only interviewers speak"
        tally.transcripts.append((transcript.name, why))
        k, c = len(plan.coders), len(plan.codes)
        empty = np.zeros((k, 0, c), dtype=bool)
        return _Part(np.zeros((0, 2), np.int64), np.zeros(0, np.int64), empty, empty.copy())
    grouping = _Grouping(index, plan.rule, kept)
    unit = grouping.units(base)
    positive, scope = grouping.collect(base, covered, inside)
    row_of = np.full((len(segments), len(plan.codes)), -1, dtype=np.int64)
    row_of[kept] = np.unique(base[kept], return_inverse=True)[1][:, None]
    for c, code in enumerate(plan.codes):
        larger = plan.code_units.get(code, "segment")
        group = groups[larger]
        if larger in ("segment", plan.unit) or group is None:
            continue
        # One answer for the whole larger unit: it stands in the first row, the others are empty.
        yes, seen = grouping.collect(
            group, covered[:, :, c : c + 1], inside[:, :, c : c + 1], anywhere=larger
        )
        positive[:, :, c] = scope[:, :, c] = False
        for number, value in enumerate(np.unique(group[kept])):
            members = kept & (group == value)
            row = row_of[members, c][0]
            row_of[members, c] = row
            positive[:, row, c] = yes[:, number, 0]
            scope[:, row, c] = seen[:, number, 0]
    part = _Part(unit[0], unit[1], positive & scope, scope)
    _tally_codings(transcript, plan, index, row_of, part, inside, tally)
    return part


def _by_segment(
    transcript: CodedTranscript, plan: UnitPlan, index: WordIndex, tally: _Tally
) -> tuple[IntArray, BoolArray]:
    """Words covered and whether in scope, by coder, segment and code."""
    codes = {code: c for c, code in enumerate(plan.codes)}
    size = (len(plan.coders), len(transcript.segments), len(plan.codes))
    covered = np.zeros(size, dtype=np.int64)
    inside = np.zeros(size, dtype=bool)
    for k, coder in enumerate(plan.coders):
        mine = [coding for coding in transcript.codings if coding.coder == coder]
        known = [coding for coding in mine if coding.code in codes]
        tally.unknown.update(coding.code for coding in mine if coding.code not in codes)
        spans = np.array([(c.start, c.end) for c in known], dtype=np.int64).reshape(-1, 2)
        which = np.array([codes[c.code] for c in known], dtype=np.int64)
        covered[k] = index.covered(spans, which, len(codes))
        for scope in transcript.scopes:
            if scope.coder != coder:
                continue
            looked = np.ones(len(transcript.segments), dtype=bool)
            if scope.passages is not None:
                places = np.array(scope.passages, dtype=np.int64).reshape(-1, 2)
                found = index.covered(places, np.zeros(len(places), dtype=np.int64), 1)[:, 0]
                looked = found * 2 >= index.words
            used = [scope.looked_for(code) for code in codes]
            inside[k] |= looked[:, None] & np.array(used, dtype=bool)
    return covered, inside


@dataclass(frozen=True, slots=True)
class _Grouping:
    """Puts segments together to larger units."""

    index: WordIndex
    rule: Rule
    kept: BoolArray

    def units(self, group: IntArray) -> tuple[IntArray, IntArray]:
        """Segments ``(G, 2)`` and words ``(G,)`` of each unit that is kept."""
        values = np.unique(group[self.kept])
        places = [np.flatnonzero((group == value) & self.kept) for value in values]
        segment = np.array([(p[0], p[-1] + 1) for p in places], dtype=np.int64).reshape(-1, 2)
        words = np.array([self.index.words[p].sum() for p in places], dtype=np.int64)
        return segment, words

    def collect(
        self, group: IntArray, covered: IntArray, inside: BoolArray, anywhere: str = ""
    ) -> tuple[BoolArray, BoolArray]:
        """Yes and scope ``(K, G, C)`` of each unit that is kept.

        A unit is yes when the rule holds for it as a whole or for one of its segments, so that a
        coded "Yes, always." counts in a long exchange; with ``transcript``, when any word is.
        """
        mine = group[self.kept]
        starts = np.flatnonzero(np.concatenate([[True], mine[1:] != mine[:-1]]))
        words = np.add.reduceat(self.index.words[self.kept], starts)
        total = np.add.reduceat(covered[:, self.kept], starts, axis=1)
        weighed = (inside * self.index.words[:, None])[:, self.kept]
        in_words = np.add.reduceat(weighed, starts, axis=1)
        if anywhere == "transcript":
            return total > 0, in_words >= WHOLE * words[:, None] - 1e-9
        alone = self.rule.holds(covered, self.index.words)[:, self.kept]
        yes = np.logical_or.reduceat(alone, starts, axis=1) | self.rule.holds(total, words)
        seen = in_words >= 0.5 * words[:, None] - 1e-9
        return yes, seen


def _tally_codings(
    transcript: CodedTranscript,
    plan: UnitPlan,
    index: WordIndex,
    row_of: IntArray,
    part: _Part,
    inside: BoolArray,
    tally: _Tally,
) -> None:
    """Why a coding made no unit a yes, if it made none."""
    coders = {coder: k for k, coder in enumerate(plan.coders)}
    codes = {code: c for c, code in enumerate(plan.codes)}
    for coding in transcript.codings:
        if coding.coder not in coders or coding.code not in codes:
            continue
        k, c = coders[coding.coder], codes[coding.code]
        first, last = index.touched(coding.start, coding.end)
        rows = row_of[first:last, c]
        rows = rows[rows >= 0]
        if last > first and not len(rows):
            tally.reasons["only interviewer"] += 1
        elif len(rows) and part.positive[k, rows, c].any():
            continue
        elif last > first and not (inside[k, first:last, c].any() and part.scope[k, rows, c].any()):
            tally.reasons["out of scope"] += 1
        else:
            tally.reasons["too small"] += 1
