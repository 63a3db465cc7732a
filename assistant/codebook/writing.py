"""Write a codebook as YAML that people edit.

What is written and read again is the same codebook: same hash, whatever its texts hold. Long texts
stand over several lines, fields that say nothing are left out, comments can be given for the top
and for each code. (A file that people have edited is never rewritten: their comments are theirs.)
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedSeq
from ruamel.yaml.scalarstring import (
    DoubleQuotedScalarString,
    FoldedScalarString,
    LiteralScalarString,
)

from assistant.codebook.records import Code, Codebook, Example
from assistant.writing import write_whole

__all__ = ["codebook_yaml", "comment_lines", "write_codebook"]

_WIDTH = 96
# Words that an older YAML takes for something else than text; quoted, every tool reads them alike.
_QUOTED = re.compile(
    r"(y|n|yes|no|on|off|true|false|null|~|[-+.\d][-+.\d_:eExXoO]*)", re.IGNORECASE
)


def codebook_yaml(
    codebook: Codebook,
    *,
    header: Sequence[str] = (),
    code_comments: Mapping[str, Sequence[str]] | None = None,
    empty_definitions: bool = False,
) -> str:
    """The codebook as YAML.

    ``header`` and ``code_comments`` (by code id) are lines without the ``#``. With
    ``empty_definitions`` a code without a definition gets an empty field to fill in.
    """
    top: dict[str, Any] = {"name": _scalar(codebook.name), "version": _scalar(codebook.version)}
    if codebook.families:
        top["families"] = {_scalar(k): _scalar(v) for k, v in codebook.families.items()}
    if codebook.ignore:
        top["ignore"] = [
            {"pattern": _scalar(rule.pattern), "why": _scalar(rule.why)}
            if rule.why
            else _scalar(rule.pattern)
            for rule in codebook.ignore
        ]
    parts = [comment_lines(header), _dump(top)]
    if not codebook.codes:
        parts.append("codes: []\n")
        return "".join(parts)
    parts.append("codes:\n")
    for code in codebook.codes:
        parts.append(comment_lines((code_comments or {}).get(code.id, ()), "  "))
        entry = _code(code)
        if empty_definitions and not code.definition:
            # Written as a field without a value, right behind the id.
            entry = {"id": entry.pop("id"), "definition": None, **entry}
        parts.append(_dump([entry]))
    return "".join(parts)


def write_codebook(path: Path, codebook: Codebook, *, header: Sequence[str] = ()) -> None:
    """Write the codebook to a file, replacing what is there."""
    write_whole(path, codebook_yaml(codebook, header=header))


def comment_lines(lines: Sequence[str], indent: str = "") -> str:
    """Lines as YAML comments; a line end inside one cannot end the comment."""
    flat = [line for text in lines for line in (text.splitlines() or [""])]
    return "".join(f"{indent}# {_printable(line)}".rstrip() + "\n" for line in flat)


def _code(code: Code) -> dict[str, Any]:
    entry: dict[str, Any] = {"id": _scalar(code.id)}
    for field in ("name", "family", "parent", "definition", "include", "exclude"):
        value = getattr(code, field)
        if value:
            entry[field] = _scalar(value)
    for field in ("aliases", "exclusive_with"):
        values = getattr(code, field)
        if values:
            entry[field] = _flow(values)
    for field in ("kind", "unit"):
        value = getattr(code, field)
        if value != Code.model_fields[field].default:
            entry[field] = value
    if code.examples:
        entry["examples"] = [_example(example) for example in code.examples]
    return entry


def _example(example: Example) -> Any:
    if not example.transcript and example.applies:
        return _scalar(example.text)
    entry: dict[str, Any] = {"text": _scalar(example.text)}
    if example.transcript:
        entry["transcript"] = _scalar(example.transcript)
    if not example.applies:
        entry["applies"] = False
    return entry


def _flow(values: Sequence[str]) -> CommentedSeq:
    sequence = CommentedSeq(_scalar(value) for value in values)
    sequence.fa.set_flow_style()
    return sequence


def _scalar(text: str) -> Any:
    """The text in the style that is easiest to edit and still reads back as the same text."""
    if any(not _plain_character(c) for c in text) or text != text.strip() or not text:
        return DoubleQuotedScalarString(text)
    if "\n" in text:
        lines = text.split("\n")
        if any(line != line.strip() for line in lines):
            return DoubleQuotedScalarString(text)
        return LiteralScalarString(text)
    if _QUOTED.fullmatch(text):
        return DoubleQuotedScalarString(text)
    if len(text) > 72 and "  " not in text:
        return FoldedScalarString(text)
    return text


def _plain_character(c: str) -> bool:
    # Line ends other than \n, byte order marks and unprintable characters need escapes.
    return c == "\n" or (c.isprintable() and c not in "\ufeff\x85\u2028\u2029" and ord(c) <= 0xFFFF)


def _printable(line: str) -> str:
    return "".join(c if c.isprintable() or c == "\t" else "?" for c in line)


def _dump(value: Any) -> str:
    yaml = YAML(typ="rt", pure=True)
    yaml.width = _WIDTH
    yaml.allow_unicode = True
    yaml.indent(mapping=2, sequence=4, offset=2)
    stream = io.StringIO()
    yaml.dump(value, stream)
    return stream.getvalue()
