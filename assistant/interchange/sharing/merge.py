"""Take in what somebody else shared: nothing is overwritten or lost, differences are named.

All or nothing: rows, conflicts and the check of the whole database are one transaction. Taking in
the same file again changes nothing, and two studies that take in each other's files have the same
rows in the end, whoever begins.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from assistant.errors import DataError, UserError
from assistant.hashing import hash_text
from assistant.interchange.counting import counted
from assistant.interchange.holding import known_file, record_written
from assistant.interchange.sharing.codebook import take_codebook_file
from assistant.interchange.sharing.counts import Fates, RowCounts
from assistant.interchange.sharing.one_interview import join_as_stated
from assistant.interchange.sharing.opening import open_ready
from assistant.interchange.sharing.package import Manifest, ShareFile, open_share
from assistant.interchange.withdrawing import withdraw_transcript
from assistant.store.codings import name_versions
from assistant.store.conflicts import (
    SETTLED,
    Conflict,
    conflicts,
    disputed_adjudications,
    disputed_decisions,
    record_conflicts,
)
from assistant.store.database import Store
from assistant.store.documents import document_hashes
from assistant.store.events import record_event
from assistant.store.merging import Merger
from assistant.store.sealing import SealedRow, seal, sealed_rows
from assistant.store.shared_tables import BY_TABLE, TABLES, SharedRow
from assistant.store.sharing import LOCAL_EVENTS, row_counts, steps
from assistant.store.transcripts import transcript_infos
from assistant.store.undoing import STEP as UNDOING_STEP
from assistant.store.undoing import name_taken_back
from assistant.store.verify import verify
from assistant.store.withdrawal import erase_again, scrub
from assistant.study import Study

__all__ = ["MergeReport", "find_conflict", "merge_file", "settle", "withdrawals_in"]

_BLIND_EVENTS = "blind-"


@dataclass(frozen=True)
class MergeReport:
    file: Path
    manifest: Manifest
    added: dict[str, int]
    """Table -> new rows."""
    filled: dict[str, int]
    """Table -> rows of which something had been open and is known now."""
    sealed: dict[str, int]
    """Person -> codings that stay hidden until everybody has finished."""
    opened: dict[str, int]
    """Person -> codings that were hidden and are visible now."""
    withdrawn: tuple[str, ...]
    passed_over: dict[str, int]
    """Table -> rows that rest on something the file does not have."""
    new_conflicts: int
    conflicts: tuple[Conflict, ...]
    """All that are open."""
    codebook: str = ""
    """The file that the shared codebook was written to, where this study had no codes."""
    counts: dict[str, RowCounts] = field(default_factory=dict)
    """Table -> what became of its rows in the file."""
    kept: tuple[tuple[str, str, str], ...] = ()
    """(transcript, consent here, consent in the file) where it had been settled."""

    @property
    def unchanged(self) -> bool:
        here = self.added or self.filled or self.sealed or self.opened or self.withdrawn
        return not here and not any(count.sealed for count in self.counts.values())


@dataclass
class _Blind:
    """The file's blind codes: whose, of which transcripts, and who has finished."""

    pairs: set[tuple[str, str]] = field(default_factory=set)
    """(identity of the coder, hash of the transcript)."""
    imported: set[tuple[str, str]] = field(default_factory=set)


def withdrawals_in(store: Store, path: Path) -> tuple[str, ...]:
    """Names of transcripts that taking in this file would withdraw here."""
    with open_share(path) as share:
        return tuple(_withdrawn(store, share).values())


def _withdrawn(store: Store, share: ShareFile) -> dict[str, str]:
    """Hash -> name here, for transcripts that are withdrawn there and not here."""
    there = {str(r.get("sha256")) for r in share.rows("transcripts") if r.get("withdrawn_at")}
    return {
        i.sha256: i.name for i in transcript_infos(store) if i.sha256 in there and not i.withdrawn
    }


def merge_file(
    study: Study,
    store: Store,
    path: Path,
    *,
    withdraw: bool = False,
    progress: Callable[[int, str], None] = lambda done, remark: None,
) -> MergeReport:
    """Take in a share file. ``progress`` counts rows.

    ``withdraw``: a participant's withdrawal in the file may be carried out here. Raises
    `UserError` when there is one and it may not, and for a file of a newer version; `DataError`
    for a file that is damaged or would damage the study. Nothing has changed then.
    """
    with open_share(path) as share:
        _check_steps(store, share)
        gone = _withdrawn(store, share)
        if gone and not withdraw:
            raise UserError(
                f"Participants have withdrawn in the other study: {', '.join(gone.values())}. "
                "Their words would be erased here too. Nothing was taken in.",
                where=str(path),
                hint="Say so with --withdraw, or ask the person who sent the file.",
            )
        for name in gone.values():
            withdraw_transcript(study, store, name, "withdrawn in a study that was taken in")
        before = set(verify(store).findings)
        with store.transaction():
            name_versions(store)
            before_rows, infos = row_counts(store), transcript_infos(store)
            merger, fates, sealed = _take(store, share, progress)
            if UNDOING_STEP not in share.manifest.steps:
                name_taken_back(store.db)
            one = join_as_stated(store, share, {i.sha256 for i in infos})
            erased = _erase_withdrawn(store, share)
            after_rows = row_counts(store)
            merger.added -= one.not_new
            merger.filled += Counter({"transcripts": one.joined})
            merger.conflicts += one.conflicts
            merger.conflicts += [*disputed_decisions(store), *disputed_adjudications(store)]
            new = record_conflicts(store, merger.conflicts)
            damage = [f for f in verify(store).findings if f not in before]
            if damage:
                raise DataError(
                    f"This file would damage the study: {damage[0].rule} ({damage[0].where}: "
                    f"{damage[0].what}). Nothing was taken in.",
                    where=str(path),
                    hint="Ask for the file again; `secondcoder verify` checks the other study.",
                )
        if erased:
            scrub(store)
        holds = _holds(store, share)
        codebook = take_codebook_file(study, share)
        opened = open_ready(store).codings
        for coder in set(sealed) & set(opened):
            # Arrived and was opened at once: it was never hidden.
            sealed.pop(coder)
        corrected = one.gone + Counter({"codings": merger.taken_out})
        net = {
            t: n - (after_rows[t] - before_rows[t]) - corrected[t] for t, n in merger.added.items()
        }
        out = {t: n for t, n in net.items() if n > 0}  # erased again
        still = frozenset(one.identity for one in sealed_rows(store))
        report = MergeReport(
            path,
            share.manifest,
            dict(merger.added - Counter(out)),
            dict(merger.filled),
            sealed,
            opened,
            tuple(gone.values()),
            dict(merger.passed_over),
            new,
            tuple(c for c in conflicts(store) if not c.settled),
            codebook,
            fates.counts(merger.added, out, still),
            tuple(merger.kept),
        )
    if not report.unchanged or new or not known_file(store, path, holds):
        record_written(
            store,
            "merge",
            f"Taken in from {share.manifest.made_by or 'somebody'} "
            f"({share.manifest.person or 'all rows'}): "
            f"{counted(sum(merger.added.values()), 'new rows')}, {counted(new, 'conflicts')}",
            {path: holds},
            file=path.name,
            added=report.added,
            evaluations=merger.evaluations,
        )
    return report


def _holds(store: Store, share: ShareFile) -> list[str]:
    """Names here of the transcripts whose words stand in the file."""
    words = {str(r.get("sha256")) for r in share.rows("transcripts") if r.get("text")}
    files = {str(r.get("file_sha256")) for r in share.rows("documents") if r.get("text")}
    return [
        info.name
        for info in transcript_infos(store)
        if info.sha256 in words or document_hashes(store, info.id) & files
    ]


def find_conflict(store: Store, identity: str) -> Conflict:
    """The conflict whose identity begins so. Raises `UserError` for none or several."""
    found = [c for c in conflicts(store) if c.identity.startswith(identity)] if identity else []
    if len(found) != 1:
        raise UserError(
            f"There is no conflict “{identity}”, or more than one begins so.",
            hint="`secondcoder merge --conflicts` lists them, and so does the page of "
            "disagreements.",
        )
    return found[0]


def settle(
    store: Store, identity: str, word: str, *, who: str = "", side: int | None = None
) -> Conflict:
    """Record how a conflict was settled. ``side``: index of the one that is right, if one is.

    Raises `UserError` for one that is not there.
    """
    found = find_conflict(store, identity)
    if not word.strip():
        raise UserError("Say how it was settled.", hint='--because "…", or --side')
    chosen = {} if side is None else {"side": found.sides[side]}
    record_event(
        store, SETTLED, word.strip(), who, conflict=found.identity, key=found.key, **chosen
    )
    return next(c for c in conflicts(store) if c.identity == found.identity)


def _check_steps(store: Store, share: ShareFile) -> None:
    newer = [s for s in share.manifest.steps if s not in steps(store)]
    if newer:
        raise UserError(
            f"This file was shared by a newer version of Second Coder (its studies have the step "
            f"{newer[-1]}).",
            where=str(share.path),
            hint="Update Second Coder here, then take the file in again.",
        )


def _take(
    store: Store, share: ShareFile, progress: Callable[[int, str], None]
) -> tuple[Merger, Fates, dict[str, int]]:
    blind = _blind(share)
    fates = Fates()
    versions = sorted((str(r["recorded_at"]), str(r["sha256"])) for r in share.rows("codebooks"))
    merger = Merger(store, share.manifest.made_by)
    names: dict[str, str] = {}
    hidden: list[SealedRow] = []
    finished: list[SealedRow] = []
    done = 0
    for spec in TABLES:
        for row in share.rows(spec.table):
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


def _erase_withdrawn(store: Store, share: ShareFile) -> bool:
    """Take out again what the file brought about transcripts that are withdrawn here."""
    gone = {i.sha256: i.id for i in transcript_infos(store) if i.withdrawn}
    for row in share.rows("transcripts"):
        text = str(row.get("text") or "")
        if row.get("sha256") in gone and hash_text(text) == row["sha256"]:
            erase_again(store, gone.pop(str(row["sha256"])), text)
    for key in gone.values():
        erase_again(store, key)
    return any(i.withdrawn for i in transcript_infos(store))
