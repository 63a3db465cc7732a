"""Why is this code here? Everything behind one suggestion, from stored rows only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.errors import UserError
from assistant.store.database import Store
from assistant.store.decided.decisions import decisions, decisions_in_force
from assistant.store.model.calls import call, request_body
from assistant.store.model.reply_records import CallRow, Suggestion
from assistant.store.model.runs import run
from assistant.store.model.suggestions import suggestion
from assistant.store.people.codings import coding_codes
from assistant.store.records import Decision, RunRow, VerdictRow
from assistant.store.texts.transcripts import transcript
from assistant.store.versions import codebook, prompt
from assistant.transcripts.records import Transcript, segment_body

__all__ = ["Explanation", "Said", "explain", "in_words"]


@dataclass(frozen=True)
class Said:
    """What one speaker says in a passage near a quote, in three parts."""

    segment: int
    speaker: str
    before: str
    quote: str
    """The part of it that the suggestion quotes; empty in the passages beside."""
    after: str
    cut_before: bool
    """Whether the passage begins, or ends, further out than is shown."""
    cut_after: bool


@dataclass(frozen=True)
class Explanation:
    suggestion: Suggestion
    speaker: str
    before: str
    """Text just before the quote, within the transcript."""
    after: str
    said: tuple[Said, ...]
    """The same with the quote, by passage, each with its speaker."""
    definition: str
    run: RunRow
    prompt_source: str
    request: str
    """The request as it was sent, JSON text; empty after a withdrawal."""
    call: CallRow | None
    decisions: tuple[Decision, ...]
    decided: tuple[str, ...]
    """Each of ``decisions`` in words."""
    now: str
    """What holds of the suggestion, in the same words; ``open`` where nothing does."""
    verdict: VerdictRow | None
    verdict_gone: str = ""
    """Why the verdict that there was counts no more; empty where one counts or there was none."""


def explain(
    store: Store, suggestion_id: int, policy_sha256: str = "", context: int = 300
) -> Explanation:
    """Raises `UserError` when there is no such suggestion. ``context`` is in characters."""
    from assistant.decisions.in_bulk import counts_no_more, verdict_for

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
    made = decisions(store, suggestion_id)
    codes = coding_codes(store, [d.coding_id for d in made if d.coding_id is not None])
    said = {d.id: in_words(d.decision, found.code, codes.get(d.coding_id, "")) for d in made}
    holds = decisions_in_force(store, suggestion_id)
    return Explanation(
        found,
        speaker,
        text.text[max(0, found.start - context) : found.start],
        text.text[found.end : found.end + context],
        _said(text, found.start, found.end, context),
        book.by_id[found.code].definition if found.code in book.by_id else "",
        run_row,
        prompt(store, run_row.prompt_sha256) if run_row.prompt_sha256 else "",
        request_body(store, made_by.request_sha256) if made_by else "",
        made_by,
        made,
        tuple(_done(d, said, made) for d in made),
        next((said[d.id] for d in holds.values()), "open"),
        verdict_for(store, run_row, found.code, policy_sha256) if policy_sha256 else None,
        counts_no_more(store, run_row, found.code, policy_sha256) if policy_sha256 else "",
    )


def _said(text: Transcript, start: int, end: int, context: int) -> tuple[Said, ...]:
    """The passages that reach into the quote or into ``context`` characters on its sides."""
    first, last = max(0, start - context), end + context
    found: list[Said] = []
    for segment in text.segments:
        begin, stop = segment_body(text.text, segment)
        from_, to = max(begin, first), min(stop, last)
        if from_ >= to:
            continue
        one, other = (min(max(at, from_), to) for at in (start, end))
        found.append(
            Said(
                segment.index,
                segment.speaker,
                text.text[from_:one],
                text.text[one:other],
                text.text[other:to],
                from_ > begin,
                to < stop,
            )
        )
    return tuple(found)


def _done(one: Decision, said: Mapping[int, str], made: Sequence[Decision]) -> str:
    """A decision in words; of an undoing, what it took back and of whom."""
    taken_back = next((d for d in made if d.id == one.undoes), None)
    if taken_back is None:
        return said[one.id]
    whose = "their own" if taken_back.reviewer == one.reviewer else f"{taken_back.reviewer}'s"
    return f"took back {whose} decision ({said[taken_back.id]})"


def in_words(decision: str, code: str, instead: str) -> str:
    """What was done with a suggestion of ``code``; ``instead``: the code of the coding that came
    from changing it, empty where that is not known."""
    if decision == "amend":
        if not instead:
            return "changed"
        return "accepted, borders adjusted" if instead == code else f"changed to {instead}"
    return {"accept": "accepted", "reject": "rejected", "undo": "undone", "open": "open"}[decision]
