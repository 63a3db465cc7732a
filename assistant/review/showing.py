"""Before a page shows others' codes: refuse what is to stay unseen, and put the rest on record.

Every page that shows codes of a transcript goes through here or leaves such transcripts out
(`assistant.decisions.kept_back`). Who was told what she would see, and goes on all the same, says
so in the address (``?anyway=1``).
"""

from __future__ import annotations

from collections.abc import Iterable

from assistant.decisions.kept_back import kept_back, refuse_kept_back
from assistant.guide.shown import Shown
from assistant.review.desk import Asked
from assistant.store.database import Store
from assistant.store.model.runs import runs
from assistant.store.people.codings import scopes
from assistant.store.people.openings import record_openings
from assistant.store.texts.transcripts import transcript_infos

__all__ = ["record_examples", "refuse_sums", "refuse_unless_told", "show_examples"]


def refuse_unless_told(
    asked: Asked, store: Store, *transcripts: int, what: str = "what others say of it"
) -> None:
    """Raises `KeptBack` where she is to code one of these blind."""
    if not asked.anyway:
        refuse_kept_back(store, asked.who, transcripts, what)


def show_examples(
    asked: Asked, store: Store, shown: Iterable[Shown], place: str, what: str
) -> None:
    """Raises `KeptBack` where an example is of a transcript that she is to code blind; else it is
    on record whose codings she is shown."""
    there = tuple(shown)
    refuse_unless_told(asked, store, *(s.transcript_id for s in there), what=what)
    record_examples(asked, store, there, place)


def record_examples(asked: Asked, store: Store, shown: Iterable[Shown], place: str) -> None:
    with asked.desk.writing_lock:
        for one in shown:
            record_openings(store, asked.who, one.transcript_id, people=one.coders, place=place)


def refuse_sums(
    asked: Asked,
    store: Store,
    transcripts: Iterable[str],
    *,
    people: Iterable[str] | None = None,
    models: Iterable[int] | None = None,
) -> None:
    """Raises `KeptBack` where figures rest on nothing but transcripts (names) that she is to code
    blind: how often a code was given there is then as good as said.

    Where she was told and wants them all the same, it is on record whose codes they were:
    ``people`` (names) and ``models`` (ids of coders). None: of everybody who coded there, of every
    run over it, since who is counted in a figure that nobody named may be any of them.
    """
    ids = {i.name: i.id for i in transcript_infos(store)}
    there = {ids[name] for name in transcripts if name in ids}
    if not there or not there <= kept_back(store, asked.who):
        return
    refuse_unless_told(asked, store, *there, what="what rests on codes of it alone")
    wanted = None if people is None else set(people)
    shown = None if models is None else set(models)
    over = runs(store)
    with asked.desk.writing_lock:
        for key in sorted(there):
            coded = [s.coder for s in scopes(store, key)]
            record_openings(
                store,
                asked.who,
                key,
                model={r.coder.id for r in over if key in r.transcripts}
                if shown is None
                else shown,
                people=[c.id for c in coded if wanted is None or c.name in wanted],
                place="sums",
            )
