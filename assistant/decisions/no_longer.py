"""What people said about disagreements that are none any more.

A changed definition or code can end a disagreement; who said what of it stays, and is to be read.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from assistant.store.database import Store
from assistant.store.decided.adjudications import Adjudication, adjudications
from assistant.store.people.coders import coders

__all__ = ["NoLonger", "no_longer_disputed"]


@dataclass(frozen=True)
class NoLonger:
    """What was said of one disagreement, and what it was about."""

    key: str
    transcript_id: int
    segment: int
    codes: tuple[str, ...]
    words: tuple[Adjudication, ...]
    """Each person's latest word, oldest first."""

    @property
    def coders(self) -> frozenset[str]:
        """Whose codes the words are about."""
        return frozenset(name for a in self.words for side in a.sides for name in side.coders)


def no_longer_disputed(
    store: Store, in_dispute: Collection[str], model: str = ""
) -> tuple[NoLonger, ...]:
    """In the order in which they were decided on. ``in_dispute``: keys of all disagreements that
    there are, between people and ``model`` (name of a run's coder; empty: between people).

    What is about another run than this is left out: it may well be in dispute there.
    """
    models = {c.name for c in coders(store, "model")}
    found: dict[str, list[Adjudication]] = {}
    for a in adjudications(store):
        about = {name for side in a.sides for name in side.coders} & models
        if a.key not in in_dispute and about == ({model} if model else set()):
            found.setdefault(a.key, []).append(a)
    return tuple(
        NoLonger(key, said[0].transcript_id, said[0].segment, said[0].codes, tuple(said))
        for key, said in found.items()
    )
