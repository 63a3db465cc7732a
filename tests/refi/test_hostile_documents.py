"""Documents that would fill memory are refused before any library opens them, and say why."""

from __future__ import annotations

import io
import tracemalloc
import zipfile
from pathlib import Path

import pytest

from assistant.interchange.imports.importing import ImportOptions, import_files
from assistant.store.database import open_store
from assistant.store.texts.transcripts import transcript_infos


def _docx(extra: dict[str, bytes]) -> bytes:
    import docx

    made = docx.Document()
    made.add_paragraph("Ana: We dug the plot.")
    stream = io.BytesIO()
    made.save(stream)
    return _with(stream.getvalue(), extra)


def _xlsx(extra: dict[str, bytes]) -> bytes:
    import openpyxl

    book = openpyxl.Workbook()
    for row in (("transcript", "quote", "code", "coder"), ("Plot", "dug", "work", "Ana")):
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return _with(stream.getvalue(), extra)


def _odt(extra: dict[str, bytes]) -> bytes:
    office = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
    body = f'<o:document-content xmlns:o="{office}"><o:body><o:text/></o:body></o:document-content>'
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as made:
        made.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        made.writestr("content.xml", body)
    return _with(stream.getvalue(), extra)


def _with(data: bytes, extra: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            if name not in extra:
                new.writestr(name, old.read(name))
        for name, more in extra.items():
            new.writestr(name, more)
    return stream.getvalue()


def _much(mebibytes: int, piece: bytes = b"<w:p><w:r><w:t>aaaa</w:t></w:r></w:p>") -> bytes:
    return piece * (mebibytes * 2**20 // len(piece) + 1)


BOMBS = {
    "text.docx": lambda: _docx({"word/document.xml": _much(80)}),
    "comments.docx": lambda: _docx({"word/comments.xml": _much(80)}),
    "shrunk.docx": lambda: _docx({"word/document.xml": _much(20)}),
    "text.odt": lambda: _odt({"content.xml": _much(80)}),
    "styles.odt": lambda: _odt({"styles.xml": _much(80)}),
    "strings.xlsx": lambda: _xlsx({"xl/sharedStrings.xml": _much(80)}),
    "rows.xlsx": lambda: _xlsx({"xl/worksheets/sheet1.xml": _much(40)}),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_with_a_message(name: str, tmp_path: Path) -> None:
    file = tmp_path / name
    file.write_bytes(BOMBS[name]())
    assert file.stat().st_size < 2**20
    tracemalloc.start()
    try:
        with open_store()[0] as store:
            report = import_files(store, [file], ImportOptions(coder="Ana"))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    errors = [f.error for f in report.files] + [p.error for p in report.projects]
    (error,) = (one for one in errors if one)
    assert "was not read, because" in error
    assert "unpacks to" in error
    assert peak < 40 * 2**20, f"{peak / 2**20:.0f} MiB"


@pytest.mark.slow
def test_ordinary_documents_and_much_of_the_same_are_read(tmp_path: Path) -> None:
    import docx

    made = docx.Document()
    for number in range(3_000):
        made.add_paragraph(f"{('Ana', 'Ben')[number % 2]}: We dug the plot and it rained again.")
    made.save(str(tmp_path / "Plot.docx"))
    with open_store()[0] as store:
        import_files(store, [tmp_path / "Plot.docx"], ImportOptions())
        assert [info.name for info in transcript_infos(store)] == ["Plot"]
