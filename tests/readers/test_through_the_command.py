"""The readers by way of ``secondcoder import``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.store.database import open_store
from assistant.store.records import TranscriptInfo
from assistant.store.texts.transcripts import transcript, transcript_infos
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


def test_rows_of_one_wrong_name_are_told_together_and_put_right(run: Run, tmp_path: Path) -> None:
    for name in ("Swimmer 3 Odile", "Swimmer 4 Jan"):
        talk = tmp_path / f"{name}.txt"
        talk.write_text(f"Ana: Was it cold, {name}?\n\nBo: It was cold at first.\n\nAna: So?\n")
        assert run("import", talk)[0] == 0
    table = tmp_path / "codes.csv"
    rows = [f"Swimmer 03 Odile;{words}" for words in ("it was cold;cold", "at first;time")]
    rows += ["swimmer 4 jan;it was cold;cold", "Swimmer 03 Odile;at first;doubt"]
    table.write_text("\n".join(["document;quote;code", *rows, "Nobody;So?;doubt"]))
    code, said = run("import", table, "--coder", "Eva", "--dry-run")
    assert code == 0, said
    wanted = (
        "  rows 2–3, 5, 3 rows: the study has no transcript “Swimmer 03 Odile”. Did you mean "
        "“Swimmer 3 Odile”? Then import it again with --same-as "
        '"Swimmer 03 Odile=Swimmer 3 Odile"'
    )
    assert said.count("Did you mean") == 1
    # Names that the study lacks are in the file too.
    assert "In the file: 5 rows, 3 transcripts, 3 codes, 5 codings." in said
    assert wanted in said
    assert (
        "Rows left out, whole or in part: the study has no transcript of that name (4 rows)."
        in said
    )
    assert "  row 6, So?: the study has no transcript “Nobody”\n" in said

    code, said = run("import", table, "--coder", "Eva", "--same-as", "Swimmer 3=Swimmer 4 Jan")
    assert code == 2
    assert "no file or text named “Swimmer 3” is among these" in said
    assert "There are: Swimmer 03 Odile, swimmer 4 jan, Nobody." in said
    right = ("--same-as", "Swimmer 03 Odile=Swimmer 3 Odile")
    code, said = run("import", table, "--coder", "Eva", *right)
    assert code == 0, said
    assert "Swimmer 03" not in said
    store, _ = open_store(tmp_path / "study" / "runs" / "study.db")
    with store:
        assert {info.name: info.codings for info in transcript_infos(store)} == {
            "Swimmer 3 Odile": 3,
            "Swimmer 4 Jan": 1,
        }


def test_what_holds_for_several_files_or_texts_is_said_once(run: Run, tmp_path: Path) -> None:
    names = ("Pool", "Lake")
    for name in names:
        talk = tmp_path / f"{name}.txt"
        talk.write_text(f"Ana: Was it cold, the {name}?\n\nBo: It was cold at first.\n")
    for table, rows in (("a", names), ("b", names[:1]), ("c", names[:1]), ("d", names[1:])):
        lines = "".join(f"{name};It was cold;{table};Hanna\n" for name in rows)
        (tmp_path / f"{table}.csv").write_text(f"document;quote;code;coder\n{lines}")
    assert run("import", *(tmp_path / f"{name}.txt" for name in names))[0] == 0
    known = "“Hanna” was taken for the coder of that name in this study"
    code, said = run("import", tmp_path / "a.csv", tmp_path / "b.csv")
    assert code == 0, said
    assert known not in said  # she came with this very import
    code, said = run("import", tmp_path / "c.csv", tmp_path / "d.csv")
    assert code == 0, said
    assert said.count(known) == 1
    code, said = run("import", tmp_path / "a.csv", "--coder", "Carla")
    assert "- Not taken: Lake, Pool. The same file, byte for byte" in said
    assert said.count("byte for byte") == 1


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
