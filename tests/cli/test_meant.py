"""A slip of the keyboard is answered with what was probably meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.cli.main import run


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["evalaute"], "Did you mean: secondcoder evaluate?"),
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
