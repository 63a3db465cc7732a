"""The cache of weights: only verified bytes get a final name."""

from __future__ import annotations

import os
import shutil
import sys
import threading
from pathlib import Path
from types import SimpleNamespace

import pytest

from assistant.errors import DataError, UserError
from assistant.llm.embedded import catalogue
from assistant.llm.embedded.catalogue import DEFAULT_MODEL, known_models
from assistant.llm.embedded.weights import (
    cache_folder,
    get_model,
    in_use,
    list_models,
    model_path,
    remove_model,
    use_model,
)
from tests.embedded.support import PIECES, Shelf, invented_model

WHOLE = b"".join(PIECES)


@pytest.fixture
def tiny(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> catalogue.Model:
    """The catalogue holds one invented model, and the cache is the test's."""
    model = invented_model()
    monkeypatch.setattr(catalogue, "_MODELS", (model,))
    monkeypatch.setenv("SECONDCODER_CACHE", str(tmp_path / "cache"))
    return model


@pytest.fixture
def good_file(tmp_path: Path) -> Path:
    file = tmp_path / "mine.gguf"
    file.write_bytes(WHOLE)
    return file


def cached() -> list[str]:
    folder = cache_folder() / "models"
    return sorted(p.name for p in folder.iterdir()) if folder.exists() else []


def test_every_known_model_says_what_it_is() -> None:
    names = [model.name for model in known_models()]
    assert len(set(names)) == len(names)
    assert names[0] == DEFAULT_MODEL
    for model in known_models():
        assert len(model.sha256) == 64
        assert model.size > 10_000_000
        assert model.licence
        assert model.pieces
        assert model.hub
    assert known_models()[0].judges


def test_unknown_model_names_the_known_ones() -> None:
    with pytest.raises(UserError, match=r"no embedded model called 'gpt'") as caught:
        catalogue.model("gpt")
    assert DEFAULT_MODEL in caught.value.hint


def test_from_a_file(tiny: catalogue.Model, good_file: Path) -> None:
    seen: list[tuple[int, int, str]] = []
    path = get_model("tiny", file=good_file, progress=lambda *step: seen.append(step))
    assert path.read_bytes() == WHOLE
    assert good_file.exists()
    assert seen[-1][:2] == (tiny.size, tiny.size)
    assert model_path("tiny") == path
    assert [s.path for s in list_models()] == [path]
    assert not any(name.endswith((".part", ".journal")) for name in cached())


@pytest.mark.parametrize(
    "wrong",
    [WHOLE[:-1] + b"X", WHOLE[:-1], WHOLE + b"more", b""],
    ids=["other bytes", "too short", "too long", "empty"],
)
@pytest.mark.usefixtures("tiny")
def test_bytes_that_do_not_match_are_refused_and_deleted(tmp_path: Path, wrong: bytes) -> None:
    file = tmp_path / "wrong.gguf"
    file.write_bytes(wrong)
    with pytest.raises(DataError, match="not the weights of tiny"):
        get_model("tiny", file=file)
    assert file.exists()
    assert model_path("tiny") is None
    assert not any(name.endswith((".gguf", ".part", ".journal", ".ok")) for name in cached())


@pytest.mark.usefixtures("tiny")
def test_weights_that_are_here_are_not_fetched_again(good_file: Path) -> None:
    first = get_model("tiny", file=good_file)
    good_file.write_bytes(b"gone")
    assert get_model("tiny", file=good_file) == first


@pytest.mark.usefixtures("tiny")
def test_a_file_changed_in_the_cache_is_noticed_and_deleted(good_file: Path) -> None:
    path = get_model("tiny", file=good_file)
    changed = bytearray(WHOLE)
    changed[7] ^= 1
    path.write_bytes(bytes(changed))
    os.utime(path, ns=(1, 1))
    with pytest.raises(DataError, match="damaged or changed"):
        model_path("tiny")
    assert not path.exists()
    assert model_path("tiny") is None


@pytest.mark.usefixtures("tiny")
def test_a_touched_file_is_hashed_again_and_kept(good_file: Path) -> None:
    path = get_model("tiny", file=good_file)
    os.utime(path, ns=(1, 1))
    assert model_path("tiny") == path
    assert model_path("tiny") == path


@pytest.mark.usefixtures("tiny")
def test_use_and_remove(good_file: Path) -> None:
    with pytest.raises(UserError, match="not on this computer"):
        use_model("tiny")
    get_model("tiny", file=good_file)
    use_model("tiny")
    assert in_use() == "tiny"
    assert list_models()[0].in_use
    assert remove_model("tiny") >= len(WHOLE)
    assert model_path("tiny") is None
    assert remove_model("tiny") == 0


def test_a_model_for_tests_is_not_for_use() -> None:
    with pytest.raises(UserError, match="tests of the program only"):
        use_model(catalogue.TEST_MODEL)


@pytest.mark.usefixtures("tiny")
def test_too_little_room_is_said_before_anything_is_fetched(
    monkeypatch: pytest.MonkeyPatch, good_file: Path
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=1000))
    with pytest.raises(UserError, match="of room") as caught:
        get_model("tiny", file=good_file)
    assert "SECONDCODER_CACHE" in caught.value.hint


@pytest.mark.usefixtures("tiny")
def test_contradicting_options(good_file: Path) -> None:
    with pytest.raises(UserError, match="A file was given"):
        get_model("tiny", "hub", file=good_file)
    with pytest.raises(UserError, match="No file was given"):
        get_model("tiny", "file")
    with pytest.raises(UserError, match="cannot be read"):
        get_model("tiny", file=good_file.with_name("absent.gguf"))


@pytest.mark.usefixtures("tiny")
def test_two_at_a_time_fetch_once(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "shelf").fill()
    paths: list[Path] = []
    threads = [
        threading.Thread(target=lambda: paths.append(get_model("tiny", "pypi", pip=shelf.pip)))
        for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(paths) == 2
    assert paths[0] == paths[1]
    assert len(shelf.asked) == len(PIECES)


@pytest.mark.usefixtures("tiny")
def test_auto_says_why_each_way_failed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "huggingface_hub", None)
    shelf = Shelf(tmp_path / "shelf")
    with pytest.raises(UserError) as caught:
        get_model("tiny", pip=shelf.pip)
    assert "No matching distribution" in caught.value.what
    assert "hub's client is not installed" in caught.value.what


def test_cache_folder_follows_the_system(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SECONDCODER_CACHE", str(tmp_path / "x"))
    assert cache_folder() == tmp_path / "x"
    monkeypatch.delenv("SECONDCODER_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    monkeypatch.setattr(sys, "platform", "linux")
    assert cache_folder() == tmp_path / "xdg" / "second-coder"
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "local"))
    assert cache_folder() == tmp_path / "local" / "second-coder" / "Cache"
    monkeypatch.setattr(sys, "platform", "darwin")
    assert cache_folder() == Path.home() / "Library" / "Caches" / "second-coder"
