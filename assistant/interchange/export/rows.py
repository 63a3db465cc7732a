"""The long table: one row a coding, the same values in CSV and XLSX."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from assistant.interchange.export.cells import typed_time
from assistant.interchange.export.loading import Export
from assistant.interchange.export.records import ExportCoding
from assistant.interchange.refi.naming import model_name

__all__ = ["Value", "coding_rows", "values_of"]

Value = str | int | float | datetime | None


def values_of(export: Export, c: ExportCoding) -> tuple[Value, ...]:
    """In the order of `cells.COLUMNS`."""
    return (
        c.transcript,
        model_name(c.coder.name) if c.by_model else c.coder.name,
        c.coder.kind,
        c.code,
        c.start,
        c.end,
        c.quote,
        c.exposure,
        c.origin,
        c.decision,
        c.rationale,
        c.run,
        c.guid,
        c.source_file,
        export.label(c.code),
        c.written,
        c.lane,
        c.confidence,
        c.probability,
        c.decided_by,
        typed_time(c.decided_at),
        c.reason,
        c.because,
        typed_time(c.at),
    )


def coding_rows(export: Export) -> Iterator[tuple[Value, ...]]:
    """All codings, transcript by transcript."""
    for info in export.infos:
        for coding in export.codings(info.id):
            yield values_of(export, coding)
