"""What a file said of a model's coding that came in it: rationale, run, figures, decision."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from assistant.store.database import Store

__all__ = ["NotePlace", "add_coding_note", "coding_notes", "move_coding_notes"]

NotePlace = tuple[int, str, int, int]
"""(coder's id, code as written, start, end), in code points of the transcript, ``[start, end)``."""


def add_coding_note(
    store: Store,
    transcript_id: int,
    coder: str,
    codes: Collection[str],
    span: tuple[int, int],
    text: str,
) -> bool | None:
    """Keep a note on a model's imported coding; whether it is new.

    ``codes``: names that its code may have in the study. None: there is no such coding. A coding
    that has a note keeps it.
    """
    for code in codes:
        row = store.row(
            "SELECT k.coder_id FROM codings k JOIN coders c ON c.id = k.coder_id "
            "WHERE k.transcript_id = ? AND c.kind = 'model' AND c.name = ? AND k.code = ? "
            "AND k.start_char = ? AND k.end_char = ?",
            (transcript_id, coder, code, *span),
        )
        if row is None:
            continue
        place = (transcript_id, row["coder_id"], code, *span)
        there = store.value(
            "SELECT count(*) FROM coding_notes WHERE transcript_id = ? AND coder_id = ? "
            "AND code = ? AND start_char = ? AND end_char = ?",
            place,
        )
        if not there:
            store.write("INSERT INTO coding_notes VALUES (?, ?, ?, ?, ?, ?)", (*place, text))
        return not there
    return None


def coding_notes(store: Store, transcript_id: int) -> dict[NotePlace, str]:
    """All notes on a transcript's codings."""
    rows = store.rows("SELECT * FROM coding_notes WHERE transcript_id = ?", (transcript_id,))
    return {
        (r["coder_id"], r["code"], r["start_char"], r["end_char"]): r["text"]
        for r in rows
        if r["text"]
    }


def move_coding_notes(
    store: Store, transcript_id: int, moved: Iterable[tuple[NotePlace, str]]
) -> None:
    """Keep notes at the places that their codings have now; a coding that has a note keeps it."""
    store.write_many(
        "INSERT INTO coding_notes (transcript_id, coder_id, code, start_char, end_char, text) "
        "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        [(transcript_id, *place, text) for place, text in moved],
    )
