"""A slip of the keyboard is answered with what was probably meant."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from assistant.cli.main import run
from assistant.cli.other_words import OTHER_WORDS
from assistant.meant import did_you_mean, meant, no_transcript
from tests.docs.making import commands


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["evalaute"], "Did you mean: secondcoder evaluate?"),
        (["codebook", "chek"], "Did you mean: secondcoder codebook check?"),
        (["coders"], "What to do: `secondcoder transcripts` lists who coded what; "),
        (["Rename", "Ana"], 'for a coder: --coder "NAME" --set-coder-name "RIGHT NAME"'),
        (["import-codebook"], "What to do: `secondcoder codebook import FILE` takes a codebook"),
        (["undo"], "What to do: `secondcoder accept NUMBER --undo` takes a decision"),
        (["--json", "status"], "--json goes after the command: secondcoder status --json"),
        (
            ["--json", "pseudonyms", "list"],
            "--json goes after the command: secondcoder pseudonyms list --json",
        ),
        (["withdraw", "interview", "04"], 'secondcoder withdraw "interview 04"'),
        (["withdraw", "--yes", "Interview", "32"], 'secondcoder withdraw "Interview 32"'),
        (
            ["withdraw", "Interview 32", "Interview 35"],
            'Give one at a time: secondcoder withdraw "Interview 32"',
        ),
        (["show", "1", "2"], "Give one at a time: secondcoder show 1"),
        (
            ["prompts", "preview", "list-v1", "--transcript", "Interview", "32"],
            'secondcoder prompts preview … --transcript "Interview 32"',
        ),
        (
            ["disagreements", "--run", "1", "--transcript", "Interview", "32"],
            'secondcoder disagreements … --transcript "Interview 32"',
        ),
    ],
)
def test_what_was_meant_is_said(
    arguments: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        run(["--study", str(tmp_path), *arguments])
    assert ended.value.code == 2
    assert said in capsys.readouterr().err


def test_every_other_word_leads_to_a_command_and_options_that_are_there() -> None:
    known = {name.removeprefix("secondcoder").strip(): one for name, one in commands()}
    for word, (line, _) in OTHER_WORDS.items():
        assert word not in known, f"“{word}” is a command itself"
        typed = shlex.split(line)
        depth = next(n for n in (2, 1, 0) if " ".join(typed[:n]) in known)
        assert depth or line == "--help", word
        options = {name for one in known[" ".join(typed[:depth])].params for name in one.opts}
        wanted = {part for part in typed[depth:] if part.startswith("--")}
        assert wanted <= options | {"--help"}, word
    for word in ("coders", "rename", "name", "people", "memo", "delete", "undo", "backup"):
        assert word in OTHER_WORDS


@pytest.mark.parametrize("names", [["Interview", "32"], ["Interview 32", "Interview 35"]])
@pytest.mark.parametrize("options", [[], ["--unit", "segment", "--details"]])
def test_a_command_that_takes_no_names_says_so(
    names: list[str], options: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        run(["--study", str(tmp_path), "evaluate", *options, *names])
    assert ended.value.code == 2
    said = capsys.readouterr().err
    assert "What to do: `secondcoder evaluate` takes no names, only options" in said
    assert f"leave out {' '.join(f'“{name}”' for name in names)}." in said
    assert "quotation marks" not in said


def test_an_option_of_no_command_is_not_sent_elsewhere(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        run(["--study", str(tmp_path), "--raw", "status"])
    said = capsys.readouterr().err
    assert "No such option" in said
    assert "goes after" not in said


def test_the_only_name_that_begins_so_is_meant() -> None:
    there = ["Interview 05 Ada", "Interview 06 Béatrice", "Interview 16"]
    assert meant("interview 06", there) == "Interview 06 Béatrice"
    assert meant("Interview 0", there) != "", "of several that begin so, the nearest"
    assert meant("In", there) == ""


def test_a_name_that_stands_within_another_is_meant() -> None:
    there = ["Interview 30", "Interview Nadia", "Interview Berger", "Garden in May", "Garden, old"]
    assert meant("nadia", there) == "Interview Nadia", "a word of it"
    assert meant("Berg", there) == "Interview Berger", "the beginning of a word"
    assert meant("30", there) == "Interview 30"
    assert meant("3", there) == meant("in", there) == "", "a bit of a word says nothing"
    assert meant("Nadja", there) == "Interview Nadia", "a word of it, mistyped"
    assert did_you_mean("old garden", there) == "Did you mean “Garden, old”? "
    assert did_you_mean("gardens", ["Garden", "garden-1"], {"Garden": "g", "garden-1": "g"}) == (
        "Did you mean “Garden”? "
    ), "two names of one thing are asked about once"
    assert did_you_mean("garden", there) == "Did you mean “Garden in May” or “Garden, old”? "
    assert did_you_mean("Interviews", there[:3]) != "", "of many with that word, the nearest"


def test_names_that_may_be_meant_stand_first_and_a_long_list_is_cut() -> None:
    there = [*(f"Interview {n}" for n in range(1, 41)), "Interview Nadia"]
    hint = no_transcript("Nadia", there).hint
    assert hint.startswith(
        "Did you mean “Interview Nadia”? The study has: Interview Nadia, Interview 1, Interview 2,"
    )
    assert hint.endswith("Interview 11 and 29 more (`secondcoder transcripts` lists them).")
