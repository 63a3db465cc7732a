"""Each row of a shared file: taken in, compared with the one that is here, or sealed.

Blind codes, and all that would tell of them, are sealed; they are opened when everybody has
finished (`assistant.interchange.sharing.opening`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from assistant.interchange.sharing.counts import Fates
from assistant.interchange.sharing.package import ShareFile
from assistant.store.database import Store
from assistant.store.sharing.merging import Merger
from assistant.store.sharing.sealing import SealedRow, finished_blind, seal, sealed_rows
from assistant.store.sharing.shared_tables import BY_TABLE, TABLES, SharedRow
from assistant.store.sharing.sharing import LOCAL_EVENTS
from assistant.store.texts.same_documents import same_documents, with_key_here

__all__ = ["take_rows"]

_BLIND_EVENTS = "blind-"


@dataclass
class _Blind:
    """The file's blind codes: whose, of which transcripts, and who has finished."""

    pairs: set[tuple[str, str]] = field(default_factory=set)
    """(identity of the coder, hash of the transcript)."""
    imported: set[tuple[str, str]] = field(default_factory=set)


def take_rows(
    store: Store,
    share: ShareFile,
    progress: Callable[[int, str], None],
    one_person: frozenset[str] = frozenset(),
) -> tuple[Merger, Fates, dict[str, int]]:
    """Every row of the file, compared, taken or sealed; the last is person -> codings newly sealed.

    Use inside one transaction. ``progress`` counts rows. ``one_person``: see `newly_one`.
    """
    blind = _blind(share)
    fates = Fates()
    versions = sorted((str(r["recorded_at"]), str(r["sha256"])) for r in share.rows("codebooks"))
    merger = Merger(store, one_person=one_person)
    same = same_documents(store, share.rows)
    names: dict[str, str] = {}
    hidden: list[SealedRow] = []
    finished: list[SealedRow] = []
    done = 0
    for spec in TABLES:
        for row in share.rows(spec.table):
            row = with_key_here(spec.table, row, same)
            identity = merger.identity(spec, row)
            fates.read[spec.table] += 1
            done += 1
            if done % 1000 == 0:
                progress(done, spec.table)
            if spec.table == "coders":
                names[identity] = str(row["name"])
            if spec.table == "scopes" and not row["codebook_sha256"]:
                row["codebook_sha256"] = _counted_version(versions, str(row["created_at"]))
            if spec.table == "events" and row.get("kind") in LOCAL_EVENTS:
                fates.left_out[spec.table] += 1
                continue
            if spec.table == "sealed" and _open_here(store, merger, identity, row):
                continue  # sealed there, and from here
            there = identity in merger.known.local.get(spec.table, {})
            whose = _sealed_as(spec.table, row, blind, names)
            one = SealedRow(f"{spec.table}/{identity}", spec.table, *(whose or ("", "")), row)
            if whose is not None and not there:
                hidden.append(one)
            elif whose is not None and spec.table == "scopes" and row["finished_at"]:
                finished.append(one)
            else:
                merger.take(spec, identity, row)
    hidden += _finished_with_codes(store, merger, hidden, finished)
    before = {one.identity: one.row for one in sealed_rows(store)}
    seal(store, hidden)
    for one in hidden:
        if one.identity not in before:
            fates.sealed[one.identity] = one.table
        elif one.row.get("finished_at") and not before[one.identity].get("finished_at"):
            merger.filled[one.table] += 1
    fates.left_out += merger.passed_over
    new = Counter(o.coder for o in hidden if o.table == "codings" and o.identity in fates.sealed)
    return merger, fates, dict(new)


def _open_here(store: Store, merger: Merger, identity: str, row: SharedRow) -> bool:
    """Whether what is sealed in the other study stands in this one's tables: it was coded here."""
    table, _, known_by = identity.partition("/")
    number = merger.known.local.get(table, {}).get(known_by)
    if number is None or table != "scopes":
        return number is not None
    # One that is not finished here may have been finished in a copy of this study.
    return (row["coder"], row["transcript_sha256"]) in finished_blind(store)[0]


def _counted_version(versions: list[tuple[str, str]], at: str) -> str | None:
    """By the file's own versions, what a scope that names none counts for; None: it has none."""
    there = [sha256 for recorded, sha256 in versions if recorded <= at]
    return there[-1] if there else next((sha256 for _, sha256 in versions), None)


def _finished_with_codes(
    store: Store, merger: Merger, hidden: list[SealedRow], finished: list[SealedRow]
) -> list[SealedRow]:
    """Of blind scopes that are here and finished there, those to be sealed; the others are taken.

    A scope is finished only together with its codings: where these are sealed, passages that they
    lie in would count as "no".
    """
    codings = {
        (one.coder, one.transcript_sha256)
        for one in (*hidden, *sealed_rows(store))
        if one.table == "codings"
    }
    sealed = []
    for one in finished:
        if (one.coder, one.transcript_sha256) in codings:
            sealed.append(one)
        else:
            merger.take(BY_TABLE[one.table], one.identity.partition("/")[2], one.row)
    return sealed


def _blind(share: ShareFile) -> _Blind:
    found = _Blind()
    for row in share.rows("codings"):
        pair = (str(row.get("coder_id")), str(row.get("transcript_id")))
        (found.pairs if row.get("origin") == "blind" else found.imported).add(pair)
    for row in share.rows("scopes"):
        pair = (str(row.get("coder_id")), str(row.get("transcript_id")))
        # A person who coded blind in the program and found nothing has finished all the same.
        if row.get("exposure") == "blind" and pair not in found.imported:
            found.pairs.add(pair)
    return found


def _sealed_as(
    table: str, row: SharedRow, blind: _Blind, names: dict[str, str]
) -> tuple[str, str] | None:
    """(person, hash of the transcript) under which a row is sealed; None for any other row."""
    if table in ("scopes", "codings"):
        pair = (str(row["coder_id"]), str(row["transcript_id"]))
        hidden = pair in blind.pairs and (table == "scopes" or row["origin"] == "blind")
        if hidden and not (table == "scopes" and row["exposure"] != "blind"):
            return names.get(pair[0], pair[0]), pair[1]
        return None
    if table == "memos":
        who, sha256 = str(row["who"]), str(row["transcript_id"])
    elif table == "events" and str(row["kind"]).startswith(_BLIND_EVENTS):
        details = row["details"] if isinstance(row["details"], dict) else {}
        place = details.get("transcript")
        who, sha256 = str(row["who"]), str(place.get("is") if isinstance(place, dict) else place)
    else:
        return None
    mine = any(names.get(c) == who and s == sha256 for c, s in blind.pairs)
    return (who, sha256) if mine else None
