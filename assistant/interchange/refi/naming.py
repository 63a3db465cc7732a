"""Names and identifiers by which what this program exported is known again.

A GUID depends only on what it names, so the same person, recipe, code or text has the same one in
every export; a mark does for codings whose GUID another tool replaced.
"""

from __future__ import annotations

from hashlib import sha256
from uuid import UUID, uuid5

__all__ = ["MODEL_PREFIX", "STAMP_NAME", "guid_of", "mark", "model_mark", "model_name"]

STAMP_NAME = "Second Coder"
"""Name of the project note that holds the stamp."""
MODEL_PREFIX = "Second Coder model: "
"""Every model coder's user name begins so, also where a tool drops the stamp and the GUIDs."""

_NAMESPACE = UUID("6f0c6a0e-51a4-5f6d-9a0b-7c3f2d1e8b45")


def guid_of(*parts: str) -> str:
    """A GUID that is the same whenever and wherever the same thing is exported.

    ``guid_of("model", recipe_sha256)``, ``guid_of("person", name)``, ``guid_of("code", id)``,
    ``guid_of("source", transcript_sha256)``.
    """
    return str(uuid5(_NAMESPACE, "\x1f".join(parts)))


def model_name(name: str) -> str:
    """The user name under which a model coder leaves."""
    return name if name.startswith(MODEL_PREFIX) else MODEL_PREFIX + name


def mark(source_sha256: str, coder: str, code: str, start: int, end: int) -> str:
    """Twelve hex digits that know a coding again, also where a tool gives it a new GUID.

    ``source_sha256`` is the layout's; ``coder`` and ``code`` are names as they stand in the file;
    positions are code points of the written text.
    """
    said = "\x1f".join((source_sha256, coder, code, str(start), str(end)))
    return sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def model_mark(
    source_sha256: str, name: str, recipe_sha256: str, code: str, start: int, end: int
) -> str:
    """`mark` of a suggestion: by its recipe, where that is known, since names are changed."""
    return mark(source_sha256, guid_of("model", recipe_sha256 or name), code, start, end)
