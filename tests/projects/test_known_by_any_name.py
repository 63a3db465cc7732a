"""A coding is known again by its code's id, name or alias; it stays as it was written."""

from __future__ import annotations

import re
import uuid
import zipfile
from pathlib import Path

import pytest

from assistant.codebook.writing import codebook_yaml
from assistant.interchange.projects.readers import ReadOptions, find_reader
from assistant.interchange.projects.records import ProjectCode, ProjectCoding
from assistant.interchange.projects.reports import ProjectOptions
from assistant.interchange.projects.taking import take_project
from assistant.interchange.refi.writing import write_qdpx
from assistant.store.database import Store
from assistant.store.people.codings import codings
from tests.export.studies import PARAGRAPHS, exported, garden
from tests.export.test_qdpx import AT
from tests.export.test_round_qdpx import ALL
from tests.projects.making import coding, held, make, take
from tests.projects.test_taking import LEEKS
from tests.projects.test_taking import store as store
from tests.store.filled import CODEBOOK

TOOLS, WEATHER = CODEBOOK.codes
SPELLED = CODEBOOK.model_copy(
    update={
        "codes": (
            TOOLS.model_copy(update={"name": "What people work with", "aliases": ("gear",)}),
            WEATHER.model_copy(update={"name": "What the sky does", "aliases": ("skies",)}),
        )
    }
)


def spelled(folder: Path) -> ProjectOptions:
    file = folder / "codebook.yaml"
    file.write_text(codebook_yaml(SPELLED), encoding="utf-8")
    return ProjectOptions(codebook_file=file)


def one(name: str, guid: str = "") -> ProjectCoding:
    return coding(LEEKS, name, guid=guid)


def codes(*names: str) -> tuple[ProjectCode, ...]:
    return tuple(ProjectCode(key=name, name=name) for name in names)


@pytest.mark.parametrize("guid", ["", "44444444-0000-4000-8000-000000000001"])
def test_in_files_of_one_coder(guid: str, store: Store, tmp_path: Path) -> None:
    options = spelled(tmp_path)
    take(store, make([one("tools", guid)], codes=codes("tools"), file="0.csv"), options)
    for name in ("What people work with", "gear"):
        again = make([one(name, guid)], codes=codes(name), file=f"{name}.csv")
        report = take(store, again, options)
        assert (report.codings, report.corrected, report.gone) == (0, 0, ())
    assert [row[2] for row in held(store)] == ["tools"]


def test_another_code_or_another_person_is_a_coding_of_its_own(
    store: Store, tmp_path: Path
) -> None:
    options = spelled(tmp_path)
    take(store, make([one("tools")], codes=codes("tools"), file="0.csv"), options)
    take(store, make([one("skies")], codes=codes("skies"), file="1.csv"), options)
    hers = coding(LEEKS, "gear", "b")
    assert take(store, make([hers], codes=codes("gear"), file="2.csv"), options).codings == 1
    assert {row[1:3] for row in held(store)} == {
        ("Ana", "tools"),
        ("Ana", "skies"),
        ("Ben", "gear"),
    }


@pytest.mark.parametrize("new_guids", [False, True])
def test_in_what_left_the_study_and_lost_its_stamp(new_guids: bool, tmp_path: Path) -> None:
    """Codes leave under their names: people's codings, those made in the program, suggestions."""
    plain = [(who, said.replace("\t", "")) for who, said in PARAGRAPHS]
    made = garden(tmp_path / "s", plain)
    made.study.codebook_file.write_text(codebook_yaml(SPELLED), encoding="utf-8")
    file, back = tmp_path / "x.qdpx", tmp_path / "back.qdpx"
    write_qdpx(exported(made.study, made.store, ALL), file, AT)
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(back, "w") as new:
        for name in old.namelist():
            data = old.read(name).decode()
            if name == "project.qde":
                assert 'name="What people work with"' in data
                data = re.sub(r'<Note [^>]*name="Second Coder".*?</Note>', "", data, flags=re.S)
                if new_guids:
                    data = re.sub(
                        r'"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"',
                        lambda found: f'"{uuid.uuid5(uuid.NAMESPACE_OID, found[1])}"',
                        data,
                    )
            new.writestr(name, data)
    reader = find_reader(back)
    assert reader is not None
    before = codings(made.store)
    assert {c.code for c in before} == {"tools", "weather"}
    options = ProjectOptions(codebook_file=made.study.codebook_file)
    report = take_project(made.store, reader.read(back, ReadOptions()), back, options)
    assert (report.codings, report.not_placed) == (0, ())
    assert codings(made.store) == before
