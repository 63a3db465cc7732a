"""What is in `transcripts/` and not in the study; no file is read twice for it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from assistant.guide import unimported
from assistant.guide.unimported import not_imported
from assistant.hashing import hash_bytes
from assistant.interchange.imports.importing import ImportOptions, import_files
from assistant.store.database import Store, open_store
from assistant.study import Study, create_study
from tests.cli.command import secondcoder


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """Bytes of the files that were read."""
    seen: list[bytes] = []

    def hashed(data: bytes) -> str:
        seen.append(data)
        return hash_bytes(data)

    monkeypatch.setattr(unimported, "hash_bytes", hashed)
    return seen


def put(study: Study, name: str, said: str, *, changed: int = 1_700_000_000) -> Path:
    file = study.transcripts_folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"Ana: {said} It was cold.\n", encoding="utf-8")
    os.utime(file, (changed, changed))
    return file


@pytest.fixture
def study(tmp_path: Path) -> Study:
    made = create_study(tmp_path / "study")
    for name in ("One.txt", "more/Two.txt"):
        put(made, name, name)
    return made


@pytest.fixture
def store(study: Study) -> Store:
    return open_store(study.database)[0]


def test_each_file_is_read_once(study: Study, store: Store, read: list[bytes]) -> None:
    assert not_imported(study, store).files == ("One.txt", "more/Two.txt")
    assert len(read) == 2
    import_files(store, [study.transcripts_folder / "One.txt"], ImportOptions())
    assert not_imported(study, store).files == ("more/Two.txt",)
    assert len(read) == 2


def test_what_changed_is_read_again(study: Study, store: Store, read: list[bytes]) -> None:
    import_files(store, [study.transcripts_folder], ImportOptions())
    assert not_imported(study, store).files == ()
    put(study, "One.txt", "Won", changed=1_700_000_009)
    assert not_imported(study, store).files == ("One.txt",)
    assert len(read) == 3


def test_a_file_of_this_moment_may_change_without_a_sign(
    study: Study, store: Store, read: list[bytes]
) -> None:
    file = put(study, "New.txt", "new")
    os.utime(file)
    assert not_imported(study, store).files
    assert not_imported(study, store).files
    assert len(read) == 4


def test_no_name_is_kept_and_what_is_gone_is_forgotten(study: Study, store: Store) -> None:
    not_imported(study, store)
    kept = study.database.with_name("files-seen.json")
    said = kept.read_text(encoding="utf-8")
    assert "One" not in said
    assert said.count("sha256:") == 4
    (study.transcripts_folder / "One.txt").unlink()
    not_imported(study, store)
    assert kept.read_text(encoding="utf-8").count("sha256:") == 2


@pytest.mark.parametrize("damaged", ["", "[]", '{"a": 1}', '{"a": [1, 2]}', '{"a": ["x", 2, 3]}'])
def test_a_damaged_memory_is_made_anew(study: Study, store: Store, damaged: str) -> None:
    kept = study.database.with_name("files-seen.json")
    kept.write_text(damaged, encoding="utf-8")
    assert not_imported(study, store).files == ("One.txt", "more/Two.txt")
    assert kept.read_text(encoding="utf-8") != damaged


def test_what_can_never_be_a_transcript_is_no_task(
    study: Study, store: Store, read: list[bytes]
) -> None:
    (study.transcripts_folder / "Notes.JPG").write_bytes(b"\xff\xd8\xff")
    (study.transcripts_folder / "Empty.txt").write_bytes(b"")
    found = not_imported(study, store)
    assert found.files == ("One.txt", "more/Two.txt")
    assert found.no_text == ("Empty.txt", "Notes.JPG")
    import_files(store, [study.transcripts_folder], ImportOptions())
    shown = secondcoder(study.folder, "status").out
    assert "In transcripts/ and without text: 2 files (Empty.txt, Notes.JPG)" in shown
    assert "of transcripts/ that" not in shown
