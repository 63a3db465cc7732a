"""Add codes to a codebook file that people edit, and leave every other line as it stands.

The new text is read again and compared: it is the old codebook with these codes more, or nothing
is given back.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence

from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from assistant.codebook.loading import parse_codebook
from assistant.codebook.records import Code, Codebook
from assistant.codebook.writing import codebook_yaml
from assistant.codebook.yaml_nodes import compose
from assistant.errors import UserError

__all__ = ["free_id", "id_from_name", "with_code", "with_codes", "without_code"]


def id_from_name(name: str, book: Codebook) -> str:
    """An id for a code of this name: its words joined by hyphens, and none that is there."""
    return free_id(name, lambda written: book.resolve(written) is not None)


def free_id(name: str, is_taken: Callable[[str], bool]) -> str:
    """As `id_from_name`, where no codebook is made yet."""
    plain = unicodedata.normalize("NFC", name).strip()
    wanted = re.sub(r"[^\w.]+", "-", plain).strip("-.") or "code"
    found, number = wanted, 2
    while is_taken(found):
        found, number = f"{wanted}-{number}", number + 1
    return found


def with_code(source: str, code: Code, where: str) -> str:
    """The file's text with one code more at the end of its list; see `with_codes`."""
    return with_codes(source, [code], where)


def with_codes(source: str, codes: Sequence[Code], where: str) -> str:
    """The file's text with these codes more at the end of its list.

    Raises `UserError` when the file cannot be read, when a code is there already, and when the
    file is written in a way that nothing can be added to without changing other lines.
    """
    old = parse_codebook(source, where)
    for written in (written for code in codes for written in (code.id, code.name)):
        if written and old.resolve(written) is not None:
            raise UserError(f"The codebook has a code “{written}” already.", where=where)
    wanted = old.model_copy(update={"codes": (*old.codes, *codes)})
    for text in _tries(source, codes, where):
        try:
            if parse_codebook(text, where) == wanted:
                return text
        except UserError:
            continue
    raise UserError(
        f"The {'code' if len(codes) == 1 else 'codes'} cannot be added to this file without "
        "changing other lines of it.",
        where=where,
        hint="Add them by hand, below the last code.",
    )


def without_code(source: str, code: str, where: str) -> str:
    """The file's text without one code, its other lines as they are.

    Raises `UserError` when the code is not there, and when other lines would have to change.
    """
    old = parse_codebook(source, where)
    wanted = old.model_copy(update={"codes": tuple(c for c in old.codes if c.id != code)})
    root = compose(source, where)
    if isinstance(root, MappingNode) and len(wanted.codes) < len(old.codes):
        node = next((value for key, value in root.value if key.value == "codes"), None)
        lines = source.splitlines(keepends=True)
        for entry in node.value if isinstance(node, SequenceNode) else ():
            if not any(k.value == "id" and v.value == code for k, v in entry.value):
                continue
            first, last = entry.start_mark.line, _last_line(entry)
            try:
                text = "".join([*lines[:first], *lines[last + 1 :]])
                if parse_codebook(text, where) == wanted:
                    return text
            except UserError:
                continue
    raise UserError(
        f"The code “{code}” cannot be taken out of this file without changing other lines of it.",
        where=where,
        hint="Take it out by hand, on the page “Codebook”.",
    )


def _tries(source: str, codes: Sequence[Code], where: str) -> list[str]:
    root = compose(source, where)
    if not isinstance(root, MappingNode):
        return []
    node = next((value for key, value in root.value if key.value == "codes"), None)
    entry = _entries(codes)
    lines = source.splitlines(keepends=True)
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += "\n"
    if node is None:
        return ["".join([*lines, "codes:\n", *entry(2)])]
    if not isinstance(node, SequenceNode):
        return []
    if not node.value:
        start, end = node.start_mark.index, node.end_mark.index
        return [source[:start].rstrip(" ") + "\n" + "".join(entry(2)).rstrip("\n") + source[end:]]
    column = node.start_mark.column
    last = _last_line(node) + 1
    return [
        "".join([*lines[:place], *entry(column), *lines[place:]])
        for place in (last, last + 1, len(lines))
        if place <= len(lines)
    ]


def _entries(codes: Sequence[Code]) -> Callable[[int], list[str]]:
    text = codebook_yaml(Codebook(name="x", codes=tuple(codes)))
    body = text[text.index("codes:") :].splitlines()[1:]
    indent = len(body[0]) - len(body[0].lstrip())

    def at(column: int) -> list[str]:
        return [" " * column + line[indent:] + "\n" if line.strip() else "\n" for line in body]

    return at


def _last_line(node: Node) -> int:
    """Number, from 0, of the last line that belongs to a node's words."""
    if isinstance(node, ScalarNode):
        mark = node.end_mark
        return int(mark.line) - (1 if mark.column == 0 and mark.line > node.start_mark.line else 0)
    if isinstance(node, SequenceNode) and node.flow_style:
        return int(node.end_mark.line)
    children: list[Node] = []
    for child in node.value:
        children += child if isinstance(child, tuple) else [child]
    return max((_last_line(child) for child in children), default=int(node.start_mark.line))
