"""Every module says what it is for, and what it names in doing so is there."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from tests.test_imports import MODULES

_DOTTED = re.compile(r"`((?:assistant|eval)(?:\.\w+)+)`")
_PLAIN = re.compile(r"(?<!`)`([a-z_]+)`(?!`)")
_NO_MODULES = {"list", "judge", "run_async", "eval"}
"""Words in backticks that name something else: two strategies, a function, the other package."""


def docstring(path: Path) -> str:
    return ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""


def is_there(dotted: str) -> bool:
    """Whether a module, or a name in one, is what a docstring calls it."""
    names = dict(MODULES)
    if dotted in names:
        return True
    module, _, name = dotted.rpartition(".")
    path = names.get(module)
    return path is not None and bool(
        re.search(rf"\b{name}\b", path.read_text(encoding="utf-8"), re.MULTILINE)
    )


def test_every_module_and_every_package_has_a_docstring() -> None:
    assert [name for name, path in MODULES if not docstring(path)] == []


def test_modules_that_are_named_in_the_code_are_there() -> None:
    assert is_there("assistant.store.database")
    assert is_there("assistant.store.database.Store")
    assert not is_there("assistant.store.cupboard")
    gone = [
        f"{module}: {named}"
        for module, path in MODULES
        for named in _DOTTED.findall(path.read_text(encoding="utf-8"))
        if not is_there(named)
    ]
    assert gone == []


def test_the_parts_that_a_package_lists_are_there() -> None:
    gone = [
        f"{module}: {named}"
        for module, path in MODULES
        if path.name == "__init__.py"
        for named in set(_PLAIN.findall(docstring(path))) - _NO_MODULES
        if not (path.parent / named).is_dir() and not (path.parent / f"{named}.py").is_file()
    ]
    assert gone == []
