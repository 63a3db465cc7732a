"""The codebook that a new study gets from a file of this program."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.codebook.loading import load_codebook
from assistant.interchange.imports.importing import ImportOptions, import_files
from assistant.store.database import open_store
from assistant.study import create_study
from tests.cli.command import secondcoder
from tests.export.studies import add_text, code

SAID = [("Ana", ["We grow leeks."]), ("Ben", ["And beans."])]
CODEBOOK = """
name: Beds
codes:
  - id: growing
    aliases: [grows, planting]
    definition: What stands in the beds
  - id: grows-well
"""


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A study whose coder spelled one code in three ways, with its exports."""
    study = create_study(tmp_path / "old")
    study.codebook_file.write_text(CODEBOOK, encoding="utf-8")
    with open_store(study.database)[0] as store:
        key = add_text(store, "Talk", SAID)
        code(store, key, "Eva", [("grows", 0, 7), ("planting", 0, 14), ("growing", 3, 7)])
    for format in ("qdpx", "csv", "xlsx"):
        to = str(tmp_path / f"old.{format}")
        assert secondcoder(study.folder, "export", format, "--to", to).code == 0
    return tmp_path


@pytest.mark.parametrize("format", ["qdpx", "csv", "xlsx"])
def test_it_knows_the_other_spellings(files: Path, format: str) -> None:
    """Codings keep their spelling, so without them they would be of codes that nobody knows."""
    study = create_study(files / format)
    with open_store(study.database)[0] as store:
        add_text(store, "Talk", SAID)
        options = ImportOptions(codebook_file=study.codebook_file, study="Beds of Ana")
        import_files(store, [files / f"old.{format}"], options)
    book = load_codebook(study.codebook_file)
    assert book.by_id["growing"].aliases == ("grows", "planting")
    assert book.name == "Beds of Ana"
    again = secondcoder(study.folder, "export", "csv", "--to", str(files / "again.csv"))
    assert again.code == 0
    rows = (files / "again.csv").read_text(encoding="utf-8").splitlines()[1:]
    assert len(rows) == 3
    assert all(",growing," in row for row in rows)


def test_a_name_that_somebody_gave_stays(files: Path) -> None:
    study = create_study(files / "new")
    study.codebook_file.write_text("name: Gardens\ncodes: []\n", encoding="utf-8")
    done = secondcoder(study.folder, "import", str(files / "old.qdpx"))
    assert done.code == 0
    assert load_codebook(study.codebook_file).name == "Gardens"
    other = create_study(files / "other", name="Allotments")
    assert secondcoder(other.folder, "import", str(files / "old.qdpx")).code == 0
    assert load_codebook(other.codebook_file).name == "Allotments"
