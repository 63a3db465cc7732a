"""The codebook as a text to edit, with what the model would be sent beside it.

Saving makes a new version; no version is ever changed. A mistake is shown with its line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from assistant.codebook.findings import Finding
from assistant.codebook.loading import load_codebook, parse_codebook, read_codebook_text
from assistant.coding.coding import CodeOptions
from assistant.coding.previewing import find_prompt, listed_prompts, preview_requests
from assistant.decisions.kept_back import kept_back
from assistant.errors import SecondCoderError, UserError
from assistant.guide.drafts import draft_of
from assistant.guide.shown import Shown, pasted_in, shown_by, shown_in
from assistant.interchange.study_codebook.beside_codings import check_study, derive_study
from assistant.interchange.study_codebook.editing import (
    SavedCodebook,
    codebook_text,
    save_codebook,
    text_hash,
)
from assistant.interchange.study_codebook.unknown_names import settle_name, unknown_names
from assistant.prompts.comparing import ChangedLine, changed_lines
from assistant.review.desk import Asked, NotThere, page
from assistant.review.pages.codes import marked
from assistant.review.pages.run_form import RunWanted
from assistant.review.pages.study import codes_of, just_stated, tell_once
from assistant.review.pages.work import plan
from assistant.review.rendering import answer, plain, render
from assistant.review.showing import record_examples, refuse_unless_told, show_examples
from assistant.store.database import Store
from assistant.store.decided.reviewing import shown_codings
from assistant.store.model.runs import runs
from assistant.store.texts.transcripts import transcript_infos
from assistant.store.versions import codebook as stored_codebook
from assistant.store.versions import codebook_source, codebook_versions
from assistant.store.versions import prompt as prompt_source
from assistant.study import Study

__all__ = ["NAV", "ROUTES", "line_of", "preview_of"]

NAV = (50, "Codebook", "/codebook")
_LINE = re.compile(r"line (\d+)")
_UNKNOWN = "unknown-code"


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
    if error is None:
        try:
            # Names that nobody knows have a list of their own, where each can be settled.
            file = str(study.codebook_file)  # is named above the text already
            findings = tuple(
                replace(f, where=f.where.removeprefix(file).lstrip(", "))
                for f in check_study(study, store).findings
                if f.kind != _UNKNOWN
            )
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
        refused=bool(seen),
        error=error,
        line=line_of(error),
        saved=saved,
        redefined=redefined,
        findings=findings,
        unknown=() if error else unknown_names(study, store, kept_back(store, asked.who)),
        codes=codes_of(study),
        stated=just_stated(asked),
        empty=empty,
        has_codings=bool(shown_codings(store)) if empty else False,
        infos=[i for i in transcript_infos(store) if not i.withdrawn],
        prompts=prompts,
        versions=codebook_versions(store)[::-1],
        version_pairs=[
            (v.sha256, f"{number}. {v.recorded_at[:16].replace('T', ' ')}, version {v.version}")
            for number, v in reversed(list(enumerate(codebook_versions(store), start=1)))
        ],
        file=study.config.codebook,
        runs=runs(store)[::-1],
    )


def _examples_of(store: Store, text: str) -> tuple[Shown, ...]:
    """Whose codings a codebook's text shows as examples. Where the text has mistakes, the newest
    version that was stored says what its examples are."""
    try:
        book = read_codebook_text(text, "").codebook
    except SecondCoderError:
        newest = next((v.sha256 for v in codebook_versions(store)[::-1]), "")
        found = shown_in(store, text, [stored_codebook(store, newest)]) if newest else ()
        return (*found, *pasted_in(store, text))
    return shown_by(store, [book])


def _show(asked: Asked) -> Response:
    # Examples are looked for in every interview: nobody else's decision waits for that.
    with asked.desk.reading() as (study, store):
        text = codebook_text(study)
        found = _examples_of(store, text)
        show_examples(asked, store, found, "codebook", "an example from it in the codebook")
        return _page(asked, study, store, text)


def _save(asked: Asked) -> Response:
    with asked.desk.writing() as (study, store):
        text = asked.form.get("text", "")
        text = text.replace("\r\n", "\n") if isinstance(text, str) else ""
        try:
            saved = save_codebook(study, store, text, asked.who, seen=asked.text("seen"))
        except SecondCoderError as error:
            return _page(asked, study, store, text, error=error, seen=asked.text("seen"))
    with asked.desk.reading() as (study, store):
        # The text is hers: it is shown back whatever it holds, or she would lose it.
        record_examples(asked, store, _examples_of(store, text), "codebook")
        return _page(asked, study, store, codebook_text(study), saved=saved)


def _settle(asked: Asked) -> Response:
    """A name that people used is another spelling of a code, or a code of its own."""
    code = asked.text("code") if asked.text("as") == "alias" else ""
    if asked.text("as") not in ("alias", "code") or (asked.text("as") == "alias" and not code):
        raise UserError(
            "Nothing was chosen.", hint="Write which code it is, or make it a code of its own."
        )
    with asked.desk.writing() as (study, store):
        tell_once(asked, settle_name(study, store, asked.text("name"), code, asked.who))
    return RedirectResponse("/codebook#unknown", 303)


def _derive(asked: Asked) -> Response:
    with asked.desk.writing() as (study, store):
        derive_study(study, store)
    back = asked.text("back")
    return RedirectResponse(back if back == "/start" else "/codebook", 303)


def preview_of(asked: Asked, draft: Study, store: Store, prompt: str) -> dict[str, object]:
    """One request as it would be sent, or why there is none.

    Others' codings in it, as examples, are on record before they are shown; raises `KeptBack` where
    she is to code one of their transcripts blind, or this one, and the request names likely codes.
    """
    infos = [i for i in transcript_infos(store) if not i.withdrawn]
    if not infos:
        raise UserError("There is no interview yet, so nothing can be shown.")
    wanted = str(asked.data.get("transcript", ""))
    key = int(wanted) if wanted.isdigit() else infos[0].id
    requests = preview_requests(draft, store, prompt, key)
    template = find_prompt(draft, store, requests[0].prompt)
    if template.strategy == "judge":
        refuse_unless_told(asked, store, key, what="which codes the model would be asked about")
    number = str(asked.data.get("chunk", "1"))
    chunk = min(max(int(number) if number.isdigit() else 1, 1), len(requests))
    total = sum(r.input_tokens for r in requests)
    request = requests[chunk - 1]
    words = f"{request.system}\n{request.user}"
    shown = [
        *shown_in(store, words, [load_codebook(draft.codebook_file)]),
        # The prompt's own words were on record when its page was opened; what she types is hers.
        *pasted_in(store, template.source, kept_back(store, asked.who)),
    ]
    others = [s for s in shown if s.transcript_id != key]
    show_examples(asked, store, others, "preview", "an example from it in this request")
    return {"request": plain(request), "chunk": chunk, "total_tokens": total}


def _draft(asked: Asked) -> Response:
    """What the text as it stands would send, and how it differs from a version."""
    text = str(asked.data.get("text", "")).replace("\r\n", "\n")
    found: dict[str, object] = {"error": None, "line": 0, "preview": None, "difference": None}
    with asked.desk.reading() as (study, store):
        version = asked.text("version")
        try:
            if version:
                lines, _, _ = changed_lines(codebook_source(store, version), text)
                shown = shown_in(store, _all(lines), [stored_codebook(store, version)])
                show_examples(asked, store, shown, "codebook", "an example from it in that version")
                found["difference"] = [{"line": x.line, "parts": marked(x.text)} for x in lines]
            parse_codebook(text, study.codebook_file.name)
            with draft_of(study, codebook=text) as draft:
                found["preview"] = preview_of(asked, draft, store, asked.text("prompt"))
        except SecondCoderError as error:
            found["error"], found["line"] = plain(error), line_of(error)
    return answer(found)


def _all(lines: Iterable[ChangedLine]) -> str:
    return "\n".join(x.text for x in lines)


def _compare(asked: Asked) -> Response:
    """Two stored versions of the codebook or of prompts, word by word."""
    kind = asked.query("kind", "codebook")
    versions = asked.query("old"), asked.query("new")
    with asked.desk.reading() as (_, store):
        read = codebook_source if kind == "codebook" else prompt_source
        try:
            texts = [read(store, version) for version in versions]
        except KeyError:
            raise NotThere("One of these versions is not there.") from None
        lines, gone, come = changed_lines(*texts)
        if kind == "codebook":
            books = [stored_codebook(store, version) for version in versions]
            shown = shown_in(store, _all(lines), books)
        else:
            shown = pasted_in(store, _all(lines))
        show_examples(asked, store, shown, "codebook", "an example from it in these texts")
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
    Route("/codebook/names", page(_settle), methods=["POST"]),
    Route("/codebook/draft", page(_draft), methods=["POST"]),
    Route("/difference", page(_compare)),
    Route("/try", page(_try)),
    Route("/try", page(_try_it), methods=["POST"]),
)
