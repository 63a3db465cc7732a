"""Which comments of a Word document this program wrote.

A comment says so in three ways, since each can be lost on the way: its initials (anybody can change
them, and Word takes them out with everything personal), its hash in a list among the document's own
properties (it goes when somebody takes properties out, or changes the comment or its passage), and
with a model's suggestion a sentence in the comment itself. What cannot be told to have been written
here counts as added later: beside a model's codes, that is after seeing them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from html import escape

from assistant.hashing import hash_text
from assistant.interchange.export.saying import said_model
from assistant.interchange.readers.word_ranges import Comment, WordText
from assistant.interchange.refi.naming import MODEL_PREFIX
from assistant.transcripts.lines import squeeze

__all__ = ["INITIALS", "lists_comments", "marks", "model_of", "properties_xml", "written_here"]

INITIALS = "/SC"
"""How the initials of a comment end that this program wrote; what somebody adds has her own."""
_PROPERTY = "Second Coder comments"
_LENGTH = 8
_PER_PROPERTY = 28
"""Word shows and keeps at most 255 characters of a property."""
_SPACES = (
    'xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties" '
    'xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"'
)
_TEXT_PROPERTIES = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"


def model_of(comment: Comment) -> str:
    """Name of the model that suggested it; empty for a person's comment."""
    author = comment.author.strip()
    if author.startswith(MODEL_PREFIX):
        return author.removeprefix(MODEL_PREFIX)
    return said_model("\n".join(comment.paragraphs[1:]))


def marks(word: WordText) -> tuple[str, ...]:
    """A short hash of each comment and of the words that it stands on."""
    found = []
    for one in word.comments:
        start, end = one.span or (0, 0)
        said = "\n".join(squeeze(row) for row in one.paragraphs)
        made = hash_text(squeeze(word.text[start:end]) + "\0" + said)
        found.append(made.removeprefix("sha256:")[:_LENGTH])
    return tuple(found)


def properties_xml(listed: Sequence[str]) -> bytes:
    """The list of what was written, as a document's own properties."""
    rows = []
    for number, begin in enumerate(range(0, len(listed), _PER_PROPERTY), 1):
        value = " ".join(listed[begin : begin + _PER_PROPERTY])
        rows.append(
            f'<property fmtid="{_TEXT_PROPERTIES}" pid="{number + 1}" '
            f'name="{_PROPERTY} {number}"><vt:lpwstr>{escape(value)}</vt:lpwstr></property>'
        )
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    return f"{head}<Properties {_SPACES}>{''.join(rows)}</Properties>".encode()


def lists_comments(properties: Mapping[str, str]) -> bool:
    return any(name.startswith(_PROPERTY) for name in properties)


def written_here(word: WordText) -> tuple[bool, ...]:
    """For each comment whether this program wrote it, as far as that can be told."""
    listed: Counter[str] = Counter()
    for name, value in word.properties.items():
        if name.startswith(_PROPERTY):
            listed.update(value.split())
    found = []
    for one, mark in zip(word.comments, marks(word), strict=True):
        there = listed[mark] > 0
        listed[mark] -= there
        found.append(there or one.initials.endswith(INITIALS) or bool(model_of(one)))
    return tuple(found)
