"""What two studies say differently, in words for people: on the page of disagreements and at the
command line. No hash is a word: what is known by one is named by what people know it by.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from assistant.codebook.loading import load_codebook
from assistant.codebook.records import Codebook
from assistant.decisions.adjudicating import OUTCOMES
from assistant.errors import SecondCoderError
from assistant.hashing import hash_json
from assistant.store.database import Store
from assistant.store.decided.adjudications import Adjudication, adjudications
from assistant.store.decided.decisions import decisions
from assistant.store.decided.reviewing import last_standing
from assistant.store.model.runs import runs
from assistant.store.model.suggestions import suggestion
from assistant.store.people.codings import scope_columns
from assistant.store.sharing.conflicts import Conflict, suggestion_in
from assistant.store.texts.pseudonyms import pseudonyms
from assistant.store.texts.transcripts import transcript, transcript_infos
from assistant.store.versions import codebook_versions
from assistant.study import Study

__all__ = ["CONFLICT_KINDS", "ShownConflict", "ShownSide", "Words", "key_by_hash", "scope_here"]

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
    "interview": "By their words, or by what somebody said, they are one. Here they stay two, "
    "since runs, decisions or memos rest on the text that would go away. Settling records what you "
    "agreed on.",
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


class Words:
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
            _UNTIL.get(c.kind, "") + self._to_make_one(c),
            c.settled,
            c.found_at,
            found.run_id if found else None,
            tuple(sorted({str(s["who"]) for s in c.sides if s.get("who")})),
        )

    def _to_make_one(self, c: Conflict) -> str:
        """The command that makes two texts one transcript, by a file of the one that would go."""
        infos = [self.by_hash.get(str(side.get("words", ""))) for side in c.sides]
        two = sorted(
            (i for i in infos if i and not i.withdrawn), key=lambda i: (len(i.name), i.name)
        )
        if c.kind not in ("transcript", "interview") or len(two) < 2 or not two[1].documents:
            return ""
        command = f'secondcoder import "{two[1].documents[0]}" --same-as "{two[0].name}"'
        if c.kind == "transcript":
            return f" If they are one interview, this makes them one: {command}"
        return (
            " Memos can be taken away on the pages; then, where no run or decision rests on "
            f"“{two[1].name}”, this makes them one in both studies: {command}"
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
            return f"pass {c.about.get('repeat')} of {self._model(str(c.about.get('recipe')))}"
        if c.kind == "pseudonym":
            return self._name(str(c.about.get("number")))
        return str(c.about.get("name") or transcript_name)

    def _model(self, recipe: str) -> str:
        rows = runs(self.store)
        return next((r.coder.name for r in rows if r.recipe_sha256 == recipe), "a model")

    def _name(self, number: str) -> str:
        """The name that is replaced: it is known by its hash, which travels and says nothing."""
        for one in pseudonyms(self.store):
            if hash_json(one.term).removeprefix("sha256:").startswith(number):
                return f"the name “{one.term}”"
        return "a name that is not on this study's list"

    def _version(self, sha256: str) -> str:
        """The codebook by its own name and version, and when it was recorded here."""
        found = next((v for v in codebook_versions(self.store) if v.sha256 == sha256), None)
        if found is None:
            return "a codebook that this study does not have" if sha256 else "an unknown codebook"
        when = found.recorded_at[:16].replace("T", " ")
        return f"the codebook of {when} (“{found.name}”, version {found.version})"

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
        name = f"The text “{info.name}”" if info else "A text that is not here any more"
        return ShownSide(name, tuple(more), False)

    def _scope(self, c: Conflict, side: Mapping[str, Any]) -> ShownSide:
        """What she had seen, then whatever else the sides say differently."""
        here = scope_here(self.store, c)
        parts = {
            "passages": _passages(side),
            "codes": "for some codes" if side.get("codes") else "for all codes",
            "finished": "finished" if side.get("finished_at") else "not finished",
            "version": f"with {self._version(str(side.get('codebook_sha256') or ''))}",
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


def key_by_hash(store: Store, sha256: str) -> int | None:
    return next((i.id for i in transcript_infos(store) if i.sha256 == sha256), None)


def scope_here(store: Store, found: Conflict) -> dict[str, Any]:
    key = key_by_hash(store, str(found.about.get("transcript")))
    return {} if key is None else scope_columns(store, str(found.about.get("coder")), key)


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
