"""The real files of other tools, with the counts that their README gives."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pytest

from assistant.interchange.projects.readers import ReadOptions, find_reader
from assistant.interchange.projects.records import Project
from assistant.interchange.projects.reports import ProjectOptions
from assistant.interchange.projects.taking import take_project
from assistant.store.database import open_store
from assistant.store.people.codings import codings
from assistant.store.texts.transcripts import transcript_infos
from assistant.store.verify import verify
from assistant.transcripts.decoding import clean_text

pytestmark = pytest.mark.real
FILES = Path(__file__).resolve().parents[3] / "shared" / "exchange" / "refi-qda"


def project(name: str) -> tuple[Path, Project]:
    file = FILES / name
    if not file.is_file():
        pytest.skip(f"the real files of other tools are not there ({FILES})")
    reader = find_reader(file)
    assert reader is not None
    return file, reader.read(file, ReadOptions())


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            "nvivo12-windows.qdpx",
            {
                "text sources": 2,
                "codes": 152,
                "text selections": 303,
                "codings": 303,
                "users": 2,
            },
        ),
        (
            "atlasti-mac-refi-test-project.qdpx",
            {
                "text sources": 6,
                "PDF sources": 2,
                "picture sources": 1,
                "audio sources": 1,
                "video sources": 2,
                "transcripts": 3,
                "codes": 14,
                "codings": 16,
                "text selections": 8,
                "users": 3,
                "notes": 2,
                "links": 1,
            },
        ),
        ("atlasti-old-namespace.qdc", {"codes": 5}),
        ("empty-sets.qdc", {"codes": 6}),
    ],
)
def test_counts(name: str, expected: dict[str, int]) -> None:
    counts = dict(project(name)[1].counts)
    assert {what: counts.get(what, 0) for what in expected} == expected


def test_a_project_without_its_texts() -> None:
    found = project("atlasti-mac-refi-test-project.qdpx")[1]
    assert len(found.missing) == 11
    lost = [s for s in found.skipped if "their text is missing" in s.why]
    assert sum(int(s.what.split()[0]) for s in lost) == 9
    assert any("None of the texts" in note for note in found.notes)


@pytest.mark.slow
def test_every_passage_of_nvivo_has_its_own_words() -> None:
    file, found = project("nvivo12-windows.qdpx")
    assert any("UTF-16 units" in note for note in found.notes)
    store, _ = open_store()
    with store:
        report = take_project(store, found, file, ProjectOptions())
        assert verify(store).ok
        assert (len(transcript_infos(store)), report.codings) == (2, 303)
        assert report.not_placed == ()
        got = sorted(_letters(c.quote) for c in codings(store))
    assert got == sorted(_letters(quote) for quote in _as_nvivo_counts(file))


def _letters(text: str) -> str:
    return re.sub(r"\s+", "", clean_text(text)[0])


def _as_nvivo_counts(file: Path) -> list[str]:
    """An independent reading: UTF-16 units, cut as bytes."""
    space = "{urn:QDA-XML:project:1.0}"
    found = []
    with zipfile.ZipFile(file) as archive:
        root = ElementTree.fromstring(archive.read("project.qde"))
        for source in root.iter(space + "TextSource"):
            name = f"Sources/{source.get('guid')}.txt"
            units = archive.read(name).decode("utf-8-sig").encode("utf-16-le")
            for one in source.iter(space + "PlainTextSelection"):
                start, end = int(one.get("startPosition", "")), int(one.get("endPosition", ""))
                found.append(units[2 * start : 2 * end].decode("utf-16-le"))
    return found
