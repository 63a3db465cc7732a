"""Taguette's highlights as Word and HTML are codings of transcripts, and never an interview."""

from __future__ import annotations

from html import escape
from pathlib import Path

import pytest

from assistant.interchange.importing import ImportOptions, import_files
from assistant.store.codings import codings
from assistant.store.database import Store, open_store
from assistant.store.transcripts import transcript_infos
from tests.export.studies import add_text

TURNS = [
    ("I", ["What did you sow?"]),
    ("R", ["Leeks & beans, in the wet corner.", "Then it rained."]),
]
FOUND = (
    (("Leeks & beans",), "Garden 1", "sowing, help"),
    (("in the wet corner.", "Then it rained."), "Garden 1", "weather"),
)


def html(path: Path, title: str = "Taguette highlights", words: str = "Document: Tags:") -> Path:
    document, tags = words.split(" ")
    rows = []
    for quote, name, codes in FOUND:
        rows += [f"<p>{escape(line)}</p>" for line in quote]
        rows.append(
            f"<p>\n <strong>{document}</strong> {name}\n <strong>{tags}</strong>\n {codes}\n</p>"
        )
        rows.append("<hr>")
    body = "\n".join(rows)
    path.write_text(
        f"<!DOCTYPE html>\n<html>\n<head>\n<title>{title}</title></head>\n<body>\n"
        f"<h1>{title}</h1>\n{body}</body></html>",
        encoding="utf-8",
    )
    return path


def word(path: Path, title: str = "Taguette highlights", words: str = "Document: Tags:") -> Path:
    import docx

    document, tags = words.split(" ")
    made = docx.Document()
    made.add_heading(title, 1)
    for quote, name, codes in FOUND:
        for line in quote:
            made.add_paragraph(line)
        last = made.add_paragraph()
        last.add_run(document).bold = True
        last.add_run(f" {name} ")
        last.add_run(tags).bold = True
        last.add_run(f" {codes}")
    made.save(str(path))
    return path


def _garden() -> Store:
    store = open_store()[0]
    add_text(store, "Garden 1", TURNS)
    return store


@pytest.mark.parametrize("title", ["Taguette highlights", "Taguette highlights: land"])
@pytest.mark.parametrize("format", ["html", "docx"])
def test_highlights_are_found_in_the_transcripts(format: str, title: str, tmp_path: Path) -> None:
    file = (html if format == "html" else word)(tmp_path / f"highlights.{format}", title)
    with _garden() as store:
        report = import_files(store, [file], ImportOptions(coder="Ana"))
        assert [project.error for project in report.projects] == [""]
        assert [(c.coder.name, c.code, c.quote) for c in codings(store)] == [
            ("Ana", "help", "Leeks & beans"),
            ("Ana", "sowing", "Leeks & beans"),
            ("Ana", "weather", "in the wet corner.\nThen it rained."),
        ]
        assert [info.name for info in transcript_infos(store)] == ["Garden 1"]


@pytest.mark.parametrize("format", ["html", "docx"])
def test_in_another_language_it_is_refused_and_no_interview(format: str, tmp_path: Path) -> None:
    made = html if format == "html" else word
    file = made(tmp_path / f"x.{format}", "Extraits de Taguette", "Fichier: Tags:")
    with _garden() as store:
        report = import_files(store, [file], ImportOptions(coder="Ana"))
        (project,) = report.projects
        assert "not an interview" in project.error
        assert "export the highlights as a table (.csv or .xlsx)" in project.error
        assert codings(store) == ()
        assert [info.name for info in transcript_infos(store)] == ["Garden 1"]


def test_an_interview_that_speaks_of_it_is_one(tmp_path: Path) -> None:
    import docx

    made = docx.Document()
    made.add_heading("Who codes with Taguette", 1)
    made.add_paragraph("Interviewer: Which program do you use?")
    made.add_paragraph("Gardener: Taguette highlights what I mark, in yellow.")
    made.save(str(tmp_path / "Garden 2.docx"))
    with _garden() as store:
        report = import_files(store, [tmp_path / "Garden 2.docx"], ImportOptions())
        assert report.projects == ()
        assert len(transcript_infos(store)) == 2
