"""What a command line cannot mean is refused: nothing of it is done, and no traceback is shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.store.database import open_store
from assistant.store.decided.decisions import decisions
from tests.cli.command import secondcoder
from tests.review.studies import shed

LARGE = "9" * 24
"""More than a database can count to."""


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("accept", "1", "--reject", "--undo"), "--reject and --undo are different decisions"),
        (("accept", "1", "--reject", "--amend", "weather"), "--reject and --amend are different"),
        (("accept", "1", "--all-of", "tools", "--run", "1"), "NUMBERS and --all-of are different"),
        (("accept", "1", "--amend", ""), "--amend needs the code"),
        (("accept", "1", "--amend", " "), "--amend needs the code"),
        (("accept", LARGE), "so large a number"),
        (("show", LARGE), "so large a number"),
        (("runs", LARGE), "so large a number"),
        (("code", "--model", "none", "--max-cost", "nan"), "The limit of cost is no number"),
        (("merge", "--conflicts", "--open", "x"), "different things to do"),
    ],
    ids=lambda given: " ".join(given)[:40] if isinstance(given, tuple) else None,
)
def test_refused_with_nothing_done(tmp_path: Path, arguments: tuple[str, ...], says: str) -> None:
    study = shed(tmp_path / "study")
    ended = secondcoder(study.folder, *arguments)
    assert ended.code == 2, ended.out
    assert says in ended.err
    assert "What to do: " in ended.err
    with open_store(study.database)[0] as store:
        assert decisions(store) == ()


def test_a_study_where_no_folder_can_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def nowhere(*_: object, **__: object) -> None:
        raise FileNotFoundError(3, "The system cannot find the path specified")

    monkeypatch.setattr(Path, "mkdir", nowhere)
    ended = secondcoder(tmp_path, "init", str(tmp_path / "on a drive that is gone"))
    assert ended.code == 2
    assert "No folder can be made there" in ended.err
    assert "on a drive that is gone" in ended.err
