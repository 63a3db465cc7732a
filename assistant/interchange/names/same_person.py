"""Two names that are one person's, because somebody says so: “Imogen Faulk” and “Imogen Falk”.

Independent coders never become one by it: where both coded the same passages of a transcript and
either gave codes there that the other did not, one person would have disagreed with herself. That
is refused. What stood under either name in the same place is there once, and of what she had seen
the less independent holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.errors import UserError
from assistant.interchange.imports.deriving import derive_codings
from assistant.store.database import Store
from assistant.store.decided.reviewing import reviewers, unfinished_blind
from assistant.store.people.coders import coders, join_people, rename_person
from assistant.store.people.codings import codings, scope_columns, scopes, set_scope_columns
from assistant.store.people.one_person import LEAST_INDEPENDENT
from assistant.store.people.openings import openings
from assistant.store.records import Coding, Scope
from assistant.store.texts.documents import documents
from assistant.store.texts.transcripts import transcript, transcript_infos
from assistant.transcripts.records import Exposure, Transcript

__all__ = ["Joined", "join_names", "why_not_one"]


@dataclass(frozen=True)
class Joined:
    codings: int
    """That she has now, under the name that stays."""
    memos: int
    once: int
    """Codings that stood under both names and are there once."""
    less_independent: tuple[tuple[str, Exposure], ...]
    """(transcript, exposure) where the two names had said it differently."""


def why_not_one(store: Store, old: str, new: str) -> str:
    """Why two people cannot be one, or not now: a sentence about the first transcript on which they
    differ, or that one codes blind; or empty."""
    held = scopes(store)
    if secret := _coding_blind(store, old, new, held):
        return secret
    for info in transcript_infos(store):
        if info.withdrawn:
            continue
        mine = {s.coder.name: s for s in held if s.transcript_id == info.id}
        if old not in mine or new not in mine:
            continue
        both = mine[old], mine[new]
        text = transcript(store, info.id)
        common = _common(both, text)
        if _not_a_part(both, text):
            return (
                f"In “{info.name}” the two looked for different codes in different passages, which "
                "no one person's part can say"
            )
        old_only, new_only = _not_alike(codings(store, info.id), old, new, common)
        if old_only and new_only:
            return (
                f"Both coded “{info.name}”, and not alike: {len(old_only)} of {old}'s codings "
                f"there have no like among {new}'s, and {len(new_only)} the other way round. One "
                "person would have disagreed with herself"
            )
    return ""


def _parts(store: Store, old: str, new: str) -> str:
    """The commands that say which part of a transcript each name coded, where that can be so and
    would be all that is in the way; empty where it would not help."""
    held = scopes(store)
    if _coding_blind(store, old, new, held):
        return ""
    said: list[str] = []
    for info in transcript_infos(store):
        mine = {s.coder.name for s in held if s.transcript_id == info.id}
        if info.withdrawn or not {old, new} <= mine:
            continue
        text, there = transcript(store, info.id), codings(store, info.id)
        one, two = (_reach(text, [c for c in there if c.coder.name == who]) for who in (old, new))
        both = sorted(set(one) & set(two))
        spans = tuple((text.segments[n].start, text.segments[n].end) for n in both)
        if all(_not_alike(there, old, new, _Common(spans, None))):
            return ""
        whole = _Common(((0, len(text.text)),), None)
        if all(_not_alike(there, old, new, whole)):
            said += [
                f'secondcoder transcripts "{info.name}" --coder "{who}" '
                f"--set-scope {part[0] + 1}-{part[-1] + 1}"
                for who, part in ((old, one), (new, two))
            ]
    if not said:
        return ""
    return (
        "If each name coded a part, say which (these are the smallest that hold all their "
        f"codings), then try again: {'; '.join(said)}"
    )


def _reach(text: Transcript, mine: Sequence[Coding]) -> range:
    """From the first to the last passage in which a name has codings."""
    numbers = [
        segment.index
        for segment in text.segments
        if any(c.start < segment.end and segment.start < c.end for c in mine)
    ]
    return range(min(numbers), max(numbers) + 1) if numbers else range(0)


def _coding_blind(store: Store, old: str, new: str, held: Sequence[Scope]) -> str:
    """A sentence where either codes blind and both names hold something: what they are to be
    compared by is nobody's to see yet."""
    holding = {s.coder.name for s in held} | {c.coder.name for c in codings(store)}
    under_way = {key: who for who, key in unfinished_blind(store) if who in (old, new)}
    if not under_way or not {old, new} <= holding:
        return ""
    key = min(under_way)
    name = next((info.name for info in transcript_infos(store) if info.id == key), str(key))
    return (
        f"“{under_way[key]}” is coding “{name}” blind and has not finished; until then nobody is "
        "told what or how much stands under that name"
    )


def join_names(store: Store, old: str, new: str) -> Joined:
    """Make two people of the study one, under ``new``. Use inside a transaction.

    Raises `UserError` where they coded the same passages differently.
    """
    if doubt := why_not_one(store, old, new):
        raise UserError(
            f"{doubt}. Nothing was changed.",
            hint=f"If they are two people, leave both names. {_parts(store, old, new)}".rstrip(),
        )
    infos = {info.id: info.name for info in transcript_infos(store) if not info.withdrawn}
    before = _exposures(store, old), _exposures(store, new)
    seen = _seen_under_the_other(store, old, new)
    count = sum(c.coder.name in (old, new) for c in codings(store))
    _, memos = join_people(store, old, new)
    _join_adjudicated(store, old, new)
    for key in infos:
        if any(row.coder == new for row in documents(store, key)):
            derive_codings(store, key, {})
    now = _exposures(store, new)
    for key, exposure in seen.items():
        found = max(exposure, now[key], key=LEAST_INDEPENDENT.index)
        columns = scope_columns(store, new, key)
        set_scope_columns(store, new, key, {**columns, "exposure": found})
    now = _exposures(store, new)
    hers = [c for c in codings(store) if c.coder.name == new]
    changed = [
        (infos[key], exposure)
        for key, exposure in now.items()
        if key in infos and any(key in one and one[key] != exposure for one in before)
    ]
    return Joined(len(hers), memos, count - len(hers), tuple(changed))


def _exposures(store: Store, name: str) -> dict[int, Exposure]:
    return {s.transcript_id: s.exposure for s in scopes(store) if s.coder.name == name}


def _seen_under_the_other(store: Store, old: str, new: str) -> dict[int, Exposure]:
    """Transcripts coded blind under one name of which she had seen others' codes under the other
    before she was done -> what her codes there have to be called."""
    found: dict[int, Exposure] = {}
    for scope in scopes(store):
        if scope.coder.name not in (old, new) or not scope.finished_at:
            continue
        other = new if scope.coder.name == old else old
        key = scope.transcript_id
        shown = {
            opening.shown
            for opening in openings(store, other, key)
            # Of the same millisecond it is not known which was first: she is not said to be blind.
            if opening.opened_at <= scope.finished_at and opening.coder not in (old, new)
        }
        decided = any(
            who == other and at <= scope.finished_at for who, _, at in reviewers(store, key)
        )
        if decided or "model" in shown:
            found[key] = "after-model"
        elif shown:
            found[key] = "adjudicated"
    return found


def _join_adjudicated(store: Store, old: str, new: str) -> None:
    """What was decided about disagreements stands under a coder of its own, named after who did."""
    was, now = f"Adjudicated ({old})", f"Adjudicated ({new})"
    there = {coder.name for coder in coders(store, "human")}
    if was in there:
        (join_people if now in there else rename_person)(store, was, now)


def _passages(scope: Scope, text: Transcript) -> frozenset[int]:
    """Numbers of the segments that she looked at."""
    if scope.segments is not None:
        return frozenset(scope.segments)
    first, last = scope.first_segment, scope.last_segment
    if first is None or last is None:
        return frozenset(range(len(text.segments)))
    return frozenset(range(first, last + 1))


@dataclass(frozen=True)
class _Common:
    spans: tuple[tuple[int, int], ...]
    codes: frozenset[str] | None


def _common(both: tuple[Scope, Scope], text: Transcript) -> _Common:
    """The passages at which both looked, and the codes that both looked for (None: all)."""
    one, two = (_passages(scope, text) for scope in both)
    named = [frozenset(s.codes) for s in both if s.codes is not None]
    codes = frozenset.intersection(*named) if named else None
    spans = ((text.segments[n].start, text.segments[n].end) for n in sorted(one & two))
    return _Common(tuple(spans), codes)


def _not_a_part(both: tuple[Scope, Scope], text: Transcript) -> bool:
    """Whether what either looked for is no set of codes in a set of passages."""
    one, two = ((_passages(s, text), None if s.codes is None else frozenset(s.codes)) for s in both)
    if one[0] == two[0] or one[1] == two[1]:
        return False
    return not (_holds(one, two) or _holds(two, one))


_Part = tuple[frozenset[int], frozenset[str] | None]


def _holds(one: _Part, two: _Part) -> bool:
    return one[0] >= two[0] and (one[1] is None or (two[1] is not None and one[1] >= two[1]))


def _of(there: tuple[Coding, ...], name: str, common: _Common) -> list[Coding]:
    return [
        c
        for c in there
        if c.coder.name == name
        and (common.codes is None or c.code in common.codes)
        and any(c.start < end and start < c.end for start, end in common.spans)
    ]


def _not_alike(
    there: tuple[Coding, ...], old: str, new: str, common: _Common
) -> tuple[list[Coding], list[Coding]]:
    """Codings of either name that have no like among the other's, where both looked."""
    mine, hers = _of(there, old, common), _of(there, new, common)
    return [c for c in mine if not _twin(c, hers)], [c for c in hers if not _twin(c, mine)]


def _twin(coding: Coding, others: list[Coding]) -> bool:
    return any(
        c.code == coding.code and c.start < coding.end and coding.start < c.end for c in others
    )
