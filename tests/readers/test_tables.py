"""Tables of codings: long, wide, our own; every row is a coding or is reported."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from assistant.errors import DataError, UserError
from assistant.hashing import hash_text
from assistant.interchange.projects.readers import MOST_CODES, ReadOptions, find_reader
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
    # “Talk 1.txt” and “talk 1” are one, and the file has “Talk 2” though the study lacks it.
    assert (dict(project.counts)["rows"], dict(project.counts)["transcripts"]) == (7, 2)
    assert [source.lost for source in project.sources] == [2], "those of rows 4 and 5"


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
    assert [(row.where, row.what, row.why) for row in project.doubtful] == [
        (
            "row 2",
            "My sister",
            "its position 3–9 does not fit its words: they stand once, at 19–28, which was taken",
        ),
        (
            "row 3",
            "Yes.",
            "its position 106–110 does not fit its words: they stand 2 times, nearest to it at "
            "108–112, which was taken",
        ),
    ]


@pytest.mark.parametrize("quote", ["aa", "A A", "no, no"])
def test_places_that_overlap_are_more_than_one(tmp_path: Path, quote: str) -> None:
    rows: list[list[object]] = [["document", "quote", "code"], ["Talk 1", quote, "c"]]
    rows.append(["Talk 1", "Said", "c"])
    there = transcript(text="Said: aaa! And then no, no, no.")
    project = read_project(write(tmp_path / "a.csv", rows), options(there))
    assert [quote for _, _, quote in said(project)] == ["Said"]
    assert project.skipped[0].why.startswith("its words stand 2 times (at ")


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


def test_texts_of_rows_that_name_it_in_another_case_are_one(tmp_path: Path) -> None:
    """It was two whose rows were looked for in one, and the whole import failed."""
    rows: list[list[object]] = [
        ["transcript", "coder", "code", "text"],
        ["Made X", "Ben", "trust", "I was very tired."],
        ["made x", "Ben", "trust", "And so were you all."],
        ["Made X", "Ben", "care", "A third passage."],
    ]
    project = read_project(write(tmp_path / "a.csv", rows), options())
    (source,) = project.sources
    assert source.name == "Made X"
    assert said(project) == [
        ("Ben", "trust", "I was very tired."),
        ("Ben", "trust", "And so were you all."),
        ("Ben", "care", "A third passage."),
    ]


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


def test_a_wide_table_says_what_its_rows_without_marks_are_taken_for(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["Interview", "Quote", "fear", "family"],
        ["Talk 1", "My sister took me", "#N/A", "x"],
        ["Talk 1", "Was it cold?", "x", ""],
        ["Talk 1", "How did it begin?", "", ""],
        ["Talk 1", "I tell you.", "0", "no"],
        ["Talk 2", "Was it cold?", "", ""],
        ["Talk 2", "How did it begin?", "", ""],
    ]
    project = read_project(write(tmp_path / "a.csv", rows), options())
    assert [(code, quote) for _, code, quote in said(project)] == [
        ("family", "My sister took me"),
        ("fear", "Was it cold?"),
    ]
    (skip,) = project.skipped
    why = "under “fear” stands an error of the spreadsheet (#N/A): neither yes nor no"
    assert (skip.where, skip.why) == ("row 2", why)
    told = " ".join(project.notes)
    # The row made a coding all the same.
    assert "Rows left out, whole or in part: under a code stands an error" in told
    assert "2 rows have no code. It is assumed that the coder looked there and found" in told
    assert "None of the 2 rows in “Talk 2” has a code. It is assumed that nobody coded" in told


def test_a_name_that_is_nearly_one_of_the_study_is_asked_about(tmp_path: Path) -> None:
    long: list[list[object]] = [
        ["Document", "Quotation", "Code"],
        ["Talk 1", "My sister took me", "family"],
        ["Tallk 01", "My sister took me", "family"],
        ["Something else", "My sister took me", "family"],
    ]
    project = read_project(write(tmp_path / "a.csv", long), options())
    assert [skip.why for skip in project.skipped] == [
        "the study has no transcript “Tallk 01”. Did you mean “Talk 1”? "
        'Then import it again with --same-as "Tallk 01=Talk 1"',
        "the study has no transcript “Something else”",
    ]
    wide: list[list[object]] = [["Interview", "Text", "fear"], ["Tallk 1", "I was cold.", "x"]]
    project = read_project(write(tmp_path / "b.csv", wide), options())
    assert any("made of 1 row in their order. Did you mean" in note for note in project.notes)


def test_a_cell_with_more_codes_than_a_codebook_has_is_refused(tmp_path: Path) -> None:
    codes = ";".join(f"code {number}" for number in range(10 * MOST_CODES))
    rows: list[list[object]] = [["Document", "Quotation", "Codes"], ["Talk 1", "took me", codes]]
    path = write(tmp_path / "a.csv", rows)
    reader = find_reader(path)
    assert reader is not None
    # It is refused at the first code too many: making and placing all of them takes half a minute.
    with pytest.raises(DataError, match=r"10,001 .+ up to row 2, .+ more than 10,000"):
        reader.read(path, options())
