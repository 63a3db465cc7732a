"""Where the parts of a prompt's file are: front matter, ``## system``, ``## user``.

Kept apart from loading because messages about a template need its line in the file, also long
after the file was read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.errors import UserError
from assistant.prompts.records import Prompt

__all__ = ["PARTS", "Layout", "part_line", "split_prompt"]

PARTS = ("system", "user")
_SHAPE = (
    "A prompt begins with ---, then id, purpose and strategy, then --- again, then a line "
    "“## system” with its text and a line “## user” with its text."
)


@dataclass(frozen=True)
class Layout:
    matter: str
    """The front matter, without its ``---``; it begins in line 2."""
    parts: dict[str, str]
    lines: dict[str, int]
    """Line of the file at which each part's text begins."""


def part_line(prompt: Prompt, part: str) -> int:
    """The line of the prompt's file at which the template ``part`` begins."""
    return split_prompt(prompt.source, "").lines[part]


def split_prompt(source: str, where: str) -> Layout:
    """The parts of a prompt's text. Raises `UserError` naming the line when one is missing, empty
    or there twice.
    """
    lines = source.split("\n")
    if lines[0].rstrip() != "---":
        raise UserError("The prompt has no front matter.", where=f"{where}, line 1", hint=_SHAPE)
    closing = next((n for n, line in enumerate(lines[1:], 1) if line.rstrip() == "---"), None)
    if closing is None:
        raise UserError("The front matter is not closed.", where=f"{where}, line 1", hint=_SHAPE)
    headings: dict[str, int] = {}
    for number, line in enumerate(lines[closing + 1 :], closing + 1):
        match = re.fullmatch(r"##[ \t]+(\w+)[ \t]*", line)
        part = match.group(1).lower() if match else ""
        if part not in PARTS:
            if not headings and line.strip():
                raise UserError(
                    "There is text before “## system”.",
                    where=f"{where}, line {number + 1}",
                    hint="Put it under one of the two headings, or into “purpose” above.",
                )
            continue
        if part in headings:
            raise UserError(
                f"“## {part}” stands here twice; the first is in line {headings[part] + 1}.",
                where=f"{where}, line {number + 1}",
                hint="Keep one of the two, or use another heading inside a text.",
            )
        headings[part] = number
    missing = [part for part in PARTS if part not in headings]
    if missing or headings["user"] < headings["system"]:
        what = f"There is no line “## {missing[0]}”." if missing else "“## user” comes first."
        raise UserError(what, where=f"{where}, line {closing + 1}", hint=_SHAPE)
    system, user = headings["system"], headings["user"]
    parts = {"system": lines[system + 1 : user], "user": lines[user + 1 :]}
    for part, body in parts.items():
        if not "".join(body).strip():
            raise UserError(
                f"“## {part}” has no text.",
                where=f"{where}, line {headings[part] + 1}",
                hint=_SHAPE,
            )
    # Blank lines around a template are layout of the file, not of the prompt.
    texts = {part: "\n".join(body) for part, body in parts.items()}
    leading = {part: len(text) - len(text.lstrip("\n")) for part, text in texts.items()}
    return Layout(
        matter="\n".join(lines[1:closing]),
        parts={part: text.strip("\n") for part, text in texts.items()},
        lines={part: headings[part] + 2 + leading[part] for part in PARTS},
    )
