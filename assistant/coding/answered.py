"""How much of a planned run has been answered before: equal questions are not asked again."""

from __future__ import annotations

from assistant.coding.coding import Planned
from assistant.coding.judge.plan import JudgePlan
from assistant.store.database import Store
from assistant.store.model.calls import reusable_call

__all__ = ["answered_before"]


def answered_before(store: Store, planned: Planned) -> int:
    """Number of distinct planned requests whose replies are stored already."""
    work = planned.work
    if isinstance(work, JudgePlan):
        wanted = {
            q.request.sha256 for p in work.asked for q in p.questions if q.request is not None
        }
    else:
        wanted = {c.request.sha256 for c in work.plan.calls}
    repeat = planned.options.repeat
    return sum(reusable_call(store, sha256, repeat) is not None for sha256 in wanted)
