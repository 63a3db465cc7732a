"""Codes of somebody who is still coding blind leave with nobody else's export."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.codebook.loading import load_codebook
from assistant.decisions.own import add_blind, begin_blind, finish_blind
from assistant.store.transcripts import transcript
from tests.cli.command import secondcoder
from tests.export.studies import PARAGRAPHS, Garden, empty_study, garden, memo
from tests.store.filled import add_interview

WHY = "still coding blind"


@pytest.fixture
def blind(tmp_path: Path) -> Iterator[Garden]:
    """As `garden`, where Dua has begun to code blind: two codings and a memo, not finished."""
    made = garden(tmp_path / "s")
    begin_blind(made.store, "Dua", made.transcript_id)
    book = load_codebook(made.study.codebook_file)
    text = transcript(made.store, made.transcript_id).text
    for word in ("leeks", "beans"):
        at = text.index(word)
        add_blind(made.store, book, made.transcript_id, "tools", at, at + len(word), "Dua")
    memo(made.store, "passage", "Dua wonders.", made.transcript_id, 3, 9, who="Dua")
    yield made
    made.store.close()


def _coders(made: Garden, *options: str) -> tuple[set[str], dict[str, int]]:
    folder = made.study.folder
    found = secondcoder(folder, "export", "csv", "--force", "--json", *options).json
    with (folder / "exports" / "Garden study.csv").open(encoding="utf-8-sig", newline="") as file:
        coders = {row["coder"] for row in csv.DictReader(file)}
    return coders, {o["what"]: o["count"] for o in found["left_out"] if WHY in o["why"]}


def test_they_stay_behind_and_are_counted(blind: Garden) -> None:
    coders, left = _coders(blind)
    assert "Ana" in coders
    assert "Dua" not in coders
    assert left == {"codings": 2, "memos": 1}
    coders, left = _coders(blind, "--coder", "Ana", "--coder", "Dua")
    assert coders == {"Ana"}
    assert left == {"codings": 2, "memos": 1}
    said = secondcoder(blind.study.folder, "export", "csv", "--force").out
    assert "Left out: 2 codings: the coder is still coding blind" in said


def test_no_format_has_them(blind: Garden, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    for format in ("qdpx", "csv", "xlsx", "docx", "html"):
        to = folder / format if format in ("docx", "html") else folder / f"x.{format}"
        assert secondcoder(blind.study.folder, "export", format, "--to", str(to)).code == 0
    import zipfile

    for file in (path for path in folder.rglob("*") if path.is_file()):
        if zipfile.is_zipfile(file):
            with zipfile.ZipFile(file) as archive:
                said = b"".join(archive.read(name) for name in archive.namelist())
        else:
            said = file.read_bytes()
        assert b"Ana" in said, file
        assert b"Dua" not in said, file


def test_an_export_of_hers_alone_has_them(blind: Garden) -> None:
    coders, left = _coders(blind, "--coder", "dua")
    assert coders == {"Dua"}
    assert left == {}


def test_finished_codes_leave(blind: Garden) -> None:
    finish_blind(blind.store, load_codebook(blind.study.codebook_file), blind.transcript_id, "Dua")
    coders, left = _coders(blind)
    assert {"Ana", "Dua"} <= coders
    assert left == {}


def test_blindness_in_one_transcript_hides_nothing_in_another(tmp_path: Path) -> None:
    study, store = empty_study(tmp_path / "s")
    book = load_codebook(study.codebook_file)
    for name in ("One", "Two"):
        key = add_interview(store, name, [(s, f"{name}. {words}") for s, words in PARAGRAPHS])
        begin_blind(store, "Dua", key)
        add_blind(store, book, key, "tools", 0, 3, "Dua")
        if name == "One":
            finish_blind(store, book, key, "Dua")
    made = Garden(study, store, key, 0, 0, 0)
    assert secondcoder(study.folder, "export", "csv", "--force").code == 0
    with (study.folder / "exports" / "Garden study.csv").open(encoding="utf-8-sig") as file:
        mine = {row["transcript"] for row in csv.DictReader(file) if row["coder"] == "Dua"}
    assert mine == {"One"}
    assert _coders(made)[1] == {"codings": 1}
    store.close()
