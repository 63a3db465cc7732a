"""What people did in the program, as it happened: they decided, coded, wrote and were shown."""

from __future__ import annotations

import json
from collections.abc import Iterator

from assistant.dates import as_stored
from assistant.store.database import Row, Store
from assistant.store.decided.reviewing import unfinished_blind
from assistant.store.trail.happening import Happening

__all__ = [
    "of_adjudications",
    "of_bulk",
    "of_codings",
    "of_decisions",
    "of_memos",
    "of_openings",
]


def of_decisions(store: Store) -> Iterator[Happening]:
    for r in store.rows("SELECT * FROM view_decisions"):
        own = f", own code “{r['own_code']}”" if r["own_code"] else ""
        done = r["decision"]
        if r["undoes"] is not None:
            done = f"undo of {r['undone_reviewer']}'s “{r['undone_decision']}”"
        yield Happening(
            r["decided_at"],
            r["reviewer"],
            "decision",
            f"{done}: “{r['code']}” in “{r['transcript']}” (suggestion "
            f"{r['suggestion_id']} of run {r['run']}){own}",
            said=r["reason"],
            quote=r["quote"],
            transcript=r["transcript"],
            details={
                "decision": r["id"],
                "suggestion": r["suggestion_id"],
                **({"undoes": r["undoes"]} if r["undoes"] is not None else {}),
            },
        )


def of_bulk(store: Store) -> Iterator[Happening]:
    for r in store.rows(
        "SELECT b.*, (SELECT d.reviewer FROM decisions d WHERE d.bulk_id = b.id "
        "AND d.decision = 'undo' ORDER BY d.decided_at DESC, d.id DESC LIMIT 1) AS undone_by "
        "FROM bulk_decisions b"
    ):
        for at, who, word in (
            (r["made_at"], r["reviewer"], "accepted"),
            # Where all of them had been decided anew before, who undid it is not on record.
            (r["undone_at"], r["undone_by"] or "", "taken back"),
        ):
            if at:
                yield Happening(
                    at,
                    who,
                    "bulk",
                    f"Suggestions of “{r['code']}” of run {r['run_id']} were {word} at once",
                    said=r["because"],
                    details={
                        "bulk": r["id"],
                        "verdict": r["verdict_id"],
                        "audit": r["audit_id"],
                    },
                )


def of_codings(store: Store) -> Iterator[Happening]:
    """Blind codings of people who have not finished are left out."""
    hidden = unfinished_blind(store)
    for r in store.rows(
        "SELECT k.*, c.name AS coder, t.name AS transcript FROM codings k "
        "JOIN coders c ON c.id = k.coder_id JOIN transcripts t ON t.id = k.transcript_id "
        "WHERE k.origin <> 'import'"
    ):
        if r["origin"] == "blind" and (r["coder"], r["transcript_id"]) in hidden:
            continue
        yield Happening(
            r["created_at"],
            r["coder"],
            "coding",
            f"Coded “{r['code']}” in “{r['transcript']}”, {r['start_char']}–{r['end_char']} "
            f"({r['origin']})",
            quote=r["quote"],
            transcript=r["transcript"],
            details={"guid": r["guid"]},
        )


def of_memos(store: Store) -> Iterator[Happening]:
    """Memos on what their writer codes blind and has not finished are left out."""
    hidden = unfinished_blind(store)
    for r in store.rows(
        "SELECT m.*, coalesce(t.name, '') AS transcript FROM memos m "
        "LEFT JOIN transcripts t ON t.id = m.transcript_id"
    ):
        if (r["who"], r["transcript_id"]) in hidden:
            continue
        about = " ".join(x for x in (r["about"], r["code"], r["transcript"]) if x)
        verb = "took back a memo" if r["deleted"] else "wrote a memo"
        yield Happening(
            as_stored(r["written_at"]) or r["written_at"],
            r["who"],
            "memo",
            f"{verb} on {about}" + (" in place of another" if r["replaces_id"] else ""),
            said=r["text"],
            quote=r["quote"],
            transcript=r["transcript"],
            details={"guid": r["guid"]},
        )


def of_adjudications(store: Store) -> Iterator[Happening]:
    for r in store.rows(
        "SELECT a.*, t.name AS transcript, json_extract(a.sides, '$.slip') AS slip "
        "FROM adjudications a "
        "JOIN transcripts t ON t.id = a.transcript_id"
    ):
        yield Happening(
            r["decided_at"],
            r["who"],
            "adjudication",
            f"“{r['code']}” in “{r['transcript']}”, segment {r['segment'] + 1}: {_outcome(r)}"
            + (" (an oversight of the other)" if r["slip"] else ""),
            said=r["note"],
            transcript=r["transcript"],
            details={"guid": r["guid"]},
        )


def _outcome(row: Row) -> str:
    """What was said, in words; whose side is right, where that is on record."""
    held = json.loads(row["sides"])
    sides = held.get("sides", []) if isinstance(held, dict) else []
    right = {"this-side": 0, "that-side": 1}.get(row["outcome"])
    if right is None:
        return str(row["outcome"]).replace("-", " ")
    chosen = held.get("chosen") if isinstance(held, dict) else None
    place = right if chosen is None else chosen
    who = sides[place].get("coders", []) if place < len(sides) else []
    if not who:
        return "the first side is right" if right == 0 else "the other side is right"
    return f"{', '.join(who)} {'is' if len(who) == 1 else 'are'} right"


def of_openings(store: Store) -> Iterator[Happening]:
    for r in store.rows(
        "SELECT o.*, t.name AS transcript, coalesce(c.name, '') AS whose FROM openings o "
        "JOIN transcripts t ON t.id = o.transcript_id LEFT JOIN coders c ON c.id = o.coder_id"
    ):
        shown = "a model’s suggestions" if r["shown"] == "model" else "other people’s codes"
        yield Happening(
            r["opened_at"],
            r["who"],
            "opening",
            f"Was shown {shown} of “{r['transcript']}”"
            + (f" ({r['whose']})" if r["whose"] else ""),
            transcript=r["transcript"],
            details={"place": r["place"]},
        )
