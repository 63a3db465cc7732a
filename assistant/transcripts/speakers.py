"""Which lines begin a turn, decided over the whole file.

A line ``So the thing is: we …`` must not become a speaker, and a speaker may have any name. One
line cannot tell; the file can. A name before a colon is a speaker's when

1. it is a role (``Interviewer 1``, ``Enquêtée``, ``Befragter``, ``Unknown Speaker``), or
2. it looks like a name (at most 40 characters and five words, capitals, no sentence punctuation)
   and begins lines at least twice, in files with empty lines mostly at the beginning of paragraphs;
   words that people also say before a colon (``Note:``, ``So:``) need a tenth of all labels, or
3. it is one word in small letters, or a number, that begins at least three lines and a tenth of all
   labelled lines (``mother: …``), or
4. it is a name with a comma (``Smith, John``) that begins at least three paragraphs, never a line
   within one, and a tenth of all labelled lines, or
5. nine in ten paragraphs of the file begin with such names, which repeat; then one that occurs
   once counts too, or it differs from an accepted one in its number only.

A name alone on a line is a speaker's when it is a role, is bold or a heading and repeated, has a
time stamp and is repeated, is an accepted name of rule 1 to 5, or, where the file has no names
before colons, looks like a name, is repeated (three times where twenty lines are roles) and is
nearly always followed by speech: code labels and short answers stand before another name instead.

What the user names is a speaker's in any case. A name that opens paragraphs again and again and was
not taken is named in a note.

An empty name (``: text``) is a turn of nobody's, where the file has other speakers or two of them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from assistant.transcripts.lines import Line, squeeze
from assistant.transcripts.speaker_labels import (
    Candidate,
    alone_candidate,
    colon_candidate,
    is_discourse,
    is_role,
    label_key,
    name_like,
    opens_often,
)

__all__ = ["Speakers", "find_speakers"]

_NUMBER = re.compile(r"[\s\d_#-]+$")


@dataclass(frozen=True)
class Speakers:
    """The speakers of one file, and how to know them on a line."""

    colon: frozenset[str]
    alone: frozenset[str]
    notes: tuple[str, ...] = ()
    named: frozenset[str] = frozenset()
    """What the user says are speakers' names, in whatever form."""

    def read(self, line: Line) -> Candidate | None:
        """What a line says about its speaker; None for a line that begins no turn."""
        if line.blank:
            return None
        if line.speaker:
            return Candidate(line.text.rstrip(" :"), alone=True)
        found = colon_candidate(line.raw)
        if found is not None and found.key in self.colon:
            return found
        found = alone_candidate(line.raw)
        if found is not None and found.key in self.alone:
            return found
        if label_key(line.text) in self.named:
            return Candidate(squeeze(line.text), alone=True)
        return None


def find_speakers(
    lines: Sequence[Line],
    *,
    not_speaker: Callable[[str], bool],
    colons: bool = True,
    alones: bool = True,
    named: Collection[str] = (),
) -> Speakers:
    """Decide by the rules above. ``not_speaker`` says what is a code label or other debris;
    ``named`` are speakers' names that the user gave."""
    kept = [line for line in lines if line.blank or not not_speaker(line.text)]
    notes: list[str] = []
    colon: set[str] = set()
    sure = {label_key(name) for name in named}
    if colons:
        colon, once, doubtful = _colon_speakers(kept, sure)
        notes += [
            f"{name!r} ({where}) occurs once and was taken for a speaker." for name, where in once
        ]
        notes += [
            f"“{name}:” stands at the beginning of {count} paragraphs and was not taken for the "
            f'name of a speaker. If it is one: `--speaker "{name}"`.'
            for name, count in doubtful
        ]
    alone = _alone_speakers(kept, colon) if alones else set()
    by_itself = frozenset(sure if alones else ())
    return Speakers(frozenset(colon), frozenset(alone | by_itself), tuple(notes), by_itself)


def _colon_speakers(
    lines: Sequence[Line], sure: set[str]
) -> tuple[set[str], list[tuple[str, str]], list[tuple[str, int]]]:
    """(accepted, what occurs once with its place, what was not taken with how often)."""
    found: list[tuple[Candidate, bool, str]] = []  # candidate, begins a paragraph, where
    starts = 0
    for index, line in enumerate(lines):
        if line.blank:
            continue
        first = index == 0 or lines[index - 1].blank
        starts += first
        candidate = colon_candidate(line.raw)
        if candidate is not None:
            found.append((candidate, first, line.where))
    counts = Counter(candidate.key for candidate, _, _ in found)
    at_start = Counter(candidate.key for candidate, first, _ in found if first)
    loose = Counter(candidate.key for candidate, _, _ in found if not candidate.tight)
    labels = {candidate.key: candidate.label for candidate, _, _ in found}
    spaced = starts > len(found) / 2  # empty lines separate paragraphs

    accepted: set[str] = set()
    for key, count in counts.items():
        label = labels[key]
        if not key:
            continue
        if key in sure or is_role(label):
            accepted.add(key)
        elif not loose[key] or (spaced and at_start[key] < 0.5 * count):
            continue
        elif label.isdigit() or (len(label.split()) == 1 and label.islower()):
            if count >= 3 and count >= len(found) / 10:
                accepted.add(key)
        elif name_like(label):
            if count >= (max(3, len(found) / 10) if is_discourse(label) else 2):
                accepted.add(key)
        elif spaced and opens_often(label) and count == at_start[key] >= max(3, len(found) / 10):
            accepted.add(key)

    once = _accept_single(found, starts, counts, labels, accepted, spaced)
    if counts[""] and (accepted or counts[""] >= 2):
        accepted.add("")
    doubtful = [
        (labels[key], count)
        for key, count in counts.most_common()
        if key and key not in accepted and spaced and loose[key] and at_start[key] == count >= 3
    ]
    return accepted, once, doubtful


def _accept_single(
    found: Sequence[tuple[Candidate, bool, str]],
    starts: int,
    counts: Counter[str],
    labels: dict[str, str],
    accepted: set[str],
    spaced: bool,
) -> list[tuple[str, str]]:
    """Rule 5; adds to ``accepted`` and returns what occurs once, with its place."""
    stems = {_NUMBER.sub("", key) for key in accepted}
    named = [
        (candidate, where)
        for candidate, first, where in found
        if candidate.label
        and not candidate.tight
        and (first or not spaced)
        and (candidate.key in accepted or _could_be_single(candidate.label))
    ]
    distinct = {candidate.key for candidate, _ in named}
    paragraphs = starts if spaced else max(starts, len(found))
    mostly = len(named) >= 0.9 * paragraphs and len(named) >= 2
    repeats = len(distinct) <= max(4, len(named) / 2)
    once: list[tuple[str, str]] = []
    for candidate, where in named:
        key = candidate.key
        if key in accepted:
            continue
        if _NUMBER.sub("", key) in stems or (mostly and repeats):
            accepted.add(key)
            if len(named) >= 10 and counts[key] == 1:
                once.append((labels[key], where))
    return once


def _could_be_single(label: str) -> bool:
    if is_discourse(label) or not name_like(label) or len(label.split()) > 3:
        return False
    return len(label) <= 4 or any(char.isupper() or char.isdigit() for char in label)


def _alone_speakers(lines: Sequence[Line], colon: set[str]) -> set[str]:
    rows = [line for line in lines if not line.blank]
    found: list[Candidate | None] = []
    for line in rows:
        candidate = colon_candidate(line.raw)
        labelled = candidate is not None and candidate.key in colon
        found.append(None if labelled else alone_candidate(line.raw))
    counts = Counter(c.key for c in found if c is not None)
    marked = Counter(
        c.key for c, row in zip(found, rows, strict=True) if c and (c.markup or row.heading)
    )
    stamped = Counter(c.key for c in found if c is not None and c.stamp)
    accepted: set[str] = set()
    guessed: set[str] = set()
    in_colons = sum(1 for c in (colon_candidate(row.raw) for row in rows) if c and c.key in colon)
    least = 3 if sum(1 for c in found if c is not None and is_role(c.label)) >= 20 else 2
    for candidate in found:
        if candidate is None or candidate.key in accepted:
            continue
        key, label = candidate.key, candidate.label
        if is_role(label) or (key and key in colon):
            accepted.add(key)
        elif not name_like(label) and not (marked[key] == counts[key] and counts[key] >= 3):
            continue
        elif marked[key] >= 2 or stamped[key] >= 2:
            accepted.add(key)
        elif counts[key] >= least and in_colons == 0 and not is_discourse(label):
            guessed.add(key)
    return accepted | _followed_by_speech(found, accepted, guessed)


def _followed_by_speech(
    found: Sequence[Candidate | None], accepted: set[str], guessed: set[str]
) -> set[str]:
    """Of the names that are only repeated, those that stand before speech, not before a name.

    The worst one is dropped until all pass, since each dropped one makes room for the others.
    """
    left = set(guessed)
    while left:
        names = accepted | left
        misses: Counter[str] = Counter()
        total: Counter[str] = Counter()
        for index, candidate in enumerate(found):
            if candidate is None or candidate.key not in left:
                continue
            total[candidate.key] += 1
            following = found[index + 1] if index + 1 < len(found) else None
            at_end = index + 1 == len(found)
            if at_end or (following is not None and following.key in names):
                misses[candidate.key] += 1
        worst = max(sorted(left), key=lambda key: misses[key] / total[key])
        if misses[worst] / total[worst] <= 0.25:
            return left
        left.discard(worst)
    return set()
