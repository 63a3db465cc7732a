"""Database files as older versions of the program left them, with one row in every table.

Rows are plain SQL of the shape that each step made; a later step must bring them along.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

from assistant.store.database import Store
from assistant.store.schema import MIGRATIONS

__all__ = ["ROWS", "STEPS", "make_older", "schema_of", "tables_of"]

STEPS = [step.name for step in MIGRATIONS._migrations]
_T = "'2024-01-01T00:00:00.000+00:00'"

ROWS: dict[str, list[tuple[str, str]]] = {
    "m001_interviews": [
        ("coders", "1, 'Ana', 'human', NULL"),
        ("transcripts", f"1, 'Beds', 'sha256:t', 'We sowed.', 'en', 'local', {_T}, NULL"),
        ("segments", "1, 0, 0, 9, 'Gardener', 0"),
        (
            "documents",
            "1, 1, 'Beds.txt', '/x', 'plain', 'sha256:f', 'utf-8', 'Beds', 1, 'en', 'We sowed.', "
            f"'[]', '[]', '[]', 1, {_T}",
        ),
        ("scopes", f"1, 1, 1, 'independent', NULL, NULL, NULL, NULL, {_T}"),
        ("codings", f"1, 'g1', 1, 1, 'sowing', 3, 8, 'sowed', 'import', NULL, 1, {_T}"),
        ("document_codings", "1, 1, 'sowing', 3, 8, 'exact', '', 'g1'"),
        ("events", f"1, {_T}, 'Ana', 'import', 'one file', '{{}}'"),
    ],
    "m002_codebooks_and_prompts": [
        ("codebooks", f"'sha256:c', 'Garden', '1', 'name: Garden', '{{}}', {_T}"),
        ("codebook_operations", f"1, 'sha256:c', 'sha256:c', 'change', '[]', '[]', '', {_T}"),
        ("prompts", f"'sha256:p', 'p', 'x', 'source', {_T}"),
    ],
    "m003_runs": [
        ("recipes", f"'sha256:r', '{{}}', {_T}"),
        ("fits", f"'sha256:i', 'sha256:r', '{{}}', '[]', {_T}"),
        (
            "runs",
            "1, 'key', 'sha256:r', 1, 1, 'list', 'sha256:c', 'sha256:p', 'complete', '', '{}', "
            f"{_T}, {_T}",
        ),
        ("run_transcripts", "1, 1, 'sha256:i'"),
        ("requests", f"'sha256:q', '{{}}', {_T}"),
        ("chunks", "1, 1, 1, '1/0', 0, 0, NULL, 'sha256:q', NULL, 'done', ''"),
        (
            "calls",
            "1, 1, 1, 'sha256:q', 1, 1, 'ok', '{}', '{}', '', 200, 'stop', 'm', 'schema', 1, 1, 0, "
            f"0.5, 10, {_T}, NULL",
        ),
        ("segment_outcomes", "1, 1, 0, 'coded', ''"),
        (
            "suggestions",
            "1, 's1', 1, 1, 1, 0, 'sowing', 3, 8, 'sowed', 'sowed', 'exact', 'why', 0.5, NULL, "
            f"{_T}",
        ),
        ("unplaced", "1, 1, 1, 1, 0, 'x', 'y', 'unanchored', 'z', NULL, NULL, NULL, '', NULL"),
        ("uncoded", "1, 1, 1, 1, 0, 'sowed', 'note'"),
        ("judgements", "1, 1, 0, 'sowing', 1, 0.5, 0.5, 0.5, 1"),
    ],
    "m004_decisions_and_evidence": [
        (
            "evaluations",
            f"1, 'model', 1, 'sha256:c', 'sha256:y', 0, 'Ana', '{{}}', 'sha256:e', {_T}",
        ),
        ("looks", f"1, 1, 'Ana', 'Garden', 'sha256:r', {_T}"),
        (
            "verdicts",
            f"1, 1, 1, 'sha256:r', 'sha256:r', 'sowing', 'accept', '[]', '{{}}', 'sha256:y', {_T}",
        ),
        ("audits", f"1, 1, {_T}, '[1]', '{{}}', '{{}}', 1, {_T}"),
        ("bulk_decisions", f"1, {_T}, 'Ana', 1, 'sowing', 1, 1, '', NULL"),
        ("decisions", f"1, 1, 'accept', 'Ana', {_T}, '', NULL, 1, NULL"),
        ("tombstones", f"1, 1, {_T}, 'Ana', 'asked', '{{}}'"),
    ],
    "m005_views": [],
    "m006_vectors": [("vectors", "'e', 'sha256:v', x'00000000'")],
    "m007_undone_codings": [],
    "m008_results_by_call": [],
    "m009_review": [
        ("memos", f"1, 'm1', 'passage', 1, 3, 8, 'sowed', '', 'late?', 'Ana', {_T}, NULL, 0"),
        ("openings", f"1, 'Ana', 1, 'model', 1, 'show', {_T}"),
        (
            "adjudications",
            f"1, 'a1', 'k', 1, 0, 'sowing', '[]', 'this-side', '', 'Ana', {_T}, 1, NULL",
        ),
        ("pseudonyms", f"1, 'Ana', 'person', 'Person 1', 'confirmed', 'Ana', {_T}"),
    ],
    "m010_guids": [],
    "m011_times": [],
    "m012_sealed": [
        ("sealed", f"'codings/g2', 'codings', 'Ana', 'sha256:t', x'00', {_T}"),
        ("conflicts", f"'c1', 'decision', '{{}}', '[]', {_T}"),
    ],
    "m013_projects": [],
    "m014_adjudicated": [],
    "m015_checks": [
        ("checks", f"1, 'Ana', 1, 1, 'planted', 0, 0, 5, 'sowing', {_T}, NULL, NULL, NULL")
    ],
    "m015_looks": [("looks", f"2, NULL, 'Ana', 'Garden', NULL, {_T}, 'l2', 'compare'")],
    "m016_coding_notes": [("coding_notes", "1, 1, 'sowing', 0, 5, 'because'")],
    "m017_looked_again": [("looked_again", f"1, 1, 'sowing', 'sha256:c', {_T}")],
    "m018_rankings": [],
    "m019_embedding_calls": [
        (
            "embedding_calls",
            "1, 1, 'sha256:e', 'http://127.0.0.1/v1', 'small', 'small', 2, 32, 'ok', '', 200, 9, "
            f"NULL, 5, {_T}",
        )
    ],
    "m020_taken_back": [],
    "m021_corrected": [],
    "m022_one_spelling": [],
    "m023_asked_of_files": [
        ("asked_of_files", f"'sha256:p', 'coder', 'unknown', '', {_T}, '', NULL, ''")
    ],
}


def make_older(path: Path, stop_before: str, with_rows: bool) -> None:
    """The file as the version before that step left it."""
    until = STEPS.index(stop_before)
    with Store(path) as store:
        for number, step in enumerate(STEPS[:until]):
            MIGRATIONS.apply(store.db, stop_before=STEPS[number + 1])
            for table, values in ROWS[step] if with_rows else ():
                store.write(f"INSERT INTO {table} VALUES ({values})")


def tables_of(path: Path) -> list[str]:
    connection = sqlite3.connect(path)
    found = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' "
        "AND name NOT LIKE '_sqlite%'"
    ).fetchall()
    connection.close()
    return [row[0] for row in found]


def schema_of(store: Store) -> list[tuple[object, ...]]:
    rows = store.rows(
        "SELECT type, name, tbl_name, sql FROM sqlite_master "
        "WHERE name NOT LIKE '%sqlite%' ORDER BY type, name"
    )
    return [tuple(row) for row in rows]
