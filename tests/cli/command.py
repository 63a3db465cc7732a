"""Run the command in this process, as a user would, and see what it prints and how it ends."""

from __future__ import annotations

import io
import json
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.cli.main import run

__all__ = ["Ended", "secondcoder"]


@dataclass(frozen=True)
class Ended:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output, which must be JSON and nothing else."""
        return json.loads(self.out)


def secondcoder(folder: Path, *arguments: str) -> Ended:
    """``secondcoder --study FOLDER ARGUMENTS…``"""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        try:
            run(["--study", str(folder), *arguments])
        except SystemExit as ending:
            code = int(ending.code or 0)
        else:
            raise AssertionError("the command did not say how it ended")
    return Ended(code, out.getvalue(), err.getvalue())
