"""Blind coding of an audit's sample: what is to be coded, what a person says, and that she is done.

One place for the command line and the pages. Nothing here tells what a model suggested. A scope
grows with each passage that is recorded, so that "no code" is data for these passages alone, and
who has seen the model's suggestions of a transcript, or coded all of it before, cannot code it
blind.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.errors import UserError
from assistant.store.database import Store, now
from assistant.store.finding import find_audit
from assistant.store.measured.audits import AuditRow, remove_blind_codings, saw_the_model
from assistant.store.model.runs import run
from assistant.store.people.coders import add_coder, find_coder
from assistant.store.people.codings import add_coding, codings, scopes, set_scope
from assistant.store.records import Coding, Scope
from assistant.store.texts.transcripts import transcript
from assistant.store.trail.events import record_event
from assistant.store.versions import codebook
from assistant.transcripts.records import segment_body

__all__ = ["AuditTask", "audit_tasks", "finish", "record_blind_coding"]


@dataclass(frozen=True)
class AuditTask:
    """The sampled passages of one transcript."""

    audit_id: int
    transcript_id: int
    transcript: str
    sha256: str
    segments: tuple[int, ...]
    done: dict[str, tuple[int, ...]]
    """Coder -> sampled segments that are coded."""
    finished: tuple[str, ...]
    """Coders who said that they are done."""


def audit_tasks(store: Store, audit_id: int) -> tuple[AuditTask, ...]:
    """What has to be coded blind for an audit, transcript by transcript.

    Raises `UserError` when there is no such audit.
    """
    row = find_audit(store, audit_id)
    tasks = []
    for key in row.transcripts:
        sample = _sample(row, key)
        if not sample:
            continue
        text = transcript(store, key)
        mine = [s for s in scopes(store, key) if s.segments is not None and s.exposure == "blind"]
        tasks.append(
            AuditTask(
                audit_id,
                key,
                text.name,
                text.sha256,
                sample,
                {
                    s.coder.name: tuple(n for n in sample if n in (s.segments or ()))
                    for s in mine
                    if set(sample) & set(s.segments or ())
                },
                tuple(
                    s.coder.name
                    for s in mine
                    if s.finished_at and set(sample) <= set(s.segments or ())
                ),
            )
        )
    return tuple(tasks)


def record_blind_coding(
    store: Store,
    audit_id: int,
    transcript_id: int,
    segment: int,
    codes: Sequence[str],
    coder: str,
) -> tuple[str, ...]:
    """Keep what a person says about one sampled passage; no code means "nothing applies".

    Said again, it replaces what she had said before. Returns the codes' ids. Raises `UserError` for
    a passage that is not in the sample, a code that the codebook lacks, a coder who cannot be blind
    there, and an audit that was judged already.
    """
    with store.transaction():
        row = find_audit(store, audit_id)
        if row.result is not None:
            raise UserError(
                f"Audit {audit_id} was judged already; what was coded for it stays as it is.",
                hint=f"Draw a new sample: secondcoder audit draw {row.run_id}.",
            )
        if segment not in _sample(row, transcript_id):
            raise UserError(
                f"Passage {segment + 1} is not in the sample of audit {audit_id}.",
                hint="Code the passages that the sample names; they count from 1.",
            )
        book = codebook(store, run(store, row.run_id).codebook_sha256)
        allowed = {code.id for code in book.sent}
        known: list[str] = []
        for code in codes:
            found = book.resolve(code)
            if found is None or found not in allowed:
                raise UserError(
                    f"The codebook has no code “{code}” that a model is asked about.",
                    hint=f"{book.meant(code)}Codes: {', '.join(sorted(allowed))}.",
                )
            known.append(found)
        text = transcript(store, transcript_id)
        start, end = segment_body(text.text, text.segments[segment])
        scope = _scope(store, coder, transcript_id, book.sha256, tuple(c.id for c in book.sent))
        remove_blind_codings(store, scope.coder.id, transcript_id, start, end)
        for code in dict.fromkeys(known):
            add_coding(
                store,
                Coding(
                    0,
                    str(uuid.uuid4()),
                    transcript_id,
                    scope.coder,
                    code,
                    start,
                    end,
                    text.text[start:end],
                    "blind",
                    "blind",
                ),
            )
        set_scope(store, replace(scope, segments=(*(scope.segments or ()), segment)))
    return tuple(dict.fromkeys(known))


def finish(store: Store, audit_id: int, transcript_id: int, coder: str) -> None:
    """The person is done with this transcript. Raises `UserError` while passages are missing."""
    with store.transaction():
        row = find_audit(store, audit_id)
        scope = next((s for s in scopes(store, transcript_id) if s.coder.name == coder), None)
        missing = set(_sample(row, transcript_id)) - set((scope and scope.segments) or ())
        if scope is None or missing:
            raise UserError(
                f"{len(missing)} {'passage' if len(missing) == 1 else 'passages'} of "
                f"“{transcript(store, transcript_id).name}” {'is' if len(missing) == 1 else 'are'} "
                f"not coded by {coder} yet."
            )
        set_scope(store, replace(scope, finished_at=now()))
        record_event(
            store,
            "blind coding",
            f"{coder} coded {len(_sample(row, transcript_id))} sampled passages of audit "
            f"{audit_id} blind",
            coder,
            audit=audit_id,
            transcript=transcript_id,
        )


def _scope(
    store: Store, coder: str, transcript_id: int, codebook_sha256: str, codes: tuple[str, ...]
) -> Scope:
    """The coder's sample in this transcript so far. Raises `UserError` where she is not blind."""
    name = transcript(store, transcript_id).name
    if saw_the_model(store, coder, transcript_id):
        raise UserError(
            f"{coder} has seen the model's suggestions in “{name}”, so {coder} cannot code it "
            "blind.",
            hint="Somebody else has to, or another batch has to be drawn.",
        )
    person = find_coder(store, coder, "human") or add_coder(store, coder, "human")
    there = next((s for s in scopes(store, transcript_id) if s.coder.id == person.id), None)
    if there is None:
        return Scope(person, transcript_id, "blind", None, None, codebook_sha256, codes, ())
    if there.segments is None:
        raise UserError(
            f"{coder} is a coder of the whole of “{name}” already ({there.exposure}), so a blind "
            "sample of it cannot be kept apart from that.",
            hint="Somebody else has to code the sample, or use another name for this coder.",
        )
    if there.codebook_sha256 == codebook_sha256:
        return there
    if there.finished_at or any(c.coder.id == person.id for c in codings(store, transcript_id)):
        raise UserError(
            f"{coder} coded passages of “{name}” blind before, with another version of the "
            "codebook.",
            hint="Somebody else has to code the sample.",
        )
    # "Nothing applies" was said of other definitions: these passages have to be looked at again.
    if there.segments:
        record_event(
            store,
            "blind coding",
            f"{coder} began to code sampled passages of a transcript anew, since the codebook "
            f"changed before the first code; passages looked at before: {len(there.segments)}",
            coder,
            transcript=transcript_id,
        )
    return replace(there, codebook_sha256=codebook_sha256, codes=codes, segments=())


def _sample(row: AuditRow, transcript_id: int) -> tuple[int, ...]:
    drawn = row.plan.get("sample", ())
    return tuple(sorted(d["segment"] for d in drawn if d["transcript_id"] == transcript_id))
