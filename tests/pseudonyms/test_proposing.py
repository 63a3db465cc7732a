"""What is proposed as a name, and what is not, by sentences as people say and transcribe them."""

from __future__ import annotations

import pytest

from assistant.deidentify.ordinary import is_function_word
from assistant.deidentify.proposing import propose
from assistant.transcripts.records import Segment, Transcript


def proposed(*said: str, language: str = "en") -> dict[str, str]:
    """Term -> why, of an interview with these passages."""
    text = "\n\n".join(said)
    segments, at = [], 0
    for number, passage in enumerate(said):
        end = min(len(text), at + len(passage) + 2)
        segments.append(Segment(index=number, start=at, end=end, turn=number))
        at = end
    one = Transcript(
        id=1,
        name="A",
        sha256="x",
        text=text,
        language=language,
        consent="",
        segments=tuple(segments),
    )
    return {p.pseudonym.term: p.why for p in propose([one]).proposals}


@pytest.mark.parametrize(
    ("said", "terms"),
    [
        ("Then we went to Harrow Lane And I'd never been there.", {"Harrow Lane"}),
        ("He works for Brook Mills So I'm not sure.", {"Brook Mills"}),
        ("We are at Company X. So I'm there, with City Y And so on.", set()),
        ("They said the F B I came, or the G P U.", set()),
        ("It is about AI and HR, and the GPUs and APIs we had.", set()),
        ("She knew Bertha and Wolfram from the mill.", {"Bertha", "Wolfram"}),
        ("So it was Ben Harrow or Will Pell who said it.", {"Ben Harrow", "Will Pell"}),
        ("We lived in Los Prados and near La Morra then.", {"Los Prados", "La Morra"}),
        ("My friend J. Pellwright wrote it. She left.", {"J Pellwright"}),
        ("The data science we do is Data Science, and software engineering.", set()),
        ("It was in the Ministry of Health and Sport.", {"Ministry of Health and Sport"}),
        ("There was O'Brien Farm, then D'Angelo Street.", {"O'Brien Farm", "D'Angelo Street"}),
        ("I asked Dr Pell. I asked Mr AI.", {"Pell", "AI"}),
        ("I asked Dr. Pell. I asked, too, Mrs. Wolf. She knew.", {"Pell", "Wolf"}),
        ("We are three. Me, Odile and old Bertha.", {"Odile", "Bertha"}),
        ("I told Odile. They told Rosa. It was a rosa one.", {"Odile"}),
        ("It was on Sundays, in May. Then I asked. Odile said so.", set()),
        ("Badly. Bertha and I did it. Curtains and I do not fit. The curtains.", {"Bertha"}),
    ],
)
def test_names_and_what_looks_like_one(said: str, terms: set[str]) -> None:
    assert set(proposed(said)) == terms


@pytest.mark.parametrize(
    ("said", "terms"),
    [
        ("On était chez Morvan Textile Donc voilà, et puis RH Voilà.", {"Morvan Textile"}),
        ("Il y avait Bertille et Gaspard avec nous, C'est tout.", {"Bertille", "Gaspard"}),
        ("Je viens de Ville2, dans la Compagnie3, et Ville encore.", set()),
    ],
)
def test_in_french(said: str, terms: set[str]) -> None:
    assert set(proposed(said, language="fr")) == terms


def test_a_pair_is_proposed_though_it_comes_once() -> None:
    found = proposed("I told Bertha and Wolfram.", "She told Odile.")
    assert found == {
        "Bertha": "beside another name",
        "Wolfram": "beside another name",
        "Odile": "capital inside a sentence, once",
    }


def test_what_stands_once_comes_last() -> None:
    once = proposed("I told Arno it was so.", "In Wimbledon and out of Wimbledon, I said.")
    assert list(once) == ["Wimbledon", "Arno"]


def test_in_german_only_one_who_is_named_with_the_speaker() -> None:
    said = "Wir waren zu zweit, der Gunther und ich. Meine Frau und ich, und der Hund."
    assert "Gunther" in proposed(said, language="de")
    assert not {"Frau", "Hund"} & set(proposed(said, language="de"))


@pytest.mark.parametrize("word", ["And", "Donc", "I'm", "C'est", "So", "I’d", "D'accord", "Qu'il"])
def test_function_words(word: str) -> None:
    assert is_function_word(word)


@pytest.mark.parametrize("word", ["O'Brien", "D'Angelo", "Ben", "Will", "Ella", "May", "Brook"])
def test_names_are_none(word: str) -> None:
    assert not is_function_word(word)
