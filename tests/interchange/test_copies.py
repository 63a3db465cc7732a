"""The same file again, a copy of it, and another under its name."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from assistant.store.database import Store, open_store
from assistant.store.people.codings import codings
from assistant.store.texts.documents import documents
from tests.interchange.interviews import PARAGRAPHS, bring, delve_text, holdings, plain
from tests.interchange.test_importing import ANA, only


@pytest.fixture
def store() -> Store:
    return open_store()[0]


def test_the_same_file_twice(store: Store, tmp_path: Path) -> None:
    file = delve_text(tmp_path / "Beds - Ana.txt", ANA)
    bring(store, file)
    before = holdings(store)
    (report,) = bring(store, file).files
    assert report.status == "already there"
    assert report.transcript == "Beds"
    assert "Beds - Ana.txt" in report.notes[0]
    assert holdings(store) == before


@pytest.mark.parametrize("named", [True, False], ids=["by its name", "as the user says"])
def test_the_same_bytes_are_nobody_elses(store: Store, tmp_path: Path, named: bool) -> None:
    file = delve_text(tmp_path / "Beds - Ana.txt", ANA)
    bring(store, file, coder="Ana")
    before = holdings(store)
    if named:
        file = Path(shutil.copyfile(file, tmp_path / "Beds - Ben.txt"))
    (other,) = bring(store, file, coder="" if named else "Ben").files
    assert other.status == "refused"
    assert "same bytes as “Beds - Ana.txt”" in other.error
    assert "these are Ana's codings. Nothing was recorded for Ben." in other.error
    assert holdings(store) == before


def test_copies_that_name_two_coders_are_nobodys(store: Store, tmp_path: Path) -> None:
    file = delve_text(tmp_path / "Beds - Ana.txt", ANA)
    copy = Path(shutil.copyfile(file, tmp_path / "Beds - Ben.txt"))
    for report in bring(store, file, copy).files:
        assert report.status == "refused"
        assert "under the names of Ana and Ben" in report.error
    assert not codings(store)
    assert bring(store, copy).files[0].coder == "Ben"


def test_a_copy_in_the_same_import(store: Store, tmp_path: Path) -> None:
    file = delve_text(tmp_path / "Beds - Ana.txt", ANA)
    copy = tmp_path / "Beds - Ana (1).txt"
    shutil.copyfile(file, copy)
    for order in ((copy, file), (file, copy)):
        fresh, _ = open_store()
        with fresh:
            reports = {Path(r.path).name: r for r in bring(fresh, *order).files}
            assert len(codings(fresh)) == 4
            (row,) = documents(fresh, only(fresh))
            assert row.name == "Beds - Ana (1).txt"
        assert reports[row.name].status == "imported"
        assert reports["Beds - Ana.txt"].status == "already there"
        assert "same bytes" in reports["Beds - Ana.txt"].notes[0]


def test_a_refused_file_takes_its_copy_along(store: Store, tmp_path: Path) -> None:
    bring(store, plain(tmp_path / "Beds.txt", PARAGRAPHS[:4]))
    (tmp_path / "new").mkdir()
    (tmp_path / "copy").mkdir()
    file = plain(tmp_path / "new" / "Beds.txt", PARAGRAPHS[4:12])
    copy = Path(shutil.copyfile(file, tmp_path / "copy" / "Beds.txt"))
    report = bring(store, file, copy)
    assert [f.status for f in report.files] == ["refused", "refused"]


def test_replaced_under_the_same_name(store: Store, tmp_path: Path) -> None:
    file = plain(tmp_path / "Beds.txt")
    bring(store, file)
    before = holdings(store)
    plain(file, [(s, said.replace("leeks", "turnips").upper()[::-1]) for s, said in PARAGRAPHS])
    (report,) = bring(store, file).files
    assert report.status == "refused"
    assert "There already is a transcript named “Beds”, and its words are different" in report.error
    assert "“Beds corrected”" in report.error
    assert "withdraw" not in report.error  # that is for participants, and for good
    assert holdings(store) == before


def test_two_files_of_one_name_keep_their_codings_apart(store: Store, tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    one = delve_text(tmp_path / "Beds - Ana.txt", ANA)
    roof = [(s, said.replace("plot", "roof")[::-1]) for s, said in PARAGRAPHS]
    two = delve_text(tmp_path / "b" / "Beds - Ana.txt", {3: ["tools"]}, roof)
    bring(store, one)
    (report,) = bring(store, two).files
    assert report.status == "refused"  # the same name, other words
    two = two.rename(tmp_path / "b" / "Roof - Ana.txt")
    bring(store, two)
    rows = store.rows(
        "SELECT k.id FROM codings k JOIN documents d ON d.id = k.document_id "
        "WHERE d.transcript_id <> k.transcript_id"
    )
    assert not rows


def test_files_of_one_name_in_one_transcript(store: Store, tmp_path: Path) -> None:
    """Ana's and Ben's files are both called the same, each in a folder of its own."""
    for name in ("ana", "ben"):
        (tmp_path / name).mkdir()
    bring(store, delve_text(tmp_path / "ana" / "Beds.txt", {1: ["weather"]}), coder="Ana")
    bring(store, delve_text(tmp_path / "ben" / "Beds.txt", {3: ["tools"]}), coder="Ben")
    rows = store.rows(
        "SELECT c.name AS coder, e.name AS file_of FROM codings k "
        "JOIN coders c ON c.id = k.coder_id JOIN documents d ON d.id = k.document_id "
        "JOIN coders e ON e.id = d.coder_id ORDER BY 1"
    )
    assert [tuple(row) for row in rows] == [("Ana", "Ana"), ("Ben", "Ben")]
