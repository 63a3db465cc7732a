"""What the templates of the strategy `list` may see: plain dictionaries of text and numbers.

Everything a template can name is made here, so that no record with methods, and nothing that a
prompt should not hold, gets near one. Codes that are never sent to a model are left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypedDict

from assistant.codebook.records import Code, Codebook
from assistant.coding.records import Chunk, Piece
from assistant.transcripts.records import Transcript

__all__ = ["chunk_variables", "list_variables", "shared_variables", "system_words"]


class _Example(TypedDict):
    text: str
    applies: bool


class _Code(TypedDict):
    id: str
    label: str
    definition: str
    include: str
    exclude: str
    examples: list[_Example]
    family: str
    exclusive_with: list[str]


class _Segment(TypedDict):
    number: int
    speaker: str
    text: str


def list_variables(shown: Codebook, transcript: Transcript, chunk: Chunk) -> dict[str, Any]:
    """The variables of a `list` prompt.

    ``codebook`` (``name``; ``families``, each with ``name`` and ``description``; ``codes``, each
    with ``id``, ``label``, ``definition``, ``include``, ``exclude``, ``examples`` of ``text`` and
    ``applies``, ``family``, ``exclusive_with``); ``before``, ``segments`` and ``after``, lists of
    ``number``, ``speaker`` and ``text``; ``language`` (ISO 639-1, may be empty). ``shown`` is the
    codebook without the transcript's own examples.
    """
    return {**shared_variables(shown, transcript), **chunk_variables(transcript, chunk)}


def shared_variables(shown: Codebook, transcript: Transcript) -> dict[str, Any]:
    """Those of `list_variables` that are the same for all chunks of a transcript."""
    sent = {code.id for code in shown.sent}
    codes = [_code(shown, code, sent) for code in shown.sent]
    used = {code["family"] for code in codes}
    families = [{"name": n, "description": d} for n, d in shown.families.items() if n in used]
    return {
        "codebook": {"name": shown.name, "families": families, "codes": codes},
        "language": transcript.language,
    }


def chunk_variables(transcript: Transcript, chunk: Chunk) -> dict[str, Any]:
    """Those that differ from chunk to chunk."""
    return {
        "before": _segments(transcript, chunk.context_before),
        "segments": _segments(transcript, chunk.pieces),
        "after": _segments(transcript, chunk.context_after),
    }


def system_words(shown: Codebook) -> str:
    """The free text of a codebook that a model may be shown, examples apart."""
    codes = "\n".join(
        "\n".join((code.label, code.definition, code.include, code.exclude)) for code in shown.sent
    )
    return "\n".join((codes, *shown.families.values()))


def _code(shown: Codebook, code: Code, sent: set[str]) -> _Code:
    return {
        "id": code.id,
        "label": code.label,
        "definition": code.definition,
        "include": code.include,
        "exclude": code.exclude,
        "examples": [{"text": e.text, "applies": e.applies} for e in code.examples],
        "family": shown.family_of(code.id),
        "exclusive_with": [other for other in code.exclusive_with if other in sent],
    }


def _segments(transcript: Transcript, pieces: Sequence[Piece]) -> list[_Segment]:
    return [
        {
            "number": number,
            "speaker": transcript.segments[piece.segment].speaker,
            "text": transcript.text[piece.start : piece.end],
        }
        for number, piece in enumerate(pieces, start=1)
    ]
