"""Whether a reviewer still reads: checks mixed into her work, and figures for her own eyes.

Whoever accepts a hundred suggestions in a row begins to accept without reading. When she has
switched checks on, a few wrong suggestions are planted and a few passages without a suggestion are
asked about. Both are announced, and revealed as soon as they are answered.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from statistics import median

from assistant.codebook.records import Codebook
from assistant.errors import UserError
from assistant.hashing import hash_json
from assistant.store.database import Store
from assistant.store.decided.checks import (
    Answer,
    Check,
    NewCheck,
    add_checks,
    answer_check,
    check,
    checks,
)
from assistant.store.decided.decisions import decisions
from assistant.store.model.suggestions import suggestions
from assistant.store.people.codings import codings
from assistant.store.records import RunRow
from assistant.store.texts.transcripts import transcript
from assistant.transcripts.records import segment_body

__all__ = ["FAST_SECONDS", "Pace", "give_answer", "pace", "prepare_checks"]

_ONE_IN = 12
"""One check of each kind for so many suggestions; none where there are fewer than half of it."""
_FEWEST_WORDS = 8
FAST_SECONDS = 2.0
"""An accept quicker than this was hardly a reading."""
_IN_A_ROW = 5


def prepare_checks(
    store: Store, run_row: RunRow, transcript_id: int, book: Codebook, who: str
) -> tuple[Check, ...]:
    """This person's checks for a run and transcript; made at the first call, the same after it.

    A planted code is one that neither the model nor any person gave to that passage or those next
    to it; a passage without a suggestion is one that nobody coded.
    """
    there = checks(store, who, run_row.id, transcript_id)
    if there:
        return there
    text = transcript(store, transcript_id)
    found = suggestions(store, run_row.id, transcript_id)
    each = round(len(found) / _ONE_IN)
    if not each:
        return ()
    given: dict[int, set[str]] = {s.index: set() for s in text.segments}
    for s in found:
        given[s.segment].add(s.code)
    for c in codings(store, transcript_id):
        for segment in text.segments:
            if segment.start < c.end and c.start < segment.end:
                given[segment.index].add(book.resolve(c.code) or c.code)
    draw = random.Random(hash_json([who, run_row.run_key, text.sha256]))
    long_enough = [
        s.index for s in text.segments if len(text.text[s.start : s.end].split()) >= _FEWEST_WORDS
    ]
    draw.shuffle(long_enough)
    used = sorted({s.code for s in found})
    new: list[NewCheck] = []
    for number in long_enough:
        first, last = segment_body(text.text, text.segments[number])
        around = set().union(*(given.get(n, set()) for n in (number - 1, number, number + 1)))
        wrong = [code for code in used if code not in around]
        planted = sum(c.kind == "planted" for c in new)
        if planted < each and wrong:
            new.append(NewCheck("planted", number, first, last, draw.choice(wrong)))
        elif len(new) - planted < each and not given[number]:
            new.append(NewCheck("empty", number, first, last, ""))
    add_checks(store, who, run_row.id, transcript_id, new)
    return checks(store, who, run_row.id, transcript_id)


def give_answer(
    store: Store, check_id: int, who: str, answer: Answer, seconds: float | None = None
) -> str:
    """Keep her answer and say what it was; a sentence for her. Raises `UserError`."""
    found = check(store, check_id, who)
    if found is None:
        raise UserError("There is no such check of yours.")
    if found.kind == "empty" and answer not in ("added", "nothing"):
        answer = "nothing"
    if found.kind == "planted" and answer in ("added", "nothing"):
        raise UserError("A suggestion is accepted, rejected or changed.")
    if not answer_check(store, check_id, answer, seconds):
        return "That was a check; you have answered it already."
    if found.kind == "empty":
        return "That was a passage to check that nothing is missed. Thank you."
    if answer == "accept":
        return "That was a planted suggestion, and it was wrong. Nothing was stored. Time to rest?"
    return "That was a planted suggestion, and you caught it. Nothing was stored."


@dataclass(frozen=True)
class Pace:
    """One reviewer's work, for her alone."""

    decided: int
    accepted: int
    changed: int
    median_seconds: float | None
    fast_runs: int
    """How often she accepted five or more in a row, each in under two seconds."""
    longest_fast_run: int
    planted: int
    """Planted suggestions that she answered."""
    caught: int
    empty: int
    """Passages without a suggestion that she was asked about."""
    added: int


def pace(store: Store, who: str) -> Pace:
    """From her decisions one by one; decisions in bulk and undoing are no reading."""
    mine = [
        d
        for d in decisions(store)
        if d.reviewer == who and d.bulk_id is None and d.decision != "undo"
    ]
    times = [d.seconds for d in mine if d.seconds is not None]
    runs, length = [], 0
    for d in mine:
        if d.decision == "accept" and d.seconds is not None and d.seconds < FAST_SECONDS:
            length += 1
            continue
        runs.append(length)
        length = 0
    runs.append(length)
    answered = [c for c in checks(store, who) if c.answer is not None]
    planted = [c for c in answered if c.kind == "planted"]
    empty = [c for c in answered if c.kind == "empty"]
    return Pace(
        len(mine),
        sum(d.decision == "accept" for d in mine),
        sum(d.decision == "amend" for d in mine),
        round(median(times), 1) if times else None,
        sum(n >= _IN_A_ROW for n in runs),
        max(runs),
        len(planted),
        sum(c.answer != "accept" for c in planted),
        len(empty),
        sum(c.answer == "added" for c in empty),
    )
