"""What one of two studies says is one interview is one in the other too.

Somebody put a file to another transcript (`import --same-as`), in one of the studies; or a file
showed that two were one. After the rows of a file are taken in, such a transcript becomes part
of the other, whoever took in whose file, unless something rests on its text: then it stays, and
that is a difference that people settle.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field

from assistant.interchange.imports.deriving import derive_codings
from assistant.interchange.imports.joining import join, place_notes
from assistant.interchange.sharing.package import ShareFile
from assistant.store.database import Store
from assistant.store.records import TranscriptInfo
from assistant.store.sharing.conflicts import Conflict, chosen_sides
from assistant.store.sharing.consent import stricter
from assistant.store.sharing.sharing import row_counts
from assistant.store.texts.documents import document_by_file
from assistant.store.texts.transcripts import set_consent, transcript, transcript_infos
from assistant.store.withdrawal.withdrawal import withdraw_also

__all__ = ["OneInterview", "bare_name", "become_one", "join_as_stated", "two_interviews"]


@dataclass
class OneInterview:
    joined: int = 0
    """Transcripts that were here and are part of another now."""
    not_new: Counter[str] = field(default_factory=Counter)
    """Table -> rows that the file brought and that are part of what was here."""
    gone: Counter[str] = field(default_factory=Counter)
    """Table -> rows that were here and are part of others now."""
    conflicts: list[Conflict] = field(default_factory=list)
    of_withdrawn: dict[str, int] = field(default_factory=dict)
    """Hash of a text that came in and is part of a withdrawn transcript -> its id."""


def join_as_stated(store: Store, share: ShareFile, before: Collection[str]) -> OneInterview:
    """Call when all rows were taken. ``before``: hashes of the transcripts that were here."""
    done = OneInterview()
    pairs = _pairs(store, share)
    for (home, part), at in pairs.items():
        infos = {info.id: info for info in transcript_infos(store)}
        if home not in infos or part not in infos:
            continue  # of three that are one, the first two are one by now
        one, other = infos[home], infos[part]
        if one.withdrawn and other.withdrawn:
            continue
        was_here = other.sha256 in before
        # Of a participant who withdrew here no word comes back under another name; a transcript
        # that was here is not erased without a word.
        apart = (part, home) in pairs or (one.withdrawn and was_here)
        if apart or not become_one(store, one, other, at, before, done, stated=True):
            if one.withdrawn and not was_here:
                withdraw_also(store, part, home)
            elif other.withdrawn and one.sha256 not in before:
                withdraw_also(store, home, part)
            else:
                done.conflicts.append(two_interviews(one, other, at))
    return done


def become_one(
    store: Store,
    one: TranscriptInfo,
    other: TranscriptInfo,
    at: str,
    before: Collection[str],
    done: OneInterview,
    *,
    stated: bool,
) -> bool:
    """Make ``other`` part of ``one``, and write what came of it into ``done``; False where it
    stays, since something rests on it. ``stated``: a person said that its files belong there."""
    rows, was_here = row_counts(store), other.sha256 in before
    joined = join(store, (one.id, other.id), stated=stated, on_record=False)
    if not joined.names:
        return False
    if one.withdrawn:
        done.of_withdrawn[other.sha256] = one.id
    else:
        _settle_consent(store, one, other, at, done)
        derive_codings(store, one.id, {})
        place_notes(store, joined, transcript(store, one.id).text)
    lost = Counter(rows)
    lost.subtract(row_counts(store))
    (done.gone if was_here else done.not_new).update(+lost)
    done.joined += int(was_here)
    return True


def _pairs(store: Store, share: ShareFile) -> dict[tuple[int, int], str]:
    """(transcript that a file belongs to, transcript that is thus part of it) -> when it first came
    to one of the two studies."""
    infos = {info.sha256: info for info in transcript_infos(store)}
    found: dict[tuple[int, int], str] = {}
    for row in share.rows("documents"):
        here = document_by_file(store, str(row["file_sha256"]))
        there = infos.get(str(row["transcript_id"]))
        if here is None or there is None or here.transcript_id == there.id:
            continue
        stated = bool(row.get("stated"))
        if stated and not here.stated:
            pair = (there.id, here.transcript_id)
        elif here.stated != stated or not (stated or there.documents):
            # It was put where it is here; or the other transcript has no file that is not here.
            pair = (here.transcript_id, there.id)
        else:
            continue
        at = min(str(row["imported_at"]), here.imported_at)
        found[pair] = min(at, found.get(pair, at))
    return found


def _settle_consent(
    store: Store, one: TranscriptInfo, other: TranscriptInfo, at: str, done: OneInterview
) -> None:
    """The stricter holds and is told; what people chose between these two holds."""
    if stricter(one.consent, other.consent) == one.consent:
        return
    sides = [{"consent": one.consent}, {"consent": other.consent}]
    said = Conflict.of("consent", {"transcript": one.sha256, "name": one.name}, sides, at)
    if chosen_sides(store).get(said.identity) == {"consent": one.consent}:
        set_consent(store, one.id, one.consent)
    else:
        done.conflicts.append(said)


def two_interviews(one: TranscriptInfo, other: TranscriptInfo, at: str) -> Conflict:
    """That they may be one, and stay two. By names that are the same in both studies."""
    sides = [{"words": one.sha256}, {"words": other.sha256}]
    names = {bare_name(info.name, info.sha256) for info in (one, other)}
    return Conflict.of("interview", {"name": " and ".join(sorted(names))}, sides, at)


def bare_name(name: str, sha256: str) -> str:
    """Without the part of its hash that a merge gave to the second text of a name."""
    return name.removesuffix(f" ({sha256.removeprefix('sha256:')[:8]})")
