"""Proposals for the list of names: speakers, capitalised words inside sentences, names of several
words.

Rules only, nothing is sent anywhere and nothing learned; a person confirms or refuses each. In
languages without capital letters only speakers' names can be proposed, and in German, where every
noun has one, only names of several words, after a title and before “und ich”: that is said.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from assistant.deidentify.beside import (
    AND,
    ARTICLES,
    GENERIC_SPEAKER,
    ORGANISATION,
    OWNED,
    PARTICLES,
    PLACE_BEFORE,
    SHORT_TITLE,
    SPEAKER_TOO,
    TITLES,
)
from assistant.deidentify.matching import words_of
from assistant.deidentify.occurrences import small_words
from assistant.deidentify.ordinary import (
    NOT_NAMES,
    is_abbreviation,
    is_function_word,
    is_spelled,
    stands_for_a_name,
)
from assistant.deidentify.records import Kind, Pseudonym
from assistant.transcripts.records import Transcript, segment_body

__all__ = ["Proposal", "Proposed", "in_order", "propose"]

_FEWEST = 2
"""How often a capitalised word has to stand inside sentences that stands in small letters too."""
_ONCE = "capital inside a sentence, once"
_NOUNS_WITH_CAPITALS = {"de", "lb"}
_NO_CAPITALS = {
    *("ar", "he", "fa", "ur", "ps", "ug", "yi", "zh", "ja", "ko", "th", "lo", "km", "my"),
    *("hi", "bn", "ta", "te", "ml", "kn", "mr", "ne", "pa", "gu", "si", "ka", "am", "dv"),
}
_WORD = re.compile(r"[^\W\d_]+(?:['’\-][^\W\d_]+)*")


@dataclass(frozen=True)
class Proposal:
    """A term with where it was seen, for the person who decides."""

    pseudonym: Pseudonym
    times: int
    transcripts: int
    small: int
    """How often the same word stands in small letters: it would be replaced there too."""
    why: str


@dataclass(frozen=True)
class Proposed:
    proposals: tuple[Proposal, ...]
    remarks: tuple[str, ...]


@dataclass
class _Seen:
    """What was counted over all transcripts."""

    times: Counter[str] = field(default_factory=Counter)
    where: dict[str, set[int]] = field(default_factory=dict)
    places: Counter[str] = field(default_factory=Counter)
    titled: Counter[str] = field(default_factory=Counter)
    small: Counter[str] = field(default_factory=Counter)
    speakers: set[str] = field(default_factory=set)
    paired: set[str] = field(default_factory=set)
    """Stood beside another name, with an “and” between them."""

    def add(self, term: str, transcript: int) -> None:
        self.times[term] += 1
        self.where.setdefault(term, set()).add(transcript)


def in_order(proposals: Iterable[Proposal]) -> tuple[Proposal, ...]:
    return tuple(sorted(proposals, key=lambda p: (p.why == _ONCE, -p.times, p.pseudonym.term)))


def propose(
    transcripts: Sequence[Transcript],
    known: Sequence[Pseudonym] = (),
    ordinary: Collection[str] = (),
) -> Proposed:
    """New proposals, most frequent first, at the end words that stand inside a sentence once;
    terms of ``known`` are not proposed again. ``ordinary``: more words that stand in small letters.

    Replacements are “Person 1”, “Place 1” …, going on from ``known``. A part of a longer name of a
    person gets the longer name's replacement.
    """
    seen = _Seen()
    remarks: list[str] = []
    for word, times in small_words(transcripts).items():
        seen.small[word.casefold()] += times
    for text in transcripts:
        language = text.language.split("-")[0].lower()
        for speaker in {s.speaker for s in text.segments if s.speaker}:
            if not GENERIC_SPEAKER.fullmatch(speaker.strip()):
                seen.speakers.add(speaker.strip())
                seen.where.setdefault(speaker.strip(), set()).add(text.id)
        if language in _NO_CAPITALS:
            remarks.append(
                f"“{text.name}” is in a language without capital letters ({language}): only "
                "speakers’ names can be proposed. Add the others yourself."
            )
            continue
        if language in _NOUNS_WITH_CAPITALS:
            remarks.append(
                f"“{text.name}” is in a language where every noun has a capital ({language}): "
                "only names of several words, after a title and before “und ich” are proposed."
            )
        _count(text, seen, nouns=language in _NOUNS_WITH_CAPITALS)
    return Proposed(_proposals(seen, known, ordinary), tuple(dict.fromkeys(remarks)))


def _count(text: Transcript, seen: _Seen, *, nouns: bool) -> None:
    for segment in text.segments:
        start, end = segment_body(text.text, segment)
        body = text.text[start:end]
        matches = list(_WORD.finditer(body))
        number = ended = 0
        before = ""
        while number < len(matches):
            name = _name_at(body, matches, number, seen)
            if not name:
                number += 1
                continue
            term = _add(body, matches, number, name, seen, text.id, nouns)
            gap = body[matches[ended - 1].end() : matches[number].start()] if ended else ""
            if term and before and gap.strip().casefold() in AND:
                seen.paired |= {before, term}
            before, number = term, number + name
            ended = number


def _name_at(body: str, matches: list[re.Match[str]], number: int, seen: _Seen) -> int:
    """How many words a capitalised name has that begins at a word; 0 for none."""
    if not _capital(matches[number][0]):
        return 0
    length = 1
    joined = False
    while number + length < len(matches):
        between = body[matches[number + length - 1].end() : matches[number + length].start()]
        last, word = matches[number + length - 1][0], matches[number + length][0]
        if between not in (" ", "\u00a0", ". "):
            break
        if between == ". " and (len(last) > 1 or _is_small(word.casefold(), seen)):
            break  # “J. Brook”, but not “at Company X. So …”
        follows = number + length + 1 < len(matches) and _capital(matches[number + length + 1][0])
        small = word.casefold()
        if _capital(word):
            if small in AND or (is_function_word(word) and small not in PARTICLES):
                break
        elif not (small in PARTICLES and follows):
            break
        elif small in AND:
            joined = True
        length += 1
    words = [m[0] for m in matches[number : number + length]]
    if joined and not {word.casefold() for word in words} & ORGANISATION:
        # “Ana and Ben” are two; “Ministry of Health and Sport” is one.
        length = next(n for n, word in enumerate(words) if word.casefold() in AND)
    return length


def _add(
    body: str,
    matches: list[re.Match[str]],
    number: int,
    length: int,
    seen: _Seen,
    transcript: int,
    nouns: bool,
) -> str:
    """Count a name; as which term, empty for none."""
    words = [m[0] for m in matches[number : number + length]]
    before = matches[number - 1][0].casefold() if number else ""
    opening = _opens(body, matches[number].start())
    while words and (
        words[0].casefold() in NOT_NAMES
        or words[0].casefold() in TITLES
        or words[0].islower()
        or (is_function_word(words[0]) and not (len(words) > 1 and _capital_particle(words[0])))
        or (opening and len(words) > 1 and _is_small(words[0].casefold(), seen))
    ):
        before = words.pop(0).casefold()
        opening = False
    while words and (is_function_word(words[-1]) or words[-1].casefold() in PARTICLES):
        words.pop()
    titled = before in TITLES
    if not words or is_spelled(words) or stands_for_a_name(words):
        return ""
    term = _without_genitive(" ".join(words))
    if len(term) < 2 or term.casefold() in NOT_NAMES:
        return ""
    if is_abbreviation(term) and not titled:
        return ""
    with_speaker = _and_i(matches, number + length) and not OWNED.fullmatch(before)
    if len(words) == 1 and not with_speaker and (opening or (nouns and not titled)):
        return ""
    seen.add(term, transcript)
    if with_speaker:
        seen.paired.add(term)
    if titled:
        seen.titled[term] += 1
    elif before in PLACE_BEFORE:
        seen.places[term] += 1
    return term


def _and_i(matches: list[re.Match[str]], number: int) -> bool:
    """Whether “and I” goes on there: “Maria and I” are two people, also where a sentence begins."""
    following = [match[0].casefold() for match in matches[number : number + 2]]
    return len(following) == 2 and following[0] in AND and following[1] in SPEAKER_TOO


def _capital_particle(word: str) -> bool:
    """``De Brook``, ``El Haddad``."""
    return word.casefold() in PARTICLES and word.casefold() not in ARTICLES


def _is_small(word: str, seen: _Seen) -> bool:
    """Whether a word has its capital only because it begins a sentence."""
    return word in seen.small or word in PLACE_BEFORE or word in PARTICLES


def _capital(word: str) -> bool:
    return word[0].isupper() and (len(word) > 1 or word not in ("I", "A", "O"))


def _opens(body: str, place: int) -> bool:
    """Whether a sentence begins there, so that a capital says nothing."""
    before = body[:place].rstrip(" \t\n\u00a0\"'“”‘’«»(–—-[")
    titled = before and SHORT_TITLE.fullmatch(before.split()[-1])  # “Mr. Pell”
    return not titled and (not before or before[-1] in ".!?…:;؟。")


def _without_genitive(term: str) -> str:
    return re.sub(r"['’]s?$", "", term)


def _proposals(
    seen: _Seen, known: Sequence[Pseudonym], ordinary: Collection[str]
) -> tuple[Proposal, ...]:
    given = {words_of(p.term): p for p in known}
    replaced: dict[tuple[str, ...], Pseudonym] = dict(given)
    numbers = _numbers(known)
    found: list[Proposal] = []
    # Speakers and long names first, so that “Ana” gets what “Ana Brook” has.
    terms = sorted(
        {*seen.times, *seen.speakers},
        key=lambda t: (t not in seen.speakers, -len(words_of(t)), -seen.times[t], t),
    )
    for term in terms:
        words = words_of(term)
        why = _why(term, seen, ordinary)
        if not words or words in replaced or not why:
            continue
        kind = _kind(term, seen)
        replacement = _same_person(words, replaced) if kind in ("person", "other") else ""
        if replacement:
            kind = "person"
        else:
            numbers[kind] += 1
            replacement = f"{_NAMES[kind]} {numbers[kind]}"
        pseudonym = Pseudonym(term=term, kind=kind, replacement=replacement, status="proposed")
        replaced[words] = pseudonym
        small = seen.small[term.casefold()] if len(words) == 1 else 0
        found.append(Proposal(pseudonym, seen.times[term], len(seen.where[term]), small, why))
    return in_order(found)


_NAMES: dict[Kind, str] = {
    "person": "Person",
    "place": "Place",
    "organisation": "Organisation",
    "other": "Name",
}


def _numbers(known: Iterable[Pseudonym]) -> Counter[Kind]:
    highest: Counter[Kind] = Counter()
    for one in known:
        for kind, name in _NAMES.items():
            match = re.fullmatch(rf"{name} (\d+)", one.replacement)
            if match:
                highest[kind] = max(highest[kind], int(match[1]))
    return highest


def _why(term: str, seen: _Seen, ordinary: Collection[str]) -> str:
    """Why a term is proposed; empty when it is not."""
    if term in seen.speakers:
        return "speaks"
    if seen.titled[term]:
        return "after a title"
    if " " in term and (seen.times[term] >= _FEWEST or not _all_small(term, seen)):
        return "several words with capitals"
    if term in seen.paired and term.casefold() not in seen.small:
        return "beside another name"
    if seen.times[term] < _FEWEST:
        small = {term.casefold(), term.casefold().removesuffix("s")}
        return "" if " " in term or any(w in seen.small or w in ordinary for w in small) else _ONCE
    if seen.small[term.casefold()] > seen.times[term]:
        return ""
    return "capital inside sentences, comes again"


def _all_small(term: str, seen: _Seen) -> bool:
    """Whether each of its words is said in small letters too: once is not enough then."""
    return all(
        word.casefold() in seen.small or is_abbreviation(word) or word.casefold() in NOT_NAMES
        for word in term.split()
    )


def _kind(term: str, seen: _Seen) -> Kind:
    words = {word.casefold() for word in term.split()}
    if words & ORGANISATION or (term.isupper() and 2 <= len(term) <= 6):
        return "organisation"
    if term in seen.speakers or seen.titled[term]:
        return "person"
    if 2 * seen.places[term] >= seen.times[term] and seen.places[term]:
        return "place"
    parts = term.split()
    named = 1 < len(parts) <= 3 and all(p[0].isupper() and p[1:].islower() for p in parts)
    return "person" if named else "other"


def _same_person(words: tuple[str, ...], replaced: dict[tuple[str, ...], Pseudonym]) -> str:
    """The replacement of the one longer name of a person that these words are a part of."""
    longer = {
        other.replacement
        for known, other in replaced.items()
        if other.kind == "person" and len(known) > len(words) and set(words) <= set(known)
    }
    return longer.pop() if len(longer) == 1 else ""
