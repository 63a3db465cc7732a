"""Change settings in ``study.toml`` and leave every other line, comments too, as it stands.

The new text is read again: it says what was wanted and nothing else changed, or it is not written.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path

from assistant.errors import UserError
from assistant.interchange.study_codebook.editing import write_text
from assistant.study import StudyConfig

__all__ = ["change_settings", "with_settings"]

Value = str | int | float | bool | None
"""None: not set any more; its line stays as a comment."""


def with_settings(text: str, section: str, values: Mapping[str, Value]) -> str:
    """The file's text with these settings in ``[section]``. Raises `UserError`."""
    lines = text.split("\n")
    header = f"[{section}]"
    start = next((n for n, line in enumerate(lines) if line.split("#")[0].strip() == header), None)
    if start is None:
        while lines and not lines[-1].strip():
            lines.pop()
        lines += ["", header, ""]
        start = len(lines) - 2
    for key, value in values.items():
        end = next(
            (n for n in range(start + 1, len(lines)) if lines[n].lstrip().startswith("[")),
            len(lines),
        )
        there = [n for n in range(start + 1, end) if re.match(rf"\s*{key}\s*=", lines[n])]
        shown = [n for n in range(start + 1, end) if re.match(rf"\s*#\s*{key}\s*=", lines[n])]
        if value is None:
            for n in there:
                lines[n] = f"# {lines[n].lstrip()}"
            continue
        line = f"{key} = {_written(value)}"
        if there:
            lines[there[0]] = line
        elif shown:
            lines[shown[0]] = line
        else:
            lines.insert(start + 1, line)
    made = "\n".join(lines)
    before, after = tomllib.loads(text), tomllib.loads(made)
    wanted = before.setdefault(section, {})
    wanted.update(values)
    before[section] = {key: value for key, value in wanted.items() if value is not None}
    if before != after:
        raise UserError(
            "study.toml cannot be changed here without touching other lines of it.",
            hint=f"Change the section {header} in the file itself.",
        )
    return made


def change_settings(folder: Path, section: str, values: Mapping[str, Value]) -> None:
    """Write settings into the study's file. Raises `UserError` where a value cannot be."""
    file = folder / "study.toml"
    text = file.read_text(encoding="utf-8-sig").replace("\r\n", "\n")
    try:
        made = with_settings(text, section, values)
        StudyConfig.model_validate(tomllib.loads(made))
    except (tomllib.TOMLDecodeError, ValueError) as error:
        raise UserError(
            "These settings do not fit into study.toml; nothing was changed.",
            where=str(file),
            hint=str(error).splitlines()[-1][:200],
        ) from error
    write_text(file, made)


def _written(value: str | int | float | bool) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    # JSON's strings are TOML's basic strings, but for characters that neither needs here.
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else str(value)
