"""What the transcript page stores: decisions, own codings, bulk decisions. Answers are JSON."""

from __future__ import annotations

from typing import get_args

from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from assistant.codebook.adding import id_from_name, with_code, without_code
from assistant.codebook.loading import parse_codebook
from assistant.codebook.records import Code, Codebook
from assistant.decisions import in_bulk, own
from assistant.decisions.meanwhile import Action, DecidedMeanwhile, decide
from assistant.errors import UserError
from assistant.guide.bulk import accept_at_once, allowed_at_once, audited_transcripts
from assistant.review import evidence
from assistant.review.desk import Asked, page, write_safely
from assistant.review.pages.transcript import chosen_run, current_codebook, text_of
from assistant.review.rendering import answer, fragment
from assistant.review.showing import refuse_unless_told
from assistant.review.spans import coding_alone, suggestion_alone
from assistant.store.database import Store
from assistant.store.decided.decisions import bulk_decisions
from assistant.store.decided.reviewing import last_standing
from assistant.store.model.runs import run
from assistant.store.model.suggestions import suggestion, transcript_of
from assistant.store.trail.events import events, record_event
from assistant.store.uses import code_uses
from assistant.store.versions import codebook, record_codebook
from assistant.study import Study

__all__ = ["ROUTES"]


def _decide(asked: Asked) -> Response:
    """Accept, reject, amend or undo; 409 with what is there when it was decided meanwhile."""
    key = asked.path("key")
    action = asked.text("action")
    if action not in get_args(Action):
        raise UserError(f"“{action}” is no decision.")
    with asked.desk.writing() as (_, store):
        if (where := transcript_of(store, key)) is not None:
            refuse_unless_told(asked, store, where)
        before = last_standing(store, key)
        try:
            decide(
                store,
                key,
                action,  # type: ignore[arg-type]
                after=asked.number("after"),
                reviewer=asked.who,
                code=asked.text("code"),
                start=asked.number("start") if "start" in asked.data else None,
                end=asked.number("end") if "end" in asked.data else None,
                reason=asked.text("reason")[:2000],
                seconds=asked.seconds(),
            )
        except DecidedMeanwhile as error:
            return answer({"error": error, **_alone(asked, store, key)}, 409)
        return answer(_alone(asked, store, key, before.coding_id if before else None))


def _alone(asked: Asked, store: Store, key: int, before: int | None = None) -> dict[str, object]:
    """A suggestion as it is now, with the reviewer's own coding where it was changed. ``before``:
    the own coding of the decision before, which may have gone with it."""
    spans = [suggestion_alone(store, key)]
    newest = last_standing(store, key)
    book = codebook(store, run(store, suggestion(store, key).run_id).codebook_sha256)
    own_coding = newest.coding_id if newest else None
    if own_coding and (entry := coding_alone(store, own_coding, book, asked.who)):
        spans.append(entry)
    gone = [f"c{before}"] if before and before != own_coding else []
    return {"spans": spans, "gone": gone}


def _book(asked: Asked, study: Study, store: Store, key: int) -> Codebook:
    row, _ = chosen_run(asked, store, key)
    book = codebook(store, row.codebook_sha256) if row else None
    if book is None or book.resolve(asked.text("code")) is None:
        # No run, or a code that was added since. Read only then: reading it takes a while.
        book = current_codebook(study) or book
    if book is None:
        raise UserError("The codebook cannot be read.", hint="Look at the page “Codebook”.")
    return book


def _add(asked: Asked) -> Response:
    """A coding that was missed."""
    key = asked.path("key")
    with asked.desk.writing() as (study, store):
        text_of(store, key)
        book = _book(asked, study, store, key)
        made = own.add_missed(
            store,
            book,
            key,
            asked.text("code"),
            asked.number("start"),
            asked.number("end"),
            asked.who,
        )
        spans = [coding_alone(store, made.id, book, asked.who)]
        return answer({"spans": spans, "quote": made.quote, "exposure": made.exposure})


def _remove(asked: Asked) -> Response:
    with asked.desk.writing() as (study, store), store.transaction():
        gone = own.remove(store, asked.path("key"), asked.who)
        out, said = _code_with_it(study, store, gone.code, asked.who)
        return answer(
            {
                "spans": [],
                "gone": [f"c{gone.id}"],
                "code_gone": gone.code if out else "",
                "said": said,
            }
        )


def _code_with_it(study: Study, store: Store, code: str, who: str) -> tuple[bool, str]:
    """A code that she added while coding goes with its only coding. Whether it did, and what to
    say; nothing where the code was not made so."""
    added = [e for e in events(store, "code-added") if e.details.get("code") == code]
    book = current_codebook(study)
    there = book.by_id.get(code) if book else None
    if not added or added[-1].who != who or there is None:
        return False, ""
    stays = f"The code “{there.label}” stays in the codebook: "
    by_hand = " It can be taken out on the page “Codebook”."
    if there != Code(id=code, name=there.name):
        return False, stays + "somebody has written to it since." + by_hand
    if used := code_uses(store, code):
        return False, stays + f"it is used elsewhere ({', '.join(used)})." + by_hand
    file = study.codebook_file
    try:
        text = without_code(file.read_text(encoding="utf-8-sig"), code, str(file))
        after = parse_codebook(text, str(file))
    except UserError as error:
        return False, stays + f"{error.what} {error.hint}".strip()
    write_safely(file, text)
    record_codebook(store, after, text)
    record_event(store, "code-removed", f"{who} took the code “{code}” out again", who, code=code)
    return True, f"The code “{there.label}” is out of the codebook again."


def _new_code(asked: Asked) -> Response:
    """A code that the reader finds missing: it goes into the codebook file, at its end."""
    name = asked.text("name")[:120]
    if not name:
        raise UserError("A code needs a name.")
    with asked.desk.writing() as (study, store), store.transaction():
        file = study.codebook_file
        source = file.read_text(encoding="utf-8-sig")
        book = parse_codebook(source, str(file))
        code = Code(id=id_from_name(name, book), name=name, definition=asked.text("definition"))
        text = with_code(source, code, str(file))
        write_safely(file, text)
        record_codebook(store, parse_codebook(text, str(file)), text)
        record_event(
            store, "code-added", f"{asked.who} added the code “{code.id}”", asked.who, code=code.id
        )
    return answer(code)


# --- in bulk -------------------------------------------------------------------------------------


def _refuse_bulk(asked: Asked, store: Store, run_id: int) -> None:
    """How often the model gave a code says something of a transcript, and accepting says more."""
    meant = audited_transcripts(store, run_id) or run(store, run_id).transcripts
    refuse_unless_told(asked, store, *meant)


def _bulk_dialogue(asked: Asked) -> Response:
    """The evidence, and the button where it allows."""
    with asked.desk.writing() as (study, store):  # that it was looked at anew is on record
        row = run(store, int(asked.query("run", "0")))
        code = asked.query("code")
        _refuse_bulk(asked, store, row.id)
        audited = audited_transcripts(store, row.id)
        allowed = allowed_at_once(study, store, row.id, code, audited)
        book = codebook(store, row.codebook_sha256)
        return HTMLResponse(
            fragment(
                "bulk.html",
                allowed=allowed,
                audited=len(audited),
                run=row,
                code=code,
                label=book.by_id[code].label if code in book.by_id else code,
                figures=evidence.figures(allowed.verdict) if allowed.verdict else (),
                earlier=[
                    b
                    for b in bulk_decisions(store)
                    if b["run_id"] == row.id and b["code"] == code and not b["undone_at"]
                ],
            )
        )


def _bulk(asked: Asked) -> Response:
    with asked.desk.writing() as (study, store):
        number = asked.number("run")
        _refuse_bulk(asked, store, number)
        # Without an audit this names no transcript: all are meant, and that is refused.
        made = accept_at_once(
            study,
            store,
            number,
            asked.text("code"),
            transcripts=audited_transcripts(store, number),
            reviewer=asked.who,
        )
        return answer({"bulk": made.bulk_id, "accepted": made.accepted})


def _undo_bulk(asked: Asked) -> Response:
    with asked.desk.writing() as (_, store):
        return answer({"opened": in_bulk.undo(store, asked.path("key"), asked.who)})


ROUTES = (
    Route("/suggestions/{key:int}/decide", page(_decide), methods=["POST"]),
    Route("/transcripts/{key:int}/codings", page(_add), methods=["POST"]),
    Route("/codings/{key:int}/remove", page(_remove), methods=["POST"]),
    Route("/codes/new", page(_new_code), methods=["POST"]),
    Route("/bulk", page(_bulk_dialogue)),
    Route("/bulk", page(_bulk), methods=["POST"]),
    Route("/bulk/{key:int}/undo", page(_undo_bulk), methods=["POST"]),
)
