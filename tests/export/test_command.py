"""``secondcoder export``: where files go, what is refused, what a researcher is told."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from assistant.store.trail.events import events
from assistant.store.withdrawal.withdrawal import withdraw
from tests.cli.command import secondcoder
from tests.export.studies import PARAGRAPHS, Garden, garden, with_a_rejected_one
from tests.store.filled import add_interview


@pytest.fixture
def made(tmp_path: Path) -> Garden:
    return garden(tmp_path / "s")


@pytest.mark.parametrize(
    ("format", "file"),
    [
        ("qdpx", "Garden study.qdpx"),
        ("qdc", "Garden study.qdc"),
        ("xlsx", "Garden study.xlsx"),
        ("csv", "Garden study.csv"),
        ("docx", "word/Garden 1.docx"),
        ("html", "html/Garden 1.html"),
    ],
)
def test_every_format_and_where_it_goes(made: Garden, format: str, file: str) -> None:
    folder = made.study.folder
    ended = secondcoder(folder, "export", format)
    assert ended.code == 0, ended.err
    assert (folder / "exports" / file).is_file()
    assert f"Written: {folder / 'exports' / file}" in ended.out
    assert ("participants’ words" in ended.out) is (format != "qdc")
    again = secondcoder(folder, "export", format)
    assert again.code == 2
    assert "nothing was written" in again.err
    assert "--force" in again.err
    assert secondcoder(folder, "export", format, "--force").code == 0
    assert not list((folder / "exports").rglob("*.part"))
    assert "exports/" in (folder / ".gitignore").read_text(encoding="utf-8")


def test_notes_that_are_no_memos_are_said_to_be_none(made: Garden) -> None:
    """“memos 3” and “notes 5” stand below each other."""
    ended = secondcoder(made.study.folder, "export", "qdpx")
    assert (
        "Note: Of the 5 notes in the file 3 are memos of the study, 1 says why a model suggested, "
        "and one is for this program: with it everything returns exactly." in ended.out
    )


def test_a_workbook_without_figures_says_why(made: Garden) -> None:
    import openpyxl

    ended = secondcoder(made.study.folder, "export", "xlsx")
    why = (
        "the last evaluation was stored by another version. `secondcoder evaluate` makes one that "
        "can be read."
    )
    assert f"The sheet “agreement” holds no figures: {why}" in ended.out
    file = made.study.folder / "exports" / "Garden study.xlsx"
    book = openpyxl.load_workbook(file)
    assert book.sheetnames == ["codings", "codebook", "agreement"]
    assert [row[0].value for row in book["agreement"].iter_rows()] == ["no figures", why]
    # The workbook comes back as a table of codings all the same.
    again = secondcoder(made.study.folder, "import", str(file), "--json")
    assert again.code == 0, again.out
    assert "sheet “codings”" in again.out


def test_json_has_paths_counts_and_what_was_left_out(made: Garden, tmp_path: Path) -> None:
    target = tmp_path / "deep" / "er" / "mine.csv"
    found = secondcoder(
        made.study.folder, "export", "csv", "--to", str(target), "--coder", "ana", "--json"
    ).json
    assert found["files"] == [str(target)]
    assert found["counts"]["codings by people"] == 2
    assert found["counts"]["suggestions"] == 0
    assert found["counts"]["rows"] == 2
    assert {(o["count"], o["what"], o["why"]) for o in found["left_out"]} == {
        (1, "codings", "another coder was asked for"),
        (2, "suggestions", "another coder was asked for"),
    }


def test_choices(tmp_path: Path) -> None:
    folder = with_a_rejected_one(tmp_path / "s").study.folder

    def counts(*options: str) -> tuple[int, int]:
        found = secondcoder(folder, "export", "csv", "--force", "--json", *options).json["counts"]
        return found["codings by people"], found["suggestions"]

    assert counts() == (2, 0)
    assert counts("--open") == (2, 1)
    assert counts("--open", "--rejected") == (2, 2)
    assert counts("--models", "--open") == (0, 1)
    assert counts("--people", "--open") == (2, 0)
    assert counts("--open", "--lane", "vague") == (2, 0)
    assert counts("--open", "--lane", "unproven") == (2, 1)
    assert counts("--open", "--run", "1") == (2, 1)
    said = secondcoder(folder, "export", "csv", "--force").out
    assert "Left out: 1 suggestion: not decided on yet; --open takes" in said
    assert "Left out: 1 suggestion: rejected by a person; --rejected takes" in said


def test_what_is_not_there_is_refused(made: Garden) -> None:
    folder = made.study.folder
    for option, value, said in (
        ("--coder", "Zoe", "The study has: Ana, Ben, model m."),
        ("--transcript", "Garden 9", "no transcript named"),
        ("--run", "9", "Runs of this study: 1 (model "),
    ):
        ended = secondcoder(folder, "export", "csv", option, value)
        assert ended.code == 2
        assert said in ended.err
    assert not (folder / "exports").exists()
    assert secondcoder(folder, "export", "pdf").code == 2


def test_a_withdrawn_transcript_never_leaves(made: Garden) -> None:
    add_interview(made.store, "Garden 2", PARAGRAPHS[:2])
    withdraw(made.store, made.transcript_id, "asked")
    folder = made.study.folder
    for format in ("qdpx", "csv", "xlsx", "docx", "html"):
        ended = secondcoder(folder, "export", format, "--open")
        assert ended.code == 0, ended.err
        assert "Left out: 1 transcript: withdrawn by the participant: Garden 1." in ended.out
    assert not list((folder / "exports").rglob("Garden 1*"))
    table = (folder / "exports" / "Garden study.csv").read_text(encoding="utf-8")
    assert "Garden 2" in table
    assert "neighbour" not in table


def test_the_record_names_the_files(made: Garden) -> None:
    secondcoder(made.study.folder, "export", "qdpx")
    (event,) = events(made.store, "export")
    assert event.details["files"] == [str(made.study.folder / "exports" / "Garden study.qdpx")]
    assert event.details["transcripts"] == ["Garden 1"]
    assert event.what.startswith("Exported as qdpx: 1 transcript, ")


def test_names_of_transcripts_become_safe_names_of_files(made: Garden, tmp_path: Path) -> None:
    add_interview(made.store, "../a/b: c?", PARAGRAPHS[:2])
    add_interview(made.store, "a-b- c", (("I", "Other words."), ("R", "Yes, other ones.")))
    add_interview(made.store, "CON", (("I", "Third words."), ("R", "Yes, third ones.")))
    place = tmp_path / "pages"
    assert secondcoder(made.study.folder, "export", "html", "--to", str(place)).code == 0
    names = sorted(p.name for p in place.iterdir())
    assert names == ["CON-.html", "Garden 1.html", "a-b- c 2.html", "a-b- c.html"]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["pages", "s"]
    ended = secondcoder(
        made.study.folder, "export", "html", "--to", str(place / "CON-.html"), "--force"
    )
    assert ended.code == 2
    assert "names a folder" in ended.err


def test_an_empty_study_says_what_to_do(made: Garden) -> None:
    made.store.write("UPDATE transcripts SET withdrawn_at = 'now'")
    ended = secondcoder(made.study.folder, "export", "qdpx")
    assert ended.code == 2
    assert "no transcript to export" in ended.err
    made.study.codebook_file.write_text("name: G\ncodes: []\n", encoding="utf-8")
    assert "codebook derive" in secondcoder(made.study.folder, "export", "qdc").err


def test_a_device_is_never_replaced(made: Garden, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.csv"
    os.mkfifo(pipe)
    said = secondcoder(made.study.folder, "export", "csv", "--to", str(pipe), "--force")
    assert (said.code, pipe.is_fifo()) == (2, True)
    assert "a folder or a device, not a file" in said.err
