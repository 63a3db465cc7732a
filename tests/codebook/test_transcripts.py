"""No text of a transcript stands in a prompt that codes that transcript."""

from __future__ import annotations

from typing import Any

import pytest

from assistant.codebook.records import Code, Codebook, Example
from assistant.codebook.transcripts import (
    codebook_for_transcript,
    same_transcript,
    without_examples_from,
)
from assistant.recipe import entries

TEXT = (
    "So how was the spring on the plot?\n\nWell it was “all clay” down there and nothing would "
    "ever\ngrow, not one bean.\n\nAnd then my neighbour came with a barrow of good compost."
)


def book(*examples: Example) -> Codebook:
    return Codebook(name="x", codes=(Code(id="soil", examples=examples), Code(id="other")))


def kept(codebook: Codebook) -> list[str]:
    return [example.text for code in codebook.codes for example in code.examples]


def test_examples_of_the_transcript_are_left_out() -> None:
    codebook = book(
        Example(text="one", transcript="Ada"),
        Example(text="two", transcript="Ben"),
        Example(text="three"),
    )
    assert kept(codebook_for_transcript(codebook, "Ada")) == ["two", "three"]
    assert kept(codebook_for_transcript(codebook, "ada.txt")) == ["two", "three"]
    assert kept(codebook_for_transcript(codebook, "Adam")) == ["one", "two", "three"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("it was “all clay” down there and nothing would ever grow", True),
        ("It was \"all clay\"  down there\nand nothing would ever grow", True),
        ("it was all-clay down there and nothing would ever grow", False),
        ("not one bean.", True),
        ("and nothing would ever grow, not … came with a barrow of good compost", True),
        ("and nothing would ever grow, not [...] who knows", True),
        ("Interviewee: and nothing would ever grow, not\nInterviewer: I see.", True),
        ("My potatoes drowned in April.", False),
        ("I said ... she came with a wheelbarrow ... good compost", False),
    ],
)  # fmt: skip
def test_examples_whose_words_stand_in_the_transcript_are_left_out(text: str, found: bool) -> None:
    # Labelled with another transcript, or with none.
    codebook = book(Example(text=text, transcript="Ben"), Example(text=text))
    assert kept(without_examples_from(codebook, "Ada", TEXT)) == ([] if found else [text, text])


def test_its_own_examples_go_too_whatever_they_hold() -> None:
    codebook = book(Example(text="nowhere in the text", transcript="Ada"))
    assert kept(without_examples_from(codebook, "Ada", TEXT)) == []


def test_what_is_left_has_its_own_hash() -> None:
    codebook = book(Example(text="one", transcript="Ada"))
    before = codebook.sha256, codebook.codes[0].sha256
    without = codebook_for_transcript(codebook, "Ada")
    assert (without.sha256, without.codes[0].sha256) != before
    assert without.sha256 == book().sha256
    assert (codebook.sha256, codebook.codes[0].sha256) == before
    assert codebook_for_transcript(codebook, "Ben").sha256 == codebook.sha256


def test_names_of_transcripts() -> None:
    assert same_transcript("Interview  3.TXT", "interview 3")
    assert not same_transcript("Interview 3", "Interview 30")


def test_a_code_s_hash_changes_with_its_own_entry_only() -> None:
    def hashes(code: Code, **more: Any) -> dict[str, str]:
        other = Code(id="b", definition="B.", family="F")
        return entries(Codebook(name="x", codes=(code, other), **more))

    plain = hashes(Code(id="a", definition="A."))
    edited = hashes(Code(id="a", definition="A, really."))
    assert edited["a"] != plain["a"]
    assert edited["b"] == plain["b"]
    assert hashes(Code(id="a", definition="A.", aliases=("z",)))["a"] == plain["a"]
    assert hashes(Code(id="a", definition="A.", examples=(Example(text="e"),)))["a"] != plain["a"]
    described = hashes(Code(id="a", definition="A."), families={"F": "Fields"})
    assert described["b"] != plain["b"]
    assert described["a"] == plain["a"]
