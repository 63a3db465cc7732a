"""Runs: what each was, what became of every call, passage and suggestion, and what went wrong."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response
from starlette.routing import Route

from assistant.coding.summary import all_runs, run_details
from assistant.coding.under_preparation import under_preparation
from assistant.decisions.kept_back import kept_back
from assistant.guide.shown import pasted_in, shown_in, words_sent
from assistant.llm.endpoint import endpoint_is_local
from assistant.recipe import embedding_of, shortlist_by
from assistant.review.desk import Asked, NotThere, page
from assistant.review.jobs import current
from assistant.review.rendering import render
from assistant.review.showing import refuse_unless_told, show_examples
from assistant.store.database import Store
from assistant.store.measured.evidence import evaluations
from assistant.store.model.calls import call, calls_gone_wrong
from assistant.store.model.chunks import chunk_by_id, chunks
from assistant.store.model.nothing_suggested import without_suggestions
from assistant.store.model.runs import run, runs
from assistant.store.model.suggestions import uncoded, unplaced
from assistant.store.people.openings import record_openings
from assistant.store.records import RunRow
from assistant.store.texts.transcripts import transcript, transcript_infos
from assistant.store.versions import codebook, prompt

__all__ = ["NAV", "ROUTES"]

NAV = (60, "Runs", "/runs")
_SHOWN = 100
_WORDS = {
    "unanchored": "its quote is not in the text",
    "ambiguous": "its quote stands in several places",
    "unknown-code": "no such code",
}
_OUTCOMES = {
    "calls": ("calls", "Questions to the model, and how each was answered."),
    "segments": (
        "passages",
        "Only ranked: nothing could be calibrated, so nothing was decided. Not asked about: passed "
        "over, since the interviewer speaks or it is too short.",
    ),
    "chunks": ("pieces", "What was sent in one question: some passages, or one code's question."),
    "suggestions": (
        "suggestions",
        "How the place of each was found. The program chooses the words where the model says yes "
        "or no only.",
    ),
    "unplaced": ("without a place", "Suggestions whose quote is not in the text for certain."),
    "uncoded": ("no code fits", "Passages that the model found important and could not code."),
}
"""Name of an outcome -> how the page calls it, and what it means."""
_PLAIN = {
    "calls": {"ok": "answered", "cut-off": "cut off", "invalid": "answered in another form"},
    "segments": {
        "coded": "with a suggestion",
        "coded-empty": "read and nothing found",
        "ranked": "only ranked",
        "not-asked": "not asked about",
        "failed": "not read",
    },
    "suggestions": {
        "exact": "word for word",
        "folded": "but for capitals or punctuation",
        "close": "but for some letters",
        "cut": "with words that the program chose",
    },
    "unplaced": {
        "unanchored": "not in the text",
        "ambiguous": "in several places",
        "unknown-code": "with a code that does not exist",
    },
}
"""Name of an outcome -> a kind of it as the database calls it -> in words."""


@dataclass(frozen=True)
class _Lost:
    """A suggestion without a place, with the reply that it came in."""

    transcript_id: int
    transcript: str
    segment: int | None
    code: str
    status: str
    quote: str
    why: str
    nearest: str
    call_id: int


def _list(asked: Asked) -> Response:
    with asked.desk.reading() as (study, store):
        rows = all_runs(store)[::-1]
        return render(
            asked,
            "runs.html",
            rows=rows,
            job=current(asked.desk),
            preparing=under_preparation(study),
            most=max((r.suggestions for r in rows), default=1) or 1,
            measured={e.run_id: e.id for e in evaluations(store) if e.run_id is not None},
        )


def _record(asked: Asked, store: Store, row: RunRow, shown: Iterable[int]) -> None:
    """Of which transcripts the page is about to show what the model said."""
    for key in dict.fromkeys(shown):
        record_openings(store, asked.who, key, model=[row.coder.id], place="run page")


def _show(asked: Asked) -> Response:
    key = asked.path("key")
    with asked.desk.writing() as (_, store):
        try:
            row = run(store, key)
        except KeyError:
            raise NotThere(f"There is no run {key}.") from None
        back = kept_back(store, asked.who)
        found = run_details(store, key, leave_out=back)
        names = {i.id: i.name for i in transcript_infos(store) if not i.withdrawn}
        texts = {t: transcript(store, t).text for t in row.transcripts}
        lost = [
            _Lost(
                u.transcript_id,
                u.transcript,
                u.segment,
                u.code_written,
                _WORDS.get(u.status, u.status),
                u.reply_quote,
                u.why,
                texts.get(u.transcript_id, "")[u.nearest_start : u.nearest_end]
                if u.nearest_start is not None
                else "",
                u.call_id,
            )
            for u in unplaced(store, key)
            if u.transcript_id not in back
        ]
        nothing_fits = [u for u in uncoded(store, key) if u.transcript_id in names.keys() - back]
        failed = [o for o in found.not_coded if o.status == "failed"]
        silent = {t: why for t, why in without_suggestions(store, row).items() if t not in back}
        where = [u.transcript_id for u in lost[:_SHOWN]]
        where += silent
        where += [u.transcript_id for u in nothing_fits[:_SHOWN]]
        _record(asked, store, row, where)
        return render(
            asked,
            "run.html",
            found=found,
            row=row,
            words=_OUTCOMES,
            plain=_PLAIN,
            header=_flat(_used(row.header)),
            shortlist_by=shortlist_by(row.header.get("recipe", {}).get("embedder") or ""),
            versions=row.header.get("versions") or {},
            names=names,
            lost=lost[:_SHOWN],
            lost_count=len(lost),
            silent=silent,
            stayed_here=_stayed_here(row),
            failed=failed,
            nothing_fits=nothing_fits,
            left_out=[names[t] for t in row.transcripts if t in back and t in names],
            labels=_labels(store, row),
            most=max((n for _, n, *_ in found.by_code), default=1) or 1,
            others=[r for r in runs(store) if r.id != key and set(r.transcripts) & set(names)][
                ::-1
            ],
            measured=[e for e in evaluations(store) if e.run_id == key],
        )


def _labels(store: Store, row: RunRow) -> dict[str, str]:
    """Code id -> its name, by the codebook that the run was made with."""
    if not row.codebook_sha256:
        return {}
    return {code.id: code.label for code in codebook(store, row.codebook_sha256).codes}


def _stayed_here(row: RunRow) -> bool:
    """Whether nothing of the run left this computer, so that nobody can have charged for it."""
    model = str(row.header.get("recipe", {}).get("endpoint", ""))
    _, vectors = embedding_of(row.header)
    return bool(model) and all(
        address == "embedded" or endpoint_is_local(address) for address in (model, vectors)
    )


_OF_A_MODEL = ("prompt_id", "prompt_sha256", "temperature", "max_output_tokens", "seed")
"""Of a recipe: what nobody was given where no model was asked."""


def _used(header: dict[str, Any]) -> dict[str, Any]:
    """What the run used: a prompt and its settings only where they were sent."""
    used = {key: value for key, value in header.items() if key != "versions"}
    if header.get("model_asked") == "none":
        recipe = header.get("recipe", {})
        used["recipe"] = {k: v for k, v in recipe.items() if k not in _OF_A_MODEL}
    return used


def _flat(header: dict[str, object]) -> list[tuple[str, str]]:
    """The header as lines: what is in other parts of the page, or long, is left out."""
    found: list[tuple[str, str]] = []

    def add(name: str, value: object) -> None:
        if isinstance(value, dict):
            for key, inner in value.items():
                if key not in ("codes", "given"):
                    add(f"{name} · {key}" if name else str(key), inner)
        elif isinstance(value, (list, tuple)):
            if value:  # notes are sentences
                between = " " if name == "notes" else ", "
                found.append((name, between.join(map(str, value))))
        elif isinstance(value, bool):
            found.append((name, "yes" if value else "no"))
        elif value not in (None, ""):
            found.append((name, str(value)))

    add("", {k: v for k, v in header.items() if k != "given"})
    return [(name.replace("_", " "), value) for name, value in found]


def _call(asked: Asked) -> Response:
    """One call as it was: the whole reply, raw."""
    from assistant.store.model.calls import request_body

    with asked.desk.reading() as (_, store):
        try:
            found = call(store, asked.path("call"))
        except KeyError:
            raise NotThere("There is no such call.") from None
        if found.run_id != asked.path("key"):
            raise NotThere("There is no such call in this run.")
        key = chunk_by_id(store, found.chunk_id).transcript_id
        refuse_unless_told(asked, store, key, what="what the model answered about it")
        row = run(store, found.run_id)
        body = request_body(store, found.request_sha256)
        asked_with = prompt(store, row.prompt_sha256) if row.prompt_sha256 else ""
        examples = [
            *shown_in(store, words_sent(body), [codebook(store, row.codebook_sha256)]),
            *pasted_in(store, asked_with),
        ]
        # An example of this transcript would be no news here: what the model says of it is shown.
        others = [s for s in examples if s.transcript_id != key]
        show_examples(asked, store, others, "run page", "an example from it in this request")
        with asked.desk.writing_lock:
            _record(asked, store, row, [key])
        return render(
            asked,
            "call.html",
            here="/runs",
            call=found,
            request_body=body,
        )


def _calls(asked: Asked) -> Response:
    """Calls that did not go well, with what came back."""
    key = asked.path("key")
    with asked.desk.writing() as (_, store):
        try:
            row = run(store, key)
        except KeyError:
            raise NotThere(f"There is no run {key}.") from None
        names = {i.id: i.name for i in transcript_infos(store)}
        back = kept_back(store, asked.who)
        by_id = {chunk.id: chunk for chunk in chunks(store, key)}
        bad = [
            (by_id[c.chunk_id], c)
            for c in calls_gone_wrong(store, key)
            if by_id[c.chunk_id].transcript_id not in back
        ]
        _record(asked, store, row, [chunk.transcript_id for chunk, _ in bad[:_SHOWN]])
        return render(
            asked,
            "calls.html",
            here="/runs",
            calls=bad[:_SHOWN],
            count=len(bad),
            key=key,
            names=names,
        )


ROUTES = (
    Route("/runs", page(_list)),
    Route("/runs/{key:int}", page(_show)),
    Route("/runs/{key:int}/calls", page(_calls)),
    Route("/runs/{key:int}/calls/{call:int}", page(_call)),
)
