"""Taguette's highlights as Word and HTML are codings of transcripts, and never an interview."""

from __future__ import annotations

from html import escape
from pathlib import Path

import pytest

from assistant.interchange.imports.importing import ImportOptions, import_files
from assistant.store.database import Store, open_store
from assistant.store.people.codings import codings
from assistant.store.texts.transcripts import transcript_infos
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


def _marked(path: Path, *pieces: str) -> Path:
    """A Word document in which every second piece is shaded; a new paragraph after each line."""
    import docx
    from docx.enum.text import WD_COLOR_INDEX

    made = docx.Document()
    made.add_heading("Garden 1", 1)
    paragraph = made.add_paragraph()
    for number, piece in enumerate(pieces):
        if piece.startswith("\n"):
            paragraph = made.add_paragraph()
        run = paragraph.add_run(piece.strip("\n"))
        if number % 2:
            run.font.highlight_color = WD_COLOR_INDEX.YELLOW
    made.save(str(path))
    return path


_TAGGED = (
    "I: What did you sow?",
    "\nLeeks & beans",
    " [sowing, help], in the ",
    "wet corner.",
    "",
    "\nThen it rained.",
    " [weather]",
)


def test_a_highlighted_document_is_no_interview(tmp_path: Path) -> None:
    page = tmp_path / "Garden 1.html"
    page.write_text(
        "<!DOCTYPE html>\n<html>\n<head>\n<style>\n.highlight {\n  background-color: #ff0;\n}\n"
        "</style><title>Garden 1</title></head><body><h1>Garden 1</h1><p>I: What?</p><p>"
        '<span class="highlight">Leeks</span> [sowing]</p></body></html>',
        encoding="utf-8",
    )
    files = [_marked(tmp_path / "Garden 1.docx", *_TAGGED), page]
    with _garden() as store:
        report = import_files(store, files, ImportOptions(coder="Ana"))
        assert report.files == ()
        for project in report.projects:
            assert project.status == "refused"
            assert "Taguette marked the highlights" in project.error
            assert "export the project itself (SQLite3)" in project.error
        assert len(report.projects) == 2
        assert len(transcript_infos(store)) == 1


def test_where_it_is_not_sure_the_report_says_so(tmp_path: Path) -> None:
    one = _marked(
        tmp_path / "One.docx", "I: What did you sow?\nR: ", "Leeks", " [sowing], I think."
    )
    heard = _marked(
        *(tmp_path / "Heard.docx", "I: Who else came to dig?\nR: "),
        *("Bo", " [inaudible] and ", "Cy", " [00:12] I think, and [later] somebody more."),
    )
    with _garden() as store:
        found = import_files(store, [one, heard], ImportOptions())
        assert found.projects == ()
        said = {Path(file.path).name: " ".join(file.notes) for file in found.files}
        assert "Behind 1 of 1 highlighted passage stand words" in said["One.docx"]
        assert "[sowing]. They were read as words" in said["One.docx"]
        assert "square brackets" not in said["Heard.docx"]
