"""Tables of codings: long, wide, our own; every row is a coding or is reported."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.errors import DataError, UserError
from assistant.hashing import hash_text
from assistant.interchange.export.cells import COLUMNS, defused
from assistant.interchange.projects.readers import ReadOptions
from assistant.interchange.projects.records import Project
from assistant.interchange.readers.tables import detects, read_project
from assistant.transcripts.records import Segment, Transcript

TEXT = (
    "How did it begin?\n\nMy sister took me along. I was “shaking”, I tell you.\n\nWas it cold?\n\n"
    "Yes. It was 😀 cold. Yes. No."
)


def transcript(name: str = "Talk 1", text: str = TEXT) -> Transcript:
    return Transcript(
        id=1,
        name=name,
        sha256=hash_text(text),
        text=text,
        language="en",
        consent="local",
        segments=(Segment(index=0, start=0, end=len(text)),),
    )


def options(*transcripts: Transcript, **columns: str) -> ReadOptions:
    found = transcripts or (transcript(),)
    return ReadOptions(transcripts=lambda: found, columns=tuple(columns.items()))


def write(path: Path, rows: list[list[object]], delimiter: str = ",", codec: str = "utf-8") -> Path:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    path.write_bytes(out.getvalue().encode(codec))
    return path


def said(project: Project) -> list[tuple[str, str, str]]:
    texts = {source.key: source.text for source in project.sources}
    return [(c.coder, c.code, texts[c.source][c.start : c.end]) for c in project.codings]


LONG: list[list[object]] = [
    ["Document", "Quotation", "Codes", "Coded by"],
    ["Talk 1.txt", "My sister took me", "family; start", "Ana"],
    ["talk 1", 'i was "SHAKING",  I tell', "fear", "Ana"],
    ["Talk 1", "Yes.", "agreeing", "Bo"],
    ["Talk 1", "not said", "fear", "Bo"],
    ["Talk 2", "cold", "fear", "Bo"],
    ["Talk 1", "It was 😀 cold", "", "Bo"],
    ["Talk 1", "My sister took me", "family", "Ana"],
]


@pytest.mark.parametrize(
    ("delimiter", "codec"), [(",", "utf-8"), (";", "utf-8-sig"), ("\t", "utf-16")]
)
def test_long_by_quotes(tmp_path: Path, delimiter: str, codec: str) -> None:
    path = write(tmp_path / "codes.csv", LONG, delimiter, codec)
    assert detects(path, path.read_bytes()[:4096])
    project = read_project(path, options())
    assert said(project) == [
        ("Ana", "family", "My sister took me"),
        ("Ana", "start", "My sister took me"),
        ("Ana", "fear", "I was “shaking”, I tell"),
    ]
    assert [(skip.where, skip.why) for skip in project.skipped] == [
        ("row 4", "its words stand 2 times (at 88, 108)"),
        ("row 5", "its words were not found"),
        ("row 6", "the study has no transcript “Talk 2”"),
        ("row 7", "it has no code"),
        ("row 8", "the same coding as in a row before"),
    ]
    assert dict(project.counts)["rows"] == 7


def test_old_encoding_and_separator_line(tmp_path: Path) -> None:
    text = "Ça va très bien ici, déjà."
    data = "sep=;\r\nFile;Excerpt;Code\r\nÉté;très bien ici, déjà;forêt\r\n".encode("cp1252")
    path = tmp_path / "codes.csv"
    path.write_bytes(data)
    project = read_project(path, options(transcript("Été", text)))
    assert said(project) == [("", "forêt", "très bien ici, déjà")]


@pytest.mark.parametrize(("first", "last"), [(0, 0), (1, 0), (0, -1), (1, 1)])
def test_positions_by_any_way_of_counting(tmp_path: Path, first: int, last: int) -> None:
    words = ("My sister", "😀 cold", "Yes. No.")
    rows: list[list[object]] = [["document", "begin", "end", "quote", "code"]]
    for word in words:
        a = TEXT.index(word)
        rows.append(["Talk 1", a + first, a + len(word) + last, word, "c"])
    project = read_project(write(tmp_path / "a.csv", rows), options())
    assert [quote for _, _, quote in said(project)] == list(words)
    assert any("Positions fit" in note for note in project.notes) is ((first, last) != (0, 0))


def test_positions_that_do_not_fit(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["document", "start", "end", "quote", "code"],
        ["Talk 1", 3, 9, "My sister", "moved"],
        ["Talk 1", 106, 110, "Yes.", "near"],
        ["Talk 1", 3, 9000, "", "outside"],
        ["Talk 1", 0, 17, "", "bare"],
    ]
    project = read_project(write(tmp_path / "a.csv", rows), options())
    assert said(project) == [
        ("", "moved", "My sister"),
        ("", "near", "Yes."),
        ("", "bare", "How did it begin?"),
    ]
    assert project.codings[1].start == 108
    assert "outside the transcript" in project.skipped[0].why


def test_wide_with_a_column_a_code_makes_the_text(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["Interview", "Speaker", "Text", "fear", "family", "length"],
        ["New talk", "I:", "How was it?", "", "0", "3"],
        ["New talk", "Rosa", "I was  shaking.", "x", "1", "3"],
        ["New talk", "Rosa", "I was shaking.", "", "yes", "3"],
    ]
    project = read_project(write(tmp_path / "a.csv", rows), options())
    (source,) = project.sources
    assert source.name == "New talk"
    assert source.text == "I: How was it?\n\nRosa: I was shaking.\n\nRosa: I was shaking."
    assert said(project) == [
        ("", "fear", "I was shaking."),
        ("", "family", "I was shaking."),
        ("", "family", "I was shaking."),
    ]
    assert len({coding.start for coding in project.codings}) == 2
    assert [(skip.what, skip.where) for skip in project.skipped] == [("length", "head")]


def test_columns_as_the_user_says(tmp_path: Path) -> None:
    rows: list[list[object]] = [["A1", "B1", "C1"], ["Talk 1", "cold?", "weather|question"]]
    path = write(tmp_path / "a.csv", rows)
    with pytest.raises(DataError, match="Its columns: A1, B1, C1"):
        read_project(path, options())
    project = read_project(path, options(transcript="A", quote="b1", code="C"))
    assert [code for _, code, _ in said(project)] == ["weather", "question"]
    with pytest.raises(UserError, match="no column 'Z'"):
        read_project(path, options(quote="Z"))
    with pytest.raises(UserError, match="cannot mean 'colour'"):
        read_project(path, options(colour="A"))


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


def test_a_workbook(tmp_path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(["nothing", "here"])
    sheet = book.create_sheet("codings")
    for row in LONG[:3]:
        sheet.append(row)
    sheet.append(["Talk 1", "=1+1", "fear", "Ana"])
    path = tmp_path / "a.xlsx"
    book.save(path)
    assert detects(path, path.read_bytes()[:4096])
    project = read_project(path, options())
    assert len(project.codings) == 3
    assert "sheet “codings”" in project.notes[0]
    assert len(project.skipped) == 1
    path.write_bytes(path.read_bytes()[:-50])
    with pytest.raises(DataError, match="damaged"):
        read_project(path, options())


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "empty"),
        (b"\n\n", "empty"),
        (b"document,quote,code\n", "No row of this table"),
        (b"document,quote,code\nTalk 1,never said,x\n", "row 2, its words were not found"),
        (b"document,quote\nTalk 1,cold\n", "no column with codes"),
        (b"document,code\nTalk 1,cold\n", "no column with the coded words"),
        (b"\x00\x01\x02" * 50, "binary"),
    ],
)
def test_refused(tmp_path: Path, data: bytes, says: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(data)
    with pytest.raises(DataError, match=says):
        read_project(path, options())


@pytest.mark.slow
def test_a_hundred_thousand_rows(tmp_path: Path) -> None:
    words = [f"w{n}" for n in range(4000)]
    text = " ".join(words)
    rows: list[list[object]] = [["transcript", "start", "end", "quote", "code", "coder"]]
    places = [text.index(f"{word} ") for word in words[:-1]]
    for number in range(100_000):
        a = places[number % 3900]
        b = a + 10 + number // 3900
        rows.append(["Talk 1", a, b, text[a:b], f"c{number % 30}", "Ana"])
    project = read_project(write(tmp_path / "a.csv", rows), options(transcript(text=text)))
    assert len(project.codings) + len(project.skipped) == 100_000
    assert len(project.codings) > 90_000


def test_an_apostrophe_in_somebody_elses_table_is_hers(tmp_path: Path) -> None:
    words = "'-- no,' she said, and left."
    file = write(
        tmp_path / "x.csv",
        [["transcript", "quote", "code", "coder"], ["Talk 1", words, "'=odd", "Ana"]],
    )
    project = read_project(file, options(transcript(text=f"Then what?\n\n{words}")))
    assert said(project) == [("Ana", "'=odd", words)]
