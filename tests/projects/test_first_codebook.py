"""A study's first import brings several kinds of files: its codebook has the codes of all."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.codebook.loading import load_codebook
from assistant.codebook.records import Code, Codebook
from assistant.interchange.projects.first_codebook import FirstCodebook
from assistant.study import Study, create_study
from tests.cli.command import secondcoder
from tests.interchange.interviews import PARAGRAPHS, delve_text, plain
from tests.readers.test_word_comments import comment, end, run, start
from tests.readers.test_word_comments import make as make_word
from tests.refi.making import TEXT, Mark, project_xml, qdpx, text

LEEKS = TEXT.index("Leeks"), TEXT.index("Leeks") + 15


@pytest.fixture
def files(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    body = f"<w:p>{run('Rosa: I was ')}{start(1)}{run('shaking all night.')}{end(1)}</w:p>"
    make_word(folder / "Choir.docx", body, comment(1, "Ana", "Stage-fright; Body; Night"))
    plain(folder / "Beds.txt")
    delve_text(folder / "Beds - Ben.txt", {1: ["rain-and-frost"], 5: ["rain-and-frost"]})
    said = PARAGRAPHS[3][1][:40]
    table = f"transcript,quote,code,coder\nBeds,{said},sowing,Cem\nBeds,{said},Harvest,Cem\n"
    (folder / "codes.csv").write_text(table, encoding="utf-8")
    qdpx(folder / "garden.qdpx", project_xml(text((Mark(*LEEKS),))))
    return folder


def brought(study: Study, *arguments: str) -> tuple[int, str]:
    done = secondcoder(study.folder, "import", "--trust-labels", *arguments)
    return done.code, done.out + done.err


def test_all_codes_of_one_import_are_in_it(files: Path, tmp_path: Path) -> None:
    study = create_study(tmp_path / "study")
    code, said = brought(study, str(files), "--dry-run")
    assert code == 0, said
    assert "would hold 8 codes" in said
    assert "codes: []" in study.codebook_file.read_text(encoding="utf-8")
    code, said = brought(study, str(files))
    assert code == 0, said
    listed = "3 of Choir.docx, 2 of codes.csv, 2 of garden.qdpx, 1 of text files"
    assert f"holds 8 codes: {listed}" in said
    book = load_codebook(study.codebook_file)
    projects = ("Stage-fright", "Body", "Night", "sowing", "Harvest", "help", "tools")
    assert [c.id for c in book.codes] == [*projects, "rain-and-frost"]
    # The table names the code and the project says what it means.
    assert {c.id: (c.definition, c.parent) for c in book.codes}["sowing"] == ("What was sown.", "")
    checked = secondcoder(study.folder, "codebook", "check")
    assert "Not in the codebook" not in checked.out
    scopes = secondcoder(study.folder, "codebook", "history")
    assert scopes.code == 0


def test_each_file_says_what_it_brought_that_no_other_had(files: Path, tmp_path: Path) -> None:
    again = (files / "codes.csv").read_text(encoding="utf-8").replace("Cem", "Dora")
    (files / "more.csv").write_text(again, encoding="utf-8")
    (files / "part.csv").write_text(f"{again}{again.splitlines()[1].replace('sowing', 'weeds')}\n")
    study = create_study(tmp_path / "study")
    code, said = brought(study, str(files))
    assert code == 0, said
    assert f"\n2 codes were written to {study.codebook_file}." in said
    none = f"None of its 2 codes were written to {study.codebook_file}: all come from other files"
    assert none in said
    part = f"1 of its 3 codes was written to {study.codebook_file}: the others come from other"
    assert part in said
    assert "2 of garden.qdpx, 1 of part.csv, 1 of text files." in said
    header = study.codebook_file.read_text(encoding="utf-8").split("\n\n")[0]
    assert "codes.csv (2)" in header
    assert "more.csv" not in header


def test_a_named_file_has_the_projects_codes_together(files: Path, tmp_path: Path) -> None:
    study = create_study(tmp_path / "study")
    new = tmp_path / "new.yaml"
    code, said = brought(study, str(files), "--codebook", str(new))
    assert code == 0, said
    assert len(load_codebook(new).codes) == 7
    assert not load_codebook(study.codebook_file).codes


def test_one_letter_spelled_in_two_ways_is_one_code(tmp_path: Path) -> None:
    composed, apart = "\u00e9cole", "e\u0301cole"
    codes = FirstCodebook()
    codes.add("a.qdpx", Codebook(name="a", codes=(Code(id=composed), Code(id=apart))))
    more = Code(id="d\u00e9j\u00e0 vu", parent=apart, aliases=("vu",))
    codes.add("b.qdpx", Codebook(name="b", codes=(Code(id=apart, definition="Schools."), more)))
    target = tmp_path / "codebook.yaml"
    texts = [apart, "caf\u00e9", "cafe\u0301", "de\u0301ja\u0300 vu"]
    written = codes.write(target, "Study", texts)
    book = load_codebook(target)
    assert [c.id for c in book.codes] == [composed, "d\u00e9j\u00e0 vu", "caf\u00e9"]
    assert written.sources == (("a.qdpx", 1), ("b.qdpx", 1), ("text files", 1))
    assert book.codes[0].definition == "Schools."
    assert book.codes[1].parent == composed
