"""What a verdict rests on, as hashes, so that a later change of it is noticed and named.

A verdict was made from people's reference codings of named transcripts. It counts while these
transcripts are there, while the same people count as reference, and while they say the same. New
transcripts that somebody codes later are more evidence and void nothing. What the user declares
of a code's definition says whose codes of it count, so a verdict on that code rests on it as well.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from assistant.hashing import hash_json
from assistant.store.database import Store
from assistant.store.people.codings import codings, counted_versions, scopes
from assistant.store.people.looked_again import looked_again
from assistant.store.trail.events import events
from assistant.store.versions import INFERRED, codebook, codebook_versions

__all__ = [
    *("METHOD", "RESTS_ON", "SPLIT_EVENT", "Present"),
    *("changes", "declared_of", "development", "rests_for_code", "rests_on"),
]

RESTS_ON = "rests_on"
"""Key of a verdict's evidence."""
SPLIT_EVENT = "split"
"""Kind of the event that holds the split into development and test transcripts."""
_FORM_KEY, _FORM = "form", 4
"""Of the hashes: what was stored in another form cannot be set beside today's state."""
_METHOD_KEY, METHOD = "method", "jackknife-t-6"
"""How intervals and tests are computed. Another number whenever that changes: a verdict that was
made by other intervals counts no more."""
_DECLARED_KEY = "declared"
"""There only where something was declared of the code."""


def development(store: Store) -> frozenset[int]:
    """Ids of the transcripts that a split gave to development; none without a split."""
    return frozenset(
        key for event in events(store, SPLIT_EVENT) for key in event.details["development"]
    )


def rests_on(store: Store, transcripts: Sequence[int]) -> dict[str, Any]:
    """The state of the reference in these transcripts: a hash for each of its parts.

    The hashes know a transcript by its text's hash, so that they are the same in every copy of the
    study, whatever numbers its transcripts have there.
    """
    wanted = sorted(set(transcripts))
    marks = ",".join("?" * len(wanted))
    rows = store.rows(
        f"SELECT id, sha256, withdrawn_at FROM transcripts WHERE id IN ({marks})", wanted
    )
    text = {r["id"]: r["sha256"] for r in rows}
    looked = [s for s in scopes(store) if s.transcript_id in text and s.is_reference]
    counted = {(s.coder.id, s.transcript_id) for s in looked}
    said = [
        [text[key], c.coder.name, c.code, c.start, c.end]
        for key in text
        for c in codings(store, key)
        if (c.coder.id, key) in counted and c.exposure != "after-model"
    ]
    version = counted_versions(store)
    again = looked_again(store)
    people = {
        f"{text[s.transcript_id]} {s.coder.name}": [
            s.first_segment,
            s.last_segment,
            s.codes,
            s.segments,
            version[s.coder.id, s.transcript_id],
            *sorted(again.get((s.coder.id, s.transcript_id), {}).items()),
        ]
        for s in looked
    }
    used = development(store)
    return {
        _FORM_KEY: _FORM,
        _METHOD_KEY: METHOD,
        "transcripts": wanted,
        "texts": hash_json(sorted(r["sha256"] for r in rows if r["withdrawn_at"] is None)),
        "people": hash_json(people),
        "codings": hash_json(sorted(said)),
        "use": hash_json(sorted(text[key] for key in text if key in used)),
    }


def rests_for_code(store: Store, rests: dict[str, Any], code: str) -> dict[str, Any]:
    """What a verdict on one code rests on: ``rests``, and what was declared of that code."""
    declared = _declared(store, code)
    return {**rests, _DECLARED_KEY: declared} if declared else dict(rests)


def _declared(store: Store, code: str) -> str:
    return declared_of(store, (code,)).get(code, "")


def declared_of(store: Store, codes: Sequence[str]) -> dict[str, str]:
    """Code -> a hash of the declared operations that concern it, by whatever id; without those that
    none concerns."""
    rows = [
        (r, {*json.loads(r["codes"]), *json.loads(r["into_codes"])})
        for r in store.rows("SELECT * FROM codebook_operations")
    ]
    declared = [(r, ids) for r, ids in rows if not r["why"].startswith(INFERRED)]
    if not declared:
        return {}
    # A code that was renamed is found by every id it had, also where nobody declared that.
    linked = [ids for r, ids in rows if r["op"] in ("rename", "merge", "split")]
    by_definition: dict[str, set[str]] = {}
    for version in codebook_versions(store):
        for one in codebook(store, version.sha256).codes:
            linked.append({one.id, *one.aliases})
            if one.definition:
                by_definition.setdefault(" ".join(one.definition.split()), set()).add(one.id)
    linked += by_definition.values()
    found = {}
    for code in codes:
        names, before = {code}, set[str]()
        while names != before:
            before = set(names)
            names = names.union(*(ids for ids in linked if ids & names))
        said = sorted(
            [r["from_sha256"], r["to_sha256"], r["op"], r["codes"], r["into_codes"]]
            for r, ids in declared
            if ids & names
        )
        if said:
            found[code] = hash_json(said)
    return found


class Present:
    """What holds now, looked up once for all the verdicts that are asked about together."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._rests: dict[tuple[int, ...], dict[str, Any]] = {}
        self._declared: dict[str, str] = {}

    def rests(self, transcripts: Sequence[int]) -> dict[str, Any]:
        key = tuple(transcripts)
        if key not in self._rests:
            self._rests[key] = rests_on(self.store, key)
        return self._rests[key]

    def declared(self, code: str) -> str:
        if code not in self._declared:
            self._declared[code] = _declared(self.store, code)
        return self._declared[code]


def changes(
    store: Store, rests: dict[str, Any] | None, code: str = "", present: Present | None = None
) -> tuple[str, ...]:
    """What is not as it was when ``rests`` was stored, in words; empty: nothing. ``code``: of a
    verdict on it. ``present``: for many at once."""
    present = present or Present(store)
    if not rests or rests.get(_FORM_KEY) != _FORM:
        return ("it was made by an earlier version, which kept what it rests on in another way",)
    if rests.get(_METHOD_KEY) != METHOD:
        return ("it was made by an earlier version, which computed intervals in another way",)
    now_ = present.rests(rests["transcripts"])
    found = []
    if now_["texts"] != rests["texts"]:
        found.append(_which(store, rests["transcripts"]))
    for part, what in (
        ("people", "who counts as an independent coder of its transcripts has changed"),
        ("codings", "people's codes in its transcripts have changed"),
        ("use", "some of its transcripts were since given to development (secondcoder split)"),
    ):
        if now_[part] != rests[part]:
            found.append(what)
    if code and rests.get(_DECLARED_KEY, "") != present.declared(code):
        found.append("what was declared of this code's definition has changed")
    return tuple(found)


def _which(store: Store, transcripts: Sequence[int]) -> str:
    marks = ",".join("?" * len(transcripts))
    gone = store.rows(
        f"SELECT name FROM transcripts WHERE withdrawn_at IS NOT NULL AND id IN ({marks}) "
        "ORDER BY name",
        list(transcripts),
    )
    if gone:
        return "a transcript that it rests on was withdrawn: " + ", ".join(r["name"] for r in gone)
    return "a transcript that it rests on has another text now"
