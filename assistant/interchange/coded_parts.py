"""What a coder really coded: all of a transcript, some of its passages, some of the codes.

Who coded half an interview says nothing of the other half, and who looked for three codes says
nothing of the others. Unless somebody says so, every code that she did not give would be read as
her "no". A part that leaves out passages or codes that she did code is refused: it cannot be true.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from assistant.codebook.records import Codebook
from assistant.counting import counted
from assistant.errors import UserError
from assistant.meant import did_you_mean
from assistant.store.database import Store
from assistant.store.people.coded_parts import may_state_part, outside_part, set_coded_part
from assistant.store.people.coders import coders
from assistant.store.people.codings import codings
from assistant.store.records import Coding, Scope
from assistant.store.texts.transcripts import transcript
from assistant.store.trail.events import record_event
from assistant.transcripts.records import Transcript

__all__ = [
    "CodedPart",
    "beside_part",
    "outside_in_words",
    "part_in_words",
    "read_passages",
    "state_part",
]

_RANGE = re.compile(r"(\d{1,6})\s*(?:-|–|to|\.\.)\s*(\d{1,6})")


@dataclass(frozen=True)
class CodedPart:
    """Passages are numbered from 1, as every page numbers them; None: all of them."""

    first: int | None = None
    last: int | None = None
    codes: tuple[str, ...] | None = None


def read_passages(text: str) -> CodedPart:
    """``all``, or ``12-40``. Raises `UserError`."""
    if text.strip().lower() == "all":
        return CodedPart()
    found = _RANGE.fullmatch(text.strip())
    if found is None:
        raise UserError(
            f"“{text}” is no part of a transcript.",
            hint="Write `all`, or the first and the last passage that was coded, as 1-40.",
        )
    return CodedPart(int(found[1]), int(found[2]))


def part_in_words(scope: Scope) -> str:
    """``passages 1 to 40, only Tools and Rain``; empty where all was looked at."""
    said = []
    if scope.segments is not None:
        count = counted(len(scope.segments), "passage") if scope.segments else "no passage yet"
        if scope.exposure == "adjudicated":
            said.append(f"all in dispute decided in {count}")
        else:
            said.append(f"a sample of {count}" if scope.segments else count)
    if scope.first_segment is not None and scope.last_segment is not None:
        said.append(f"passages {scope.first_segment + 1} to {scope.last_segment + 1}")
    if scope.codes is not None and not scope.finished_at:
        said.append(f"only {', '.join(scope.codes) or 'no code'}")
    return ", ".join(said)


def beside_part(scope: Scope, mine: Iterable[Coding], book: Codebook | None) -> tuple[Coding, ...]:
    """Her codings of codes that somebody said she did not look for; they count for nothing.

    None of a code in the codebook is there when it is said; a file that comes later may bring some,
    and so may a code that the codebook lacked. ``book`` says which names are the same code.
    """
    if scope.codes is None or scope.finished_at:
        return ()

    def key(code: str) -> str:
        return (book.resolve(code) if book else None) or code.casefold()

    named = {key(code) for code in scope.codes}
    return tuple(c for c in mine if c.coder == scope.coder and key(c.code) not in named)


def outside_in_words(scope: Scope, text: Transcript, mine: Iterable[Coding]) -> str:
    """That codings lie outside the passages that she is said to have coded, and what to do; empty
    where none does. Never where: whoever reads it may have to code it blind."""
    outside = outside_part(scope, text, mine)
    if not outside:
        return ""
    name = scope.coder.name
    lie = "lies" if len(outside) == 1 else "lie"
    return (
        f"{counted(len(outside), 'coding')} of {name} in “{text.name}” {lie} outside "
        f"{part_in_words(replace(scope, codes=None))}, which is what {name} is said to have coded, "
        "so no figure counts "
        f"{'it' if len(outside) == 1 else 'them'}. If it was more, say so: "
        f'`secondcoder transcripts "{text.name}" --coder "{name}" --set-scope FIRST-LAST`, or '
        "`all`."
    )


def state_part(
    store: Store,
    book: Codebook,
    keys: Sequence[int],
    coder: str,
    part: CodedPart,
    who: str = "",
    *,
    untold: Collection[int] = (),
) -> list[str]:
    """State what ``coder`` coded of these transcripts; a sentence for what changed, and an event.

    ``untold``: transcripts of which a refusal must not say where and with what she coded, because
    whoever asks is to code them blind.

    Raises `UserError` for what cannot be true, and for what changes nothing.
    """
    if not coder:
        raise UserError(
            "Whose codes are meant was not said.",
            hint="Choose a coder (--coder NAME): what was coded is said of one person at a time.",
        )
    codes = None if part.codes is None else _resolved(book, part.codes)
    mine = [key for key in keys if may_state_part(store, coder, key)]
    if not mine:
        people = [one.name for one in coders(store, "human")]
        raise UserError(
            f"No codes of {coder} are there of which this can be said, so nothing was changed.",
            hint=f"{did_you_mean(coder, people)}What was coded in this program, and what was "
            "adjudicated here, is on record and stays.",
        )
    for key in mine:
        _check(store, book, key, coder, part, codes, told=key not in untold)
    with store.transaction():
        changed = [
            key
            for key in mine
            if set_coded_part(
                store,
                coder,
                key,
                first=None if part.first is None else part.first - 1,
                last=None if part.last is None else part.last - 1,
                codes=codes,
            )
        ]
        names = [transcript(store, key).name for key in changed]
        if not changed:
            return [f"What {coder} coded was said so already; nothing was changed."]
        sentence = f"{coder} coded {_said(part, codes)} of {', '.join(names)}."
        record_event(store, "statement", sentence, who, transcripts=names, coder=coder)
    return [sentence + " What lies outside is neither yes nor no."]


def _said(part: CodedPart, codes: Sequence[str] | None) -> str:
    where = "all" if part.first is None else f"passages {part.first} to {part.last}"
    return where if codes is None else f"{where} (only {', '.join(codes)})"


def _resolved(book: Codebook, codes: Sequence[str]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for code in codes:
        key = book.resolve(code)
        if key is None:
            there = [known.id for known in book.codes]
            raise UserError(
                f"The codebook has no code “{code}”.",
                hint=f"{did_you_mean(code, there)}`secondcoder codebook` lists them.",
            )
        found[key] = None
    if not found:
        raise UserError(
            "No code was chosen.", hint="Choose the codes that were looked for, or all of them."
        )
    return tuple(found)


def _check(
    store: Store,
    book: Codebook,
    key: int,
    coder: str,
    part: CodedPart,
    codes: Sequence[str] | None,
    *,
    told: bool,
) -> None:
    """That the part fits the transcript, and holds all that she coded."""
    text = transcript(store, key)
    if part.first is not None and part.last is not None:
        if not 1 <= part.first <= part.last <= len(text.segments):
            raise UserError(
                f"{text.name} has no passages {part.first} to {part.last}.",
                hint=f"It has {counted(len(text.segments), 'passage')}, numbered from 1; the first "
                "number is the smaller one.",
            )
        first, last = part.first - 1, part.last - 1
    else:
        first, last = 0, len(text.segments) - 1
    starts = [s.start for s in text.segments]
    mine = [c for c in codings(store, key) if c.coder.name == coder]
    outside = [
        place
        for c in mine
        for place in [bisect_right(starts, c.start) - 1]
        if place < first or c.end > text.segments[last].end
    ]
    others = {c.code for c in mine if book.resolve(c.code) not in (None, *(codes or ()))}
    if not told and (outside or (codes is not None and others)):
        raise UserError(
            f"{coder} coded more than that in {text.name}, which you are to code blind.",
            hint="Code it first, or let somebody else say it.",
        )
    if outside:
        raise UserError(
            f"{coder} coded outside passages {first + 1} to {last + 1} of {text.name}: "
            f"{counted(len(outside), 'coding')}, the first in passage {min(outside) + 1}.",
            hint="Say the first and the last passage that she read, also where she coded nothing.",
        )
    if codes is not None and others:
        raise UserError(
            f"{coder} gave other codes than these in {text.name}: {', '.join(sorted(others))}.",
            hint="Choose all the codes that she looked for.",
        )
