"""Look at people's codes as they are stored. Reads, changes nothing but the count of looks.

Agreement is measured by a stored evaluation of people, which counts as a look at the evidence like
any other: a codebook that is mended after it was chosen by it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from statistics import median

from assistant.codebook.checking import check
from assistant.codebook.findings import UsedCode
from assistant.codebook.loading import load_codebook
from assistant.codebook.naming import near_people
from assistant.codebook.records import Codebook
from assistant.errors import UserError
from assistant.store.database import Store, now
from assistant.store.decided.reviewing import shown_codings
from assistant.store.people.codings import scopes
from assistant.store.records import Coding
from assistant.store.texts.transcripts import transcript, transcript_infos
from assistant.study import Study
from assistant.transcripts.records import Segment, Transcript
from eval.evaluation.overrides import override_notes
from eval.evaluation.studying import Evaluated, evaluate_study
from eval.inspect.results import CoderLook, CodeUse, Course, Extent, Inspected, Twice, TwoNames

__all__ = ["LONG_SEGMENTS", "SHORT_WORDS", "inspect_study"]

SHORT_WORDS = 2
"""A coding of so few words says little to who reads it alone."""
LONG_SEGMENTS, LONG_WORDS = 8, 600
"""A coding of so much is rarely meant for each of its passages."""
STOPPED = 0.01
"""How unlikely an even spread must make the end of somebody's codings to be worth a question."""
_LENGTHS = ((2, "1 or 2 words"), (10, "3 to 10"), (50, "11 to 50"), (200, "51 to 200"))
_LONGEST = "over 200 words"


def inspect_study(study: Study, store: Store, *, who: str = "") -> Inspected:
    """Everything that one page tells about people's codes. Raises `UserError` when nobody coded."""
    everything = [c for c in shown_codings(store) if c.exposure != "after-model"]
    texts = {i.id: transcript(store, i.id) for i in transcript_infos(store) if not i.withdrawn}
    mine = [c for c in everything if c.transcript_id in texts and c.coder.kind == "human"]
    if not mine:
        raise UserError(
            "Nobody's codes are in the study yet.",
            hint="Import coded files with `secondcoder import`.",
        )
    book, no_book = _codebook(study)
    written, mine = mine, [_by_its_id(c, book) for c in mine]
    measured, why = _agreement(study, store, who)
    coded = {
        key: {s.coder.name for s in scopes(store, key) if s.coder.kind == "human"} for key in texts
    }
    apart = {key: {s.coder.name for s in scopes(store, key) if s.is_reference} for key in texts}
    used = _used(written)
    return Inspected(
        study=study.config.name,
        made_at=now(),
        codebook=f"{book.name} {book.version}".strip() if book else no_book,
        transcripts=len(texts),
        coded=sum(bool(names) for names in coded.values()),
        doubly=sum(len(names) > 1 for names in coded.values()),
        independently=sum(len(names) > 1 for names in apart.values()),
        coders=_coders(store, mine, texts),
        codes=_codes(book, mine, coded),
        findings=check(book, used, [t.name for t in texts.values()]) if book else (),
        short=tuple(e for e in _extents(mine, texts) if e.words <= SHORT_WORDS),
        long=tuple(
            e for e in _extents(mine, texts) if e.segments >= LONG_SEGMENTS or e.words >= LONG_WORDS
        ),
        lengths=_lengths(mine),
        twice=_twice(mine, texts),
        courses=_courses(mine, texts),
        people=measured.evaluation.people if measured else None,
        evaluation=measured.id if measured else None,
        no_agreement=why,
        notes=measured.evaluation.notes if measured else (),
        one_person=_one_person(mine, coded),
        overrides=override_notes(
            store, lambda code: book.by_id[code].label if book and code in book.by_id else code
        ),
    )


def _codebook(study: Study) -> tuple[Codebook | None, str]:
    try:
        book = load_codebook(study.codebook_file)
    except UserError as error:
        return None, f"none that can be read ({error.what})"
    return (book, "") if book.codes else (None, "no code in it yet")


def _agreement(study: Study, store: Store, who: str) -> tuple[Evaluated | None, str]:
    try:
        made = evaluate_study(study, store, who=who, look="inspect")
    except UserError as error:
        return None, error.what
    if made.evaluation.people is None:
        return None, "No two people coded the same transcript."
    return made, ""


def _by_its_id(coding: Coding, book: Codebook | None) -> Coding:
    """One code is one, under whatever alias somebody wrote it."""
    return replace(coding, code=(book.resolve(coding.code) if book else None) or coding.code)


def _words(coding: Coding) -> int:
    return len(coding.quote.split()) or len(coding.quote.strip())


def _used(mine: Sequence[Coding]) -> list[UsedCode]:
    places = {(c.transcript_id, c.coder.id, c.code, c.start, c.end) for c in mine}
    counts = Counter(code for _, _, code, _, _ in places)
    spread: dict[str, set[int]] = defaultdict(set)
    for key, _, code, _, _ in places:
        spread[code].add(key)
    return [UsedCode(code, n, len(spread[code])) for code, n in counts.most_common()]


def _coders(
    store: Store, mine: Sequence[Coding], texts: dict[int, Transcript]
) -> tuple[CoderLook, ...]:
    looked = [s for s in scopes(store) if s.transcript_id in texts and s.coder.kind == "human"]
    found = []
    for name in sorted({s.coder.name for s in looked}):
        own = [c for c in mine if c.coder.name == name]
        here = [s for s in looked if s.coder.name == name]
        found.append(
            CoderLook(
                name,
                len(here),
                len(own),
                len({c.code for c in own}),
                float(median(_words(c) for c in own)) if own else 0.0,
                dict(Counter(s.exposure for s in here)),
                sum(
                    s.first_segment is not None
                    or s.codes is not None
                    or getattr(s, "segments", None) is not None
                    for s in here
                ),
            )
        )
    return tuple(found)


def _one_person(mine: Sequence[Coding], coded: dict[int, set[str]]) -> tuple[TwoNames, ...]:
    """An import takes every name for a person of its own, so a slip makes two of one."""
    counts = Counter(c.coder.name for c in mine)
    names = sorted({name for there in coded.values() for name in there} | set(counts))
    pairs = near_people(names)
    by_count = [(sorted((p.one, p.other), key=lambda n: counts[n]), p.difference) for p in pairs]
    return tuple(TwoNames(fewer, more, said) for (fewer, more), said in by_count)


def _codes(
    book: Codebook | None, mine: Sequence[Coding], coded: dict[int, set[str]]
) -> tuple[CodeUse, ...]:
    by_code: dict[str, list[Coding]] = defaultdict(list)
    for coding in mine:
        by_code[coding.code].append(coding)
    known = {c.id: c for c in book.codes} if book else {}
    found = []
    for name in dict.fromkeys([*known, *by_code]):
        own = by_code.get(name, [])
        places = {(c.transcript_id, c.coder.id, c.start, c.end) for c in own}
        here = {c.transcript_id for c in own}
        code = known.get(name)
        ignored = book is not None and code is None and book.ignored(name) is not None
        found.append(
            CodeUse(
                name,
                code.label if code else name,
                code is not None,
                code.measured if code else not ignored,
                bool(code and code.definition.strip()),
                len(places),
                len(here),
                tuple(sorted({c.coder.name for c in own})),
                len({who for key in here for who in coded.get(key, set())}),
            )
        )
    return tuple(sorted(found, key=lambda c: (-c.codings, c.code)))


def _segments(coding: Coding, segments: Sequence[Segment]) -> tuple[int, int]:
    """First segment that a coding touches, from 0, and how many."""
    touched = [s.index for s in segments if s.start < coding.end and coding.start < s.end]
    return (touched[0], len(touched)) if touched else (0, 0)


def _extents(mine: Sequence[Coding], texts: dict[int, Transcript]) -> tuple[Extent, ...]:
    found = []
    for c in mine:
        text = texts[c.transcript_id]
        first, many = _segments(c, text.segments)
        found.append(Extent(text.name, c.coder.name, c.code, first + 1, many, _words(c)))
    return tuple(found)


def _lengths(mine: Sequence[Coding]) -> tuple[tuple[str, int], ...]:
    counts = Counter(
        next((label for most, label in _LENGTHS if _words(c) <= most), _LONGEST) for c in mine
    )
    return tuple((label, counts[label]) for label in (*(x for _, x in _LENGTHS), _LONGEST))


def _twice(mine: Sequence[Coding], texts: dict[int, Transcript]) -> tuple[Twice, ...]:
    groups: dict[tuple[int, str, str], list[Coding]] = defaultdict(list)
    for c in mine:
        groups[c.transcript_id, c.coder.name, c.code].append(c)
    found = []
    for (key, coder, code), own in groups.items():
        reach: Coding | None = None
        for c in sorted(own, key=lambda c: (c.start, c.end)):
            if reach is not None and c.start < reach.end:
                segment = _segments(c, texts[key].segments)[0] + 1
                same = (c.start, c.end) == (reach.start, reach.end)
                found.append(Twice(texts[key].name, coder, code, segment, same))
            if reach is None or c.end > reach.end:
                reach = c
    return tuple(sorted(found, key=lambda t: (t.transcript, t.segment, t.coder, t.code)))


def _courses(mine: Sequence[Coding], texts: dict[int, Transcript]) -> tuple[Course, ...]:
    groups: dict[tuple[int, str], list[Coding]] = defaultdict(list)
    for c in mine:
        groups[c.transcript_id, c.coder.name].append(c)
    found = []
    for (key, coder), own in groups.items():
        length = max(len(texts[key].text), 1)
        tenths = Counter(min(9, c.start * 10 // length) for c in own)
        last = max(c.end for c in own) / length
        beyond = [
            max(c.end for c in other) / length
            for (k, who), other in groups.items()
            if k == key and who != coder
        ]
        # Several codes on one passage are one step along the text.
        steps = len({c.start for c in own})
        chance = (max(c.start for c in own) / length) ** steps
        found.append(
            Course(
                texts[key].name,
                coder,
                len(own),
                tuple(tenths[n] for n in range(10)),
                min(c.start for c in own) / length,
                last,
                max(beyond) if beyond else None,
                chance,
                chance < STOPPED and last < 0.9 and (not beyond or max(beyond) > last + 0.05),
            )
        )
    order = {t.name: i for i, t in enumerate(texts.values())}
    return tuple(sorted(found, key=lambda c: (order[c.transcript], c.coder)))
