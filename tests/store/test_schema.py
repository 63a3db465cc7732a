"""Tables are strict, rows refer to rows that exist, views show names and quotes."""

from __future__ import annotations

import sqlite3

import pytest

from assistant.store.database import Store, open_store
from assistant.store.decided.decisions import add_decision
from assistant.store.people.coders import add_coder
from assistant.store.people.codings import add_coding
from assistant.store.records import Coding
from assistant.store.texts.transcripts import transcript
from tests.store.filled import Filled, add_interview, fill

TALK = (
    ("Interviewer", "Who owns the tools?"),
    ("Gardener", "We share them, and the shed is never locked."),
    ("Interviewer", "And the seeds?"),
    ("Gardener", "Those are my own, grown from last year's plants."),
)


@pytest.fixture
def store() -> Store:
    return open_store()[0]


@pytest.fixture
def filled(store: Store) -> Filled:
    return fill(store, add_interview(store, "Spades", TALK))


def columns(store: Store, view: str) -> set[str]:
    return {row["name"] for row in store.rows(f"PRAGMA table_info({view})")}


def test_every_table_is_strict(store: Store) -> None:
    tables = store.rows(
        "SELECT name, strict FROM pragma_table_list WHERE schema = 'main' AND type = 'table' "
        "AND name NOT LIKE 'sqlite%' AND name NOT LIKE '_sqlite%'"
    )
    assert len(tables) > 25
    assert [row["name"] for row in tables if not row["strict"]] == []


def test_a_value_of_the_wrong_type_is_refused(store: Store) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="cannot store TEXT value in INTEGER"):
        store.write(
            "INSERT INTO judgements (run_id, transcript_id, segment, code, score, suggested) "
            "VALUES (1, 1, 'first', 'x', 1.0, 0)"
        )


def test_inserting_never_makes_a_column(store: Store) -> None:
    with pytest.raises(sqlite3.OperationalError, match="no column named mood"):
        store.write("INSERT INTO coders (name, kind, mood) VALUES ('Ana', 'human', 'good')")


def test_every_reference_is_declared_and_held(store: Store, filled: Filled) -> None:
    held = 0
    tables = [
        row["name"]
        for row in store.rows("SELECT name FROM sqlite_master WHERE type = 'table'")
        if not row["name"].startswith(("sqlite_", "_sqlite"))
    ]
    for table in tables:
        for key in store.rows(f"PRAGMA foreign_key_list({table})"):
            if not store.value(f"SELECT count(*) FROM {table} WHERE {key['from']} IS NOT NULL"):
                continue
            nothing = "'nothing'" if "sha256" in key["from"] else "987654"
            with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
                store.write(f"UPDATE {table} SET {key['from']} = {nothing}")
            held += 1
    assert held > 25
    for table in ("transcripts", "runs", "requests", "coders"):
        with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
            store.write(f"DELETE FROM {table}")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE coders SET kind = 'robot'",
        "UPDATE scopes SET exposure = 'guessed'",
        "UPDATE codings SET end_char = start_char",
        "UPDATE runs SET status = 'nearly'",
        "UPDATE calls SET outcome = 'fine'",
        "UPDATE suggestions SET anchoring = 'roughly'",
        "UPDATE verdicts SET lane = 'fast'",
        "INSERT INTO bulk_decisions (made_at, reviewer, run_id, code) VALUES ('', 'Ana', 1, 'x')",
    ],
)
def test_values_outside_their_list_are_refused(
    store: Store, filled: Filled, statement: str
) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="CHECK constraint"):
        store.write(statement)


def test_view_codings_joins_people_and_models_down_to_names_and_quotes(
    store: Store, filled: Filled
) -> None:
    assert columns(store, "view_codings") >= {
        "transcript",
        "coder",
        "coder_kind",
        "code",
        "start",
        "end",
        "quote",
        "exposure",
        "source_file",
    }
    rows = store.rows("SELECT * FROM view_codings ORDER BY coder_kind, start")
    text = transcript(store, filled.transcript_id).text
    assert [
        (r["transcript"], r["coder"], r["coder_kind"], r["code"], r["exposure"], r["source_file"])
        for r in rows
    ] == [("Spades", "Ana", "human", "tools", "independent", "Spades - Ana.txt")] * 2 + [
        ("Spades", "model m", "model", "tools", "", "")
    ] * 2
    assert all(text[r["start"] : r["end"]] == r["quote"] for r in rows)
    assert rows[0]["quote"] == TALK[1][1]


def test_view_suggestions_and_decisions(store: Store, filled: Filled) -> None:
    one, two = filled.suggestions
    add_decision(store, one, "reject", "Ben", reason="a joke")
    add_decision(store, one, "accept", "Ben")
    rows = {r["id"]: r for r in store.rows("SELECT * FROM view_suggestions")}
    assert rows[one]["decision"] == "accept"
    assert rows[two]["decision"] == "open"
    assert (rows[one]["transcript"], rows[one]["speaker"]) == ("Spades", "Gardener")
    assert rows[one]["quote"] == TALK[1][1]
    made = store.rows("SELECT * FROM view_decisions ORDER BY id")
    assert [(r["decision"], r["reviewer"], r["reason"], r["quote"]) for r in made] == [
        ("reject", "Ben", "a joke", TALK[1][1]),
        ("accept", "Ben", "", TALK[1][1]),
    ]
    add_decision(store, one, "undo", "Cleo")
    assert store.value("SELECT decision FROM view_suggestions WHERE id = ?", (one,)) == "reject"
    last = store.rows("SELECT * FROM view_decisions ORDER BY id")[-1]
    undone = (last["undoes"], last["undone_decision"], last["undone_reviewer"])
    assert (last["reviewer"], *undone) == ("Cleo", made[1]["id"], "accept", "Ben")
    add_decision(store, one, "undo", "Cleo")
    assert store.value("SELECT decision FROM view_suggestions WHERE id = ?", (one,)) == "open"


def test_view_calls_shows_every_attempt_with_its_request(store: Store, filled: Filled) -> None:
    rows = store.rows("SELECT * FROM view_calls ORDER BY id")
    assert [(r["transcript"], r["attempt"], r["outcome"]) for r in rows] == [
        ("Spades", 1, "invalid"),
        ("Spades", 2, "ok"),
    ]
    assert all(TALK[0][1] in r["request"] for r in rows)


def test_a_coding_of_an_undone_decision_is_in_no_view(store: Store, filled: Filled) -> None:
    ben = add_coder(store, "Ben", "human")
    own = Coding(
        0, "own", filled.transcript_id, ben, "weather", 0, 3, "Who", "review", "after-model"
    )
    key = add_coding(store, own)
    seen = "SELECT count(*) FROM view_codings WHERE coder = 'Ben'"
    assert store.value(seen) == 1  # without a decision it stands by itself
    add_decision(store, filled.suggestions[0], "amend", "Ben", coding_id=key)
    assert store.value(seen) == 1
    add_decision(store, filled.suggestions[0], "undo", "Ben")
    assert store.value(seen) == 0
