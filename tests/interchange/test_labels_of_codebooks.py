"""A codebook that comes with texts names their labels, as it would in an import before them."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.store.database import open_store
from assistant.store.people.codings import codings
from assistant.study import create_study
from tests.cli.command import secondcoder
from tests.interchange.interviews import delve_text
from tests.refi.making import BEN, TEXT, Mark, project_xml, qdpx, text

CODES = (
    '<Code guid="x1" name="slow-work" isCodable="true"/>'
    '<Code guid="x2" name="late-frost" isCodable="true"/>'
)
CODEBOOK = (
    '<?xml version="1.0" encoding="utf-8"?><CodeBook xmlns="urn:QDA-XML:codebook:1.0" '
    f'origin="Invented 1.0"><Codes>{CODES}</Codes></CodeBook>'
)


def labels_taken(folder: Path, there: bool) -> list[str]:
    """Codes of Ana, whose text has each label once. ``there``: the study has a codebook."""
    create_study(folder / "s")
    if there:
        book = "name: B\nversion: '1'\ncodes:\n- id: other\n  definition: x\n"
        (folder / "s" / "codebook" / "codebook.yaml").write_text(book, encoding="utf-8")
    delve_text(folder / "files" / "Beds - Ana.txt", {1: ["slow-work"], 5: ["late-frost"]})
    done = secondcoder(folder / "s", "import", str(folder / "files"))
    assert done.code == 0, done.err
    store, _ = open_store(folder / "s" / "runs" / "study.db")
    with store:
        return sorted(c.code for c in codings(store) if c.coder.name == "Ana")


@pytest.mark.parametrize("there", [False, True])
def test_a_codebook_alone(there: bool, tmp_path: Path) -> None:
    """Also where the study has a codebook: somebody gave this one with these texts."""
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "codes.qdc").write_text(CODEBOOK, encoding="utf-8")
    assert labels_taken(tmp_path, there) == ["late-frost", "slow-work"]


@pytest.mark.parametrize("there", [False, True])
def test_codes_that_a_project_has_and_does_not_use(there: bool, tmp_path: Path) -> None:
    """They are the study's where its first codebook is written from the project."""
    (tmp_path / "files").mkdir()
    start = TEXT.index("Leeks")
    xml = project_xml(text([Mark(start, start + 5, code="x1", user=BEN)]), codes=CODES)
    qdpx(tmp_path / "files" / "p.qdpx", xml)
    assert labels_taken(tmp_path, there) == (
        ["slow-work"] if there else ["late-frost", "slow-work"]
    )
