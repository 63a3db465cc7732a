"""Whether two runs were asked about the same codes: without that, no run is better than another.

A code whose definition changed between the two codebooks means something else now, and people's
codings of it are of the old meaning. They are listed, so that somebody can code them again.
"""

from __future__ import annotations

from dataclasses import dataclass

from assistant.codebook.history import carry, compare
from assistant.codebook.records import Codebook, Operation
from assistant.errors import UserError
from assistant.store.database import Store
from assistant.store.decided.reviewing import shown_codings
from assistant.store.people.codings import scopes
from assistant.store.texts.transcripts import transcript, transcript_infos
from assistant.store.versions import codebook, codebook_operations
from eval.report.wording import how_many, was

__all__ = ["Definitions", "DefinitionsChanged", "Recode", "definitions_of", "to_recode"]


@dataclass(frozen=True, slots=True)
class Recode:
    """A passage that was coded by the old definition."""

    transcript: str
    segment: int
    coder: str
    code: str
    quote: str


@dataclass(frozen=True, slots=True)
class Definitions:
    """What became of the codes between the two codebooks."""

    codebook: Codebook
    """Under which both runs are compared: the newer."""
    renamed: dict[str, str]
    """Id in the older -> id in the newer, of every code that can be compared."""
    changed: tuple[str, ...]
    """Ids in the older of codes that were redefined or split."""
    edited: tuple[str, ...]
    """Same definition; notes on what to include, examples or other fields changed."""
    only_first: tuple[str, ...]
    only_second: tuple[str, ...]
    operations: tuple[Operation, ...]


class DefinitionsChanged(UserError):
    """Two runs were asked about different things; with what people coded by the older."""

    def __init__(self, codes: tuple[str, ...], passages: tuple[Recode, ...]) -> None:
        self.codes, self.passages = codes, passages
        shown = "".join(
            f"\n  {p.transcript}, passage {p.segment + 1}, {p.coder}: {p.code}" for p in passages
        )
        super().__init__(
            "The two runs were asked about different things: the definition of "
            f"{', '.join(codes)} changed between their codebooks. "
            f"{how_many(len(passages), 'passage')} {was(len(passages))} coded by the old one.",
            hint="Code these passages again by the new definition and run both recipes under one "
            "codebook. With --anyway the runs are compared all the same; that shows drift towards "
            "the old coding, and is not an evaluation."
            + (f"\nThe passages:{shown}" if passages else ""),
        )


def definitions_of(store: Store, first: Codebook, second: Codebook) -> Definitions:
    """Set the codebooks of two runs against each other; declared changes count first."""
    older, newer = first, second
    declared = codebook_operations(store, first.sha256, second.sha256)
    if not declared:
        backwards = codebook_operations(store, second.sha256, first.sha256)
        if backwards:
            older, newer, declared = second, first, backwards
    operations = compare(older, newer, declared)
    renamed: dict[str, str] = {}
    changed = []
    for code in older.sent:
        carried = carry(code.id, operations)
        if carried.needs_recoding:
            changed.append(code.id)
        if len(carried.ids) == 1 and carried.ids[0] in newer.by_id:
            renamed[code.id] = carried.ids[0]
    arrived = set(renamed.values())
    gone = tuple(c.id for c in older.sent if c.id not in renamed)
    fresh = tuple(c.id for c in newer.sent if c.id not in arrived)
    swapped = older is not first
    return Definitions(
        newer,
        renamed,
        tuple(changed),
        tuple(code for op in operations if op.op == "change" for code in op.codes),
        fresh if swapped else gone,
        gone if swapped else fresh,
        operations,
    )


def to_recode(store: Store, older: Codebook, changed: tuple[str, ...]) -> tuple[Recode, ...]:
    """People's codings with a code whose definition changed, in the order of the study.

    Not those of people who coded by another definition than the older: theirs are of the new one,
    or of one between. Where it is not known by which codebook somebody coded, it was the older.
    """
    found = []
    newer = _coded_by_another(store, older, changed)
    for info in transcript_infos(store):
        if info.withdrawn:
            continue
        mine = [
            c
            for c in shown_codings(store, info.id)
            if older.resolve(c.code) in changed
            and older.resolve(c.code) not in newer.get((c.coder.id, info.id), ())
        ]
        if not mine:
            continue
        segments = transcript(store, info.id).segments
        for coding in mine:
            place = next((s.index for s in segments if s.start <= coding.start < s.end), 0)
            found.append(Recode(info.name, place, coding.coder.name, coding.code, coding.quote))
    return tuple(found)


def _coded_by_another(
    store: Store, older: Codebook, changed: tuple[str, ...]
) -> dict[tuple[int, int], frozenset[str]]:
    """(coder, transcript) -> codes of ``changed`` that she knew by another definition."""
    found: dict[tuple[int, int], frozenset[str]] = {}
    for scope in scopes(store):
        if scope.codebook_sha256 in ("", older.sha256):
            continue
        by_id = codebook(store, scope.codebook_sha256).by_id
        found[scope.coder.id, scope.transcript_id] = frozenset(
            code
            for code in changed
            if code in by_id and by_id[code].definition != older.by_id[code].definition
        )
    return found
