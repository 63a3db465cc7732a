"""Study -> .qdpx -> study: whose a coding is, where another program kept little of the file."""

from __future__ import annotations

import re
import uuid
import zipfile
from pathlib import Path

import pytest

from assistant.interchange.projects.knowing import REJECTED
from assistant.interchange.projects.readers import ReadOptions, find_reader
from assistant.interchange.projects.reports import ProjectOptions
from assistant.interchange.projects.taking import take_project
from assistant.interchange.refi.writing import write_qdpx
from assistant.store.database import open_store
from assistant.store.people.codings import codings
from tests.export.studies import exported, garden
from tests.export.test_qdpx import AT
from tests.export.test_round_qdpx import ALL


@pytest.mark.parametrize("coder", ["", "Dora"])
@pytest.mark.parametrize("own", [False, True])
def test_also_where_the_user_has_another_name_and_every_guid_is_new(
    own: bool, coder: str, tmp_path: Path
) -> None:
    """What is left is the note on each suggestion."""
    made = garden(tmp_path / "s")
    file, back = tmp_path / "x.qdpx", tmp_path / "back.qdpx"
    write_qdpx(exported(made.study, made.store, ALL), file, AT)
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(back, "w") as new:
        for name in old.namelist():
            data = old.read(name).decode()
            if name == "project.qde":
                data = re.sub(r'<Note [^>]*name="Second Coder".*?</Note>', "", data, flags=re.S)
                data, renamed = re.subn(r'name="Second Coder model: [^"]*"', 'name="Guest"', data)
                assert renamed == 1
                data = re.sub(
                    r'"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"',
                    lambda found: f'"{uuid.uuid5(uuid.NAMESPACE_OID, found[1])}"',
                    data,
                )
            new.writestr(name, data)
    with open_store()[0] as fresh:
        store = made.store if own else fresh
        reader = find_reader(back)
        assert reader is not None
        options = ProjectOptions(coder=coder, same_coder={"Guest": "Eva"})
        report = take_project(store, reader.read(back, ReadOptions()), back, options)
        people = {c.coder.name for c in codings(store, kind="human")}
        there = {"Ana", "Ben"} if own or not coder else set()
        assert people == there | ({coder} if coder else set())
        models = codings(store, kind="model")
        assert [(c.coder.name, c.code) for c in models] == [("model m", "tools")]
        assert [one.why for one in report.not_placed] == [REJECTED]
