"""Examples in a codebook's file that say which transcript they are from, when it is called
otherwise.

Only the names change: comments, order and every other character of the file stay.
"""

from __future__ import annotations

import json
import re

from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from assistant.codebook.loading import parse_codebook
from assistant.codebook.transcripts import same_transcript
from assistant.codebook.yaml_nodes import compose
from assistant.errors import UserError

__all__ = ["with_transcript_called"]

_PLAIN = re.compile(r"[^\W\d_][\w ()/.-]*[\w)]")
"""Needs no quotation marks in YAML, unless it means something else there."""
_MEANS_ELSE = frozenset(("null", "true", "false", "yes", "no", "on", "off"))


def with_transcript_called(source: str, old: str, new: str, where: str) -> tuple[str, int]:
    """The file's text in which examples from the transcript ``old`` say that they are from
    ``new``, and how many these are. The file's own text where there are none.

    Raises `UserError` where the file cannot be read, or is written in a way that a name cannot be
    changed without touching something else.
    """
    before = parse_codebook(source, where)
    if not any(same_transcript(e.transcript, old) for c in before.codes for e in c.examples):
        return source, 0
    text, count = source, 0
    for node in reversed(_names(compose(source, where))):
        if same_transcript(str(node.value), old):
            start, end = node.start_mark.index, node.end_mark.index
            text, count = text[:start] + _written(new) + text[end:], count + 1
    try:
        after = parse_codebook(text, where).model_dump()
    except UserError:
        after = {}
    wanted = before.model_dump()
    for code in wanted["codes"]:
        for example in code["examples"]:
            if same_transcript(example["transcript"], old):
                example["transcript"] = new
    if after != wanted:
        raise UserError(
            f"Examples in the codebook say that they are from “{old}”, and the file is written in "
            "a way that this cannot be changed without touching other lines.",
            where=where,
            hint="Change the name in the text of the codebook first.",
        )
    return text, count


def _written(name: str) -> str:
    plain = _PLAIN.fullmatch(name) and name.casefold() not in _MEANS_ELSE
    return name if plain else json.dumps(name, ensure_ascii=False)


def _names(root: Node | None) -> list[ScalarNode]:
    """The transcripts that examples name, in the order of the file."""
    found = []
    for code in _items(_value(root, "codes")):
        for example in _items(_value(code, "examples")):
            name = _value(example, "transcript")
            if isinstance(name, ScalarNode):
                found.append(name)
    return found


def _items(node: Node | None) -> list[Node]:
    return list(node.value) if isinstance(node, SequenceNode) else []


def _value(node: Node | None, name: str) -> Node | None:
    if not isinstance(node, MappingNode):
        return None
    return next((value for key, value in node.value if key.value == name), None)
