"""Of two statements that cannot both hold none is passed over in silence."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.store.database import open_store
from assistant.store.decided.decisions import decisions
from assistant.store.texts.transcripts import transcript_infos
from tests.cli.command import secondcoder
from tests.review.studies import shed


def test_a_second_value_is_refused_and_not_taken_in_place_of_the_first(tmp_path: Path) -> None:
    study = tmp_path / "study"
    assert secondcoder(tmp_path, "init", str(study)).code == 0
    for words in (
        ["transcripts", "--set-exposure", "independent", "--coder", "Ana", "--coder=Ben"],
        ["transcripts", "--coder", "Ana", "--set-exposure", "independent", "--coder", "Ana"],
        ["codebook", "show", "--version", "1", "--version", "2"],
    ):
        done = secondcoder(study, *words)
        assert done.code == 2
        name = "--version" if words[0] == "codebook" else "--coder"
        assert f"{name} takes one value here and was given more than once" in done.err


def test_what_may_be_given_often_and_what_says_nothing_new_is_taken(tmp_path: Path) -> None:
    study, text = tmp_path / "study", tmp_path / "a.txt"
    secondcoder(tmp_path, "init", str(study))
    done = secondcoder(study, "status", "--json", "--json")
    assert (done.code, '"transcripts"' in done.out) == (0, True)
    text.write_text("Eva: I said so.\n")
    speakers = ("--speaker", "Eva", "--speaker", "Max")
    done = secondcoder(study, "import", str(text), "--dry-run", *speakers)
    assert (done.code, "1 of 1 file" in done.out) == (0, True)


def test_other_mistakes_are_told_as_before(tmp_path: Path) -> None:
    assert "No such option" in secondcoder(tmp_path, "codebook", "show", "--nonsense").err
    assert "No such command" in secondcoder(tmp_path, "codebook", "nonsense").err


@pytest.mark.parametrize(
    "words",
    [
        ("--all-of", "tools", "--run", "1", "--reject", "--because", "they are no tools"),
        ("--all-of", "tools", "--run", "1", "--amend", "weather", "--because", "trial"),
        ("--undo-bulk", "1", "--reject"),
    ],
)
def test_many_are_not_accepted_where_rejecting_was_asked(
    tmp_path: Path, words: tuple[str, ...]
) -> None:
    study = shed(tmp_path / "study")
    done = secondcoder(study.folder, "accept", *words)
    assert done.code == 2, done.out
    with open_store(study.database)[0] as store:
        assert not any(one.decision == "accept" for one in decisions(store))


def test_no_language_takes_none_away(tmp_path: Path) -> None:
    study = shed(tmp_path / "study")
    secondcoder(study.folder, "transcripts", "--set-language", "en")
    done = secondcoder(study.folder, "transcripts", "--set-language", "")
    assert (done.code, "No language was given" in done.err) == (2, True)
    with open_store(study.database)[0] as store:
        assert {info.language for info in transcript_infos(store)} == {"en"}
