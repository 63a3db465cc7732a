"""A misspelt transcript, coder, code, prompt or name is answered with what was probably meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.meant import did_you_mean, meant
from assistant.study import Study
from tests.cli.command import secondcoder
from tests.export.studies import garden


@pytest.fixture
def study(tmp_path: Path) -> Study:
    return garden(tmp_path / "study").study


def test_what_is_nearly_it() -> None:
    known = ["Interview 4", "Interview 12", "Garden"]
    assert meant("interveiw 4", known) == "Interview 4"
    assert meant("GARDEN", known) == "Garden"
    assert meant("weather", known) == ""
    assert did_you_mean("gardn", known) == "Did you mean “Garden”? "
    assert did_you_mean("", known) == ""


@pytest.mark.parametrize(
    ("arguments", "near"),
    [
        (["code", "Gardn 1", "--dry-run"], "Garden 1"),
        (["transcripts", "Gardne 1"], "Garden 1"),
        (["export", "csv", "--transcript", "garden1"], "Garden 1"),
        (["export", "csv", "--coder", "Anna"], "Ana"),
        (["transcripts", "--set-exposure", "blind", "--coder", "Anna"], "Ana"),
        (["disagreements", "--transcript", "Gaden 1", "--run", "1"], "Garden 1"),
        (["disagreements", "--between", "Anna", "Ben", "--run", "1"], "Ana"),
        (["disagreements", "--code", "tols", "--run", "1"], "tools"),
        (["withdraw", "Garden l", "--yes"], "Garden 1"),
        (["pseudonyms", "preview", "Garden2"], "Garden 1"),
        (["codebook", "show", "tols"], "tools"),
        (["transcripts", "--looked-again", "--code", "tols"], "tools"),
        (["prompts", "preview", "lst-v1"], "list-v1"),
    ],
)
def test_every_command_says_it(study: Study, arguments: list[str], near: str) -> None:
    done = secondcoder(study.folder, *arguments)
    assert done.code == 2, done.err
    assert f"What to do: Did you mean “{near}”?" in done.err


@pytest.mark.parametrize("command", [("code", "--dry-run"), ("transcripts",)])
def test_a_name_that_was_cut_at_its_space_is_put_together(
    study: Study, command: tuple[str, ...]
) -> None:
    done = secondcoder(study.folder, *command, "garden", "1")
    assert done.code == 2
    assert 'What to do: Put names with spaces in quotation marks: "Garden 1".' in done.err
    twice = secondcoder(study.folder, *command, "Garden", "1", "Garden 1")
    assert 'quotation marks: "Garden 1" "Garden 1".' in twice.err
    wrong = secondcoder(study.folder, *command, "Garden", "7")
    assert "The study has: Garden 1. Names with spaces need quotation marks." in wrong.err
    assert "quotation marks" not in secondcoder(study.folder, *command, "Garden 7").err


def test_a_name_that_stands_nowhere_is_warned_about(study: Study) -> None:
    done = secondcoder(study.folder, "pseudonyms", "add", "Gardner")
    assert "“Gardner” becomes “Person 1”" in done.out
    assert "“Gardner” stands nowhere in the transcripts" in done.err
    there = secondcoder(study.folder, "pseudonyms", "add", "neighbour")
    assert "nowhere" not in there.err


def test_a_misspelt_name_is_answered_with_the_one_in_the_text(study: Study) -> None:
    done = secondcoder(study.folder, "pseudonyms", "add", "Whoo")
    assert "Did you mean “Who”?" in done.err
    wrong = secondcoder(study.folder, "pseudonyms", "refuse", "Whooo")
    assert "Did you mean “Whoo”?" in wrong.err
