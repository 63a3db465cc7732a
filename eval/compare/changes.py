"""What the second run fixed, broke and changed, place by place.

Fixed and broken are said only where all people who looked say the same; where they differ, or
nobody looked, the two runs merely say different things.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from assistant.hashing import hash_json
from assistant.store.model.reply_records import Suggestion
from eval.compare.loading import Together
from eval.compare.records import HAPPENED, Changed, Happened
from eval.units.records import CodedTranscript, exchanges

__all__ = ["changes"]


def changes(
    found: Together,
    codes: Sequence[str],
    suggested: Sequence[Mapping[tuple[str, int, str], Sequence[Suggestion]]],
) -> tuple[Changed, ...]:
    """Every cell that both runs looked at and answer differently; fixed first, then by code.

    ``suggested``: for the first and the second run, (transcript, segment, code) -> suggestions.
    """
    m = found.matrix
    first, second = (m.coder(name) for name in found.runs[:2])
    both = m.scope[first] & m.scope[second]
    apart = both & (m.positive[first] != m.positive[second])
    texts = {t.name: t for t in found.study.transcripts}
    people = [m.coder(name) for name in found.people]
    made = []
    for u, c in zip(*np.nonzero(apart), strict=True):
        code = m.codes[c]
        if code not in codes:
            continue
        yes = tuple(m.coders[k] for k in people if m.scope[k, u, c] and m.positive[k, u, c])
        no = tuple(m.coders[k] for k in people if m.scope[k, u, c] and not m.positive[k, u, c])
        said = bool(m.positive[first, u, c]), bool(m.positive[second, u, c])
        happened, how = _happened(yes, no, said)
        name = m.transcripts[m.transcript[u]]
        low, high = _segments(found, int(u), code)
        places = [(name, segment, code) for segment in range(low, high)]
        mine = [[one for p in places for one in s.get(p, ())] for s in suggested]
        made.append(
            Changed(
                "c-" + hash_json([found.study.sha256[name], low, code])[7:23],
                happened,
                how,
                name,
                found.study.languages[name],
                low,
                high - 1,
                code,
                yes,
                no,
                said,
                (_why(mine[0]), _why(mine[1])),
                (
                    _people_marks(texts[name], yes, code, low, high),
                    *(tuple((s.start, s.end) for s in side) for side in mine),
                ),
            )
        )
    place = {code: i for i, code in enumerate(m.codes)}
    order = {name: i for i, name in enumerate(m.transcripts)}
    return tuple(
        sorted(
            made,
            key=lambda x: (
                HAPPENED.index(x.happened),
                place[x.code],
                order[x.transcript],
                x.first_segment,
            ),
        )
    )


def _segments(found: Together, row: int, code: str) -> tuple[int, int]:
    """First segment of a place and the one after its last.

    The answer for a code of a larger unit stands in that unit's first row (`eval.units.building`).
    """
    m = found.matrix
    low, high = (int(x) for x in m.segment[row])
    coded = next(t for t in found.study.transcripts if t.name == m.transcripts[m.transcript[row]])
    unit = found.units.get(code, "segment")
    if unit == "transcript":
        return 0, len(coded.segments)
    group = exchanges(coded.segments) if unit == "exchange" else None
    if group is None:
        return low, high
    members = np.flatnonzero(group == group[low])
    return int(members[0]), int(members[-1]) + 1


def _happened(
    yes: Sequence[str], no: Sequence[str], said: tuple[bool, bool]
) -> tuple[Happened, str]:
    if not yes and not no:
        return "changed", "nobody coded this place"
    if yes and no:
        return "changed", "people differ here"
    if said[1]:
        return ("fixed", "found now") if yes else ("broken", "over-coded now")
    return ("broken", "missed now") if yes else ("fixed", "no longer over-coded")


def _why(side: Sequence[Suggestion]) -> str:
    return " ".join(dict.fromkeys(s.rationale for s in side if s.rationale))


def _people_marks(
    coded: CodedTranscript, people: Sequence[str], code: str, low: int, high: int
) -> tuple[tuple[int, int], ...]:
    start, end = coded.segments[low].start, coded.segments[high - 1].end
    return tuple(
        dict.fromkeys(
            (c.start, c.end)
            for c in coded.codings
            if c.coder in people and c.code == code and c.start < end and start < c.end
        )
    )
