"""How words are spelled: names in one form (Unicode NFC), and scripts without spaces.

macOS and programs on it write é as two characters, most others as one. A name of a code, a person,
a transcript or a file is compared and stored in one form; texts of interviews are as well, where
they are read.
"""

from __future__ import annotations

import unicodedata

__all__ = ["UNSPACED", "is_unspaced", "nfc"]

UNSPACED = (
    (0x0E00, 0x0EFF),
    (0x1000, 0x109F),
    (0x1780, 0x17FF),
    (0x3040, 0x30FF),
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),
    (0xF900, 0xFAFF),
    (0x20000, 0x3FFFF),
)
"""First and last code points of scripts that put no spaces between words: Thai and Lao, Burmese,
Khmer, kana, Han."""


def nfc(name: str) -> str:
    """The name in Unicode NFC."""
    return unicodedata.normalize("NFC", name)


def is_unspaced(char: str) -> bool:
    """Whether the character belongs to a script that puts no spaces between words."""
    number = ord(char)
    return any(low <= number <= high for low, high in UNSPACED)
