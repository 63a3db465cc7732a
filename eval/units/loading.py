"""From stored rows to coded transcripts: who coded what, having seen what, and what is left out.

Only people whose exposure is `independent` or `blind` are reference. People of `unknown` exposure
are measured with a note and count towards no verdict; `adjudicated` codings are left out unless
asked for; codings made after seeing the model are never used. Codes that the codebook lacks are
listed with the share of coded passages that they hold. Where a code was defined otherwise, or was
not there yet, when somebody coded, she says neither yes nor no about it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Literal

from assistant.codebook.lineage import Silences, Silent
from assistant.codebook.records import Codebook
from assistant.store.database import Store
from assistant.store.model.outcomes import segment_outcomes
from assistant.store.model.suggestions import suggestions
from assistant.store.people.coded_parts import outside_part
from assistant.store.people.coded_so_far import coded_so_far
from assistant.store.people.codings import codings, scopes
from assistant.store.records import Coding, RunRow, Scope
from assistant.store.texts.transcripts import transcript, transcript_infos
from assistant.store.versions import recipe
from assistant.transcripts.records import REFERENCE, Segment, Transcript, segment_body
from eval.units.columns import in_columns
from eval.units.notes import measured_in, outside_note, silent_notes, study_notes
from eval.units.records import CodedTranscript, CoderScope, CodingSpan, UnitSegment

__all__ = ["LeftOutCode", "LoadedStudy", "Person", "Role", "is_interviewer", "load"]

Role = Literal["reference", "unknown", "adjudicated", "after-model"]
_ROLES: dict[str, Role] = {
    **{str(exposure): "reference" for exposure in REFERENCE},
    "unknown": "unknown",
    "adjudicated": "adjudicated",
    "after-model": "after-model",
}


@dataclass(frozen=True)
class Person:
    """What one person did with one transcript."""

    transcript: str
    name: str
    role: Role
    codings: int
    measured: int
    """Codings with a code that is measured."""


@dataclass(frozen=True)
class LeftOutCode:
    """A code of people that is not measured, and why."""

    code: str
    why: Literal["not in the codebook", "ignored", "structural or attribute", "older definition"]
    codings: int
    coders: tuple[str, ...]


@dataclass(frozen=True)
class LoadedStudy:
    transcripts: tuple[CodedTranscript, ...]
    """Only those that somebody coded, in the study's order."""
    sha256: dict[str, str]
    """Transcript's name -> hash."""
    languages: dict[str, str]
    people: tuple[Person, ...]
    """All of them, also those who are left out by their role."""
    coders: tuple[str, ...]
    """The people who are measured; of any two who coded the same text the same one comes first,
    where an order can do it (`eval.units.columns`)."""
    model: str
    """Name of the model coder; empty without a run."""
    codes: tuple[str, ...]
    """Ids that are measured, in codebook order."""
    left_out_codes: tuple[LeftOutCode, ...]
    missing_share: float
    """Share of people's coded passages that hold a code which the codebook lacks, 0 to 1."""
    missing_codings: dict[str, tuple[CodingSpan, ...]]
    """Transcript -> codings with a code that the codebook lacks, spelled as written."""
    notes: tuple[str, ...]

    def role(self, transcript_name: str, coder: str) -> Role | None:
        for person in self.people:
            if person.transcript == transcript_name and person.name == coder:
                return person.role
        return None


def is_interviewer(speaker: str, patterns: Sequence[str]) -> bool:
    """Whether a speaker's name is one of those that ask (globs, case ignored)."""
    name = speaker.casefold()
    return any(fnmatchcase(name, pattern.casefold()) for pattern in patterns)


def load(
    store: Store,
    codebook: Codebook,
    interviewers: Sequence[str],
    *,
    run: RunRow | None = None,
    with_adjudicated: bool = False,
    reference_only: bool = False,
    any_definition: bool = False,
    present: str = "",
) -> LoadedStudy:
    """Everything that can be measured under one codebook.

    ``any_definition`` takes in codings that were made under another definition of their code: they
    say how far a run drifted from the old coding, and are no evaluation.

    With ``run``, its suggestions are one more coder, whose scope are the segments that it coded;
    failed segments are missing data, never "no". ``reference_only`` leaves out people of unknown
    exposure: what a verdict rests on. ``present`` is the hash of the codebook's version in force,
    by which people would look at their codes again.
    """
    allowed = {"reference"} if reference_only else {"reference", "unknown"}
    if with_adjudicated:
        allowed.add("adjudicated")
    codes = tuple(code.id for code in codebook.sent)
    people: list[Person] = []
    made: list[CodedTranscript] = []
    sha256: dict[str, str] = {}
    languages: dict[str, str] = {}
    missing: dict[str, list[CodingSpan]] = {}
    asked: dict[tuple[str, Silent], set[str]] = {}
    tally = _CodeTally(codebook)
    outside: dict[tuple[str, str], int] = {}
    silences = None if any_definition else Silences.among(coded_so_far(store), codebook)
    withdrawn = [info.name for info in transcript_infos(store) if info.withdrawn]
    for info in transcript_infos(store):
        if info.withdrawn:
            continue
        text = transcript(store, info.id)
        mine = codings(store, info.id)
        spans: list[CodingSpan] = []
        looked: list[CoderScope] = []
        for scope in scopes(store, info.id):
            if scope.coder.kind != "human":
                continue
            role = _ROLES[scope.exposure]
            own = [c for c in mine if c.coder == scope.coder and c.exposure != "after-model"]
            silent = silences.of(scope.coder.id, info.id) if silences else {}
            meant = _meant(own, codebook, silences)
            measured = tally.take(own, counted=role in allowed, silent=silent, meant=meant)
            people.append(Person(info.name, scope.coder.name, role, len(own), len(measured)))
            if role in allowed:
                spans += measured
                missing.setdefault(info.name, []).extend(
                    CodingSpan(c.coder.name, c.code, c.start, c.end)
                    for c in own
                    if meant[c.code] is None and codebook.ignored(c.code) is None
                )
                looked.append(_scope(scope, text, codes, silent))
                if beyond := outside_part(scope, text, own):
                    outside[scope.coder.name, info.name] = len(beyond)
                for code, why in silent.items():
                    asked.setdefault((code, why), set()).add(scope.coder.name)
        if run is not None and info.id in run.transcripts and _decided(run, info.id):
            spans += _suggested(store, run, text)
            looked.append(_coded_by(store, run, text))
        if not looked:
            continue
        sha256[info.name] = info.sha256
        languages[info.name] = info.language
        made.append(
            CodedTranscript(
                info.name,
                text.text,
                tuple(_segment(s, interviewers) for s in text.segments),
                tuple(spans),
                tuple(looked),
            )
        )
    counted = [p for p in people if p.role in allowed]
    coders = in_columns(
        sorted({p.name for p in counted}),
        [[p.name for p in counted if p.transcript == t.name] for t in made],
    )
    model = run.coder.name if run is not None else ""
    return LoadedStudy(
        tuple(made),
        sha256,
        languages,
        tuple(people),
        coders,
        model,
        codes,
        tally.left_out(),
        tally.missing_share(),
        {name: tuple(found) for name, found in missing.items() if found},
        (
            *study_notes(
                [(p.name, p.role) for p in people],
                allowed,
                measured_in({t.name: [s.coder for s in t.scopes] for t in made}, languages, model),
                withdrawn,
            ),
            *outside_note(outside),
            *silent_notes(asked, tally.count("older definition"), codebook, silences, present),
        ),
    )


def _meant(
    own: Sequence[Coding], codebook: Codebook, silences: Silences | None
) -> dict[str, str | None]:
    """A coder's codes as they were written -> what they are called in this codebook."""
    if silences is None:
        return {c.code: codebook.resolve(c.code) for c in own}
    return {c.code: silences.resolve(c.coder.id, c.transcript_id, c.code) for c in own}


def _segment(segment: Segment, interviewers: Sequence[str]) -> UnitSegment:
    return UnitSegment(
        segment.start,
        segment.end,
        segment.speaker,
        segment.turn,
        is_interviewer(segment.speaker, interviewers),
    )


def _scope(
    scope: Scope, text: Transcript, codes: Sequence[str], silent: Mapping[str, Silent]
) -> CoderScope:
    passages: tuple[tuple[int, int], ...] | None = None
    if scope.first_segment is not None and scope.last_segment is not None:
        first, last = text.segments[scope.first_segment], text.segments[scope.last_segment]
        passages = ((first.start, last.end),)
    if scope.segments is not None:
        # A sample, such as an audit's: of what lies between its segments nothing is known.
        passages = tuple((text.segments[n].start, text.segments[n].end) for n in scope.segments)
    wanted = None if scope.codes is None else frozenset(scope.codes) & frozenset(codes)
    return CoderScope(scope.coder.name, wanted, passages, frozenset(silent))


def _decided(run: RunRow, transcript_id: int) -> bool:
    """Whether the run says yes and no there. Uncalibrated, `judge` only ranks: that is no "no"."""
    return run.strategy != "judge" or transcript_id in run.fits


def _suggested(store: Store, run: RunRow, text: Transcript) -> list[CodingSpan]:
    """A suggestion counts for the whole segment that it was made for.

    A model is asked about numbered segments and answers with a number; its quote shows where the
    evidence is and may be a few words, which the rule for people's spans would count as "no".
    """
    return [
        CodingSpan(run.coder.name, s.code, *segment_body(text.text, text.segments[s.segment]))
        for s in suggestions(store, run.id, text.id)
    ]


def _coded_by(store: Store, run: RunRow, text: Transcript) -> CoderScope:
    codes = frozenset(recipe(store, run.recipe_sha256)["codes"])
    coded = {
        o.segment
        for o in segment_outcomes(store, run.id, text.id)
        if o.status in ("coded", "coded-empty", "not-coded")
    }
    passages = tuple((s.start, s.end) for s in text.segments if s.index in coded)
    return CoderScope(run.coder.name, codes, passages)


class _CodeTally:
    """Sorts people's codes into measured and left out, and counts."""

    def __init__(self, codebook: Codebook) -> None:
        self._codebook = codebook
        self._counts: Counter[tuple[str, str]] = Counter()
        self._coders: dict[tuple[str, str], set[str]] = defaultdict(set)
        self._passages: set[tuple[int, int, int, int]] = set()
        self._missing: set[tuple[int, int, int, int]] = set()

    def take(
        self,
        own: Sequence[Coding],
        *,
        counted: bool,
        silent: Mapping[str, Silent],
        meant: Mapping[str, str | None],
    ) -> list[CodingSpan]:
        found: list[CodingSpan] = []
        for coding in own:
            code = meant[coding.code]
            passage = (coding.transcript_id, coding.coder.id, coding.start, coding.end)
            ignored = self._codebook.ignored(coding.code) is not None
            older = code is not None and code in silent
            if code is not None and self._codebook.by_id[code].measured and not older:
                found.append(CodingSpan(coding.coder.name, code, coding.start, coding.end))
            if not counted:
                continue
            if not ignored:
                self._passages.add(passage)
            if code is None:
                why = "ignored" if ignored else "not in the codebook"
                self._counts[coding.code, why] += 1
                self._coders[coding.code, why].add(coding.coder.name)
                if not ignored:
                    self._missing.add(passage)
            elif not self._codebook.by_id[code].measured or older:
                why = "older definition" if older else "structural or attribute"
                # By the code that is meant: one spelled in two ways is one code.
                self._counts[code, why] += 1
                self._coders[code, why].add(coding.coder.name)
        return found

    def left_out(self) -> tuple[LeftOutCode, ...]:
        return tuple(
            LeftOutCode(code, why, n, tuple(sorted(self._coders[code, why])))  # type: ignore[arg-type]
            for (code, why), n in sorted(self._counts.items(), key=lambda item: (-item[1], item[0]))
        )

    def count(self, why: str) -> int:
        return sum(n for (_, one), n in self._counts.items() if one == why)

    def missing_share(self) -> float:
        return len(self._missing) / len(self._passages) if self._passages else 0.0
