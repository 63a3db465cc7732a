"""Bulk decisions against the evidence, and the one sentence that tells of one.

``accept --because`` lets a person accept what the lane does not allow. The reason is stored, and
every page that shows what was measured, compared or counted says so with `override_sentence`.
"""

from __future__ import annotations

from collections.abc import Callable

from assistant.store.database import Store
from assistant.store.decided.decisions import bulk_decisions
from eval.evaluation.results import OverrideRow

__all__ = ["override_notes", "override_sentence", "overrides_of"]


def overrides_of(store: Store) -> tuple[OverrideRow, ...]:
    """All of the study, undone ones too, oldest first."""
    return tuple(
        OverrideRow(
            str(b["code"]),
            int(str(b["run_id"])),
            int(str(b["suggestions"])),
            str(b["because"]),
            str(b["reviewer"]),
            str(b["made_at"]),
            b["undone_at"] is not None,
        )
        for b in bulk_decisions(store)
        if b["because"]
    )


def override_sentence(code: str, suggestions: int, because: str, who: str, undone: bool) -> str:
    """``code``: its name as readers know it."""
    many = "1 suggestion" if suggestions == 1 else f"{suggestions:,} suggestions"
    return (
        f"Against the policy, {who} accepted {many} of “{code}” at once"
        + (" (undone since)" if undone else "")
        + f", stating: “{because}”."
    )


def override_notes(
    store: Store, label: Callable[[str], str] = str, run_id: int | None = None
) -> tuple[str, ...]:
    """A sentence for each override of the study, or of one run; what any page can show.

    ``label``: code id -> its name as readers know it.
    """
    return tuple(
        override_sentence(label(o.code), o.suggestions, o.because, o.reviewer, o.undone)
        for o in overrides_of(store)
        if run_id is None or o.run == run_id
    )
