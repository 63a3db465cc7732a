"""E-mail addresses, telephone numbers, web addresses and identity numbers, found by their form.

Rather one too many than one too few: what is replaced is put back in the reply, so a number that
was no telephone number costs little. Years, dates, prices, round figures and ranges of such are
left alone. Digits, spaces and dashes of other scripts and kinds count as the usual ones. Numbers
that are spelled out in words are not found.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from assistant.deidentify.records import PatternKind

__all__ = ["PatternHit", "find_patterns"]

_TLD = (
    r"(?:com|org|net|info|edu|gov|int|eu|io|me|tv|tn|ma|dz|eg|sa|ae|fr|de|at|ch|uk|ie|it|es|pt|nl"
    r"|be|lu|dk|se|no|fi|pl|cz|sk|hu|ro|bg|gr|tr|ru|ua|il|ir|in|cn|jp|kr|au|nz|ca|us|mx|br|ar|cl"
    r"|za|ng|ke|gh|xyz|app|dev|online|social)"
)
_EDGE = r"(?<![\w@])"
_FORMS: tuple[tuple[PatternKind, str], ...] = (
    ("e-mail", r"[^\s@<>()\[\]{},;:\"'“”„«»\x01]+@[^\s@<>()\[\]{},;:\"'“”„«»\x01]+\.[^\W\d_]{2,}"),
    ("address", r"(?:https?|ftp)://[^\s<>\"“”«»\x01]+"),
    ("address", _EDGE + r"www\.[^\s<>\"“”«»\x01]+"),
    # With its path first: a name stands in it more often than not.
    ("address", _EDGE + r"[a-z0-9][a-z0-9-]*(?:\.[a-z0-9-]+)*\." + _TLD + r"/[^\s<>\"“”«»\x01]*"),
    ("address", _EDGE + r"[a-z0-9][a-z0-9-]*(?:\.[a-z0-9-]+)*\." + _TLD + r"(?![\w.-]*\w)"),
    ("address", _EDGE + r"@[\w.]{3,}"),
    ("address", r"(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.]*\d)"),
    # Bank accounts, cards, letters with a long number, numbers of persons, long runs of digits.
    ("number", r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?\b"),
    ("number", r"(?<!\d)\d{4}(?:[ -]\d{4}){2,3}(?:[ -]?\d{1,3})?(?!\d)"),
    ("number", r"(?<![\d-])\d{3}-\d{2}-\d{4}(?![\d-])"),
    # Sweden, Brazil and Switzerland write the numbers of persons so.
    ("number", r"(?<![\d-])(?:\d{2})?\d{6}[-+]\d{4}(?![\d-])"),
    ("number", r"(?<![\d.])\d{3}\.\d{3}\.\d{3}-\d{2}(?!\d)"),
    ("number", r"(?<![\d.])\d{3}[. ]\d{4}[. ]\d{4}[. ]\d{2}(?![.]?\d)"),
    ("number", r"\b[A-Z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-D]\b"),
    ("number", r"\b[A-Z]{1,3}[ -]?\d{6,10}\b"),
    ("number", r"(?<!\d)[12] ?\d{2} ?\d{2} ?\d{2} ?\d{3} ?\d{3}(?: ?\d{2})?(?!\d)"),
    ("telephone", r"(?<![\w+])(?:\+|00) ?\d{1,3}(?:[\s./()-]{0,3}\d){6,12}(?!\d)"),
    ("telephone", r"(?<![\w.,+])\(?0\d{1,4}\)?(?:[ ./-]{1,2}\d{2,4}){2,5}(?!\w)"),
    ("telephone", r"(?<![\w.,+])\(?0\d{2,5}\)?[ /-]\d{4,8}(?!\w)"),
    ("telephone", r"(?<![\w.,+])\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}(?!\w)"),
    ("telephone", r"(?<![\w.,+-])\d{2,3}([ .-])\d{3}\1\d{3}(?![.,-]?\d)(?!\w)"),
    ("telephone", r"(?<![\w.,+-])\d{2}[ -]\d{3}[ -]\d{3}(?!\w)"),
    ("telephone", r"(?<![\w.,+-])\d{3}-\d{4}(?![\w-])"),
    ("telephone", r"(?<![\w.,+])\d{2}(?:[ .-]\d{2}){3,4}(?!\w)"),
    ("number", r"(?<![\w.,])\d{7,}(?![.,]?\d)"),
)
_COMPILED = tuple(
    (kind, re.compile(form, re.IGNORECASE if kind in ("e-mail", "address") else 0))
    for kind, form in _FORMS
)
# Every form has two digits together, an at sign, or a dot between letters: most texts have none.
_ANY = re.compile(r"\d.?\d|@|://|\w\.\w")
_DATE = re.compile(r"\(?\d{1,2}([ ./-])\d{1,2}\1(?:19|20)?\d{2}|\d{4}([ ./-])\d{1,2}\2\d{1,2}")
_ROUND = re.compile(r"\d{1,3}(?:[ .,]\d{3})*[ .,]000|\d+0{5,}")
_RANGE = re.compile(r"\d{2}0-\d{2}00")
"""From some hundreds to some thousands."""
_YEARS = re.compile(r"(?:(?:19|20)\d{2}[ -]?){2,}")
_USUAL = {
    **{code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)},
    **{code: ord(" ") for code in (0xA0, 0x2002, 0x2003, 0x2007, 0x2009, 0x202F, 0x3000)},
    **{code: ord("-") for code in (0x2010, 0x2011, 0x2012, 0x2013, 0x2212)},
    **{zero + n: ord("0") + n for zero in (0x0660, 0x06F0, 0x0966, 0x09E6) for n in range(10)},
}
"""Full-width characters, digits of other scripts, kinds of spaces and dashes: one for one."""
_TRAILING = ".,;:!?)]}'’”»…"


@dataclass(frozen=True)
class PatternHit:
    start: int
    end: int
    kind: PatternKind
    text: str


def find_patterns(text: str) -> tuple[PatternHit, ...]:
    """In the order of the text; none overlaps another."""
    hits: list[PatternHit] = []
    rest = text.translate(_USUAL)
    if not _ANY.search(rest):
        return ()
    while True:
        found = _once(rest)
        if not found:
            hits = [replace(hit, text=text[hit.start : hit.end]) for hit in hits]
            return tuple(sorted(hits, key=lambda hit: hit.start))
        hits.extend(found)
        # Again without these: what adjoined one of them may be one by itself.
        for hit in found:
            rest = rest[: hit.start] + "\x01" * (hit.end - hit.start) + rest[hit.end :]


def _once(text: str) -> list[PatternHit]:
    hits: list[PatternHit] = []
    for kind, form in _COMPILED:
        for match in form.finditer(text):
            start, end = match.span()
            while end > start and text[end - 1] in _TRAILING and text[start] != "(":
                end -= 1
            found = text[start:end].strip()
            if len(found) < 4 or "\x01" in found or _harmless(found, kind):
                continue
            if any(start < hit.end and hit.start < end for hit in hits):
                continue
            hits.append(PatternHit(start, end, kind, text[start:end]))
    return hits


def _harmless(found: str, kind: PatternKind) -> bool:
    if kind in ("e-mail", "address"):
        return False
    return any(form.fullmatch(found) for form in (_DATE, _ROUND, _YEARS, _RANGE))
