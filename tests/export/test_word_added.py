"""A comment that somebody adds to our Word document, beside a model's codes, is no blind coding."""

from __future__ import annotations

from pathlib import Path

import docx
import pytest

from assistant.interchange.export.records import Choice
from assistant.interchange.export.word import write_docx
from assistant.interchange.importing import ImportOptions, import_files
from assistant.store.codings import codings
from assistant.store.database import open_store
from tests.export.studies import Garden, exported, garden


@pytest.fixture
def made(tmp_path: Path) -> Garden:
    return garden(tmp_path / "study")


def back(file: Path) -> dict[tuple[str, str], str]:
    """(coder, code) -> what the coder had seen, of people's codings in a fresh study."""
    store, _ = open_store()
    import_files(store, [file], ImportOptions(exposure="independent"))
    return {(c.coder.name, c.code): c.exposure for c in codings(store)}


def add(file: Path, author: str, code: str) -> None:
    document = docx.Document(str(file))
    run = next(r for p in document.paragraphs for r in p.runs if "beans" in r.text)
    document.add_comment([run], text=code, author=author, initials="Z")
    document.save(str(file))


def test_beside_a_models_codes_it_was_made_after_seeing_them(made: Garden, tmp_path: Path) -> None:
    file = tmp_path / "Garden 1.docx"
    write_docx(exported(made.study, made.store, Choice()), made.transcript_id, file)
    before = back(file)
    assert {seen for (name, _), seen in before.items() if name == "Ana"} == {"independent"}
    add(file, "Zoe", "weather")
    after = back(file)
    assert after["Zoe", "weather"] == "after-model"
    assert {key: seen for key, seen in after.items() if key[0] != "Zoe"} == before


def test_without_a_models_codes_the_import_says_what_was_seen(made: Garden, tmp_path: Path) -> None:
    file = tmp_path / "Garden 1.docx"
    people = Choice(kinds=("human",))
    write_docx(exported(made.study, made.store, people), made.transcript_id, file)
    add(file, "Zoe", "weather")
    assert back(file)["Zoe", "weather"] == "independent"
