"""One thing that happened in a study, and the kinds of things that do.

Words of participants stand apart in ``quote``; ``what`` holds what the program says of it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

__all__ = ["KINDS", "Happening"]

KINDS = {
    "import": "Files brought in",
    "statement": "What was stated and set",
    "codebook": "Versions of the codebook",
    "prompt": "Versions of prompts",
    "run": "Runs of a model",
    "evaluation": "Evaluations and verdicts",
    "look": "Looks at evidence",
    "audit": "Audits",
    "decision": "Decisions",
    "bulk": "Decisions on many at once",
    "override": "Decisions against the evidence",
    "coding": "Codings made in the program",
    "memo": "Memos",
    "adjudication": "Disagreements talked over",
    "opening": "Who was shown what",
    "exchange": "Exports, sharing, merging, conflicts",
    "withdrawal": "Withdrawals",
    "other": "Other events",
}
"""Kind -> heading, in the order of the page."""


@dataclass(frozen=True)
class Happening:
    at: str
    """ISO 8601, UTC; of a memo that an earlier version imported, whatever its file said."""
    who: str
    kind: str
    what: str
    """A sentence; researchers' own words stand in ``said``."""
    said: str = ""
    quote: str = ""
    """Participants' words."""
    transcript: str = ""
    details: dict[str, Any] = field(default_factory=dict)
    """Numbers and hashes that lead to the rows."""
