"""An option that takes one value is refused where it is given twice; nothing is lost in silence."""

from __future__ import annotations

from pathlib import Path

from tests.cli.command import secondcoder


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
