"""The language of a text, as ISO 639-1, by py3langid on a sample."""

from __future__ import annotations

__all__ = ["detect_language"]

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
