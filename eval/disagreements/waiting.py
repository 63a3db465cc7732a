"""What would be in dispute, were codings of an older definition counted.

Such codings are neither yes nor no (`assistant.codebook.lineage`), so a disagreement that rests on
one is none at present. It is counted here, so that nobody takes it for settled.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from assistant.codebook.lineage import Silences, Silent
from assistant.store.database import Store
from assistant.store.people.coded_so_far import coded_so_far
from assistant.store.people.codings import scopes
from assistant.store.records import RunRow
from eval.disagreements.finding import Gathered, gather
from eval.disagreements.records import Disagreement, Side

__all__ = ["waiting"]

_Silence = Mapping[tuple[str, int], Mapping[str, Silent]]
"""(person, transcript's id) -> code -> why she says nothing about it."""


def waiting(
    store: Store, found: Gathered, run: RunRow | None = None
) -> tuple[tuple[Disagreement, ...], frozenset[str]]:
    """Disagreements that are not among ``found`` for no other reason than that a person coded with
    another definition; and those of their codes that count again once she has looked again with
    the newest version.

    Raises `UserError` as `gather` does.
    """
    silences = Silences.among(coded_so_far(store), found.codebook)
    silent: _Silence = {
        (s.coder.name, s.transcript_id): silences.of(s.coder.id, s.transcript_id)
        for s in scopes(store)
        if s.coder.kind == "human"
    }
    if not any(why == "older definition" for one in silent.values() for why in one.values()):
        return (), frozenset()
    known = {d.key for d in found.disagreements}
    everything = gather(
        store, found.codebook, run=run, wanted=replace(found.wanted, any_definition=True)
    )
    left = tuple(d for d in everything.disagreements if d.key not in known and _rests_on(d, silent))
    codes = {code for d in left for code in d.codes}
    return left, frozenset(code for code in codes if silences.may_look_again(code))


def _rests_on(d: Disagreement, silent: _Silence) -> bool:
    """Whether coders differ here who could all have meant these codes, one of them under another
    definition. Who coded before a code was there says nothing about it either way."""

    def why(side: Side) -> set[Silent]:
        mine = {} if side.is_model else silent.get((side.coder, d.transcript_id), {})
        return {mine[code] for code in d.codes if code in mine}

    sides = [side for side in d.sides if "added later" not in why(side)]
    return len({side.codes for side in sides}) > 1 and any(why(side) for side in sides)
