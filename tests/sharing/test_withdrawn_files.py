"""A withdrawal names every file that still holds the words, also when it is asked again."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from assistant import shipped
from assistant.cli.main import cli
from assistant.study import Study, create_study
from tests.cli.command import secondcoder
from tests.sharing.studies import two_folders

SAID = "You can't shift it once it's in the ground."
BOOK = f"""name: Glass
version: "1"
codes:
  - id: blame
    name: Blame
    definition: Who is said to be at fault.
    examples:
      - text: "{SAID}"
"""


@pytest.fixture
def study(tmp_path: Path) -> Study:
    """An interview in transcripts/, the same coded by Ana elsewhere, an example, two reports."""
    made = create_study(tmp_path / "study")
    examples = shipped.examples()
    shutil.copy(examples / "transcripts" / "Interview 01.txt", made.folder / "transcripts")
    coded = tmp_path / "elsewhere"
    coded.mkdir()
    shutil.copy(examples / "codings" / "Interview 01 - Ana.txt", coded)
    made.codebook_file.write_text(BOOK, encoding="utf-8")
    assert secondcoder(made.folder, "import").code == 0
    told = ("import", str(coded), "--trust-labels")
    assert secondcoder(made.folder, *told).code == 0
    for name in ("report.html", "report.md"):
        made.reports_folder.mkdir(parents=True, exist_ok=True)
        (made.reports_folder / name).write_text(SAID, encoding="utf-8")
    return made


def test_asked_again_it_lists_the_files_again(study: Study) -> None:
    (study.folder.parent / "elsewhere" / "unlike.txt").write_text("Not hers.\n")
    first = secondcoder(study.folder, "withdraw", "Interview 01", "--yes", "--json")
    assert first.code == 0, first.err
    names = ("transcripts/Interview 01.txt", "Interview 01 - Ana.txt", "codebook.yaml")
    assert all(any(n in line for line in first.json["files_that_remain"]) for n in names)
    (study.folder / "transcripts" / "Interview 01.txt").rename(study.folder / "moved.txt")
    again = secondcoder(study.folder, "withdraw", "Interview 01")
    assert again.code == 2
    assert all(name in again.err for name in ("moved.txt", "01 - Ana.txt", "codebook.yaml"))
    assert "unlike.txt" not in again.err
    assert "codebook.yaml (examples from this transcript)" in again.err
    assert "Delete these files yourself" in again.err
    study.codebook_file.write_text(BOOK.replace(SAID, "A made-up example."), encoding="utf-8")
    (study.folder / "moved.txt").unlink()
    again = secondcoder(study.folder, "withdraw", "Interview 01")
    assert "codebook.yaml" not in again.err
    with study.codebook_file.open("a", encoding="utf-8") as file:
        file.write("# From Interview 01.txt: 1 code.\n")
    again = secondcoder(study.folder, "withdraw", "Interview 01")
    assert "codebook.yaml (its name stands there, and none of its words)" in again.err
    assert "moved.txt" not in again.err
    assert "Interview 01 - Ana.txt" in again.err


def test_no_word_is_kept_to_find_them(study: Study) -> None:
    assert secondcoder(study.folder, "withdraw", "Interview 01", "--yes").code == 0
    stored = study.database.read_bytes()
    assert b"shift it once it's in the ground" not in stored


def test_the_question_says_what_is_deleted(study: Study) -> None:
    from click.testing import CliRunner

    arguments = ["--study", str(study.folder), "withdraw", "Interview 01"]
    asked = CliRunner().invoke(cli, arguments, input="n\n")
    assert "2 files of reports (of all transcripts) will be deleted too." in asked.output


def test_a_file_that_was_taken_in_is_named(tmp_path: Path) -> None:
    a, b = two_folders(tmp_path)
    file = b.share("from b")
    for _ in range(2):
        a.merge(file)
    assert a.store.value("SELECT count(*) FROM events WHERE kind = 'merge'") == 1
    a.store.close()
    done = secondcoder(a.study.folder, "withdraw", "One", "--yes", "--json")
    named = [line for line in done.json["files_that_remain"] if str(file.resolve()) in line]
    assert len(named) == 1
    assert "taken in on 20" in named[0]


def test_what_is_shared_afterwards_is_counted_without_it(study: Study, tmp_path: Path) -> None:
    other = "Mia: I never saw a kiln, and I would not know one if I did see it.\n"
    (study.folder / "transcripts" / "Other.txt").write_text(other, encoding="utf-8")
    assert secondcoder(study.folder, "import").code == 0
    before = secondcoder(study.folder, "share", "--to", str(tmp_path / "before.zip"))
    assert "2 transcripts, 11 codings" in before.out
    withdrawn = secondcoder(study.folder, "withdraw", "Interview 01", "--yes")
    assert withdrawn.code == 0
    assert "Tell your colleagues: they withdraw it too" in withdrawn.out
    after = secondcoder(study.folder, "share", "--to", str(tmp_path / "after.zip"))
    assert ": 0.0 MB. 1 transcript." in after.out
    mine = secondcoder(study.folder, "share", "--person", "Ana", "--to", str(tmp_path / "ana.zip"))
    assert "codings" not in mine.out
