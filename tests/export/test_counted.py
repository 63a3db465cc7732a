"""One of anything reads as one, and progress names the file that is done."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.counting import counted_many
from assistant.store.database import open_store
from assistant.study import create_study
from tests.cli.command import secondcoder
from tests.export.studies import add_text, code


@pytest.mark.parametrize(
    ("number", "what", "said"),
    [
        (1, "codings", "1 coding"),
        (2, "codings", "2 codings"),
        (1, "codings by people", "1 coding by people"),
        (1, "codings of white space alone, not shown", "1 coding of white space alone, not shown"),
        (1, "codings added while reading", "1 coding added while reading"),
        (1, "text sources", "1 text source"),
        (1, "cases (people or places)", "1 case (people or places)"),
        (1, "categories", "1 category"),
        (0, "memos", "0 memos"),
    ],
)
def test_numbers(number: int, what: str, said: str) -> None:
    assert counted_many(number, what) == said


def test_progress_names_what_was_written_and_one_is_one(tmp_path: Path) -> None:
    study = create_study(tmp_path / "study")
    with open_store(study.database)[0] as store:
        for name in ("First", "Second"):
            key = add_text(store, name, [("Mia", [f"We grow leeks and beans, {name}."])])
        code(store, key, "Ana", [("growing", 3, 7)])
    done = secondcoder(study.folder, "export", "docx")
    assert "Writing: 1 of 2 First.docx" in done.err
    assert "Writing: 2 of 2 Second.docx" in done.err
    word = study.folder / "exports" / "word" / "Second.docx"
    new = create_study(tmp_path / "new")
    back = secondcoder(new.folder, "import", str(word))
    said = back.out + back.err
    assert "In the file: 1 document, 1 comment, 1 code, 1 coding." in said
    assert "1 code was written to" in said
    assert "1 coding and 0 memos are new." in said
