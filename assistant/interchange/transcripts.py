"""What the study knows about its transcripts, and what a user may change about them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.codebook.records import Codebook
from assistant.counting import coder_transcripts, counted
from assistant.errors import UserError
from assistant.interchange.coded_parts import beside_part, part_in_words
from assistant.meant import did_you_mean
from assistant.store.coders import coders
from assistant.store.codings import codings, scopes, set_exposure
from assistant.store.database import Store
from assistant.store.events import record_event
from assistant.store.records import Scope
from assistant.store.transcripts import (
    find_transcript,
    set_consent,
    set_language,
    transcript,
    transcript_infos,
)
from assistant.store.versions import codebook, codebook_versions
from assistant.transcripts.records import Exposure

__all__ = [
    "CoderOfTranscript",
    "TranscriptOverview",
    "change_transcripts",
    "first_or_named",
    "named",
    "overview",
]


@dataclass(frozen=True)
class CoderOfTranscript:
    name: str
    codings: int
    exposure: str
    part: str = ""
    """What of it was coded, in words; empty: all of it."""
    beside: tuple[str, ...] = ()
    """Codes that were given and that this does not name; they count for nothing."""


@dataclass(frozen=True)
class TranscriptOverview:
    name: str
    segments: int
    words: int
    language: str
    consent: str
    withdrawn: bool
    coders: tuple[CoderOfTranscript, ...]
    files: tuple[str, ...]


def named(store: Store, names: Sequence[str]) -> tuple[int, ...]:
    """Ids of the transcripts of these names; of all that are not withdrawn when there are none.

    Raises `UserError` for a name that is not there.
    """
    if not names:
        return tuple(info.id for info in transcript_infos(store) if not info.withdrawn)
    found: list[int] = []
    for name in names:
        key = find_transcript(store, name)
        if key is None:
            there = [info.name for info in transcript_infos(store)]
            several = len(names) > 1
            meant = _unquoted(names, there) if several else ""
            raise UserError(
                f"There is no transcript named “{name}”.",
                hint=f"Put names with spaces in quotation marks: {meant}."
                if meant
                else f"{did_you_mean(name, there)}The study has: "
                f"{', '.join(there) or 'none yet'}."
                + " Names with spaces need quotation marks."
                * several,
            )
        found.append(key)
    return tuple(dict.fromkeys(found))


def _unquoted(given: Sequence[str], known: Sequence[str]) -> str:
    """The names as they should have been typed, where ``given`` are known names cut at their
    spaces; else empty."""
    by_words = {tuple(name.casefold().split()): name for name in known}
    words = [word for one in given for word in one.casefold().split()]
    found: list[str] = []
    while words:
        fits = next((n for n in range(len(words), 0, -1) if tuple(words[:n]) in by_words), 0)
        if not fits:
            return ""
        found.append(by_words[tuple(words[:fits])])
        words = words[fits:]
    return " ".join(f'"{name}"' for name in found)


def first_or_named(store: Store, name: str = "") -> int:
    """Id of the transcript of that name, or of the study's first one.

    Raises `UserError` when there is none.
    """
    found = named(store, [name] if name else [])
    if not found:
        raise UserError(
            "The study has no transcript yet.", hint="Bring some in with `secondcoder import`."
        )
    return found[0]


def overview(store: Store, names: Sequence[str] = ()) -> tuple[TranscriptOverview, ...]:
    """The study's transcripts with their coders."""
    wanted = set(named(store, names)) if names else None
    counts = Counter((c.transcript_id, c.coder.name) for c in codings(store))
    versions = codebook_versions(store)
    book = codebook(store, versions[-1].sha256) if versions else None
    rows: list[TranscriptOverview] = []
    for info in transcript_infos(store):
        if wanted is not None and info.id not in wanted:
            continue
        rows.append(
            TranscriptOverview(
                info.name,
                info.segments,
                len(re.findall(r"\w+", transcript(store, info.id).text)),
                info.language,
                info.consent,
                info.withdrawn,
                tuple(
                    _coder(store, s, counts[info.id, s.coder.name], book)
                    for s in scopes(store, info.id)
                    if s.coder.kind == "human"
                ),
                info.documents,
            )
        )
    return tuple(rows)


def _coder(store: Store, scope: Scope, given: int, book: Codebook | None) -> CoderOfTranscript:
    part = part_in_words(scope)
    mine = () if scope.codes is None else codings(store, scope.transcript_id)
    beside = beside_part(scope, mine, book)
    if beside:
        part += f"; {counted(len(beside), 'coding')} of other codes, which no agreement counts"
    codes = tuple(sorted({c.code for c in beside}))
    return CoderOfTranscript(scope.coder.name, given, scope.exposure, part, codes)


def change_transcripts(
    store: Store,
    names: Sequence[str],
    *,
    exposure: Exposure | None = None,
    coder: str = "",
    language: str | None = None,
    consent: str | None = None,
) -> list[str]:
    """Change what is known; a sentence for each change. Every change is recorded as an event.

    Raises `UserError` for names that are not there, and for what changes nothing.
    """
    keys = named(store, names)
    said: list[str] = []
    with store.transaction():
        if exposure is not None:
            changed, kept = _set_exposure(store, keys, exposure, coder)
            if not changed:
                if kept:
                    raise UserError(
                        f"{_stays(kept)}, so nothing was changed.",
                        hint="Where that is wrong, name the coder (--coder NAME).",
                    )
                people = [one.name for one in coders(store, "human")]
                raise UserError(
                    "No coder's codes match, so nothing was changed.",
                    hint=f"{did_you_mean(coder, people)}`secondcoder transcripts` lists who coded "
                    "what; spell the name so.",
                )
            said.append(
                f"What coders had seen is now “{exposure}” for {coder_transcripts(changed)}."
            )
            if kept:
                said.append(f"{_stays(kept)}; to change that, name the coder.")
        if language is not None:
            for key in keys:
                set_language(store, key, language)
            said.append(f"The language is now “{language}” for {counted(len(keys), 'transcript')}.")
        if consent is not None:
            for key in keys:
                set_consent(store, key, consent)
            said.append(f"Consent is now “{consent}” for {counted(len(keys), 'transcript')}.")
        for sentence in said:
            record_event(store, "statement", sentence, transcripts=list(names), coder=coder)
    return said


def _set_exposure(
    store: Store, keys: Sequence[int], exposure: Exposure, coder: str
) -> tuple[int, dict[str, int]]:
    """How many scopes changed, and coder -> scopes that stay adjudicated.

    What was made from others' codes is not independent because everybody else's codes are: whoever
    means that coder too has to say the name.
    """
    changed = 0
    kept: Counter[str] = Counter()
    for key in keys:
        if coder or exposure not in ("independent", "blind"):
            changed += set_exposure(store, exposure, coder=coder, transcript_id=key)
            continue
        for scope in scopes(store, key):
            if scope.coder.kind != "human":
                continue
            if scope.exposure == "adjudicated":
                kept[scope.coder.name] += 1
                continue
            changed += set_exposure(store, exposure, coder=scope.coder.name, transcript_id=key)
    return changed, dict(kept)


def _stays(kept: Mapping[str, int]) -> str:
    """``“Team” stays adjudicated (12 transcripts)``."""
    return "; ".join(
        f"“{name}” stays adjudicated ({counted(n, 'transcript')})"
        for name, n in sorted(kept.items())
    )
