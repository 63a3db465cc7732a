"""What de-identification works with: a term and what stands for it, and where that happened."""

from __future__ import annotations

from typing import Literal

from assistant.transcripts.records import Frozen

__all__ = ["KINDS", "Edit", "Kind", "PatternKind", "Pseudonym", "Status"]

Kind = Literal["person", "place", "organisation", "other"]
KINDS: tuple[Kind, ...] = ("person", "place", "organisation", "other")
PatternKind = Literal["e-mail", "address", "telephone", "number"]
"""``address``: of a web page, a computer or an account; ``number``: identity or card number."""
Status = Literal["proposed", "confirmed", "refused"]


class Pseudonym(Frozen):
    """One term of a study's list."""

    term: str
    kind: Kind
    replacement: str
    status: Status = "confirmed"
    keep_lower: bool = False
    """True: the word in small letters is another word (“Rose”, “rose”) and stays."""
    who: str = ""
    set_at: str = ""


class Edit(Frozen):
    """``[start, end)`` of the original was written as ``[new_start, new_end)``."""

    start: int
    end: int
    new_start: int
    new_end: int
    kind: str
    """A kind of pseudonym, or of pattern."""
