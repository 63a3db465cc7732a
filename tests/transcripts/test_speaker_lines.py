"""Reader 2: the speaker on a line of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.transcripts.reading_help import read_text, turns


@pytest.mark.parametrize(
    "shape", ["{}", "**{}**", "### {}", "## {}", "__{}__", "{}:", "  {}  ", "[{}]", "### **{}**"]
)
@pytest.mark.parametrize("gap", ["\n", "\n\n"])
@pytest.mark.parametrize("name", ["talk.txt", "talk.md"])
def test_shapes_of_a_speaker_line(tmp_path: Path, shape: str, gap: str, name: str) -> None:
    rows = [("Interviewer 1", "How?"), ("Interviewee", "Slowly."), ("Interviewee", "I think.")]
    text = "\n\n".join(shape.format(speaker) + gap + said for speaker, said in rows)
    document = read_text(tmp_path, text, name)
    assert turns(document) == [(speaker, [said]) for speaker, said in rows]
    assert document.format == ("plain" if shape == "{}:" else "speaker-lines")


@pytest.mark.parametrize("shape", ["{}", "**{}**", "### {}"])
def test_any_name_that_is_repeated(tmp_path: Path, shape: str) -> None:
    rows = [
        (name, f"These are words {i} of mine, and they go on.")
        for i in range(4)
        for name in ("Jean-Luc", "Mère Ubu", "P3")
    ]
    text = "\n\n".join(shape.format(speaker) + "\n\n" + said for speaker, said in rows)
    assert turns(read_text(tmp_path, text)) == [(speaker, [said]) for speaker, said in rows]


def test_short_answers_are_no_speakers(tmp_path: Path) -> None:
    text = "".join(
        f"Anna\n\nDid you bake on day {i}?\n\nBob\n\n{said}\n\n"
        for i, said in enumerate(["Yes", "Maybe", "Yes", "Maybe", "Yes"])
    )
    found = turns(read_text(tmp_path, text))
    assert [speaker for speaker, _ in found] == ["Anna", "Bob"] * 5
    assert found[1][1] == ["Yes"]


def test_time_stamp_beside_the_name(tmp_path: Path) -> None:
    text = "Anna Ngo  0:03\nHello Bob.\n\nBob Ost  0:05\nHello.\n\nAnna Ngo  0:09\nShall we?\n\n"
    text += "Bob Ost  1:00:12\nYes."
    document = read_text(tmp_path, text)
    assert [speaker for speaker, _ in turns(document)] == ["Anna Ngo", "Bob Ost"] * 2
    assert [s.what for s in document.skipped] == ["0:03", "0:05", "0:09", "1:00:12"]


def test_paragraphs_of_one_turn(tmp_path: Path) -> None:
    text = "Interviewee\n\nFirst we\nbaked.\n\nThen we ate.\n\nInterviewer\n\nGood.\n"
    assert turns(read_text(tmp_path, text)) == [
        ("Interviewee", ["First we baked.", "Then we ate."]),
        ("Interviewer", ["Good."]),
    ]


def test_lost_names_are_left_out_where_every_paragraph_has_one(tmp_path: Path) -> None:
    rows = [("Interviewee" if i % 3 else "Interviewer", f"Words {i}.") for i in range(20)]
    text = "\n\n".join(f"{speaker}\n\n{said}" for speaker, said in rows)
    document = read_text(tmp_path, text + "\n\nWhose words are these?\n\nInterviewer\n\nMine.")
    assert turns(document)[-2] == ("", ["Whose words are these?"])
    assert any(note.startswith("1 paragraph has no speaker") for note in document.notes)


def test_both_forms_in_one_file(tmp_path: Path) -> None:
    text = "Interviewer: Hi.\n\nAnna: Hello.\n\nUnknown Speaker\nLate, sorry.\n\nAnna: Sit.\n\n"
    text += "Interviewer \nWell.\n\nAnna: Yes.\n"
    document = read_text(tmp_path, text)
    assert [speaker for speaker, _ in turns(document)] == [
        "Interviewer",
        "Anna",
        "Unknown Speaker",
        "Anna",
        "Interviewer",
        "Anna",
    ]
    assert document.format == "plain"


def test_headings_are_not_speech(tmp_path: Path) -> None:
    text = "# Bread talk\n\n### Interviewer\n\nHow?\n\n## Part two\n\n### Interviewee\n\nSlowly.\n"
    document = read_text(tmp_path, text, "talk.md")
    assert document.text == "How?\n\nSlowly."
    assert [s.what for s in document.skipped] == ["# Bread talk", "## Part two"]


def test_speaker_line_without_words(tmp_path: Path) -> None:
    text = "Interviewer\n\nInterviewee\n\nI start.\n\nInterviewer\n"
    document = read_text(tmp_path, text)
    assert turns(document) == [("Interviewee", ["I start."])]
    assert [s.where for s in document.skipped] == ["line 1", "line 7"]


def test_forced_reader(tmp_path: Path) -> None:
    text = "Anna: one: two.\n\nInterviewee\n\nBob: three.\n\nAnna: four.\n\nBob: five.\n"
    plain = read_text(tmp_path, text, reader="plain")
    assert [speaker for speaker, _ in turns(plain)] == ["Anna", "Bob", "Anna", "Bob"]
    assert "Interviewee" in plain.text
    lines = read_text(tmp_path, text, reader="speaker-lines")
    assert [speaker for speaker, _ in turns(lines)] == ["", "Interviewee"]
    assert (plain.format, lines.format) == ("plain", "speaker-lines")
