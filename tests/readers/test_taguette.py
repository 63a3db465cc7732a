"""Taguette's SQLite file: bytes of the page's text, whoever made the highlight, nothing guessed."""

from __future__ import annotations

import json
import re
import sqlite3
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from assistant.errors import DataError
from assistant.interchange.projects.readers import ReadOptions, find_reader
from assistant.interchange.projects.records import Project
from assistant.interchange.readers.html_text import read_html
from assistant.interchange.readers.taguette import read_project
from assistant.store.database import open_store
from assistant.store.people.coders import coders
from assistant.study import Study
from tests.review.conftest import client, opened, study

__all__ = ["client", "opened", "study"]

PAGE = (
    "<h1>A</h1>\n<p>Rosa: Très <b>bien</b> &amp; I was 😀 shaking\nall night.</p>"
    "<p>Cold.<br/>We sang.</p><ul><li>one</li><li>two</li></ul>"
)


def content(page: str) -> str:
    return read_html(page).content


def make(
    path: Path, pages: list[str], marks: list[tuple[int, str, list[int], str]], shift: int = 0
) -> Path:
    """``marks``: number of the page, words of its content, tags, who."""
    db = sqlite3.connect(path)
    db.executescript(
        """
        CREATE TABLE projects (id INTEGER PRIMARY KEY, name TEXT, description TEXT, created TEXT);
        CREATE TABLE documents (id INTEGER PRIMARY KEY, name TEXT, description TEXT, filename TEXT,
            created TEXT, project_id INTEGER, text_direction TEXT, contents TEXT);
        CREATE TABLE tags (id INTEGER PRIMARY KEY, project_id INTEGER, path TEXT, description TEXT);
        CREATE TABLE highlights (id INTEGER PRIMARY KEY, document_id INTEGER, start_offset INTEGER,
            end_offset INTEGER, snippet TEXT);
        CREATE TABLE highlight_tags (highlight_id INTEGER, tag_id INTEGER);
        CREATE TABLE commands (id INTEGER PRIMARY KEY, date TEXT, user_login TEXT,
            project_id INTEGER, document_id INTEGER, payload TEXT);
        INSERT INTO projects VALUES (1, 'Choirs', 'About choirs', '2026');
        INSERT INTO tags VALUES (1, 1, 'fear', 'being afraid'), (2, 1, 'cold.wet', '');
        """
    )
    for number, page in enumerate(pages):
        db.execute(
            "INSERT INTO documents VALUES (?, ?, '', 'x', '', 1, 'LEFT_TO_RIGHT', ?)",
            (number, f"Interview {number}", page),
        )
    for number, (place, words, tags, who) in enumerate(marks, start=1):
        text = content(pages[place])
        start = len(text[: text.index(words)].encode())
        end = start + len(words.encode())
        db.execute(
            "INSERT INTO highlights VALUES (?, ?, ?, ?, ?)",
            (number, place, start + shift, end + shift, f"<p>{words.replace('&', '&amp;')}</p>"),
        )
        db.executemany("INSERT INTO highlight_tags VALUES (?, ?)", [(number, t) for t in tags])
        payload = json.dumps({"type": "highlight_add", "highlight_id": number, "tags": tags})
        db.execute("INSERT INTO commands VALUES (?, '', ?, 1, ?, ?)", (number, who, place, payload))
    db.commit()
    db.close()
    return path


def said(project: Project) -> list[tuple[str, str, str]]:
    texts = {source.key: source.text for source in project.sources}
    names = {code.key: code.name for code in project.codes}
    return [
        (coding.coder, names[coding.code], texts[coding.source][coding.start : coding.end])
        for coding in project.codings
    ]


def test_codings_and_coders(tmp_path: Path) -> None:
    marks = [
        (0, "bien & I was 😀 shaking\nall", [1], "admin"),
        (0, "Cold.We sang", [1, 2], "ana"),
        (0, "two", [2], "ana"),
        (0, "one", [], "ana"),
    ]
    path = make(tmp_path / "t.sqlite3", [PAGE, "<p>Bo: no codes</p>"], marks)
    reader = find_reader(path)
    assert reader is not None
    assert reader.format == "taguette"
    project = reader.read(path)
    assert said(project) == [
        ("", "fear", "bien & I was 😀 shaking all"),
        ("ana", "fear", "Cold.\nWe sang"),
        ("ana", "cold.wet", "Cold.\nWe sang"),
        ("ana", "cold.wet", "two"),
    ]
    assert project.sources[0].position_rule == "UTF-8 bytes"
    assert project.codes[0].definition == "being afraid"
    assert dict(project.counts)["highlights"] == 4
    assert [skip.why for skip in project.skipped] == ["a highlight without a tag"]
    assert project.memos[0].text == "About choirs"
    assert any("without a name" in note for note in project.notes)


def test_who_is_a_member_is_proposed_and_not_taken(
    client: TestClient, study: Study, tmp_path: Path
) -> None:
    path = make(tmp_path / "t.sqlite3", [PAGE], [(0, "two", [2], "admin")])
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE project_members (project_id INTEGER, user_login TEXT)")
        db.execute("INSERT INTO project_members VALUES (1, 'omar')")
    db.close()
    project = read_project(path, ReadOptions())
    assert project.likely_coder == "omar"
    assert any("1 member: “omar”" in note for note in project.notes)
    assert not any("without a name" in note for note in project.notes)
    page = client.post("/import", files={"files": (path.name, path.read_bytes(), "")}).text
    assert "names one person, “omar”. Who coded?" in page
    assert re.search(r'<input id="q1" name="coder t.sqlite3" maxlength="80" value="omar">', page)
    with open_store(study.database)[0] as store:
        assert "omar" not in {coder.name for coder in coders(store)}
    with sqlite3.connect(path) as db:
        db.execute("INSERT INTO project_members VALUES (1, 'ana')")
    db.close()
    two = read_project(path, ReadOptions())
    assert not two.likely_coder
    assert any("2 members: “ana”, “omar”" in note for note in two.notes)


def test_positions_that_fit_nothing_are_refused(tmp_path: Path) -> None:
    marks = [(0, "shaking", [1], "ana"), (0, "We sang", [1], "ana")]
    path = make(tmp_path / "t.sqlite3", [PAGE], marks, shift=5)
    with pytest.raises(DataError, match=r"No highlight of “.*” \(2\) says"):
        read_project(path, ReadOptions())


def test_one_document_that_was_changed_costs_its_own_highlights_only(tmp_path: Path) -> None:
    marks = [(0, "shaking", [1], "ana"), (1, "no codes", [1, 2], "ana"), (1, "no", [2], "ana")]
    marks += [(0, "We sang", [1, 2], "ana")]
    path = make(tmp_path / "t.sqlite3", [PAGE, "<p>Bo: no codes</p>"], marks)
    with sqlite3.connect(path) as db:
        db.execute("UPDATE highlights SET snippet = '<p>They sang</p>' WHERE id = 4")
        db.execute("UPDATE documents SET contents = '<p>Something else.</p>' WHERE id = 1")
    db.close()
    project = read_project(path, ReadOptions())
    assert said(project) == [("ana", "fear", "shaking")]
    assert [skip.what for skip in project.skipped] == [
        "They sang",
        "2 highlights of “Interview 1”",
    ]
    assert [s.lost for s in project.sources] == [2, 3], "codings: each tag of a highlight"
    assert [source.position_rule for source in project.sources] == ["UTF-8 bytes", ""]


def test_a_log_beside_the_file_is_read_and_nothing_is_written(tmp_path: Path) -> None:
    path = make(tmp_path / "t.sqlite3", [PAGE], [(0, "two", [1], "ana")])
    db = sqlite3.connect(path)
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("INSERT INTO tags VALUES (3, 1, 'late', '')")
    db.commit()
    before = {p.name: p.read_bytes() for p in tmp_path.iterdir()}
    assert "t.sqlite3-wal" in before
    project = read_project(path, ReadOptions())
    assert "late" in {code.name for code in project.codes}
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == before
    db.close()


def test_damaged_and_hostile_files(tmp_path: Path) -> None:
    path = make(tmp_path / "t.sqlite3", [PAGE * 50], [(0, "night", [1], "ana")])
    data = path.read_bytes()
    broken = tmp_path / "broken.sqlite3"
    broken.write_bytes(data[:4096] + b"\xff" * (len(data) - 4096))
    with pytest.raises(DataError, match="damaged"):
        read_project(broken, ReadOptions())
    empty = make(tmp_path / "empty.sqlite3", [], [])
    with pytest.raises(DataError, match="no documents"):
        read_project(empty, ReadOptions())
    deep = make(tmp_path / "deep.sqlite3", [PAGE], [(0, "shaking", [1], "ana")])
    with sqlite3.connect(deep) as changed:
        changed.execute("UPDATE commands SET payload = ?", ("[" * 100_000,))
    changed.close()
    assert said(read_project(deep, ReadOptions())) == [("", "fear", "shaking")]
    # A view that would run for ever stands where a table should be: it is not run.
    trap = tmp_path / "trap.sqlite3"
    db = sqlite3.connect(trap)
    db.executescript(
        """
        CREATE TABLE documents (id INTEGER, contents TEXT);
        CREATE TABLE highlight_tags (highlight_id INTEGER, tag_id INTEGER);
        CREATE VIEW highlights AS
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i AS id FROM n;
        """
    )
    db.close()
    found = find_reader(trap)
    assert found is not None
    assert found.format == "database"
    with pytest.raises(DataError, match="no documents"):
        read_project(trap, ReadOptions())


PIECES = st.sampled_from(
    [
        "<p>",
        "</p>",
        "<b>",
        "</b>",
        "<br>",
        "<ul><li>",
        "</li></ul>",
        "é",
        "😀",
        "a b",
        "\n",
        "&lt;x",
    ]
)


@settings(max_examples=100, deadline=None)
@given(st.lists(PIECES, max_size=30), st.data())
def test_every_character_of_the_content_is_shown_in_order(
    parts: list[str], data: st.DataObject
) -> None:
    page = read_html("".join(parts))
    assert page.shown.translate({10: None, 32: None}) == page.content.translate(
        {10: None, 32: None}
    )
    start = data.draw(st.integers(0, len(page.content)))
    end = data.draw(st.integers(start, len(page.content)))
    a, b = page.place(start, end)
    squeezed = page.content[start:end].translate({10: None, 32: None})
    assert page.shown[a:b].translate({10: None, 32: None}) == squeezed
