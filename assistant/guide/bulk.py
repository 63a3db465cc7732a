"""Accepting many suggestions at once, on evidence as it is now and not as somebody last looked.

Whether a new interview is unlike the evidence, and whether people accept less than it promised,
changes with every decision: it is looked at anew before each bulk decision, and before one is
offered.
"""

from __future__ import annotations

from collections.abc import Sequence

from assistant.decisions.in_bulk import Allowed, Bulk, accept_bulk, bulk_allowed
from assistant.decisions.policy import policy_hash
from assistant.store.database import Store
from assistant.store.measured.audits import audits
from assistant.store.model.runs import run as find_run
from assistant.study import Study
from eval.watching.drift import watch_run

__all__ = ["accept_at_once", "allowed_at_once", "audited_transcripts"]


def allowed_at_once(
    study: Study, store: Store, run_id: int, code: str, transcripts: Sequence[int] = ()
) -> Allowed:
    """As `bulk_allowed`, after looking at the batch anew: what `accept_at_once` would say now."""
    watch_run(study, store, run_id)
    return bulk_allowed(store, find_run(store, run_id), code, policy_hash(study), transcripts)


def accept_at_once(
    study: Study,
    store: Store,
    run_id: int,
    code: str,
    *,
    because: str = "",
    transcripts: Sequence[int] = (),
    reviewer: str = "",
) -> Bulk:
    """As `accept_bulk`, after looking at the batch anew. Raises what that raises."""
    watch_run(study, store, run_id)
    return accept_bulk(
        store,
        run_id,
        code,
        policy_hash(study),
        because=because,
        transcripts=transcripts,
        reviewer=reviewer,
    )


def audited_transcripts(store: Store, run_id: int) -> tuple[int, ...]:
    """Transcripts of a run's newest passed audit that no later audit took back.

    For a page where nobody names transcripts: a run mostly holds interviews that people have coded
    too, and these are decided one by one. Empty where no audit was passed.
    """
    newest: dict[int, int] = {}
    passed: dict[int, bool] = {}
    for one in audits(store, run_id):
        if one.passed is not None:
            newest |= dict.fromkeys(one.transcripts, one.id)
            passed[one.id] = one.passed
    good = [number for number in newest.values() if passed[number]]
    last = max(good, default=0)
    return tuple(key for key, number in newest.items() if number == last)
