"""A refusal says what the user can do, and help tells by itself what can be imported."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from click.testing import CliRunner

import assistant
from assistant.cli.main import cli
from assistant.interchange.projects.records import Project
from assistant.store.database import open_store
from assistant.study import create_study
from assistant.transcripts.records import Skipped
from tests.cli.command import secondcoder
from tests.projects.making import make, take

TOP = Path(assistant.__file__).parent
_ERRORS = ("UserError", "DataError", "NothingTaken", "RefusedProject")


@pytest.mark.parametrize("part", ["interchange", "transcripts"])
def test_every_refusal_has_something_to_do(part: str) -> None:
    without = [
        f"{file.relative_to(TOP)}, line {node.lineno}"
        for file in (TOP / part).rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", "") in _ERRORS
        and not any(k.arg == "hint" and getattr(k.value, "value", 1) for k in node.keywords)
    ]
    assert without == []


def test_help_names_the_formats_itself() -> None:
    shown = CliRunner().invoke(cli, ["import", "--help"]).output
    formats = ("qdpx", "Taguette", "QualCoder", "Dedoose", "comments", ".xlsx", ".vtt", "Markdown")
    assert [one for one in formats if one not in shown] == []
    assert "docs/" not in shown


def test_a_missing_text_says_what_to_do() -> None:
    project: Project = make().model_copy(update={"missing": (Skipped(what="Two", why="gone"),)})
    report = take(open_store()[0], project)
    (missing,) = (one for one in report.sources if one.kind == "missing")
    assert "Export the project again" in missing.error


def test_nothing_found_says_what_to_do(tmp_path: Path) -> None:
    create_study(tmp_path / "s")
    (tmp_path / "empty").mkdir()
    ended = secondcoder(tmp_path / "s", "import", str(tmp_path / "empty"))
    assert ended.code == 2
    assert "Name the files or their folder" in ended.err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("transcripts", "--set-language", "German"), "“German” is no code of a language"),
        (("transcripts", "--set-language", "klingon!!"), "no code of a language"),
        (("import", "--language", "English"), "“English” is no code of a language"),
        (("transcripts", "--set-consent", ""), "Who may be given the words was not said"),
        (("transcripts", "--set-consent", " , "), "Who may be given the words was not said"),
        (("codebook", "history", "--from", "zzz"), "no change was declared"),
        (
            ("runs", "1", "--ranking", "--failed"),
            "Ask twice: once with --ranking, once with --fail",
        ),
    ],
)
def test_what_would_be_passed_over_is_refused(
    tmp_path: Path, arguments: tuple[str, ...], says: str
) -> None:
    """Each of these once ended well, and did nothing or what nobody had meant."""
    create_study(tmp_path / "s")
    ended = secondcoder(tmp_path / "s", *arguments)
    assert ended.code == 2, ended.out
    assert says in ended.err
    assert "What to do: " in ended.err


@pytest.mark.parametrize("number", ["0", "-1"])
def test_passes_are_counted_from_one(tmp_path: Path, number: str) -> None:
    """A pass 0 was a second run of the same, beside pass 1."""
    create_study(tmp_path / "s")
    ended = secondcoder(tmp_path / "s", "code", "--repeat", number)
    assert ended.code == 2
    assert "--repeat" in ended.err
