"""The interview's name and the coder, from the name of a file.

Researchers name exports ``2023-06-04-Interview 35 - Ilan.pdf``: a date, the interview, the coder.
What is read here is a proposal: a name in a file name says nothing about whether the file holds
that person's codes, so the readers take a coder from it only where the file holds codes.
"""

from __future__ import annotations

import re
import unicodedata

__all__ = ["TEXT_ENDINGS", "name_parts", "stem"]

TEXT_ENDINGS = (".txt", ".text", ".md", ".markdown")
_ENDINGS = (*TEXT_ENDINGS, ".pdf", ".docx", ".doc", ".rtf", ".odt", ".vtt", ".srt")
_DATE = re.compile(r"^(?:\d{4}[-_.]\d{2}[-_.]\d{2}|\d{2}[-_.]\d{2}[-_.]\d{4}|20\d{6})[-_ ]*(?=\S)")
_COPY = re.compile(r"\s*(?:\(\d+\)|\bcopy(?: \d+)?|\bkopie(?: \d+)?)$", re.IGNORECASE)
_DASH = re.compile(r"\s+[-–—]\s+")
_NOT_A_PERSON = re.compile(
    r"^(?:(?:part|teil|partie|parte|vol|session|day|version|v|draft|page|round|tape|file)\b.*"
    r"|v?\d.*|final|clean(?:ed)?|edited|raw|coded|transcript(?:ion)?|anonymi[sz]ed|copy|codes?)$",
    re.IGNORECASE,
)


def stem(file_name: str) -> str:
    """File name without its endings (``… .txt.pdf`` has two) and without a copy's number."""
    name = unicodedata.normalize("NFC", file_name).strip()
    while (dot := name.rfind(".")) > 0 and name[dot:].lower() in _ENDINGS:
        name = name[:dot].strip()
    return _COPY.sub("", name) or name


def name_parts(file_name: str) -> tuple[str, str]:
    """``(title, coder)``; the coder is empty where the name has none.

    >>> name_parts("2023-06-04-Interview 35 - Ilan.pdf")
    ('Interview 35', 'Ilan')
    """
    name = stem(file_name)
    name = " ".join(_DATE.sub("", name).split()) or name
    *head, tail = _DASH.split(name)
    if head and len(tail) <= 30 and len(tail.split()) <= 3 and not _NOT_A_PERSON.match(tail):
        return " - ".join(head), tail
    return name, ""
