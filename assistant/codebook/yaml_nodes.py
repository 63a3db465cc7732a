"""Read YAML that people write, and name line and field of whatever is wrong with it.

The text is read as nodes, not as Python values: every scalar is the text that stands in the file,
so a code called ``no`` or ``1984`` stays text, and every value knows its line. All mistakes of a
file are collected before one error is raised, so that a person mends them in one go.
"""

from __future__ import annotations

import unicodedata
import warnings
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError

from assistant.errors import UserError
from assistant.meant import did_you_mean

__all__ = ["Entry", "NodeReader", "Problem", "compose", "read_text_file"]

_FILL = "Write the text that is missing, or delete the line."
_STRING_TAGS = ("str", "int", "float", "bool", "timestamp")


class Problem(NamedTuple):
    """One mistake in a file."""

    line: int
    field: str
    what: str
    hint: str = ""


class Entry(NamedTuple):
    """One ``key: value`` of a mapping."""

    line: int
    """Line of the key, from 1."""
    value: Node


def read_text_file(path: Any, what: str) -> str:
    """The text of a file that a person wrote, without byte order mark, with ``\\n`` line ends.

    ``what`` names the kind of file in messages. Raises `UserError` when the file is not there or
    is not UTF-8.
    """
    try:
        data: bytes = path.read_bytes()
    except FileNotFoundError as error:
        raise UserError(
            f"There is no such {what}.", where=str(path), hint="Check the name and the folder."
        ) from error
    except OSError as error:
        raise UserError(
            f"The {what} cannot be read: {error.strerror}.",
            where=str(path),
            hint="Check that it is a file and that you may read it.",
        ) from error
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise UserError(
            f"The {what} is not UTF-8 text.",
            where=f"{path}, line {line}",
            hint="Save it as UTF-8 in your editor, then try again.",
        ) from error
    return text.replace("\r\n", "\n").replace("\r", "\n")


def compose(text: str, where: str, *, first_line: int = 1) -> Node | None:
    """The document in ``text`` as nodes; None when it holds nothing but comments.

    ``first_line`` is the line of the file at which ``text`` begins. Raises `UserError` with the
    line when the YAML cannot be read.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            node: Node | None = YAML(typ="safe", pure=True).compose(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        if error.context_mark is not None and "end of stream" in (error.problem or ""):
            mark = error.context_mark  # where the quotation mark or bracket was opened
        noticed = mark.line if mark is not None else 0
        problem = error.problem or error.context or "not valid YAML"
        made, hint = _where_it_began(problem, text, noticed)
        later = f" It was noticed in line {noticed + first_line}." if made != noticed else ""
        raise UserError(
            f"The YAML cannot be read: {problem}.{later}",
            where=f"{where}, line {made + first_line}",
            hint=hint or _syntax_hint(problem, text, noticed),
        ) from error
    except ReaderError as error:
        line = text.count("\n", 0, error.position) + first_line
        raise UserError(
            "The YAML holds a character that may not stand there.",
            where=f"{where}, line {line}",
            hint="Delete the invisible character in that line, or type the line again.",
        ) from error
    except (YAMLError, RecursionError, ValueError) as error:
        raise UserError(
            f"The YAML cannot be read: {error}", where=where, hint="Check brackets and indentation."
        ) from error
    return node


def _where_it_began(problem: str, text: str, noticed: int) -> tuple[int, str]:
    """(line from 0 in which the mistake was most likely made, what to do), before the line in which
    a parser notices it: a quotation mark that is not closed, a field without its colon. The line
    where it was noticed, and nothing to do, where neither is found."""
    lines = text.split("\n")
    before = [n for n in range(min(noticed, len(lines))) if lines[n].strip()]
    for number in before:
        said = lines[number].partition(" #")[0]
        if said.partition(": ")[2].lstrip().startswith('"') and said.count('"') % 2:
            return number, "Close the quotation mark that is opened in this line."
    if before and ("mapping values are not allowed" in problem or "expected ':'" in problem):
        above = lines[before[-1]].strip().removeprefix("- ")
        word = above.split()[0] if above else ""
        if word.isidentifier() and ": " not in above and not above.endswith(":"):
            return before[-1], f"Write a colon after the name of the field: {word}: …"
    return noticed, ""


def _syntax_hint(problem: str, text: str, index: int) -> str:
    lines = text.split("\n")
    line = lines[index] if 0 <= index < len(lines) else ""
    if "\t" in line:
        return "Indent with spaces, not with tabs."
    if "mapping values are not allowed" in problem:
        return "Text that holds a colon and a space must stand in quotation marks."
    if "undefined alias" in problem or "alias" in problem:
        return "Text that begins with * or & must stand in quotation marks."
    if "cannot start any token" in problem:
        return "Text that begins with @, ` or % must stand in quotation marks."
    if "single document" in problem or "another document" in problem:
        return "Remove the line with ---: one file holds one codebook."
    return (
        "Look at this line and the one above: is the indentation the same as in the entries "
        "before, and is every quotation mark and bracket closed?"
    )


@dataclass
class NodeReader:
    """Turns nodes into typed values; what does not fit becomes a `Problem`."""

    where: str
    first_line: int = 1
    problems: list[Problem] = field(default_factory=list)

    def line(self, node: Node) -> int:
        return int(node.start_mark.line) + self.first_line

    def problem(self, line: int, field_name: str, what: str, hint: str = "") -> None:
        self.problems.append(Problem(line, field_name, what, hint))

    def is_empty(self, node: Node | None) -> bool:
        """Whether a value was left out, as in ``definition:`` with nothing after it."""
        return node is None or (isinstance(node, ScalarNode) and _tag(node) == "null")

    def text(
        self, node: Node, field_name: str, *, required: bool = False, line: int | None = None
    ) -> str:
        """The text of a scalar, stripped, in Unicode NFC; ``""`` when it is empty or wrong.

        ``line``: the line to name when nothing stands there (the key's; a node that was left out
        begins at whatever follows it).
        """
        if self.is_empty(node):
            if required:
                self.problem(
                    line or self.line(node), field_name, "Something must stand here.", _FILL
                )
            return ""
        if not isinstance(node, ScalarNode):
            kind = "a list" if isinstance(node, SequenceNode) else "a group of fields"
            self.problem(
                self.line(node),
                field_name,
                f"This must be text, and it is {kind}.",
                "Put the text in quotation marks if it holds brackets, braces or a colon.",
            )
            return ""
        if _tag(node) not in _STRING_TAGS:
            self.problem(
                self.line(node),
                field_name,
                f"The tag {node.tag} is not known.",
                "Put text that begins with ! in quotation marks.",
            )
            return ""
        value = unicodedata.normalize("NFC", str(node.value)).strip()
        if required and not value:
            self.problem(self.line(node), field_name, "Something must stand here.", _FILL)
        return value

    def boolean(self, node: Node, field_name: str) -> bool:
        value = str(node.value).lower() if isinstance(node, ScalarNode) else ""
        if value in ("true", "yes"):
            return True
        if value not in ("false", "no"):
            self.problem(
                self.line(node), field_name, "This must be true or false.", "Write true or false."
            )
        return False

    def choice(self, node: Node, field_name: str, allowed: tuple[str, ...]) -> str:
        value = self.text(node, field_name)
        if value and value not in allowed:
            self.problem(
                self.line(node),
                field_name,
                f"“{value}” is not one of {', '.join(allowed)}.",
                suggestion(value, allowed),
            )
            return ""
        return value

    def items(self, node: Node, field_name: str) -> list[Node]:
        """The items of a list; none when it is left out."""
        if self.is_empty(node):
            return []
        if not isinstance(node, SequenceNode):
            self.problem(
                self.line(node),
                field_name,
                "This must be a list.",
                "Write [one, two], or each item on a line of its own after a hyphen.",
            )
            return []
        return list(node.value)

    def texts(self, node: Node, field_name: str) -> tuple[str, ...]:
        items = self.items(node, field_name)
        read = [
            self.text(item, f"{field_name}[{number}]", required=True)
            for number, item in enumerate(items, 1)
        ]
        return tuple(value for value in read if value)

    def entries(
        self, node: Node, field_name: str, allowed: tuple[str, ...] | None
    ) -> dict[str, Entry]:
        """The entries of a mapping by key. ``allowed`` None: any key."""
        if self.is_empty(node):
            return {}
        if not isinstance(node, MappingNode):
            self.problem(
                self.line(node),
                field_name,
                "Fields are expected here, such as “id: …”.",
                f"Known fields: {', '.join(allowed)}." if allowed else "",
            )
            return {}
        found: dict[str, Entry] = {}
        prefix = f"{field_name}." if field_name else ""
        for key_node, value in node.value:
            line = self.line(key_node)
            key = self.text(key_node, prefix + "?", required=True)
            if not key:
                continue
            if allowed is not None and key not in allowed:
                self.problem(
                    line,
                    prefix + key,
                    f"The field “{key}” is not known.",
                    suggestion(key, allowed) or f"Known fields: {', '.join(allowed)}.",
                )
            elif key in found:
                self.problem(
                    line,
                    prefix + key,
                    f"“{key}” stands here twice; the first is in line {found[key].line}.",
                    "Keep one of the two.",
                )
            else:
                found[key] = Entry(line, value)
        return found

    def raise_problems(self, what: str) -> None:
        """Raise one `UserError` for all problems, in the order of lines. ``what``: whose they are,
        as in "The codebook".
        """
        if not self.problems:
            return
        ordered = sorted(self.problems, key=lambda problem: problem.line)
        first = ordered[0]
        message = first.what
        if len(ordered) > 1:
            listed = "\n".join(f"  line {p.line}, {p.field}: {p.what}" for p in ordered)
            message = f"{what} has {len(ordered)} mistakes:\n{listed}"
        place = f"{self.where}, line {first.line}" + (f", {first.field}" if first.field else "")
        raise UserError(message, where=place, hint=first.hint)


def suggestion(written: str, allowed: Iterable[str]) -> str:
    """``Did you mean …?`` for a word that is nearly one of ``allowed``, else ``""``."""
    return did_you_mean(written, allowed).strip()


def _tag(node: Node) -> str:
    return str(node.tag).rpartition(":")[2]
