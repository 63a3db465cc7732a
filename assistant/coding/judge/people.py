"""What people coded, by segment and code: what a calibration learns from."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
from numpy.typing import NDArray

from assistant.codebook.lineage import Silences
from assistant.codebook.records import Codebook
from assistant.coding.judge.passages import CodedPassages, Embeds, read
from assistant.hashing import hash_json
from assistant.store.database import Store
from assistant.store.people.coded_so_far import coded_so_far
from assistant.store.people.codings import codings, scopes
from assistant.store.records import Scope
from assistant.store.texts.transcripts import transcript
from assistant.transcripts.records import REFERENCE, Transcript, segment_body

__all__ = ["coded_by_people", "of_whole", "people_hash"]

_ENOUGH_WORDS = 10


def coded_by_people(
    store: Store,
    transcript_id: int,
    codebook: Codebook,
    embedder: Embeds,
    silences: Silences | None = None,
) -> CodedPassages | None:
    """A transcript with its people's codes; None when nobody coded it.

    Codings made after seeing the model are never used; an adjudicated version only where there is
    no other, because it repeats what others said.
    """
    people = _people(store, transcript_id)
    if not people:
        return None
    text = transcript(store, transcript_id)
    numbers = {code.id: n for n, code in enumerate(codebook.sent)}
    tables: dict[str, NDArray[np.bool_]] = {
        name: np.zeros((len(text.segments), len(numbers)), bool) for name in people
    }
    silences = silences or Silences.among(coded_so_far(store), codebook)
    looked = {
        scope.coder.name: np.array(
            [c.id in _sought(scope, codebook, silences) for c in codebook.sent]
        )
        for scope in scopes(store, transcript_id)
        if scope.coder.name in tables
    }
    for coding in codings(store, transcript_id):
        code = silences.resolve(coding.coder.id, transcript_id, coding.code)
        if coding.coder.name not in tables or code not in numbers:
            continue
        if coding.exposure == "after-model":
            continue
        if not looked[coding.coder.name][numbers[code]]:
            continue
        for segment in _covered(text, coding.start, coding.end):
            tables[coding.coder.name][segment, numbers[code]] = True
    return CodedPassages(
        text.sha256,
        read(text.text, text.segments, embedder),
        tuple(tables.values()),
        () if all(one.all() for one in looked.values()) else tuple(looked[n] for n in tables),
    )


def _sought(scope: Scope, codebook: Codebook, silences: Silences) -> frozenset[str]:
    """Codes that a person looked for: of one that was added later, or defined otherwise then, she
    says no more than yes or no of a passage that she did not read."""
    silent = silences.of(scope.coder.id, scope.transcript_id)
    if scope.codes is None:
        return frozenset(code.id for code in codebook.sent if code.id not in silent)
    known = (codebook.resolve(name) for name in scope.codes)
    return frozenset(found for found in known if found and found not in silent)


def of_whole(scope: Scope) -> bool:
    """Whether a person looked at all of a transcript.

    Who looked at a sample or a part only says nothing of the rest: there is no "no" to learn from.
    """
    return scope.coder.kind == "human" and scope.segments is None and scope.first_segment is None


def _people(store: Store, transcript_id: int) -> list[str]:
    by_exposure: dict[str, list[str]] = defaultdict(list)
    for scope in scopes(store, transcript_id):
        if of_whole(scope):
            by_exposure[scope.exposure].append(scope.coder.name)
    own = [n for e in (*REFERENCE, "unknown") for n in by_exposure[e]]
    return sorted(own or by_exposure["adjudicated"])


def people_hash(
    store: Store, transcript_id: int, codebook: Codebook, silences: Silences | None = None
) -> str:
    """Changes whenever the human codes that a calibration would use change, also because somebody
    has looked at them again under the codebook as it is."""
    people = _people(store, transcript_id)
    sought = {
        s.coder.name: sorted(s.codes)
        for s in scopes(store, transcript_id)
        if s.coder.name in people and s.codes is not None
    }
    silences = silences or Silences.among(coded_so_far(store), codebook)
    silent = {
        s.coder.name: sorted(found)
        for s in scopes(store, transcript_id)
        if s.coder.name in people and (found := silences.of(s.coder.id, transcript_id))
    }
    return hash_json(
        [
            # A person who looked and found nothing is learned from too.
            people,
            *([sought] if sought else []),
            *([["silent", silent]] if silent else []),
            sorted(
                (c.coder.name, c.code, c.start, c.end)
                for c in codings(store, transcript_id)
                if c.coder.name in people and c.exposure != "after-model"
            ),
        ]
    )


def _covered(text: Transcript, start: int, end: int) -> list[int]:
    """Segments that a span covers by half or by ten words."""
    found: list[int] = []
    for segment in text.segments:
        if segment.end <= start or segment.start >= end:
            continue
        first, last = segment_body(text.text, segment)
        inside = text.text[max(first, start) : min(last, end)].split()
        whole = text.text[first:last].split()
        if inside and (2 * len(inside) >= len(whole) or len(inside) >= _ENOUGH_WORDS):
            found.append(segment.index)
    return found
