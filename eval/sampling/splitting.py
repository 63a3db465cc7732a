"""Keep some transcripts for a test: drawn once, balanced, and nothing may be chosen by them.

From about 20 coded transcripts on, examples, prompts and thresholds are chosen on one part and
measured on the other. The split is the most balanced of many random ones: each code's passages and
each coder's transcripts divide as the transcripts do. Transcripts from which the codebook has its
examples were used already and go to development. The split is stored and never drawn again, since
who may draw again may choose the test.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np

from assistant.codebook.loading import load_codebook
from assistant.counting import counted
from assistant.errors import UserError
from assistant.store.database import Store
from assistant.store.measured.reference import SPLIT_EVENT
from assistant.store.texts.transcripts import transcript_infos
from assistant.store.trail.events import events, record_event
from assistant.study import Study
from eval.sampling.out_of_sample import uses
from eval.statistics.values import BoolArray, FloatArray
from eval.units.loading import load
from eval.verdicts.policy import load_policy

__all__ = ["CROSS_VALIDATE_BELOW", "Split", "SplitRow", "draw_split", "stored_split", "table_of"]

CROSS_VALIDATE_BELOW = 20
TRIES = 2000


@dataclass(frozen=True, slots=True)
class SplitRow:
    """How one code or coder divides."""

    kind: str
    """``code``: passages of people; ``coder``: transcripts."""
    name: str
    development: int
    test: int


@dataclass(frozen=True, slots=True)
class Split:
    seed: int
    drawn_at: str
    who: str
    development: tuple[str, ...]
    test: tuple[str, ...]
    unassigned: tuple[str, ...]
    """Coded since the split was drawn: nothing was chosen by them either."""
    rows: tuple[SplitRow, ...]
    notes: tuple[str, ...]


def stored_split(study: Study, store: Store) -> Split | None:
    """The study's split with how it divides what is there now; None when none was drawn."""
    found = events(store, SPLIT_EVENT)
    if not found:
        return None
    event = found[-1]
    names = {i.id: i.name for i in transcript_infos(store) if not i.withdrawn}
    development = tuple(names[k] for k in event.details["development"] if k in names)
    test = tuple(names[k] for k in event.details["test"] if k in names)
    coded, rows, counts = table_of(study, store)
    chosen = np.array([name in test for name in coded], dtype=bool)
    assigned = np.array([name in test or name in development for name in coded], dtype=bool)
    return Split(
        event.details["seed"],
        event.at,
        event.who,
        development,
        test,
        tuple(name for name in coded if name not in test and name not in development),
        tuple(
            SplitRow(
                kind,
                name,
                int(counts[assigned & ~chosen, column].sum()),
                int(counts[chosen, column].sum()),
            )
            for column, (kind, name) in enumerate(rows)
        ),
        _notes(study, len(coded), len(test)),
    )


def draw_split(
    study: Study, store: Store, *, test: int | None = None, seed: int | None = None, who: str = ""
) -> Split:
    """Draw and store the split. ``test``: transcripts to keep; by default half of them.

    Raises `UserError` when there is one already, or when there is too little to divide.
    """
    if stored_split(study, store) is not None:
        raise UserError(
            "The study's transcripts were split already, and a split is drawn once: a test that "
            "may be drawn again may be chosen.",
            hint="`secondcoder split` shows it. Transcripts that are coded later belong to neither "
            "part, and nothing is chosen by them unless you do so.",
        )
    coded, _, counts = table_of(study, store)
    if len(coded) < 4:
        raise UserError(
            f"Coded by independent people: {counted(len(coded), 'transcript')}; a split needs "
            "four.",
            hint="Until then everything is measured by leaving out one transcript at a time, "
            "which needs no split.",
        )
    used_already = {
        use.transcript
        for use in uses(store, load_codebook(study.codebook_file))
        if use.kind == "example"
    }
    free = np.array([name not in used_already for name in coded], dtype=bool)
    size = min(len(coded) // 2, int(free.sum())) if test is None else test
    if size > free.sum() or free.sum() < 2:
        raise UserError(
            f"The codebook has examples from {len(coded) - int(free.sum())} of the {len(coded)} "
            "coded transcripts. What was an example was used already and cannot be kept for a "
            "test.",
            where=str(study.codebook_file),
            hint="Take the examples out of the codebook that come from transcripts which are to "
            "be the test, or go on without a split: each transcript's own examples are left out "
            "where the model codes it.",
        )
    if not 2 <= size <= len(coded) - 2:
        raise UserError(
            f"--test {size}: of {len(coded)} coded transcripts, 2 to {len(coded) - 2} can be kept "
            "for the test."
        )
    used = load_policy(study.policy_file).intervals.seed if seed is None else seed
    chosen = _balanced(counts, free, size, used)
    ids = {i.name: i.id for i in transcript_infos(store)}
    record_event(
        store,
        SPLIT_EVENT,
        f"{counted(len(coded) - size, 'transcript')} for development, {size} for the test (seed "
        f"{used})",
        who,
        seed=used,
        development=[ids[n] for n, c in zip(coded, chosen, strict=True) if not c],
        test=[ids[n] for n, c in zip(coded, chosen, strict=True) if c],
    )
    made = stored_split(study, store)
    assert made is not None
    return made


def table_of(
    study: Study, store: Store
) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...], FloatArray]:
    """Transcripts with reference codings, columns (kind, name), and counts of them ``(T, F)``.

    Audits' samples are no such transcripts: they are the test already.
    """
    from assistant.store.people.codings import scopes

    book = load_codebook(study.codebook_file)
    found = load(store, book, study.config.units.interviewers, reference_only=True)
    ids = {i.name: i.id for i in transcript_infos(store)}
    whole = {s.transcript_id for s in scopes(store) if s.segments is None and s.is_reference}
    kept = [t for t in found.transcripts if ids[t.name] in whole]
    codes = Counter(c.code for t in kept for c in t.codings)
    columns = (
        *(("code", c) for c in found.codes if codes[c]),
        *(("coder", c) for c in found.coders),
    )
    counts = np.zeros((len(kept), len(columns)))
    for row, one in enumerate(kept):
        mine = Counter(c.code for c in one.codings)
        people = {s.coder for s in one.scopes}
        for column, (kind, name) in enumerate(columns):
            counts[row, column] = mine[name] if kind == "code" else name in people
    return tuple(t.name for t in kept), columns, counts


def _balanced(counts: FloatArray, free: BoolArray, size: int, seed: int) -> BoolArray:
    """The most balanced of many random choices of ``size`` free rows; the same by seed."""
    n = len(counts)
    rng = np.random.default_rng(seed)
    total = counts.sum(axis=0)
    kept = total > 0
    best, worst = np.zeros(n, dtype=bool), np.inf
    for _ in range(TRIES):
        chosen = np.zeros(n, dtype=bool)
        chosen[rng.permutation(np.flatnonzero(free))[:size]] = True
        share = counts[chosen].sum(axis=0)[kept] / total[kept]
        # A code with few passages cannot divide well; it weighs less.
        off = float((np.sqrt(total[kept]) * (share - size / n) ** 2).sum())
        if off < worst:
            best, worst = chosen, off
    return best


def _notes(study: Study, coded: int, test: int) -> tuple[str, ...]:
    policy = load_policy(study.policy_file)
    notes: list[str] = []
    if coded < CROSS_VALIDATE_BELOW:
        notes.append(
            f"With {coded} coded transcripts, leaving out one at a time (which is done without a "
            f"split) makes better use of them; a split pays from {CROSS_VALIDATE_BELOW} on."
        )
    need = policy.unproven.reference_transcripts
    if test < need:
        notes.append(
            f"Verdicts need {need} transcripts of which nothing was chosen; the test has {test}, "
            "so every code stays “unproven” until more are coded."
        )
    return tuple(notes)
