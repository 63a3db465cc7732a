"""What a study knows of one code: who used it where, its passages, how its definition changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

from assistant.codebook.records import Code, Codebook
from assistant.interchange.study_codebook.history import history
from assistant.prompts.comparing import ChangedLine, changed_lines
from assistant.store.database import Store
from assistant.store.decided.reviewing import shown_codings
from assistant.store.model.runs import runs
from assistant.store.model.suggestions import suggestions
from assistant.store.texts.transcripts import transcript_infos
from assistant.store.versions import codebook
from assistant.study import Study

__all__ = ["Changed", "CodePassage", "CodeUse", "changes_of", "passages_of", "uses_of"]

_FIELDS = ("name", "definition", "include", "exclude", "family", "parent", "kind", "unit")


@dataclass(frozen=True)
class CodeUse:
    """How often people, and the last run, gave a code in one transcript."""

    transcript_id: int
    transcript: str
    people: dict[str, int]
    model: int


@dataclass(frozen=True)
class CodePassage:
    transcript_id: int
    transcript: str
    coder: str
    is_model: bool
    start: int
    end: int
    quote: str
    written: str
    """The code as it was written."""
    decision: str = ""


@dataclass(frozen=True)
class Changed:
    """What one version of the codebook changed about a code."""

    at: str
    version: str
    operations: tuple[tuple[str, str], ...]
    """(operation, why)"""
    fields: tuple[tuple[str, tuple[ChangedLine, ...]], ...]
    """Field -> what changed in it, word by word."""


def uses_of(
    store: Store, book: Codebook, leave_out: Collection[int] = ()
) -> dict[str, list[CodeUse]]:
    """Code id -> its uses, by transcript; transcripts that use it not at all are left out."""
    names = {
        i.id: i.name for i in transcript_infos(store) if not i.withdrawn and i.id not in leave_out
    }
    people: Counter[tuple[str, int, str]] = Counter()
    model: Counter[tuple[str, int]] = Counter()
    for c in shown_codings(store):
        code = book.resolve(c.code)
        if code is not None and c.transcript_id in names:
            people[code, c.transcript_id, c.coder.name] += 1
    there = runs(store)
    if there:
        for s in suggestions(store, there[-1].id):
            if s.transcript_id in names:
                model[book.resolve(s.code) or s.code, s.transcript_id] += 1
    found: dict[str, list[CodeUse]] = {code.id: [] for code in book.codes}
    for code in found:
        for key, name in names.items():
            mine = {w: n for (c, t, w), n in people.items() if c == code and t == key}
            if mine or model[code, key]:
                found[code].append(CodeUse(key, name, mine, model[code, key]))
    return found


def passages_of(
    store: Store, book: Codebook, code: str, leave_out: Collection[int] = ()
) -> tuple[CodePassage, ...]:
    """All passages with a code, by people and by the last run, in the order of the texts."""
    infos = [i for i in transcript_infos(store) if not i.withdrawn and i.id not in leave_out]
    names = {i.id: i.name for i in infos}
    order = {i.id: number for number, i in enumerate(infos)}
    found = [
        CodePassage(
            c.transcript_id,
            names[c.transcript_id],
            c.coder.name,
            False,
            c.start,
            c.end,
            c.quote,
            c.code,
        )
        for c in shown_codings(store)
        if c.transcript_id in names and book.resolve(c.code) == code
    ]
    there = runs(store)
    if there:
        found += [
            CodePassage(
                s.transcript_id,
                names[s.transcript_id],
                there[-1].coder.name,
                True,
                s.start,
                s.end,
                s.quote,
                s.code,
                s.decision,
            )
            for s in suggestions(store, there[-1].id)
            if s.transcript_id in names and book.resolve(s.code) == code
        ]
    return tuple(sorted(found, key=lambda p: (order[p.transcript_id], p.start, p.end, p.coder)))


def changes_of(study: Study, store: Store, code: str) -> tuple[Changed, ...]:
    """Every version that changed the code, newest first. The working copy is recorded when new."""
    found = history(study, store)
    books = {v.sha256: codebook(store, v.sha256) for v in found.versions}
    at = {v.sha256: v for v in found.versions}
    changes: list[Changed] = []
    here = code
    for step in reversed(found.steps):
        mine = [o for o in step.operations if here in o.codes or here in o.into]
        new = books[step.new].by_id.get(here)
        for operation in mine:
            if operation.op == "rename" and here in operation.into:
                here = operation.codes[0]
        old = books[step.old].by_id.get(here)
        fields = _fields(old, new)
        if mine or fields:
            version = at[step.new]
            changes.append(
                Changed(
                    version.recorded_at,
                    version.version,
                    tuple((o.op, o.why) for o in mine),
                    fields,
                )
            )
    return tuple(changes)


def _fields(old: Code | None, new: Code | None) -> tuple[tuple[str, tuple[ChangedLine, ...]], ...]:
    if old is None or new is None:
        return ()
    return tuple(
        (field, changed_lines(str(getattr(old, field)), str(getattr(new, field)))[0])
        for field in _FIELDS
        if getattr(old, field) != getattr(new, field)
    )
