"""A participant's withdrawal and the files that colleagues share: no word comes back by one.

The words of one interview may have been several transcripts, in one study or in the other: a file
was put to another transcript, or came cleaned. What belongs to a withdrawn interview by a file that
both studies know, or by its own words, is withdrawn with it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from assistant.hashing import hash_text
from assistant.interchange.sharing.package import ShareFile
from assistant.store.database import Store
from assistant.store.records import TranscriptInfo
from assistant.store.texts.documents import document_by_file, documents
from assistant.store.texts.transcripts import transcript_infos
from assistant.store.withdrawal.withdrawal import erase_again, withdraw_also
from assistant.store.withdrawal.withdrawn_texts import WITHDRAWN_TEXTS, texts_of, withdrawn_with

__all__ = ["erase_withdrawn", "withdraw_known", "withdrawn_there"]


def withdrawn_there(store: Store, share: ShareFile) -> dict[str, str]:
    """Hash -> name here, for transcripts that are withdrawn there and not here; also where the
    other study had put a file of theirs, or one with the same words, to one that was withdrawn."""
    there = {str(r.get("sha256")) for r in share.rows("transcripts") if r.get("withdrawn_at")}
    mine = {i.id: i for i in transcript_infos(store) if not i.withdrawn}
    texts = set(there)
    for row in share.rows("events") if there else ():
        if row.get("kind") == WITHDRAWN_TEXTS:
            texts |= texts_of(row.get("details"), there)
    found = {i.sha256: i.name for i in mine.values() if texts & _texts(store, i)}
    for row in share.rows("documents") if there else ():
        here = document_by_file(store, str(row.get("file_sha256")))
        info = mine.get(here.transcript_id) if here is not None else None
        if info is not None and str(row.get("transcript_id")) in there:
            found[info.sha256] = info.name
    return found


def _texts(store: Store, info: TranscriptInfo) -> set[str]:
    return {info.sha256, *(hash_text(row.text) for row in documents(store, info.id) if row.text)}


def withdraw_known(store: Store, share: ShareFile, before: Collection[str]) -> None:
    """Withdraw what came in with a file that was withdrawn here, or with its words. ``before``:
    hashes of the transcripts that were here."""
    came = {str(r.get("sha256")) for r in share.rows("transcripts")} - set(before)
    infos = transcript_infos(store)
    gone = {info.id for info in infos if info.withdrawn}
    new = {info.sha256: info.id for info in infos if info.sha256 in came and not info.withdrawn}
    homes = {sha256: withdrawn_with(store, sha256) for sha256 in new}
    for row in share.rows("documents") if new and gone else ():
        sha256 = str(row.get("transcript_id"))
        if sha256 in new and homes[sha256] is None:
            here = document_by_file(store, str(row.get("file_sha256")))
            if here is not None and here.transcript_id in gone:
                homes[sha256] = here.transcript_id
            elif text := str(row.get("text") or ""):
                homes[sha256] = withdrawn_with(store, hash_text(text))
    for sha256, home in homes.items():
        if home is not None:
            withdraw_also(store, new[sha256], home)


def erase_withdrawn(store: Store, share: ShareFile, parts: Mapping[str, int]) -> bool:
    """Take out again what the file brought about transcripts that are withdrawn here; whether there
    are any. ``parts``: hash of a text that became part of one of them -> its id."""
    gone = {i.sha256: i.id for i in transcript_infos(store) if i.withdrawn}
    left = set(gone.values())
    for row in share.rows("transcripts"):
        sha256, text = str(row.get("sha256")), str(row.get("text") or "")
        key = gone.get(sha256, parts.get(sha256, 0))
        if key and hash_text(text) == sha256:
            erase_again(store, key, text)
            left.discard(key)
    for key in left:
        erase_again(store, key)
    return bool(gone)
