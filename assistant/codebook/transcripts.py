"""The codebook as a prompt for one transcript may show it.

Invariant: no text of a transcript stands in a prompt that codes that transcript, except as the text
to be coded. Examples say which transcript they are from and are left out for it; an example that
names none, or the wrong one, is found by its words.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.codebook.records import Codebook, Example

__all__ = [
    "LeftOut",
    "Source",
    "codebook_for_transcript",
    "covered_examples",
    "is_from",
    "same_transcript",
    "same_words",
    "without_examples_from",
]

_ENDING = re.compile(r"\.(txt|md|markdown|pdf|docx|text)$")
_QUOTES = (("’", "'"), ("‘", "'"), ("“", '"'), ("”", '"'), ("„", '"'), ("«", '"'), ("»", '"'))
_PIECE_WORDS = 6
_KEPT_CHARACTERS = 50_000_000
"""So much text is kept folded: some eight hundred interviews of ten thousand words."""


def same_transcript(one: str, other: str) -> bool:
    """Whether two names mean one transcript: case, spaces and a file's ending do not matter."""
    return _name(one) == _name(other)


def codebook_for_transcript(codebook: Codebook, transcript_name: str) -> Codebook:
    """The codebook without the examples that say they are from this transcript."""
    return _keep(codebook, lambda example: not _named(example, transcript_name))


def without_examples_from(
    codebook: Codebook, transcript_name: str, transcript_text: str
) -> Codebook:
    """As `codebook_for_transcript`, and also without every example whose words stand in the
    transcript, whatever it says it is from.

    White space, case, accents' form and the shape of quotation marks do not matter. An example of
    several lines, or with words left out (``…``, ``[...]``), counts as soon as one piece of six
    words or more stands there.
    """
    haystack = _folded(transcript_text)

    def allowed(example: Example) -> bool:
        return not _named(example, transcript_name) and not _stands_in(example.text, haystack)

    return _keep(codebook, allowed)


def is_from(example: Example, transcript_name: str, transcript_text: str) -> bool:
    """Whether an example is a passage of this transcript: it says so, or its words stand there and
    are enough (six) to be no chance."""
    if _named(example, transcript_name):
        return True
    return len(example.text.split()) >= _PIECE_WORDS and _stands_in(
        example.text, _folded(transcript_text)
    )


@dataclass(frozen=True)
class Source:
    """A transcript that an example may be from."""

    name: str
    text: str
    covered: bool
    """Whether its words may be shown where the codebook is to be shown."""


@dataclass(frozen=True)
class LeftOut:
    """An example that may not be shown."""

    code: str
    transcript: str
    held: bool
    """False: the example names a transcript that the study does not hold."""


def covered_examples(
    codebook: Codebook, sources: Sequence[Source], *, unknown: bool
) -> tuple[Codebook, tuple[LeftOut, ...]]:
    """The codebook without examples from transcripts that are not covered, and which those are.

    An example is from the transcript that it names and from those that hold its words (all of
    them, or a piece of six words or more, as in `without_examples_from`). What stands in the
    covered transcript that it names proves nothing against it: interviewers repeat a question.
    Without a name, and with its words nowhere, it is made up. ``unknown``: whether examples may be
    shown that name a transcript which is not among ``sources``, and whose words stand in none.

    The same codebook where nothing is left out, so that its hashes stay.
    """
    left: list[LeftOut] = []
    codes = []
    for code in codebook.codes:
        kept = []
        for example in code.examples:
            found = _not_covered(example, sources, unknown) if code.measured else None
            if found is None:
                kept.append(example)
            else:
                left.append(LeftOut(code.id, *found))
        codes.append(kept)
    if not left:
        return codebook, ()
    data = codebook.model_dump()
    for entry, kept in zip(data["codes"], codes, strict=True):
        entry["examples"] = [example.model_dump() for example in kept]
    return Codebook.model_validate(data), tuple(left)


def _not_covered(
    example: Example, sources: Sequence[Source], unknown: bool
) -> tuple[str, bool] | None:
    """(transcript, whether it is held) that forbids an example."""
    named = [s for s in sources if _named(example, s.name)]
    for source in named:
        if not source.covered:
            return source.name, True
    whole, *_ = pieces = _looked_for(example.text) or ("",)
    covered = [s for s in sources if s.covered]
    forbidden = [s for s in sources if not s.covered]
    homes = named
    if not named and not any(_holds(s, whole) for s in forbidden):
        homes = [s for s in covered if is_from(example, s.name, s.text)]
    elsewhere = [p for p in pieces if not any(_holds(s, p) for s in homes)]
    for source in forbidden:
        if any(_holds(source, piece) for piece in elsewhere):
            return source.name, True
    if unknown or not example.transcript or named or any(_holds(s, whole) for s in homes):
        return None
    return example.transcript, False


def _holds(source: Source, words: str) -> bool:
    return bool(words) and words in _folded(source.text)


def same_words(one: str, other: str) -> bool:
    """Whether one text stands in the other, whatever its white space, case and quotation marks."""
    first, second = _folded(one).strip("\"' .…"), _folded(other).strip("\"' .…")
    return bool(first and second) and (first in second or second in first)


def _keep(codebook: Codebook, allowed: Callable[[Example], bool]) -> Codebook:
    # Validated anew, not copied: a copy would keep the hashes of the original.
    data = codebook.model_dump()
    for code, entry in zip(codebook.codes, data["codes"], strict=True):
        entry["examples"] = [e.model_dump() for e in code.examples if allowed(e)]
    return Codebook.model_validate(data)


def _named(example: Example, transcript_name: str) -> bool:
    return bool(example.transcript) and same_transcript(example.transcript, transcript_name)


@lru_cache(maxsize=10_000)
def _name(name: str) -> str:
    folded = " ".join(unicodedata.normalize("NFKC", name).casefold().split())
    return _ENDING.sub("", folded).strip()


class _Folds:
    """Folded texts, the lately used ones kept.

    A page asks of every example whether it stands in any interview, so all interviews of a study
    have to fit: a cache of so many *texts* that is a little too small keeps none of them, since
    they are asked for in turn.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        """Characters."""
        self._characters = 0
        self._kept: OrderedDict[str, str] = OrderedDict()
        # Pages are made side by side.
        self._lock = threading.Lock()

    def of(self, text: str) -> str:
        with self._lock:
            if (found := self._kept.get(text)) is not None:
                self._kept.move_to_end(text)
                return found
        made = _fold(text)
        with self._lock:
            if text not in self._kept:
                self._kept[text] = made
                self._characters += len(text)
            while self._characters > self._most:
                old, _ = self._kept.popitem(last=False)
                self._characters -= len(old)
        return made


def _fold(text: str) -> str:
    plain = unicodedata.normalize("NFC", text)
    # One after the other: `str.translate` takes ten times as long for a whole interview.
    for mark, simple in _QUOTES:
        plain = plain.replace(mark, simple)
    return " ".join(plain.casefold().split())


_folded = _Folds(_KEPT_CHARACTERS).of


@lru_cache(maxsize=10_000)
def _looked_for(text: str) -> tuple[str, ...]:
    """What of an example is looked for in a transcript: all of it, or a piece with enough words."""
    found = [_fold(text).strip("\"' .…")]
    for piece in re.split(r"\n|…|\[?\.\.\.\]?", text):
        # A line of an example may begin with the speaker, who is not in a transcript's text.
        for words in (piece, piece.partition(":")[2]):
            folded = _fold(words).strip("\"' .")
            if len(folded.split()) >= _PIECE_WORDS:
                found.append(folded)
    return tuple(dict.fromkeys(words for words in found if words))


def _stands_in(text: str, haystack: str) -> bool:
    return any(words in haystack for words in _looked_for(text))
