"""Fill in a prompt's templates.

Templates run in a sandbox: they see the variables they are given and nothing else, they cannot
change them, and the same variables always give the same text. An undefined variable is an error,
never an empty place in a prompt.
"""

from __future__ import annotations

import marshal
import traceback
from collections.abc import Iterator, Mapping
from dataclasses import fields as dataclass_fields
from dataclasses import is_dataclass
from functools import lru_cache
from typing import Any, Literal

from jinja2 import StrictUndefined, Template, TemplateError, TemplateSyntaxError, UndefinedError
from jinja2.exceptions import SecurityError
from jinja2.meta import find_undeclared_variables
from jinja2.sandbox import ImmutableSandboxedEnvironment

from assistant.errors import UserError
from assistant.prompts.layout import PARTS, part_line
from assistant.prompts.quoting import quoted
from assistant.prompts.records import Prompt, RenderedPrompt

__all__ = ["CHUNK_VARIABLES", "check_syntax", "render", "render_part", "variables_used"]

CHUNK_VARIABLES = ("before", "segments", "after")
"""What differs from chunk to chunk with the strategy ``list``. It may not stand in the system text,
which is the same for all chunks of a transcript, so that a server can keep what it has read of it.
"""


@lru_cache(maxsize=1)
def _environment() -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,
        keep_trailing_newline=False,
    )
    # Neither chance nor the clock may change a prompt.
    environment.globals.pop("lipsum", None)
    environment.filters.pop("random", None)
    environment.filters["quoted"] = lambda value: quoted(str(value))
    return environment


def render(prompt: Prompt, variables: Mapping[str, Any]) -> RenderedPrompt:
    """The two messages of a prompt with its variables filled in.

    Raises `UserError` naming the line of the prompt's file when a variable or field does not
    exist (with those that do), or when the template does something that is not allowed.
    """
    for part in PARTS:
        _check_variables(prompt, part, variables)
    system, user = (_render_part(prompt, part, variables) for part in PARTS)
    return RenderedPrompt(system=system, user=user)


def render_part(
    prompt: Prompt, part: Literal["system", "user"], variables: Mapping[str, Any]
) -> str:
    """One of the two messages: what is the same in many requests need not be made for each.

    Raises as `render` does.
    """
    _check_variables(prompt, part, variables)
    return _render_part(prompt, part, variables)


def variables_used(prompt: Prompt) -> frozenset[str]:
    """The variables that the templates name, whether or not they would be reached."""
    return frozenset().union(*(_used(_text(prompt, part)) for part in PARTS))


def check_syntax(prompt: Prompt, where: str = "") -> None:
    """Raise `UserError` with the line when a template cannot be read, or when the system text of a
    ``list`` prompt names something that differs from chunk to chunk.
    """
    for part in PARTS:
        text = _text(prompt, part)
        try:
            used = _used(text)
            _compile(text)
        except TemplateSyntaxError as error:
            raise UserError(
                f"The template cannot be read: {error.message}",
                where=_place(prompt, part, error.lineno, where),
                hint="Look at the curly brackets: {{ name }} puts something in, "
                "{% for … %} and {% if … %} need {% endfor %} and {% endif %}.",
            ) from error
        varying = sorted(used.intersection(CHUNK_VARIABLES))
        if part == "system" and prompt.strategy == "list" and varying:
            raise UserError(
                f"The system text uses “{varying[0]}”, which differs from request to request.",
                where=_place(prompt, part, _line_naming(text, varying[0]), where),
                hint="Move it under “## user”: the system text stays the same for a transcript.",
            )


def _check_variables(prompt: Prompt, part: str, variables: Mapping[str, Any]) -> None:
    text = _text(prompt, part)
    missing = sorted(_used(text) - set(variables))
    if missing:
        raise UserError(
            f"The prompt “{prompt.id}” uses “{missing[0]}”, and there is no such variable.",
            where=_place(prompt, part, _line_naming(text, missing[0])),
            hint=f"There are: {', '.join(sorted(variables))}.",
        )


def _render_part(prompt: Prompt, part: str, variables: Mapping[str, Any]) -> str:
    text = _text(prompt, part)
    try:
        if part == "system":
            return _rendered(text, _Values({name: variables[name] for name in _used(text)}))
        return _fill(text, variables)
    except UndefinedError as error:
        line = _line_of(error)
        raise UserError(
            f"The prompt “{prompt.id}” uses something that does not exist: {error.message}.",
            where=_place(prompt, part, line),
            hint=f"There are: {', '.join(_fields(variables))}.",
        ) from error
    except SecurityError as error:
        raise UserError(
            f"The prompt “{prompt.id}” does something that templates may not do: {error}.",
            where=_place(prompt, part, _line_of(error)),
            hint="Templates only put in what they are given, with {{ … }}, for and if.",
        ) from error
    except (TemplateError, TypeError, ValueError, ArithmeticError, LookupError) as error:
        raise UserError(
            f"The prompt “{prompt.id}” cannot be filled in: {error}.",
            where=_place(prompt, part, _line_of(error)),
            hint="Compare this line with the prompts that come with the program.",
        ) from error


def _fill(text: str, variables: Mapping[str, Any]) -> str:
    return _compile(text).render(dict(variables)).strip("\n")


class _Values:
    """Variables as a key: equal only when every value in them is, in type and content.

    Of values that are not plain data (text, numbers, lists, dictionaries) no two are equal.
    """

    def __init__(self, variables: Mapping[str, Any]) -> None:
        self.variables = variables
        self.key: object
        try:
            # Version 2 writes every value in full; equal bytes are equal values.
            self.key = marshal.dumps([(name, variables[name]) for name in sorted(variables)], 2)
        except ValueError:
            self.key = object()

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Values) and self.key == other.key


@lru_cache(maxsize=64)
def _rendered(text: str, values: _Values) -> str:
    """The system text is the same for all chunks of a transcript and long: made once."""
    return _fill(text, values.variables)


def _fields(variables: Mapping[str, Any]) -> Iterator[str]:
    """What templates can name, with the fields of records and of lists of records."""

    def walk(name: str, value: Any) -> Iterator[str]:
        many = isinstance(value, (list, tuple)) and bool(value)
        one = value[0] if many else value
        if isinstance(one, Mapping):
            fields = {str(key): one[key] for key in one}
        elif is_dataclass(one) and not isinstance(one, type):
            fields = {field.name: getattr(one, field.name) for field in dataclass_fields(one)}
        else:
            yield name
            return
        for field, inner in fields.items():
            yield from walk(f"{name}[].{field}" if many else f"{name}.{field}", inner)

    for name in sorted(variables):
        yield from walk(name, variables[name])


def _text(prompt: Prompt, part: str) -> str:
    return prompt.system if part == "system" else prompt.user


@lru_cache(maxsize=256)
def _compile(text: str) -> Template:
    return _environment().from_string(text)


@lru_cache(maxsize=256)
def _used(text: str) -> frozenset[str]:
    environment = _environment()
    names = find_undeclared_variables(environment.parse(text))
    return frozenset(names) - set(environment.globals)


def _line_of(error: Exception) -> int:
    """Line within the template at which an error arose; Jinja writes it into the traceback."""
    lines = [
        frame.lineno
        for frame in traceback.extract_tb(error.__traceback__)
        if frame.filename == "<template>" and frame.lineno
    ]
    return lines[-1] if lines else 1


def _line_naming(text: str, name: str) -> int:
    """The first line of a template that names a variable inside brackets of Jinja's."""
    for number, line in enumerate(text.split("\n"), 1):
        if name in line and "{" in line:
            return number
    return 1


def _place(prompt: Prompt, part: str, line: int, where: str = "") -> str:
    file = where or f"prompt “{prompt.id}”"
    return f"{file}, line {part_line(prompt, part) + line - 1} (## {part})"
