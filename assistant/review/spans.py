"""Everything that the transcript page draws, as plain records that become JSON.

Positions are code points of the whole text; the page turns them into the browser's own units in one
place (``static/js/points.js``). Suggestions of codes in the lane `withhold` are left out unless
asked for, and so are blind codes of people who have not finished.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from assistant.codebook.records import Codebook
from assistant.review.legend import CodeEntry, CoderEntry, Codes, in_order, looks
from assistant.store.database import Store
from assistant.store.decided.checks import Check
from assistant.store.decided.decisions import decisions_in_force
from assistant.store.decided.reviewing import (
    Standing,
    coding_by_id,
    last_standing,
    standings,
    unfinished_blind,
)
from assistant.store.model.reply_records import Suggestion
from assistant.store.model.suggestions import suggestion, suggestions
from assistant.store.people.codings import codings, scopes
from assistant.store.records import Coding, RunRow
from assistant.transcripts.records import Transcript, segment_body

__all__ = [
    "Drawn",
    "SpanEntry",
    "coding_alone",
    "drawn",
    "mixed_in",
    "span_of_coding",
    "span_of_suggestion",
]

_ENOUGH_WORDS = 10


@dataclass(frozen=True)
class SpanEntry:
    id: str
    """``s12`` for a suggestion, ``c7`` for a person's coding."""
    number: int
    coder: int
    """Number in `Drawn.coders`; -1 where a span is given alone."""
    code: int
    """Number in `Drawn.codes`; -1 where a span is given alone."""
    start: int
    end: int
    code_id: str = ""
    """Only where a span is given alone."""
    decision: str = ""
    """Suggestions: ``open``, ``accept``, ``reject``, ``amend``."""
    after: int = 0
    """Number of the newest decision; deciding says that this is what was seen."""
    by: str = ""
    at: str = ""
    reason: str = ""
    bulk: int | None = None
    own: int | None = None
    """Suggestions that were changed: number of the coding that came from it."""
    instead: str = ""
    """Its code; the suggestion's own where only the borders were changed."""
    mine: bool = False
    """A coding that the reviewer added here and can take back."""
    differs: bool = False
    """People who coded this transcript say something else about this passage."""
    coder_name: str = ""
    """Only where a coding is given alone."""


@dataclass(frozen=True)
class Drawn:
    coders: tuple[CoderEntry, ...]
    codes: tuple[CodeEntry, ...]
    spans: tuple[SpanEntry, ...]
    withheld: int
    """Suggestions that are hidden because their code's lane is `withhold`."""
    hidden_people: tuple[str, ...]
    """People whose blind codes are hidden until they have finished."""
    reviewer: CoderEntry
    """How the person who reads is drawn as soon as she codes."""


class _Words:
    """Segments with their number of words, to ask which of them a span covers."""

    def __init__(self, text: Transcript) -> None:
        self._text = text.text
        self._bodies = [segment_body(text.text, segment) for segment in text.segments]
        self._words = [len(text.text[a:b].split()) for a, b in self._bodies]
        self._starts = [segment.start for segment in text.segments]
        self._numbers = [segment.index for segment in text.segments]

    def covered(self, start: int, end: int) -> set[int]:
        """Segments that a span covers by half or by ten words: the study's rule."""
        found = set()
        for n in range(max(0, bisect_right(self._starts, start) - 1), len(self._starts)):
            if self._starts[n] >= end:
                break
            first, last = self._bodies[n]
            if start <= first and end >= last:
                inside = self._words[n]
            else:
                inside = len(self._text[max(first, start) : min(last, end)].split())
            if inside and (2 * inside >= self._words[n] or inside >= _ENOUGH_WORDS):
                found.add(self._numbers[n])
        return found


class _Said:
    """Who says what of which segment, by the study's rule from span to segment."""

    def __init__(self, text: Transcript, shown: Sequence[Coding], codes: Codes) -> None:
        self._people: dict[tuple[int, int], set[str]] = {}
        self._of: dict[int, set[int]] = {}
        words = _Words(text)
        for coding in shown:
            covered = words.covered(coding.start, coding.end)
            self._of[coding.id] = covered
            if coding.exposure != "after-model":
                for segment in covered:
                    key = (segment, codes.number(coding.code))
                    self._people.setdefault(key, set()).add(coding.coder.name)

    def differs(self, segment: int, code: int, judges: set[str]) -> bool:
        """Whether somebody who read the passage did not give it this code."""
        return bool(judges - self._people.get((segment, code), set()))

    def missed(self, coding: Coding, code: int, by_model: set[tuple[int, int]]) -> bool:
        """Whether the model has this code nowhere in what the person's coding covers."""
        covered = self._of[coding.id]
        return bool(covered) and not any((segment, code) in by_model for segment in covered)


def drawn(
    store: Store,
    text: Transcript,
    book: Codebook | None,
    run: RunRow | None,
    lanes: dict[str, str],
    who: str,
    *,
    withheld: bool = False,
    only_own: bool = False,
    only_blind: bool = False,
) -> Drawn:
    """What the page shows of one transcript. ``lanes``: code -> lane of its verdict for this run.
    ``only_own``: nothing of anybody else; ``only_blind``: of her own what she coded blind."""
    only_own = only_own or only_blind
    codes = Codes(book, lanes)
    unfinished = {name for name, _ in unfinished_blind(store, text.id)}
    shown = [
        c
        for c in codings(store, text.id)
        if (c.coder.name == who and (not only_blind or c.origin == "blind"))
        or (not only_own and not (c.origin == "blind" and c.coder.name in unfinished))
    ]
    exposures = {s.coder.name: s.exposure for s in scopes(store, text.id)}
    people = sorted({c.coder.name for c in shown} | (set() if only_own else set(exposures)))
    numbers = {name: n for n, name in enumerate(people)}
    # A look that stays whoever reads, and whoever codes next: in the order of the study.
    known = looks(in_order(store, [*people, who]), exposures)
    found_coders = [known[name] for name in people]
    said = _Said(text, shown, codes)
    suggested: list[SpanEntry] = []
    by_model: set[tuple[int, int]] = set()
    hidden = 0
    asked = run is not None and not only_own and text.id in run.transcripts
    if run is not None and asked:
        found_coders.append(CoderEntry(run.coder.name, "AI", "model", "m", ""))
        newest = standings(store, run.id, text.id)
        judges = {name for name, seen in exposures.items() if seen != "after-model"}
        code_of = {c.id: codes.entries[codes.number(c.code)].id for c in shown}
        for s in suggestions(store, run.id, text.id):
            number = codes.number(s.code)
            by_model.add((s.segment, number))
            if lanes.get(s.code) == "withhold" and not withheld:
                hidden += 1
                continue
            differs = said.differs(s.segment, number, judges)
            suggested.append(
                span_of_suggestion(
                    s, len(found_coders) - 1, number, newest.get(s.id), differs, code_of.get
                )
            )
    # Here the suggestion that she changed is not in sight: what came from it stays with it.
    decided = {d.coding_id for d in decisions_in_force(store).values()} if only_own else ()
    made = [
        span_of_coding(
            c,
            numbers[c.coder.name],
            codes.number(c.code),
            "" if c.id in decided else who,
            # A code that the codebook ignores is none that a model could have missed.
            asked
            and not (book and book.ignored(c.code))
            and said.missed(c, codes.number(c.code), by_model),
        )
        for c in shown
    ]
    spans = sorted([*made, *suggested], key=lambda s: (s.start, s.end, s.id))
    others = () if only_own else tuple(sorted(unfinished - {who}))
    return Drawn(
        tuple(found_coders), tuple(codes.entries), tuple(spans), hidden, others, known[who]
    )


def span_of_suggestion(
    s: Suggestion,
    coder: int,
    code: int,
    newest: Standing | None,
    differs: bool,
    code_of: Callable[[int], str | None],
) -> SpanEntry:
    """``code_of``: the code of a coding by its number; None where it is not there."""
    made = SpanEntry(f"s{s.id}", s.id, coder, code, s.start, s.end, "", s.decision, differs=differs)
    if newest is None:
        return made
    return replace(
        made,
        after=newest.decision_id,
        by=newest.who,
        at=newest.at,
        reason=newest.reason,
        bulk=newest.bulk_id,
        own=newest.coding_id,
        instead=(code_of(newest.coding_id) or "") if newest.coding_id else "",
    )


def span_of_coding(c: Coding, coder: int, code: int, who: str, differs: bool = False) -> SpanEntry:
    mine = c.coder.name == who and c.origin != "import"
    at = c.at if mine else ""
    return SpanEntry(
        f"c{c.id}", c.id, coder, code, c.start, c.end, at=at, mine=mine, differs=differs
    )


def suggestion_alone(store: Store, suggestion_id: int) -> SpanEntry:
    """One suggestion as it is now, to be put in the place of what the page has of it."""
    s = suggestion(store, suggestion_id)
    newest = last_standing(store, suggestion_id)

    def code_of(key: int) -> str | None:
        own = coding_by_id(store, key)
        return own.code if own else None

    return replace(span_of_suggestion(s, -1, -1, newest, False, code_of), code_id=s.code)


def coding_alone(store: Store, coding_id: int, book: Codebook, who: str) -> SpanEntry | None:
    """One coding as it is now; None when it is not there."""
    c = coding_by_id(store, coding_id)
    if c is None:
        return None
    code = book.resolve(c.code) or c.code
    return replace(span_of_coding(c, -1, -1, who), code_id=code, coder_name=c.coder.name)


def mixed_in(found: Drawn, checks: Sequence[Check]) -> Drawn:
    """With checks among the suggestions, as ``p`` and their number: planted ones look like any
    suggestion, passages without one ask whether something is missed."""
    waiting = [c for c in checks if c.answer is None]
    if not waiting:
        return found
    codes = list(found.codes)
    numbers = {code.id: n for n, code in enumerate(codes)}
    if any(c.kind == "empty" for c in waiting):
        numbers[""] = len(codes)
        codes.append(
            CodeEntry(
                "",
                "No suggestion here",
                "A check: read the passage. n adds a code that is missing; a says that none is.",
                *("", "", "", ""),
                known=False,
            )
        )
    model = next(n for n, c in enumerate(found.coders) if c.kind == "model")
    made = [
        SpanEntry(f"p{c.id}", c.id, model, numbers[c.code], c.start, c.end, "", "open")
        for c in waiting
        if c.code in numbers
    ]
    spans = sorted([*found.spans, *made], key=lambda s: (s.start, s.end, s.id))
    return replace(found, codes=tuple(codes), spans=tuple(spans))
