"""Passages of a Word document that are shaded, and what stands in square brackets behind them.

A program that exports a coded text as a document shades the passages and writes their codes behind
them. Read as an interview, these codes would be words that somebody said.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

__all__ = ["Shading", "may_be_shaded", "shading"]

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_BEHIND = re.compile(r"\s*\[([^\[\]\n]{1,200})\]")
_HEARD = re.compile(
    r"inaudible|unclear|crosstalk|laugh|paus|silence|sic\b|overlap|unv\w*\b|lach|inaudib|rire|risa",
    re.IGNORECASE,
)
"""What transcribers put in brackets themselves."""
_WHITE = frozenset(("", "auto", "ffffff", "none"))


@dataclass(frozen=True)
class Shading:
    passages: int
    """Shaded stretches; those with nothing but white space between are one."""
    named: tuple[str, ...]
    """What stands in square brackets behind them, in order, where it may be a code."""


def may_be_shaded(data: bytes) -> bool:
    """Whether it is worth looking: the document's XML knows shading and square brackets."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            xml = archive.read("word/document.xml")
    except Exception:  # whatever damaged bytes lead to; the reader of the format says it better
        return False
    return (b"w:highlight" in xml or b"w:shd" in xml) and b"[" in xml


def shading(body: Any) -> Shading:
    """Of a document's body, an element of lxml."""
    passages = 0
    named: list[str] = []
    before = ""  # of the shaded stretch that is open
    after = ""  # unshaded text behind the last shaded one
    open_ = False
    for said, shaded in _runs(body):
        if shaded:
            if after.strip():
                named += _name(before, after)
                before, open_ = "", False
            passages += not open_
            open_, before, after = True, before + said, ""
        elif open_:
            after += said
    return Shading(passages, (*named, *(_name(before, after) if open_ else [])))


def _name(before: str, after: str) -> list[str]:
    """The brackets may be shaded like the passage itself."""
    found = _BEHIND.match(after) or re.search(_BEHIND.pattern + r"\s*$", before)
    if found is None or not any(c.isalpha() for c in found[1]) or _HEARD.search(found[1]):
        return []
    return [found[1].strip()]


def _runs(body: Any) -> Iterator[tuple[str, bool]]:
    for element in body.iter(f"{_W}r", f"{_W}p"):
        if element.tag == f"{_W}p":
            yield "\n", False
            continue
        said = "".join(one.text or "" for one in element.iter(f"{_W}t"))
        if said:
            yield said, _shaded(element)


def _shaded(run: Any) -> bool:
    marked = run.find(f"{_W}rPr/{_W}highlight")
    if marked is not None and str(marked.get(f"{_W}val", "")).lower() not in (*_WHITE, "white"):
        return True
    fill = run.find(f"{_W}rPr/{_W}shd")
    return fill is not None and str(fill.get(f"{_W}fill", "")).lower() not in _WHITE
