"""Codes of somebody who is still coding blind leave with nobody else's export."""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.codebook.loading import load_codebook
from assistant.decisions.own import add_blind, begin_blind, finish_blind
from assistant.store.texts.transcripts import transcript
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


def test_they_stay_behind_and_nobody_is_told_how_many(blind: Garden) -> None:
    coders, left = _coders(blind)
    assert "Ana" in coders
    assert "Dua" not in coders
    assert left == {"coders": 1}
    coders, left = _coders(blind, "--coder", "Ana", "--coder", "Dua")
    assert coders == {"Ana"}
    assert left == {"coders": 1}
    said = secondcoder(blind.study.folder, "export", "csv", "--force").out
    assert "Left out: 1 coder: still coding blind" in said


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
    assert _coders(made)[1] == {"coders": 1}
    store.close()


def test_an_export_of_one_coder_has_nobody_elses_memos(blind: Garden, tmp_path: Path) -> None:
    memo(blind.store, "passage", "Also a tap?", blind.transcript_id, 3, 9, who="Ben")
    memo(blind.store, "passage", "Mine.", blind.transcript_id, 3, 9, who="Ana")
    to = tmp_path / "ana.qdpx"
    arguments = ("export", "qdpx", "--coder", "Ana", "--to", str(to))
    done = secondcoder(blind.study.folder, *arguments, "--json").json
    with zipfile.ZipFile(to) as archive:
        written = archive.read("project.qde").decode()
    assert "Mine." in written
    assert "Also a tap?" not in written
    assert 'name="Ben"' not in written
    left = {o["what"]: o["count"] for o in done["left_out"] if "another coder" in o["why"]}
    assert left["memos"] == 1, "Ben's; of Dua's nobody is told while she codes blind"
