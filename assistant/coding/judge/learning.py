"""Which transcripts a `judge` run learns from, which of them it asks about too, and their hash.

A calibration for a transcript comes from others, so a run of coded transcripts is calibrated on
each other first, and asks about further ones only where these are too few.
"""

from __future__ import annotations

from itertools import islice

from assistant.codebook.lineage import Silences
from assistant.codebook.records import Codebook
from assistant.coding.consent import covers
from assistant.coding.judge.people import of_whole, people_hash
from assistant.coding.settings import NO_MODEL, Settings
from assistant.hashing import hash_json
from assistant.store.database import Store
from assistant.store.people.coded_so_far import coded_so_far
from assistant.store.people.codings import scopes
from assistant.store.texts.transcripts import transcript_infos
from assistant.study import Study

__all__ = ["asked_for_calibration", "coded_transcripts", "fit_inputs"]


def coded_transcripts(store: Store) -> tuple[int, ...]:
    """Transcripts with codes of people, smallest first: they cost least to ask about."""
    infos = [i for i in transcript_infos(store) if not i.withdrawn and i.codings]
    people = {s.transcript_id for s in scopes(store) if of_whole(s)}
    return tuple(
        i.id for i in sorted(infos, key=lambda i: (i.characters, i.sha256)) if i.id in people
    )


def asked_for_calibration(
    study: Study,
    store: Store,
    settings: Settings,
    coded: tuple[int, ...],
    transcripts: tuple[int, ...],
) -> tuple[int, ...]:
    """Other coded transcripts to ask about, where the run's own coded ones are too few.

    Consent is obeyed: a transcript that may not be given to this model is passed over.
    """
    if settings.model == NO_MODEL:
        return ()
    inside = [key for key in transcripts if key in coded]
    # Each of the run's transcripts needs others than itself.
    need = study.config.coding.calibrate_on - max(0, len(inside) - 1)
    consent = {info.id: info.consent for info in transcript_infos(store)}
    others = (k for k in coded if k not in transcripts and covers(settings, consent[k]))
    return tuple(islice(others, max(0, need)))


def fit_inputs(
    store: Store,
    settings: Settings,
    codebook: Codebook,
    transcripts: tuple[int, ...],
    coded: tuple[int, ...],
    calibration: tuple[int, ...],
) -> dict[int, str]:
    """A change of the human codes that are learned from makes another run (and asks nothing
    again: the questions stay the same)."""
    silences = Silences.among(coded_so_far(store), codebook)
    hashes = {key: people_hash(store, key, codebook, silences) for key in coded}
    asked = {*transcripts, *calibration} if settings.model != NO_MODEL else set()
    return {
        key: hash_json(
            [sorted(h for k, h in hashes.items() if k != key), sorted(asked & set(coded) - {key})]
        )
        for key in transcripts
    }
