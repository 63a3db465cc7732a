"""ODT, RTF and PDF with a text layer."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import pytest

from assistant.errors import DataError
from assistant.transcripts import read_document
from assistant.transcripts.records import Document
from tests.transcripts.delve_prints import Pdf, text_width
from tests.transcripts.reading_help import turns

_NAMES = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for short, name in {
        "office": "office",
        "text": "text",
        "table": "table",
        "draw": "drawing",
        "style": "style",
    }.items()
)
ROWS = [("Interviewer", "How did it begin?"), ("Rosa", "I was shaking."), ("Interviewer", "So?")]


def odt(body: str, *, before: str = "", styles: str = "", manifest: str = "<m/>") -> bytes:
    content = (
        f'<?xml version="1.0"?>{before}<office:document-content {_NAMES}><office:body>'
        f"<office:text>{body}</office:text></office:body></office:document-content>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr("META-INF/manifest.xml", manifest)
        archive.writestr("content.xml", content)
        if styles:
            head = f"<office:document-styles {_NAMES}>{styles}</office:document-styles>"
            archive.writestr("styles.xml", head)
    return out.getvalue()


def read(folder: Path, name: str, data: bytes) -> Document:
    path = folder / name
    path.write_bytes(data)
    return read_document(path, language="en")


def test_odt(tmp_path: Path) -> None:
    body = (
        "<text:h>Interview 3</text:h><text:tracked-changes><text:changed-region>"
        "<text:deletion><text:p>gone</text:p></text:deletion></text:changed-region>"
        "</text:tracked-changes>"
        "<text:p>Interviewer: How <text:span>did</text:span><text:s text:c='2'/>it\nbegin?</text:p>"
        "<text:p>Rosa: I was<office:annotation><text:p>aside</text:p></office:annotation> "
        "shaking.<text:note><text:p>foot</text:p></text:note></text:p>"
        "<text:list><text:list-item><text:p>Interviewer: So?</text:p></text:list-item></text:list>"
        "<text:p>Rosa: No<draw:frame><draw:text-box><text:p>boxed</text:p></draw:text-box>"
        "</draw:frame>.</text:p>"
    )
    styles = "<style:footer><text:p>page foot</text:p></style:footer>"
    document = read(tmp_path, "Interview 3.odt", odt(body, styles=styles))
    assert document.format == "odt"
    assert turns(document) == [(who, [said]) for who, said in [*ROWS, ("Rosa", "No.")]]
    assert {skip.what for skip in document.skipped} == {"Interview 3", "boxed", "page foot"}
    notes = " ".join(document.notes)
    assert all(word in notes for word in ("tracked changes", "comments", "footnotes"))


def test_odt_table_of_speakers(tmp_path: Path) -> None:
    cells = "".join(
        f"<table:table-row><table:table-cell><text:p>{who}</text:p></table:table-cell>"
        f"<table:table-cell><text:p>{said}</text:p></table:table-cell></table:table-row>"
        for who, said in [("Speaker", "Text"), *ROWS]
    )
    document = read(tmp_path, "a.odt", odt(f"<table:table>{cells}</table:table>"))
    assert turns(document) == [(who, [said]) for who, said in ROWS]


def test_odt_hostile(tmp_path: Path) -> None:
    entity = '<!DOCTYPE x [<!ENTITY secret SYSTEM "file:///etc/hostname"><!ENTITY a "aaaa">]>'
    body = "<text:p>Rosa: we &secret;&a; sang all night long.</text:p>"
    assert read(tmp_path, "a.odt", odt(body, before=entity)).text == "Rosa: we sang all night long."
    encrypted = odt("", manifest="<manifest:encryption-data/>")
    with pytest.raises(DataError, match="password"):
        read(tmp_path, "b.odt", encrypted)
    with pytest.raises(DataError, match="holds no text"):
        read(tmp_path, "c.odt", odt("<text:p/>"))
    with pytest.raises(DataError, match="damaged"):
        read(tmp_path, "d.odt", odt("<text:p>open"))
    with pytest.raises(DataError, match="damaged"):
        read(tmp_path, "e.odt", odt("<text:p>Rosa: yes yes yes</text:p>")[:-60])


def test_rtf(tmp_path: Path) -> None:
    data = (
        rb"{\rtf1\ansi\ansicpg1252\uc1{\fonttbl{\f0 Arial;}}{\header page head}"
        rb"{\*\generator x;}\f0 Interviewer: How did it begin?\par "
        rb"Rosa: Tr\'e8s bien, \u8364? and \u-10179?\u-8704?.\par Interviewer: So?\par }"
    )
    document = read(tmp_path, "a.rtf", data)
    assert document.format == "rtf"
    assert turns(document) == [
        ("Interviewer", ["How did it begin?"]),
        ("Rosa", ["Très bien, € and 😀."]),
        ("Interviewer", ["So?"]),
    ]


def test_rtf_table_of_speakers(tmp_path: Path) -> None:
    rows = b"".join(
        b"\\trowd\\cellx100\\cellx900 %s\\cell %s\\cell\\row " % (who.encode(), said.encode())
        for who, said in ROWS
    )
    document = read(tmp_path, "a.rtf", b"{\\rtf1\\ansi " + rows + b"}")
    assert turns(document) == [(who, [said]) for who, said in ROWS]


@pytest.mark.parametrize(
    "data", [b"{\\rtf1" + b"{" * 5000, b"{\\rtf1 \\u99999999? }", b"{\\rtf1 {\\pict\\bin }"]
)
def test_rtf_damaged(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(DataError) as caught:
        read(tmp_path, "a.rtf", data)
    assert caught.value.hint


# ---------------------------------------------------------------- PDF

SAID = (
    "We sang in the old hall every winter evening and nobody in the whole long street would have "
    "missed it for anything in the world, not even the well-known baker and his little daughter."
)


def wrapped(text: str, width: float, hyphens: bool = False) -> list[str]:
    rows, row = [], ""
    for word in text.split():
        if row and text_width(f"{row} {word}", 10.5) > width:
            if hyphens and len(word) > 5 and word.isalpha():
                rows.append(f"{row} {word[:3]}-")
                row = word[3:]
                continue
            rows.append(row)
            row = word
        else:
            row = f"{row} {word}".strip()
    return [*rows, row]


def page_of(
    pdf: Pdf, paragraphs: list[str], x: float, width: float, *, hyphens: bool = False
) -> None:
    y = 100.0
    for paragraph in paragraphs:
        for row in wrapped(paragraph, width, hyphens):
            pdf.text(x, y, row)
            y += 14
        y += 10


def paragraphs_of(number: int) -> list[str]:
    return [
        f"{'Interviewer' if n % 2 else 'Rosa'}: {SAID if n % 3 else 'Yes, in ' + str(n) + '.'}"
        for n in range(number)
    ]


def expected(paragraphs: list[str]) -> list[tuple[str, list[str]]]:
    return [(p.split(": ", 1)[0], [p.split(": ", 1)[1]]) for p in paragraphs]


def saved(folder: Path, pdf: Pdf) -> Path:
    path = folder / "Talk.pdf"
    path.write_bytes(pdf.data())
    return path


@pytest.mark.slow
def test_pdf_with_margins(tmp_path: Path) -> None:
    pdf = Pdf()
    for number in (1, 2, 3):
        pdf.new_page()
        pdf.text(45, 30, f"Study of choirs, part {number}")
        pdf.text(300, 770, str(number))
        page_of(pdf, paragraphs_of(6), 45, 480)
    document = read_document(saved(tmp_path, pdf), language="en")
    assert document.format == "pdf"
    assert turns(document) == expected(paragraphs_of(6) * 3)
    assert [skip.why for skip in document.skipped] == ["the page header", "the page footer"] * 3


def test_pdf_in_columns_with_hyphens(tmp_path: Path) -> None:
    pdf = Pdf()
    pdf.new_page()
    page_of(pdf, paragraphs_of(6), 45, 220, hyphens=True)
    page_of(pdf, paragraphs_of(4), 320, 220, hyphens=True)
    document = read_document(saved(tmp_path, pdf), language="en")
    assert turns(document) == expected(paragraphs_of(6) + paragraphs_of(4))
    joined = [skip for skip in document.skipped if skip.what == "-"]
    broken = [
        row
        for p in (6, 4)
        for one in paragraphs_of(p)
        for row in wrapped(one, 220, True)
        if row.endswith("-") and not row.endswith("well-")
    ]
    assert len(joined) == len(broken) > 0
    assert all("became" in skip.why for skip in joined)
    # Each can be undone: the line that the place names ends with what stands before the hyphen.
    rows = [r for p in (6, 4) for one in paragraphs_of(p) for r in wrapped(one, 220, True)]
    for skip in joined:
        number = re.fullmatch(r"page 1, end of line (\d+), character \d+ of the text", skip.where)
        assert number is not None, skip.where
        head = skip.why.split(": ")[1].split(" became ")[0].split("-")[0]
        assert rows[int(number[1]) - 1].endswith(f"{head}-")
    assert len({skip.where for skip in joined}) == len(joined)
    # And all of them together: the words as the page has them, though most stand whole elsewhere.
    text = document.text
    for skip in reversed(joined):
        place = int(skip.where.split("character ")[1].split(" ")[0])
        text = f"{text[:place]}{skip.what}\n{text[place:]}"
    names = ("Interviewer:", "Rosa:")
    printed = [word for row in rows for word in row.split() if word not in names]
    assert text.split() == printed


def test_pdf_names_in_a_column_are_no_column(tmp_path: Path) -> None:
    pdf = Pdf()
    pdf.new_page()
    y = 80.0
    for paragraph in paragraphs_of(8):
        who, said = paragraph.split(": ", 1)
        pdf.text(45, y, f"{who}:")
        for row in wrapped(said, 380):
            pdf.text(140, y, row)
            y += 14
        y += 10
    document = read_document(saved(tmp_path, pdf), language="en")
    assert turns(document) == expected(paragraphs_of(8))


def test_a_scan_is_refused(tmp_path: Path) -> None:
    pdf = Pdf()
    pdf.new_page()
    pdf.picture()
    with pytest.raises(DataError, match="no text layer"):
        read_document(saved(tmp_path, pdf))
