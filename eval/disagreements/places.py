"""Disagreements about one passage belong together: coders who differ there often differ in several
codes.

Of the same people, in one transcript, about segments that overlap or lead from one to the other. A
code of a larger unit stands alone, since it would take in everything.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from assistant.hashing import hash_json
from eval.disagreements.records import Disagreement
from eval.report.wording import how_many

__all__ = ["at_passages", "at_places", "how_many_at"]


def at_places(found: Sequence[Disagreement], larger: Collection[str]) -> list[Disagreement]:
    """The disagreements of one transcript with their `place`, in the order given.

    ``larger``: codes that are given to more than a segment.
    """
    groups: list[list[int]] = []
    ends: dict[tuple[object, ...], tuple[int, int]] = {}
    for n in sorted(range(len(found)), key=lambda n: (found[n].start, found[n].end)):
        d = found[n]
        people = tuple(side.coder for side in d.sides)
        alone = any(code in larger for code in d.codes)
        group = (people, (d.start, d.end) if alone else None)
        end, number = ends.get(group, (-1, 0))
        if d.start < end:
            groups[number].append(n)
        else:
            number = len(groups)
            groups.append([n])
        ends[group] = max(end, d.end), number
    places = {}
    for members in groups:
        first = found[members[0]]
        who = sorted(side.coder for side in first.sides)
        # An exchange and the transcript may begin at the same place.
        end = first.end if any(code in larger for code in first.codes) else 0
        digest = hash_json([first.transcript_sha256, first.start, end, who])
        place = "p-" + digest.removeprefix("sha256:")[:16]
        places.update(dict.fromkeys(members, place))
    return [d.model_copy(update={"place": places[n]}) for n, d in enumerate(found)]


def how_many_at(found: Iterable[Disagreement]) -> int:
    """At how many passages."""
    return len({d.place for d in found})


def at_passages(found: Sequence[Disagreement]) -> str:
    """``126 disagreements at 90 passages``."""
    return f"{how_many(len(found), 'disagreement')} at {how_many(how_many_at(found), 'passage')}"
