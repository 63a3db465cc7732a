"""What the command line says when somebody answers no, and when an import took no codes."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from assistant.store.database import open_store
from assistant.store.transcripts import transcript_infos
from assistant.study import create_study
from tests.cli.command import secondcoder
from tests.interchange.interviews import PARAGRAPHS, delve_text, plain


def test_no_to_a_withdrawal_erases_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    study = create_study(tmp_path)
    plain(study.transcripts_folder / "Beds.txt", PARAGRAPHS)
    assert secondcoder(tmp_path, "import").code == 0
    monkeypatch.setattr("sys.stdin", io.StringIO("n\n"))
    ended = secondcoder(tmp_path, "withdraw", "Beds")
    assert ended.code == 3
    assert ended.err == "Nothing was erased.\n"
    with open_store(study.database)[0] as store:
        assert [(i.name, i.withdrawn) for i in transcript_infos(store)] == [("Beds", False)]


def test_a_picture_is_refused_with_what_to_do(tmp_path: Path) -> None:
    create_study(tmp_path)
    picture = tmp_path / "page.jpg"
    picture.write_bytes(b"\xff\xd8\xff\xe0 no real picture")
    ended = secondcoder(tmp_path, "import", str(picture))
    assert ended.code == 2
    assert "None of 1 file was imported." in ended.out
    assert "Pictures cannot be coded." in ended.err


def test_labels_that_nobody_confirmed_are_named_at_the_end(tmp_path: Path) -> None:
    create_study(tmp_path)
    coded = tmp_path / "Beds - Ana.txt"
    delve_text(coded, {1: ["Slow-work"], 3: ["Slow-work"]})
    ended = secondcoder(tmp_path, "import", str(coded))
    assert "--trust-labels" in ended.out.splitlines()[-1]
    again = secondcoder(tmp_path, "import", str(coded), "--trust-labels")
    assert "2 placed" in again.out
    assert "--trust-labels" not in again.out
