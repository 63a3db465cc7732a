"""What a check of a codebook finds, and where in the file it stands.

``error``: the codebook cannot be used as it stands; ``warning``: results will suffer or surprise;
``note``: worth a look, may well be meant.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from assistant.codebook.loading import SourceLines
from assistant.codebook.records import Codebook

__all__ = ["Checked", "Finding", "Severity", "UsedCode"]

Severity = Literal["error", "warning", "note"]


@dataclass(frozen=True)
class UsedCode:
    """A code name as people wrote it, and how often they used it."""

    code: str
    codings: int
    """Distinct codings: each passage of each coder once."""
    transcripts: int = 0


@dataclass(frozen=True)
class Finding:
    severity: Severity
    kind: str
    """One word for programs: ``double``, ``no-definition``, ``near-name``, ``unknown-code`` …"""
    code: str
    """Id of the code, name as people wrote it, or pattern of an ignore rule."""
    what: str
    where: str = ""
    """File and line, where they are known."""
    hint: str = ""


class Checked:
    """A codebook under check, with the lines of its file where they are known."""

    def __init__(self, codebook: Codebook, lines: SourceLines | None) -> None:
        self.codebook = codebook
        self.lines = lines

    def found(
        self,
        severity: Severity,
        kind: str,
        code: str,
        what: str,
        hint: str = "",
        *,
        field: str = "",
        place: str = "code",
    ) -> Finding:
        where = self.lines.place(place, code, field) if self.lines else ""
        return Finding(severity, kind, code, what, where, hint)
