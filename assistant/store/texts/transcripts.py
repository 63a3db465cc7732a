"""Transcripts and their segments.

A transcript may be made again from its documents until something used it (`is_frozen`); after that
its text never changes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from assistant.errors import UserError
from assistant.spelling import nfc
from assistant.store.database import Store, now
from assistant.store.records import TranscriptInfo
from assistant.store.sharing.consent import stricter
from assistant.transcripts.records import Segment, Transcript

__all__ = [
    "find_transcript",
    "is_frozen",
    "merge_transcripts",
    "names_alike",
    "new_transcript",
    "replace_text",
    "set_consent",
    "set_language",
    "set_transcript_name",
    "stays",
    "transcript",
    "transcript_infos",
]


def new_transcript(
    store: Store, name: str, sha256: str, text: str, language: str, segments: Sequence[Segment]
) -> int:
    """Store a transcript; its id."""
    with store.transaction():
        key = store.write(
            "INSERT INTO transcripts (name, sha256, text, language, created_at) "
            "VALUES (?, ?, ?, ?, ?)",
            (nfc(name), sha256, text, language, now()),
        )
        _write_segments(store, key, segments)
    return key


def replace_text(
    store: Store, key: int, name: str, sha256: str, text: str, segments: Sequence[Segment]
) -> None:
    """Give a transcript that nothing has used another of its documents' texts.

    Notes on a model's codings go with these codings: `assistant.interchange.imports.joining` keeps
    them.
    """
    assert not is_frozen(store, key), "a transcript that was used never changes"
    with store.transaction():
        store.write("DELETE FROM codings WHERE transcript_id = ? AND origin = 'import'", (key,))
        store.write("DELETE FROM coding_notes WHERE transcript_id = ?", (key,))
        store.write("DELETE FROM segments WHERE transcript_id = ?", (key,))
        store.write(
            "UPDATE transcripts SET name = ?, sha256 = ?, text = ? WHERE id = ?",
            (nfc(name), sha256, text, key),
        )
        _write_segments(store, key, segments)


def merge_transcripts(store: Store, into: int, other: int) -> None:
    """Give the files and coders of ``other``, which nothing has used, to ``into``.

    The codings of both have to be derived anew afterwards. Of the two consents the stricter holds,
    and who was shown codes of ``other`` was shown them of this interview. Notes on a model's
    codings go with these codings: `assistant.interchange.imports.joining` keeps
    them.
    """
    why = stays(store, other)
    assert not why, f"a transcript that was used never goes away: {why}"
    with store.transaction():
        consents = [
            str(store.value("SELECT consent FROM transcripts WHERE id = ?", (key,)))
            for key in (into, other)
        ]
        set_consent(store, into, stricter(consents[0], consents[1]))
        store.write("UPDATE openings SET transcript_id = ? WHERE transcript_id = ?", (into, other))
        # A memo without a place is about the interview. One with a place was taken away (`stays`),
        # and its place was in the other text.
        store.write(
            "UPDATE memos SET transcript_id = ?, start_char = NULL, end_char = NULL "
            "WHERE transcript_id = ?",
            (into, other),
        )
        store.write("DELETE FROM coding_notes WHERE transcript_id = ?", (other,))
        store.write("DELETE FROM codings WHERE transcript_id = ?", (other,))
        store.write("UPDATE documents SET transcript_id = ? WHERE transcript_id = ?", (into, other))
        # A person who coded both keeps what was stated of the first, unless nothing was.
        store.write(
            "UPDATE scopes SET exposure = (SELECT o.exposure FROM scopes o "
            "WHERE o.transcript_id = ?2 AND o.coder_id = scopes.coder_id) "
            "WHERE transcript_id = ?1 AND exposure = 'unknown' AND coder_id IN "
            "(SELECT coder_id FROM scopes WHERE transcript_id = ?2)",
            (into, other),
        )
        store.write(
            "DELETE FROM scopes WHERE transcript_id = ?2 AND coder_id IN "
            "(SELECT coder_id FROM scopes WHERE transcript_id = ?1)",
            (into, other),
        )
        store.write("UPDATE scopes SET transcript_id = ? WHERE transcript_id = ?", (into, other))
        # What she looked for again was in the other text.
        store.write("DELETE FROM looked_again WHERE transcript_id = ?", (other,))
        store.write("DELETE FROM segments WHERE transcript_id = ?", (other,))
        store.write("DELETE FROM transcripts WHERE id = ?", (other,))


def _write_segments(store: Store, key: int, segments: Sequence[Segment]) -> None:
    store.write_many(
        "INSERT INTO segments (transcript_id, idx, start_char, end_char, speaker, turn, "
        "start_time, end_time) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (key, s.index, s.start, s.end, s.speaker, s.turn, s.start_time, s.end_time)
            for s in segments
        ],
    )


def set_transcript_name(store: Store, key: int, name: str) -> None:
    """Give a transcript a name that no other has."""
    store.write("UPDATE transcripts SET name = ? WHERE id = ?", (name, key))


def is_frozen(store: Store, key: int) -> bool:
    """True once a run, a coding made in the tool, a coder's stated passages or sample, a settled
    disagreement, a colleague's sealed codes or a withdrawal rests on this text."""
    return bool(
        store.value(
            "SELECT EXISTS (SELECT 1 FROM run_transcripts WHERE transcript_id = :t) "
            "OR EXISTS (SELECT 1 FROM codings WHERE transcript_id = :t AND origin <> 'import') "
            "OR EXISTS (SELECT 1 FROM scopes WHERE transcript_id = :t "
            "AND (first_segment IS NOT NULL OR segments IS NOT NULL)) "
            "OR EXISTS (SELECT 1 FROM adjudications WHERE transcript_id = :t) "
            "OR EXISTS (SELECT 1 FROM sealed s JOIN transcripts t "
            "ON t.sha256 = s.transcript_sha256 WHERE t.id = :t) "
            "OR EXISTS (SELECT 1 FROM tombstones WHERE transcript_id = :t)",
            {"t": key},  # type: ignore[arg-type]
        )
    )


def stays(store: Store, key: int) -> str:
    """Why a transcript cannot become part of another, as a clause for people; empty where it can.

    Memos on passages are no reason to keep a text as it is, but they would have no place in
    another.
    """
    if is_frozen(store, key):
        return "runs or decisions rest on its text"
    placed = int(
        store.value(
            "SELECT count(*) FROM memos m WHERE m.transcript_id = ? AND m.start_char IS NOT NULL "
            "AND m.deleted = 0 "
            "AND NOT EXISTS (SELECT 1 FROM memos later WHERE later.replaces_id = m.id)",
            (key,),
        )
    )
    if placed:
        return (
            "a memo on a passage rests on its text"
            if placed == 1
            else f"{placed} memos on passages rest on its text"
        )
    return ""


def transcript(store: Store, key: int) -> Transcript:
    """A transcript with text and segments. Raises KeyError when there is none with this id."""
    row = store.row("SELECT * FROM transcripts WHERE id = ?", (key,))
    if row is None:
        raise KeyError(key)
    segments = store.rows("SELECT * FROM segments WHERE transcript_id = ? ORDER BY idx", (key,))
    return Transcript(
        id=row["id"],
        name=row["name"],
        sha256=row["sha256"],
        text=row["text"],
        language=row["language"],
        consent=row["consent"],
        segments=tuple(
            Segment(
                index=s["idx"],
                start=s["start_char"],
                end=s["end_char"],
                speaker=s["speaker"],
                turn=s["turn"],
                start_time=s["start_time"],
                end_time=s["end_time"],
            )
            for s in segments
        ),
    )


def find_transcript(store: Store, name: str) -> int | None:
    """Id of the transcript of that name.

    Case, and how its accents are spelled, are ignored where nothing has just this name. Raises
    `UserError` where several could be meant then.
    """
    exact = store.value("SELECT id FROM transcripts WHERE name = ?", (name,))
    if exact is not None:
        return int(exact)
    alike = names_alike(store, name)
    same = {key: one for key, one in alike.items() if nfc(one) == nfc(name)} or alike
    if len(same) > 1:
        raise UserError(
            f"By “{name}” could be meant {' or '.join(f'“{one}”' for one in same.values())}: they "
            f"are {len(same)} transcripts.",
            hint="Write the name exactly as it stands in `secondcoder transcripts`.",
        )
    return next(iter(same), None)


def names_alike(store: Store, name: str) -> dict[int, str]:
    """Id -> name of the transcripts of this name, however its case and accents are spelled."""
    wanted = nfc(name).casefold()
    rows = store.rows("SELECT id, name FROM transcripts ORDER BY name")
    return {int(r["id"]): str(r["name"]) for r in rows if nfc(r["name"]).casefold() == wanted}


def transcript_infos(store: Store) -> tuple[TranscriptInfo, ...]:
    """All transcripts, in natural order of their names ("2" before "11")."""
    rows = store.rows(
        """
        SELECT t.id, t.name, t.sha256, t.language, t.consent, length(t.text) AS characters,
               t.withdrawn_at IS NOT NULL AS withdrawn,
               (SELECT count(*) FROM segments s WHERE s.transcript_id = t.id) AS segments,
               (SELECT count(*) FROM codings k WHERE k.transcript_id = t.id) AS codings,
               (SELECT json_group_array(name) FROM (
                   SELECT c.name FROM scopes p JOIN coders c ON c.id = p.coder_id
                   WHERE p.transcript_id = t.id AND c.kind = 'human' ORDER BY c.name)) AS coders,
               (SELECT json_group_array(name) FROM (
                   SELECT d.name FROM documents d WHERE d.transcript_id = t.id
                   ORDER BY d.name)) AS documents
        FROM transcripts t"""
    )
    infos = [
        TranscriptInfo(
            r["id"],
            r["name"],
            r["sha256"],
            r["language"],
            r["consent"],
            r["segments"],
            r["characters"],
            bool(r["withdrawn"]),
            tuple(json.loads(r["coders"])),
            r["codings"],
            tuple(json.loads(r["documents"])),
        )
        for r in rows
    ]
    return tuple(sorted(infos, key=lambda info: _natural(info.name)))


def _natural(name: str) -> list[tuple[int, int, str]]:
    parts = re.split(r"(\d+)", name.casefold())
    return [(0, int(p), "") if p.isdigit() else (1, 0, p) for p in parts]


def set_language(store: Store, transcript_id: int, language: str) -> None:
    store.write("UPDATE transcripts SET language = ? WHERE id = ?", (language, transcript_id))


def set_consent(store: Store, transcript_id: int, consent: str) -> None:
    store.write("UPDATE transcripts SET consent = ? WHERE id = ?", (consent, transcript_id))
