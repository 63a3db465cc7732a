"""The demo without a model, from the first file to the report, and what it refuses."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.guide.demo import run_demo
from assistant.store.database import open_store
from assistant.store.model.runs import runs
from assistant.store.verify import verify
from assistant.study import open_study
from tests.cli.command import secondcoder

_INTERVIEWS = 12


@pytest.mark.slow
def test_the_whole_demo_and_once_more(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    said: list[str] = []
    found = run_demo(folder, "none", said.append)
    assert len(found.coded) == _INTERVIEWS
    assert found.asked_for_calibration == ()
    assert Path(found.report).is_file()
    assert sum(found.lanes.values()) == 12  # every code of the codebook has a lane
    told = "\n".join(said)
    assert "people agree with each other at kappa" in told
    assert "The best baseline without understanding" in told
    for line in said:
        if "kappa" in line:
            assert all(w in line for w in (", AC1 ", "mean over", "worst code")), "it stands alone"
    assert all(name in told for name in found.coded)

    again = run_demo(folder, "none", lambda _: None)
    assert again.run == found.run, "nothing has changed, so it is the same run"
    assert again.lanes == found.lanes
    study = open_study(folder)
    with open_store(study.database)[0] as store:
        assert len(runs(store)) == 1
        assert verify(store).ok


def test_a_folder_with_something_else_in_it_is_left_alone(tmp_path: Path) -> None:
    folder = tmp_path / "letters"
    folder.mkdir()
    (folder / "letter.txt").write_text("Dear Ada", encoding="utf-8")
    ended = secondcoder(tmp_path, "demo", str(folder), "--model", "none")
    assert ended.code != 0
    assert "This folder holds something else." in ended.err
    assert "Name another one" in ended.err
    assert [path.name for path in folder.iterdir()] == ["letter.txt"]
