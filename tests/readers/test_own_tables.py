"""Our own table of codings comes back as it was; an apostrophe in somebody else's stays."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.interchange.export.cells import COLUMNS, defused
from assistant.interchange.readers.tables import read_project
from tests.readers.test_tables import options, said, transcript, write


def ours(spans: list[tuple[int, int]], text: str) -> list[list[object]]:
    rows: list[list[object]] = [list(COLUMNS)]
    for number, (a, b) in enumerate(spans):
        model = number % 2 == 1
        cells: dict[str, object] = {
            "transcript": "=Talk",
            "coder": "tiny" if model else "'+Ana",
            "coder_kind": "model" if model else "human",
            "code": "-fear; and more" if number % 3 else "fear",
            "start": a,
            "end": b,
            "quote": text[a:b],
            "exposure": "" if model else "independent",
            "rationale": "=1+1",
            "guid": f"g{number}",
            "code_name": "Fear, @ll",
        }
        row = (cells.get(name, "") for name in COLUMNS)
        rows.append([defused(cell) if isinstance(cell, str) else cell for cell in row])
    return rows


CHARS = st.text(alphabet="ab =+-@'\"\n\té😀e\u0301אب,;…", min_size=2, max_size=60)


@settings(max_examples=60, deadline=None)
@given(CHARS, st.data())
def test_our_own_table_comes_back_exactly(
    tmp_path_factory: pytest.TempPathFactory, text: str, data: st.DataObject
) -> None:
    pair = st.tuples(st.integers(0, len(text) - 1), st.integers(1, len(text))).filter(
        lambda span: span[0] < span[1] and bool(text[span[0] : span[1]].strip())
    )
    if not text.strip():
        return
    spans = data.draw(st.lists(pair, min_size=1, max_size=6))
    path = write(tmp_path_factory.mktemp("t") / "out.csv", ours(spans, text), codec="utf-8-sig")
    project = read_project(path, options(transcript("=Talk", text)))
    assert [(coding.start, coding.end) for coding in project.codings] == spans
    assert [coding.guid for coding in project.codings] == [f"g{n}" for n in range(len(spans))]
    coders = {coder.key: coder for coder in project.coders}
    for number, coding in enumerate(project.codings):
        coder = coders[coding.coder]
        assert (coder.name, coder.kind) == (("tiny", "model") if number % 2 else ("'+Ana", "human"))
        assert coding.code == ("-fear; and more" if number % 3 else "fear")
        assert coding.exposure == (None if number % 2 else "independent")
        model = "\nSuggested by a model, tiny, in another study."
        assert coding.note == ("=1+1" + model if number % 2 else "=1+1")
    assert project.sources[0].layout is not None
    assert project.codes[0].name == "Fear, @ll"
    assert not project.skipped


def test_an_apostrophe_in_somebody_elses_table_is_hers(tmp_path: Path) -> None:
    words = "'-- no,' she said, and left."
    file = write(
        tmp_path / "x.csv",
        [["transcript", "quote", "code", "coder"], ["Talk 1", words, "'=odd", "Ana"]],
    )
    project = read_project(file, options(transcript(text=f"Then what?\n\n{words}")))
    assert said(project) == [("Ana", "'=odd", words)]
