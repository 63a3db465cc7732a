"""The evidence about one suggestion, as parts of the transcript page: reasons, figures, origin, and
the most similar passages that people coded.

While checks against drowsiness are on, the model's reason, its reply and where they come from are
shown only once she has decided: a planted suggestion has none, and would be told by an empty place
or by words about another passage. Until then every suggestion is drawn from its code alone, planted
or not; figures and similar passages are true of either.
"""

from __future__ import annotations

from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from assistant.codebook.records import Codebook
from assistant.decisions.explaining import Explanation, explain
from assistant.decisions.kept_back import kept_back, not_opened
from assistant.decisions.policy import policy_hash
from assistant.guide.similar import Passages, passages_of_people, similar
from assistant.review import evidence
from assistant.review.desk import Asked, NotThere, page
from assistant.review.rendering import fragment
from assistant.review.showing import refuse_unless_told
from assistant.store.database import Store
from assistant.store.decided.checks import Check, check
from assistant.store.measured.reference import RESTS_ON
from assistant.store.model.runs import run
from assistant.store.people.coders import coders
from assistant.store.people.openings import record_openings
from assistant.store.records import RunRow, VerdictRow
from assistant.store.texts.transcripts import transcript_infos
from assistant.store.versions import codebook
from assistant.study import Study

__all__ = ["ROUTES"]


def _why(asked: Asked) -> Response:
    with asked.desk.writing() as (study, store):
        found = explain(store, asked.path("key"), policy_hash(study))
        one = found.suggestion
        refuse_unless_told(asked, store, one.transcript_id)
        held = asked.checks_on and one.decision == "open"
        return HTMLResponse(
            _evidence(
                asked, study, store, found.run, one.transcript_id, one.code, None if held else found
            )
        )


def _evidence(
    asked: Asked,
    study: Study,
    store: Store,
    row: RunRow,
    transcript_id: int,
    code: str,
    found: Explanation | None,
) -> str:
    """``found``: reason and origin of the suggestion; None as long as they are held back."""
    record_openings(store, asked.who, transcript_id, model=[row.coder.id], place="transcript page")
    standing = evidence.verdicts_of(study, store, row).get(code)
    verdict = standing.verdict if standing else None
    book = codebook(store, row.codebook_sha256)
    return fragment(
        "why.html",
        found=found,
        verdict=verdict,
        void=standing.void if standing else (),
        figures=evidence.figures(verdict) if verdict else (),
        rests=_rests(store, verdict) if verdict else (),
        label=book.by_id[code].label if code in book.by_id else code,
        header=row.header,
        run=row,
        unmeasured="" if verdict else evidence.unmeasured(store, row, code),
    )


def _rests(store: Store, verdict: VerdictRow) -> tuple[str, ...]:
    """Names of the transcripts that the figures, also the ceiling, are of."""
    keys = set((verdict.evidence.get(RESTS_ON) or {}).get("transcripts", ()))
    return tuple(i.name for i in transcript_infos(store) if i.id in keys and not i.withdrawn)


def _similar(asked: Asked) -> Response:
    """The nearest passages that people coded."""
    with asked.desk.reading() as (_, store):
        _gather(asked, store, explain(store, asked.path("key")).suggestion.run_id)
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


def _gather(asked: Asked, store: Store, run_id: int) -> None:
    """Before it is written down what is shown: the first time this takes seconds, and no decision
    waits for it."""
    _passages(asked, store, codebook(store, run(store, run_id).codebook_sha256))


def _passages(asked: Asked, store: Store, book: Codebook) -> Passages:
    """Kept until people's codes change: embedding vectors of a study are some megabytes."""
    state = (book.sha256, *((i.id, i.codings, i.withdrawn) for i in transcript_infos(store)))
    kept = asked.desk.kept.get("passages")
    if kept is None or kept[0] != state:
        kept = (state, passages_of_people(store, book))
        asked.desk.kept["passages"] = kept
    passages: Passages = kept[1]
    return passages


def _its_check(asked: Asked, store: Store) -> Check:
    found = check(store, asked.path("key"), asked.who)
    if found is None:
        raise NotThere("There is no such check of yours.")
    refuse_unless_told(asked, store, found.transcript_id)
    return found


def _check(asked: Asked) -> Response:
    with asked.desk.writing() as (study, store):
        found = _its_check(asked, store)
        if found.kind != "planted":
            return HTMLResponse(fragment("check_why.html"))
        row = run(store, found.run_id)
        return HTMLResponse(
            _evidence(asked, study, store, row, found.transcript_id, found.code, None)
        )


def _check_similar(asked: Asked) -> Response:
    with asked.desk.reading() as (_, store):
        _gather(asked, store, _its_check(asked, store).run_id)
    with asked.desk.writing() as (_, store):
        found = _its_check(asked, store)
        if found.kind != "planted":
            raise NotThere("Nothing is suggested there.")
        return HTMLResponse(
            _near(asked, store, found.run_id, found.transcript_id, found.segment, found.code)
        )


ROUTES = (
    Route("/suggestions/{key:int}/why", page(_why)),
    Route("/suggestions/{key:int}/similar", page(_similar)),
    Route("/checks/{key:int}/why", page(_check)),
    Route("/checks/{key:int}/similar", page(_check_similar)),
)
