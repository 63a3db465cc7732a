"""A comment that somebody adds to our Word document, beside a model's codes, is no blind coding;
and whatever Word takes out of the document, a model's code stays a model's."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import docx
import pytest

from assistant.interchange.export.records import Choice
from assistant.interchange.export.word import write_docx
from assistant.interchange.imports.importing import ImportOptions, import_files
from assistant.store.database import open_store
from assistant.store.people.codings import codings
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


def stripped(file: Path, *, names: bool = False, properties: bool = False) -> None:
    """As Word saves it when initials are changed, or all that is personal is taken out."""
    with zipfile.ZipFile(file) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    comments = members["word/comments.xml"].decode()
    comments = re.sub(r'w:initials="[^"]*"', 'w:initials="A"', comments)
    if names:
        comments = re.sub(r'w:author="[^"]*"', 'w:author="Author"', comments)
    members["word/comments.xml"] = comments.encode()
    if properties:
        members["docProps/custom.xml"] = re.sub(
            rb"<property .*</property>", b"", members["docProps/custom.xml"]
        )
        members["docProps/core.xml"] = re.sub(
            rb"<dc:(creator|title|identifier)>[^<]*<", rb"<dc:\1><", members["docProps/core.xml"]
        )
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)


def of_models(file: Path) -> set[tuple[str, str]]:
    """(model, code) of what came in as a model's suggestion."""
    store, _ = open_store()
    import_files(store, [file], ImportOptions(coder="Dora", exposure="independent"))
    return {(c.coder.name, c.code) for c in codings(store, kind="model")}


def test_without_initials_what_was_added_is_still_known(made: Garden, tmp_path: Path) -> None:
    file = tmp_path / "Garden 1.docx"
    write_docx(exported(made.study, made.store, Choice()), made.transcript_id, file)
    before = back(file)
    add(file, "Zoe", "weather")
    stripped(file)
    after = back(file)
    assert after["Zoe", "weather"] == "after-model"
    assert {key: seen for key, seen in after.items() if key[0] != "Zoe"} == before


@pytest.mark.slow
@pytest.mark.parametrize("properties", [False, True])
def test_without_any_name_a_models_code_is_no_persons(
    made: Garden, tmp_path: Path, properties: bool
) -> None:
    file = tmp_path / "Garden 1.docx"
    write_docx(exported(made.study, made.store, Choice()), made.transcript_id, file)
    suggested, people = of_models(file), back(file)
    assert suggested
    stripped(file, names=True, properties=properties)
    assert of_models(file) == suggested
    after = back(file)
    assert {code for _, code in after} == {code for _, code in people}
    if properties:  # nothing tells any more what was there before the model's codes were seen
        assert set(after.values()) == {"after-model"}


def test_a_comment_that_was_changed_was_changed_after_seeing(made: Garden, tmp_path: Path) -> None:
    file = tmp_path / "Garden 1.docx"
    write_docx(exported(made.study, made.store, Choice()), made.transcript_id, file)
    stripped(file)
    document = docx.Document(str(file))
    comment = next(c for c in document.comments if c.author == "Ana")
    comment.paragraphs[0].text = "gardens"
    document.save(str(file))
    assert back(file)["Ana", "gardens"] == "after-model"
