"""The study's own files, and files that are brought in, when another program is at them too."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from assistant.codebook.records import Code, Codebook
from assistant.errors import UserError
from assistant.guide.saving import save_prompt
from assistant.interchange.imports.reports import ImportOptions, ImportReport
from assistant.interchange.imports.with_projects import write_codebook
from assistant.interchange.projects.first_codebook import FirstCodebook
from assistant.interchange.study_codebook.beside_codings import derive_study
from assistant.interchange.study_codebook.editing import codebook_text, save_codebook, text_hash
from assistant.store.database import open_store
from assistant.store.people.memos import add_memo, memos
from assistant.store.texts.documents import documents
from assistant.store.texts.transcripts import transcript_infos
from assistant.store.verify import verify
from assistant.study import Study, create_study
from assistant.writing import write_whole
from tests.at_once.quicker import quicker
from tests.interchange.interviews import bring, delve_text, plain
from tests.review.conftest import opened
from tests.review.studies import shed

__all__ = ["opened"]

_OURS = "name: Ours\ncodes:\n  - id: sowing\n"
_THEIRS = "name: Theirs\ncodes:\n  - id: reaping\n"


@pytest.fixture
def study(tmp_path: Path) -> Study:
    return create_study(tmp_path / "study")


def _bring(study: Study, *files: Path) -> ImportReport:
    with open_store(study.database)[0] as store:
        return bring(store, *files)


def _holds(study: Study) -> dict[str, set[str]]:
    """Transcript -> its files."""
    with open_store(study.database)[0] as store:
        assert verify(store).ok
        return {
            info.name: {row.name for row in documents(store, info.id)}
            for info in transcript_infos(store)
        }


def test_a_codebook_that_another_program_saved_meanwhile_is_not_overwritten(study: Study) -> None:
    seen = text_hash(codebook_text(study))

    def save(text: str) -> None:
        with open_store(study.database)[0] as store:
            save_codebook(study, store, text, "Ana", seen=seen)

    with (
        quicker(lambda: save(_THEIRS)),
        pytest.raises(UserError, match="changed meanwhile"),
    ):
        save(_OURS)
    assert codebook_text(study) == _THEIRS


def test_nor_is_it_by_a_first_codebook(study: Study, tmp_path: Path) -> None:
    _bring(study, delve_text(tmp_path / "Beds - Ana.txt", codes={1: ["weather"]}))
    with (
        open_store(study.database)[0] as store,
        quicker(lambda: study.codebook_file.write_text(_THEIRS, encoding="utf-8")),
        pytest.raises(UserError, match="not overwritten"),
    ):
        derive_study(study, store)
    assert codebook_text(study) == _THEIRS


def test_nor_by_the_codes_of_projects_that_are_brought_in(study: Study) -> None:
    codes = FirstCodebook()
    codes.add("Beds.qdpx", Codebook(name="Beds", codes=(Code(id="sowing"),)))
    options = ImportOptions(codebook_file=study.codebook_file)
    with (
        open_store(study.database)[0] as store,
        quicker(lambda: study.codebook_file.write_text(_THEIRS, encoding="utf-8")),
    ):
        assert write_codebook(store, codes, options) is None
    assert codebook_text(study) == _THEIRS


def test_two_prompts_of_one_name_are_not_one_file(study: Study) -> None:
    source = next(study.prompts_folder.glob("list*.md")).read_text(encoding="utf-8")
    old = next(line for line in source.splitlines() if line.startswith("id:"))

    def save(words: str) -> None:
        with open_store(study.database)[0] as store:
            text = source.replace(old, "id: mine") + words
            save_prompt(study, store, "mine", text, "Ana")

    with (
        quicker(lambda: save("\nTheirs.\n")),
        pytest.raises(UserError, match="There is a prompt"),
    ):
        save("\nOurs.\n")
    assert (study.prompts_folder / "mine.md").read_text(encoding="utf-8").endswith("Theirs.\n")


def test_a_memo_is_changed_in_one_window(tmp_path: Path, opened: Callable[..., TestClient]) -> None:
    study = shed(tmp_path / "study")
    here, there = opened(study.folder), opened(study.folder)
    with open_store(study.database)[0] as store:
        number = add_memo(store, "study", "First.", "Ana")
    with quicker(lambda: there.post(f"/memos/{number}", json={"text": "Theirs."})):
        answer = here.post(f"/memos/{number}", json={"text": "Ours."})
    assert "in another window" in answer.text
    with open_store(study.database)[0] as store:
        assert [memo.text for memo in memos(store)] == ["Theirs."]


def test_a_file_that_another_program_imports_meanwhile_is_there_already(
    study: Study, tmp_path: Path
) -> None:
    file = plain(tmp_path / "Beds.txt")
    with quicker(lambda: _bring(study, file)):
        report = _bring(study, file)
    assert [one.status for one in report.files] == ["already there"]
    assert _holds(study) == {"Beds": {"Beds.txt"}}


def test_files_of_one_interview_that_two_programs_import_are_one_transcript(
    study: Study, tmp_path: Path
) -> None:
    text = plain(tmp_path / "Beds.txt")
    coded = delve_text(tmp_path / "Beds - Ana.txt", codes={1: ["weather"], 3: ["tools"]})
    with quicker(lambda: _bring(study, text)):
        report = _bring(study, coded)
    assert [(one.status, one.transcript) for one in report.files] == [("imported", "Beds")]
    assert _holds(study) == {"Beds": {"Beds.txt", "Beds - Ana.txt"}}


def test_whoever_reads_a_file_that_several_write_finds_one_of_their_texts(tmp_path: Path) -> None:
    file = tmp_path / "report.html"
    texts = [f"{letter * 200_000}\n" for letter in "abcd"]
    write_whole(file, texts[0])
    failed: list[BaseException] = []

    def write(text: str) -> None:
        try:
            for _ in range(25):
                write_whole(file, text)
        except BaseException as error:
            failed.append(error)

    writers = [threading.Thread(target=write, args=(text,)) for text in texts]
    for writer in writers:
        writer.start()
    read = set()
    while any(writer.is_alive() for writer in writers):
        read.add(file.read_text(encoding="utf-8"))
    assert failed == []
    assert read <= set(texts)
    assert [left.name for left in tmp_path.iterdir()] == ["report.html"]
