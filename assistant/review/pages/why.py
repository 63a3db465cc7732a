"""The evidence about one suggestion, as parts of the transcript page: reasons, figures, origin, and
the most similar passages that people coded.

A planted suggestion is drawn by the same template with the same parts, or it could be told by
looking at its evidence: its reason, its call and its confidence are those of a suggestion of the
same code in the same transcript, which the reviewer may see anyway.
"""

from __future__ import annotations

from dataclasses import replace

from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from assistant.codebook.records import Codebook
from assistant.decisions.explaining import Explanation, explain
from assistant.decisions.kept_back import kept_back, not_opened
from assistant.decisions.policy import policy_hash
from assistant.review import evidence
from assistant.review.desk import Asked, NotThere, page
from assistant.review.rendering import fragment
from assistant.review.showing import refuse_unless_told
from assistant.review.similar import Passages, passages_of_people, similar
from assistant.store.checks import Check, check
from assistant.store.coders import coders
from assistant.store.database import Store
from assistant.store.openings import record_openings
from assistant.store.records import VerdictRow
from assistant.store.reference import RESTS_ON
from assistant.store.runs import run
from assistant.store.suggestions import suggestions
from assistant.store.transcripts import transcript_infos
from assistant.store.versions import codebook
from assistant.study import Study

__all__ = ["ROUTES"]


def _why(asked: Asked) -> Response:
    with asked.desk.writing() as (study, store):
        found = explain(store, asked.path("key"), policy_hash(study))
        refuse_unless_told(asked, store, found.suggestion.transcript_id)
        return HTMLResponse(_reasons(asked, study, store, found))


def _reasons(asked: Asked, study: Study, store: Store, found: Explanation) -> str:
    record_openings(
        store,
        asked.who,
        found.suggestion.transcript_id,
        model=[found.run.coder.id],
        place="transcript page",
    )
    standing = evidence.verdicts_of(study, store, found.run).get(found.suggestion.code)
    verdict = standing.verdict if standing else None
    book = codebook(store, found.run.codebook_sha256)
    return fragment(
        "why.html",
        found=found,
        verdict=verdict,
        void=standing.void if standing else (),
        figures=evidence.figures(verdict) if verdict else (),
        rests=_rests(store, verdict) if verdict else (),
        label=book.by_id[found.suggestion.code].label
        if found.suggestion.code in book.by_id
        else found.suggestion.code,
        header=found.run.header,
    )


def _rests(store: Store, verdict: VerdictRow) -> tuple[str, ...]:
    """Names of the transcripts that the figures, also the ceiling, are of."""
    keys = set((verdict.evidence.get(RESTS_ON) or {}).get("transcripts", ()))
    return tuple(i.name for i in transcript_infos(store) if i.id in keys and not i.withdrawn)


def _similar(asked: Asked) -> Response:
    """The nearest passages that people coded."""
    with asked.desk.writing() as (_, store):
        found = explain(store, asked.path("key")).suggestion
        refuse_unless_told(asked, store, found.transcript_id)
        return HTMLResponse(
            _near(asked, store, found.run_id, found.transcript_id, found.segment, found.code)
        )


def _near(
    asked: Asked, store: Store, run_id: int, transcript_id: int, segment: int, code: str
) -> str:
    there = _passages(asked, store, codebook(store, run(store, run_id).codebook_sha256))
    unopened = not_opened(store, asked.who) - {transcript_id}
    near = similar(
        there, transcript_id, segment, code, without=kept_back(store, asked.who) | unopened
    )
    people = {c.name: c.id for c in coders(store, "human")}
    for one in near:
        record_openings(
            store,
            asked.who,
            one.passage.transcript_id,
            people=[people[name] for name in one.passage.readers if name in people],
            place="similar passages",
        )
    return fragment(
        "similar.html",
        near=near,
        by_meaning=there.by_meaning,
        left_out=len(unopened & {p.transcript_id for p in there.passages}),
    )


def _passages(asked: Asked, store: Store, book: Codebook) -> Passages:
    """Kept until people's codes change: embedding vectors of a study are some megabytes."""
    state = (book.sha256, *((i.id, i.codings, i.withdrawn) for i in transcript_infos(store)))
    kept = asked.desk.kept.get("passages")
    if kept is None or kept[0] != state:
        kept = (state, passages_of_people(store, book))
        asked.desk.kept["passages"] = kept
    passages: Passages = kept[1]
    return passages


def _check(asked: Asked) -> Response:
    """As for a suggestion: a planted one must not give itself away before it is answered."""
    with asked.desk.writing() as (study, store):
        found = check(store, asked.path("key"), asked.who)
        if found is None:
            raise NotThere("There is no such check of yours.")
        refuse_unless_told(asked, store, found.transcript_id)
        if found.kind != "planted":
            return HTMLResponse(fragment("check_why.html"))
        shown = _as_suggestion(study, store, found)
        near = _near(asked, store, found.run_id, found.transcript_id, found.segment, found.code)
        # The page asks for similar passages of suggestions only, so they come along here.
        return HTMLResponse(_reasons(asked, study, store, shown) + near)


def _as_suggestion(study: Study, store: Store, found: Check) -> Explanation:
    """With what a suggestion of this code has: the nearest one of the same run and transcript."""
    there = suggestions(store, found.run_id, found.transcript_id)
    if not there:
        raise NotThere("There is no such check of yours.")
    like = min(there, key=lambda s: (s.code != found.code, abs(s.segment - found.segment), s.id))
    known = explain(store, like.id, policy_hash(study))
    shown = replace(
        known.suggestion,
        segment=found.segment,
        code=found.code,
        start=found.start,
        end=found.end,
        anchoring="exact",
        decision="open",
    )
    return replace(known, suggestion=shown, decisions=(), decided=())


ROUTES = (
    Route("/suggestions/{key:int}/why", page(_why)),
    Route("/suggestions/{key:int}/similar", page(_similar)),
    Route("/checks/{key:int}/why", page(_check)),
)
