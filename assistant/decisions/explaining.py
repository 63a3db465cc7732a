"""Why is this code here? Everything behind one suggestion, from stored rows only."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.errors import UserError
from assistant.store.database import Store
from assistant.store.records import CallRow, Decision, RunRow, Suggestion, VerdictRow
from assistant.store.runs import call, request_body, run
from assistant.store.suggestions import decisions, suggestion
from assistant.store.transcripts import transcript
from assistant.store.versions import codebook, prompt

__all__ = ["Explanation", "explain"]


@dataclass(frozen=True)
class Explanation:
    suggestion: Suggestion
    speaker: str
    before: str
    """Text just before the quote, within the transcript."""
    after: str
    definition: str
    run: RunRow
    prompt_source: str
    request: str
    """The request as it was sent, JSON text; empty after a withdrawal."""
    call: CallRow | None
    decisions: tuple[Decision, ...]
    verdict: VerdictRow | None


def explain(
    store: Store, suggestion_id: int, policy_sha256: str = "", context: int = 300
) -> Explanation:
    """Raises `UserError` when there is no such suggestion. ``context`` is in characters."""
    from assistant.decisions.deciding import verdict_for

    try:
        found = suggestion(store, suggestion_id)
    except KeyError:
        raise UserError(
            f"There is no suggestion {suggestion_id}.",
            hint="`secondcoder runs RUN --suggestions` lists them with their numbers.",
        ) from None
    text = transcript(store, found.transcript_id)
    run_row = run(store, found.run_id)
    book = codebook(store, run_row.codebook_sha256)
    made_by = call(store, found.call_id) if found.call_id is not None else None
    speaker = next((s.speaker for s in text.segments if s.index == found.segment), "")
    return Explanation(
        found,
        speaker,
        text.text[max(0, found.start - context) : found.start],
        text.text[found.end : found.end + context],
        book.by_id[found.code].definition if found.code in book.by_id else "",
        run_row,
        prompt(store, run_row.prompt_sha256) if run_row.prompt_sha256 else "",
        request_body(store, made_by.request_sha256) if made_by else "",
        made_by,
        decisions(store, suggestion_id),
        verdict_for(store, run_row, found.code, policy_sha256) if policy_sha256 else None,
    )
