"""Old encodings, which leave no mark in a file: which one did its writer use?

The candidates are charset-normalizer's and those that old interview files mostly have. A wrong one
shows in two ways: characters stand where no writer would have put them, and letters turn up that
the language of the text does not have. The language is recognised even in a damaged text, because
most of its letters are ASCII or at least of the right script.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from assistant.transcripts.language import detect_language

__all__ = ["NAMES", "best_legacy"]

NAMES = {
    "cp1252": "Windows-1252",
    "mac_roman": "Mac Roman",
    "cp1250": "Windows-1250",
    "cp1251": "Windows-1251",
    "cp1253": "Windows-1253",
    "cp1254": "Windows-1254",
    "cp1255": "Windows-1255",
    "cp1256": "Windows-1256",
    "cp1257": "Windows-1257",
    "cp437": "DOS 437",
    "cp850": "DOS 850",
    "cp852": "DOS 852",
    "iso8859_2": "ISO 8859-2",
    "iso8859_9": "ISO 8859-9",
    "cp932": "Shift JIS (Windows)",
    "cp949": "Korean (Windows-949)",
    "gb18030": "GB 18030",
    "koi8_r": "KOI8-R",
}
"""Python's name of an encoding -> what people call it, for those that are met most."""
_PREFERRED = ("cp1252", "mac_roman", "cp1250")
"""Where two candidates are equally good, these are taken, in this order."""
_ALSO = ("cp1254", "cp1257", "iso8859_2", "cp850", "cp852", "cp932")
_ENOUGH = 30
"""Letters that tell the language well enough to choose between encodings."""
_TYPOGRAPHIC = frozenset("‘’‚“”„«»‹›–—…·•°€£©®™§¿¡ªº²³½¼¾×÷±\u00a0")
_WORD = re.compile(r"\S+")
_LETTERS = {
    "cs": "áčďéěíňóřšťúůýž",
    "da": "æøåé",
    "de": "äöüß",
    "es": "áéíñóúü",
    "et": "äõöüšž",
    "fi": "äöå",
    "fr": "àâæçéèêëîïôœùûüÿ",
    "hr": "čćđšž",
    "hu": "áéíóöőúüű",
    "is": "áðéíóúýþæö",
    "it": "àèéìíîòóùú",
    "lt": "ąčęėįšųūž",
    "lv": "āčēģīķļņšūž",
    "nb": "æøåéòôà",
    "nl": "éèëïöüá",
    "nn": "æøåéòôà",
    "no": "æøåéòôà",
    "pl": "ąćęłńóśźż",
    "pt": "áàâãçéêíóôõú",
    "ro": "ăâîșțşţ",
    "sk": "áäčďéíĺľňóôŕšťúýž",
    "sl": "čšž",
    "sv": "åäöé",
    "tr": "çğıöşüâîûİ",
}
"""Language -> the letters beyond ASCII that its words have, after its spelling rules."""
_SCRIPTS = {
    "ja": ((0x3040, 0x30FF), (0x3400, 0x9FFF), (0xFF66, 0xFF9F)),
    "ko": ((0xAC00, 0xD7A3), (0x3130, 0x318F)),
    "zh": ((0x3400, 0x9FFF),),
}


def best_legacy(data: bytes) -> tuple[str, str] | None:
    """``(codec, text)`` of the encoding in which the words look least broken; None where none fits.

    ``data`` is valid in neither UTF-8 nor UTF-16.
    """
    scored: list[tuple[float, int, str, str]] = []
    for rank, codec in enumerate(_candidates(data)):
        try:
            text = data.decode(codec)
        except (UnicodeDecodeError, LookupError):
            continue
        broken = _brokenness(text)
        if broken < 0.5:
            scored.append((broken + _foreign(text), rank, codec, text))
    if not scored:
        return None
    _, _, codec, text = min(scored)
    return codec, text


def _candidates(data: bytes) -> Iterator[str]:
    from charset_normalizer import from_bytes

    yield from _PREFERRED
    proposed = [match.encoding for match in from_bytes(data) if match.encoding not in _PREFERRED]
    yield from proposed
    yield from (codec for codec in _ALSO if codec not in proposed)


def _foreign(text: str) -> float:
    """Share of the letters beyond ASCII that the text's language does not have; 0 where the
    language cannot be told or its letters are not known here."""
    language = detect_language(text, _ENOUGH)
    letters = [char for char in text if not char.isascii() and char.isalpha()]
    if not letters or (language not in _LETTERS and language not in _SCRIPTS):
        return 0.0
    if language in _SCRIPTS:
        ranges = _SCRIPTS[language]
        alien = sum(not any(a <= ord(char) <= b for a, b in ranges) for char in letters)
    else:
        known = set(_LETTERS[language]) | set(_LETTERS[language].upper())
        alien = sum(char not in known for char in letters)
    return alien / len(letters)


def _brokenness(text: str) -> float:
    """Share of the non-ASCII characters that no writer would have put where they are.

    A symbol within a word, a capital after a small letter, three and more accented Latin letters
    in a row, a Chinese or Japanese sign between small Latin letters, and control characters are
    what a wrong encoding makes of accents.
    """
    bad = total = 0
    for match in _WORD.finditer(text):
        word = match.group()
        if word.isascii():
            continue
        run = 0
        for index, char in enumerate(word):
            if char.isascii():
                run = 0
                continue
            total += 1
            before = word[index - 1] if index else ""
            after = word[index + 1] if index + 1 < len(word) else ""
            category = unicodedata.category(char)
            latin = category[0] == "L" and char < "\u0250"
            run = run + 1 if latin else 0
            if run >= 3:
                bad += 3 if run == 3 else 1
            elif category[0] == "C" or char in "\ufffd":
                bad += 2
            elif category == "Lo" and char > "\u2e80":
                bad += _small(before) or _small(after)
            elif category[0] == "L":
                bad += category == "Lu" and before.islower()
            elif category[0] == "M":
                bad += not before
            elif char in _TYPOGRAPHIC:
                apostrophe = char in "’‘–—…"
                bad += before.isalpha() and after.isalpha() and not apostrophe
            else:
                bad += category[0] == "S" or (before.isalpha() and after.isalpha())
    return bad / total if total else 1.0


def _small(char: str) -> bool:
    return char.isascii() and char.islower()
