"""Commands that write files, where they cannot: said in words, and what was there stays whole."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any

import pytest

from assistant.writing import write_whole
from tests.cli.allotment import allotment
from tests.cli.command import secondcoder

FILES = {
    "qdpx": ("export", "qdpx", "--force", "--to"),
    "qdc": ("export", "qdc", "--force", "--to"),
    "xlsx": ("export", "xlsx", "--force", "--to"),
    "csv": ("export", "csv", "--force", "--to"),
    "share": ("share", "--force", "--to"),
    "derive": ("codebook", "derive", "--force", "--output"),
}
"""Commands that write one file, which is named last."""
FOLDERS = {
    "docx": ("export", "docx", "--force", "--to"),
    "html": ("export", "html", "--force", "--to"),
    "trail": ("trail", "--to"),
    "inspect": ("inspect", "--out"),
    "disagreements": ("disagreements", "--out"),
    "report": ("report", "--out"),
    "methods": ("methods", "--out"),
}
"""Commands that write files into a folder, which is named last."""


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = allotment(tmp_path_factory.mktemp("places")).folder
    assert secondcoder(folder, "evaluate").code == 0
    return folder


def files(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def _no_room(*_: Any, **__: Any) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize("name", [*FILES, "docx", "trail", "disagreements", "report"])
def test_a_full_disk_leaves_what_was_there_whole(
    study: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """The disk takes some of it and then no more, or all but the new name."""
    command = [*(FILES | FOLDERS)[name], str(tmp_path / "good.x")]
    done = secondcoder(study, *command)
    assert done.code == 0, done.err
    before = files(tmp_path)
    assert before
    real = Path.write_text

    def half(path: Path, data: str, *rest: Any, **named: Any) -> None:
        real(path, data[: len(data) // 2], *rest, **named)
        _no_room()

    for broken in ({"write_text": half}, {"replace": _no_room}):
        with monkeypatch.context() as patch:
            for method, instead in broken.items():
                patch.setattr(Path, method, instead)
            patch.setattr(os, "replace", _no_room)
            ended = secondcoder(study, *command)
        assert ended.code == 2
        assert "The disk is full" in ended.err
        assert files(tmp_path) == before


@pytest.mark.parametrize("name", [*FILES, *FOLDERS])
def test_a_place_that_is_none_is_named(study: Path, tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("mine", "utf-8")
    targets = [tmp_path / "file" / "below", tmp_path / ("x" * 300)]
    if name in FOLDERS:
        targets.append(tmp_path / "file")
    elif FILES[name][0] != "export":  # a file of the study's name is put into the folder then
        targets.append(tmp_path / "folder")
    for target in targets:
        ended = secondcoder(study, *(FILES | FOLDERS)[name], str(target))
        assert ended.code == 2, ended.out
        assert str(tmp_path) in ended.err
    assert files(tmp_path) == {"file": b"mine"}


@pytest.mark.skipif(not Path(os.devnull).is_char_device(), reason="no devices are files here")
@pytest.mark.parametrize("name", FILES)
def test_no_device_is_replaced(
    study: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Who may do anything could put a file in the place of a device of the whole computer."""

    def none(*_: Any) -> None:
        raise AssertionError("something was put in the place of a device")

    monkeypatch.setattr(Path, "replace", none)
    monkeypatch.setattr(os, "replace", none)
    ended = secondcoder(study, *FILES[name], os.devnull)
    assert ended.code == 2
    assert "a folder or a device" in ended.err
    assert Path(os.devnull).is_char_device()


@pytest.mark.skipif(os.name == "nt", reason="links and modes are those of Unix")
def test_a_link_stays_one_and_who_may_read_it_too(tmp_path: Path) -> None:
    kept = tmp_path / "elsewhere" / "codebook.yaml"
    kept.parent.mkdir()
    kept.write_text("old", "utf-8")
    kept.chmod(0o600)
    link = tmp_path / "codebook.yaml"
    link.symlink_to(kept)
    write_whole(link, "new")
    assert link.is_symlink()
    assert (kept.read_text("utf-8"), kept.stat().st_mode & 0o777) == ("new", 0o600)
    assert [p.name for p in kept.parent.iterdir()] == [kept.name]


@pytest.mark.skipif(os.name == "nt", reason="links are those of Unix")
@pytest.mark.parametrize("name", ["csv", "share"])
def test_what_is_written_to_a_link_is_where_it_leads(
    study: Path, tmp_path: Path, name: str
) -> None:
    kept = tmp_path / "kept.x"
    kept.write_bytes(b"old")
    link = tmp_path / "link.x"
    link.symlink_to(kept)
    done = secondcoder(study, *FILES[name], str(link))
    assert done.code == 0, done.err
    assert link.is_symlink()
    assert kept.read_bytes() != b"old"
