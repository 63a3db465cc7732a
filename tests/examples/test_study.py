"""The example study is whole: its transcripts, codings and codebook fit each other."""

from __future__ import annotations

import pytest

from assistant.codebook.checking import check
from assistant.codebook.findings import UsedCode
from assistant.codebook.loading import load_codebook
from assistant.study import open_study
from tests.examples.files import (
    CODERS,
    EXAMPLES,
    codebook,
    coded,
    paragraphs,
    positives,
    transcript_names,
)

ALL = (*CODERS, "Team")


def test_it_opens_as_a_study() -> None:
    assert "Lower Field" in open_study(EXAMPLES).config.name


def test_the_readme_says_that_it_is_invented() -> None:
    assert "**All of it is invented.**" in (EXAMPLES / "README.md").read_text(encoding="utf-8")


def test_there_are_enough_transcripts_in_several_formats() -> None:
    endings = [file.suffix for file in (EXAMPLES / "transcripts").iterdir()]
    assert len(endings) == len(set(transcript_names())) == 12
    assert set(endings) == {".txt", ".md", ".docx"}


@pytest.mark.parametrize("name", transcript_names())
def test_a_transcript_is_short_and_a_conversation(name: str) -> None:
    parts = paragraphs(name)
    words = sum(len(text.split()) for _, text in parts)
    assert 400 <= words <= 800
    assert 25 <= len(parts) <= 45
    speakers = {speaker for speaker, _ in parts}
    assert any(speaker.startswith("Interviewer") for speaker in speakers)
    assert len(speakers) >= 2


@pytest.mark.parametrize("name", transcript_names())
@pytest.mark.parametrize("coder", ALL)
def test_coded_files_have_the_words_of_the_transcript(name: str, coder: str) -> None:
    assert [(p.speaker, p.text) for p in coded(name, coder)] == list(paragraphs(name))


def test_no_file_of_codes_is_left_over() -> None:
    expected = {f"{name} - {coder}.txt" for name in transcript_names() for coder in CODERS}
    assert {file.name for file in (EXAMPLES / "codings").iterdir()} == expected
    team = {f"{name} - Team.txt" for name in transcript_names()}
    assert {file.name for file in (EXAMPLES / "adjudicated").iterdir()} == team


def test_all_labels_are_in_the_codebook_and_aliases_are_used() -> None:
    book = codebook()
    used = {x for n in transcript_names() for c in ALL for p in coded(n, c) for x in p.labels}
    assert {label for label in used if not book.resolve(label)} == {"Look-again"}
    assert book.ignored("Look-again")
    assert {label for label in used if book.resolve(label) not in (label, None)} == {
        "Calm-relief",
        "Crops-and-growing",
        "Guilt-burden",
        "Help-from-neighbours",
        "Money-and-cost",
    }
    team = {label for n in transcript_names() for p in coded(n, "Team") for label in p.labels}
    assert team == set(book.by_id)


def test_the_codebook_is_complete() -> None:
    book = codebook()
    assert len(book.codes) == 12
    assert [code.id for code in book.codes if code.kind == "latent"] == ["Stands-in-for-someone"]
    assert {code.family for code in book.codes} == set(book.families)
    for code in book.codes:
        assert code.definition, code.id
        assert code.include, code.id
        assert code.exclude, code.id
        assert code.examples, code.id


def test_the_program_has_nothing_to_mend_in_the_codebook() -> None:
    book = load_codebook(EXAMPLES / "codebook" / "codebook.yaml")
    counts: dict[str, int] = {}
    for name in transcript_names():
        for coder in CODERS:
            for paragraph in coded(name, coder):
                for label in paragraph.labels:
                    counts[label] = counts.get(label, 0) + 1
    used = [UsedCode(label, count) for label, count in counts.items()]
    found = check(book, used, transcript_names())
    assert [f for f in found if f.severity != "note"] == []


def test_examples_are_verbatim_and_agree_with_the_team() -> None:
    for code in codebook().codes:
        for example in code.examples:
            places = [
                (example.transcript, number)
                for number, (_, text) in enumerate(paragraphs(example.transcript))
                if example.text in text
            ]
            assert len(places) == 1, (code.id, example.text)
            assert (places[0] in positives(code.id, "Team")) == example.applies, example.text
