"""Putting the policy back where a study has lost it: the one that every new study begins with."""

from __future__ import annotations

import shutil

from assistant import shipped
from assistant.errors import UserError
from assistant.store.database import Store
from assistant.store.trail.events import record_event
from assistant.study import Study

__all__ = ["restore_policy"]


def restore_policy(study: Study, store: Store, who: str) -> None:
    """Copy the policy of a new study into this one. Raises `UserError` where there is one: its
    bars are the user's, and other bars void every verdict."""
    if study.policy_file.exists():
        raise UserError(
            "There is a policy already; it was left as it is.",
            where=str(study.policy_file),
            hint="Mend it there. Each of its lines says what it is for.",
        )
    study.policy_file.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(shipped.policy(), study.policy_file)
    record_event(store, "policy", f"{who} put the policy of a new study back", who)
