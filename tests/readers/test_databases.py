"""Databases that cannot be read: the user is told what it is and what to do."""

from __future__ import annotations

import sqlite3
import zipfile
from pathlib import Path

import pytest

from assistant.study import create_study
from tests.cli.command import secondcoder


def _database(path: Path, script: str) -> None:
    db = sqlite3.connect(path)
    db.executescript(script)
    db.close()


@pytest.mark.slow
@pytest.mark.parametrize("case", ["cut.sqlite3", "cut.qda", "other.db", "ours.sqlite3"])
def test_a_database_that_is_none_of_them(case: str, tmp_path: Path) -> None:
    file = tmp_path / case
    if case.startswith("ours"):
        made = create_study(tmp_path / "made")
        assert secondcoder(made.folder, "status").code in (0, 2)
        file = made.database
    else:
        rows = "".join(f"INSERT INTO songs VALUES ('{'la ' * 400}');" for _ in range(20))
        _database(file, "CREATE TABLE songs (words TEXT);" + rows)
        if case.startswith("cut"):
            file.write_bytes(file.read_bytes()[:100] + b"\xff" * 3000)
    study = create_study(tmp_path / "study")
    done = secondcoder(study.folder, "import", str(file))
    assert done.code == 2
    said = " ".join((done.out + done.err).split())
    if case.startswith("ours"):
        assert "the database of a Second Coder study" in said
        assert "`secondcoder merge FILE` here" in said
    elif case.startswith("other"):
        assert "no project of Taguette or QualCoder. Its tables: songs." in said
    else:
        assert "This database is damaged" in said
        assert ("In QualCoder, close" if case.endswith("qda") else "In Taguette, export") in said
    assert "Give the transcript as text" not in said


@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [
        ("a.sqlite3", b"hello", "ends in .sqlite3 but is no database"),
        ("a.qda", b"hello", "REFI-QDA (.qdpx) and import that"),
        ("a.qda", b"", "This file is empty"),
    ],
)
def test_what_only_has_the_ending(name: str, data: bytes, expected: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(data)
    study = create_study(tmp_path / "study")
    done = secondcoder(study.folder, "import", str(tmp_path / name))
    assert done.code == 2
    assert expected in " ".join((done.out + done.err).split())


def test_an_archive_without_a_project(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.qda", "w") as archive:
        archive.writestr("notes.txt", "x")
    study = create_study(tmp_path / "study")
    done = secondcoder(study.folder, "import", str(tmp_path / "a.qda"))
    assert done.code == 2
    assert "it has no data.qda" in done.out + done.err
