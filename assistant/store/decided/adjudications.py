"""What people said about disagreements. Rows are appended: who said what stays.

To say something else about the same disagreement is to add a row that replaces one's own earlier
one. The losing side's codings are untouched; those that an adjudication makes belong to a coder of
their own. A participant's withdrawal blanks the notes about her transcript.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from assistant.errors import BugError
from assistant.store.database import Row, Store, now

__all__ = ["Adjudication", "Outcome", "SaidSide", "add_adjudication", "adjudications"]

Outcome = Literal[
    "this-side",
    "that-side",
    "both-defensible",
    "neither",
    "border-only",
    "codebook-unclear",
    "new-code-needed",
]


@dataclass(frozen=True)
class SaidSide:
    """One side as it stood when it was decided on; holds positions and no words."""

    coders: tuple[str, ...]
    codes: tuple[str, ...]
    """Those in dispute that this side gives; empty: none."""
    spans: tuple[tuple[str, int, int], ...] = ()
    """(code, start, end) of what it marked, in code points."""


@dataclass(frozen=True)
class Adjudication:
    id: int
    guid: str
    key: str
    """Of the disagreement."""
    transcript_id: int
    segment: int
    """The first one."""
    codes: tuple[str, ...]
    sides: tuple[SaidSide, ...]
    outcome: Outcome
    chosen: int | None
    """Index of the side that is right, where one is."""
    made: tuple[str, ...]
    """GUIDs of the codings of the adjudicated version that came of it."""
    slip: bool
    """The side that is not right overlooked it: no question of a definition."""
    note: str
    who: str
    at: str
    replaces_id: int | None


def add_adjudication(
    store: Store,
    *,
    key: str,
    transcript_id: int,
    segment: int,
    codes: Sequence[str],
    sides: Sequence[SaidSide],
    outcome: Outcome,
    chosen: int | None,
    made: Sequence[str],
    coding_id: int | None,
    note: str,
    who: str,
    replaces: int | None,
    slip: bool = False,
) -> int:
    """Add what a person said; its id. ``coding_id``: the first of the codings in ``made``."""
    if outcome not in get_args(Outcome):
        raise BugError(f"There is no outcome “{outcome}”.")
    content = {
        "codes": list(codes),
        "sides": [
            {"coders": list(s.coders), "codes": list(s.codes), "spans": [list(x) for x in s.spans]}
            for s in sides
        ],
        "chosen": chosen,
        "made": list(made),
        **({"slip": True} if slip else {}),
    }
    return store.write(
        "INSERT INTO adjudications (guid, disagreement_key, transcript_id, segment, code, sides, "
        "outcome, note, who, decided_at, coding_id, replaces_id) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            str(uuid.uuid4()),
            key,
            transcript_id,
            segment,
            codes[0],
            json.dumps(content, ensure_ascii=False),
            outcome,
            note,
            who,
            now(),
            coding_id,
            replaces,
        ),
    )


def adjudications(
    store: Store,
    *,
    key: str = "",
    who: str = "",
    transcript_id: int | None = None,
    current: bool = True,
) -> tuple[Adjudication, ...]:
    """What was said, oldest first; with ``current`` only what nobody has replaced."""
    rows = store.rows(
        "SELECT * FROM adjudications a WHERE ?1 IN ('', a.disagreement_key) AND ?2 IN ('', a.who) "
        "AND (?3 IS NULL OR a.transcript_id = ?3) AND (?4 = 0 OR NOT EXISTS "
        "(SELECT 1 FROM adjudications later WHERE later.replaces_id = a.id)) "
        "ORDER BY a.decided_at, a.id",
        (key, who, transcript_id, int(current)),
    )
    return tuple(_adjudication(row) for row in rows)


def _adjudication(r: Row) -> Adjudication:
    content = json.loads(r["sides"])
    # A row of another program of the same schema may hold a plain list.
    held = content if isinstance(content, dict) else {}
    return Adjudication(
        r["id"],
        r["guid"],
        r["disagreement_key"],
        r["transcript_id"],
        r["segment"],
        tuple(held.get("codes", [r["code"]])),
        tuple(
            SaidSide(
                tuple(s["coders"]),
                tuple(s["codes"]),
                tuple((str(c), int(a), int(b)) for c, a, b in s["spans"]),
            )
            for s in held.get("sides", [])
        ),
        r["outcome"],
        held.get("chosen"),
        tuple(held.get("made", [])),
        held.get("slip") is True,
        r["note"],
        r["who"],
        r["decided_at"],
        r["replaces_id"],
    )
