"""A run, audit or evaluation by its number, as a user gives it; what there is, where it is none."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.errors import UserError
from assistant.store.database import Store
from assistant.store.measured.audits import AuditRow, audit, audits
from assistant.store.measured.evidence import EvaluationRow, evaluation, evaluations
from assistant.store.model.runs import run, runs
from assistant.store.records import RunRow

__all__ = ["find_audit", "find_evaluation", "find_run", "there_are"]

_SHOWN = 6


def find_run(store: Store, number: int) -> RunRow:
    """Raises `UserError` when there is no such run; it says which there are."""
    try:
        return run(store, number)
    except KeyError:
        known = [f"{r.id} ({_run(r)})" for r in runs(store)]
        raise UserError(
            f"There is no run {number}.",
            hint=there_are("Runs", known, "`secondcoder runs` lists them.")
            if known
            else "No run was made in this study yet: `secondcoder code` makes one.",
        ) from None


def _run(row: RunRow) -> str:
    asked = row.header.get("model_asked") or row.coder.name
    model = "no model" if asked == "none" else f"model {asked}"
    return f"{model}, {row.started_at[:10]}"


def find_audit(store: Store, number: int) -> AuditRow:
    """Raises `UserError` when there is no such audit; it says which there are."""
    try:
        return audit(store, number)
    except KeyError:
        known = [f"{a.id} (of run {a.run_id}, {a.drawn_at[:10]})" for a in audits(store)]
        raise UserError(
            f"There is no audit {number}.",
            hint=there_are("Audits", known, "`secondcoder audit list` lists them.")
            if known
            else "No audit was drawn in this study yet: `secondcoder audit draw RUN` draws one.",
        ) from None


def find_evaluation(store: Store, number: int) -> EvaluationRow:
    """Raises `UserError` when there is no such evaluation; it says which there are."""
    try:
        return evaluation(store, number)
    except KeyError:
        known = [
            f"{e.id} (of {f'run {e.run_id}' if e.run_id is not None else 'people'}, "
            f"{e.made_at[:10]})"
            for e in evaluations(store)
        ]
        raise UserError(
            f"There is no evaluation {number}.",
            hint=there_are("Evaluations", known)
            if known
            else "Nothing was measured in this study yet: `secondcoder evaluate` does it.",
        ) from None


def there_are(what: str, known: Sequence[str], more: str = "") -> str:
    """``Runs of this study: 1 (…), 2 (…).`` The newest, where there are many."""
    hidden = len(known) - _SHOWN
    names = ", ".join(known[-_SHOWN:])
    if hidden > 0:
        return f"{what} of this study, the newest: {names}; {hidden} older. {more}".rstrip()
    return f"{what} of this study: {names}."
