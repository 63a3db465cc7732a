"""Study -> file -> study: who made a coding and what they had seen is kept, whatever the tool."""

from __future__ import annotations

import re
import zipfile
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.interchange.export.records import Choice
from assistant.interchange.export.table import write_csv
from assistant.interchange.export.word import write_docx
from assistant.interchange.export.workbook import write_xlsx
from assistant.interchange.imports.importing import ImportOptions, import_files
from assistant.interchange.projects.knowing import REJECTED
from assistant.interchange.refi.writing import write_qdpx
from assistant.store.database import open_store
from assistant.store.model.suggestions import suggestions
from assistant.store.people.codings import codings, scopes, set_scope
from assistant.store.people.memos import memos
from tests.export.studies import PARAGRAPHS as GARDEN
from tests.export.studies import exported, garden, with_a_rejected_one
from tests.export.test_qdpx import AT
from tests.export.test_round_qdpx import ALL, taken, windows
from tests.export.test_round_tables import held
from tests.store.filled import add_interview


def test_a_models_coding_stays_a_models_and_memos_come_back(tmp_path: Path) -> None:
    made = garden(tmp_path / "s")
    file = tmp_path / "x.qdpx"
    write_qdpx(exported(made.study, made.store, ALL), file, AT)
    with open_store()[0] as fresh:
        taken(fresh, file)
        assert held(fresh) == held(made.store)
        models = codings(fresh, kind="model")
        assert Counter((c.coder.name, c.code) for c in models) == {("model m", "tools"): 1}
        assert {c.exposure for c in codings(fresh) if c.coder.name == "Ben"} == {"after-model"}
        assert {c.exposure for c in codings(fresh) if c.coder.name == "Ana"} == {"independent"}
        assert {(m.about, m.text, m.start, m.end, m.who) for m in memos(fresh)} == {
            (m.about, m.text, m.start, m.end, m.who) for m in memos(made.store)
        }


@pytest.mark.slow
@pytest.mark.parametrize("format", ["qdpx", "qdpx with new GUIDs", "csv", "xlsx", "docx"])
def test_what_a_person_rejected_is_not_open_again(format: str, tmp_path: Path) -> None:
    made = with_a_rejected_one(tmp_path / "s")
    export = exported(made.study, made.store, Choice(decisions=("open", "reject")))
    file = tmp_path / f"Garden 1.{format[:4].strip()}"
    if format.startswith("qdpx"):
        write_qdpx(export, file, AT)
        if format != "qdpx":
            windows(file, file.with_name("back.qdpx"))
            file = file.with_name("back.qdpx")
    elif format == "csv":
        write_csv(export, file)
    elif format == "xlsx":
        write_xlsx(export, file, (), "")
    else:
        write_docx(export, made.transcript_id, file)
    with open_store()[0] as fresh:
        if format in ("csv", "xlsx"):
            add_interview(fresh, "Garden 1", GARDEN)
        report = import_files(fresh, [file], ImportOptions()).projects[0]
        models = codings(fresh, kind="model")
        (kept,) = (s for s in suggestions(made.store, made.run_id) if s.id == made.accepted)
        assert [" ".join(m.quote.split()) for m in models] == [" ".join(kept.quote.split())]
        assert [one.why for one in report.not_placed] == [REJECTED]


def test_what_people_had_seen_comes_back_from_word(tmp_path: Path) -> None:
    made = garden(tmp_path / "s")
    file = tmp_path / "Garden 1.docx"
    write_docx(exported(made.study, made.store), made.transcript_id, file)
    with open_store()[0] as fresh:
        import_files(fresh, [file], ImportOptions(exposure="independent"))
        seen = {(c.coder.name, c.exposure) for c in codings(fresh)}
        assert seen == {("Ana", "independent"), ("Ben", "after-model")}


def test_a_sample_stays_a_sample(tmp_path: Path) -> None:
    made = garden(tmp_path / "s")
    (ana,) = (s for s in scopes(made.store) if s.coder.name == "Ana")
    at = "2026-01-02T03:04:05+00:00"
    sample = replace(ana, exposure="blind", segments=(1, 3), codes=("tools",), finished_at=at)
    set_scope(made.store, sample)
    file = tmp_path / "x.qdpx"
    write_qdpx(exported(made.study, made.store), file, AT)
    with open_store()[0] as fresh:
        taken(fresh, file)
        (back,) = (s for s in scopes(fresh) if s.coder.name == "Ana")
        assert (back.exposure, back.segments, back.codes) == ("blind", (1, 3), ("tools",))
        assert back.finished_at == at


def test_also_where_the_tool_drops_the_stamp(tmp_path: Path) -> None:
    made = garden(tmp_path / "s")
    file, back = tmp_path / "x.qdpx", tmp_path / "back.qdpx"
    write_qdpx(exported(made.study, made.store, ALL), file, AT)
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(back, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "project.qde":
                data = re.sub(rb'<Note [^>]*name="Second Coder".*?</Note>', b"", data, flags=re.S)
            new.writestr(name, data)
    with open_store()[0] as fresh:
        report = taken(fresh, back)
        assert {c.coder.name for c in codings(fresh)} == {"Ana", "Ben"}
        assert len(codings(fresh, kind="model")) == 1
        # The notes tell what a person had decided.
        assert [one.why for one in report.not_placed] == [REJECTED]
        # Without the stamp the text is read like anybody's: a tab within a line is a space.
        said = {" ".join(c.quote.split()) for c in codings(made.store)}
        assert {c.quote for c in codings(fresh)} == said


def test_what_a_person_adds_beside_a_model_was_made_after_seeing_it(tmp_path: Path) -> None:
    made = garden(tmp_path / "s")
    file, back = tmp_path / "x.qdpx", tmp_path / "back.qdpx"
    write_qdpx(exported(made.study, made.store, ALL), file, AT)
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(back, "w") as new:
        for name in old.namelist():
            data = old.read(name).decode()
            if name == "project.qde":
                ana = re.search(r'<User guid="([^"]*)" name="Ana"', data)
                tool = re.search(r'<Code guid="([^"]*)" name="weather"', data)
                assert ana is not None
                assert tool is not None
                added = (
                    '<PlainTextSelection guid="11111111-0000-4000-8000-000000000000" '
                    f'startPosition="13" endPosition="29" creatingUser="{ana[1]}">'
                    f'<Coding guid="21111111-0000-4000-8000-000000000000" creatingUser="{ana[1]}">'
                    f'<CodeRef targetGUID="{tool[1]}"/></Coding></PlainTextSelection></TextSource>'
                )
                data = data.replace("</TextSource>", added, 1)
            new.writestr(name, data)
    with open_store()[0] as fresh:
        taken(fresh, back)
        found = {(c.code, c.quote, c.exposure) for c in codings(fresh) if c.coder.name == "Ana"}
        assert ("weather", "What do you grow", "after-model") in found
        assert {e for code_, _, e in found if code_ == "tools"} == {"independent"}
