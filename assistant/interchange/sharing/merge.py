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

from assistant.counting import counted_many
from assistant.errors import DataError, UserError
from assistant.interchange.sharing.alike import join_alike, still_two
from assistant.interchange.sharing.codebook import take_codebook_file
from assistant.interchange.sharing.counts import RowCounts
from assistant.interchange.sharing.names import NamesTold, newly_one, told_of_one, with_names_here
from assistant.interchange.sharing.one_interview import join_as_stated
from assistant.interchange.sharing.opening import Waiting, open_ready, waiting
from assistant.interchange.sharing.package import Manifest, ShareFile, open_share
from assistant.interchange.sharing.taking import take_rows
from assistant.interchange.sharing.transcript_names import before_taking, names_as_stated
from assistant.interchange.sharing.withdrawals import (
    erase_withdrawn,
    withdraw_known,
    withdrawn_there,
)
from assistant.interchange.withdrawal.holding import known_file, record_written
from assistant.interchange.withdrawal.withdrawing import withdraw_transcript
from assistant.store.database import Store
from assistant.store.people.codings import name_versions
from assistant.store.people.person import chosen_name, person
from assistant.store.schema.undoing import STEP as UNDOING_STEP
from assistant.store.schema.undoing import name_taken_back
from assistant.store.sharing.conflicts import (
    SETTLED,
    Conflict,
    conflicts,
    disputed_adjudications,
    disputed_decisions,
    record_conflicts,
)
from assistant.store.sharing.sealing import sealed_rows
from assistant.store.sharing.sharing import row_counts, steps
from assistant.store.texts.documents import document_hashes
from assistant.store.texts.pseudonyms import last_pseudonym
from assistant.store.texts.transcripts import transcript_infos
from assistant.store.trail.events import record_event
from assistant.store.verify import verify
from assistant.store.withdrawal.withdrawal import erase_names_that_came, scrub
from assistant.study import Study

__all__ = ["MergeReport", "find_conflict", "merge_file", "settle"]


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
    names: NamesTold = field(default_factory=NamesTold)
    waiting: tuple[Waiting, ...] = ()
    """Samples that came sealed now and that only a person can open, or another who codes them."""
    one_login: str = ""
    """The login that the file was made under, where it is the one here and nobody said a name: what
    two people do under it counts as one person's."""

    @property
    def unchanged(self) -> bool:
        here = self.added or self.filled or self.sealed or self.opened or self.withdrawn
        return (
            not here
            and not self.names.renamed
            and not any(count.sealed for count in self.counts.values())
        )


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
        gone = withdrawn_there(store, share)
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
            before_names = before_taking(store)
            last_name = last_pseudonym(store)
            share, names = with_names_here(store, share)
            merger, fates, sealed = take_rows(store, share, progress, newly_one(store, share))
            names = told_of_one(store, names, merger.cautious)
            if UNDOING_STEP not in share.manifest.steps:
                name_taken_back(store.db)
            one = join_as_stated(store, share, {i.sha256 for i in infos})
            withdraw_known(store, share, {i.sha256 for i in infos})
            join_alike(store, {i.sha256 for i in infos}, one)
            called = names_as_stated(store, share, before_names)
            names = names.with_transcripts(called.said, called.renamed)
            erased = erase_withdrawn(store, share, one.of_withdrawn)
            erase_names_that_came(store, last_name)
            after_rows = row_counts(store)
            merger.added -= one.not_new
            merger.filled += Counter({"transcripts": one.joined})
            merger.conflicts = still_two(store, [*merger.conflicts, *one.conflicts])
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
        codebook = take_codebook_file(study, store, share)
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
            names,
            tuple(w for w in waiting(store) if w.sample and w.until and w.coder in sealed),
            "" if chosen_name() or share.manifest.made_by != person() else person(),
        )
    if not report.unchanged or new or not known_file(store, path, holds):
        record_written(
            store,
            "merge",
            f"Taken in from {share.manifest.made_by or 'somebody'} "
            f"({share.manifest.person or 'all rows'}): "
            f"{counted_many(sum(merger.added.values()), 'new rows')}, "
            f"{counted_many(new, 'conflicts')}",
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
