"""What two studies say differently about the same thing: both sides are kept, people settle it.

Invariant: the same difference has the same identity and the same sides in both studies, whichever
took in the other's file first.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assistant.hashing import canonical_json, hash_json
from assistant.store.database import Row, Store
from assistant.store.records import Event
from assistant.store.trail.events import events

__all__ = [
    "SETTLED",
    "Conflict",
    "chosen_sides",
    "conflicts",
    "disputed_adjudications",
    "disputed_decisions",
    "record_conflicts",
    "suggestion_in",
]

SETTLED = "settled"
"""Kind of the event by which a person settles a conflict."""


@dataclass(frozen=True)
class Conflict:
    identity: str
    kind: str
    """``decision``, ``adjudication``, ``scope``, ``transcript``, ``run``, ``consent``,
    ``pseudonym``, ``interview``."""
    about: dict[str, Any]
    sides: tuple[dict[str, Any], ...]
    found_at: str
    """When the later of the sides was said."""
    settled: str = ""
    """By what; empty while it is open."""

    @property
    def key(self) -> str:
        """What stays the same when somebody says something more about it; empty for most kinds."""
        return str(self.about.get("suggestion") or self.about.get("disagreement") or "")

    @classmethod
    def of(
        cls,
        kind: str,
        about: Mapping[str, object],
        sides: Sequence[Mapping[str, object]],
        at: str,
    ) -> Conflict:
        both = tuple(sorted((dict(side) for side in sides), key=canonical_json))
        key = about.get("suggestion") or about.get("disagreement") or dict(about)
        identity = hash_json([kind, key, list(both)]).removeprefix("sha256:")[:16]
        return cls(identity, kind, dict(about), both, at)


def record_conflicts(store: Store, found: Sequence[Conflict]) -> int:
    """Store conflicts; how many are new."""
    before = int(store.value("SELECT count(*) FROM conflicts"))
    store.write_many(
        "INSERT INTO conflicts (identity, kind, about, sides, found_at) VALUES (?, ?, ?, ?, ?) "
        "ON CONFLICT (identity) DO NOTHING",
        [
            (
                one.identity,
                one.kind,
                json.dumps(one.about, ensure_ascii=False, sort_keys=True),
                json.dumps(one.sides, ensure_ascii=False, sort_keys=True),
                one.found_at,
            )
            for one in found
        ],
    )
    return int(store.value("SELECT count(*) FROM conflicts")) - before


def conflicts(store: Store) -> tuple[Conflict, ...]:
    """All conflicts, with what settled them: a person's word, or a later decision that holds.

    Whoever settles by deciding herself makes one more side, and so a conflict of another identity;
    her word settles that one too. Taking a decision back settles nothing, and where it took back
    what settled a conflict, that is open again.
    """
    holding = {row["key"]: row for row in store.rows(_HOLDING)}
    words = [e for e in events(store, SETTLED) if _still_so(e, holding)]
    said = {e.details.get("conflict"): f"{e.who}: {e.what}" for e in words}
    about_it = {e.details["key"]: e for e in words if e.details.get("key")}
    later = {
        **{key: row["at"] for key, row in holding.items()},
        **{row["key"]: row["at"] for row in store.rows(_LAST_ADJUDICATIONS)},
    }
    texts = {row["sha256"] for row in store.rows("SELECT sha256 FROM transcripts")}
    found = []
    for row in store.rows("SELECT * FROM conflicts ORDER BY found_at, identity"):
        about = json.loads(row["about"])
        key = about.get("suggestion") or about.get("disagreement") or ""
        settled = said.get(row["identity"], "")
        sides = json.loads(row["sides"])
        two = row["kind"] in ("transcript", "interview")
        if not settled and two and not {side.get("words") for side in sides} <= texts:
            settled = "the two are one transcript now"
        word = about_it.get(key)
        if not settled and word is not None and word.at >= row["found_at"]:
            settled = f"{word.who}: {word.what}"
        if not settled and later.get(key, "") > row["found_at"]:
            settled = f"a later word, {later[key][:16].replace('T', ' ')}"
        found.append(
            Conflict(
                row["identity"],
                row["kind"],
                about,
                tuple(sides),
                row["found_at"],
                settled,
            )
        )
    return tuple(found)


def chosen_sides(store: Store) -> dict[str, dict[str, Any]]:
    """Identity of a conflict -> the side that holds, where the last word about it chose one."""
    last = {e.details.get("conflict"): e.details.get("side") for e in events(store, SETTLED)}
    return {str(identity): side for identity, side in last.items() if side}


def suggestion_in(store: Store, conflict: Conflict) -> int | None:
    """The suggestion that a conflict is about; None for other kinds, or where it is not here."""
    guid = conflict.about.get("suggestion")
    key = store.value("SELECT id FROM suggestions WHERE guid = ?", (guid,)) if guid else None
    return None if key is None else int(key)


def _still_so(word: Event, holding: Mapping[str, Row]) -> bool:
    """Whether a side that was chosen on a suggestion holds: what made it hold may have been taken
    back since."""
    side = word.details.get("side")
    if not isinstance(side, dict) or "decision" not in side:
        return True
    now = holding.get(str(word.details.get("key")))
    return now is not None and (now["decision"], now["own"]) == (side["decision"], side.get("own"))


# What holds of each suggestion that a conflict is about.
_HOLDING = (
    "SELECT s.guid AS key, c.decided_at AS at, c.decision, coalesce(k.code, '') AS own "
    "FROM suggestions s JOIN current_decisions c ON c.suggestion_id = s.id "
    "LEFT JOIN codings k ON k.id = c.coding_id "
    "WHERE s.guid IN (SELECT json_extract(about, '$.suggestion') FROM conflicts)"
)
_LAST_ADJUDICATIONS = (
    "SELECT disagreement_key AS key, max(decided_at) AS at FROM adjudications "
    "GROUP BY disagreement_key"
)


def disputed_decisions(store: Store) -> list[Conflict]:
    """Suggestions about which the last words of two people differ.

    A person's last word is her latest decision that she has not taken back herself; that another
    took it back does not make her say anything else.
    """
    rows = store.rows(
        """
        SELECT s.guid, s.code, s.segment, t.name, d.reviewer, d.decision, d.decided_at,
               coalesce(k.code, '') AS own
        FROM decisions d JOIN suggestions s ON s.id = d.suggestion_id
        JOIN transcripts t ON t.id = s.transcript_id
        LEFT JOIN codings k ON k.id = d.coding_id
        WHERE d.id = (SELECT l.id FROM decisions l WHERE l.suggestion_id = d.suggestion_id
                      AND l.reviewer = d.reviewer AND l.decision <> 'undo'
                      AND NOT EXISTS (SELECT 1 FROM decisions u WHERE u.undoes = l.guid
                                      AND u.reviewer = l.reviewer)
                      ORDER BY l.decided_at DESC, l.id DESC LIMIT 1)
          AND d.suggestion_id IN (SELECT suggestion_id FROM decisions GROUP BY suggestion_id
                                  HAVING count(DISTINCT reviewer) > 1)
        ORDER BY s.guid, d.reviewer"""
    )
    sides: dict[str, list[dict[str, object]]] = {}
    about: dict[str, dict[str, object]] = {}
    for r in rows:
        about[r["guid"]] = {
            "suggestion": r["guid"],
            "transcript": r["name"],
            "segment": r["segment"],
            "code": r["code"],
        }
        sides.setdefault(r["guid"], []).append(
            {
                "who": r["reviewer"],
                "decision": r["decision"],
                "own": r["own"],
                "at": r["decided_at"],
            }
        )
    return [
        Conflict.of("decision", about[guid], both, max(str(s["at"]) for s in both))
        for guid, both in sides.items()
        if len({(s["decision"], s["own"]) for s in both}) > 1
    ]


def disputed_adjudications(store: Store) -> list[Conflict]:
    """Disagreements that two people have settled differently.

    One is known by its place and its codes: keys of earlier versions had them in another order.
    """
    rows = store.rows(
        """
        SELECT a.disagreement_key AS key, a.outcome, a.who, a.decided_at, a.segment, a.code,
               a.sides, a.transcript_id, t.name
        FROM adjudications a JOIN transcripts t ON t.id = a.transcript_id
        ORDER BY a.decided_at, a.id"""
    )
    latest: dict[tuple[object, ...], dict[str, Row]] = {}
    for r in rows:
        held = json.loads(r["sides"])
        codes = held.get("codes") if isinstance(held, dict) else None
        place = (r["transcript_id"], r["segment"], *sorted(codes or [r["code"]]))
        latest.setdefault(place, {})[r["who"]] = r
    conflicts = []
    for said in latest.values():
        newest = max(said.values(), key=lambda r: str(r["decided_at"]))
        if len({r["outcome"] for r in said.values()}) > 1:
            about: dict[str, object] = {
                "disagreement": newest["key"],
                "transcript": newest["name"],
                "segment": newest["segment"],
                "code": newest["code"],
            }
            both: list[dict[str, object]] = [
                {"who": r["who"], "outcome": r["outcome"], "at": r["decided_at"]}
                for _, r in sorted(said.items())
            ]
            conflicts.append(Conflict.of("adjudication", about, both, str(newest["decided_at"])))
    return sorted(conflicts, key=lambda one: str(one.about["disagreement"]))
