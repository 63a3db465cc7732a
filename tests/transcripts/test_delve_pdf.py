"""Delve prints: what becomes text, speaker and code, and what is said about the rest."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from assistant.transcripts.pdf.delve import read_delve_pdf
from assistant.transcripts.records import Document, segment_body
from tests.transcripts.delve_prints import DelvePrint, filled_lines, text_width

SENTENCE = (
    "the tomatoes came up late again this year and the neighbours said that it was the cold wind "
    "from the river which nobody had thought of when they put the beds so close to the water"
)
LONG = SENTENCE.split()


def paragraphs(document: Document) -> list[tuple[int, str, str]]:
    return [
        (segment.turn, segment.speaker, document.text[slice(*segment_body(document.text, segment))])
        for segment in document.segments
    ]


def quotes(document: Document) -> list[tuple[str, str]]:
    return [(coding.code, document.text[coding.start : coding.end]) for coding in document.codings]


def test_speakers_text_codes_and_underlines(tmp_path: Path) -> None:
    page = DelvePrint()
    page.name("Interviewer 1").passage("How did the garden start?")
    page.name("Interviewee").passage("Well, [[my aunt had]] the land.").codes("land", "family-help")
    path = page.save(tmp_path)
    document = read_delve_pdf(path)
    assert paragraphs(document) == [
        (0, "Interviewer 1", "How did the garden start?"),
        (1, "Interviewee", "Well, my aunt had the land."),
    ]
    assert document.text == "How did the garden start?\n\nWell, my aunt had the land."
    assert quotes(document) == [("land", "my aunt had"), ("family-help", "my aunt had")]
    assert (document.format, document.title, document.coder) == ("delve-pdf", "Interview 7", "Ada")
    assert document.notes == ()
    assert [skipped.what for skipped in document.skipped] == [
        "2 lines in the margins of the pages",
        "Interview 7 - Ada",
        "Created with the Delve Qualitative Analysis Tool (http://www.delvetool.com)",
    ]


def test_segments_tile_the_text(tmp_path: Path) -> None:
    page = DelvePrint()
    page.passage("All right.")
    page.name("A").passage("One.").passage("Two.")
    page.name("B").passage("Three.")
    document = read_delve_pdf(page.save(tmp_path))
    assert document.text == "All right.\n\nOne.\nTwo.\n\nThree."
    ends = [segment.end for segment in document.segments]
    assert [segment.start for segment in document.segments] == [0, *ends[:-1]]
    assert ends[-1] == len(document.text)
    assert [turn for turn, _, _ in paragraphs(document)] == [0, 1, 1, 2]
    assert [speaker for _, speaker, _ in paragraphs(document)] == ["", "A", "A", "B"]


def test_lines_of_a_passage_become_one_paragraph(tmp_path: Path) -> None:
    lines = filled_lines(LONG)
    assert len(lines) > 1
    document = read_delve_pdf(DelvePrint().name("A").passage(*lines).save(tmp_path))
    assert document.text == " ".join(LONG)


def test_passage_runs_over_pages_with_its_underline_and_codes(tmp_path: Path) -> None:
    lines = filled_lines(LONG * 3)
    page = DelvePrint()
    page.name("A").passage(*[f"[[{line}]]" for line in lines[:2]])
    page.page_break()
    page.passage(*[f"[[{line}]]" for line in lines[2:]])
    page.page_break()
    page.codes("weather").name("B").passage("Yes.")
    document = read_delve_pdf(page.save(tmp_path))
    assert paragraphs(document) == [(0, "A", " ".join(LONG * 3)), (1, "B", "Yes.")]
    assert quotes(document) == [("weather", " ".join(LONG * 3))]


def test_name_at_the_foot_of_a_page_belongs_to_the_text_on_the_next(tmp_path: Path) -> None:
    page = DelvePrint().name("A").passage("Yes.").name("B")
    page.page_break()
    document = read_delve_pdf(page.passage("No.").save(tmp_path))
    assert paragraphs(document) == [(0, "A", "Yes."), (1, "B", "No.")]


def test_short_last_line_on_a_page_ends_the_passage(tmp_path: Path) -> None:
    lines = filled_lines(LONG)
    page = DelvePrint().name("A").passage(*lines, "So.")
    page.page_break()
    page.passage("And then nothing.").codes("end")
    document = read_delve_pdf(page.save(tmp_path))
    assert [text for _, _, text in paragraphs(document)] == [
        " ".join([*LONG, "So."]) if text_width(lines[-1] + " So.", 10.5) > 511 else " ".join(LONG),
        *([] if text_width(lines[-1] + " So.", 10.5) > 511 else ["So."]),
        "And then nothing.",
    ]
    assert quotes(document) == [("end", "And then nothing.")]


def test_several_codes_and_stretches_share_the_hull_and_it_is_said(tmp_path: Path) -> None:
    page = DelvePrint().name("A")
    page.passage("First [[the wind]] and later [[the frost]] came.").codes("frost", "wind")
    document = read_delve_pdf(page.save(tmp_path))
    hull = "the wind and later the frost"
    assert quotes(document) == [("frost", hull), ("wind", hull)]
    (note,) = document.notes
    assert "1 passage with several underlined or touching highlights" in note
    assert "page 1" in note


def test_touching_highlights_of_one_code_need_no_note(tmp_path: Path) -> None:
    page = DelvePrint().name("A").passage("[[One ]][[two]] three.").codes("count")
    document = read_delve_pdf(page.save(tmp_path))
    assert quotes(document) == [("count", "One two")]
    assert document.notes == ()


def test_touching_highlights_of_two_codes_are_noted(tmp_path: Path) -> None:
    page = DelvePrint().name("A").passage("[[One ]][[two]] three.").codes("count", "sum")
    document = read_delve_pdf(page.save(tmp_path))
    assert quotes(document) == [("count", "One two"), ("sum", "One two")]
    assert "touching" in document.notes[0]


def test_codes_without_underline_cover_the_passage(tmp_path: Path) -> None:
    page = DelvePrint().name("A").passage("And you?").codes("question")
    document = read_delve_pdf(page.save(tmp_path))
    assert quotes(document) == [("question", "And you?")]
    assert "no underline" in document.notes[0]


def test_underline_without_code_is_noted_and_gives_no_coder(tmp_path: Path) -> None:
    document = read_delve_pdf(DelvePrint().name("A").passage("[[Hm.]]").save(tmp_path))
    assert document.codings == ()
    assert document.coder == ""
    assert "no code" in document.notes[0]


def test_boxes_wrap_over_rows_and_keep_their_order(tmp_path: Path) -> None:
    codes = [f"a-rather-long-code-name-{letter}" for letter in "abcdefgh"]
    page = DelvePrint().name("A").passage("[[Hm.]]").codes(*codes).name("B").passage("Well.")
    document = read_delve_pdf(page.save(tmp_path))
    assert quotes(document) == [(code, "Hm.") for code in codes]
    assert document.text == "Hm.\n\nWell."


def test_underline_ends_without_white_space(tmp_path: Path) -> None:
    page = DelvePrint().name("A").passage("It was[[ so cold ]]then.").codes("cold")
    assert quotes(read_delve_pdf(page.save(tmp_path))) == [("cold", "so cold")]


@pytest.mark.parametrize(
    ("elsewhere", "joined"),
    [
        ("It is well-known and self-made.", "well-known"),
        ("I was- I went- you know- so.", "well- known"),
        ("I was- I went- a well-known one- so.", "well-known"),
        ("Nothing here.", "well-known"),
    ],
)
def test_hyphen_at_the_end_of_a_line_joins_as_elsewhere(
    tmp_path: Path, elsewhere: str, joined: str
) -> None:
    first = "And so " + SENTENCE[:62] + " and that is well-"
    assert 350 < text_width(first, 10.5) < 511
    page = DelvePrint().name("A").passage(elsewhere).name("B").passage(first, "known to them.")
    document = read_delve_pdf(page.save(tmp_path))
    assert document.text.endswith(f"that is {joined} to them.")


def test_word_longer_than_a_line_is_put_together_again(tmp_path: Path) -> None:
    word = "x" * 97
    assert 500 < text_width(word, 10.5) < 511
    page = DelvePrint().name("A").passage("See", word, "yz there.")
    assert read_delve_pdf(page.save(tmp_path)).text == f"See {word}yz there."


def test_scripts_without_spaces_get_none_at_line_ends(tmp_path: Path) -> None:
    line = (
        "我们今天在园里种了很多东西天气很好大家都来了我们今天在园里种了很多东西天气很好大家都来了"
    )
    page = DelvePrint().name("甲").passage(line + "啊" * 30, "然后回家")
    document = read_delve_pdf(page.save(tmp_path))
    assert document.text == line + "啊" * 30 + "然后回家"
    assert document.segments[0].speaker == "甲", "the font is not bold, but a name stands nearer"


def test_combining_marks_and_emoji_keep_the_underline_in_place(tmp_path: Path) -> None:
    decomposed = unicodedata.normalize("NFD", "é")
    page = (
        DelvePrint().name("A").passage(f"Un caf{decomposed} [[t{decomposed}l{decomposed} 🌱]] oui.")
    )
    document = read_delve_pdf(page.codes("plant").save(tmp_path))
    assert document.text == "Un café télé 🌱 oui."
    assert quotes(document) == [("plant", "télé 🌱")]


def test_name_within_the_text_is_a_speaker(tmp_path: Path) -> None:
    page = DelvePrint().name("Ben").passage("Yes.").passage("Eva : [[No]], never.").codes("no")
    page.name("Eva").passage("Fine.").passage("Ben").passage("Bye.")
    document = read_delve_pdf(page.save(tmp_path))
    assert paragraphs(document) == [
        (0, "Ben", "Yes."),
        (1, "Eva", "No, never."),
        (2, "Eva", "Fine."),
        (3, "Ben", "Bye."),
    ]
    assert quotes(document) == [("no", "No")]
    assert [s.what for s in document.skipped if "speaker's name" in s.why] == ["Eva:", "Ben"]


def test_a_word_that_only_looks_like_a_name_stays_text(tmp_path: Path) -> None:
    page = DelvePrint().name("Ben").passage("One thing: rain.").passage("Ben")
    document = read_delve_pdf(page.save(tmp_path))
    assert [text for _, _, text in paragraphs(document)] == ["One thing: rain.", "Ben"]


def test_name_without_text_is_listed(tmp_path: Path) -> None:
    page = DelvePrint().name("A").name("B").passage("Yes.").name("C")
    document = read_delve_pdf(page.save(tmp_path))
    assert paragraphs(document) == [(0, "B", "Yes.")]
    listed = [s.what for s in document.skipped if s.what.startswith("speaker")]
    assert listed == ["speaker A", "speaker C"]


def test_code_above_all_passages_is_listed(tmp_path: Path) -> None:
    page = DelvePrint().codes("lost").name("A").passage("Yes.")
    document = read_delve_pdf(page.save(tmp_path))
    assert document.codings == ()
    assert [s.where for s in document.skipped if s.what == "lost"] == ["page 1"]


def test_text_in_the_margin_that_does_not_come_again_is_kept(tmp_path: Path) -> None:
    page = DelvePrint()
    for number in range(3):
        page.name("A").passage("Yes.")
        if number == 1:
            page.pdf.text(45, 770, "a line far down")
        if number < 2:
            page.page_break()
    document = read_delve_pdf(page.save(tmp_path))
    assert "a line far down" in document.text
    assert "97" not in document.text


def test_print_without_browser_lines_is_known_by_its_closing_line(tmp_path: Path) -> None:
    page = DelvePrint(margins=False).name("A").passage("Yes.")
    assert read_delve_pdf(page.save(tmp_path)).text == "Yes."


def test_print_that_is_cut_short_says_so(tmp_path: Path) -> None:
    page = DelvePrint(closing=False).name("A").passage("Yes, they told us so.")
    document = read_delve_pdf(page.save(tmp_path))
    assert document.text == "Yes, they told us so."
    assert "may not hold the whole interview" in document.notes[0]


def test_print_of_some_pages_says_so(tmp_path: Path) -> None:
    page = DelvePrint().name("A").passage("Yes.")
    page.page_break()
    path = page.name("A").passage("No.").save(tmp_path)
    page.pdf.pages.pop()
    path.write_bytes(page.pdf.data())
    notes = " ".join(read_delve_pdf(path).notes)
    assert "The footers count 2 pages, the file has 1" in notes
