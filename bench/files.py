"""How long the import of the real interviews takes, and how soon the command answers.

The interviews stand beside the checkout and are never copied into it; where they are not, the
import is left out and said to be.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from assistant.interchange.imports.importing import ImportOptions, import_files
from assistant.interchange.imports.known_codes import known_codes
from assistant.store.database import open_store
from bench.calls import REPOSITORY
from bench.measured import Measured

__all__ = ["help_seconds", "import_pdfs"]

INTERVIEWS = REPOSITORY.parent / "shared" / "interviews"
_TARGET_PAGES = 25
_TARGET_SECONDS = 2.0


def import_pdfs(folder: Path = INTERVIEWS) -> list[Measured | str]:
    """All print PDFs of a folder into a study of their own: reading, aligning, storing."""
    import pdfplumber

    files = sorted(folder.rglob("*.pdf")) if folder.is_dir() else []
    if not files:
        return ["Import of the PDFs: left out, the interviews are not beside the checkout."]
    pages = 0
    for file in files:
        with pdfplumber.open(file) as opened:
            pages += len(opened.pages)
    with tempfile.TemporaryDirectory() as made:
        store, _ = open_store(Path(made) / "study.db")
        with store:
            options = ImportOptions(known_codes=known_codes(folder / "codebook.yaml"))
            begun = time.perf_counter()
            report = import_files(store, files, options)
            seconds = time.perf_counter() - begun
    if report.refused:
        raise RuntimeError(f"{len(report.refused)} of the PDFs were not imported")
    return [
        Measured(
            f"import of {len(files)} PDFs, {pages} pages",
            seconds,
            "s",
            note=f"{len(report.transcripts)} transcripts",
        ),
        Measured(
            f"  of that for {_TARGET_PAGES} pages",
            seconds / pages * _TARGET_PAGES,
            "s",
            _TARGET_SECONDS,
        ),
    ]


def help_seconds(times: int = 5) -> Measured:
    """The fastest of some starts of ``secondcoder --help``: the others waited for the computer."""
    taken = []
    for _ in range(times):
        begun = time.perf_counter()
        subprocess.run(
            [sys.executable, "-m", "assistant.cli", "--help"],
            capture_output=True,
            check=True,
            env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        )
        taken.append(time.perf_counter() - begun)
    return Measured("secondcoder --help", min(taken), "s", 0.3, f"fastest of {times}")
