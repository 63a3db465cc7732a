"""Whose codings stand as examples in a text that a page is about to show.

An example in a codebook is a passage of an interview with a code that somebody gave it. Whoever
reads it, in the codebook or in a request made from it, has seen a coding: pages put that on record,
and keep it from a person who is to code the same interview blind.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache

from pydantic import ValidationError

from assistant.codebook.leaks import shared_passages, word_runs
from assistant.codebook.records import Codebook, Example
from assistant.codebook.transcripts import is_from, same_transcript, same_words
from assistant.coding.coding import Planned
from assistant.coding.judge.plan import JudgePlan
from assistant.llm.records import ChatRequest
from assistant.store.database import Store
from assistant.store.people.codings import codings
from assistant.store.records import Coding
from assistant.store.texts.transcripts import transcript, transcript_infos
from assistant.transcripts.records import Transcript

__all__ = [
    "FirstCall",
    "Shown",
    "first_call",
    "pasted_in",
    "shown_by",
    "shown_in",
    "sources_of",
    "words_sent",
]

_RUN = 6
"""So many words of an example in a row are no chance."""
_PASTED = 8
_ESCAPED = re.compile(r'\\[nrt"]')


@dataclass(frozen=True)
class Shown:
    """Codings of one transcript that a text shows."""

    transcript_id: int
    transcript: str
    coders: tuple[int | None, ...]
    """Ids of the people whose codings they are; None: it is not known whose."""


@dataclass(frozen=True)
class FirstCall:
    """The first thing that a planned run would send."""

    transcript_id: int
    codebook: Codebook
    prompt: str
    """The prompt's source."""
    words: str
    by_code: bool
    """`judge`: each question names a code that a passage may have."""


class _Sources:
    """Where the examples of a codebook are from, and whose codings they are."""

    def __init__(self, store: Store, book: Codebook) -> None:
        self._store = store
        self._book = book
        self._texts = _texts(store)
        self._codings: dict[int, dict[str, list[Coding]]] = {}
        """Transcript -> code -> people's codings."""

    def of(self, code: str, example: Example) -> tuple[Shown, ...]:
        named = [t for t in self._texts if same_transcript(example.transcript, t.name)]
        found = named
        # Where it says so truly, others that hold the same words are not asked.
        if not any(same_words(example.text, text.text) for text in named):
            found = [text for text in self._texts if is_from(example, text.name, text.text)]
        return tuple(
            Shown(text.id, text.name, self._coders(text.id, code, example)) for text in found
        )

    def _coders(self, key: int, code: str, example: Example) -> tuple[int | None, ...]:
        if key not in self._codings:
            by_code = self._codings[key] = {}
            for c in codings(self._store, key):
                by_code.setdefault(self._book.resolve(c.code) or c.code, []).append(c)
        found = {
            c.coder.id
            for c in self._codings[key].get(code, ())
            if example.applies and same_words(c.quote, example.text)
        }
        return tuple(sorted(found)) or (None,)


def sources_of(store: Store, book: Codebook, code: str) -> tuple[tuple[Shown, ...], ...]:
    """For each example of a code, the transcripts that it is from: none for what was made up."""
    sources = _Sources(store, book)
    return tuple(sources.of(code, example) for example in book.by_id[code].examples)


def shown_by(store: Store, books: Iterable[Codebook]) -> tuple[Shown, ...]:
    """Whose codings are examples in codebooks, all of which is read."""
    found: list[Shown] = []
    for book in books:
        sources = _Sources(store, book)
        found += [s for code in book.codes for e in code.examples for s in sources.of(code.id, e)]
    return _together(found)


def shown_in(store: Store, text: str, books: Iterable[Codebook]) -> tuple[Shown, ...]:
    """Whose codings, of those that are examples in the codebooks, stand in a text.

    Six words in a row are enough: where names were replaced, the rest of an example still shows it.
    """
    plain = _ESCAPED.sub(" ", text)
    runs: dict[int, frozenset[tuple[str, ...]]] = {}

    def stands(example: Example) -> bool:
        for words in range(_RUN, 0, -1):
            if mine := word_runs(example.text, words):
                if words not in runs:
                    runs[words] = word_runs(plain, words)
                return not mine.isdisjoint(runs[words])
        return False

    found: list[Shown] = []
    for book in books:
        sources = _Sources(store, book)
        found += [
            s
            for code in book.codes
            for e in code.examples
            if stands(e)
            for s in sources.of(code.id, e)
        ]
    return _together(found)


def pasted_in(store: Store, text: str, only: Collection[int] | None = None) -> tuple[Shown, ...]:
    """Transcripts of which eight words in a row stand in a text that people wrote: a prompt, or a
    codebook with mistakes. ``only``: looked for in these alone."""
    return tuple(
        Shown(t.id, t.name, (None,))
        for t in _texts(store)
        if (only is None or t.id in only) and _shares(text, t.text)
    )


@lru_cache(maxsize=256)
def _shares(text: str, said: str) -> bool:
    return bool(shared_passages(text, said, words=_PASTED))


def words_sent(body: str) -> str:
    """What a stored request says, without the quoting of its JSON; as it stands where it is none
    of ours."""
    try:
        request = ChatRequest.model_validate_json(body)
    except ValidationError:
        return body
    return f"{request.system}\n{request.user}"


def first_call(planned: Planned) -> FirstCall | None:
    """What `Preview.first_payload` holds; None where nothing would be sent."""
    work = planned.work
    if isinstance(work, JudgePlan):
        if work.to_embed is not None:
            return FirstCall(
                work.targets[0].transcript.id,
                work.codebook,
                "",
                "\n".join(work.to_embed.first),
                False,
            )
        for one in work.asked:
            for question in one.questions:
                if question.request is not None:
                    return FirstCall(
                        one.transcript.id,
                        work.codebook,
                        work.settings.prompt.source,
                        f"{question.request.system}\n{question.request.user}",
                        True,
                    )
        return None
    for call in work.plan.calls[:1]:
        return FirstCall(
            call.transcript_id,
            work.spec.codebook,
            work.spec.settings.prompt.source,
            f"{call.request.system}\n{call.request.user}",
            False,
        )
    return None


def _texts(store: Store) -> list[Transcript]:
    return [transcript(store, i.id) for i in transcript_infos(store) if not i.withdrawn]


def _together(found: Iterable[Shown]) -> tuple[Shown, ...]:
    """One for each transcript."""
    names: dict[int, str] = {}
    coders: dict[int, dict[int | None, None]] = {}
    for one in found:
        names[one.transcript_id] = one.transcript
        coders.setdefault(one.transcript_id, {}).update(dict.fromkeys(one.coders))
    return tuple(Shown(key, names[key], tuple(who)) for key, who in coders.items())
