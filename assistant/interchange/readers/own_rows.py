"""Rows of tables that this program wrote: what stands in columns that only it writes.

Also where people took some of these columns out.
"""

from __future__ import annotations

from collections.abc import Sequence

from assistant.interchange.export.records import ExportCoding
from assistant.interchange.export.saying import note_text
from assistant.interchange.readers.columns import Columns
from assistant.interchange.refi.naming import MODEL_PREFIX
from assistant.store.records import Coder

__all__ = ["model_of", "note_of"]

_NAMELESS = "a model whose name the table lacks"


def model_of(columns: Columns, cells: Sequence[str]) -> str | None:
    """Name of the model that suggested what a row says; None for a person's coding.

    The row says so in three ways, since people take out columns: by what kind of coder it was,
    by where the coding is from, and in the coder's name.
    """
    name = columns.get("coder", cells).strip()
    kind = columns.get("coder_kind", cells).strip().casefold()
    origin = columns.get("origin", cells).strip().casefold()
    if kind == "model" or origin == "suggestion" or name.startswith(MODEL_PREFIX):
        return name.removeprefix(MODEL_PREFIX) or _NAMELESS
    return None


def note_of(head: Sequence[str], cells: Sequence[str]) -> str:
    """All that a row says of a model's suggestion, in the words of every other format."""
    said = {name.strip().casefold(): cell.strip() for name, cell in zip(head, cells, strict=False)}

    def text(name: str) -> str:
        return said.get(name, "")

    run = text("run").removesuffix(".0")
    return note_text(
        ExportCoding(
            guid="",
            transcript="",
            transcript_id=0,
            coder=Coder(0, text("coder").removeprefix(MODEL_PREFIX), "model"),
            code="",
            written="",
            start=0,
            end=0,
            quote="",
            exposure="",
            origin="",
            run=int(run) if run.isdecimal() else None,
            lane=text("lane"),
            decision=text("decision"),
            decided_by=text("decided_by"),
            decided_at=text("decided_at"),
            reason=text("reason"),
            because=text("because"),
            rationale=text("rationale"),
            confidence=_number(text("confidence")),
            probability=_number(text("probability")),
        )
    )


def _number(cell: str) -> float | None:
    try:
        return float(cell)
    except ValueError:
        return None
