"""Everything that a study's rows say has happened, in the order of time.

Words of participants stand apart in ``quote``; ``what`` holds what the program says of it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from assistant.counting import counted
from assistant.store.database import Store
from assistant.store.reviewing import unfinished_blind

__all__ = ["KINDS", "Happening", "happenings"]

KINDS = {
    "import": "Files brought in",
    "statement": "What was stated and set",
    "codebook": "Versions of the codebook",
    "prompt": "Versions of prompts",
    "run": "Runs of a model",
    "evaluation": "Evaluations and verdicts",
    "look": "Looks at evidence",
    "audit": "Audits",
    "decision": "Decisions",
    "bulk": "Decisions on many at once",
    "override": "Decisions against the evidence",
    "coding": "Codings made in the program",
    "memo": "Memos",
    "adjudication": "Disagreements talked over",
    "opening": "Who was shown what",
    "exchange": "Exports, sharing, merging, conflicts",
    "withdrawal": "Withdrawals",
    "other": "Other events",
}
"""Kind -> heading, in the order of the page."""
_OF_EVENT = {
    **{k: k for k in ("import", "statement", "codebook", "override")},
    **dict.fromkeys(("share", "merge", "export", "settled", "unsealed"), "exchange"),
}
_SAID_BETTER = frozenset(("run", "evaluation", "withdrawal-begun", "withdrawal-files"))
"""Events that the rows of another table tell better, and without words of a reply."""


@dataclass(frozen=True)
class Happening:
    at: str
    """ISO 8601, UTC."""
    who: str
    kind: str
    what: str
    """A sentence; researchers' own words stand in ``said``."""
    said: str = ""
    quote: str = ""
    """Participants' words."""
    transcript: str = ""
    details: dict[str, Any] = field(default_factory=dict)
    """Numbers and hashes that lead to the rows."""


def happenings(store: Store) -> tuple[Happening, ...]:
    """All of it. Blind codings of people who have not finished are left out."""
    found = [one for part in _PARTS for one in part(store)]
    return tuple(sorted(found, key=lambda one: (one.at, one.kind, one.what)))


def _events(store: Store) -> Iterator[Happening]:
    for r in store.rows("SELECT * FROM events ORDER BY id"):
        if r["kind"] in _SAID_BETTER:
            continue
        kind = _OF_EVENT.get(r["kind"], "other")
        details = json.loads(r["details"])
        what = f"{r['kind']}" if kind == "other" else ""
        yield Happening(
            r["at"], r["who"], kind, what, said=r["what"], details={"event": r["id"], **details}
        )


def _documents(store: Store) -> Iterator[Happening]:
    for r in store.rows(
        "SELECT d.*, t.name AS transcript, coalesce(c.name, '') AS coder, "
        "(SELECT count(*) FROM document_codings k WHERE k.document_id = d.id) AS codings "
        "FROM documents d JOIN transcripts t ON t.id = d.transcript_id "
        "LEFT JOIN coders c ON c.id = d.coder_id"
    ):
        by = f", codes of {r['coder']} ({r['codings']})" if r["coder"] else ""
        yield Happening(
            r["imported_at"],
            "",
            "import",
            f"The file “{r['name']}” ({r['format']}) was read into “{r['transcript']}”{by}",
            transcript=r["transcript"],
            details={"file_sha256": r["file_sha256"]},
        )


def _versions(store: Store) -> Iterator[Happening]:
    for r in store.rows("SELECT sha256, name, version, recorded_at FROM codebooks"):
        yield Happening(
            r["recorded_at"],
            "",
            "codebook",
            f"Codebook “{r['name']}”, version {r['version']}, was recorded",
            details={"sha256": r["sha256"]},
        )
    for r in store.rows("SELECT * FROM codebook_operations"):
        into = ", ".join(json.loads(r["into_codes"]))
        yield Happening(
            r["recorded_at"],
            "",
            "codebook",
            f"Change of the codebook: {r['op']} {', '.join(json.loads(r['codes']))}"
            + (f" → {into}" if into else ""),
            said=r["why"],
            details={"from": r["from_sha256"], "to": r["to_sha256"]},
        )
    for r in store.rows("SELECT sha256, prompt_id, recorded_at FROM prompts"):
        yield Happening(
            r["recorded_at"],
            "",
            "prompt",
            f"Prompt “{r['prompt_id']}” was recorded",
            details={"sha256": r["sha256"]},
        )


def _runs(store: Store) -> Iterator[Happening]:
    for r in store.rows(
        "SELECT r.id, r.recipe_sha256, r.status, r.started_at, r.ended_at, r.repeat, c.name, "
        "(SELECT count(*) FROM run_transcripts x WHERE x.run_id = r.id) AS transcripts, "
        "(SELECT count(*) FROM calls x WHERE x.run_id = r.id) AS calls, "
        "(SELECT count(*) FROM suggestions s WHERE s.run_id = r.id) AS suggestions, "
        "json_extract(r.header, '$.resolved.embedding_model') AS embedding_model, "
        "json_extract(r.header, '$.resolved.embedding_endpoint') AS embedding_endpoint, "
        "(SELECT count(*) FROM embedding_calls x WHERE x.run_id = r.id) AS embedding_calls "
        "FROM runs r JOIN coders c ON c.id = r.coder_id"
    ):
        details = {"run": r["id"], "recipe": r["recipe_sha256"], "repeat": r["repeat"]}
        yield Happening(
            r["started_at"],
            r["name"],
            "run",
            f"Run {r['id']} began, over {counted(r['transcripts'], 'transcript')}",
            details=details,
        )
        if r["ended_at"]:
            yield Happening(
                r["ended_at"],
                r["name"],
                "run",
                f"Run {r['id']} ended: {r['status']}, {counted(r['calls'], 'call')}, "
                f"{counted(r['suggestions'], 'suggestion')}"
                + (
                    f"; {counted(r['embedding_calls'], 'request')} for vectors to "
                    f"{r['embedding_endpoint']} ({r['embedding_model']})"
                    if r["embedding_model"]
                    else ""
                ),
                details=details,
            )


def _evidence(store: Store) -> Iterator[Happening]:
    for r in store.rows("SELECT * FROM evaluations"):
        lanes = store.rows(
            "SELECT lane, count(*) AS n FROM verdicts WHERE evaluation_id = ? GROUP BY lane",
            (r["id"],),
        )
        said = ", ".join(f"{x['n']} {x['lane']}" for x in lanes)
        yield Happening(
            r["made_at"],
            r["who"],
            "evaluation",
            f"Evaluation {r['id']}"
            + (f" of run {r['run_id']}" if r["run_id"] else " of people")
            + (f"; lanes of codes: {said}" if said else "")
            + ("; provisional" if r["provisional"] else ""),
            details={"evaluation": r["id"], "sha256": r["content_sha256"]},
        )
    for r in store.rows("SELECT * FROM looks"):
        yield Happening(
            r["looked_at"],
            r["who"],
            "look",
            f"Looked at evaluation {r['evaluation_id']}"
            if r["evaluation_id"]
            else f"Looked at the evidence: {r['kind']}",
            details={"evaluation": r["evaluation_id"], "lineage": r["lineage"]},
        )
    for r in store.rows("SELECT * FROM audits"):
        yield Happening(
            r["drawn_at"],
            "",
            "audit",
            f"Audit {r['id']} of run {r['run_id']} was drawn",
            details={"audit": r["id"]},
        )
        if r["decided_at"]:
            passed = "passed" if r["passed"] else "not passed"
            yield Happening(
                r["decided_at"],
                "",
                "audit",
                f"Audit {r['id']} was decided: {passed}",
                details={"audit": r["id"]},
            )


def _decisions(store: Store) -> Iterator[Happening]:
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


def _people(store: Store) -> Iterator[Happening]:
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
    for r in store.rows(
        "SELECT m.*, coalesce(t.name, '') AS transcript FROM memos m "
        "LEFT JOIN transcripts t ON t.id = m.transcript_id"
    ):
        about = " ".join(x for x in (r["about"], r["code"], r["transcript"]) if x)
        verb = "took back a memo" if r["deleted"] else "wrote a memo"
        yield Happening(
            r["written_at"],
            r["who"],
            "memo",
            f"{verb} on {about}" + (" in place of another" if r["replaces_id"] else ""),
            said=r["text"],
            quote=r["quote"],
            transcript=r["transcript"],
            details={"guid": r["guid"]},
        )
    for r in store.rows(
        "SELECT a.*, t.name AS transcript, json_extract(a.sides, '$.slip') AS slip "
        "FROM adjudications a "
        "JOIN transcripts t ON t.id = a.transcript_id"
    ):
        yield Happening(
            r["decided_at"],
            r["who"],
            "adjudication",
            f"“{r['code']}” in “{r['transcript']}”, segment {r['segment'] + 1}: {r['outcome']}"
            + (" (an oversight of the other)" if r["slip"] else ""),
            said=r["note"],
            transcript=r["transcript"],
            details={"guid": r["guid"]},
        )
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


def _ends(store: Store) -> Iterator[Happening]:
    for r in store.rows(
        "SELECT b.*, t.name AS transcript FROM tombstones b "
        "JOIN transcripts t ON t.id = b.transcript_id"
    ):
        yield Happening(
            r["withdrawn_at"],
            r["who"],
            "withdrawal",
            f"“{r['transcript']}” was withdrawn: its words are gone",
            said=r["reason"],
            transcript=r["transcript"],
            details={"erased": json.loads(r["erased"])},
        )
    for r in store.rows("SELECT * FROM conflicts"):
        yield Happening(
            r["found_at"],
            "",
            "exchange",
            f"Two studies said different things about a {r['kind']}",
            details={
                "conflict": r["identity"],
                "about": json.loads(r["about"]),
                "sides": json.loads(r["sides"]),
            },
        )


_PARTS: tuple[Callable[[Store], Iterator[Happening]], ...] = (
    _events,
    _documents,
    _versions,
    _runs,
    _evidence,
    _decisions,
    _people,
    _ends,
)
