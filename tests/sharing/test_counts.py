"""What `merge` says of a file adds up: every row of it is counted once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from assistant.interchange.sharing import merge
from assistant.interchange.sharing.counts import GROUPS, grouped, in_words
from assistant.interchange.sharing.merge import MergeReport
from assistant.interchange.withdrawal.withdrawing import withdraw_transcript
from assistant.store.decided.decisions import add_decision
from assistant.store.model.suggestions import suggestions
from assistant.store.people.memos import add_memo
from assistant.store.sharing.shared_tables import TABLES
from assistant.store.texts.transcripts import set_consent
from tests.cli.command import secondcoder
from tests.sharing.studies import code_blind, two_folders
from tests.sharing.test_merging import act
from tests.store.filled import add_interview


def _adds_up(done: MergeReport) -> None:
    assert {t: c.in_file for t, c in done.counts.items()} == {
        t: entry.rows for t, entry in done.manifest.tables.items() if entry.rows
    }
    for table, c in done.counts.items():
        assert c.in_file == c.new + c.there + c.sealed + c.left_out, table
        assert min(c.new, c.there, c.sealed, c.left_out) >= 0, table
    assert sum(c.in_file for c in grouped(done.counts).values()) == sum(
        entry.rows for entry in done.manifest.tables.values()
    )


def test_progress_of_the_command_names_no_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = merge.merge_file

    def told(*given: Any, progress: Any, **more: Any) -> MergeReport:
        progress(10_000, "segment_outcomes")
        return real(*given, **more)

    monkeypatch.setattr(merge, "merge_file", told)
    assert not any("_" in in_words(spec.table) for spec in TABLES)
    a, b = two_folders(tmp_path)
    add_memo(a.store, "transcript", "a word", who="Ana", transcript_id=1)
    file = a.share()
    b.store.close()
    said = secondcoder(b.study.folder, "merge", str(file)).err
    assert "Taking in rows: 10000 of " in said
    assert "(runs of models, with what was asked)" in said


@pytest.mark.slow
def test_every_row_is_new_or_here_or_sealed_or_left_out(tmp_path: Path) -> None:
    a, b = two_folders(tmp_path)
    add_decision(a.store, suggestions(a.store, 1)[0].id, "accept", "Ana")
    add_memo(a.store, "transcript", "a word", who="Ana", transcript_id=1)
    code_blind(a, "Eva", "Two", {1: "tools", 2: "tools"}, finished=True)
    done = b.merge(a.share())
    _adds_up(done)
    counts = done.counts
    assert (counts["decisions"].new, counts["memos"].new) == (1, 1)
    assert (counts["codings"].sealed, counts["scopes"].sealed) == (2, 1)
    assert counts["transcripts"].there == 2
    again = b.merge(a.share())
    _adds_up(again)
    assert again.unchanged
    assert all(c.there == c.in_file - c.left_out for c in again.counts.values())
    # Whoever has finished is shown them: what is sealed and opened at once is new.

    (tmp_path / "other").mkdir()
    _, third = two_folders(tmp_path / "other")
    code_blind(third, "Cem", "Two", {3: "tools"}, finished=True)
    opened = third.merge(a.share())
    _adds_up(opened)
    assert (opened.counts["codings"].sealed, opened.counts["codings"].new) == (0, 2)


def test_rows_of_what_is_withdrawn_here_are_left_out(tmp_path: Path) -> None:
    a, b = two_folders(tmp_path)
    act(a, "a", 1, "code", 0, 0)
    withdraw_transcript(b.study, b.store, "Two", "asked")
    done = b.merge(a.share())
    _adds_up(done)
    gone = done.counts["document_codings"]
    assert (gone.new, gone.left_out > 0) == (0, True)
    assert done.counts["codings"].new == 1, "that she coded it is known, without the words"
    again = b.merge(a.share())
    _adds_up(again)
    assert again.unchanged


def test_every_table_has_a_name_for_people() -> None:
    named = [table for tables in GROUPS.values() for table in tables]
    assert sorted(named) == sorted(spec.table for spec in TABLES)


def test_the_command_says_it_in_a_table_and_in_words(tmp_path: Path) -> None:
    a, b = two_folders(tmp_path)
    add_interview(a.store, "Three", [("X", "One thing was said here.")])
    set_consent(a.store, 1, "none")
    file = a.share()
    for folder in (a, b):
        folder.store.close()
    done = secondcoder(b.study.folder, "merge", str(file))
    assert done.code == 0, done.err

    said = {
        line.split("  ")[0].strip(): line.split()[-3:] for line in done.out.splitlines() if line
    }

    assert said["transcripts"] == ["3", "1", "2"]
    assert int(said["together"][0]) == int(said["together"][1]) + int(said["together"][2])
    assert "1 row was completed or made stricter by the file: 1 of transcripts." in done.out
    assert "1 conflict is open, 1 of them new. Both sides are kept" in " ".join(done.out.split())
    again = secondcoder(b.study.folder, "merge", str(file)).out
    assert "Everything in this file was here already. Nothing changed." in again
