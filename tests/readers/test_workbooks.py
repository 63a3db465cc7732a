"""Tables in workbooks: the same rows, and what only a spreadsheet can hold."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from assistant.errors import DataError
from assistant.interchange.readers.tables import detects, read_project
from tests.readers.test_tables import LONG, options, said


def test_a_workbook(tmp_path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(["nothing", "here"])
    sheet = book.create_sheet("codings")
    for row in LONG[:3]:
        sheet.append(row)
    sheet.append(["Talk 1", "=1+1", "fear", "Ana"])
    path = tmp_path / "a.xlsx"
    book.save(path)
    assert detects(path, path.read_bytes()[:4096])
    project = read_project(path, options())
    assert len(project.codings) == 3
    assert "sheet “codings”" in project.notes[0]
    assert len(project.skipped) == 1
    path.write_bytes(path.read_bytes()[:-50])
    with pytest.raises(DataError, match="damaged"):
        read_project(path, options())


@pytest.mark.slow
def test_a_row_of_a_number_that_no_sheet_has(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All rows before it are read as empty ones: it would never end."""
    import zipfile

    import openpyxl

    book = openpyxl.Workbook()
    book.active.append(["Document", "Quotation", "Code"])
    book.active["A40"] = "Talk 1"
    book.save(tmp_path / "sound.xlsx")
    path = tmp_path / "endless.xlsx"
    with zipfile.ZipFile(tmp_path / "sound.xlsx") as sound, zipfile.ZipFile(path, "w") as made:
        for name in sound.namelist():
            data = re.sub(rb"<dimension[^>]*>", b"", sound.read(name))
            data = data.replace(b'r="40"', b'r="999999999999"')
            made.writestr(name, data.replace(b'r="A40"', b'r="A999999999999"'))
    monkeypatch.setattr("assistant.interchange.readers.cells._MOST_ROWS", 1000)
    with pytest.raises(DataError, match="damaged or protected"):
        read_project(path, options())


def test_errors_of_a_spreadsheet_are_no_codes_and_no_words(tmp_path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in [
        ["Document", "Quotation", "Code", "Coder"],
        ["Talk 1", "My sister took me", "family", "Ana"],
        ["Talk 1", "My sister took me", "#N/A", "Ana"],
        ["Talk 1", "#REF!", "family", "Ana"],
        ["#NAME?", "Was it cold?", "fear", "Ana"],
        ["Talk 1", "Was it cold?", "fear", "#VALUE!"],
        ["Talk 1", "Was it cold?", "#1 fear", "Ana"],
    ]:
        sheet.append(row)
    assert sheet["C3"].data_type == "e"
    path = tmp_path / "a.xlsx"
    book.save(path)
    project = read_project(path, options())
    assert [(code, quote) for _, code, quote in said(project)] == [
        ("family", "My sister took me"),
        ("#1 fear", "Was it cold?"),
    ]
    assert [coder.name for coder in project.coders] == ["Ana"]
    error = "an error of the spreadsheet"
    assert [(skip.where, skip.why) for skip in project.skipped] == [
        ("row 3", f"{error} (#N/A) stands in place of the code"),
        ("row 4", f"{error} (#REF!) stands in place of the words"),
        ("row 5", f"{error} (#NAME?) stands in place of the transcript"),
        ("row 6", f"{error} (#VALUE!) stands in place of the coder"),
    ]


def test_a_sheet_that_is_formatted_to_its_end_is_not_read_to_it(tmp_path: Path) -> None:
    """A million empty rows took minutes."""
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Document", "Quotation", "Code"])
    sheet.append(["Talk 1", "My sister took me", "family"])
    sheet["A12000"] = " "
    sheet["A12100"] = "Talk 1"
    path = tmp_path / "a.xlsx"
    book.save(path)
    project = read_project(path, options())
    assert [code for _, code, _ in said(project)] == ["family"]
    (told,) = [note for note in project.notes if "read to row" in note]
    assert "read to row 10,003 of 12,100" in told
