"""Reader 3: Delve text exports, with code labels on lines of their own after the passage."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.transcripts import guess_labels
from tests.transcripts.reading_help import codes, read_text, turns

FOOTER = "Created with the Delve Qualitative Analysis Tool (http://www.delvetool.com)"
EXPORT = f"""Interview 9 - Mara

Interviewer 1

How did you begin to bake?

origin-story

Interviewee

My aunt had an oven. It was
always warm.

origin-story

family-help

Interviewee

Mm-hmm

Interviewer 1

And today?

Interviewee

Today I bake for the village.

village-life

Then I rest.

Q2.1

Interviewee

Mm-hmm

{FOOTER}
"""


def test_known_codes(tmp_path: Path) -> None:
    known = ["origin-story", "family-help", "Village-Life", "Q2.1"]
    document = read_text(tmp_path, EXPORT, "Interview 9 - Mara.txt", known_codes=known)
    assert codes(document) == [
        ("origin-story", "How did you begin to bake?"),
        ("origin-story", "My aunt had an oven. It was always warm."),
        ("family-help", "My aunt had an oven. It was always warm."),
        ("village-life", "Today I bake for the village."),
        ("Q2.1", "Then I rest."),
    ]
    assert (document.format, document.coder, document.title) == (
        "delve-text",
        "Mara",
        "Interview 9",
    )
    assert document.guessed_labels == ()
    assert [s.why for s in document.skipped] == [
        "the title of the interview",
        "the footer of a Delve export",
    ]
    assert turns(document)[-1] == ("Interviewee", ["Mm-hmm"])


def test_guesses_are_not_trusted_unless_told(tmp_path: Path) -> None:
    """Two labels are repeated or beside one; ``village-life`` alone gives the rule no reason."""
    document = read_text(tmp_path, EXPORT, "Interview 9 - Mara.txt")
    assert document.codings == ()
    assert document.coder == ""
    assert document.guessed_labels == ("origin-story", "family-help")
    assert [(line.what, line.where) for line in document.lookalikes][:3] == [
        ("origin-story", "line 7"),
        ("origin-story", "line 14"),
        ("family-help", "line 16"),
    ]
    shy = [s for s in document.skipped if "nobody has confirmed" in s.why]
    assert [(s.what, s.where) for s in shy] == [
        ("origin-story", "line 7"),
        ("origin-story", "line 14"),
        ("family-help", "line 16"),
    ]
    assert "origin-story" not in document.text

    trusted = read_text(tmp_path, EXPORT, "Interview 9 - Mara.txt", trust_guesses=True)
    assert trusted.text == document.text
    assert trusted.coder == "Mara"
    assert [code for code, _ in codes(trusted)] == ["origin-story", "origin-story", "family-help"]


def test_confirmed_labels_and_coder(tmp_path: Path) -> None:
    """A label that the user lists may be any words, and need not be repeated."""
    text = EXPORT.replace("village-life", "Life in the village")
    labels = ["Life in the village", "origin-story", "family-help"]
    document = read_text(tmp_path, text, "x.txt", labels=labels, coder="Ada")
    assert ("Life in the village", "Today I bake for the village.") in codes(document)
    assert len(document.codings) == 4
    assert document.coder == "Ada"
    assert read_text(tmp_path, "Ann: Hi you.\n\nBo: Hello.", coder="Ada").coder == ""


def test_guess_labels() -> None:
    assert guess_labels(EXPORT) == (("origin-story", 2, 7), ("family-help", 1, 16))
    more = guess_labels(EXPORT, known=["village-people"])
    assert ("village-life", 1, 30) in more
    assert guess_labels("Ann: We said so-so.\n\nBo: Mm-hmm.\n") == ()


@pytest.mark.parametrize(
    "said", ["mm-hmm", "Uh-huh", "bye-bye", "peut-être", "Jean-Luc", "bread-and-butter!"]
)
def test_spoken_tokens_are_not_labels(tmp_path: Path, said: str) -> None:
    rows = [f"Interviewer\n\nDid you bake {i}?\n\nIt rained.\n\n{said}\n\n" for i in range(4)]
    text = "".join(f"{row}Interviewee\n\nYes, {i}.\n\n" for i, row in enumerate(rows))
    document = read_text(tmp_path, text)
    assert document.guessed_labels == ()
    assert document.text.count(said) == 4


def test_only_words_of_a_turn_are_not_a_guessed_label(tmp_path: Path) -> None:
    text = "".join(f"Interviewer\n\nDay {i}?\n\nInterviewee\n\nhalf-baked\n\n" for i in range(3))
    document = read_text(tmp_path, text)
    assert document.text.count("half-baked") == 3
    assert guess_labels(text) == ()


def test_plain_words_of_a_codebook_are_speech_outside_of_exports(tmp_path: Path) -> None:
    talk = "Interviewer\n\nWhat matters?\n\nInterviewee\n\nThe oven.\n\nTrust\n\n"
    talk += "Interviewer\n\nWhat else?\n\nInterviewee\n\nTime.\n\n"
    document = read_text(tmp_path, talk, known_codes=["Trust"])
    assert "Trust" in document.text
    assert document.codings == ()
    export = read_text(tmp_path, talk + FOOTER, known_codes=["Trust"])
    assert codes(export) == [("Trust", "The oven.")]
    only = read_text(tmp_path, talk.replace("The oven.\n\n", "") + FOOTER, known_codes=["Trust"])
    assert "Trust" in only.text  # the only word of a turn


def test_label_without_a_passage_and_twice(tmp_path: Path) -> None:
    text = "big-oven\n\nInterviewer\n\nHow?\n\nbig-oven\n\nbig-oven\n\nInterviewee\n\nbig-oven\n\n"
    document = read_text(tmp_path, text + "Interviewee\n\nWell.\n", labels=["big-oven"])
    assert codes(document) == [("big-oven", "How?")]
    whys = [s.why for s in document.skipped if s.what == "big-oven"]
    assert whys == [
        "a code label with no passage before it",
        "the same code a second time on one passage",
        "a code label with no passage before it",
    ]


def test_labels_right_below_the_passage(tmp_path: Path) -> None:
    text = "Interviewer\nHow?\nwarm-oven\nInterviewee\nSlowly.\nwarm-oven\nnew-flour\n"
    document = read_text(tmp_path, text, labels=["warm-oven", "new-flour"])
    assert codes(document) == [
        ("warm-oven", "How?"),
        ("warm-oven", "Slowly."),
        ("new-flour", "Slowly."),
    ]


def test_labels_with_speakers_in_front_of_colons(tmp_path: Path) -> None:
    text = "Ann: How?\n\nBo: Slowly.\n\nwarm-oven\n\nAnn: Why?\n\nBo: Time.\n\nwarm-oven\n"
    document = read_text(tmp_path, text, trust_guesses=True)
    assert codes(document) == [("warm-oven", "Slowly."), ("warm-oven", "Time.")]
    assert read_text(tmp_path, text, reader="plain").text.count("warm-oven") == 2


def test_footer_in_the_last_line(tmp_path: Path) -> None:
    document = read_text(tmp_path, f"Interviewer\n\nHow?\n\nInterviewee\n\nGoodbye. {FOOTER}\n")
    assert document.text == "How?\n\nGoodbye."
    assert document.format == "delve-text"
    assert document.coder == ""


def test_page_debris(tmp_path: Path) -> None:
    text = (
        "## Interview 3 - Bo.txt\n\nInterviewer\n\nHow?\n\nInterviewee\n\nWe waited\n\n"
        "\t\t\t_\nInter\tVIA.\tMAR\t1\n\nfor the dough.\n\nPage 3 of 9\n\nInterviewee\n\n\u0131\n\n"
        "Interviewer\n\n42\n\nInterviewee\n\n---\n\nYes.\n\n" + FOOTER
    )
    document = read_text(tmp_path, text, "Interview 3 - Bo.md")
    assert document.text == "How?\n\nWe waited\nfor the dough.\n\n42\n\nYes."
    listed = {s.what: s.why for s in document.skipped}
    assert set(listed) == {
        "## Interview 3 - Bo.txt",
        "_",
        "Inter VIA. MAR 1",
        "Page 3 of 9",
        "\u0131",
        "Interviewee",
        "---",
        FOOTER,
    }
    assert all(listed.values())


def test_running_heads_and_page_numbers(tmp_path: Path) -> None:
    pages = [f"Bread study\n\nAnn: Question {i}?\n\nBo: Words {i}.\n\n{i + 1}\n" for i in range(4)]
    document = read_text(tmp_path, "\f".join(pages))
    assert [len(paragraphs) for _, paragraphs in turns(document)] == [1] * 8
    whys = [s.why for s in document.skipped]
    assert whys.count("a page number") == 4
    assert sum("page breaks" in why for why in whys) == 4
