"""What a changed definition makes people look at again, by whom, and about how long it takes."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from statistics import median

from assistant.codebook.records import Codebook
from assistant.store.codings import codings
from assistant.store.database import Store
from assistant.store.suggestions import decisions
from assistant.store.transcripts import transcript_infos

__all__ = ["Again", "ToRecode", "passages_to_recode"]

_LEAST = 10
"""Decisions whose median says something."""
_WORDS_A_MINUTE = 100
"""Reading with care and deciding; half of quiet reading (about 200 to 250 words a minute)."""


@dataclass(frozen=True)
class Again:
    """One passage that counts for nothing until somebody has looked at it again."""

    transcript_id: int
    transcript: str
    start: int
    end: int
    quote: str
    written: str


@dataclass(frozen=True)
class ToRecode:
    coder: str
    passages: tuple[Again, ...]
    minutes: float
    basis: str
    """What the estimate rests on, as a sentence."""


def passages_to_recode(
    store: Store, book: Codebook, code: str, leave_out: Collection[int] = ()
) -> tuple[ToRecode, ...]:
    """People's codings of one code, by coder. Adjudicated and after-model ones are left out, and
    the transcripts ``leave_out``."""
    infos = [i for i in transcript_infos(store) if not i.withdrawn and i.id not in leave_out]
    names = {i.id: i.name for i in infos}
    found: dict[str, list[Again]] = {}
    for c in codings(store):
        if c.transcript_id not in names or book.resolve(c.code) != code:
            continue
        if c.exposure in ("after-model", "adjudicated"):
            continue
        found.setdefault(c.coder.name, []).append(
            Again(c.transcript_id, names[c.transcript_id], c.start, c.end, c.quote, c.code)
        )
    seconds: dict[str, list[float]] = {}
    for d in decisions(store):
        if d.seconds is not None and d.bulk_id is None:
            seconds.setdefault(d.reviewer, []).append(d.seconds)
    everybody = [s for mine in seconds.values() for s in mine]
    made = []
    for coder, passages in sorted(found.items()):
        mine = seconds.get(coder, [])
        words = sum(len(re.findall(r"\w+", p.quote)) for p in passages)
        if len(mine) >= _LEAST:
            each = median(mine)
            minutes = len(passages) * each / 60
            basis = f"the median of {coder}'s own {len(mine)} decisions, {each:.0f} seconds each"
        elif len(everybody) >= _LEAST:
            each = median(everybody)
            minutes = len(passages) * each / 60
            basis = f"the median of everybody's {len(everybody)} decisions, {each:.0f} seconds each"
        else:
            minutes = words / _WORDS_A_MINUTE
            basis = (
                f"{words} words at {_WORDS_A_MINUTE} a minute, since too few decisions were timed"
            )
        made.append(ToRecode(coder, tuple(passages), minutes, basis))
    return tuple(made)
