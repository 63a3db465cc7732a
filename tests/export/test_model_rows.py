"""A model's rows in a table stay a model's, whatever columns people take out of it."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

import pytest

from assistant.interchange.export.cells import COLUMNS, undefused
from assistant.interchange.export.records import Choice
from assistant.interchange.export.table import write_csv
from assistant.interchange.export.workbook import write_xlsx
from assistant.interchange.projects.knowing import REJECTED
from assistant.interchange.projects.readers import ReadOptions, find_reader
from assistant.interchange.projects.reports import ProjectOptions, ProjectReport
from assistant.interchange.projects.taking import take_project
from assistant.store.database import Store, open_store
from assistant.store.people.coders import add_coder
from assistant.store.people.coding_notes import coding_notes
from assistant.store.people.codings import codings
from assistant.store.texts.transcripts import transcript, transcript_infos
from tests.export.studies import PARAGRAPHS, exported, garden, with_a_rejected_one
from tests.export.test_round_tables import held
from tests.store.filled import add_interview

FEW = ("transcript", "quote", "code", "coder", "start", "end")
KEPT = {
    "no kind": [name for name in COLUMNS if name != "coder_kind"],
    "few": FEW,
    "few and origin, another name": (*FEW, "origin"),
    "no coder, but origin": ("transcript", "quote", "code", "origin"),
}
ALL = Choice(decisions=("accept", "open"))


def rows(file: Path) -> list[dict[str, str]]:
    if file.suffix == ".csv":
        with open(file, encoding="utf-8-sig", newline="") as stream:
            return list(csv.DictReader(stream))
    from openpyxl import load_workbook

    book = load_workbook(file)
    sheet = book[book.sheetnames[0]]
    head, *found = [[str(c if c is not None else "") for c in row] for row in sheet.values]
    return [dict(zip(head, row, strict=True)) for row in found]


def fewer(file: Path, names: Sequence[str], target: Path) -> Path:
    """The table with these columns only, as a spreadsheet saves it."""
    found = rows(file)
    if target.suffix == ".csv":
        with open(target, "w", encoding="utf-8", newline="") as stream:
            out = csv.DictWriter(stream, names, extrasaction="ignore")
            out.writeheader()
            out.writerows(found)
    else:
        from openpyxl import Workbook

        book = Workbook()
        for number, row in enumerate([dict(zip(names, names, strict=True)), *found], 1):
            for place, name in enumerate(names, 1):
                cell = book.active.cell(number, place, row[name])
                cell.data_type = "s"  # as it was: no formula
        book.save(target)
    return target


def take(store: Store, file: Path, coder: str = "") -> ProjectReport:
    reader = find_reader(file)
    assert reader is not None

    def texts() -> tuple[object, ...]:
        return tuple(transcript(store, info.id) for info in transcript_infos(store))

    project = reader.read(file, ReadOptions(transcripts=texts))  # type: ignore[arg-type]
    return take_project(store, project, file, ProjectOptions(coder=coder))


@pytest.mark.slow
@pytest.mark.parametrize("kept", KEPT)
@pytest.mark.parametrize("format", ["csv", "xlsx"])
def test_whatever_columns_are_left(format: str, kept: str, tmp_path: Path) -> None:
    made = garden(tmp_path / "s")
    export, file = exported(made.study, made.store, ALL), tmp_path / f"x.{format}"
    if format == "csv":
        write_csv(export, file)
    else:
        write_xlsx(export, file, (), "")
    table = fewer(file, KEPT[kept], tmp_path / f"few.{format}")
    if "another name" in kept:
        found = [{**row, "coder": row["coder"].split(": ")[-1]} for row in rows(table)]
        with open(tmp_path / "few.csv", "w", encoding="utf-8", newline="") as stream:
            out = csv.DictWriter(stream, KEPT[kept])
            out.writeheader()
            out.writerows(found)
        table = tmp_path / "few.csv"
    suggested = [row["quote"] for row in rows(file) if row["coder_kind"] == "model"]
    assert suggested
    with open_store()[0] as fresh:
        add_interview(fresh, "Garden 1", PARAGRAPHS)
        take(fresh, table, "Dora" if "no coder" in kept else "")
        models = codings(fresh, kind="model")
        assert [c.quote for c in models] == [undefused(quote) for quote in suggested]
        if "no coder" not in kept:
            assert {c.coder.name for c in models} == {"model m"}
            assert {c.coder.name for c in codings(fresh)} == {"Ana", "Ben"}
        if kept == "no kind":
            (note,) = coding_notes(fresh, models[0].transcript_id).values()
            assert "Suggested by a model, model m, in" in note


def test_a_name_that_is_a_models_of_the_study(tmp_path: Path) -> None:
    made = garden(tmp_path / "s")
    target = tmp_path / "typed.csv"
    target.write_text(
        "transcript,quote,code,coder\nGarden 1,Who waters it?,weather,model m\n", encoding="utf-8"
    )
    before = held(made.store)
    report = take(made.store, target, "Dora")
    assert held(made.store) == before
    assert [(c.name, c.kind, c.codings) for c in report.coders] == [("model m", "model", 1)]
    assert any("taken for the model of that name" in note for note in report.notes)


def test_a_person_of_the_same_name_stays_a_person(tmp_path: Path) -> None:
    made = garden(tmp_path / "s")
    add_coder(made.store, "Ana", "model")
    target = tmp_path / "typed.csv"
    target.write_text(
        "transcript,quote,code,coder\nGarden 1,Who waters it?,weather,Ana\n", encoding="utf-8"
    )
    report = take(made.store, target)
    assert [(c.name, c.kind, c.codings) for c in report.coders] == [("Ana", "human", 1)]


def test_a_rejected_suggestion_is_not_open_again(tmp_path: Path) -> None:
    made = with_a_rejected_one(tmp_path / "s")
    file = tmp_path / "x.csv"
    write_csv(exported(made.study, made.store, Choice(decisions=("open", "reject"))), file)
    table = fewer(file, [*FEW, "decision"], tmp_path / "few.csv")
    with open_store()[0] as fresh:
        add_interview(fresh, "Garden 1", PARAGRAPHS)
        report = take(fresh, table)
        assert len(codings(fresh, kind="model")) == 1
        assert [one.why for one in report.not_placed] == [REJECTED]
