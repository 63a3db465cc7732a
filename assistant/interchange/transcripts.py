"""What the study knows about its transcripts, and what a user may change about them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.codebook.records import Codebook
from assistant.counting import coder_transcripts, counted
from assistant.errors import UserError
from assistant.interchange.coded_parts import beside_part, part_in_words
from assistant.meant import did_you_mean, no_transcript
from assistant.spelling import nfc
from assistant.store.database import Store
from assistant.store.decided.reviewing import shown_codings, unfinished_blind
from assistant.store.people.coders import coders
from assistant.store.people.codings import scopes, set_exposure
from assistant.store.records import Scope
from assistant.store.sharing.consent import stricter
from assistant.store.texts.renaming import earlier_names
from assistant.store.texts.transcripts import (
    find_transcript,
    set_consent,
    set_language,
    transcript,
    transcript_infos,
)
from assistant.store.trail.events import events, record_event
from assistant.store.versions import codebook, codebook_versions
from assistant.transcripts.language import check_language
from assistant.transcripts.records import REFERENCE, Exposure

__all__ = [
    "SEEN_IS_NOW",
    "UNDER_WAY",
    "CoderOfTranscript",
    "TranscriptOverview",
    "called_now",
    "change_transcripts",
    "first_or_named",
    "named",
    "overview",
]


SEEN_IS_NOW = "What coders had seen is now"
"""How the record of a statement begins that is about exposure."""
UNDER_WAY = "blind, not finished yet"
"""Of a person's blind coding, in place of a number and of what she had seen."""
_CONSENT = "Consent is now"
"""How the record of a statement begins that is about consent."""


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
    added: tuple[tuple[str, int], ...] = ()
    """(person, codings) of those who coded none of it, but added codes while reading: these are
    kept as `adjudicated` or `after-model`, and are the measure of nothing."""
    blind: tuple[str, ...] = ()
    """Who codes it blind and has not finished: how many codes that are, nobody is told."""


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
            if now := called_now(store, name):
                raise UserError(f"“{name}” is called “{now}” now.", hint="Use that name.")
            several = len(names) > 1
            meant = _unquoted(names, there) if several else ""
            if meant:
                raise UserError(
                    f"There is no transcript named “{name}”.",
                    hint=f"Put names with spaces in quotation marks: {meant}.",
                )
            more = "Names with spaces need quotation marks." if several else ""
            raise no_transcript(name, there, more=more)
        found.append(key)
    return tuple(dict.fromkeys(found))


def called_now(store: Store, name: str) -> str:
    """What a transcript is called that had this name before; empty where that is not known."""
    by_name = {old.casefold(): now for old, (now, _) in earlier_names(store).items()}
    return by_name.get(nfc(name).casefold(), "")


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
    counts = Counter(
        (c.transcript_id, c.coder.name) for c in shown_codings(store) if c.coder.kind == "human"
    )
    under_way = unfinished_blind(store)
    versions = codebook_versions(store)
    book = codebook(store, versions[-1].sha256) if versions else None
    rows: list[TranscriptOverview] = []
    for info in transcript_infos(store):
        if wanted is not None and info.id not in wanted:
            continue
        everybody = [s for s in scopes(store, info.id) if s.coder.kind == "human"]
        coded = [s for s in everybody if not s.is_begun]
        there = {s.coder.name for s in coded}
        blind = {s.coder.name for s in everybody if s.is_begun}
        blind |= {name for name, key in under_way if key == info.id}
        rows.append(
            TranscriptOverview(
                info.name,
                info.segments,
                len(transcript(store, info.id).text.split()),
                info.language,
                info.consent,
                info.withdrawn,
                tuple(_coder(store, s, counts[info.id, s.coder.name], book) for s in coded),
                info.documents,
                tuple(
                    (name, n)
                    for (key, name), n in sorted(counts.items())
                    if key == info.id and name not in there
                ),
                tuple(sorted(blind)),
            )
        )
    return tuple(rows)


def _coder(store: Store, scope: Scope, given: int, book: Codebook | None) -> CoderOfTranscript:
    part = part_in_words(scope)
    mine = () if scope.codes is None else shown_codings(store, scope.transcript_id)
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
    if language is not None:
        if not language.strip():
            raise UserError("No language was given.", hint="Write its two letters: en, de, fr, …")
        check_language(language)
    if consent is not None and not consent.strip(" ,"):
        raise UserError(
            "Who may be given the words was not said.",
            hint="Write `none` (no model), `local` (models on this computer), or the names of "
            "processors, separated by commas.",
        )
    keys = named(store, names)
    known = [info.name for info in transcript_infos(store) if names and info.id in keys]
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
            said.append(f"{SEEN_IS_NOW} “{exposure}” for {coder_transcripts(changed)}.")
            if kept:
                said.append(f"{_stays(kept)}; to change that, name the coder.")
        if language is not None:
            for key in keys:
                set_language(store, key, language)
            said.append(f"The language is now “{language}” for {counted(len(keys), 'transcript')}.")
        if consent is not None:
            stay = {} if names else _allow_less(store, consent)
            changed_keys = [key for key in keys if key not in stay]
            if not changed_keys:
                raise UserError(
                    f"{_allow_less_said(stay)}, so nothing was changed.",
                    hint="To change that, name the transcripts.",
                )
            for key in changed_keys:
                set_consent(store, key, consent)
            said.append(f"{_CONSENT} “{consent}” for {counted(len(changed_keys), 'transcript')}.")
            if stay:
                said.append(f"{_allow_less_said(stay)}; to change that, name the transcripts.")
        for sentence in said:
            record_event(store, "statement", sentence, transcripts=known, coder=coder)
    return said


def _allow_less(store: Store, consent: str) -> dict[int, tuple[str, str]]:
    """Transcript -> (name, consent) of those that stay when ``consent`` is said of all.

    A participant who agreed to less must not lose that unsaid: `none`, and what was said of a
    transcript by its name, stay where they allow less. Where all have the same it is meant.
    """
    there = [info for info in transcript_infos(store) if not info.withdrawn]
    if len({info.consent for info in there}) < 2:
        return {}
    by_name = {
        str(name).casefold()
        for event in events(store, "statement")
        if event.what.startswith(_CONSENT)
        for name in event.details.get("transcripts", ())
    }
    return {
        info.id: (info.name, info.consent)
        for info in there
        if (info.consent == "none" or info.name.casefold() in by_name)
        and info.consent != consent
        and stricter(info.consent, consent) == info.consent
    }


def _allow_less_said(stay: Mapping[int, tuple[str, str]]) -> str:
    by_consent: dict[str, list[str]] = {}
    for name, consent in stay.values():
        by_consent.setdefault(consent, []).append(f"“{name}”")
    return "; ".join(
        f"{', '.join(names)} {'stays' if len(names) == 1 else 'stay'} at “{consent}”, "
        "which allows less"
        for consent, names in by_consent.items()
    )


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
        if coder or exposure not in REFERENCE:
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
