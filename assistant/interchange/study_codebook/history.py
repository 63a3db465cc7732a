"""Versions of the study's codebook, what leads from each to the next, what people must recode.

The working copy becomes a version when its history is looked at, as it does when a run uses it.
What the user declares is stored; the rest is inferred anew, so that it always says what is certain.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from itertools import pairwise

from assistant.codebook.history import compare, parse_operation
from assistant.codebook.lineage import Lineage
from assistant.codebook.loading import read_codebook
from assistant.codebook.records import Codebook, Operation
from assistant.counting import counted
from assistant.errors import SecondCoderError, UserError
from assistant.store.database import Store
from assistant.store.decided.reviewing import shown_codings
from assistant.store.people.codings import scopes
from assistant.store.people.looked_again import looked_again
from assistant.store.texts.transcripts import transcript_infos
from assistant.store.trail.events import record_event
from assistant.store.versions import (
    INFERRED,
    CodebookVersion,
    codebook,
    codebook_operations,
    codebook_versions,
    record_codebook,
    record_operations,
    recorded_versions,
)
from assistant.study import Study
from assistant.transcripts.records import NEVER_REFERENCE

__all__ = ["History", "Recoding", "Step", "history", "needs_recoding", "present_version"]


@dataclass(frozen=True)
class Step:
    """What leads from one version to the next."""

    old: str
    new: str
    operations: tuple[Operation, ...]


@dataclass(frozen=True)
class Recoding:
    """Codings of one person that count for nothing until somebody has looked at them again."""

    transcript: str
    coder: str
    code: str
    """As it was written."""
    codings: int
    choose_from: tuple[str, ...]


@dataclass(frozen=True)
class History:
    versions: tuple[CodebookVersion, ...]
    working_copy: str
    """Hash of the version that the study's file holds now; empty when there is no file."""
    recorded_now: bool
    steps: tuple[Step, ...]
    further: tuple[Step, ...]
    """What was declared of the way between versions that are not neighbours (any more)."""
    recoding: tuple[Recoding, ...]
    retired: tuple[Recoding, ...]
    """Codings whose code is gone: kept, and in no figure. Also those that never were in one."""


def history(
    study: Study, store: Store, declare: Sequence[str] = (), declared_from: str = ""
) -> History:
    """All versions with the changes between them; the working copy is recorded when it is new.

    ``declare``: changes that lead to the version in force, as `parse_operation` reads them; they
    replace earlier declarations about the same codes. In force is what the file holds, also where
    it was changed back to an earlier version; where that is the first of all, or there is no file,
    the newest. ``declared_from``: the beginning of the hash of the version that they lead from;
    empty, the one before. Raises `UserError` for mistakes in the file or in a declaration, for a
    declaration while there is one version only, and for ``declared_from`` without one.
    """
    if declared_from and not declare:
        raise UserError(
            "--from says where a declared change leads from, and no change was declared.",
            hint='Add it: --declare "rename old -> new". Without --from and --declare all versions '
            "are listed.",
        )
    declared = [parse_operation(text) for text in declare]
    with store.transaction() if declared else nullcontext():
        working, new = _record_working_copy(study, store)
        versions = codebook_versions(store)
        books = [codebook(store, v.sha256) for v in versions]
        hashes = [v.sha256 for v in versions]
        here = hashes.index(working) if working in hashes else len(hashes) - 1
        if declared:
            to = here or len(hashes) - 1
            place = _place_from(hashes[: to + 1], declared_from)
            _declare(store, books[place], books[to], declared)
        steps = tuple(
            Step(one.sha256, other.sha256, _operations(store, a, b))
            for (one, other), (a, b) in zip(pairwise(versions), pairwise(books), strict=True)
        )
        further = tuple(
            Step(version.sha256, other, operations)
            for version in recorded_versions(store)
            for other, operations in version.declared_further.items()
        )
    recoding, retired = _recoding(store, books[here] if books else None)
    return History(versions, working, new, steps, further, recoding, retired)


def present_version(study: Study, store: Store) -> str:
    """Hash of the codebook as it is now, recorded when it is new. Raises `UserError` when there is
    no codebook, or a mistake in it."""
    sha256, _ = _record_working_copy(study, store)
    if not sha256:
        raise UserError(
            "There is no codebook yet.",
            where=str(study.codebook_file),
            hint="Write one, or derive a first one: `secondcoder codebook derive`.",
        )
    return sha256


def needs_recoding(study: Study, store: Store) -> tuple[Recoding, ...]:
    """Codings that count for nothing until somebody has looked at them again, as `history` finds
    them; a changed file counts as a version here, and nothing is recorded. With a file that cannot
    be read: of the versions that are stored."""
    try:
        file = read_codebook(study.codebook_file) if study.codebook_file.is_file() else None
    except SecondCoderError:
        file = None
    if file is not None and file.codebook.codes:
        return _recoding(store, file.codebook)[0]
    versions = codebook_versions(store)
    return _recoding(store, codebook(store, versions[-1].sha256) if versions else None)[0]


def _record_working_copy(study: Study, store: Store) -> tuple[str, bool]:
    if not study.codebook_file.is_file():
        return "", False
    there = read_codebook(study.codebook_file).codebook
    # The empty codebook that a new study gets is no version of anything.
    if not there.codes or any(one.sha256 == there.sha256 for one in codebook_versions(store)):
        return there.sha256, False  # whoever only reads waits for nobody who writes
    with store.transaction():
        loaded = read_codebook(study.codebook_file)
        return loaded.codebook.sha256, record_codebook(store, loaded.codebook, loaded.text)


def _stored(store: Store, old: Codebook, new: Codebook) -> list[Operation]:
    """What the user declared earlier for this pair."""
    found = codebook_operations(store, old.sha256, new.sha256)
    return [operation for operation in found if not operation.why.startswith(INFERRED)]


def _operations(store: Store, old: Codebook, new: Codebook) -> tuple[Operation, ...]:
    return compare(old, new, _stored(store, old, new))


def _place_from(hashes: Sequence[str], named: str) -> int:
    """Place of the version that a declared change leads from."""
    if len(hashes) < 2:
        raise UserError(
            "There is one version of the codebook only, so nothing has changed yet.",
            hint="Change the file first, then declare what the change means.",
        )
    if not named:
        return len(hashes) - 2
    begin = named.removeprefix("sha256:")
    found = [n for n, h in enumerate(hashes[:-1]) if h.removeprefix("sha256:").startswith(begin)]
    if len(found) != 1:
        raise UserError(
            f"{'Several earlier versions begin' if found else 'No earlier version begins'} with "
            f"“{named}”.",
            hint="`secondcoder codebook history` lists the versions with their hashes.",
        )
    return found[0]


def _declare(store: Store, old: Codebook, new: Codebook, declared: Sequence[Operation]) -> None:
    codes = {code for operation in declared for code in operation.codes}
    kept = [o for o in _stored(store, old, new) if not codes & set(o.codes)]
    operations = compare(old, new, [*kept, *declared])
    record_operations(store, old.sha256, new.sha256, operations)
    record_event(
        store,
        "codebook",
        f"{counted(len(declared), 'change')} to the codebook declared, from version {old.version} "
        f"to {new.version}",
        declared=[o.model_dump() for o in declared],
        old=old.sha256,
        new=new.sha256,
    )


def _recoding(
    store: Store, target: Codebook | None
) -> tuple[tuple[Recoding, ...], tuple[Recoding, ...]]:
    """What became of people's codings on the way to ``target``, the version in force.

    A coding is of the version that its scope names; where none is named, of the newest one that was
    there when the coder's work came into the study, or the first. What is adjudicated, was made
    after seeing the model or for an audit is nobody's to look at again; of withdrawn transcripts
    nothing counts.
    """
    if target is None:
        return (), ()
    lineage = Lineage(recorded_versions(store), target)
    again_for = looked_again(store)
    scoped = {(s.coder.id, s.transcript_id): s for s in scopes(store)}
    names = {info.id: info.name for info in transcript_infos(store) if not info.withdrawn}
    again: Counter[tuple[str, str, str, tuple[str, ...]]] = Counter()
    gone: Counter[tuple[str, str, str, tuple[str, ...]]] = Counter()
    for c in shown_codings(store):
        if c.transcript_id not in names:
            continue
        scope = scoped.get((c.coder.id, c.transcript_id))
        place = lineage.place(
            scope.codebook_sha256 if scope else "", scope.created_at if scope else c.at
        )
        code = lineage.versions[place].book.resolve(c.code)
        if code is None:
            continue
        ids = lineage.into(code, place)
        key = (names[c.transcript_id], c.coder.name, c.code, ids)
        stale = lineage.silent(place, again_for.get((c.coder.id, c.transcript_id)))
        if any(stale.get(one) == "older definition" for one in ids):
            again[key] += c.exposure not in NEVER_REFERENCE and not (scope and scope.segments)
        elif not ids:
            gone[key] += 1
    return _rows(again), _rows(gone)


def _rows(counts: Counter[tuple[str, str, str, tuple[str, ...]]]) -> tuple[Recoding, ...]:
    return tuple(
        Recoding(transcript, coder, code, counts[transcript, coder, code, ids], ids)
        for transcript, coder, code, ids in sorted(+counts)
    )
