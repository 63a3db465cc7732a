"""Reader 5: Word documents."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from assistant.errors import DataError, UserError
from assistant.transcripts import read_document
from assistant.transcripts.records import Document
from tests.transcripts.reading_help import check_form, codes, turns


@pytest.fixture
def word(tmp_path: Path) -> Callable[..., Document]:
    def make(
        build: Callable[[Any], None], name: str = "Talk 1 - Ada.docx", **options: Any
    ) -> Document:
        made = docx.Document()
        build(made)
        made.save(str(tmp_path / name))
        document = read_document(tmp_path / name, language="en", **options)
        check_form(document)
        return document

    return make


def test_paragraphs_with_speakers_in_front(word: Callable[..., Document]) -> None:
    def build(made: Any) -> None:
        made.add_heading("Bread study", 0)
        paragraph = made.add_paragraph()
        paragraph.add_run("Anna:").bold = True
        paragraph.add_run(" How do you ba\u200bke?")
        made.add_paragraph("")
        made.add_paragraph("Bob: Slowly.\nAnna: And then?")
        made.add_paragraph("Bob: We\neat.")
        made.add_paragraph("All of it.")

    document = word(build)
    assert turns(document) == [
        ("Anna", ["How do you bake?"]),
        ("Bob", ["Slowly."]),
        ("Anna", ["And then?"]),
        ("Bob", ["We eat.", "All of it."]),
    ]
    assert (document.format, document.encoding, document.coder) == ("word", "", "")
    assert [(s.what, s.where) for s in document.skipped] == [("Bread study", "paragraph 1")]
    assert any("U+200B (1)" in note for note in document.notes)


def test_speaker_lines_and_codes(word: Callable[..., Document]) -> None:
    def build(made: Any) -> None:
        for text in ("Interviewer", "How?", "warm-oven", "Interviewee", "Slowly.", "warm-oven"):
            made.add_paragraph(text)

    document = word(build, labels=["warm-oven"])
    assert codes(document) == [("warm-oven", "How?"), ("warm-oven", "Slowly.")]
    assert document.coder == "Ada"


def test_speakers_as_headings(word: Callable[..., Document]) -> None:
    def build(made: Any) -> None:
        for i in range(3):
            made.add_heading("Ada L", 2)
            made.add_paragraph(f"Question {i}?")
            made.add_heading("Ben", 2)
            made.add_paragraph(f"Answer {i}.")
        made.add_heading("Afterwards", 2)

    document = word(build)
    assert [speaker for speaker, _ in turns(document)] == ["Ada L", "Ben"] * 3
    assert [s.what for s in document.skipped] == ["Afterwards"]


def test_table_with_speakers(word: Callable[..., Document]) -> None:
    def build(made: Any) -> None:
        made.add_paragraph("Before the talk.")
        rows = [
            ("Time", "Speaker", "Text"),
            ("00:01", "Ada:", "How?"),
            ("00:04", "Ben", "Slowly.\nVery slowly."),
            ("00:09", "", "With patience."),
            ("00:15", "Ada", "I see."),
        ]
        table = made.add_table(0, 3)
        for row in rows:
            for cell, text in zip(table.add_row().cells, row, strict=True):
                cell.text = text
        made.add_paragraph("After the talk.")

    document = word(build)
    assert turns(document) == [
        ("", ["Before the talk."]),
        ("Ada", ["How?"]),
        ("Ben", ["Slowly. Very slowly.", "With patience."]),
        ("Ada", ["I see.", "After the talk."]),
    ]
    assert [s.what for s in document.skipped][:2] == ["Time | Speaker | Text", "00:01"]
    assert document.skipped[1].where == "table 1, row 2"


def test_table_without_speakers_is_read_in_order(word: Callable[..., Document]) -> None:
    def build(made: Any) -> None:
        made.add_paragraph("First words.")
        table = made.add_table(1, 2)
        table.cell(0, 0).text = "These are many words, far too many for a name."
        table.cell(0, 1).text = "Right ones."
        made.add_paragraph("Last words.")

    assert word(build).text == (
        "First words.\nThese are many words, far too many for a name.\nRight ones.\nLast words."
    )


def test_nothing_of_the_body_is_lost(word: Callable[..., Document]) -> None:
    """Insertions, content controls and links are read; deletions are not; boxes are listed."""

    def build(made: Any) -> None:
        w = nsdecls("w")
        made.add_paragraph("Anna: one.")
        body = made.element.body
        for xml in (
            f'<w:p {w}><w:r><w:t xml:space="preserve">Bob: two </w:t></w:r><w:ins w:id="1">'
            "<w:r><w:t>three</w:t></w:r></w:ins><w:del w:id='2'><w:r><w:delText>gone</w:delText>"
            "</w:r></w:del><w:hyperlink><w:r><w:t> four</w:t></w:r></w:hyperlink></w:p>",
            f"<w:sdt {w}><w:sdtContent><w:p><w:r><w:t>Anna: five.</w:t></w:r></w:p>"
            "</w:sdtContent></w:sdt>",
            f"<w:p {w}><w:r><w:t>Bob: six</w:t><w:tab/><w:t>seven</w:t></w:r><w:r><w:pict>"
            "<w:txbxContent><w:p><w:r><w:t>in a box</w:t></w:r></w:p></w:txbxContent></w:pict>"
            "</w:r></w:p>",
        ):
            body.insert(len(body) - 1, parse_xml(xml))
        made.sections[0].footer.paragraphs[0].text = "Bread study, confidential"

    document = word(build)
    assert document.text == "one.\n\ntwo three four\n\nfive.\n\nsix seven"
    assert {(s.what, s.why) for s in document.skipped} == {
        ("in a box", "a text box"),
        ("Bread study, confidential", "the page footer"),
    }
    assert any("tracked changes" in note for note in document.notes)


def test_damaged_and_empty(tmp_path: Path) -> None:
    path = tmp_path / "talk.docx"
    docx.Document().save(str(path))
    with pytest.raises(DataError, match="holds no text"):
        read_document(path)

    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(DataError, match="damaged"):
        read_document(path)

    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", "<w:document>")
    with pytest.raises(DataError, match="damaged"):
        read_document(path)

    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.xml", "<x/>")
    with pytest.raises(DataError, match="spreadsheet"):
        read_document(path)


def test_a_folder_that_was_zipped(tmp_path: Path) -> None:
    path = tmp_path / "interviews.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name in ("T/", "T/One.txt", "T/Two.docx", "__MACOSX/T/._One.txt", "T/.DS_Store"):
            archive.writestr(name, "x")
    with pytest.raises(DataError, match=r"zip archive with 2 files \(“One.txt”, “Two.docx”\)") as e:
        read_document(path)
    assert "secondcoder import FOLDER" in e.value.hint
    with zipfile.ZipFile(path, "w"):
        pass
    with pytest.raises(UserError, match=r"\.zip cannot be read") as empty:
        read_document(path)
    assert "Unpack it" in empty.value.hint


@pytest.mark.parametrize(
    ("holds", "says"), [("WordDocument", "old Office file"), ("EncryptedPackage", "password")]
)
@pytest.mark.parametrize("name", ["talk.doc", "talk.docx"])
def test_old_and_encrypted_word(tmp_path: Path, holds: str, says: str, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500) + holds.encode("utf-16-le"))
    with pytest.raises(DataError, match=says) as caught:
        read_document(path)
    assert str(path) in str(caught.value)
    assert caught.value.hint
