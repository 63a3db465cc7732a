"""Undoing is somebody's own act: it names the decision that it takes back, and invents none."""

from __future__ import annotations

from sqlite_utils import Database

from assistant.store.schema.steps import MIGRATIONS, run
from assistant.store.schema.undoing import name_taken_back


@MIGRATIONS()
def m020_taken_back(db: Database) -> None:
    """``undoes`` of an undoing is the GUID of the decision that it takes back.

    What holds is the latest decision that nobody took back; of one in bulk, as long as that was not
    undone. Before this step an undoing was followed by the older decision once more, in the name of
    whoever had decided so; such rows go, since that person did nothing then.
    """
    run(
        db,
        "ALTER TABLE decisions ADD COLUMN undoes TEXT",
        "CREATE INDEX decisions_by_undoes ON decisions (undoes)",
        "DROP VIEW current_decisions",
        """
        CREATE VIEW current_decisions AS
        SELECT d.* FROM decisions d
        WHERE d.id = (SELECT k.id FROM decisions k
                      LEFT JOIN bulk_decisions b ON b.id = k.bulk_id
                      WHERE k.suggestion_id = d.suggestion_id AND k.decision <> 'undo'
                        AND b.undone_at IS NULL
                        AND NOT EXISTS (SELECT 1 FROM decisions u WHERE u.undoes = k.guid)
                      ORDER BY k.decided_at DESC, k.id DESC LIMIT 1)""",
        "DROP VIEW view_decisions",
        """
        CREATE VIEW view_decisions AS
        SELECT d.id, d.decided_at, d.reviewer, d.decision, d.reason, d.seconds,
               t.name AS transcript, s.code, s.quote, s.rationale, s.run_id AS run, d.suggestion_id,
               b.because, b.verdict_id AS verdict, b.audit_id AS audit, b.undone_at,
               k.code AS own_code, k.quote AS own_quote,
               o.id AS undoes, o.decision AS undone_decision, o.reviewer AS undone_reviewer
        FROM decisions d
        JOIN suggestions s ON s.id = d.suggestion_id
        JOIN transcripts t ON t.id = s.transcript_id
        LEFT JOIN bulk_decisions b ON b.id = d.bulk_id
        LEFT JOIN codings k ON k.id = d.coding_id
        LEFT JOIN decisions o ON o.guid = d.undoes""",
    )
    name_taken_back(db)
