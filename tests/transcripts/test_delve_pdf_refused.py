"""PDFs that are no Delve print, or none that can be read, and what is said of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.errors import DataError
from assistant.transcripts.pdf.delve import read_delve_pdf
from tests.transcripts.delve_prints import DelvePrint, Pdf


def test_words_about_delve_do_not_make_a_print(tmp_path: Path) -> None:
    pdf = Pdf()
    pdf.new_page()
    pdf.text(45, 300, "We used delvetool.com for it.")
    path = tmp_path / "talk.pdf"
    path.write_bytes(pdf.data())
    with pytest.raises(DataError, match="not a print from Delve") as caught:
        read_delve_pdf(path)
    assert "Word" in caught.value.hint


def _pdf(tmp_path: Path, data: bytes) -> Path:
    path = tmp_path / "talk.pdf"
    path.write_bytes(data)
    return path


def test_scan_is_refused(tmp_path: Path) -> None:
    pdf = Pdf()
    for _ in range(2):
        pdf.new_page()
        pdf.picture()
    with pytest.raises(DataError, match="no text layer: its 2 pages are pictures") as caught:
        read_delve_pdf(_pdf(tmp_path, pdf.data()))
    assert caught.value.where == "talk.pdf"


def test_empty_page_is_refused(tmp_path: Path) -> None:
    pdf = Pdf()
    pdf.new_page()
    with pytest.raises(DataError, match="no text layer"):
        read_delve_pdf(_pdf(tmp_path, pdf.data()))


def test_no_pages_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no pages"):
        read_delve_pdf(_pdf(tmp_path, Pdf().data()))


def test_password_is_named(tmp_path: Path) -> None:
    pdf = Pdf()
    pdf.new_page()
    pdf.text(45, 100, "secret")
    with pytest.raises(DataError, match="encrypted"):
        read_delve_pdf(_pdf(tmp_path, pdf.data(password=True)))


@pytest.mark.parametrize("data", [b"%PDF-1.7\nnothing of it", b"%PDF-1.4\n" + bytes(range(256))])
def test_damaged_file_is_named(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(DataError, match=r"damaged|no pages"):
        read_delve_pdf(_pdf(tmp_path, data))


def test_file_cut_in_half_is_an_error_or_noted(tmp_path: Path) -> None:
    page = DelvePrint()
    for _ in range(6):
        page.name("A").passage("Yes, and so on.")
        page.page_break()
    path = page.name("B").passage("End.").save(tmp_path)
    whole = path.read_bytes()
    for share in (0.3, 0.6, 0.9):
        path.write_bytes(whole[: int(len(whole) * share)])
        try:
            notes = read_delve_pdf(path).notes
        except DataError as error:
            notes = (error.what,)
        assert any("may not hold the whole" in note or "damaged" in note for note in notes)


def test_other_file_is_no_pdf(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="not a PDF"):
        read_delve_pdf(_pdf(tmp_path, b"A: hello"))


def test_print_without_passages_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no interview text"):
        read_delve_pdf(DelvePrint().save(tmp_path))
