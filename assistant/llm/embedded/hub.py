"""Weights from the model hub, through its own client where that is installed.

The client works in a process of its own, so that it can be ended at any moment: in this one it
would go on to the end of the file. It writes to ``TARGET.hub``, which stays, and the next fetch
goes on from there. (The client's usual way of fetching keeps nothing of a broken file.)
"""

from __future__ import annotations

import os
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.errors import UserError
from assistant.llm.embedded.arriving import Part, Tell, patiently

if TYPE_CHECKING:
    from assistant.llm.embedded.catalogue import Model

__all__ = ["from_hub", "hub_file"]

_CLIENT = """\
import sys
from huggingface_hub import hf_hub_url
from huggingface_hub.file_download import http_get
from huggingface_hub.utils import build_hf_headers

repository, name, path = sys.argv[1:]
with open(path, "ab") as file:
    http_get(
        hf_hub_url(repository, name), file, resume_size=file.tell(), headers=build_hf_headers()
    )
"""
_SETTINGS = {"HF_HUB_DISABLE_PROGRESS_BARS": "1", "HF_HUB_DISABLE_TELEMETRY": "1"}


def hub_file(target: Path) -> Path:
    """Where that stands which has come of ``target``."""
    return target.with_suffix(".hub")


def from_hub(model: Model, target: Path, tell: Tell) -> None:
    """Fetch the weights from the model hub.

    Raises `UserError` when the client is missing or the hub cannot be reached (running again goes
    on from there), `DataError` when the bytes are not the model's.
    """
    if find_spec("huggingface_hub") is None:
        raise UserError(
            "The model hub's client is not installed.",
            hint="Install it with `pip install 'second-coder[hub]'`, or use another source.",
        )
    assert model.hub is not None
    part = Part(model, target, tell)
    what = f"from the model hub, {model.hub.repository}"
    file = hub_file(target)
    if _size(file) < model.size:
        code, said = patiently(
            [sys.executable, "-c", _CLIENT, model.hub.repository, model.hub.file, str(file)],
            lambda: part.show(_size(file), what),
            # The client is looked for where this program found it.
            {**_SETTINGS, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)},
        )
        if code != 0:
            lines = [line.strip() for line in said.splitlines() if line.strip()]
            raise UserError(
                f"The model hub did not give {model.hub.file}"
                + (f": {lines[-1]}" if lines else "."),
                where=model.hub.repository,
                hint="Check the connection and try again; it goes on where it stopped. Or use "
                "another source.",
            )
    part.take_over(file)


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:
        return 0
