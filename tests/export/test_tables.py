"""CSV and XLSX: typed, complete, and no cell that a program would run."""

from __future__ import annotations

import csv
from datetime import datetime
from pathlib import Path

import openpyxl
from hypothesis import given
from hypothesis import strategies as st

from assistant.interchange.export.cells import COLUMNS, defused, undefused
from assistant.interchange.export.records import AgreementRow, Choice
from assistant.interchange.export.table import write_csv
from assistant.interchange.export.workbook import write_xlsx
from assistant.store.people.codings import codings
from assistant.store.texts.transcripts import transcript
from tests.export.studies import add_text, code, empty_study, exported, garden, overridden

ALL = Choice(decisions=("accept", "open", "reject"))
_RUN = ("=", "+", "-", "@", "\t", "\r", "\n")


@given(st.text(st.sampled_from("'=+-@\t\r\n＝a "), max_size=6) | st.text(max_size=6))
def test_no_text_runs_and_none_is_lost(text: str) -> None:
    assert not defused(text).startswith(_RUN)
    assert undefused(defused(text)) == text


def read_csv(file: Path) -> list[dict[str, str]]:
    with open(file, encoding="utf-8-sig", newline="") as stream:
        return [{k: undefused(v) for k, v in row.items()} for row in csv.DictReader(stream)]


def test_csv_has_every_coding_to_the_character(tmp_path: Path) -> None:
    made = garden(tmp_path / "s")
    file = tmp_path / "x.csv"
    counts = write_csv(exported(made.study, made.store), file)
    assert file.read_bytes().startswith(b"\xef\xbb\xbftranscript,coder,coder_kind,code,start,end,")
    rows = read_csv(file)
    assert counts == {"rows": len(rows)} == {"rows": 4}
    text = transcript(made.store, made.transcript_id).text
    for row in rows:
        assert tuple(row) == COLUMNS
        assert text[int(row["start"]) : int(row["end"])] == row["quote"]
    guids = {c.guid for c in codings(made.store)}
    assert {row["guid"] for row in rows if row["coder_kind"] == "human"} == guids
    ana = next(row for row in rows if row["coder"] == "Ana")
    assert (ana["exposure"], ana["origin"], ana["source_file"]) == (
        "independent",
        "import",
        "Garden 1 - Ana.txt",
    )
    model = next(row for row in rows if row["coder_kind"] == "model")
    assert (model["coder"], model["origin"], model["decision"], model["decided_by"]) == (
        "Second Coder model: model m",
        "suggestion",
        "accept",
        "Cleo",
    )
    assert (model["run"], model["confidence"], model["exposure"]) == ("1", "0.5", "")
    assert model["rationale"].startswith("She says: =SUM")
    # The planted formula is defused in the file itself.
    assert "'=SUM(leeks)" in file.read_text(encoding="utf-8-sig")


def test_an_override_is_in_the_tables(tmp_path: Path) -> None:
    made = overridden(tmp_path / "s", "-it was agreed")
    export = exported(made.study, made.store)
    write_csv(export, tmp_path / "x.csv")
    write_xlsx(export, tmp_path / "x.xlsx", (), "")
    rows = [row for row in read_csv(tmp_path / "x.csv") if row["coder_kind"] == "model"]
    assert [row["because"] for row in rows] == ["-it was agreed"] * 2
    sheet = openpyxl.load_workbook(tmp_path / "x.xlsx")["codings"]
    at = COLUMNS.index("because")
    assert [row[at] for row in sheet.iter_rows(values_only=True)].count("-it was agreed") == 2


def test_a_workbook_is_typed_and_runs_nothing(tmp_path: Path) -> None:
    made = garden(tmp_path / "s")
    code(made.store, made.transcript_id, "@cmd", [("+1+1", 0, 4)])
    figures = (("kappa", 0.5, 0.25, "– (too few transcripts)"),)
    rows = (AgreementRow("people with each other", "tools", 1, 2, 3, 4, 5, figures),)
    file = tmp_path / "x.xlsx"
    counts, remarks = write_xlsx(exported(made.study, made.store, ALL), file, rows, "evaluation 1")
    assert counts == {"rows": 5, "codes": 3, "agreement": 1}
    assert remarks == ()
    book = openpyxl.load_workbook(file)
    assert book.sheetnames == ["codings", "codebook", "agreement"]
    sheet = book["codings"]
    assert sheet.freeze_panes == "A2"
    assert tuple(cell.value for cell in sheet[1]) == COLUMNS
    first = dict(zip(COLUMNS, next(sheet.iter_rows(min_row=2)), strict=True))
    assert first["coder"].value == "@cmd"
    assert first["code"].value == "+1+1"
    assert first["code"].quotePrefix
    assert (first["start"].value, first["end"].value) == (0, 4)
    assert isinstance(first["made_at"].value, datetime)
    for name in book.sheetnames:
        for row in book[name].iter_rows():
            assert all(cell.data_type != "f" for cell in row)
    quotes = [row[COLUMNS.index("quote")] for row in sheet.iter_rows(min_row=2, values_only=True)]
    assert any(str(quote).startswith("=SUM(leeks) and 🌱") for quote in quotes)
    codes = {row[0]: row[-1] for row in book["codebook"].iter_rows(min_row=2, values_only=True)}
    assert codes == {"tools": 3, "weather": 1, "+1+1": 1}
    assert [cell.value for cell in book["agreement"][2]] == [
        *("people with each other", "tools", 1, 2, 3, 4, 5),
        *(0.5, 0.25, "– (too few transcripts)", "evaluation 1"),
    ]


def test_what_a_cell_cannot_hold_is_said(tmp_path: Path) -> None:
    study, store = empty_study(tmp_path / "s")
    key = add_text(store, "Long", [("Ana", ["x" * 40_000, "bell \x07"])])
    code(store, key, "Ana", [("c", 0, 40_000), ("c", 40_001, 40_007)])
    _, remarks = write_xlsx(exported(study, store), tmp_path / "x.xlsx", (), "why")
    assert sorted(remarks) == [
        "1 cell: control characters replaced. Positions are right all the same.",
        "1 cell: text cut to what a cell can hold. Positions are right all the same.",
        "The sheet “agreement” holds no figures: why",
    ]
    write_csv(exported(study, store), tmp_path / "x.csv")
    assert [len(row["quote"]) for row in read_csv(tmp_path / "x.csv")] == [40_000, 6]
