"""`verify` finds each kind of damage, names the row, and changes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.errors import DataError
from assistant.store.database import Store, open_store
from assistant.store.decided.decisions import add_bulk
from assistant.store.people.codings import codings
from assistant.store.verify import verify
from assistant.store.withdrawal.withdrawal import withdraw
from tests.store.filled import Filled, add_interview, fill
from tests.store.test_schema import TALK


@pytest.fixture
def store() -> Store:
    store, _ = open_store()
    filled = fill(store, add_interview(store, "Spades", TALK))
    add_bulk(
        store, filled.run_id, "tools", "Ana", filled.suggestions,
        verdict_id=1, audit_id=1, because="",
    )  # fmt: skip
    add_interview(store, "Other", [(s, said[::-1]) for s, said in TALK])
    return store


def test_a_sound_database(store: Store) -> None:
    result = verify(store)
    assert result.findings == ()
    assert result.ok
    assert result.checked["transcripts"] == 2
    assert result.checked["segments"] == 8
    assert result.checked["quotes"] == 6
    assert result.checked["requests"] == 2
    assert result.checked["decisions"] == 2
    # What was coded blind in the program is none of these.
    assert list(result.checked)[-2:] == ["codings added while reading", "withdrawn transcripts"]


DAMAGE = {
    "a letter of a transcript": (
        "UPDATE transcripts SET text = replace(text, 'share', 'spare')",
        "a transcript never changes",
        "Spades",
    ),
    "a segment that begins too late": (
        "UPDATE segments SET start_char = start_char + 1 WHERE transcript_id = 1 AND idx = 2",
        "segments tile the transcript",
        "Spades, segment 2",
    ),
    "a last segment that is gone": (
        "DELETE FROM segments WHERE transcript_id = 2 AND idx = 3",
        "segments tile the transcript",
        "Other",
    ),
    "a human quote": (
        "UPDATE codings SET quote = quote || '!' WHERE id = 1",
        "every quote stands in its transcript",
        "codings, row 1, Spades",
    ),
    "the place of a suggestion": (
        "UPDATE suggestions SET start_char = start_char + 1 WHERE id = 2",
        "every quote stands in its transcript",
        "suggestions, row 2, Spades",
    ),
    "a definition of a codebook": (
        "UPDATE codebooks SET content = replace(content, 'work with', 'play with')",
        "a codebook version never changes",
        "Garden",
    ),
    "a codebook that cannot be read": (
        "UPDATE codebooks SET content = '{\"name\": 1'",
        "a codebook version never changes",
        "Garden",
    ),
    "a prompt": (
        "UPDATE prompts SET source = 'another'",
        "a prompt version never changes",
        "p",
    ),
    "a request": (
        "UPDATE requests SET body = replace(body, 'rules', 'hints')",
        "a request never changes",
        "sha256:",
    ),
    "a request that cannot be read": (
        "UPDATE requests SET body = 'x' || body",
        "a request never changes",
        "sha256:",
    ),
    "a segment of a finished run without an outcome": (
        "DELETE FROM segment_outcomes WHERE segment = 3",
        "every segment of a finished run has an outcome",
        "run 1",
    ),
    "a suggestion that is there twice": (
        "INSERT INTO suggestions SELECT 99, 'twice', run_id, call_id, transcript_id, segment, "
        "code, start_char, end_char, quote, reply_quote, anchoring, rationale, confidence, "
        "probability, created_at FROM suggestions WHERE id = 1",
        "nothing is suggested twice",
        "run 1, code tools",
    ),
    "a row that refers to nothing": (
        "UPDATE suggestions SET call_id = 77 WHERE id = 1",
        "rows refer to rows that exist",
        "table suggestions, row 1",
    ),
    "a bulk decision without evidence": (
        "UPDATE bulk_decisions SET audit_id = NULL",
        "no bulk acceptance without verdict and audit, or a reason",
        "bulk decision 1",
    ),
    "a bulk decision on a verdict of another lane": (
        "UPDATE verdicts SET lane = 'withhold'",
        "a bulk decision stands on a verdict that lets it through",
        "bulk decision 1",
    ),
    "a bulk decision on an audit that failed": (
        "UPDATE audits SET passed = 0",
        "a bulk decision stands on an audit that was passed",
        "bulk decision 1",
    ),
    "an amendment without the reviewer's coding": (
        "UPDATE decisions SET decision = 'amend' WHERE id = 1",
        "an amended suggestion has the reviewer's own coding",
        "decision 1",
    ),
    "a coding of the review made a reference": (
        "UPDATE codings SET origin = 'review', exposure = 'independent' WHERE id = 1",
        "codings made after seeing the model are never reference",
        "coding 1",
    ),
}


@pytest.mark.parametrize("kind", DAMAGE)
def test_planted_damage_is_found(store: Store, kind: str) -> None:
    statement, rule, where = DAMAGE[kind]
    store.db.execute("PRAGMA foreign_keys = OFF")
    store.db.execute("PRAGMA ignore_check_constraints = ON")
    store.write(statement)
    before = list(store.db.conn.iterdump())
    found = verify(store).findings
    assert any(f.rule == rule and f.where.startswith(where) for f in found), found
    assert all(f.what for f in found)
    assert list(store.db.conn.iterdump()) == before


def test_an_override_needs_no_verdict_but_a_reason(store: Store) -> None:
    store.write("UPDATE bulk_decisions SET verdict_id = NULL, audit_id = NULL, because = 'time'")
    assert verify(store).ok


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE transcripts SET text = 'back again' WHERE withdrawn_at IS NOT NULL",
        "UPDATE codings SET quote = 'back' WHERE transcript_id = 1",
        "UPDATE unplaced SET reply_quote = 'back'",
        "UPDATE requests SET body = 'back'",
        "UPDATE calls SET raw = 'back'",
        "UPDATE documents SET text = 'back' WHERE transcript_id = 1",
    ],
)
def test_words_of_a_withdrawn_transcript_are_found(store: Store, statement: str) -> None:
    withdraw(store, 1, "asked")
    assert verify(store).findings == ()
    store.write(statement)
    found = [f for f in verify(store).findings if f.where == "Spades"]
    assert [f.rule for f in found] == ["a withdrawn transcript has no words"]


def test_a_damaged_page_is_found(tmp_path: Path) -> None:
    path = tmp_path / "study.db"
    store, _ = open_store(path)
    with store:
        fill(store, add_interview(store, "Spades", TALK))
        page = store.value("SELECT rootpage FROM sqlite_master WHERE name = 'codings'")
        size = store.value("PRAGMA page_size")
        store.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    data = bytearray(path.read_bytes())
    data[(page - 1) * size : page * size] = b"\x07" * size
    path.write_bytes(bytes(data))
    store, _ = open_store(path)
    with store:
        result = verify(store)
        assert {f.rule for f in result.findings} == {"the file is sound"}
        with pytest.raises(DataError) as damaged:
            codings(store)
    assert "damaged" in str(damaged.value)
    assert "copy" in damaged.value.hint


def test_filled_is_what_the_tests_take_it_for(store: Store) -> None:
    assert isinstance(fill(store, add_interview(store, "Third", TALK[:3])), Filled)
