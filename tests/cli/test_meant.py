"""A slip of the keyboard is answered with what was probably meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.cli.main import run


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["evalaute"], "Did you mean: secondcoder evaluate?"),
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
