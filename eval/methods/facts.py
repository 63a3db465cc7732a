"""Gather what a methods section reports. Nothing is guessed: what is not stored is a marked gap."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Any

from assistant import __version__
from assistant.errors import UserError
from assistant.recipe import embedding_of, shortlist_by
from assistant.store.database import Store, now
from assistant.store.decided.decisions import bulk_decisions, decisions_in_force
from assistant.store.decided.reviewing import shown_codings
from assistant.store.finding import find_run
from assistant.store.measured.evidence import audits, evaluations
from assistant.store.measured.looks import looks, looks_by_kind
from assistant.store.model.runs import runs
from assistant.store.model.suggestions import suggestions
from assistant.store.people.codings import scopes
from assistant.store.records import RunRow
from assistant.store.texts.transcripts import transcript, transcript_infos
from assistant.store.versions import codebook_versions
from assistant.study import Study
from assistant.transcripts.records import NEVER_REFERENCE
from eval.evaluation.results import Evaluation
from eval.evaluation.serialising import evaluation_from_json
from eval.evaluation.studying import remarks

__all__ = ["AuditFact", "CoderFact", "DecisionFacts", "Facts", "RunFact", "gather"]


@dataclass(frozen=True)
class CoderFact:
    name: str
    transcripts: int
    codings: int
    exposures: dict[str, int]


@dataclass(frozen=True)
class RunFact:
    id: int
    model_asked: str
    models_answered: tuple[str, ...]
    endpoint: str
    local: bool
    strategy: str
    prompt: str
    prompt_sha256: str
    codebook_sha256: str
    recipe_sha256: str
    parameters: dict[str, Any]
    calibrated: int
    """Transcripts whose suggestions were calibrated on others."""
    transcripts: int
    started_at: str
    ended_at: str
    status: str
    repeats: int
    versions: dict[str, str]
    pseudonyms: bool
    embedding: str = ""
    """Model of an endpoint that made vectors of passages and codes; empty: none did."""
    embedding_endpoint: str = ""
    withdrawn: int = 0
    """Of its transcripts, so many were withdrawn since."""
    unfinished: int = 0
    """Of ``repeats``, so many that did not come to their end."""
    shortlist_by: str = ""
    """What made its shortlist, in words; empty: it has none, or an earlier version made it."""


@dataclass(frozen=True)
class DecisionFacts:
    """What became of the run's suggestions."""

    suggestions: int
    open: int
    accepted_singly: int
    accepted_unread: int
    """Accepted many at a time."""
    rejected: int
    amended: int
    reviewers: tuple[str, ...]
    overrides: tuple[tuple[str, int, str, str, bool], ...]
    """Code, suggestions, because, who, undone."""


@dataclass(frozen=True)
class AuditFact:
    id: int
    drawn_at: str
    transcripts: int
    passed: bool | None
    sentence: str


@dataclass(frozen=True)
class Facts:
    study: str
    made_at: str
    program: str
    transcripts: int
    passages: int
    words: int
    languages: dict[str, int]
    withdrawn: tuple[str, ...]
    coders: tuple[CoderFact, ...]
    doubly_coded: int
    """By two or more people, adjudicated versions not counted."""
    independently_coded: int
    """By two or more people who are known not to have seen each other's codes."""
    codebook_versions: int
    configurations: int
    """Different recipes that were run in this study."""
    prompts_tried: tuple[str, ...]
    looks: tuple[tuple[str, int], ...]
    """Person -> looks at the evidence."""
    looks_by_kind: dict[str, int]
    """The same by what was looked at."""
    evaluation: int | None
    remarks: tuple[str, ...]
    """How that evaluation stands today: made elsewhere, or on rows that have changed since."""
    measured: Evaluation | None
    run: RunFact | None
    decisions: DecisionFacts | None
    audits: tuple[AuditFact, ...]


def gather(study: Study, store: Store, run_id: int | None = None) -> Facts:
    """Facts about the study and one run: the one asked for, else the last that was measured.

    Raises `UserError` for a run that is not there.
    """
    infos = [i for i in transcript_infos(store) if not i.withdrawn]
    texts = [transcript(store, i.id) for i in infos]
    number, measured = _measured(store, run_id)
    if run_id is None and measured is not None and measured.run is not None:
        run_id = measured.run.id
    row = find_run(store, run_id) if run_id is not None else None
    everything = runs(store)
    seen: Counter[str] = Counter()
    for who, _, _, n in looks(store):
        seen[who] += n
    people, independent = defaultdict(set), defaultdict(set)
    there = {i.id for i in infos}
    for scope in scopes(store):
        if scope.coder.kind != "human" or scope.transcript_id not in there:
            continue
        if scope.exposure not in NEVER_REFERENCE:
            people[scope.transcript_id].add(scope.coder.name)
        if scope.is_reference:
            independent[scope.transcript_id].add(scope.coder.name)
    return Facts(
        study=study.config.name,
        made_at=now(),
        program=f"Second Coder {__version__}",
        transcripts=len(infos),
        passages=sum(i.segments for i in infos),
        words=sum(len(t.text.split()) for t in texts),
        languages=dict(Counter(i.language or "not stated" for i in infos)),
        withdrawn=tuple(i.name for i in transcript_infos(store) if i.withdrawn),
        coders=_coders(store, there),
        doubly_coded=sum(len(names) > 1 for names in people.values()),
        independently_coded=sum(len(names) > 1 for names in independent.values()),
        codebook_versions=len(codebook_versions(store)),
        configurations=len({r.recipe_sha256 for r in everything}),
        prompts_tried=tuple(
            sorted(
                {
                    r.header["recipe"]["prompt_id"]
                    for r in everything
                    if r.header["model_asked"] != "none"
                }
            )
        ),
        looks=tuple(seen.most_common()),
        looks_by_kind={str(kind): n for kind, n in looks_by_kind(store).items()},
        evaluation=number,
        remarks=remarks(store, number) if number is not None else (),
        measured=measured,
        run=_run_fact(store, row, everything) if row else None,
        decisions=_decisions(store, row) if row else None,
        audits=_audits(store, run_id),
    )


def _measured(store: Store, run_id: int | None) -> tuple[int | None, Evaluation | None]:
    """The last evaluation of the run, else of any run, else of people; one that can be read.

    Of a run that is named one from another study will do, where this one has none of it.
    """
    every = evaluations(store, own=True)
    if run_id is not None and all(e.run_id != run_id for e in every):
        every = evaluations(store)
    rows = [e for e in every if run_id is None or e.run_id in (run_id, None)]
    for row in sorted(rows, key=lambda e: (e.run_id is None, -e.id)):
        try:
            return row.id, evaluation_from_json(row.content)
        except UserError:
            continue
    return None, None


def _coders(store: Store, there: set[int]) -> tuple[CoderFact, ...]:
    looked = [s for s in scopes(store) if s.transcript_id in there and s.coder.kind == "human"]
    counted = Counter(c.coder.name for c in shown_codings(store) if c.transcript_id in there)
    return tuple(
        CoderFact(
            name,
            sum(s.coder.name == name for s in looked),
            counted[name],
            dict(Counter(s.exposure for s in looked if s.coder.name == name)),
        )
        for name in sorted({s.coder.name for s in looked})
    )


_PARAMETERS = ("temperature", "max_output_tokens", "seed", "chunk_tokens", "context_segments")


def _run_fact(store: Store, row: RunRow, everything: tuple[RunRow, ...]) -> RunFact:
    header = row.header
    recipe = header["recipe"]
    gone = [i.id for i in transcript_infos(store) if i.withdrawn]
    alike = [r for r in everything if r.recipe_sha256 == row.recipe_sha256]
    return RunFact(
        row.id,
        header["model_asked"],
        tuple(header["models_answered"]),
        recipe["endpoint"],
        bool(header.get("resolved", {}).get("local", recipe["endpoint"] == "embedded")),
        row.strategy,
        recipe["prompt_id"],
        row.prompt_sha256,
        row.codebook_sha256,
        row.recipe_sha256,
        # What is stored of no model was asked of none.
        {key: recipe[key] for key in _PARAMETERS if recipe.get(key) is not None}
        if header["model_asked"] != "none"
        else {},
        len(row.fits),
        len(row.transcripts),
        row.started_at,
        row.ended_at,
        row.status,
        len(alike),
        dict(header.get("versions", {})),
        bool(header.get("pseudonyms")),
        *embedding_of(header),
        withdrawn=sum(key in row.transcripts for key in gone),
        unfinished=sum(r.status != "complete" for r in alike),
        shortlist_by=shortlist_by(recipe.get("embedder") or ""),
    )


def _decisions(store: Store, row: RunRow) -> DecisionFacts:
    mine = suggestions(store, row.id)
    last = decisions_in_force(store)
    kinds = Counter(s.decision for s in mine)
    accepted = [last[s.id] for s in mine if s.decision == "accept" and s.id in last]
    unread = sum(d.bulk_id is not None for d in accepted)
    return DecisionFacts(
        len(mine),
        kinds["open"],
        kinds["accept"] - unread,
        unread,
        kinds["reject"],
        kinds["amend"],
        tuple(sorted({last[s.id].reviewer for s in mine if s.id in last})),
        tuple(
            (
                str(b["code"]),
                int(str(b["suggestions"])),
                str(b["because"]),
                str(b["reviewer"]),
                b["undone_at"] is not None,
            )
            for b in bulk_decisions(store)
            if b["because"] and b["run_id"] == row.id
        ),
    )


def _audits(store: Store, run_id: int | None) -> tuple[AuditFact, ...]:
    return tuple(
        AuditFact(
            a.id,
            a.drawn_at,
            len(a.transcripts),
            a.passed,
            str((a.result or {}).get("sentence", "")),
        )
        for a in audits(store, run_id)
    )
