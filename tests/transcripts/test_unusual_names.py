"""Speakers with names that look like no names; what was not taken for one is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.transcripts import read_document
from assistant.transcripts.records import Document

SAID = ("I took the bus.", "Not too far.", "You are welcome.")


def talk(tmp_path: Path, name: str, **options: tuple[str, ...]) -> Document:
    path = tmp_path / "talk.txt"
    lines = [
        line for said in SAID for line in ("Interviewer: And how was it then?", f"{name}: {said}")
    ]
    path.write_text("\n\n".join(lines) + "\n", encoding="utf-8")
    return read_document(path, language="en", **options)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "name",
    ["?", "??", "???", "Smith, John", "Müller-Łuk, Jr.", "S1 [whisper]", "@nick"],
)
def test_a_name_that_opens_paragraphs_again_and_again(tmp_path: Path, name: str) -> None:
    found = talk(tmp_path, name)
    assert [s.speaker for s in found.segments] == ["Interviewer", name] * 3
    assert f"{name}:" not in found.text


@pytest.mark.parametrize(
    "name",
    [
        *("Well, the point is", "So here", "and then", "What we really needed was"),
        "The woman from the second floor",
    ],
)
def test_words_before_a_colon_stay_words_and_are_named(tmp_path: Path, name: str) -> None:
    found = talk(tmp_path, name)
    assert found.text.count(f"{name}:") == 3
    assert any(f"“{name}:” stands at the beginning of 3 paragraphs" in n for n in found.notes)


def test_who_knows_the_speaker_names_her(tmp_path: Path) -> None:
    found = talk(tmp_path, "and then", speakers=("and then",))
    assert [s.speaker for s in found.segments] == ["Interviewer", "and then"] * 3
    assert not any("stands at the beginning" in note for note in found.notes)


@pytest.mark.parametrize(
    ("name", "named"), [("???", ()), ("?", ()), ("Participant ?", ("Participant ?",))]
)
def test_a_speaker_nobody_knows_on_a_line_of_its_own(
    tmp_path: Path, name: str, named: tuple[str, ...]
) -> None:
    path = tmp_path / "talk.txt"
    lines = [
        line for said in SAID for line in ("Interviewer", "And how was it?", name, f"Yes. {said}")
    ]
    path.write_text("\n\n".join(lines) + "\n", encoding="utf-8")
    found = read_document(path, language="en", speakers=named)
    assert [s.speaker for s in found.segments] == ["Interviewer", name] * 3
    assert f"\n{name}\n" not in found.text
