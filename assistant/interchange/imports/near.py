"""Texts that are nearly a known transcript's: said, and put with it where somebody says so.

Two files whose words are the same to 99% are one interview. A text that was cleaned, shortened or
transcribed again falls below, and only a person can tell it from another interview.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from heapq import nsmallest

from assistant.errors import UserError
from assistant.meant import did_you_mean, no_transcript
from assistant.store.database import Store
from assistant.store.texts.transcripts import find_transcript, stays, transcript, transcript_infos
from assistant.transcripts.aligning_words import words_of
from assistant.transcripts.grouping import SAME_INTERVIEW, word_similarity

__all__ = ["LEAST_STATED", "Near", "Nearby", "check_stated", "percent", "stated_transcript"]

NEAR = 0.7
"""A share of same words from which a text is said to be near another."""
LEAST_STATED = 0.6
"""A share of same words below which no two texts are put together, whatever is said. Of any two of
eleven real interviews with the same questions at most 20% were the same, in the same order."""


@dataclass(frozen=True)
class Near:
    transcript: str
    share: float
    """`word_similarity`."""

    def in_words(self) -> str:
        """For a text that became a transcript of its own."""
        return (
            f"{percent(self.share)} of its words are those of “{self.transcript}”, in the same "
            f"order. From {percent(SAME_INTERVIEW)} on they would be one transcript; so it is one "
            "of its own, and codings are not compared across the two. If it is the same interview, "
            f'import it again with --same-as "{self.transcript}".'
        )


def percent(share: float) -> str:
    """Never more than it is: 98.97% are not 99%."""
    return f"{int(share * 1000) / 10:g}%"


class Nearby:
    """Finds near transcripts for the texts of one import, reading each transcript once."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._sketches: dict[int, frozenset[int]] = {}

    def nearest(self, text: str, leave_out: int = 0) -> Near | None:
        """The transcript that shares most words with ``text``, from `NEAR` on."""
        mine = _sketch(text)
        best: Near | None = None
        for info in transcript_infos(self._store):
            if info.withdrawn or info.id == leave_out:
                continue
            if info.id not in self._sketches:
                self._sketches[info.id] = _sketch(transcript(self._store, info.id).text)
            if len(mine & self._sketches[info.id]) < _IN_COMMON:
                continue
            share = word_similarity(text, transcript(self._store, info.id).text)
            if share >= NEAR and (best is None or share > best.share):
                best = Near(info.name, share)
        return best


_SKETCH = 256
_IN_COMMON = 3
"""Of two texts with 70% of their words in common one in six runs of five words is in both, so of
256 that are drawn from each, by a rule that draws the same from both, two dozen or so; of two
interviews hardly any."""
_RUN = 5


def _sketch(text: str) -> frozenset[int]:
    words = words_of(text).folded
    runs = {hash(words[n : n + _RUN]) for n in range(max(1, len(words) - _RUN + 1))}
    return frozenset(nsmallest(_SKETCH, runs))


def check_stated(
    store: Store,
    same_as: Mapping[str, str],
    files: Collection[str],
    coming: Collection[str],
    several: Mapping[str, int],
) -> None:
    """Refuse what names nothing, before anything is stored: else a file would become a transcript
    of its own, though somebody said that it is none. ``files``: names of the import's files and of
    the texts in its projects, ``coming``: names of transcripts that they may become, ``several``:
    projects with more than one text.

    Raises `UserError` with what there is.
    """
    names = [info.name for info in transcript_infos(store) if not info.withdrawn]
    there = {name.casefold() for name in (*names, *coming)}
    for file, name in same_as.items():
        if name.casefold() not in there:
            raise no_transcript(name, names, where="--same-as")
        if file and file not in files:
            raise UserError(
                f"--same-as: no file or text named “{file}” is among these. Nothing was imported.",
                hint=f"{did_you_mean(file, files)}There are: {', '.join(files) or 'none'}.",
            )
        if not file and several:
            project, texts = next(iter(several.items()))
            raise UserError(
                f"--same-as {name}: {project} has {texts} texts, and nothing says which of them is "
                f"“{name}”. Nothing was imported.",
                hint=f'Name it: --same-as "TEXT={name}". There are: {", ".join(files)}.',
            )


def stated_transcript(store: Store, name: str, text: str, where: str, own: int = 0) -> int:
    """Id of the transcript that somebody says a text belongs to; 0 where it does anyhow.

    ``own``: the transcript that holds the text now, if one does.

    Raises `UserError` when there is none of that name, or too few words are the same, or runs and
    decisions rest on the text where it is now.
    """
    infos = [info for info in transcript_infos(store) if not info.withdrawn]
    key = find_transcript(store, name)
    if key is None or key not in {info.id for info in infos}:
        names = [info.name for info in infos]
        raise no_transcript(name, names, where=where)
    share = word_similarity(text, transcript(store, key).text)
    if share < LEAST_STATED:
        raise UserError(
            f"Only {percent(share)} of its words are those of “{name}”, in the same order. Two "
            "texts with so little in common are not put together.",
            where=where,
            hint=f"At least {percent(LEAST_STATED)} have to be the same. Look whether it is the "
            "right file and the right transcript.",
        )
    if own == key or (not own and share >= SAME_INTERVIEW):
        return 0
    if own and (why := stays(store, own)):
        memos = "memo" in why
        raise UserError(
            f"{why[0].upper()}{why[1:]}, which is the transcript “"
            f"{transcript(store, own).name}” of this study, so it stays that.",
            where=where,
            hint="Take these memos away on the pages (they may be written again on the other "
            "transcript), then import the file again."
            if memos
            else "",
        )
    return key
