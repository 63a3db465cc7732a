"""Read a prompt version from a Markdown file.

A file is front matter between two lines ``---`` (``id``, ``purpose``, ``strategy``), then two
templates, each under a line of its own: ``## system`` and ``## user``. A prompt that loads has both
templates and their syntax is right; whether its variables exist is known when it is rendered.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import cast, get_args

from assistant.codebook.yaml_nodes import NodeReader, compose, read_text_file
from assistant.errors import UserError
from assistant.hashing import hash_text
from assistant.prompts.layout import split_prompt
from assistant.prompts.records import Prompt, Strategy
from assistant.prompts.rendering import check_syntax

__all__ = ["list_prompts", "load_prompt", "parse_prompt"]

_FIELDS = ("id", "purpose", "strategy")


def load_prompt(path: Path) -> Prompt:
    """Read one prompt version.

    Raises `UserError` naming file and line when it is not there, has another shape, or a template
    in it cannot be read.
    """
    return parse_prompt(read_text_file(path, "prompt"), str(path))


def parse_prompt(text: str, where: str) -> Prompt:
    """Read a prompt from its text; ``where`` names its file. Errors as `load_prompt`."""
    source = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    split = split_prompt(source, where)
    reader = NodeReader(where, first_line=2)
    values = dict.fromkeys(_FIELDS, "")
    root = compose(split.matter, where, first_line=2)
    entries = reader.entries(root, "", _FIELDS) if root is not None else {}
    for name in _FIELDS:
        if name not in entries:
            reader.problem(
                1, name, f"The front matter has no “{name}”.", f"Add a line “{name}: …”."
            )
            continue
        line, node = entries[name]
        values[name] = reader.text(node, name, required=True, line=line)
    strategies = get_args(Strategy)
    if values["strategy"]:
        reader.choice(entries["strategy"].value, "strategy", strategies)
    if values["id"] and not re.fullmatch(r"[\w.-]+", values["id"]):
        reader.problem(
            entries["id"].line,
            "id",
            "The id has spaces or signs in it.",
            "Use letters, digits, hyphens, underscores and full stops.",
        )
    reader.raise_problems("The prompt's front matter")
    prompt = Prompt(
        id=values["id"],
        purpose=values["purpose"],
        strategy=cast(Strategy, values["strategy"]),
        source=source,
        system=split.parts["system"],
        user=split.parts["user"],
        sha256=hash_text(source),
    )
    check_syntax(prompt, where)
    return prompt


def list_prompts(folder: Path) -> tuple[Prompt, ...]:
    """All prompt versions in a folder, by file name; files called README are passed over.

    Raises `UserError` when one of them cannot be read, or when two have the same id.
    """
    files = sorted(f for f in folder.glob("*.md") if f.stem.lower() != "readme")
    prompts = [load_prompt(file) for file in files]
    first: dict[str, Path] = {}
    for file, prompt in zip(files, prompts, strict=True):
        if prompt.id in first:
            raise UserError(
                f"Two prompts have the id “{prompt.id}”.",
                where=f"{first[prompt.id]} and {file}",
                hint="Change the id in the front matter of one of them.",
            )
        first[prompt.id] = file
    return tuple(prompts)
