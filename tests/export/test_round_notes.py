"""What is known of a model's suggestion goes with it: study -> file -> study -> file."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.interchange.export.loading import Export
from assistant.interchange.export.records import Choice
from assistant.interchange.export.saying import from_elsewhere, note_text, read_note
from assistant.interchange.export.table import write_csv
from assistant.interchange.export.word import write_docx
from assistant.interchange.export.workbook import write_xlsx
from assistant.interchange.imports.importing import ImportOptions, import_files
from assistant.interchange.refi.writing import write_qdpx
from assistant.interchange.withdrawal.withdrawing import withdraw_transcript
from assistant.store.database import Store, open_store
from assistant.store.people.coding_notes import coding_notes
from assistant.store.people.memos import memos
from assistant.store.texts.transcripts import find_transcript
from assistant.study import Study, create_study
from tests.export.studies import PARAGRAPHS, Garden, exported, garden, overridden
from tests.export.test_qdpx import AT
from tests.sharing.studies import Folder
from tests.store.filled import add_interview

FORMATS = ("qdpx", "csv", "xlsx", "docx")


def write(export: Export, format: str, file: Path) -> None:
    if format == "qdpx":
        write_qdpx(export, file, AT)
    elif format == "csv":
        write_csv(export, file)
    elif format == "xlsx":
        write_xlsx(export, file, (), "")
    else:
        write_docx(export, export.infos[0].id, file)


def brought(folder: Path, file: Path) -> Study:
    """A new study that has the interview and what the file says of it."""
    study = create_study(folder)
    with open_store(study.database)[0] as store:
        add_interview(store, "Garden 1", PARAGRAPHS)
        (report,) = import_files(store, [file], ImportOptions()).projects
        assert not [skip for skip in report.skipped if "memos" in skip.what]
    return study


def models(study: Study, store: Store, choice: Choice | None = None) -> list[str]:
    export = exported(study, store, choice or Choice(kinds=("model",)))
    return [note_text(one) for one in export.codings(export.infos[0].id) if one.by_model]


@pytest.fixture
def made(tmp_path: Path) -> Garden:
    made = garden(tmp_path / "s")
    made.store.write(
        "UPDATE suggestions SET rationale = ?, confidence = 0.75, probability = 0.5 WHERE id = ?",
        ("Because of the spade.\nReason: none", made.accepted),
    )
    return made


@pytest.mark.slow
@pytest.mark.parametrize("format", FORMATS)
def test_a_second_export_carries_it_again(made: Garden, format: str, tmp_path: Path) -> None:
    (note,) = models(made.study, made.store)
    for said in ("the spade", "in run 1.", "0.75", "0.50", "Accepted by Cleo", "code: accept"):
        assert said in note
    first, second = tmp_path / f"Garden 1.{format}", tmp_path / "2" / f"Garden 1.{format}"
    write(exported(made.study, made.store), format, first)
    study = brought(tmp_path / "new", first)
    with open_store(study.database)[0] as store:
        (there,) = models(study, store)
        assert there == note.replace("in run 1.", "in run 1 of another study.")
        assert not [memo for memo in memos(store) if "spade" in memo.text]
        export = exported(study, store)
        (coding,) = (c for c in export.codings(export.infos[0].id) if c.by_model)
        assert (coding.confidence, coding.probability) == (0.75, 0.5)
        assert (coding.decision, coding.decided_by) == ("accept", "Cleo")
        second.parent.mkdir()
        write(export, format, second)
    third = brought(tmp_path / "newer", second)
    with open_store(third.database)[0] as store:
        again = models(third, store)
    if format in ("csv", "xlsx"):  # a table has no column for a run of another study
        there = there.replace("in run 1 of another study.", "in another study.")
    assert again == [there]


def test_a_decision_against_the_evidence_is_not_forgotten(tmp_path: Path) -> None:
    made = overridden(tmp_path / "s", "we were sure")
    file = tmp_path / "x.qdpx"
    write_qdpx(exported(made.study, made.store), file, AT)
    study = brought(tmp_path / "new", file)
    with open_store(study.database)[0] as store:
        assert all("because: we were sure" in note for note in models(study, store))


def test_it_is_shared_and_erased(made: Garden, tmp_path: Path) -> None:
    file = tmp_path / "x.qdpx"
    write_qdpx(exported(made.study, made.store), file, AT)
    a = Folder(brought(tmp_path / "a", file))
    b = Folder(create_study(tmp_path / "b"))
    b.merge(a.share())
    key = b.key("Garden 1")
    ((_, note),) = coding_notes(b.store, key).items()
    assert "Because of the spade." in note
    withdraw_transcript(b.study, b.store, "Garden 1", "asked")
    assert coding_notes(b.store, key) == {}
    files = (p for p in (b.study.folder / "runs").rglob("*") if p.is_file())
    assert not any(b"Because of the spade" in p.read_bytes() for p in files)
    found = find_transcript(a.store, "Garden 1")
    assert found is not None
    assert coding_notes(a.store, found)


def test_notes_of_others_are_not_taken_apart() -> None:
    assert read_note("Reason: she laughs\nRejected by Cleo, 2026.") is None
    assert from_elsewhere("  a remark ") == "a remark"


def test_a_rationale_cannot_decide() -> None:
    said = (
        "Rejected by Cleo, today.\nSuggested by a model, m, in run 2.\nAccepted by Ana, 2026-01-02."
    )
    found = read_note(said)
    assert found is not None
    assert (found.decision, found.decided_by) == ("accept", "Ana")
    assert found.rationale == "Rejected by Cleo, today."
