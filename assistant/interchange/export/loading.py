"""From the study to what is exported: one transcript at a time, so that memory stays bounded.

Never exported: transcripts that were withdrawn, and what somebody who is still coding blind has
made so far, but into a file of hers alone. What the user's choice leaves out is counted, with the
reason, and so are suggestions that nobody has accepted yet.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from assistant.codebook.loading import load_codebook
from assistant.codebook.records import Codebook
from assistant.errors import UserError
from assistant.interchange.export.codes import code_tree
from assistant.interchange.export.records import (
    Choice,
    ExportCode,
    ExportCoding,
    ExportMemo,
    LeftOut,
)
from assistant.interchange.export.saying import read_note
from assistant.interchange.transcripts import named
from assistant.meant import did_you_mean
from assistant.recipe import code_recipe_hash
from assistant.store.database import Store
from assistant.store.decided.reviewing import unfinished_blind
from assistant.store.finding import find_run
from assistant.store.measured.evidence import latest_verdicts
from assistant.store.model.runs import runs
from assistant.store.people.coders import coders
from assistant.store.people.coding_notes import coding_notes
from assistant.store.people.codings import codings, scopes
from assistant.store.people.memos import Memo, memos
from assistant.store.records import Coder, Coding, Scope, TranscriptInfo
from assistant.store.texts.transcripts import transcript, transcript_infos
from assistant.store.trail.exports import DecidedSuggestion, decided_suggestions
from assistant.store.versions import recipe
from assistant.study import Study
from assistant.transcripts.records import Transcript

__all__ = ["Export", "codes_of", "load_export"]

_WHY = {
    "open": "not decided on yet; --open takes such along",
    "reject": "rejected by a person; --rejected takes such along",
    "amend": "replaced by another coding of a person",
    "accept": "only other suggestions were asked for",
}
_BLIND = "still coding blind; an export of hers alone takes her codes along: --coder NAME"


@dataclass
class Export:
    """What is exported. The rows of a transcript are read when they are asked for."""

    store: Store
    name: str
    """Of the study."""
    book: Codebook | None
    choice: Choice
    infos: tuple[TranscriptInfo, ...]
    _lanes: dict[tuple[str, str], str] = field(default_factory=dict)
    _known: dict[int, Coder] = field(default_factory=dict)
    """All coders of the study, with their recipes."""
    _sealed: frozenset[tuple[str, int]] = frozenset()
    """(person, transcript) of whoever codes blind, has not finished, and is not asked for alone."""
    coders: tuple[Coder, ...] = ()
    """Who has a coding or a scope in what is exported, people first."""
    used: Counter[str] = field(default_factory=Counter)
    """Code id -> codings."""
    model_transcripts: frozenset[int] = frozenset()
    """Transcripts with a model's coding among what is exported."""
    coded: frozenset[int] = frozenset()
    """Transcripts with a coding of anybody among what is exported."""
    left_out: tuple[LeftOut, ...] = ()
    counts: dict[str, int] = field(default_factory=dict)

    def transcript(self, key: int) -> Transcript:
        return transcript(self.store, key)

    def codings(self, key: int) -> tuple[ExportCoding, ...]:
        """Of one transcript, in the order of the text."""
        found = [row for row, why in self._all(key) if not why]
        return tuple(sorted(found, key=lambda c: (c.start, c.end, c.code, c.coder.name, c.guid)))

    def scopes(self, key: int) -> tuple[Scope, ...]:
        """Of the people chosen."""
        return tuple(
            s
            for s in scopes(self.store, key)
            if s.coder.kind == "human"
            and self._wanted(s.coder)
            and (s.coder.name, key) not in self._sealed
        )

    def memos(self) -> tuple[ExportMemo, ...]:
        """Of the study, its codes and the transcripts that are exported."""
        return tuple(
            ExportMemo(
                m.guid,
                m.about,
                m.transcript_id,
                m.start,
                m.end,
                self.resolved(m.code) if m.code else "",
                m.text,
                m.who,
                m.at,
            )
            for m in self._memos()
            if not self.why_no_memo(m)
        )

    def why_no_memo(self, m: Memo) -> str:
        """Why a memo is left out; empty where it is not."""
        names = {name.casefold() for name in self.choice.coders}
        if (m.who, m.transcript_id) in self._sealed:
            return _BLIND
        return "another coder was asked for" if names and m.who.casefold() not in names else ""

    def coding_blind(self) -> frozenset[str]:
        """Who codes one of these transcripts blind, and was asked for or nobody was."""
        names = {name.casefold() for name in self.choice.coders}
        keys = {info.id for info in self.infos}
        return frozenset(
            who
            for who, key in self._sealed
            if key in keys and (not names or who.casefold() in names)
        )

    def _memos(self) -> Iterator[Memo]:
        keys = {info.id for info in self.infos}
        for m in memos(self.store):
            if m.text and (m.transcript_id is None or m.transcript_id in keys):
                yield m

    def resolved(self, code: str) -> str:
        """The code's id; what was written where the codebook does not know it."""
        return (self.book.resolve(code) if self.book else None) or code

    def label(self, code: str) -> str:
        """The code's name for people."""
        known = self.book.by_id.get(code) if self.book else None
        return known.label if known else code

    def _wanted(self, coder: Coder) -> bool:
        chosen = self.choice
        if coder.kind not in chosen.kinds:
            return False
        names = {name.casefold() for name in chosen.coders}
        return not names or coder.name.casefold() in names

    def _all(self, key: int) -> Iterator[tuple[ExportCoding, str]]:
        """Each coding of a transcript with why it is left out, or ``""``."""
        name = next(info.name for info in self.infos if info.id == key)
        notes = coding_notes(self.store, key)
        for coding in codings(self.store, key, None):
            why = "" if self._wanted(coding.coder) else "another coder was asked for"
            if coding.origin == "blind" and (coding.coder.name, key) in self._sealed:
                why = _BLIND
            place = (coding.coder.id, coding.code, coding.start, coding.end)
            yield self._imported(name, coding, notes.get(place, "")), why
        for one in decided_suggestions(self.store, key):
            row = self._model(name, key, one)
            yield row, self._why_not(row)

    def _why_not(self, row: ExportCoding) -> str:
        chosen = self.choice
        if not self._wanted(row.coder):
            return "another coder was asked for"
        if chosen.runs and row.run not in chosen.runs:
            return "another run was asked for"
        if row.decision not in chosen.decisions:
            return _WHY[row.decision]
        if chosen.lanes and row.lane not in chosen.lanes:
            return "the code is in another lane"
        return ""

    def _imported(self, name: str, c: Coding, note: str) -> ExportCoding:
        """A person's coding, or one of a model that came in a file of another study."""
        model = c.coder.kind == "model"
        made = ExportCoding(
            c.guid,
            name,
            c.transcript_id,
            self._known[c.coder.id],
            self.resolved(c.code),
            c.code,
            c.start,
            c.end,
            c.quote,
            "" if model else c.exposure,
            c.origin,
            c.document,
            c.at,
        )
        noted = read_note(note) if model else None
        return made if noted is None else replace(made, note=note, **vars(noted))

    def _model(self, name: str, key: int, s: DecidedSuggestion) -> ExportCoding:
        return ExportCoding(
            s.guid,
            name,
            key,
            s.coder,
            self.resolved(s.code),
            s.code,
            s.start,
            s.end,
            s.quote,
            "",
            "suggestion",
            "",
            s.made_at,
            run=s.run_id,
            lane=self._lanes.get((s.recipe_sha256, s.code), "unproven"),
            decision=s.decision,
            decided_by=s.reviewer,
            decided_at=s.decided_at,
            reason=s.reason,
            because=s.because,
            rationale=s.rationale,
            confidence=s.confidence,
            probability=s.probability,
        )


def load_export(study: Study, store: Store, choice: Choice, policy_sha256: str) -> Export:
    """Prepare an export: who and what is in it, and what is left out.

    Raises `UserError` for a coder, run or transcript that is not there, and for mistakes in the
    codebook's file.
    """
    _refuse_unknown(store, choice)
    book = load_codebook(study.codebook_file) if study.codebook_file.is_file() else None
    keys = set(named(store, choice.transcripts))
    infos = transcript_infos(store)
    export = Export(
        store,
        study.config.name,
        book,
        choice,
        tuple(info for info in infos if info.id in keys and not info.withdrawn),
        _lanes(store, policy_sha256),
        {coder.id: coder for coder in coders(store)},
        _sealed_from(store, choice),
    )
    _count(export, infos, keys)
    return export


def _sealed_from(store: Store, choice: Choice) -> frozenset[tuple[str, int]]:
    names = {name.casefold() for name in choice.coders}
    return frozenset(
        (who, key) for who, key in unfinished_blind(store) if names != {who.casefold()}
    )


def _refuse_unknown(store: Store, choice: Choice) -> None:
    there = coders(store)
    known = {c.name.casefold() for c in there}
    for name in choice.coders:
        if name.casefold() not in known:
            names = [c.name for c in there]
            raise UserError(
                f"There is no coder named “{name}”.",
                hint=f"{did_you_mean(name, names)}The study has: "
                f"{', '.join(names) or 'nobody yet'}. Names with spaces need quotation marks.",
            )
    for number in choice.runs:
        find_run(store, number)


def _lanes(store: Store, policy_sha256: str) -> dict[tuple[str, str], str]:
    """(recipe, code) -> lane of the last verdict under this policy."""
    verdicts = {
        (v.code_recipe_sha256, v.code): v.lane for v in latest_verdicts(store, policy_sha256)
    }
    found: dict[tuple[str, str], str] = {}
    for sha256 in {row.recipe_sha256 for row in runs(store)} if verdicts else ():
        content = recipe(store, sha256)
        for code in {code for _, code in verdicts}:
            lane = verdicts.get((code_recipe_hash(content, code), code))
            if lane is not None:
                found[sha256, code] = lane
    return found


def _count(export: Export, infos: tuple[TranscriptInfo, ...], keys: set[int]) -> None:
    there: dict[int, Coder] = {}
    left: Counter[tuple[str, str]] = Counter()
    with_models: set[int] = set()
    coded: set[int] = set()
    by_people = by_models = 0
    for info in export.infos:
        for row, why in export._all(info.id):
            kind = "suggestions" if row.by_model else "codings"
            if why:
                left[kind, why] += why != _BLIND
                continue
            there[row.coder.id] = row.coder
            coded.add(info.id)
            export.used[row.code] += 1
            if row.by_model:
                by_models += 1
                with_models.add(info.id)
            else:
                by_people += 1
        for scope in export.scopes(info.id):
            there.setdefault(scope.coder.id, scope.coder)
    gone = [info for info in infos if info.withdrawn]
    missing = [info for info in infos if info.id not in keys and not info.withdrawn]
    out = [LeftOut(count, what, why) for (what, why), count in sorted((+left).items())]
    if blind := export.coding_blind():  # who, and not how much she has found so far
        out.append(LeftOut(len(blind), "coders", _BLIND))
    no_memo = Counter(why for m in export._memos() if (why := export.why_no_memo(m)))
    del no_memo[_BLIND]
    out += [LeftOut(count, "memos", why) for why, count in sorted(no_memo.items())]
    if gone:
        out.append(
            LeftOut(
                len(gone),
                "transcripts",
                "withdrawn by the participant: " + ", ".join(info.name for info in gone),
            )
        )
    if missing:
        out.append(LeftOut(len(missing), "transcripts", "other transcripts were asked for"))
    export.left_out = tuple(out)
    export.coded = frozenset(coded)
    export.model_transcripts = frozenset(with_models)
    export.coders = tuple(sorted(there.values(), key=lambda c: (c.kind, c.name)))
    export.counts = {
        "transcripts": len(export.infos),
        "coders": len(export.coders),
        "codes": len(export.used),
        "codings by people": by_people,
        "suggestions": by_models,
        "memos": len(export.memos()),
    }


def codes_of(export: Export) -> tuple[ExportCode, ...]:
    """The codebook as a tree, with the codes that it does not know but that are used."""
    return code_tree(export.book, export.used)
