"""Dates of notes, however another program wrote them, leave as the schema wants them."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path

import pytest
from lxml import etree

from assistant.interchange.imports.importing import ImportOptions, import_files
from assistant.interchange.refi.writing import write_qdpx
from assistant.store.database import open_store
from assistant.store.people.memos import add_memo, memos
from assistant.study import create_study
from tests.export.studies import exported
from tests.export.test_qdpx import AT, SCHEMAS, P, Read
from tests.readers.test_qualcoder import make

_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00")


def times(read: Read) -> list[str]:
    return [str(e.get("creationDateTime")) for e in read.root.iter(P + "Note")]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """A QualCoder project with dates in three ways -> study -> `.qdpx`."""
    project = make(tmp_path / "Choirs.qda", [(1, "shaking", "ana"), (2, "cold", "bo")])
    with sqlite3.connect(project) as db:
        db.execute("UPDATE code_text SET date = '2024-03-05 10:11:12'")
        db.execute("UPDATE annotation SET date = '05/03/2024'")
        db.execute("UPDATE journal SET date = '2024-03-06'")
    db.close()
    study = create_study(tmp_path / "s")
    with open_store(study.database)[0] as store:
        (report,) = import_files(store, [project], ImportOptions()).projects
        assert report.memos == 6
        (said,) = (note for note in report.notes if "day and month" in note)
        assert "1 note with" in said
        assert "(“05/03/2024”)" in said
        found = {memo.text: memo.at for memo in memos(store)}
        assert found["why"] == "2024-03-05T10:11:12.000+00:00"
        assert found["Monday\nwrote things"] == "2024-03-06T00:00:00.000+00:00"
        assert _TIME.fullmatch(found["a face"])
        assert not found["a face"].startswith("2024")
        # As earlier versions kept them.
        add_memo(store, "study", "old", who="ana", at="2023-01-02 03:04:05")
        add_memo(store, "study", "older", who="ana", at="03/04/2023")
        file = tmp_path / "x.qdpx"
        write_qdpx(exported(study, store), file, AT)
    return Read(file)


def test_every_time_is_one_or_is_left_out(read: Read) -> None:
    found = times(read)
    assert found.count("None") == 1  # 03/04/2023
    assert "2023-01-02T03:04:05.000+00:00" in found
    assert all(_TIME.fullmatch(at) for at in found if at != "None")


@pytest.mark.real
def test_it_validates(read: Read) -> None:
    if not SCHEMAS.is_dir():
        pytest.skip(f"the schema is not there ({SCHEMAS})")
    schema = etree.XMLSchema(etree.parse(str(SCHEMAS / "Project.xsd")))
    assert schema.validate(read.root), schema.error_log
