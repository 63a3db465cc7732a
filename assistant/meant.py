"""What somebody probably meant who mistyped a name: the one place for it, for every command."""

from __future__ import annotations

from collections.abc import Iterable

__all__ = ["did_you_mean", "meant"]

_ALIKE = 0.65
"""Least likeness, as `difflib.SequenceMatcher` counts it (twice the letters in common by all)."""


def meant(written: str, known: Iterable[str]) -> str:
    """The one of ``known`` that is nearly what was written, or "". Case makes no difference."""
    from difflib import get_close_matches

    by_fold = {name.casefold(): name for name in known}
    near = get_close_matches(written.casefold().strip(), by_fold, n=1, cutoff=_ALIKE)
    return by_fold[near[0]] if near else ""


def did_you_mean(written: str, known: Iterable[str]) -> str:
    """``Did you mean “Interview 4”? ``, with a space behind for what follows, or ""."""
    near = meant(written, known)
    return f"Did you mean “{near}”? " if near else ""
