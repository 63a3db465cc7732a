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
    ],
)
def test_what_was_meant_is_said(
    arguments: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        run(["--study", str(tmp_path), *arguments])
    assert ended.value.code == 2
    assert said in capsys.readouterr().err


def test_an_option_of_no_command_is_not_sent_elsewhere(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        run(["--study", str(tmp_path), "--raw", "status"])
    said = capsys.readouterr().err
    assert "No such option" in said
    assert "goes after" not in said
