"""Read a codebook from YAML.

A codebook that loads is well formed: known fields of the right kind, each code id once. Whether it
is a *good* codebook is for `assistant.codebook.checking`. In fields such as ``codes[3].definition``
the count starts at 1: the third code.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import cast, get_args

from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from assistant.codebook.records import Code, Codebook, Example, Ignored, Kind, Unit
from assistant.codebook.yaml_nodes import Entry, NodeReader, compose, read_text_file
from assistant.errors import UserError

__all__ = [
    "LoadedCodebook",
    "SourceLines",
    "load_codebook",
    "parse_codebook",
    "read_codebook",
    "read_codebook_text",
]

_TOP = ("name", "version", "families", "ignore", "codes")
_CODE = tuple(Code.model_fields)
_EXAMPLE = tuple(Example.model_fields)
_IGNORED = tuple(Ignored.model_fields)


@dataclass(frozen=True)
class SourceLines:
    """Where things stand in the file a codebook was read from."""

    where: str
    """The file, as messages name it."""
    lines: Mapping[tuple[str, str, str], int]
    """(``code``, ``family`` or ``ignore``; its name; field or ``""``) -> line, from 1."""

    def place(self, kind: str, name: str, field: str = "") -> str:
        """``"codebook.yaml, line 12"``, or the file alone when the line is not known."""
        line = self.lines.get((kind, name, field)) or self.lines.get((kind, name, ""))
        return f"{self.where}, line {line}" if line else self.where


@dataclass(frozen=True)
class LoadedCodebook:
    codebook: Codebook
    lines: SourceLines
    text: str
    """The file's text with ``\\n`` line ends."""


def load_codebook(path: Path) -> Codebook:
    """Read the codebook in ``path``.

    Raises `UserError` naming file, line and field of every mistake.
    """
    return read_codebook(path).codebook


def parse_codebook(text: str, where: str) -> Codebook:
    """Read a codebook from YAML text; ``where`` names its file in messages. Errors as
    `load_codebook`.
    """
    return read_codebook_text(text, where).codebook


def read_codebook(path: Path) -> LoadedCodebook:
    """As `load_codebook`, with the lines that `assistant.codebook.checking` names."""
    return read_codebook_text(read_text_file(path, "codebook"), str(path))


@lru_cache(maxsize=4)
def read_codebook_text(text: str, where: str) -> LoadedCodebook:
    """As `read_codebook`, of text at hand. The last ones stay in memory, since a page and what it
    asks each read the file for themselves, and YAML is slow to read: 71 codes take 0.1 s."""
    root = compose(text, where)
    if root is None:
        raise UserError(
            "The codebook is empty.",
            where=where,
            hint="Write at least a line “name: …”. A codebook without codes is allowed.",
        )
    return _Parser(NodeReader(where)).codebook(root, text)


class _Parser:
    def __init__(self, reader: NodeReader) -> None:
        self.read = reader
        self.lines: dict[tuple[str, str, str], int] = {}

    def codebook(self, root: Node, text: str) -> LoadedCodebook:
        read = self.read
        top = read.entries(root, "", _TOP)
        if "name" not in top and isinstance(root, MappingNode):
            read.problem(read.line(root), "name", "The codebook has no name.", "Add “name: …”.")
        name = ""
        if "name" in top:
            name = read.text(top["name"].value, "name", required=True, line=top["name"].line)
        version = read.text(top["version"].value, "version") if "version" in top else ""
        families = self.families(top["families"]) if "families" in top else {}
        ignore = self.ignore(top["ignore"]) if "ignore" in top else ()
        codes = self.codes(top["codes"]) if "codes" in top else ()
        read.raise_problems("The codebook")
        codebook = Codebook(
            name=name, version=version or "1", families=families, ignore=ignore, codes=codes
        )
        return LoadedCodebook(codebook, SourceLines(read.where, self.lines), text)

    def families(self, entry: Entry) -> dict[str, str]:
        """A mapping of names to descriptions, or a plain list of names."""
        read = self.read
        if isinstance(entry.value, SequenceNode):
            names: dict[str, str] = {}
            for number, item in enumerate(entry.value.value, 1):
                name = read.text(item, f"families[{number}]", required=True)
                if name in names:
                    read.problem(
                        read.line(item),
                        f"families[{number}]",
                        f"“{name}” stands here twice.",
                        "Delete one.",
                    )
                names[name] = ""
                self.lines["family", name, ""] = read.line(item)
            return names
        found = read.entries(entry.value, "families", None)
        for name, family in found.items():
            self.lines["family", name, ""] = family.line
        return {name: read.text(family.value, f"families.{name}") for name, family in found.items()}

    def ignore(self, entry: Entry) -> tuple[Ignored, ...]:
        read = self.read
        rules: list[Ignored] = []
        for number, item in enumerate(read.items(entry.value, "ignore"), 1):
            field = f"ignore[{number}]"
            why = ""
            if isinstance(item, MappingNode):
                fields = read.entries(item, field, _IGNORED)
                pattern = self.required(item, fields, field, "pattern")
                why = read.text(fields["why"].value, f"{field}.why") if "why" in fields else ""
            else:
                pattern = read.text(item, field, required=True)
            if any(rule.pattern == pattern for rule in rules):
                read.problem(
                    read.line(item), field, f"“{pattern}” stands here twice.", "Delete one."
                )
            self.lines.setdefault(("ignore", pattern, ""), read.line(item))
            rules.append(Ignored(pattern=pattern, why=why))
        return tuple(rules)

    def codes(self, entry: Entry) -> tuple[Code, ...]:
        read = self.read
        codes: list[Code] = []
        for number, item in enumerate(read.items(entry.value, "codes"), 1):
            field = f"codes[{number}]"
            if isinstance(item, ScalarNode):
                read.problem(
                    read.line(item),
                    field,
                    "A code is more than its name.",
                    f"Write “- id: {item.value}”, with its definition on the next line.",
                )
                continue
            code = self.code(item, field)
            first = self.lines.get(("code", code.id, ""))
            if code.id and first is not None:
                read.problem(
                    read.line(item),
                    f"{field}.id",
                    f"There is a code “{code.id}” already, in line {first}.",
                    "Give one of the two another id, or delete it.",
                )
                continue
            self.lines["code", code.id, ""] = read.line(item)
            codes.append(code)
        return tuple(codes)

    def code(self, node: Node, field: str) -> Code:
        read = self.read
        fields = read.entries(node, field, _CODE)
        code_id = self.required(node, fields, field, "id")
        if "\n" in code_id:
            line = fields["id"].line
            read.problem(line, f"{field}.id", "An id stands on one line.", "Shorten the id.")
        for name, entry in fields.items():
            # setdefault: of a code that stands twice, the first keeps its lines.
            self.lines.setdefault(("code", code_id, name), entry.line)

        def text(name: str) -> str:
            return read.text(fields[name].value, f"{field}.{name}") if name in fields else ""

        def texts(name: str) -> tuple[str, ...]:
            return read.texts(fields[name].value, f"{field}.{name}") if name in fields else ()

        def choice(name: str, allowed: tuple[str, ...]) -> str:
            if name not in fields:
                return allowed[0]
            chosen = read.choice(fields[name].value, f"{field}.{name}", allowed)
            return chosen or allowed[0]

        return Code(
            id=code_id,
            name=text("name"),
            definition=text("definition"),
            include=text("include"),
            exclude=text("exclude"),
            examples=self.examples(fields["examples"], f"{field}.examples")
            if "examples" in fields
            else (),
            family=text("family"),
            parent=text("parent"),
            aliases=texts("aliases"),
            exclusive_with=texts("exclusive_with"),
            kind=cast(Kind, choice("kind", get_args(Kind))),
            unit=cast(Unit, choice("unit", get_args(Unit))),
        )

    def examples(self, entry: Entry, field: str) -> tuple[Example, ...]:
        read = self.read
        examples: list[Example] = []
        for number, item in enumerate(read.items(entry.value, field), 1):
            place = f"{field}[{number}]"
            if not isinstance(item, MappingNode):
                examples.append(Example(text=read.text(item, place, required=True)))
                continue
            fields = read.entries(item, place, _EXAMPLE)
            text = self.required(item, fields, place, "text")
            transcript, applies = "", True
            if "transcript" in fields:
                transcript = read.text(fields["transcript"].value, f"{place}.transcript")
            if "applies" in fields:
                applies = read.boolean(fields["applies"].value, f"{place}.applies")
            examples.append(Example(text=text, transcript=transcript, applies=applies))
        return tuple(examples)

    def required(self, node: Node, fields: dict[str, Entry], field: str, name: str) -> str:
        """The text of a field that must be there."""
        if name in fields:
            line, value = fields[name]
            return self.read.text(value, f"{field}.{name}", required=True, line=line)
        if isinstance(node, MappingNode):
            self.read.problem(
                self.read.line(node),
                f"{field}.{name}",
                f"The field “{name}” is missing.",
                f"Add “{name}: …”.",
            )
        return ""
