"""Change one field of one code in a codebook file that people edit; every other line stays.

The new text is read again and compared: it is the old codebook with this field changed, or nothing
is given back.
"""

from __future__ import annotations

from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from assistant.codebook.loading import parse_codebook
from assistant.codebook.records import Code, Codebook
from assistant.codebook.writing import codebook_yaml
from assistant.codebook.yaml_nodes import compose
from assistant.errors import UserError

__all__ = ["FIELDS", "with_alias", "with_field", "with_rule"]

FIELDS = ("definition", "include", "exclude")


def with_rule(source: str, code_id: str, field: str, rule: str, where: str) -> str:
    """The file's text with a sentence more in a field of a code. Errors as `with_field`."""
    book = parse_codebook(source, where)
    if code_id not in book.by_id:
        raise UserError(f"The codebook has no code “{code_id}”.", where=where)
    old = str(getattr(book.by_id[code_id], field, ""))
    end = "" if old.endswith((".", "!", "?", ":", ";")) else "."
    return with_field(
        source, code_id, field, f"{old}{end} {rule.strip()}" if old else rule.strip(), where
    )


def with_field(source: str, code_id: str, field: str, value: str, where: str) -> str:
    """The file's text with another value for ``field`` (one of `FIELDS`) of a code.

    Raises `UserError` when the file cannot be read, has no such code, or is written in a way that
    the field cannot be changed without touching other lines.
    """
    if field not in FIELDS:
        raise UserError(f"“{field}” is no field that can be changed here.")
    return _with(source, code_id, field, value, where)


def with_alias(source: str, code_id: str, alias: str, where: str) -> str:
    """The file's text with one more name that leads to a code. Errors as `with_field`; comments
    among the code's other aliases are not lost: then nothing is given back."""
    book = parse_codebook(source, where)
    there = book.by_id[code_id].aliases if code_id in book.by_id else ()
    text = _with(source, code_id, "aliases", (*there, alias), where)
    if source.count("#") > text.count("#") - alias.count("#"):
        raise _unchangeable(where)
    return text


def _with(source: str, code_id: str, field: str, value: str | tuple[str, ...], where: str) -> str:
    old = parse_codebook(source, where)
    if code_id not in old.by_id:
        raise UserError(f"The codebook has no code “{code_id}”.", where=where)
    codes = tuple(c.model_copy(update={field: value}) if c.id == code_id else c for c in old.codes)
    wanted = old.model_copy(update={"codes": codes})
    for text in _tries(source, code_id, field, value, where):
        try:
            if parse_codebook(text, where).model_dump() == wanted.model_dump():
                return text
        except UserError:
            continue
    raise _unchangeable(where)


def _unchangeable(where: str) -> UserError:
    return UserError(
        "This field cannot be changed here without touching other lines of the file.",
        where=where,
        hint="Change it in the text of the codebook.",
    )


def _tries(
    source: str, code_id: str, field: str, value: str | tuple[str, ...], where: str
) -> list[str]:
    root = compose(source, where)
    node = _value(root, "codes")
    if not isinstance(node, SequenceNode) or node.flow_style:
        return []
    entry = next(
        (n for n in node.value if isinstance(n, MappingNode) and _text(_value(n, "id")) == code_id),
        None,
    )
    if entry is None or entry.flow_style:
        return []
    lines = source.split("\n")
    new = _lines(field, value, entry.start_mark.column)
    tries = []
    for key, held in entry.value:
        if key.value == field:
            start, end = key.start_mark.line, _last_line(held)
            for stop in (end + 1, end):
                if stop > start:
                    tries.append("\n".join([*lines[:start], *new, *lines[stop:]]))
            return tries
    after = max(
        (_last_line(held) for key, held in entry.value if key.value in ("id", "name", *FIELDS)),
        default=entry.start_mark.line,
    )
    return [
        "\n".join([*lines[:place], *new, *lines[place:]])
        for place in (after + 1, after + 2, after)
        if place <= len(lines)
    ]


def _value(node: Node | None, name: str) -> Node | None:
    if not isinstance(node, MappingNode):
        return None
    return next((value for key, value in node.value if key.value == name), None)


def _text(node: Node | None) -> str:
    return str(node.value) if isinstance(node, ScalarNode) else ""


def _lines(field: str, value: str | tuple[str, ...], column: int) -> list[str]:
    """The field as lines of a file, at a column."""
    text = codebook_yaml(
        Codebook(name="x", codes=(Code.model_validate({"id": "x", field: value}),))
    )
    body = text[text.index("- id: x") :].split("\n")[1:]
    body = body[:-1] if body and not body[-1] else body
    indent = min((len(x) - len(x.lstrip()) for x in body if x.strip()), default=0)
    return [(" " * column + x[indent:]) if x.strip() else "" for x in body]


def _last_line(node: Node) -> int:
    """Number, from 0, of the last line that belongs to a value."""
    if isinstance(node, ScalarNode) or getattr(node, "flow_style", False):
        mark = node.end_mark
        at_start = mark.column == 0 and mark.line > node.start_mark.line
        return int(mark.line) - (1 if at_start else 0)
    children: list[Node] = []
    for child in node.value:
        children += child if isinstance(child, tuple) else [child]
    return max((_last_line(child) for child in children), default=int(node.start_mark.line))
