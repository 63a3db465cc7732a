"""What is shown about a suggestion when the reviewer asks, or has decided: lane and agreement.

Figures come from the stored verdict alone; nothing is computed anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from assistant.decisions.standing import lanes, verdicts_of
from assistant.store.database import Store
from assistant.store.measured.evidence import evaluations, standing_verdicts
from assistant.store.records import RunRow, VerdictRow
from eval.statistics.values import show

__all__ = ["Figure", "figures", "lanes", "unmeasured", "verdicts_of"]


@dataclass(frozen=True)
class Figure:
    """One measure with its interval, each between 0 and 1 (or -1 and 1 for kappa)."""

    what: str
    explained: str
    estimate: float | None
    low: float | None
    high: float | None
    why_not: str = ""

    @property
    def shown(self) -> str:
        if self.estimate is None:
            return "cannot be computed"
        if self.low is None or self.high is None:
            return f"{show(self.estimate)}, no interval"
        return f"{show(self.estimate)} [{show(self.low)}, {show(self.high)}]"


_SHOWN = (
    ("kappa", "Model and people", "Agreement beyond chance between the model and each person."),
    (
        "person_person",
        "People with each other",
        "The ceiling: how well people agree on the same passages. More cannot be expected.",
    ),
    ("precision", "Precision", "Of what the model suggests, the share that people coded too."),
    ("recall", "Recall", "Of what people coded, the share that the model found."),
)


def figures(verdict: VerdictRow) -> tuple[Figure, ...]:
    """The figures of a verdict, in the order in which they are read."""
    stored = verdict.evidence.get("evidence", {})
    return tuple(
        _figure(what, explained, stored[key]) for key, what, explained in _SHOWN if key in stored
    )


def unmeasured(store: Store, row: RunRow, code: str) -> str:
    """Why there is no verdict on a code that counts for this run: a sentence."""
    made = [e.id for e in evaluations(store) if e.run_id == row.id]
    if not made:
        return "This run is not measured yet."
    if any(s.verdict.run_id == row.id and s.verdict.code == code for s in standing_verdicts(store)):
        return (
            f"What evaluation {made[-1]} found of this code counts no more: eval/policy.toml, or "
            "[units] in study.toml, was changed since."
        )
    return f"Evaluation {made[-1]} of this run says nothing of this code."


def _figure(what: str, explained: str, stored: dict[str, Any]) -> Figure:
    def number(key: str) -> float | None:
        value = stored.get(key)
        return float(value) if isinstance(value, (int, float)) else None

    reason = stored.get("estimate")
    return Figure(
        what,
        explained,
        number("estimate"),
        number("low"),
        number("high"),
        str(reason.get("undefined", "")) if isinstance(reason, dict) else "",
    )
