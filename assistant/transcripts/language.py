"""The language of a text, as ISO 639-1: found by py3langid on a sample, or given by a user."""

from __future__ import annotations

import re

from assistant.errors import UserError

__all__ = ["check_language", "detect_language"]

_CODE = re.compile(r"[a-z]{2,3}([-_][a-z0-9]{2,8})*", re.IGNORECASE)

_SAMPLE = 4000
_FEWEST_LETTERS = 80


def detect_language(text: str, fewest: int = _FEWEST_LETTERS) -> str:
    """Two letters, or ``""`` where the text has fewer than ``fewest`` letters.

    The sample is taken from the middle: openings are full of names and formalities. The first
    call loads the language model, which takes about a second.
    """
    start = max(0, (len(text) - _SAMPLE) // 2)
    sample = text[start : start + _SAMPLE]
    letters = sum(1 for char in sample if char.isalpha())
    weight = sum(3 for char in sample if char >= "\u2e80")
    if letters + weight < fewest:
        return ""
    import py3langid

    code, _ = py3langid.classify(sample)
    return str(code)


def check_language(given: str) -> None:
    """Raises `UserError` for what is no code of a language, such as its name.

    Under a name nothing that depends on the language would be found: the words that a quote may not
    change, names of people, what a prompt says of it.
    """
    if given and not _CODE.fullmatch(given):
        raise UserError(
            f"“{given}” is no code of a language.",
            hint="Write its two letters: en (English), de (German), fr (French), es (Spanish), … "
            "A region may stand behind them: pt-BR.",
        )
