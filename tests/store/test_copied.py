"""What docs/backup.md says of copies of a study's folder."""

from __future__ import annotations

import shutil
from pathlib import Path

from assistant.store.database import open_store
from assistant.store.decided.decisions import add_decision, decisions
from assistant.study import Study, create_study
from tests.cli.command import secondcoder
from tests.eval.test_evaluating import PARAGRAPHS
from tests.store.filled import add_interview, fill


def filled(folder: Path) -> Study:
    study = create_study(folder)
    with open_store(study.database)[0] as store:
        fill(store, add_interview(store, "Spades", PARAGRAPHS))
    return study


def reviewers(folder: Path) -> list[str]:
    with open_store(folder / "runs" / "study.db")[0] as store:
        return [d.reviewer for d in decisions(store)]


def test_when_nothing_runs_the_folder_is_all_of_it(tmp_path: Path) -> None:
    study = filled(tmp_path / "study")
    assert not list(study.folder.glob("runs/study.db-*"))
    made = reviewers(study.folder)
    copy = Path(shutil.copytree(study.folder, tmp_path / "on a stick" / "kept 2026"))
    shutil.rmtree(study.folder)
    verified = secondcoder(copy, "verify")
    assert verified.code == 0, verified.out
    assert reviewers(copy) == made


def test_after_it_was_cut_off_what_was_stored_last_is_in_the_file_beside(tmp_path: Path) -> None:
    study = filled(tmp_path / "study")
    with open_store(study.database)[0] as store:
        add_decision(store, 1, "accept", "Ana")
        beside = study.database.with_name("study.db-wal")
        assert beside.stat().st_size
        # As the files are when the program is killed here.
        whole = Path(shutil.copytree(study.folder, tmp_path / "whole"))
        alone = Path(
            shutil.copytree(
                study.folder, tmp_path / "alone", ignore=shutil.ignore_patterns("study.db-*")
            )
        )
    assert reviewers(whole)[-1] == "Ana"
    assert not list(whole.glob("runs/study.db-*"))
    assert "Ana" not in reviewers(alone)[-1:]


def test_a_share_is_whole_while_the_database_is_open(tmp_path: Path) -> None:
    study = filled(tmp_path / "study")
    with open_store(study.database)[0] as store:
        add_decision(store, 1, "accept", "Ana")
        shared = secondcoder(study.folder, "share", "--to", str(tmp_path / "all.share.zip"))
        assert shared.code == 0, shared.err
    assert " MB. 1 transcript, " in shared.out
    assert ", 1 run, " in shared.out
    other = create_study(tmp_path / "other")
    merged = secondcoder(other.folder, "merge", str(tmp_path / "all.share.zip"))
    assert merged.code == 0, merged.err
    assert "Ana" in reviewers(other.folder)
