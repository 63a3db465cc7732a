"""What two studies say differently, in words for people, and settling it for one side.

A chosen side takes effect where something here can follow it: a decision on a suggestion, what a
coder had seen, consent. What cannot (two texts of one name, a run made twice) is recorded alone.
Both sides stay on record; a later word replaces an earlier one.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from assistant.codebook.loading import load_codebook
from assistant.codebook.records import Codebook
from assistant.decisions.adjudicating import OUTCOMES
from assistant.decisions.kept_back import kept_back
from assistant.errors import SecondCoderError, UserError
from assistant.interchange.sharing.merge import find_conflict, settle
from assistant.interchange.transcripts import change_transcripts
from assistant.store.adjudications import Adjudication, adjudications
from assistant.store.codings import scope_columns, set_scope_columns
from assistant.store.conflicts import Conflict, conflicts, suggestion_in
from assistant.store.database import Store
from assistant.store.decisions import add_decision, decisions
from assistant.store.reviewing import hold, last_standing
from assistant.store.suggestions import suggestion
from assistant.store.transcripts import transcript, transcript_infos
from assistant.study import Study

__all__ = ["CONFLICT_KINDS", "ShownConflict", "ShownSide", "settle_for", "shown_conflicts"]

CONFLICT_KINDS = {
    "decision": "a decision on a suggestion",
    "adjudication": "a word on a disagreement",
    "scope": "what a person had seen or coded",
    "consent": "what participants agreed to",
    "pseudonym": "a replacement of a name",
    "run": "the same run, made twice",
    "transcript": "one name for two texts",
    "interview": "whether two transcripts are one interview",
}
_DECIDED = {"accept": "accepted it", "reject": "rejected it", "amend": "coded it differently"}
_UNTIL = {
    "decision": "Until it is settled, the later decision holds. The side you choose is decided "
    "anew under your name.",
    "adjudication": "Each person's word stays in a version of its own. Settling records which one "
    "you go by.",
    "scope": "Until it is settled, each study goes by its own. All that the side you choose says "
    "is set here.",
    "consent": "Until it is settled, the stricter holds. The side you choose is set here and "
    "holds until one of the two studies says something else; the other study keeps its own.",
    "pseudonym": "Each study goes by its own. Settling records what you agreed on; the list of "
    "names is changed with `secondcoder pseudonyms`.",
    "run": "Both runs are kept, each with its suggestions. Settling records which one you go by.",
    "transcript": "Both texts are kept, the second with a part of its hash in its name. Settling "
    "records which is the right one.",
    "interview": "In one of the studies they are one transcript. Here they stay two, since runs, "
    "decisions or memos rest on the text that would go away. Settling records what you agreed on.",
}


@dataclass(frozen=True)
class ShownSide:
    words: str
    """“Ana accepted it”."""
    more: tuple[str, ...]
    """When, and why."""
    holds: bool
    """Whether this study goes by it now."""
    nameless: str = ""
    """The words without who said them; empty where nobody's name is in them."""


@dataclass(frozen=True)
class ShownConflict:
    identity: str
    kind: str
    kind_words: str
    about: str
    transcript: str
    """Its name; empty where it is about none."""
    transcript_id: int | None
    segment: int | None
    quote: str
    sides: tuple[ShownSide, ...]
    until: str
    """What holds meanwhile, and what choosing a side does."""
    settled: str
    found_at: str
    run_id: int | None
    people: tuple[str, ...]
    """Whose words are shown."""


def shown_conflicts(
    study: Study, store: Store, who: str, *, kind: str = "", settled: bool | None = None
) -> tuple[ShownConflict, ...]:
    """What ``who`` may be shown, open ones first: nothing about codes of a transcript that she is
    still to code blind. ``settled``: only those that are, or are not."""
    back = kept_back(store, who)
    words = _Words(study, store)
    found = [words.of(c) for c in conflicts(store) if kind in ("", c.kind)]
    kept = [
        c
        for c in found
        if not (c.kind in ("decision", "adjudication") and c.transcript_id in back)
        and (settled is None or bool(c.settled) == settled)
    ]
    return tuple(sorted(kept, key=lambda c: bool(c.settled)))


def settle_for(
    study: Study,
    store: Store,
    identity: str,
    side: int | None,
    note: str,
    who: str,
    *,
    seen: str | None = None,
) -> Conflict:
    """Settle a conflict for one side (its index), or with a note alone (``side`` None).

    ``seen``: what had settled it when the page was made. Raises `UserError` for a conflict or side
    that is not there, and when somebody settled it meanwhile; nothing is stored then.
    """
    with store.transaction():
        hold(store)
        found = find_conflict(store, identity)
        if seen is not None and seen != found.settled:
            raise UserError(
                f"This was settled meanwhile. {found.settled}",
                hint="Look at it again; you can still say something else.",
            )
        if side is None:
            return settle(store, found.identity, note, who=who)
        if not 0 <= side < len(found.sides):
            raise UserError("There is no such side.", hint=f"Choose 1 to {len(found.sides)}.")
        shown = _Words(study, store).of(found)
        _apply(store, found, found.sides[side], shown.sides[side].holds, note, who)
        word = f"{shown.sides[side].words}: that holds" + (f". {note.strip()}" if note else "")
        return settle(store, found.identity, word, who=who, side=side)


def _apply(
    store: Store, found: Conflict, side: Mapping[str, Any], holds: bool, note: str, who: str
) -> None:
    if holds:
        return
    if found.kind == "decision" and (key := suggestion_in(store, found)) is not None:
        theirs = [d for d in decisions(store, key) if d.reviewer == side["who"]]
        last = next((d for d in theirs[::-1] if d.decision == side["decision"]), None)
        if last is None:
            raise UserError(
                f"{side['who']}'s decision is not in this study.",
                hint="Decide on the suggestion itself, on the page of its transcript.",
            )
        # The same coding stands for it again where she had coded differently.
        add_decision(store, key, last.decision, who, reason=note, coding_id=last.coding_id)
    elif found.kind == "consent":
        if name := _name_by_hash(store, str(found.about["transcript"])):
            change_transcripts(store, [name], consent=str(side["consent"]))
    elif found.kind == "scope":
        wanted = str(side["exposure"])
        here = _scope_here(store, found)
        if here.get("exposure") in _SEEN and wanted not in _SEEN and not note.strip():
            raise UserError(
                f"By this study {found.about['coder']} had seen others' codes "
                f"({here['exposure']}). To say that it is not so makes these codes evidence.",
                hint="Write into the note how you know.",
            )
        key = _key_by_hash(store, str(found.about["transcript"]))
        if key is not None and here:
            set_scope_columns(store, str(found.about["coder"]), key, side)


_SEEN = ("after-model", "adjudicated")
"""Exposures that say that somebody's codes had been seen."""


def _name_by_hash(store: Store, sha256: str) -> str:
    return next((i.name for i in transcript_infos(store) if i.sha256 == sha256), "")


def _key_by_hash(store: Store, sha256: str) -> int | None:
    return next((i.id for i in transcript_infos(store) if i.sha256 == sha256), None)


def _scope_here(store: Store, found: Conflict) -> dict[str, Any]:
    key = _key_by_hash(store, str(found.about.get("transcript")))
    return {} if key is None else scope_columns(store, str(found.about.get("coder")), key)


class _Words:
    """Conflicts as sentences."""

    def __init__(self, study: Study, store: Store) -> None:
        self.store = store
        self.book: Codebook | None
        try:
            self.book = load_codebook(study.codebook_file)
        except SecondCoderError:
            self.book = None
        infos = transcript_infos(store)
        self.by_hash = {i.sha256: i for i in infos}
        self.by_name = {i.name: i for i in infos}

    def of(self, c: Conflict) -> ShownConflict:
        key = suggestion_in(self.store, c)
        found = suggestion(self.store, key) if key is not None else None
        named = str(c.about.get("transcript", ""))
        info = self.by_hash.get(named) or self.by_name.get(named)
        segment = c.about.get("segment")
        quote = found.quote if found else ""
        if not quote and info and not info.withdrawn and isinstance(segment, int):
            text = transcript(self.store, info.id)
            part = next((s for s in text.segments if s.index == segment), None)
            quote = text.text[part.start : part.end].strip() if part else ""
        return ShownConflict(
            c.identity,
            c.kind,
            CONFLICT_KINDS.get(c.kind, c.kind),
            self._about(c, info.name if info else named),
            info.name if info else "",
            info.id if info else None,
            segment if isinstance(segment, int) else None,
            quote,
            tuple(self._side(c, side, key) for side in c.sides),
            _UNTIL.get(c.kind, ""),
            c.settled,
            c.found_at,
            found.run_id if found else None,
            tuple(sorted({str(s["who"]) for s in c.sides if s.get("who")})),
        )

    def _label(self, code: object) -> str:
        known = self.book.resolve(str(code)) if self.book else None
        return self.book.by_id[known].label if self.book and known else str(code)

    def _about(self, c: Conflict, transcript_name: str) -> str:
        if c.kind in ("decision", "adjudication"):
            return f"{self._label(c.about.get('code', ''))} in {transcript_name}"
        if c.kind == "scope":
            return f"{c.about.get('coder')} on {transcript_name}"
        if c.kind == "run":
            return f"pass {c.about.get('repeat')} of one recipe"
        if c.kind == "pseudonym":
            return f"entry {c.about.get('number')} of the list of names"
        return str(c.about.get("name") or transcript_name)

    def _side(self, c: Conflict, side: Mapping[str, Any], key: int | None) -> ShownSide:
        when = str(side.get("at", ""))[:16].replace("T", " ")
        more = [when] if when else []
        if c.kind == "decision":
            return self._decision(side, key, more)
        if c.kind == "adjudication":
            return self._adjudication(c, side, more)
        if c.kind == "scope":
            return self._scope(c, side)
        if c.kind == "consent":
            info = self.by_hash.get(str(c.about.get("transcript")))
            holds = bool(info and info.consent == side["consent"])
            return ShownSide(f"The words may be given to “{side['consent']}”", (), holds)
        if c.kind == "run":
            return ShownSide(
                f"Begun {str(side['started'])[:16].replace('T', ' ')}", tuple(more), False
            )
        if c.kind == "pseudonym":
            words = f"{side['status']}" + (
                f", replaced by “{side['replacement']}”" if side.get("replacement") else ""
            )
            return ShownSide(_capital(words), tuple(more), False)
        info = self.by_hash.get(str(side.get("words", "")))
        return ShownSide(f"The text “{info.name if info else side}”", tuple(more), False)

    def _scope(self, c: Conflict, side: Mapping[str, Any]) -> ShownSide:
        """What she had seen, then whatever else the sides say differently."""
        here = _scope_here(self.store, c)
        parts = {
            "passages": _passages(side),
            "codes": "for some codes" if side.get("codes") else "for all codes",
            "finished": "finished" if side.get("finished_at") else "not finished",
            "version": f"with codebook {str(side.get('codebook_sha256') or 'unknown')[:15]}",
        }
        differs = {
            "passages": len({_passages(s) for s in c.sides}) > 1,
            "codes": len({s.get("codes") for s in c.sides}) > 1,
            "finished": len({bool(s.get("finished_at")) for s in c.sides}) > 1,
            "version": len({s.get("codebook_sha256") for s in c.sides}) > 1,
        }
        said = [part for name, part in parts.items() if differs[name]]
        more = [part for name, part in parts.items() if not differs[name] and name != "version"]
        words = ", ".join([f"Coded “{side['exposure']}”", *said])
        return ShownSide(
            words, tuple(more), bool(here) and all(here[k] == v for k, v in side.items())
        )

    def _decision(self, side: Mapping[str, Any], key: int | None, more: list[str]) -> ShownSide:
        words = _DECIDED.get(str(side["decision"]), str(side["decision"]))
        if side.get("own"):
            words += f", as {self._label(side['own'])}"
        all_of_it = decisions(self.store, key) if key is not None else ()
        hers = [
            d for d in all_of_it if d.reviewer == side["who"] and d.decision == side["decision"]
        ]
        if hers and hers[-1].reason:
            more.append(f"“{hers[-1].reason}”")
        now = last_standing(self.store, key) if key is not None else None
        holds = now is not None and now.decision == side["decision"]
        if holds and now is not None and now.decision == "amend":
            holds = now.coding_id in {d.coding_id for d in hers}
        return ShownSide(f"{side['who']} {words}", tuple(more), holds, _capital(words))

    def _adjudication(self, c: Conflict, side: Mapping[str, Any], more: list[str]) -> ShownSide:
        said: Adjudication | None = next(
            (
                a
                for a in adjudications(self.store, key=c.key)
                if a.who == side["who"] and a.outcome == side["outcome"]
            ),
            None,
        )
        words = OUTCOMES.get(side["outcome"], str(side["outcome"]))
        if said is not None:
            if said.chosen is not None and said.chosen < len(said.sides):
                names = said.sides[said.chosen].coders
                words = f"{', '.join(names)} {'is' if len(names) == 1 else 'are'} right"
            if said.note:
                more.append(f"“{said.note}”")
        return ShownSide(f"{side['who']}: {words}", tuple(more), False, words)


def _passages(side: Mapping[str, Any]) -> str:
    """What was looked at, in words; passages are counted from 1."""
    if side.get("segments") is not None:
        numbers = [n + 1 for n in json.loads(side["segments"])]
        return f"looked at passages {', '.join(map(str, numbers))}" if numbers else "at no passage"
    if side.get("first_segment") is not None and side.get("last_segment") is not None:
        return f"looked at passages {side['first_segment'] + 1} to {side['last_segment'] + 1}"
    return "looked at all of it"


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
