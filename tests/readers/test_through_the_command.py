"""The readers by way of ``secondcoder import``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.store.database import open_store
from assistant.store.records import TranscriptInfo
from assistant.store.transcripts import transcript, transcript_infos
from tests.cli.command import secondcoder
from tests.conftest import REPOSITORY
from tests.readers.test_qualcoder import make as make_qualcoder
from tests.readers.test_subtitles import VTT

DEDOOSE = REPOSITORY.parent / "shared" / "exchange" / "dedoose"


Run = Callable[..., tuple[int, str]]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """The command on a fresh study: exit code, and all that it said."""

    def call(*arguments: str | Path) -> tuple[int, str]:
        ended = secondcoder(tmp_path / "study", *map(str, arguments))
        return ended.code, ended.out + ended.err

    assert call("init", tmp_path / "study")[0] == 0
    return call


def only(folder: Path) -> TranscriptInfo:
    store, _ = open_store(folder / "study" / "runs" / "study.db")
    with store:
        (info,) = transcript_infos(store)
        return info


def test_subtitles_keep_their_times_in_the_study(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "Talk.vtt"
    path.write_text(VTT)
    code, said = run("import", path)
    assert code == 0, said
    store, _ = open_store(tmp_path / "study" / "runs" / "study.db")
    with store:
        (info,) = transcript_infos(store)
        first = transcript(store, info.id).segments[0]
    assert (first.speaker, first.start_time, first.end_time) == ("Ana Lu", 1.0, 4.0)


def test_a_table_with_columns_as_given(run: Run, tmp_path: Path) -> None:
    talk = tmp_path / "Talk.txt"
    talk.write_text("Ana: How did it begin?\n\nBo: It was cold.\n\nAna: So?\n\nBo: Yes.\n")
    table = tmp_path / "codes.csv"
    table.write_text("a;b;c\nTalk;it was cold;weather\nTalk;never said;weather\n")
    assert run("import", talk)[0] == 0
    code, said = run("import", table, "--coder", "Eva")
    assert code == 2
    assert "Its columns: a, b, c" in said
    code, said = run("import", table, "--coder", "Eva", "--columns", "transcript")
    assert code == 2
    columns = "transcript=A,quote=b,code=C"
    code, said = run("import", table, "--coder", "Eva", "--columns", columns)
    assert code == 0, said
    assert "its words were not found" in said
    info = only(tmp_path)
    assert (info.coders, info.codings) == (("Eva",), 1)


def test_a_folder_of_qualcoder_is_one_project(run: Run, tmp_path: Path) -> None:
    make_qualcoder(tmp_path / "Choirs.qda", [(1, "shaking", "ana"), (2, "cold", "bo")])
    (tmp_path / "Choirs.qda" / "documents").mkdir()
    (tmp_path / "Choirs.qda" / "documents" / "Talk.txt").write_text("Rosa: a copy of it all\n")
    code, said = run("import", tmp_path / "Choirs.qda")
    assert code == 0, said
    info = only(tmp_path)
    assert (info.coders, info.codings) == (("ana", "bo"), 2)


@pytest.mark.real
def test_three_coders_of_dedoose_are_one_transcript(run: Run, tmp_path: Path) -> None:
    if not DEDOOSE.is_dir():
        pytest.skip(f"the real files are not there ({DEDOOSE})")
    code, said = run("import", DEDOOSE)
    assert code == 0, said
    info = only(tmp_path)
    assert (info.coders, info.codings) == (("coder_a", "coder_b", "coder_c"), 16)
