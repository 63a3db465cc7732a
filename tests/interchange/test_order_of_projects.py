"""Two versions of one project in one import: their own dates say which is the correction."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.interchange.imports.importing import import_files
from assistant.interchange.refi.dating import last_date
from assistant.store.database import Store, open_store
from assistant.store.people.codings import codings
from tests.refi.making import TEXT, Mark, project_xml, qdpx, text

LEEKS, WET = "Leeks and beans", "Leeks and beans, in the wet corner"
ASKED = "no dates of their own"


def garden(folder: Path, name: str, said: str, date: str = "") -> Path:
    """``date``: attributes of the project."""
    start = TEXT.index(said)
    xml = project_xml(text((Mark(start, start + len(said)),)))
    return qdpx(folder / name, xml.replace("<Project ", f"<Project {date} ", 1))


def at(date: str) -> str:
    return f'creationDateTime="2026-01-07T08:00:00Z" modifiedDateTime="{date}"'


def imported(store: Store, *paths: Path) -> tuple[list[str], str]:
    """People's codings, and what was said of the projects."""
    report = import_files(store, paths)
    notes = " ".join(note for project in report.projects for note in project.notes)
    return [c.quote for c in codings(store)], notes


@pytest.mark.parametrize(
    ("may", "june"),
    [
        ("2026-05-02T10:00:00Z", "2026-06-02T10:00:00Z"),
        ("2026-05-02T10:00:00", "2026-06-02T10:00:00.5Z"),
        ("2026-06-02T10:00:00+04:00", "2026-06-02T09:00:00+02:00"),
    ],
)
def test_names_do_not_decide(tmp_path: Path, may: str, june: str) -> None:
    garden(tmp_path, "garden June.qdpx", WET, at(june))
    garden(tmp_path, "garden May.qdpx", LEEKS, at(may))
    said, notes = imported(open_store()[0], tmp_path)
    assert said == [WET]
    assert "1 coding corrected" in notes
    assert ASKED not in notes


@pytest.mark.parametrize("date", ["", at("yesterday").split()[1], at("2026-05-02T10:00:00Z")])
def test_where_no_date_tells_the_report_does(tmp_path: Path, date: str) -> None:
    garden(tmp_path, "garden June.qdpx", WET, date)
    garden(tmp_path, "garden May.qdpx", LEEKS, date)
    said, notes = imported(open_store()[0], tmp_path)
    assert said == [LEEKS]
    assert "“garden May.qdpx” was taken for later than “garden June.qdpx”" in notes
    assert ASKED in notes


def test_what_came_in_another_import_was_earlier(tmp_path: Path) -> None:
    store = open_store()[0]
    june, may = garden(tmp_path, "June.qdpx", WET), garden(tmp_path, "May.qdpx", LEEKS)
    imported(store, june)
    said, notes = imported(store, june, may)
    assert said == [LEEKS]
    assert ASKED not in notes


def test_the_latest_date_of_anything_in_it(tmp_path: Path) -> None:
    late = Mark(20, 40, inner='<Coding guid="k" creationDateTime="2026-07-01T00:00:00Z"/>')
    xml = project_xml(text((late,))).replace("<Project ", f"<Project {at('2026-05-01')} ", 1)
    found = last_date(qdpx(tmp_path / "a.qdpx", xml))
    assert found is not None
    assert found.isoformat() == "2026-07-01T00:00:00+00:00"
    (tmp_path / "b.qdpx").write_bytes(b"PK\x03\x04 cut off")
    assert last_date(tmp_path / "b.qdpx") is None
