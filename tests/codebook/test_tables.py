"""A codebook in a table is read as one: shown first, never taken for an interview."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from pathlib import Path

import docx
import openpyxl
import pytest
from starlette.testclient import TestClient

from assistant.codebook.loading import load_codebook
from assistant.errors import DataError, UserError
from assistant.guide.unimported import not_imported
from assistant.interchange.projects.readers import MOST_CODES
from assistant.interchange.study_codebook import tables
from assistant.interchange.study_codebook.tables import is_codebook_table, read_codebook_table
from assistant.store.database import open_store
from assistant.store.texts.transcripts import transcript_infos
from assistant.study import create_study, open_study
from tests.cli.command import secondcoder
from tests.interchange.interviews import plain
from tests.review.conftest import opened

__all__ = ["opened"]

ROWS = (
    ("Code", "Definition", "Example", "Notes"),
    ("Stage fright", "Fear of being heard; alone or not.", "My knees shook.", ""),
    ("Body", "What the body does, or will not do.", "", "see also Age"),
    ("Childhood", "", "", ""),
)


def csv(file: Path, rows: tuple[tuple[str, ...], ...] = ROWS) -> Path:
    file.write_text("\n".join(",".join(f'"{c}"' for c in row) for row in rows), "utf-8-sig")
    return file


def xlsx(file: Path) -> Path:
    book = openpyxl.Workbook()
    for row in ROWS:
        book.active.append(row)
    book.save(file)
    return file


def word(file: Path, before: str = "Our codes") -> Path:
    document = docx.Document()
    document.add_paragraph(before)
    made = document.add_table(rows=0, cols=len(ROWS[0]))
    for row in ROWS:
        for cell, said in zip(made.add_row().cells, row, strict=True):
            cell.text = said
    document.save(str(file))
    return file


@pytest.mark.parametrize(("make", "name"), [(csv, "a.csv"), (xlsx, "a.xlsx"), (word, "a.docx")])
def test_a_table_is_taken_after_it_was_shown(
    tmp_path: Path, make: Callable[[Path], Path], name: str
) -> None:
    study = create_study(tmp_path / "study")
    file = make(study.transcripts_folder / name)
    plain(study.transcripts_folder / "Beds.txt")
    refused = secondcoder(study.folder, "import")
    assert f'codebook import "{file}"' in refused.err + refused.out
    with open_store(study.database)[0] as store:
        assert not_imported(open_study(study.folder), store).files == (name,)
    done = secondcoder(study.folder, "codebook", "import", str(file), "--yes")
    assert done.code == 0, done.err
    assert "Fear of being heard; alone or not." in done.out
    assert "Left out: the column “Notes”." in done.err
    book = load_codebook(study.codebook_file)
    assert [(c.label, c.definition[:4]) for c in book.codes] == [
        ("Stage fright", "Fear"),
        ("Body", "What"),
        ("Childhood", ""),
    ]
    assert [e.text for e in book.codes[0].examples] == ["My knees shook."]
    # It is not asked about as an interview for ever.
    with open_store(study.database)[0] as store:
        assert not_imported(open_study(study.folder), store).files == ()
    again = secondcoder(study.folder, "codebook", "import", str(file), "--yes")
    assert "has all these codes" in again.err


def test_other_tables_are_none(tmp_path: Path) -> None:
    codings = csv(tmp_path / "c.csv", (("transcript", "quote", "code", "description"), ("a",) * 4))
    assert not is_codebook_table(codings)
    with pytest.raises(UserError, match="no table of a codebook") as error:
        read_codebook_table(codings, "c.csv")
    assert "YAML" in error.value.hint
    twice = csv(tmp_path / "t.csv", (*ROWS, ("body", "Again.", "", "")))
    with pytest.raises(UserError, match="“body” stands in this table twice"):
        read_codebook_table(twice, "t.csv")
    german = csv(tmp_path / "g.csv", (("Kategorie", "Beschreibung"), ("Angst", "Furcht")))
    assert read_codebook_table(german, "g.csv").book.codes[0].definition == "Furcht"
    taguette = csv(
        tmp_path / "c.csv", (("tag", "description", "number of highlights"), ("a", "b", "2"))
    )
    assert read_codebook_table(taguette, "c.csv").book.codes[0].definition == "b"
    # An interview may begin with a table of who was asked.
    assert not is_codebook_table(word(tmp_path / "i.docx", "She said a lot about it. " * 20))


def test_a_long_table_is_read_to_its_end_or_refused(tmp_path: Path) -> None:
    def rows(codes: int) -> str:
        return "Code,Definition\n" + "".join(f"code {n},It is {n}.\n" for n in range(codes))

    file = tmp_path / "long.csv"
    file.write_text(rows(MOST_CODES), "utf-8")
    assert len(read_codebook_table(file, "long.csv").book.codes) == MOST_CODES
    file.write_text(rows(MOST_CODES + 1), "utf-8")
    with pytest.raises(DataError, match="10,001 different codes up to row 10,002"):
        read_codebook_table(file, "long.csv")


def test_a_word_table_is_read_to_its_end_and_other_tables_are_named(tmp_path: Path) -> None:
    document = docx.Document(str(word(tmp_path / "long.docx")))
    rows = document.tables[0]._tbl
    one = deepcopy(rows.tr_lst[1])
    for cell in one.tc_lst[2:]:
        one.remove(cell)
    for number in range(2001):
        row = deepcopy(one)
        row.tc_lst[0].p_lst[0].r_lst[0].text = f"Code {number}"
        rows.append(row)
    document.add_table(rows=1, cols=1).cell(0, 0).text = "Codes of the pilot"
    document.save(str(tmp_path / "long.docx"))
    read = read_codebook_table(tmp_path / "long.docx", "long.docx")
    assert len(read.book.codes) == 2004
    assert read.book.codes[-1].label == "Code 2000"
    assert "1 further table of the document, which begins “Codes of the pilot”" in read.notes[-1]


def test_a_table_that_is_hardly_codes_is_not_read_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "_MOST_ROWS", 3)
    file = csv(tmp_path / "a.csv", (*ROWS[:2], *[("", "No code.", "", "")] * 3))
    notes = read_codebook_table(file, "a.csv").notes
    assert "The table was read to row 4; row 5 and what stands below it" in notes[-1]


def test_a_page_shows_it_and_takes_no_interview(
    tmp_path: Path, opened: Callable[..., TestClient]
) -> None:
    study = create_study(tmp_path / "study")
    dora = opened(study.folder, "Dora")
    file = word(tmp_path / "codes.docx")
    with file.open("rb") as stream:
        shown = dora.post("/import", files={"files": ("codes.docx", stream)})
    assert "a codebook in a table" in shown.text
    assert "Fear of being heard" in shown.text
    assert list(study.transcripts_folder.iterdir()) == []


def test_a_file_is_set_aside(tmp_path: Path) -> None:
    study = create_study(tmp_path / "study")
    file = plain(study.transcripts_folder / "Plan.txt")
    done = secondcoder(study.folder, "import", str(file), "--set-aside")
    assert done.out.startswith("“Plan.txt” is set aside")
    plain(study.transcripts_folder / "Beds.txt", [("A", "Quite other words."), ("B", "Yes, so.")])
    assert secondcoder(study.folder, "import").code == 0
    with open_store(study.database)[0] as store:
        assert not_imported(open_study(study.folder), store).files == ()
        assert [info.name for info in transcript_infos(store)] == ["Beds"]
