"""Undoings that older versions left: what they took back, and nobody's word but her own."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from assistant.store.database import open_store
from assistant.store.decided.decisions import decisions, decisions_in_force
from assistant.store.schema.undoing import STEP, name_taken_back
from assistant.store.verify import verify
from tests.store.older import make_older

_DAY = "2024-01-02T00:00:"
# The database as it was made has number 1: Ana's acceptance of suggestion 1, the day before.
WRITTEN = [
    ("reject", "Ben", "10.000", "irony", 3.5),
    ("undo", "Ben", "20.000", "", None),
    ("accept", "Ana", "20.001", "", None),  # undoing wrote it
    ("reject", "Cleo", "30.000", "", 2.0),
]


def older(path: Path, *rows: tuple[str, str, str, str, float | None]) -> None:
    make_older(path, STEP, True)
    with sqlite3.connect(path) as connection:
        connection.executemany(
            "INSERT INTO decisions (suggestion_id, decision, reviewer, decided_at, reason, "
            "seconds, bulk_id) VALUES (1, ?, ?, ?, ?, ?, ?)",
            [
                (d, who, f"{_DAY}{at}+00:00", why, s, 1 if d == "accept" else None)
                for d, who, at, why, s in rows
            ],
        )
    connection.close()


def test_what_was_written_in_somebodys_name_goes_and_what_was_taken_back_is_named(
    tmp_path: Path,
) -> None:
    older(tmp_path / "study.db", *WRITTEN)
    with open_store(tmp_path / "study.db")[0] as store:
        made = decisions(store, 1)
        assert [(d.decision, d.reviewer) for d in made] == [
            ("accept", "Ana"),
            ("reject", "Ben"),
            ("undo", "Ben"),
            ("reject", "Cleo"),
        ]
        assert [d.undoes for d in made] == [None, None, made[1].id, None]
        assert decisions_in_force(store)[1].reviewer == "Cleo"
        assert name_taken_back(store.db) == 0, "nothing is left to do"
        assert not [f for f in verify(store).findings if "taking back" in f.rule]


@pytest.mark.parametrize(
    ("rows", "holds"),
    [
        (WRITTEN[:3], "Ana"),
        ([*WRITTEN[:3], ("undo", "Dora", "40.000", "", None)], None),
        # She decided it once more, herself, a while later.
        ([*WRITTEN[:2], ("accept", "Ana", "25.000", "", None)], "Ana"),
    ],
)
def test_what_held_before_the_upgrade_holds_after_it(
    tmp_path: Path, rows: list[tuple[str, str, str, str, float | None]], holds: str | None
) -> None:
    older(tmp_path / "study.db", *rows)
    with open_store(tmp_path / "study.db")[0] as store:
        found = decisions_in_force(store).get(1)
        assert (found.reviewer if found else None) == holds
