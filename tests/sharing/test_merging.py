"""Two studies coded apart and put together: the same on both sides, nothing lost, no row twice."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.store.decided.decisions import add_decision
from assistant.store.model.suggestions import suggestions
from assistant.store.people.coders import add_coder
from assistant.store.people.codings import add_coding, name_versions, set_scope
from assistant.store.people.memos import add_memo
from assistant.store.records import Coding, Scope
from assistant.store.schema import MIGRATIONS
from assistant.store.sharing.conflicts import conflicts
from assistant.store.sharing.shared_tables import NOT_SHARED, TABLES
from assistant.store.texts.transcripts import set_consent, transcript
from assistant.store.trail.events import record_event
from assistant.transcripts.records import segment_body
from tests.cli.command import secondcoder
from tests.sharing.studies import Folder, exchange, rows_of, two_folders

PEOPLE = {"a": ("Ana", "Ben"), "b": ("Cem", "Dua")}


def act(folder: Folder, side: str, number: int, what: str, who: int, where: int) -> None:
    """One thing that a person does in her folder."""
    store, person = folder.store, PEOPLE[side][who]
    time.sleep(0.002)  # times have milliseconds: nobody does two things in one
    if what == "decide":
        found = suggestions(store, 1)
        add_decision(store, found[where % len(found)].id, ("accept", "reject")[number % 2], person)
    elif what == "undo":
        found = suggestions(store, 1)
        add_decision(store, found[where % len(found)].id, "undo", person)
    elif what == "memo":
        add_memo(store, "transcript", f"memo {number}", who=person, transcript_id=1)
    elif what == "event":
        record_event(store, "statement", f"said {number}", person, transcript=2, run=1)
    elif what == "adjudicate":
        outcome = ("this-side", "neither", "both-defensible")[number % 3]
        store.write(
            "INSERT INTO adjudications (guid, disagreement_key, transcript_id, segment, code, "
            "sides, outcome, who, decided_at) VALUES (lower(hex(randomblob(16))), ?, 1, 0, "
            "'tools', '[]', ?, ?, ?)",
            (f"key {where}", outcome, person, f"2026-01-0{1 + number % 9}T00:00:00.000+00:00"),
        )
    else:
        coder = add_coder(store, person, "human")
        text = transcript(store, 2)
        if not store.value("SELECT 1 FROM scopes WHERE coder_id = ?", (coder.id,)):
            set_scope(store, Scope(coder, 2, "independent"))
        start, end = segment_body(text.text, text.segments[where % len(text.segments)])
        guid = f"{side}-{number}"
        quote = text.text[start:end]
        add_coding(
            store, Coding(0, guid, 2, coder, "tools", start, end, quote, "review", "after-model")
        )


ACTS = st.lists(
    st.tuples(
        st.sampled_from(["a", "b"]),
        st.sampled_from(["decide", "decide", "undo", "memo", "event", "adjudicate", "code"]),
        st.integers(0, 1),
        st.integers(0, 3),
    ),
    max_size=14,
)


@pytest.mark.slow
@given(ACTS, st.booleans())
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
def test_both_ways_give_the_same_and_nothing_is_lost(
    acts: list[tuple[str, str, int, int]], one_after_the_other: bool
) -> None:
    with tempfile.TemporaryDirectory() as tmp:
        a, b = two_folders(Path(tmp))
        for number, (side, what, who, where) in enumerate(acts):
            act(a if side == "a" else b, side, number, what, who, where)
        for folder in (a, b):
            name_versions(folder.store)  # what a share writes down too
        before = [rows_of(f.store) for f in (a, b)]
        if one_after_the_other:
            b.merge(a.share())
            a.merge(b.share())
        else:
            exchange(a, b)
        after_a, after_b = rows_of(a.store), rows_of(b.store)
        assert after_a == after_b
        for one in before:
            for table, rows in one.items():
                lost = set(rows) - set(after_a[table])
                assert not lost, f"{table}: {lost}"
        decided = [
            [(s.guid, s.decision) for s in sorted(suggestions(f.store, 1), key=lambda s: s.guid)]
            for f in (a, b)
        ]
        assert decided[0] == decided[1], "the same decisions hold on both sides"
        again = b.merge(a.share())
        assert again.unchanged
        assert again.new_conflicts == 0
        assert rows_of(b.store) == after_b
        a.store.close()
        b.store.close()


def test_every_table_is_shared_or_named_as_not(tmp_path: Path) -> None:
    a, b = two_folders(tmp_path)
    known = {spec.table for spec in TABLES} | set(NOT_SHARED)
    tables = {n for n in a.store.db.table_names() if not n.startswith(("_", "sqlite_"))}
    assert tables == known
    assert MIGRATIONS.pending(b.store.db) == []


def test_two_peoples_different_decisions_become_a_conflict(tmp_path: Path) -> None:
    a, b = two_folders(tmp_path)
    one = suggestions(a.store, 1)[0].id
    add_decision(a.store, one, "accept", "Ana")
    time.sleep(0.002)  # of two in one millisecond none is the later
    add_decision(b.store, one, "reject", "Cem")
    exchange(a, b)
    for folder in (a, b):
        (found,) = conflicts(folder.store)
        assert (found.kind, found.settled) == ("decision", "")
        assert {(s["who"], s["decision"]) for s in found.sides} == {
            ("Ana", "accept"),
            ("Cem", "reject"),
        }
        assert folder.store.value("SELECT count(*) FROM decisions") == 2
        assert suggestions(folder.store, 1)[0].decision == "reject", "the later one holds"
    time.sleep(0.002)
    add_decision(a.store, one, "accept", "Ana")
    assert conflicts(a.store)[0].settled.startswith("a later word")
    b.merge(a.share())
    assert conflicts(b.store)[0].settled.startswith("a later word")


def test_scopes_consent_and_names_that_differ(tmp_path: Path) -> None:
    a, b = two_folders(tmp_path)
    a.store.write("UPDATE scopes SET exposure = 'after-model' WHERE transcript_id = 1")
    set_consent(a.store, 1, "Cluster, Other")
    set_consent(b.store, 1, "Cluster")
    set_consent(a.store, 2, "none")
    exchange(a, b)
    for folder in (a, b):
        kinds = sorted(c.kind for c in conflicts(folder.store))
        assert kinds == ["consent", "consent", "scope"]
        assert transcript(folder.store, 1).consent == "Cluster"
        assert transcript(folder.store, 2).consent == "none"
    scope = "SELECT exposure FROM scopes WHERE transcript_id = 1"
    assert (a.store.value(scope), b.store.value(scope)) == ("after-model", "independent")
    identity = next(c.identity for c in conflicts(a.store) if c.kind == "scope")
    a.store.close()
    refused = secondcoder(a.study.folder, "merge", "--settle", identity)
    assert refused.code == 2
    done = secondcoder(
        a.study.folder, "merge", "--settle", identity, "--because", "she had seen it"
    )
    assert done.code == 0, done.err
    listed = secondcoder(a.study.folder, "merge", "--conflicts", "--json").json
    assert sum(bool(c["settled"]) for c in listed["conflicts"]) == 1


def test_other_words_under_the_same_name_stand_beside_each_other(tmp_path: Path) -> None:
    from tests.store.filled import add_interview

    a, b = two_folders(tmp_path)
    add_interview(a.store, "Three", [("X", "One thing was said here.")])
    add_interview(b.store, "Three", [("X", "Quite another thing was said.")])
    exchange(a, b)
    for folder in (a, b):
        names = [r["name"] for r in folder.store.rows("SELECT name FROM transcripts ORDER BY id")]
        assert names[:3] == ["One", "Two", "Three"]
        assert names[3].startswith("Three (")
        assert [c.kind for c in conflicts(folder.store)] == ["transcript"]
    texts = [{r["sha256"] for r in f.store.rows("SELECT sha256 FROM transcripts")} for f in (a, b)]
    assert texts[0] == texts[1]


@pytest.mark.slow
def test_the_same_run_made_twice_is_kept_twice(tmp_path: Path) -> None:
    from tests.store.filled import fill

    a, b = two_folders(tmp_path)
    fill(a.store, 2)
    fill(b.store, 2)
    b.store.write("UPDATE runs SET started_at = '2031-01-01T00:00:00.000+00:00' WHERE id = 2")
    exchange(a, b)
    for folder in (a, b):
        assert folder.store.value("SELECT count(*) FROM runs") == 3
        assert folder.store.value("SELECT count(*) FROM suggestions WHERE run_id = 2") == 4
        assert folder.store.value("SELECT count(*) FROM suggestions WHERE run_id = 3") == 4
        assert [c.kind for c in conflicts(folder.store)] == ["run"]
    assert b.merge(a.share()).unchanged


def test_one_persons_share_has_nobody_elses_codes(tmp_path: Path) -> None:
    a, b = two_folders(tmp_path)
    act(a, "a", 1, "code", 1, 0)
    act(a, "a", 2, "decide", 0, 0)
    act(a, "a", 3, "decide", 1, 1)
    done = b.merge(a.share("ben", person="Ben"))
    assert (done.added["codings"], done.added["decisions"]) == (1, 1)
    assert "suggestions" not in done.added, "they were there"
    names = [r["name"] for r in b.store.rows("SELECT name FROM coders WHERE kind = 'human'")]
    assert sorted(names) == ["Ana", "Ben"]
    ended = secondcoder(a.study.folder, "share", "--person", "Nobody")
    assert (ended.code, "Nobody called" in ended.err) == (2, True)


def test_who_only_decided_or_wrote_has_a_share_of_her_own(tmp_path: Path) -> None:
    a, b = two_folders(tmp_path)
    act(a, "b", 1, "decide", 0, 0)
    act(a, "b", 2, "memo", 1, 0)
    done = b.merge(a.share("cem", person="Cem"))
    assert (done.added["decisions"], "memos" in done.added) == (1, False)
    assert b.merge(a.share("dua", person="Dua")).added["memos"] == 1
    ended = secondcoder(a.study.folder, "share", "--person", "Cen")
    assert "Did you mean “Cem”? There are: Ana, Cem, Dua." in ended.err


def test_numbers_of_rows_in_events_lead_to_the_right_rows(tmp_path: Path) -> None:
    a, b = two_folders(tmp_path)
    from tests.store.filled import fill

    fill(a.store, 2)  # run 2 there
    fill(b.store, 2)
    b.store.write("UPDATE runs SET started_at = '2031-01-01T00:00:00.000+00:00' WHERE id = 2")
    record_event(b.store, "statement", "about my second run", run=2, transcript=2)
    a.merge(b.share())
    (details,) = [
        r["details"] for r in a.store.rows("SELECT * FROM events WHERE what LIKE 'about my%'")
    ]
    assert details == '{"run": 3, "transcript": 2}'


@pytest.mark.slow
def test_copies_brought_to_this_form_apart_have_no_row_twice(tmp_path: Path) -> None:
    a, b = two_folders(tmp_path)
    record_event(a.store, "statement", "said before the copy", "Ana")
    b.merge(a.share())
    for table in ("events", "looks", "evaluations", "audits"):
        b.store.write(f"UPDATE {table} SET guid = lower(hex(randomblob(16)))")
    done = b.merge(a.share())
    assert done.unchanged, done.added
