"""Transcripts of a run that got no suggestion at all, and why.

That nothing was found is a result; that nothing was asked, that everything failed or that the run
never got there is none. Where several are true the ones that leave a gap are said.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from assistant.counting import counted
from assistant.store.database import Store
from assistant.store.model.outcomes import shown_outcomes
from assistant.store.records import RunRow
from assistant.store.texts.transcripts import transcript_infos

__all__ = ["NOT_REACHED", "nothing_suggested", "without_suggestions"]

NOT_REACHED = "the run never got there"


def without_suggestions(store: Store, run: RunRow) -> dict[int, str]:
    """Id of each transcript of the run without a suggestion -> why, as the end of a sentence.

    Withdrawn ones, whose suggestions are erased, are not among them.
    """
    there = {
        r["transcript_id"]
        for r in store.rows("SELECT transcript_id FROM suggestions WHERE run_id = ?", (run.id,))
    }
    gone = {info.id for info in transcript_infos(store) if info.withdrawn}
    unplaced = {
        r["transcript_id"]: r["n"]
        for r in store.rows(
            "SELECT transcript_id, count(*) AS n FROM unplaced WHERE run_id = ? "
            "GROUP BY transcript_id",
            (run.id,),
        )
    }
    outcomes: dict[int, Counter[str]] = {}
    for key, _, status, _ in shown_outcomes(store, run.id):
        outcomes.setdefault(key, Counter())[status] += 1
    open_ = {
        r["transcript_id"]
        for r in store.rows(
            "SELECT DISTINCT transcript_id FROM chunks WHERE run_id = ? AND status = 'open'",
            (run.id,),
        )
    }
    return {
        key: _why(outcomes.get(key, Counter()), unplaced.get(key, 0), key in open_)
        for key in run.transcripts
        if key not in there and key not in gone
    }


def nothing_suggested(found: Mapping[str, str]) -> list[str]:
    """A sentence for each reason. ``found``: name of a transcript -> why."""
    by_reason: dict[str, list[str]] = {}
    for name, why in found.items():
        by_reason.setdefault(why, []).append(f"“{name}”")
    return [f"No suggestion at all in {', '.join(who)}: {why}." for why, who in by_reason.items()]


def _why(outcomes: Counter[str], unplaced: int, unfinished: bool) -> str:
    empty, failed, ranked = (outcomes[one] for one in ("coded-empty", "failed", "ranked"))
    if not empty and not failed and not ranked and not unplaced:
        if unfinished or not outcomes:
            return NOT_REACHED
        return "none of its passages was asked about"
    if failed and not empty and not ranked and not unplaced:
        return f"all {counted(failed, 'passage')} failed"
    said = []
    if unplaced:
        said.append(f"{counted(unplaced, 'suggestion')} could not be placed in the text")
    if ranked:
        said.append("codes were only ranked, since nothing could be calibrated")
    if failed:
        said.append(f"{counted(failed, 'passage')} failed")
    if unfinished:
        said.append("the run did not get to the end of it")
    if empty:
        also = " of the others" if failed or unfinished else ""
        said.append(f"in {counted(empty, 'passage')}{also} no code was found to apply")
    return "; ".join(said)
