"""First steps: from an empty folder to an evaluation that was read, one step after another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from assistant.codebook.loading import load_codebook
from assistant.codebook.records import Code
from assistant.counting import counted
from assistant.errors import SecondCoderError, UserError
from assistant.guide.next_steps import ENDPOINT_EVENT, definitions_wait, undefined_codes
from assistant.guide.settings_file import change_settings
from assistant.interchange.imports.asked import still_asked
from assistant.interchange.names.before_joining import likely_one
from assistant.llm.endpoint import endpoint_is_local
from assistant.review.desk import Asked, page
from assistant.review.pages.model import missing_weights
from assistant.review.pages.study import EXPOSURES, Known, everybody, just_stated, known, stated
from assistant.review.rendering import render
from assistant.store.measured.evidence import evaluations
from assistant.store.model.runs import runs
from assistant.store.trail.events import events, record_event
from assistant.study import create_study, open_study

__all__ = ["ROUTES"]


@dataclass(frozen=True)
class Step:
    id: str
    title: str
    done: bool
    said: str
    """Where it stands, in a few words."""


def _show(asked: Asked) -> Response:
    if not asked.desk.has_study:
        return render(
            asked, "start.html", steps=[], folder=str(asked.desk.folder.resolve()), open_step="make"
        )
    with asked.desk.reading() as (study, store):
        rows = [r for r in known(store) if not r.withdrawn]
        coders = stated(store, rows)
        people = everybody(store, rows)
        unknown = sorted({name for r in rows for name, _, e, _ in r.coders if e == "unknown"})
        problem: SecondCoderError | None = None
        code_list: tuple[Code, ...] = ()
        try:
            code_list = load_codebook(study.codebook_file).sent
        except SecondCoderError as error:
            problem = error
        undefined = undefined_codes(code_list)
        asked_before = still_asked(study, store)
        waiting = len({file.place for one in asked_before for file in one.files})
        there = runs(store)
        of_run = [e for e in evaluations(store, own=True) if e.run_id is not None]
        kinds = {e.kind for e in events(store)}
        endpoint = study.config.endpoint
        where = endpoint.base_url or "the model inside the program"
        consents = sorted({r.consent for r in rows})
        by_consent = [(c, [r.name for r in rows if r.consent == c]) for c in consents]
        looked = "looked-at-codes" in kinds or bool(there)
        chosen = ENDPOINT_EVENT in kinds or bool(there)
        steps = [
            Step("make", "Make a study", True, study.config.name),
            Step(
                "files",
                "Bring in files",
                bool(rows) and not waiting,
                _of_files(len(rows), waiting),
            ),
            Step(
                "seen",
                "Say who coded what, and what they had seen",
                bool(coders) and not unknown,
                ("not known of " + ", ".join(unknown)) if unknown else ", ".join(coders),
            ),
            Step(
                "codebook",
                "Check the codebook",
                bool(code_list) and not undefined,
                _of_codebook(len(code_list), len(undefined)),
            ),
            Step(
                "endpoint",
                "Say where the model is, and what participants agreed to",
                chosen,
                f"{where}; consent: {', '.join(consents) or '–'}",
            ),
            Step("look", "Look at people's codes", looked, ""),
            Step(
                "run",
                "Let the model code",
                any(r.status == "complete" for r in there),
                counted(len(there), "run") if there else "",
            ),
            Step("read", "Measure, and read the evaluation", bool(of_run), ""),
        ]
        wanted = asked.query("step")
        waits = not code_list or definitions_wait(len(undefined), gone_on=chosen)
        passed = set() if waits else {"codebook"}
        following = next((s.id for s in steps if not s.done and s.id not in passed), "read")
        open_step = wanted if wanted in {s.id for s in steps} else following
        return render(
            asked,
            "start.html",
            steps=steps,
            folder=str(study.folder),
            open_step=open_step,
            offer=missing_weights(study) if open_step in ("endpoint", "run") else None,
            asked_before=asked_before,
            rows=rows,
            coders=coders,
            people=people,
            likely_one=likely_one(people),
            exposures=EXPOSURES,
            seen_now=_seen_now(rows, coders),
            codes=len(code_list),
            code_list=code_list,
            undefined=undefined,
            problem=problem,
            endpoint=endpoint,
            consents=by_consent,
            stated=just_stated(asked),
            last_run=there[-1] if there else None,
            last=of_run[-1] if of_run else None,
        )


def _seen_now(rows: Sequence[Known], coders: Sequence[str]) -> dict[str, str]:
    """Coder -> what is recorded of all that she coded; without those of whom several things are, or
    nothing."""
    found = {
        name: {e for row in rows for who, _, e, _ in row.coders if who == name} for name in coders
    }
    return {name: min(of) for name, of in found.items() if len(of) == 1 and of != {"unknown"}}


def _of_files(transcripts: int, waiting: int) -> str:
    said = [counted(transcripts, "transcript")] if transcripts else []
    if waiting:
        said.append(f"of {counted(waiting, 'file')} something was asked that is not answered")
    return "; ".join(said)


def _of_codebook(codes: int, undefined: int) -> str:
    if not codes:
        return ""
    said = counted(codes, "code")
    return f"{said}, {undefined} of them without a definition" if undefined else said


def _make(asked: Asked) -> Response:
    with asked.desk.writing_lock:
        study = create_study(asked.desk.folder, name=asked.text("name")[:120])
    with asked.desk.writing() as (_, store):
        record_event(store, "study", f"The study “{study.config.name}” was made", asked.who)
    return RedirectResponse("/start", 303)


def _endpoint(asked: Asked) -> Response:
    """Where the model is: written into study.toml, whose other lines stay."""
    where = asked.text("where")
    if where == "embedded":
        values: dict[str, str | int | float | bool | None] = {"base_url": "", "model": ""}
    elif where == "server":
        address = asked.text("base_url")
        parts = urlsplit(address)
        if parts.scheme not in ("http", "https") or not parts.netloc:
            raise UserError(
                f"“{address}” is not the address of an endpoint.",
                hint="Write it in full, such as http://localhost:11434/v1.",
            )
        model, processor = asked.text("model"), asked.text("processor")
        if not model:
            raise UserError("The model has no name.", hint="Write the name that the server knows.")
        if not endpoint_is_local(address) and not processor:
            raise UserError(
                "This model is on another computer, and nobody said whose.",
                hint="Write the name of the company or institution: participants' consent is given "
                "to it by that name.",
            )
        values = {
            "base_url": address,
            "model": model,
            "api_key_env": asked.text("api_key_env"),
            "processor": processor,
        }
        for name in ("price_in", "price_out"):
            if name in asked.form:
                given = asked.text(name).replace(",", ".")
                try:
                    values[name] = float(given) if given else None
                except ValueError:
                    raise UserError(
                        f"The price “{given}” is not a number.",
                        hint="Write it as 0.15, in money for a million tokens.",
                    ) from None
    else:
        raise UserError("Choose where the model is.", hint="Inside the program, or at an address.")
    with asked.desk.writing() as (study, store), store.transaction():
        change_settings(study.folder, "endpoint", values)
        open_study(study.folder)
        record_event(
            store,
            ENDPOINT_EVENT,
            f"The model is at {values['base_url'] or 'this computer, inside the program'}",
            asked.who,
        )
    return RedirectResponse("/start?step=endpoint" if asked.text("stay") else "/start", 303)


def _looked(asked: Asked) -> Response:
    with asked.desk.writing() as (_, store):
        record_event(store, "looked-at-codes", f"{asked.who} looked at people's codes", asked.who)
    return RedirectResponse("/start", 303)


ROUTES = (
    Route("/start", page(_show)),
    Route("/start/make", page(_make), methods=["POST"]),
    Route("/start/endpoint", page(_endpoint), methods=["POST"]),
    Route("/start/looked", page(_looked), methods=["POST"]),
)
