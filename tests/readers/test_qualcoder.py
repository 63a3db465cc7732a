"""QualCoder's database, in its folder or zipped."""

from __future__ import annotations

import sqlite3
import zipfile
from pathlib import Path

import pytest

from assistant.errors import DataError
from assistant.interchange.projects.readers import ReadOptions, find_reader
from assistant.interchange.readers.qualcoder import read_project

TEXT = "Rosa: I was 😀 shaking.\nBo: It was cold."


def make(folder: Path, codings: list[tuple[int, str, str]], *, old: bool = False) -> Path:
    """``codings``: code, words, owner. ``old``: without the columns of later versions."""
    folder.mkdir()
    path = folder / "data.qda"
    db = sqlite3.connect(path)
    later = "" if old else ", avid INTEGER, important INTEGER"
    db.executescript(
        f"""
        CREATE TABLE project (databaseversion TEXT, date TEXT, memo TEXT, about TEXT);
        CREATE TABLE source (id INTEGER PRIMARY KEY, name TEXT, fulltext TEXT, mediapath TEXT,
            memo TEXT, owner TEXT, date TEXT);
        CREATE TABLE code_cat (catid INTEGER PRIMARY KEY, name TEXT, owner TEXT, date TEXT,
            memo TEXT, supercatid INTEGER);
        CREATE TABLE code_name (cid INTEGER PRIMARY KEY, name TEXT, memo TEXT, catid INTEGER,
            owner TEXT, date TEXT, color TEXT);
        CREATE TABLE code_text (cid INTEGER, fid INTEGER, seltext TEXT, pos0 INTEGER, pos1 INTEGER,
            owner TEXT, date TEXT, memo TEXT{later});
        CREATE TABLE annotation (anid INTEGER PRIMARY KEY, fid INTEGER, pos0 INTEGER, pos1 INTEGER,
            memo TEXT, owner TEXT, date TEXT);
        CREATE TABLE journal (jid INTEGER PRIMARY KEY, name TEXT, jentry TEXT, date TEXT,
            owner TEXT);
        INSERT INTO project VALUES ('v6', '', 'project memo', '');
        INSERT INTO code_cat VALUES (7, 'Feelings', '', '', '', NULL);
        INSERT INTO code_cat VALUES (8, 'Bad ones', '', '', '', 7);
        INSERT INTO code_name VALUES (1, 'fear', 'being afraid', 8, '', '', '#ff0000');
        INSERT INTO code_name VALUES (2, 'weather', '', NULL, '', '', '');
        INSERT INTO source VALUES (2, 'tape.mp3', NULL, '/tape.mp3', '', '', '');
        INSERT INTO annotation VALUES (1, 1, 12, 13, 'a face', 'ana', '2026-01-01');
        INSERT INTO journal VALUES (1, 'Monday', 'wrote things', '2026-01-01', 'bo');
        """
    )
    db.execute("INSERT INTO source VALUES (1, 'Talk.txt', ?, '', 'a memo', 'ana', '')", (TEXT,))
    for code, words, owner in codings:
        start = TEXT.index(words)
        row = (code, 1, words, start, start + len(words), owner)
        db.execute(
            "INSERT INTO code_text (cid, fid, seltext, pos0, pos1, owner, date, memo) "
            "VALUES (?, ?, ?, ?, ?, ?, '2026-02-02', 'why')",
            row,
        )
    db.execute(
        "INSERT INTO code_text (cid, fid, seltext, pos0, pos1, owner) "
        "VALUES (2, 1, 'x', 3, 4, 'bo')"
    )
    db.commit()
    db.close()
    return path


@pytest.mark.parametrize("old", [False, True])
def test_everything(tmp_path: Path, old: bool) -> None:
    path = make(tmp_path / "Choirs.qda", [(1, "😀 shaking", "ana"), (2, "cold", "bo")], old=old)
    reader = find_reader(path)
    assert reader is not None
    project = reader.read(path)
    assert project.format == "qualcoder"
    assert project.name == "Choirs.qda"
    got = [(c.coder, c.code, TEXT[c.start : c.end], c.note) for c in project.codings]
    assert got == [("ana", "1", "😀 shaking", "why"), ("bo", "2", "cold", "why")]
    assert [coder.name for coder in project.coders] == ["ana", "bo"]
    codes = {code.key: code for code in project.codes}
    assert codes["1"].parent == "category 8"
    assert codes["category 8"].parent == "category 7"
    assert not codes["category 8"].applicable
    assert [skip.why for skip in project.skipped] == [
        "a source without text (picture, sound or video)",
        "its position does not fit the words stored with it",
    ]
    assert [source.lost for source in project.sources] == [1], "counted as not placed"
    about = {(memo.about, memo.text, memo.who) for memo in project.memos}
    assert about == {
        ("study", "project memo", ""),
        ("study", "Monday\nwrote things", "bo"),
        ("transcript", "a memo", "ana"),
        ("passage", "a face", "ana"),
    }


def test_zipped_and_as_a_folder(tmp_path: Path) -> None:
    path = make(tmp_path / "Choirs.qda", [(1, "shaking", "ana")])
    packed = tmp_path / "Choirs.qda.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.write(path, "Choirs.qda/data.qda")
        archive.writestr("../evil.txt", "x")
    reader = find_reader(packed)
    assert reader is not None
    assert reader.read(packed).codings == read_project(path.parent, ReadOptions()).codings
    assert not (tmp_path.parent / "evil.txt").exists()


def test_refused(tmp_path: Path) -> None:
    path = make(tmp_path / "a.qda", [])
    with pytest.raises(DataError, match=r"No coding of “.*” \(1\) says"):
        read_project(path, ReadOptions())
    damaged = tmp_path / "b.zip"
    with zipfile.ZipFile(damaged, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(path, "data.qda")
    data = bytearray(damaged.read_bytes())
    data[100:160] = b"\xff" * 60
    damaged.write_bytes(data)
    with pytest.raises(DataError, match="damaged"):
        read_project(damaged, ReadOptions())


def test_one_text_that_was_changed_costs_its_own_codings_only(tmp_path: Path) -> None:
    path = make(tmp_path / "a.qda", [(1, "shaking", "ana")])
    with sqlite3.connect(path) as db:
        db.execute("INSERT INTO source VALUES (3, 'Old.txt', 'Something else.', '', '', '', '')")
        db.execute("DELETE FROM code_text WHERE seltext = 'x'")
        db.execute(
            "INSERT INTO code_text (cid, fid, seltext, pos0, pos1, owner) "
            "VALUES (2, 3, 'gone', 3, 7, 'bo'), (1, 3, 'gone too', 9, 99, 'bo')"
        )
    db.close()
    project = read_project(path, ReadOptions())
    assert [c.coder for c in project.codings] == ["ana"]
    assert [(s.name, s.lost) for s in project.sources] == [("Talk.txt", 0), ("Old.txt", 2)]
    (skip,) = (one for one in project.skipped if "Old.txt" in one.what)
    assert skip.what == "2 codings of “Old.txt”"
    assert "none says the words that it marks" in skip.why


def test_an_archive_with_a_link_in_place_of_the_database_is_named_itself(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    link = zipfile.ZipInfo("p.qda/data.qda")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(link, "/etc/hostname")
    with pytest.raises(DataError) as refused:
        read_project(path, ReadOptions())
    assert refused.value.where == f"{path}, data.qda in it"
