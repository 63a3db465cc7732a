"""What a coder's codings say under another version of the codebook than the one she coded with.

A code whose definition changed, or that was split, means something else: earlier codings of it, and
earlier passages without it, say neither yes nor no until she has looked again. A code that was
added later was nobody's to use: earlier passages without it say nothing about it. Everything else
goes along (`assistant.codebook.history`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Literal

from assistant.codebook.fates import Fates
from assistant.codebook.history import Carried
from assistant.codebook.records import Codebook, RecordedVersion

if TYPE_CHECKING:
    from assistant.store.records import CodedSoFar

__all__ = ["Lineage", "Silences", "Silent"]

Silent = Literal["older definition", "added later"]
"""Why a coder says nothing about a code."""


class Lineage:
    """All versions, oldest first, and the one that is measured under."""

    def __init__(self, versions: Sequence[RecordedVersion], target: Codebook) -> None:
        known = list(versions)
        if target.sha256 not in {v.sha256 for v in known}:
            known.append(RecordedVersion(sha256=target.sha256, book=target, recorded_at=""))
        self.versions = tuple(known)
        self.target = target
        self.places = {v.sha256: n for n, v in enumerate(known)}
        self._at = self.places[target.sha256]
        self._fates = Fates(known)
        self._silent: dict[tuple[int, int], dict[str, Silent]] = {}

    def place(self, codebook_sha256: str, at: str) -> int:
        """The version that something was coded with: the one it names; else the newest that was
        there at that time (as the store writes it), or the first."""
        named = self.places.get(codebook_sha256)
        if named is not None:
            return named
        there = [n for n, v in enumerate(self.versions) if v.recorded_at and v.recorded_at <= at]
        return there[-1] if there else 0

    def silent(self, place: int, again: Mapping[str, str] | None = None) -> dict[str, Silent]:
        """Codes of the target about which a coder with the version at ``place`` says nothing.

        ``again``: code that she has looked for again -> hash of the version that she went by then.
        """
        found = self._between(place, self._at)
        if not again:
            return found
        return {c: why for c, why in found.items() if not self._looked_again(c, place, again)}

    def _looked_again(self, code: str, place: int, again: Mapping[str, str]) -> bool:
        """Whether what she looked for again is this code of the target, and all of it."""
        for sha256 in set(again.values()):
            then = self.places.get(sha256)
            if then is None or code in self._between(then, self._at):
                continue
            mine = {c for c, version in again.items() if version == sha256}
            if then > self._at:
                was = set(self.fate(code, self._at, then).ids)
            else:
                book = self.versions[then].book
                was = {c.id for c in book.codes if code in self.fate(c.id, then, self._at).ids}
            if was & mine and not (was - mine) & set(self._between(place, then)):
                return True
        return False

    def _between(self, place: int, at: int) -> dict[str, Silent]:
        if (place, at) not in self._silent:
            self._silent[place, at] = self._find_silent(place, at)
        return self._silent[place, at]

    def _find_silent(self, place: int, at: int) -> dict[str, Silent]:
        target = self.target if at == self._at else self.versions[at].book
        older, newer = min(place, at), max(place, at)
        fates = {
            code.id: self.fate(code.id, older, newer) for code in self.versions[older].book.codes
        }
        found: dict[str, Silent] = {}
        if place > at:
            # The target is the older: what it defines otherwise is not what she looked for.
            for code in target.codes:
                if fates[code.id].needs_recoding or not fates[code.id].ids:
                    found[code.id] = "older definition"
            return found
        known = {i for fate in fates.values() if not fate.needs_recoding for i in fate.ids}
        stale = {i for fate in fates.values() if fate.needs_recoding for i in fate.ids}
        for code in target.codes:
            if code.id in stale:
                found[code.id] = "older definition"
            elif code.id not in known:
                found[code.id] = "added later"
        return found

    def since(self, code_id: str) -> str:
        """When a version with this code was first recorded; empty: none was."""
        return next((v.recorded_at for v in self.versions if code_id in v.book.by_id), "")

    def became(self, spelled: str, place: int) -> str | None:
        """The target's code for what was called ``spelled`` in the version at ``place``; None when
        there is none, or several."""
        old = self.versions[place].book.resolve(spelled)
        if old is None or place == self._at:
            return None
        ids = self.into(old, place)
        return ids[0] if len(ids) == 1 and ids[0] in self.target.by_id else None

    def into(self, code_id: str, place: int) -> tuple[str, ...]:
        """The target's codes that a code of the version at ``place``, before or after the target,
        leads to; empty: it is gone."""
        if place <= self._at:
            return self.fate(code_id, place, self._at).ids
        return tuple(
            code.id
            for code in self.target.codes
            if code_id in self.fate(code.id, self._at, place).ids
        )

    def fate(self, code_id: str, older: int, newer: int) -> Carried:
        """What becomes of a code between two versions (`assistant.codebook.fates`)."""
        return self._fates.of(code_id, older, newer)


class Silences:
    """Which coders say nothing about which codes, in a whole study.

    A code that somebody used before it was written down was in use all the same: "added later"
    holds for codes only that nobody could have meant.
    """

    def __init__(
        self,
        lineage: Lineage,
        scopes: Iterable[tuple[tuple[int, int], str, str]],
        used: Iterable[tuple[tuple[int, int], str, str]],
        again: Mapping[tuple[int, int], Mapping[str, str]] | None = None,
    ) -> None:
        """``scopes``: (coder, transcript), the version that is named or "", when it came into the
        study; ``used``: (coder, transcript), the code of each coding as it was written, and when it
        came into the study; ``again``: (coder, transcript) -> code that she looked for again -> the
        version that she went by then."""
        self._lineage = lineage
        self._again = again or {}
        self._places = {key: lineage.place(named, at) for key, named, at in scopes}
        self._in_use: set[str] = set()
        for key, spelled, at in used:
            code = lineage.target.resolve(spelled)
            if code is None or self._found(key).get(code) != "added later":
                continue
            if (there := lineage.since(code)) == "" or at < there:
                self._in_use.add(code)

    @classmethod
    def among(cls, coded: CodedSoFar, target: Codebook) -> Silences:
        """Of a study's rows. What was coded after seeing the model says nothing about codes in
        use."""
        return cls(
            Lineage(coded.versions, target),
            [
                ((s.coder.id, s.transcript_id), s.codebook_sha256, s.created_at)
                for s in coded.scopes
            ],
            [
                ((c.coder.id, c.transcript_id), c.code, c.at)
                for c in coded.codings
                if c.exposure != "after-model"
            ],
            coded.looked_again,
        )

    def of(self, coder: int, transcript: int) -> dict[str, Silent]:
        """Code -> why this coder says nothing about it in this transcript."""
        found = self._found((coder, transcript))
        return {code: why for code, why in found.items() if code not in self._in_use}

    def resolve(self, coder: int, transcript: int, spelled: str) -> str | None:
        """The target's code that a coding means: by its name there, or by what became of the code
        that it had when it was coded."""
        code = self._lineage.target.resolve(spelled)
        place = self._places.get((coder, transcript))
        return code if code is not None or place is None else self._lineage.became(spelled, place)

    def may_look_again(self, code: str, present: str = "") -> bool:
        """Whether somebody who looks for a code of the target again now says something about it;
        not where the target defines it otherwise than the version she would go by.

        ``present``: hash of the version in force, which the study's file holds. It need not be the
        one that was recorded last: a file may have been changed back. Empty or not recorded: the
        last, the only one that is known.
        """
        last = len(self._lineage.versions) - 1
        return code not in self._lineage.silent(self._lineage.places.get(present, last))

    def _found(self, key: tuple[int, int]) -> dict[str, Silent]:
        place = self._places.get(key)
        return {} if place is None else self._lineage.silent(place, self._again.get(key))
