"""Saving a prompt from a page: a new file with a new id and hash, never a changed old one."""

from __future__ import annotations

from assistant.errors import SecondCoderError, UserError
from assistant.interchange.study_codebook.editing import write_text
from assistant.prompts.loading import load_prompt, parse_prompt
from assistant.prompts.records import Prompt
from assistant.store.database import Store
from assistant.store.trail.events import record_event
from assistant.store.versions import record_prompt
from assistant.study import Study

__all__ = ["save_prompt"]


def save_prompt(study: Study, store: Store, name: str, text: str, who: str) -> Prompt:
    """Save a prompt as a new file of the study's ``prompts/``. Raises `UserError` for mistakes in
    it and when a file or id of that name is there: an old version is never changed."""
    if not name or any(c in name for c in '/\\:*?"<>|\n') or name.startswith("."):
        raise UserError(
            f"“{name}” cannot be the name of a prompt.", hint="Use letters, digits and hyphens."
        )
    path = study.prompts_folder / f"{name}.md"
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    made = parse_prompt(text, path.name)
    with store.transaction():  # two that save at once must not take the same name
        for file in sorted(study.prompts_folder.glob("*.md")):
            if file.stem.lower() == "readme":
                continue
            try:
                taken = load_prompt(file)
            except SecondCoderError:
                continue
            if taken.id == made.id or file.stem.casefold() == name.casefold():
                raise UserError(
                    f"There is a prompt “{taken.id}” already, in {file.name}. Nothing was saved.",
                    hint="Saving makes a new version: give it another name, and another id in its "
                    "first lines.",
                )
        write_text(path, text)
        record_prompt(store, made)
        record_event(store, "prompt", f"{who} saved the prompt {made.id}", who, new=made.sha256)
    return made
