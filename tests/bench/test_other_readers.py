"""The bench on other programs: it says what is missing, and sees what another program gets wrong.

The programs themselves are no part of the tests.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import pytest

import bench.other_readers as bench
from assistant.interchange.export.table import write_csv
from bench.other_beside import CHOICE, compare, ours
from bench.other_readers import installed, main
from bench.other_scripts import PACKAGES
from tests.export.studies import add_text, code, empty_study, exported, garden


def test_without_the_programs_it_says_so_and_ends_with_0(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert set(installed(sys.executable)) == set(PACKAGES)
    monkeypatch.setattr(bench, "installed", lambda python: dict.fromkeys(PACKAGES, ""))
    assert main([]) == 0
    said = capsys.readouterr().out
    assert all(f"{name}: not installed there, left out" in said for name in PACKAGES)
    assert "nothing was compared" in said


def test_an_interpreter_that_is_not_there_is_a_mistake(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--python", "no/such/python"])
    assert ended.value.code == 2
    assert "no interpreter no/such/python" in capsys.readouterr().err


def test_what_another_program_gets_wrong_shows(tmp_path: Path) -> None:
    study, store = empty_study(tmp_path / "s")
    key = add_text(store, "T", [("I", ["What grows?"]), ("R", ["Leeks.", "And beans."])])
    code(store, key, "Ana", [("tools", 0, 4), ("tools", 13, 30), ("weather", 13, 19)])
    mine = ours(exported(study, store))
    store.close()
    text = mine.sources["T"]
    assert text.startswith("I: What grows?")
    right = [(*place, text[place[3] : place[4]]) for place in mine.codings]
    read = {"sources": mine.sources, "coders": ["Ana"], "codes": list(mine.codes)}

    found = compare("it", "qdpx", mine, {**read, "codings": right})
    assert (found.sources, found.coders, found.codings) == ((1, 1), (1, 1), (3, 3))
    assert (found.words, found.more) == ((3, 3), 0)
    assert found.codes[0] == found.codes[1]

    source, who, label, start, end, quote = right[0]
    moved = [(source, who, label, start + 1, end + 1, quote), *right[1:]]
    found = compare("it", "qdpx", mine, {**read, "codings": moved})
    assert (found.codings, found.words, found.more) == ((2, 3), (2, 2), 1)

    other = [(source, who, label, start, end, "other words"), *right[1:]]
    found = compare("it", "qdpx", mine, {**read, "codings": other})
    assert (found.codings, found.words, found.more) == ((3, 3), (2, 3), 0)

    fewer = {"sources": {"T": text + "x"}, "coders": [], "codes": [], "codings": right[:1]}
    found = compare("it", "qdpx", mine, fewer)
    assert (found.sources, found.coders, found.codings) == ((0, 1), (0, 1), (1, 3))
    assert found.row()[:4] == ("it", "qdpx", "0/1", "0/1")


def test_a_table_names_a_model_as_the_comparison_expects(tmp_path: Path) -> None:
    made = garden(tmp_path / "s")
    export = exported(made.study, made.store, CHOICE)
    mine = ours(export)
    write_csv(export, tmp_path / "t.csv")
    made.store.close()
    with (tmp_path / "t.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert any(row["coder_kind"] == "model" for row in rows)
    read = [
        (*(row[c] for c in ("transcript", "coder", "code")), int(row["start"]), int(row["end"]))
        for row in rows
    ]
    quotes = [(*place, row["quote"]) for place, row in zip(read, rows, strict=True)]
    found = compare(
        "it", "csv", mine, {"sources": {}, "coders": [], "codes": [], "codings": quotes}
    )
    assert (found.codings, found.more) == ((len(rows), len(rows)), 0)
