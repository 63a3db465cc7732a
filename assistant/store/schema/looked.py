"""Looks at the evidence that are of no stored evaluation."""

from __future__ import annotations

from sqlite_utils import Database

from assistant.store.schema.steps import MIGRATIONS, run


@MIGRATIONS()
def m015_looks(db: Database) -> None:
    """A comparison and a page of disagreements show the evidence too, and prompts are chosen by it.

    ``kind`` says what was looked at; ``evaluation_id`` is empty where it was no evaluation.
    """
    run(
        db,
        "ALTER TABLE looks RENAME TO looks_before",
        "DROP TRIGGER looks_gets_guid",
        "DROP INDEX looks_by_guid",
        """
        CREATE TABLE looks (
            id INTEGER PRIMARY KEY,
            evaluation_id INTEGER REFERENCES evaluations (id),
            who TEXT NOT NULL,
            lineage TEXT NOT NULL,
            recipe_sha256 TEXT,
            looked_at TEXT NOT NULL,
            guid TEXT,
            kind TEXT NOT NULL DEFAULT 'evaluation' CHECK (kind IN
                ('evaluation', 'compare', 'disagreements', 'inspect'))
        ) STRICT""",
        "INSERT INTO looks (id, evaluation_id, who, lineage, recipe_sha256, looked_at, guid) "
        "SELECT id, evaluation_id, who, lineage, recipe_sha256, looked_at, guid FROM looks_before",
        "DROP TABLE looks_before",
        "CREATE UNIQUE INDEX looks_by_guid ON looks (guid)",
        "CREATE TRIGGER looks_gets_guid AFTER INSERT ON looks WHEN NEW.guid IS NULL "
        "BEGIN UPDATE looks SET guid = lower(hex(randomblob(16))) WHERE id = NEW.id; END",
    )
