"""Two transcripts whose words are alike enough for import to make them one are one after a merge.

Each study may have got its text from another file of one interview. Which of the two stays is
decided by what both studies know, so it is the same in both, whichever merges first: the one that
something rests on, else the one whose text import would take of all their files. It keeps the name
that it had where it came from. Where something rests on both, they stay two, and that is listed.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import combinations

from assistant.errors import UserError
from assistant.hashing import hash_text
from assistant.interchange.imports.deriving import document_of
from assistant.interchange.sharing.one_interview import (
    OneInterview,
    bare_name,
    become_one,
    two_interviews,
)
from assistant.store.database import Store
from assistant.store.records import TranscriptInfo
from assistant.store.sharing.conflicts import Conflict
from assistant.store.texts.documents import documents
from assistant.store.texts.transcripts import (
    find_transcript,
    set_transcript_name,
    stays,
    transcript_infos,
)
from assistant.transcripts.grouping import choose_base, group
from assistant.transcripts.records import Document

__all__ = ["join_alike", "still_two"]


def join_alike(store: Store, before: Collection[str], done: OneInterview) -> None:
    """Call after `join_as_stated`, with what that returned. ``before``: hashes of the transcripts
    that were here."""
    owner: dict[str, int] = {}
    files: dict[int, list[Document]] = {}
    stated: set[str] = set()
    for info in transcript_infos(store):
        for row in () if info.withdrawn else documents(store, info.id):
            owner[row.file_sha256] = info.id
            stated |= {row.file_sha256} if row.stated else set()
            files.setdefault(info.id, []).append(document_of(store, row))
    for members in group(d for mine in files.values() for d in mine):
        keys = {owner[d.file_sha256] for d in members}
        infos = [info for info in transcript_infos(store) if info.id in keys]
        # What was put somewhere by a person is no word about where other texts belong.
        own = {owner[d.file_sha256] for d in members if d.file_sha256 not in stated}
        if len(infos) > 1 and own == keys:
            free = [d for k in keys for d in files[k] if d.file_sha256 not in stated]
            _join(store, infos, hash_text(choose_base(free).text), before, done)
    for info in transcript_infos(store):
        _take_back_name(store, info)


def _join(
    store: Store,
    infos: Sequence[TranscriptInfo],
    base: str,
    before: Collection[str],
    done: OneInterview,
) -> None:
    """``base``: hash of the text that import would take."""
    fixed = {info.id for info in infos if stays(store, info.id)}
    ordered = sorted(infos, key=lambda i: (i.id not in fixed, i.sha256 != base, i.sha256))
    at = max(min(row.imported_at for row in documents(store, info.id)) for info in infos)
    for one, other in combinations([info for info in ordered if info.id in fixed], 2):
        done.conflicts.append(two_interviews(one, other, at))
    for other in ordered[1:]:
        if other.id not in fixed:
            become_one(store, ordered[0], other, at, before, done, stated=False)


def _take_back_name(store: Store, info: TranscriptInfo) -> None:
    bare = bare_name(info.name, info.sha256)
    if bare == info.name or info.withdrawn:
        return
    try:
        taken = find_transcript(store, bare) is not None
    except UserError:
        return  # several have it
    if not taken:
        set_transcript_name(store, info.id, bare)


def still_two(store: Store, found: Sequence[Conflict]) -> list[Conflict]:
    """Without the differences over one name of texts that are one transcript by now, or that are
    listed as two transcripts of one interview."""
    there = {info.sha256 for info in transcript_infos(store)}
    same = {_words(c) for c in found if c.kind == "interview"}
    return [
        c for c in found if c.kind != "transcript" or (_words(c) <= there and _words(c) not in same)
    ]


def _words(found: Conflict) -> frozenset[str]:
    return frozenset(str(side.get("words")) for side in found.sides)
