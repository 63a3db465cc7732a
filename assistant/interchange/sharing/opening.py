"""Whose blind codes stay sealed, and when they are opened."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from assistant.errors import DataError, UserError
from assistant.meant import no_transcript
from assistant.store.database import Store
from assistant.store.sharing.merging import Merger
from assistant.store.sharing.sealing import (
    SealedRow,
    drop_sealed,
    finished_blind,
    sealed_rows,
)
from assistant.store.sharing.shared_tables import BY_TABLE, TABLES, SharedRow
from assistant.store.texts.transcripts import find_transcript, transcript, transcript_infos
from assistant.store.trail.events import record_event
from assistant.store.verify import verify

__all__ = ["Blindness", "Opened", "Waiting", "open_by_hand", "open_ready", "waiting"]


@dataclass
class Blindness:
    """Who has finished which transcript, here, sealed, or in the file that is being taken in."""

    done: set[tuple[str, str]] = field(default_factory=set)
    """(person, hash of the transcript)."""
    begun: set[tuple[str, str]] = field(default_factory=set)
    """(person, hash) of whoever has begun here and not finished here."""

    @property
    def busy(self) -> set[str]:
        """Hashes of transcripts that somebody is still coding blind here.

        Who began here and finished in a copy of the study is done: her finished scope is sealed.
        """
        return {sha256 for name, sha256 in self.begun if (name, sha256) not in self.done}

    @classmethod
    def of(cls, store: Store) -> Blindness:
        done, begun = finished_blind(store)
        found = cls(set(done), set(begun))
        for one in sealed_rows(store):
            found.note(one.table, one.coder, one.transcript_sha256, one.row)
        return found

    def note(self, table: str, coder: str, sha256: str, row: SharedRow) -> None:
        """A scope that is not in the tables: it counts when it is finished."""
        if table == "scopes" and row.get("exposure") == "blind" and row.get("finished_at"):
            self.done.add((coder, sha256))

    def may_open(self, coder: str, sha256: str) -> bool:
        """Whether a person's blind codes of a transcript may be seen here."""
        others = any(name != coder and sha == sha256 for name, sha in self.done)
        return (coder, sha256) in self.done and others and sha256 not in self.busy


@dataclass(frozen=True)
class Opened:
    """What came out of the seal: person and transcript, with how many codings."""

    codings: dict[str, int]


@dataclass(frozen=True)
class Waiting:
    coder: str
    transcript: str
    rows: int
    why: str
    until: str = ""
    """What somebody can do who will not code it blind; empty where waiting is all there is."""
    sample: bool = False
    """Only some passages were to be coded, as for an audit: often nobody else codes them blind."""


def open_ready(store: Store) -> Opened:
    """Open what may be seen now. Call when somebody has finished coding blind."""
    if not _ready(store):
        return Opened({})  # mostly so: nobody has to wait for that
    with store.transaction():
        return _open(store, _ready(store))


def _ready(store: Store) -> list[SealedRow]:
    blind = Blindness.of(store)
    return [o for o in sealed_rows(store) if blind.may_open(o.coder, o.transcript_sha256)]


def open_by_hand(store: Store, name: str, why: str) -> Opened:
    """Open a transcript's sealed codes though nobody else has coded it blind.

    Recorded with the reason. Raises `UserError` without one, or while somebody here is coding it.
    """
    key = find_transcript(store, name)
    if key is None:
        names = [info.name for info in transcript_infos(store)]
        raise no_transcript(name, names)
    sha256 = transcript(store, key).sha256
    if not why.strip():
        raise UserError("Say why the codes may be seen.", hint='--because "…"')
    with store.transaction():
        if sha256 in Blindness.of(store).busy:
            raise UserError(
                f"Somebody here is still coding “{name}” blind.",
                hint="Finish it, or give it up in the browser, first.",
            )
        opened = _open(store, [o for o in sealed_rows(store) if o.transcript_sha256 == sha256])
        record_event(store, "unsealed", f"Sealed codes of “{name}” were opened: {why.strip()}")
    return opened


def _open(store: Store, rows: Iterable[SealedRow]) -> Opened:
    order = {spec.table: number for number, spec in enumerate(TABLES)}
    wanted = sorted(rows, key=lambda one: (order[one.table], one.identity))
    if not wanted:
        return Opened({})
    before = set(verify(store).findings)
    with store.transaction():
        merger = Merger(store)
        for one in wanted:
            spec = BY_TABLE[one.table]
            merger.take(spec, merger.identity(spec, one.row), one.row)
        drop_sealed(store, [one.identity for one in wanted])
        damage = [f for f in verify(store).findings if f not in before]
        if damage:
            raise DataError(
                f"Sealed codes do not fit this study: {damage[0].rule} ({damage[0].where}). "
                "They stay sealed.",
                hint="Ask the person who sent them to share again.",
            )
    return Opened(dict(Counter(one.coder for one in wanted if one.table == "codings")))


def waiting(store: Store) -> tuple[Waiting, ...]:
    """What is sealed, and what it waits for.

    An audit normally has one blind coder, and its codes wait for a second one all the same: whether
    somebody here is still to code these passages blind, nobody but the people here can know.
    """
    blind = Blindness.of(store)
    names = {info.sha256: info.name for info in transcript_infos(store)}
    rows = tuple(sealed_rows(store))
    counts = Counter((one.coder, one.transcript_sha256) for one in rows)
    samples = {
        (one.coder, one.transcript_sha256)
        for one in rows
        if one.table == "scopes" and one.row.get("segments")
    }
    found = []
    for (coder, sha256), count in sorted(counts.items()):
        name, until = names.get(sha256, sha256[:19]), ""
        sample = (coder, sha256) in samples
        if (coder, sha256) not in blind.done:
            why = f"{coder} has not finished"
        elif sha256 in blind.busy:
            why = "somebody here has not finished"
        else:
            why = "nobody else has finished coding it blind"
            if sample:
                why = f"a sample, as for an audit, which one person may code alone, and {why}"
            until = (
                "If nobody here is to code these passages blind any more: secondcoder merge --open "
                f'"{name}" --because "…"'
            )
        found.append(Waiting(coder, name, count, why, until, sample))
    return tuple(found)
