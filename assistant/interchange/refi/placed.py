"""Passages and codings of a file at their places in its texts, and those that have none.

Each coding is placed, or listed with the reason why it is not and counted with its text.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence

from assistant.counting import counted_many
from assistant.interchange.export.saying import says_rejected
from assistant.interchange.projects.records import ProjectCoding
from assistant.interchange.refi.conventions import Conventions
from assistant.interchange.refi.memos import Notes
from assistant.interchange.refi.misplaced import misplaced
from assistant.interchange.refi.offsets import positions
from assistant.interchange.refi.scoring import Selection
from assistant.interchange.refi.sources import FoundCoding, FoundSelection, FoundText
from assistant.transcripts.records import Skipped

__all__ = ["Placing"]

_OUTSIDE = "its positions are empty or lie outside of the text"
_LISTED = 20
"""So many of such codings of a text are listed one by one."""


class Placing:
    """Where what was marked stands, in code points of each text."""

    def __init__(
        self,
        texts: Mapping[str, FoundText],
        fitted: Conventions,
        selections: Sequence[FoundSelection],
        *,
        as_it_left: bool,
    ) -> None:
        """``as_it_left``: nobody changed the texts since this program wrote them."""
        self.texts, self.fitted = texts, fitted
        self.spans: dict[FoundSelection, tuple[int, int]] = {}
        """Of each selection that has a place."""
        self.skipped: list[Skipped] = []
        self.lost: Counter[str] = Counter()
        """By text: codings that have no place."""
        self._wrong: dict[str, dict[tuple[int, int], str]] = {}
        by_text: dict[str, list[FoundSelection]] = defaultdict(list)
        for one in selections:
            by_text[one.text].append(one)
        for key, mine in by_text.items():
            rule = fitted.rule(key)
            if rule is None:
                continue
            text = texts[key]
            places = positions(text.text, text.marked, rule, [(s.start, s.end) for s in mine])
            asked = [Selection(key, s.start, s.end, s.name) for s in mine]
            wrong = {} if as_it_left else misplaced(text.text, asked, places)
            self._wrong[key] = wrong
            self.spans |= {
                s: at
                for s, at in zip(mine, places, strict=True)
                if at[0] < at[1] and (s.start, s.end) not in wrong
            }

    def codings(
        self,
        found: Sequence[FoundCoding],
        notes: Notes,
        models: Collection[str],
        names: Mapping[str, str],
    ) -> list[ProjectCoding]:
        """Those that have a place. ``models``: keys of coders; ``names``: of codes, by key."""
        made: list[ProjectCoding] = []
        by_text: dict[str, list[FoundCoding]] = defaultdict(list)
        for one in found:
            by_text[one.text].append(one)
        for key, mine in by_text.items():
            text, rule = self.texts[key], self.fitted.rule(key)
            if rule is None:
                why = self.fitted.own.get(key, self.fitted.project).said
                what = counted_many(len(mine), "codings")
                self.skipped.append(Skipped(what=what, why=why, where=text.name))
                self.lost[key] += len(mine)
                continue
            outside: list[FoundCoding] = []
            wrong = self._wrong.get(key, {})
            spans = positions(text.text, text.marked, rule, [(c.start, c.end) for c in mine])
            for one, (start, end) in zip(mine, spans, strict=True):
                if end <= start:
                    outside.append(one)
                elif (one.start, one.end) in wrong:
                    self._leave(one, wrong[one.start, one.end], names)
                else:
                    made.append(_coding(one, start, end, notes.of_coding(one), models))
            for one in outside[:_LISTED]:
                self._leave(one, _OUTSIDE, names)
            if len(outside) > _LISTED:
                more = counted_many(len(outside) - _LISTED, "more codings")
                self.skipped.append(Skipped(what=more, why=_OUTSIDE, where=text.name))
                self.lost[key] += len(outside) - _LISTED
        return made

    def _leave(self, one: FoundCoding, why: str, names: Mapping[str, str]) -> None:
        what = f"{names.get(one.code, one.code)} at {one.start} to {one.end}"
        self.skipped.append(Skipped(what=what, why=why, where=self.texts[one.text].name))
        self.lost[one.text] += 1


def _coding(
    one: FoundCoding, start: int, end: int, note: str, models: Collection[str]
) -> ProjectCoding:
    return ProjectCoding(
        source=one.text,
        coder=one.coder,
        code=one.code,
        start=start,
        end=end,
        guid=one.guid,
        note=note,
        at=one.at,
        # A tool may drop the stamp and keep the notes.
        rejected=one.coder in models and says_rejected(note),
    )
