"""Reader 1: ``Speaker: text``, with speakers of any name."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.transcripts.reading_help import read_text, turns


def test_turns_and_text_form(tmp_path: Path) -> None:
    document = read_text(
        tmp_path,
        "Interviewer 1: How do you   bake?\n\nInterviewee: Slowly.\n\nInterviewee: Very slowly.\n",
    )
    assert document.format == "plain"
    assert document.text == "How do you bake?\n\nSlowly.\n\nVery slowly."
    assert [s.speaker for s in document.segments] == ["Interviewer 1", "Interviewee", "Interviewee"]
    assert [s.turn for s in document.segments] == [0, 1, 2]
    assert (document.codings, document.coder, document.skipped) == ((), "", ())
    assert any("Interviewee (2)" in note for note in document.notes)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("José María", "Zoë"),
        ("Anne-Marie O'Neill", "Dr. Ngô"),
        ("P1", "P12"),
        ("I", "R"),
        ("J. D.", "M.K."),
        ("Ludwig van der Berg", "Ana de la Cruz"),
        ("Ольга", "Интервьюер"),
        ("田中", "聞き手"),
        ("المحاور", "سلمى"),
        ("Focus Group 2", "Speaker_3"),
        ("1", "2"),
        ("mother", "son"),
        ("Q", "A"),
        ("[Speaker A]", "[Speaker B]"),
        ("Jo (host)", "P3 (F, 34)"),
    ],
)
@pytest.mark.parametrize("gap", ["\n", "\n\n"])
@pytest.mark.parametrize("colon", [": ", " : ", "\u00a0: "])
def test_speakers_of_any_name(
    tmp_path: Path, first: str, second: str, gap: str, colon: str
) -> None:
    rows = [
        f"{name}{colon}These are words number {i}." for i in range(4) for name in (first, second)
    ]
    found = turns(read_text(tmp_path, gap.join(rows)))
    bare = [name.strip("[]") for name in (first, second)] * 4
    assert [speaker for speaker, _ in found] == bare
    assert found[0][1] == ["These are words number 0."]


def test_asian_colon_needs_no_space(tmp_path: Path) -> None:
    found = turns(read_text(tmp_path, "田中：東京です。\n聞き手：そうですか。\n田中：はい。\n"))
    assert found == [("田中", ["東京です。"]), ("聞き手", ["そうですか。"]), ("田中", ["はい。"])]


@pytest.mark.parametrize(
    "said",
    [
        "So the thing is: we had no flour.",
        "Note: this was in spring.",
        "Well: no.",
        "The first rule of our kitchen is this: clean up.",
        "I told him, quite loudly: stop.",
        "We open at 10:30 every day.",
        "See http://example.org/bread for that.",
        "What? Really: no.",
    ],
)
def test_a_colon_in_speech_makes_no_speaker(tmp_path: Path, said: str) -> None:
    talk = "".join(f"Anna: Question {i}?\n\nBob: Answer {i}.\n\n" for i in range(6))
    found = turns(read_text(tmp_path, talk + f"Bob: Before.\n\n{said}\n\nAnna: I see."))
    assert found[-2] == ("Bob", ["Before.", said])
    assert {speaker for speaker, _ in found} == {"Anna", "Bob"}


def test_a_tab_instead_of_a_colon(tmp_path: Path) -> None:
    text = "Anna\tSo how do you bake your bread these days?\nBob\tSlowly, as we did it then.\n"
    document = read_text(tmp_path, text + "Anna\tAnd what did you use?\nBob\tMy hands.\n")
    assert [speaker for speaker, _ in turns(document)] == ["Anna", "Bob", "Anna", "Bob"]
    assert document.text.endswith("My hands.")


def test_somebody_who_speaks_once_is_noted(tmp_path: Path) -> None:
    talk = "".join(f"Anna: Question {i}?\n\nBob: Answer {i}.\n\n" for i in range(12))
    document = read_text(tmp_path, talk + "Nurse: Time for lunch.\n\nBob: Thanks.")
    assert turns(document)[-2] == ("Nurse", ["Time for lunch."])
    assert any("'Nurse' (line 49) occurs once" in note for note in document.notes)


def test_two_lines_are_enough(tmp_path: Path) -> None:
    assert turns(read_text(tmp_path, "Anna: Hello there.\nBob: Hello to you.")) == [
        ("Anna", ["Hello there."]),
        ("Bob", ["Hello to you."]),
    ]


def test_blank_speaker(tmp_path: Path) -> None:
    found = turns(read_text(tmp_path, "Anna: Who is there?\n\n: A voice.\n\nAnna: Come in.\n"))
    assert found == [("Anna", ["Who is there?"]), ("", ["A voice."]), ("Anna", ["Come in."])]


def test_speaker_without_text(tmp_path: Path) -> None:
    document = read_text(tmp_path, "Anna: And?\n\nBob:\n\nAnna: Nothing?\n\nBob: No.\n")
    assert [speaker for speaker, _ in turns(document)] == ["Anna", "Anna", "Bob"]
    (skipped,) = document.skipped
    assert (skipped.what, skipped.where) == ("Bob", "line 3")
    assert "without a word" in skipped.why


def test_text_on_the_line_below_the_speaker(tmp_path: Path) -> None:
    found = turns(read_text(tmp_path, "Anna:\nAnd then?\n\nBob:\nThen we ate.\n\nAnna:\nGood.\n"))
    assert found == [("Anna", ["And then?"]), ("Bob", ["Then we ate."]), ("Anna", ["Good."])]


def test_broken_lines_are_joined_where_empty_lines_part_turns(tmp_path: Path) -> None:
    found = turns(
        read_text(
            tmp_path,
            "Anna: We had\nno flour.\nNone.\n\nWe left.\n\nBob: So\nI heard.\n\nAnna: Yes.\n\n"
            "Bob: And\nthen?\n",
        )
    )
    assert found == [
        ("Anna", ["We had no flour. None.", "We left."]),
        ("Bob", ["So I heard."]),
        ("Anna", ["Yes."]),
        ("Bob", ["And then?"]),
    ]


def test_wrapped_file_without_empty_lines(tmp_path: Path) -> None:
    text = (
        "Anna: We had been looking for flour in\n"
        "every shop of the town, and there was\n"
        "none at all.\n"
        "Then we gave up and went home to bake\n"
        "with what was left in the cellar.\n"
        "Bob: I know the feeling very well, it\n"
        "was the same here.\n"
    )
    document = read_text(tmp_path, text)
    assert [(speaker, len(paragraphs)) for speaker, paragraphs in turns(document)] == [
        ("Anna", 2),
        ("Bob", 1),
    ]
    assert "flour in every shop of the town, and there was none at all.\nThen" in document.text
    assert any("broken lines were joined" in note for note in document.notes)


def test_long_lines_without_empty_lines_are_paragraphs(tmp_path: Path) -> None:
    long = "This is a sentence that goes on for quite a while and says little. " * 4
    text = f"Anna: {long}\n{long}\nBob: Short.\nAnna: {long} and\nthen it went on.\n"
    document = read_text(tmp_path, text)
    assert [len(paragraphs) for _, paragraphs in turns(document)] == [2, 1, 1]
    assert "and then it went on." in document.text
    assert any("a line is a paragraph" in note for note in document.notes)


def test_scripts_without_spaces_are_joined_without_one(tmp_path: Path) -> None:
    document = read_text(
        tmp_path, "田中：昨日パン\nを焼きました。\n\n聞き手：いい\nですね。\n\n田中：はい。\n"
    )
    assert "昨日パンを焼きました。" in document.text


def test_time_stamps_are_listed_not_read(tmp_path: Path) -> None:
    document = read_text(
        tmp_path,
        "[00:00:05] Anna: Hello Bob.\n\nBob [00:00:09]: Hello.\n\n0:12 Anna: Well, at 10:30?\n",
    )
    assert document.text == "Hello Bob.\n\nHello.\n\nWell, at 10:30?"
    assert [s.what for s in document.skipped] == ["[00:00:05]", "[00:00:09]", "0:12"]


def test_time_stamps_of_their_own_lines(tmp_path: Path) -> None:
    rows = [("Ana Lee", "Hello."), ("Bo Ost", "Hi you."), ("Ana Lee", "So?"), ("Bo Ost", "Yes.")]
    for shape in (
        "{n}\t00:00:0{i}\n{t}",
        "00:00:0{i} {n}\n{t}",
        "0:0:{i}.0 --> 0:0:{i}.9\n{n}\n{t}",
    ):
        text = "\n\n".join(shape.format(i=i, n=n, t=t) for i, (n, t) in enumerate(rows))
        document = read_text(tmp_path, text)
        assert turns(document) == [(name, [said]) for name, said in rows]
        assert len(document.skipped) == 4


def test_numbered_lines(tmp_path: Path) -> None:
    rows = ["Interviewer: Hi you,", "how is it?", "Anna: Well. 3 times", "Interviewer: So?"]
    document = read_text(tmp_path, "".join(f"{i:3}  {row}\n" for i, row in enumerate(rows, 9)))
    assert [speaker for speaker, _ in turns(document)] == ["Interviewer", "Anna", "Interviewer"]
    assert document.text.startswith("Hi you, how is it?")
    assert [s.what for s in document.skipped] == ["9 10 11 12"]


def test_header_lines_and_title(tmp_path: Path) -> None:
    document = read_text(
        tmp_path,
        "Interview 7\nDate: 3 May 2021\nInterviewer: Jo Doe\nDuration: 40 min\n\n"
        "Interviewer: Ready?\n\nInterviewee: Yes.\n",
    )
    assert document.text == "Ready?\n\nYes."
    assert len(document.skipped) == 4


def test_prose_without_speakers_is_read_with_a_note(tmp_path: Path) -> None:
    document = read_text(tmp_path, "We baked on Monday.\nIt rained.\n\nOn Tuesday we slept.\n")
    assert turns(document) == [("", ["We baked on Monday. It rained.", "On Tuesday we slept."])]
    assert any("No speakers" in note for note in document.notes)


def test_bold_names_in_front_of_a_colon(tmp_path: Path) -> None:
    text = "**Anna:** We *really* baked.\n\n**Bob**: Did you?\n\n**Anna:** Yes \\[laughs\\].\n"
    found = turns(read_text(tmp_path, text, "talk.md"))
    assert found == [
        ("Anna", ["We really baked."]),
        ("Bob", ["Did you?"]),
        ("Anna", ["Yes [laughs]."]),
    ]


def test_title_and_language(tmp_path: Path) -> None:
    talk = "Anna : Où avez-vous appris à faire du pain ?\n\nBob : Chez ma grand-mère, à la ferme, "
    text = talk + "quand j'étais petit. Elle nous réveillait avant le lever du soleil.\n"
    document = read_text(tmp_path, text, "2023-01-02-Entretien 4.txt", language="")
    assert (document.title, document.language) == ("Entretien 4", "fr")
    assert read_text(tmp_path, text, language="ca").language == "ca"
    short = read_text(tmp_path, "Anna: Hello.\nBob: Hi.", language="")
    assert short.language == ""
