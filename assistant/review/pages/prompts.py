"""Prompts: what the model is told, to edit with the request beside it. Saving makes a new one."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import Route

from assistant.coding.previewing import find_prompt, listed_prompts, variables_of
from assistant.errors import SecondCoderError
from assistant.guide.drafts import draft_of
from assistant.guide.saving import save_prompt
from assistant.guide.shown import pasted_in
from assistant.prompts.comparing import changed_lines
from assistant.prompts.loading import parse_prompt
from assistant.prompts.records import Prompt
from assistant.review.desk import Asked, page
from assistant.review.pages.codebook import line_of, preview_of
from assistant.review.pages.codes import marked
from assistant.review.rendering import answer, plain, render
from assistant.review.showing import show_examples
from assistant.store.database import Store
from assistant.store.model.runs import runs
from assistant.store.texts.transcripts import transcript_infos
from assistant.study import Study

__all__ = ["NAV", "ROUTES"]

NAV = (55, "Prompts", "/prompts")


def _list(asked: Asked) -> Response:
    with asked.desk.reading() as (study, store):
        return render(asked, "prompts.html", prompts=listed_prompts(study, store))


def _free_name(study: Study, name: str) -> str:
    """The name with the next number that no file has."""
    base = name.rstrip("0123456789")
    number = int(name[len(base) :] or 1) + 1
    while (study.prompts_folder / f"{base}{number}.md").exists():
        number += 1
    return f"{base}{number}"


def _page(
    asked: Asked,
    study: Study,
    store: Store,
    found: Prompt,
    text: str,
    *,
    name: str = "",
    error: SecondCoderError | None = None,
    saved: str = "",
) -> Response:
    return render(
        asked,
        "prompt.html",
        status=400 if error is not None else 200,
        here="/prompts",
        prompt=found,
        text=text,
        name=name or _free_name(study, found.id),
        error=error,
        refused=error is not None,
        line=line_of(error),
        saved=saved,
        variables=variables_of(found),
        version_pairs=[
            (p.sha256, p.id + ("" if p.file else " (earlier)"))
            for p in listed_prompts(study, store)
        ],
        infos=[i for i in transcript_infos(store) if not i.withdrawn],
        runs=runs(store)[::-1],
    )


def _show(asked: Asked) -> Response:
    with asked.desk.reading() as (study, store):
        found = find_prompt(study, store, asked.path("key"))
        pasted = pasted_in(store, found.source)
        show_examples(asked, store, pasted, "prompt", "a passage of it in this prompt")
        return _page(asked, study, store, found, found.source, saved=asked.query("saved"))


def _save(asked: Asked) -> Response:
    with asked.desk.writing() as (study, store):
        found = find_prompt(study, store, asked.path("key"))
        raw = asked.form.get("text", "")
        text = raw.replace("\r\n", "\n") if isinstance(raw, str) else ""
        name = asked.text("name")
        try:
            made = save_prompt(study, store, name, _with_id(text, found, name), asked.who)
        except SecondCoderError as error:
            return _page(asked, study, store, found, text, name=name, error=error)
        return _page(asked, study, store, made, made.source, saved=made.id)


def _with_id(text: str, old: Prompt, name: str) -> str:
    """The text with the new name as its id, where it still has the old one."""
    lines = text.split("\n")
    for number, line in enumerate(lines[:40]):
        if number and line.strip() == "---":
            break
        key, colon, value = line.partition(":")
        if colon and key.strip() == "id" and value.strip().strip("\"'") == old.id:
            lines[number] = f"id: {name}"
            break
    return "\n".join(lines)


def _draft(asked: Asked) -> Response:
    """What the text as it stands would send, and how it differs from another version."""
    text = str(asked.data.get("text", "")).replace("\r\n", "\n")
    shown: dict[str, object] = {"error": None, "line": 0, "preview": None, "difference": None}
    with asked.desk.reading() as (study, store):
        try:
            if version := asked.text("version"):
                old = find_prompt(study, store, version).source
                lines, _, _ = changed_lines(old, text)
                pasted = pasted_in(store, "\n".join(x.text for x in lines))
                show_examples(asked, store, pasted, "prompt", "a passage of it in that version")
                shown["difference"] = [{"line": x.line, "parts": marked(x.text)} for x in lines]
            draft_text = text.replace("\r", "")
            made = parse_prompt(draft_text, "this prompt")
            # Under a name and id of its own, so that it is taken for no other prompt.
            draft_text = _with_id(draft_text, made, "draft-to-look-at")
            with draft_of(study, prompt=("draft-to-look-at", draft_text)) as draft:
                shown["preview"] = preview_of(asked, draft, store, "draft-to-look-at")
        except SecondCoderError as error:
            shown["error"], shown["line"] = plain(error), line_of(error)
    return answer(shown)


ROUTES = (
    Route("/prompts", page(_list)),
    Route("/prompts/draft", page(_draft), methods=["POST"]),
    Route("/prompts/{key}", page(_show)),
    Route("/prompts/{key}", page(_save), methods=["POST"]),
)
