"""The codebook as a text to edit, with what the model would be sent beside it.

Saving makes a new version; no version is ever changed. A mistake is shown with its line.
"""

from __future__ import annotations

import re

from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from assistant.codebook.checking import Finding
from assistant.codebook.loading import parse_codebook
from assistant.coding.coding import CodeOptions
from assistant.coding.previewing import listed_prompts, preview_requests
from assistant.errors import SecondCoderError, UserError
from assistant.guide.drafts import draft_of
from assistant.interchange.codebooks import check_study, derive_study
from assistant.interchange.editing import SavedCodebook, codebook_text, save_codebook, text_hash
from assistant.prompts.comparing import changed_lines
from assistant.review.desk import Asked, NotThere, page
from assistant.review.pages.codes import marked
from assistant.review.pages.work import RunWanted, plan
from assistant.review.rendering import answer, plain, render
from assistant.store.codings import codings
from assistant.store.database import Store
from assistant.store.runs import runs
from assistant.store.transcripts import transcript_infos
from assistant.store.versions import codebook_source, codebook_versions
from assistant.store.versions import prompt as prompt_source
from assistant.study import Study

__all__ = ["NAV", "ROUTES", "line_of", "preview_of"]

NAV = (50, "Codebook", "/codebook")
_LINE = re.compile(r"line (\d+)")


def line_of(error: SecondCoderError | None) -> int:
    """The first line that a message names; 0: none."""
    found = _LINE.search(f"{error.where} {error.what}") if error else None
    return int(found[1]) if found else 0


def _page(
    asked: Asked,
    study: Study,
    store: Store,
    text: str,
    *,
    error: SecondCoderError | None = None,
    saved: SavedCodebook | None = None,
    seen: str = "",
) -> Response:
    there = codebook_text(study)
    findings: tuple[Finding, ...] = ()
    unknown: tuple[object, ...] = ()
    if error is None:
        try:
            checked = check_study(study, store)
            findings, unknown = checked.findings, checked.unknown
        except SecondCoderError as found:
            error = found
    try:
        prompts = [p for p in listed_prompts(study, store) if p.file]
    except SecondCoderError:
        prompts = []
    try:
        empty = not parse_codebook(there, "").codes if there else True
    except SecondCoderError:
        empty = False
    redefined = [
        code
        for o in (saved.operations if saved else ())
        if o.op in ("redefine", "split")
        for code in o.codes
    ]
    return render(
        asked,
        "codebook.html",
        status=400 if error is not None and seen else 200,
        here="/codebook",
        text=text,
        seen=seen or text_hash(there),
        error=error,
        line=line_of(error),
        saved=saved,
        redefined=redefined,
        findings=findings,
        unknown=unknown,
        empty=empty,
        has_codings=bool(codings(store)) if empty else False,
        infos=[i for i in transcript_infos(store) if not i.withdrawn],
        prompts=prompts,
        versions=codebook_versions(store)[::-1],
        version_pairs=[
            (v.sha256, f"{v.recorded_at[:16].replace('T', ' ')}, version {v.version}")
            for v in codebook_versions(store)[::-1]
        ],
        file=study.config.codebook,
        runs=runs(store)[::-1],
    )


def _show(asked: Asked) -> Response:
    with asked.desk.reading() as (study, store):
        return _page(asked, study, store, codebook_text(study))


def _save(asked: Asked) -> Response:
    with asked.desk.writing() as (study, store):
        text = asked.form.get("text", "")
        text = text.replace("\r\n", "\n") if isinstance(text, str) else ""
        try:
            saved = save_codebook(study, store, text, asked.who, seen=asked.text("seen"))
        except SecondCoderError as error:
            return _page(asked, study, store, text, error=error, seen=asked.text("seen"))
        return _page(asked, study, store, codebook_text(study), saved=saved)


def _derive(asked: Asked) -> Response:
    with asked.desk.writing() as (study, store):
        derive_study(study, store)
    back = asked.text("back")
    return RedirectResponse(back if back == "/start" else "/codebook", 303)


def preview_of(asked: Asked, draft: Study, store: Store, prompt: str) -> dict[str, object]:
    """One request as it would be sent, or why there is none."""
    infos = [i for i in transcript_infos(store) if not i.withdrawn]
    if not infos:
        raise UserError("There is no interview yet, so nothing can be shown.")
    wanted = str(asked.data.get("transcript", ""))
    key = int(wanted) if wanted.isdigit() else infos[0].id
    requests = preview_requests(draft, store, prompt, key)
    number = str(asked.data.get("chunk", "1"))
    chunk = min(max(int(number) if number.isdigit() else 1, 1), len(requests))
    total = sum(r.input_tokens for r in requests)
    return {"request": plain(requests[chunk - 1]), "chunk": chunk, "total_tokens": total}


def _draft(asked: Asked) -> Response:
    """What the text as it stands would send, and how it differs from a version."""
    text = str(asked.data.get("text", "")).replace("\r\n", "\n")
    found: dict[str, object] = {"error": None, "line": 0, "preview": None, "difference": None}
    with asked.desk.reading() as (study, store):
        version = asked.text("version")
        if version:
            found["difference"] = _difference(codebook_source(store, version), text)
        try:
            parse_codebook(text, study.codebook_file.name)
            with draft_of(study, codebook=text) as draft:
                found["preview"] = preview_of(asked, draft, store, asked.text("prompt"))
        except SecondCoderError as error:
            found["error"], found["line"] = plain(error), line_of(error)
    return answer(found)


def _difference(old: str, new: str) -> list[dict[str, object]]:
    lines, _, _ = changed_lines(old, new)
    return [{"line": x.line, "parts": marked(x.text)} for x in lines]


def _compare(asked: Asked) -> Response:
    """Two stored versions of the codebook or of prompts, word by word."""
    kind = asked.query("kind", "codebook")
    with asked.desk.reading() as (_, store):
        read = codebook_source if kind == "codebook" else prompt_source
        try:
            texts = [read(store, asked.query(name)) for name in ("old", "new")]
        except KeyError:
            raise NotThere("One of these versions is not there.") from None
        lines, gone, come = changed_lines(*texts)
        return render(
            asked,
            "difference.html",
            here="/codebook" if kind == "codebook" else "/prompts",
            kind=kind,
            lines=[(f"line {x.line}", marked(x.text)) for x in lines],
            gone=gone,
            come=come,
        )


def _try(asked: Asked) -> Response:
    """Choose the run that the new one is set beside."""
    with asked.desk.reading() as (study, store):
        there = runs(store)
        names = {i.id: i.name for i in transcript_infos(store) if not i.withdrawn}
        return render(
            asked,
            "try.html",
            here="/runs",
            runs=there[::-1],
            names=names,
            prompts=[p for p in listed_prompts(study, store) if p.file],
            prompt=asked.query("prompt"),
        )


def _try_it(asked: Asked) -> Response:
    with asked.desk.reading() as (_, store):
        base = next((r for r in runs(store) if str(r.id) == asked.text("base")), None)
        if base is None:
            raise UserError("There is no such run.", hint="Choose a run to set it beside.")
        gone = {i.id for i in transcript_infos(store) if i.withdrawn}
        keys = tuple(k for k in base.transcripts if k not in gone)
        model = str(base.header.get("model_asked", ""))
        recipe = base.header.get("recipe", {})
        same = asked.text("prompt") or str(recipe.get("prompt_id", ""))
    wanted = RunWanted(
        CodeOptions(transcripts=keys, repeat=base.repeat, prompt=same, model=model),
        compare_with=base.id,
    )
    return plan(
        asked,
        wanted,
        f"The transcripts of run {base.id} are coded again, each without examples from itself and "
        "calibrated on others: out of sample. What is asked in the same words is not asked again.",
    )


ROUTES = (
    Route("/codebook", page(_show)),
    Route("/codebook", page(_save), methods=["POST"]),
    Route("/codebook/derive", page(_derive), methods=["POST"]),
    Route("/codebook/draft", page(_draft), methods=["POST"]),
    Route("/difference", page(_compare)),
    Route("/try", page(_try)),
    Route("/try", page(_try_it), methods=["POST"]),
)
