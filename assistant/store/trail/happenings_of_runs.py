"""What was run and measured, as it happened: runs, evaluations, looks at evidence, audits."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.counting import counted
from assistant.store.database import Store
from assistant.store.trail.happening import Happening

__all__ = ["of_evidence", "of_runs"]


def of_runs(store: Store) -> Iterator[Happening]:
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


def of_evidence(store: Store) -> Iterator[Happening]:
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
