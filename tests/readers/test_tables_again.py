"""A table that comes again: under another name for its text, corrected, or unchanged."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from assistant.interchange.imports.importing import ImportOptions, ImportReport, import_files
from assistant.store.database import Store, open_store
from assistant.store.people.codings import codings
from assistant.store.people.memos import delete_memo, memos
from assistant.store.texts.transcripts import transcript_infos

ROWS = (
    ("Ana", "How did you come to the fiddle, after all?", "", "", ""),
    ("Tomasz", "My uncle left me his, and a book of tunes with coffee on it.", "x", "", "?"),
    ("Ana", "Was it cold in the room where you practise?", "", "", ""),
    ("Tomasz", "In winter I wear gloves without tips. The neighbours hear it.", "", "x", "see 2"),
)
HEAD = ("Interview", "Speaker", "Text", "family", "room", "Remarks")


@pytest.fixture
def store() -> Store:
    return open_store()[0]


def write(path: Path, name: str) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([HEAD, *((name, *row) for row in ROWS)])
    return path


def bring(store: Store, *paths: Path, **same_as: str) -> ImportReport:
    said = {key.replace("_", " "): name.replace("_", " ") for key, name in same_as.items()}
    return import_files(store, paths, ImportOptions(coder="Hedda", same_as=said))


def held(store: Store) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Codings and memos of the study's one transcript."""
    (info,) = transcript_infos(store)
    return (
        [(c.code, c.quote) for c in codings(store, info.id)],
        [(m.text, m.quote) for m in memos(store)],
    )


ONCE = (
    [("family", ROWS[1][1]), ("room", ROWS[3][1])],
    [("?", ROWS[1][1]), ("see 2", ROWS[3][1])],
)


@pytest.mark.parametrize("corrected", [False, True], ids=["same-as", "corrected cells"])
def test_rows_that_called_the_interview_otherwise(
    store: Store, tmp_path: Path, corrected: bool
) -> None:
    talk = tmp_path / "Talk 2 Tomasz.txt"
    talk.write_text("\n\n".join(f"{row[0]}: {row[1]}" for row in ROWS))
    import_files(store, [talk])
    table = write(tmp_path / "coding.csv", "Talk 2 Tomasc")
    first = bring(store, table)
    assert first.transcripts == ("Talk 2 Tomasz",)  # by its words
    assert (first.projects[0].codings, first.projects[0].memos) == (2, 2)
    if corrected:
        again = bring(store, write(table, "Talk 2 Tomasz"))
    else:
        again = bring(store, table, Talk_2_Tomasc="Talk_2_Tomasz")
    assert (again.projects[0].codings, again.projects[0].memos) == (0, 0)
    assert again.projects[0].sources[0].same == 2  # known
    assert held(store) == ONCE
    # And the way back.
    assert bring(store, write(table, "Talk 2 Tomasc")).projects[0].codings == 0
    assert held(store) == ONCE


def test_a_table_that_made_its_transcript(store: Store, tmp_path: Path) -> None:
    table = write(tmp_path / "coding.csv", "Talk 2 Tomasz")
    bring(store, table)
    for memo in memos(store):
        if memo.text == "see 2":
            delete_memo(store, memo.id)
    again = bring(store, table)
    assert (again.projects[0].codings, again.projects[0].memos) == (0, 0)
    assert held(store) == (ONCE[0], ONCE[1][:1])  # what was deleted here stays so
