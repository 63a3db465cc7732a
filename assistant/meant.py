"""What somebody probably meant who mistyped a name: the one place for it, for every command."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping

from assistant.errors import UserError

__all__ = ["did_you_mean", "likely", "meant", "no_transcript"]

_ALIKE = 0.65
"""Least likeness, as `difflib.SequenceMatcher` counts it (twice the letters in common by all)."""
_A_WORD = 0.75
"""The same of one word of a name with what was written: less would be another word."""
_BEGINNING = 4
"""So many letters are the beginning of a name; fewer are that of too many."""
_SHORTEST = 3
"""A word of fewer letters is in too many names; a number is not."""
_MOST = 3
"""More than so many names are no answer to what was meant."""
_LISTED = 12
"""Of more transcripts than these, the list of `secondcoder transcripts` is easier to read."""


def meant(written: str, known: Iterable[str]) -> str:
    """The one of ``known`` that is nearly what was written, or "". Case makes no difference."""
    found = likely(written, known)
    return found[0] if len(found) == 1 else ""


def likely(written: str, known: Iterable[str]) -> tuple[str, ...]:
    """Those of ``known`` that may be meant, the likeliest first, at most three; often none.

    The only one that begins with what was written comes first: “Interview 06” is the beginning of
    “Interview 06 Béatrice”, and has more letters in common with “Interview 05 Ada”. Then those that
    hold all words that were written: “Nadia” is in “Interview Nadia”. Then what is spelled alike,
    and at last what has a word that is: “Nadja”.
    """
    from difflib import SequenceMatcher, get_close_matches

    by_fold = {name.casefold(): name for name in known}
    folded = written.casefold().strip()
    begin = [name for name in by_fold if name.startswith(folded)]
    if len(begin) == 1 and len(folded) >= _BEGINNING:
        return (by_fold[begin[0]],)
    words = re.findall(r"\w+", folded)
    if any(len(word) >= _SHORTEST or word.isdigit() for word in words):
        within = [name for name in by_fold if _holds(re.findall(r"\w+", name), words)]
        if 0 < len(within) <= _MOST:
            return tuple(by_fold[name] for name in within)
    near = get_close_matches(folded, by_fold, n=1, cutoff=_ALIKE)
    if near:
        return (by_fold[near[0]],)
    if len(words) != 1 or len(folded) < _BEGINNING:
        return ()
    by_word = [
        name
        for name in by_fold
        if any(
            SequenceMatcher(None, folded, word).ratio() >= _A_WORD
            for word in re.findall(r"\w+", name)
        )
    ]
    return tuple(by_fold[name] for name in by_word) if len(by_word) <= _MOST else ()


def _holds(there: list[str], words: list[str]) -> bool:
    """Whether each word is one of those ``there``, or begins one by enough letters."""
    return all(
        word in there or (len(word) >= _BEGINNING and any(one.startswith(word) for one in there))
        for word in words
    )


def did_you_mean(written: str, known: Iterable[str], same: Mapping[str, str] | None = None) -> str:
    """``Did you mean “Interview 4”? ``, with a space behind for what follows, or "". ``same``: name
    -> what it is a name of, which is asked about once."""
    found = likely(written, known)
    if same is not None:
        first: dict[str, str] = {}
        for name in found:
            first.setdefault(same[name], name)
        found = tuple(first.values())
    named = [f"“{name}”" for name in found]
    if not named:
        return ""
    last = f" or {named[-1]}" if len(named) > 1 else ""
    return f"Did you mean {', '.join(named[:-1] or named)}{last}? "


def no_transcript(
    name: str, names: Collection[str], *, where: str = "", more: str = ""
) -> UserError:
    """What to raise where no transcript of the study, ``names``, is called ``name``: those that may
    be meant are said first, wherever a transcript is named. ``more``: a sentence for the end."""
    first = likely(name, names)
    listed = [*first, *(one for one in names if one not in first)][:_LISTED]
    hidden = len(names) - len(listed)
    rest = f" and {hidden} more (`secondcoder transcripts` lists them)" if hidden > 0 else ""
    return UserError(
        f"There is no transcript named “{name}”.",
        where=where,
        hint=f"{did_you_mean(name, names)}The study has: "
        f"{', '.join(listed) or 'none yet'}{rest}. {more}".rstrip(),
    )
