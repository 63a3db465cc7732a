"""What is no readable interview gets a message with the file and what to do."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from assistant.errors import DataError, SecondCoderError, UserError
from assistant.transcripts import read_document

CSV = "id,name,city,flour\n" + "".join(f"{i},Ann {i},Town,{i * 3}\n" for i in range(6))
TSV = "id\tname\tflour\n" + "".join(f"{i}\tAnn {i}\t{i * 3}\n" for i in range(6))
SEMICOLONS = "id;name\n" + "".join(f"{i};Ann {i}\n" for i in range(6))
CODE = """import os
from pathlib import Path

def bake(flour):
    dough = flour + 1
    if dough > 3:
        return dough
    for loaf in range(3):
        print(loaf)
    return None
"""
JAVA = """public class Oven {
    private int heat;
    public void bake() {
        heat = heat + 1;
    }
}
"""


@pytest.mark.parametrize(
    ("name", "content", "error", "says"),
    [
        ("talk.txt", b"", DataError, "empty"),
        ("talk.txt", b" \n\r\n\t", DataError, "empty"),
        ("talk.txt", "\ufeff\n".encode(), DataError, "empty"),
        ("talk.txt", b"\x00\x01\x02\xff" * 200, DataError, "binary"),
        ("talk.txt", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00", DataError, "binary"),
        (
            "talk.txt",
            random.Random(1).randbytes(3000).replace(b"\x00", b"\x01"),
            DataError,
            "binary|encoding",
        ),
        ("talk.txt", CSV.encode(), DataError, "table"),
        ("talk.txt", TSV.encode(), DataError, "table"),
        ("talk.txt", SEMICOLONS.encode(), DataError, "table"),
        ("talk.txt", CODE.encode(), DataError, "program code"),
        ("talk.txt", JAVA.encode(), DataError, "program code"),
        ("talk.txt", json.dumps({"talk": [1, 2]}, indent=1).encode(), DataError, "JSON"),
        ("talk.txt", b"<?xml version='1.0'?><a>words and words</a>", DataError, "XML"),
        ("talk.txt", b"<!DOCTYPE html><p>words and words</p>", DataError, "HTML"),
        ("talk.txt", b"{\\rtf1 {\\*\\words", DataError, "holds no text"),
        ("talk.txt", b"WEBVTT\n\nHello there\n", DataError, "no words"),
        ("talk.vtt", b"Anna: Hello.\nBo: Yes.\n", DataError, "begin as subtitles"),
        ("talk.srt", b"00:00 Hello.\n", DataError, "begin as subtitles"),
        ("talk.txt", b"1 2 3 4 5 6 7 8 9 10 + - 11 12", DataError, "digits"),
        ("talk.txt", b"Hello\n", DataError, "too short"),
        ("talk.txt", b"Interviewer 1\n\nInterviewee 2\n", DataError, "Nothing in this file"),
        ("talk.csv", CSV.encode(), UserError, ".csv cannot be read"),
        ("talk.odt", b"words", DataError, "no OpenDocument text"),
        ("talk.rtf", b"words", DataError, "no RTF file"),
        ("talk.docx", b"only words here", DataError, "no Word file"),
        ("talk.pdf", b"only words here", DataError, "no PDF"),
        ("talk.xlsx", b"only words here", DataError, "no workbook of Excel"),
    ],
)
def test_refused(
    tmp_path: Path, name: str, content: bytes, error: type[SecondCoderError], says: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(error, match=says) as caught:
        read_document(path)
    assert caught.value.where == str(path)
    assert caught.value.hint


def test_missing_file_and_folder(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no such file") as caught:
        read_document(tmp_path / "gone.txt")
    assert "gone.txt" in caught.value.where
    with pytest.raises(UserError, match="folder"):
        read_document(tmp_path)


def test_unknown_and_unfit_reader(tmp_path: Path) -> None:
    path = tmp_path / "talk.txt"
    path.write_text("Anna: Hello there.\nBob: Hi.\n")
    with pytest.raises(UserError, match="no reader 'tape'"):
        read_document(path, reader="tape")
    with pytest.raises(UserError, match="its content is text"):
        read_document(path, reader="pdf")
    with pytest.raises(UserError, match="its content is text"):
        read_document(path, reader="word")


@pytest.mark.parametrize(
    "text",
    [
        "Anna, Bob, and Cem talked.\nDora, Eva, and Fay ate.\nGo, went, and gone.\nWe, all, slept.",
        "Anna: well; no.\nBob: yes; no.\nAnna: so; what?\nBob: let; it be.\n",
        "If I had known: I would not.\nFor me it was clear:\nElse nothing = nothing.\n"
        "We went home.\nThen we cooked.\nThen we slept.\n",
    ],
)
def test_speech_that_looks_like_data_is_read(tmp_path: Path, text: str) -> None:
    path = tmp_path / "talk.txt"
    path.write_text(text)
    assert read_document(path).text


def test_what_only_begins_as_json_is_looked_at_without_harm_however_deep() -> None:
    from assistant.transcripts.not_interview import refuse_other_kinds

    with pytest.raises(DataError, match="not an interview"):
        refuse_other_kinds("[" * 100_000, "deep.txt")
