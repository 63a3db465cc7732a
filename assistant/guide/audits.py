"""Audits as a list: what was drawn, who is coding it, what came out, and what one can do now."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.decisions.blind import AuditTask, audit_tasks
from assistant.store.database import Store
from assistant.store.measured.audits import AuditRow, audits, saw_the_model
from assistant.store.model.runs import runs
from assistant.store.people.codings import scopes
from eval.audit.samples import newer_sample

__all__ = ["AuditListed", "RunToAudit", "listed_audits", "open_audits", "runs_to_audit"]


@dataclass(frozen=True)
class AuditListed:
    """One sample that was drawn, as somebody finds it."""

    id: int
    run_id: int
    drawn_at: str
    transcripts: tuple[str, ...]
    """With passages in the sample."""
    passages: int
    coded: int
    """Of these, by whoever got furthest in each transcript."""
    finished: bool
    """Somebody has said of every transcript that she is done."""
    coders: tuple[tuple[str, int, bool], ...]
    """(name, passages coded, whether she is done with all that she began)."""
    newer: int
    """Number of a newer sample of the same interviews, which is the one that counts; 0: none."""
    passed: bool | None
    """None: not judged yet."""
    found: str
    """What came out, as a sentence."""
    to_code: tuple[int, str] | None
    """The transcript (id, name) whose sample the person who looks could code or go on with."""
    why_not: str
    """Where she cannot, why not."""

    @property
    def state(self) -> str:
        if self.passed is not None:
            return "passed" if self.passed else "not passed"
        if self.newer:
            return f"replaced by audit {self.newer}"
        if self.finished:
            return "coded, to be judged"
        return "being coded" if self.coded else "drawn, nobody has begun"

    @property
    def open(self) -> bool:
        """Still to be coded."""
        return self.passed is None and not self.newer and not self.finished


@dataclass(frozen=True)
class RunToAudit:
    """A run with interviews that nobody has coded and no sample was drawn of."""

    id: int
    coder: str
    transcripts: tuple[int, ...]


def listed_audits(store: Store, who: str) -> tuple[AuditListed, ...]:
    """All audits, newest first, as ``who`` finds them."""
    return tuple(_listed(store, row, who) for row in audits(store)[::-1])


def open_audits(store: Store, who: str) -> tuple[AuditListed, ...]:
    """Samples that wait to be coded and that ``who`` can code."""
    return tuple(a for a in listed_audits(store, who) if a.open and a.to_code is not None)


def runs_to_audit(store: Store) -> tuple[RunToAudit, ...]:
    """Runs of which a sample can be drawn, newest first."""
    coded = {s.transcript_id for s in scopes(store) if s.coder.kind == "human"}
    drawn = {key for row in audits(store) for key in row.transcripts}
    found = []
    for row in runs(store)[::-1]:
        new = tuple(key for key in row.transcripts if key not in coded | drawn)
        if new and row.status != "running":
            found.append(RunToAudit(row.id, row.coder.name, new))
    return tuple(found)


def _listed(store: Store, row: AuditRow, who: str) -> AuditListed:
    tasks = audit_tasks(store, row.id)
    newer = newer_sample(store, row)
    names = sorted({name for t in tasks for name in t.done})
    mine, why_not = _for(store, tasks, who)
    return AuditListed(
        row.id,
        row.run_id,
        row.drawn_at,
        tuple(t.transcript for t in tasks),
        sum(len(t.segments) for t in tasks),
        sum(max((len(done) for done in t.done.values()), default=0) for t in tasks),
        bool(tasks) and all(t.finished for t in tasks),
        tuple(
            (
                name,
                sum(len(t.done.get(name, ())) for t in tasks),
                all(name in t.finished for t in tasks if name in t.done),
            )
            for name in names
        ),
        newer.id if newer is not None and row.passed is None else 0,
        row.passed,
        str((row.result or {}).get("sentence", "")),
        mine,
        why_not,
    )


def _for(
    store: Store, tasks: tuple[AuditTask, ...], who: str
) -> tuple[tuple[int, str] | None, str]:
    """The next transcript whose sample this person can code, or why there is none."""
    seen: list[str] = []
    whole: list[str] = []
    for task in tasks:
        if task.finished:
            continue
        scope = next((s for s in scopes(store, task.transcript_id) if s.coder.name == who), None)
        if saw_the_model(store, who, task.transcript_id):
            seen.append(task.transcript)
        elif scope is not None and scope.segments is None:
            whole.append(task.transcript)
        else:
            return (task.transcript_id, task.transcript), ""
    if seen:
        return None, f"You have seen what the model suggested in {', '.join(seen)}."
    if whole:
        return None, f"You are a coder of the whole of {', '.join(whole)} already."
    return None, ""
