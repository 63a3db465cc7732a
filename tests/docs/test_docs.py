"""The documents say what the program does: help, tables, settings, dependencies, links."""

from __future__ import annotations

import importlib.metadata
import re
import tomllib
from pathlib import Path

import click
import pytest

import assistant
from eval.intervals.coverage_table import MEASURED
from tests.docs.making import DOCS, PAGES, commands, rendered, settings, tables

TOP = DOCS.parent

if not (DOCS / "cli.md").is_file():
    pytest.skip("the documents are not beside the tests", allow_module_level=True)

EVERY = [TOP / "README.md", TOP / "CHANGELOG.md", *sorted(DOCS.glob("*.md"))]


@pytest.mark.parametrize("page", PAGES)
def test_what_is_made_from_the_program_is_up_to_date(page: str) -> None:
    there = (DOCS / page).read_text(encoding="utf-8")
    assert rendered(page) == there, "out of date: run  python -m tests.docs.making"


def test_every_command_and_option_says_what_it_is_for() -> None:
    missing = []
    for name, command in commands():
        if not command.help:
            missing.append(name)
        for option in command.params:
            if isinstance(option, click.Option) and not option.help:
                missing += [f"{name} {o}" for o in option.opts]
    assert not missing


def test_every_command_is_on_the_page() -> None:
    text = (DOCS / "cli.md").read_text(encoding="utf-8")
    names = [name for name, _ in commands()]
    assert len(names) > 20
    assert [n for n in names if f"## {n}\n" not in text] == []


def test_what_is_not_explained_is_refused() -> None:
    with pytest.raises(ValueError, match="suggestions"):
        tables({"coders": "people"})
    with pytest.raises(ValueError, match=r"endpoint\.model"):
        settings({"name": "the name"})
    with pytest.raises(ValueError, match=r"not there: \['wings'"):
        settings({"wings": "none"})


def listed(heading: str) -> list[str]:
    text = (DOCS / "dependencies.md").read_text(encoding="utf-8")
    part = text.split(f"## {heading}\n")[1].split("\n## ")[0]
    return re.findall(r"^\| `([\w.-]+)` \|", part, flags=re.MULTILINE)


def named(requirements: list[str]) -> list[str]:
    found = [re.match(r"[\w.-]+", line) for line in requirements]
    return [match[0] for match in found if match]


def test_dependencies_are_those_of_the_project() -> None:
    project = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert listed("To run it") == named(project["dependencies"])
    assert listed("To work on it") == named(project["optional-dependencies"]["dev"])
    page = (DOCS / "dependencies.md").read_text(encoding="utf-8")
    for name in named(project["optional-dependencies"]["hub"]):
        assert f"`{name}`" in page


LICENCES = {
    "Apache-2.0": r"apache",
    "MIT": r"\bmit\b",
    "BSD-3-Clause": r"bsd|redistribution and use",
    "BSD-2-Clause": r"bsd",
    "MPL-2.0": r"mpl|mozilla",
}


def test_licences_are_those_that_packages_name() -> None:
    text = (DOCS / "dependencies.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([\w.-]+)` \| [^|]+ \| ([^|]+?) \|", text, flags=re.MULTILINE)
    looked_at = 0
    for name, licence in rows:
        try:
            about = importlib.metadata.metadata(name)
        except importlib.metadata.PackageNotFoundError:
            continue  # not made for this system
        said = " ".join(
            [about["License-Expression"] or "", about["License"] or ""]
            + [c for c in about.get_all("Classifier") or [] if c.startswith("License")]
        ).lower()
        if not said.strip():  # some name it in the text of their licence alone
            files = [f for f in importlib.metadata.files(name) or [] if "LICENSE" in f.name.upper()]
            said = " ".join(f.read_text() for f in files).lower()
        assert re.search(LICENCES[licence.split(",")[0]], said), f"{name}: {licence}; says {said}"
        looked_at += 1
    assert looked_at > 15


@pytest.mark.parametrize("page", EVERY, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        place, _, _ = target.partition("#")
        assert not re.match(r"\w+://", target), f"{page.name}: address {target}"
        assert not place or (page.parent / place).exists(), f"{page.name}: no {target}"


def test_every_page_is_in_the_index() -> None:
    index = (DOCS / "README.md").read_text(encoding="utf-8")
    pages = {page.name for page in DOCS.glob("*.md")} - {"README.md"}
    assert {name for name in pages if f"({name})" not in index} == set()


def _place(path: str) -> Path:
    """Where a path of the project is: modules may be installed from a wheel, not lie beside us."""
    here = TOP / path
    if here.exists() or not path.startswith(("assistant/", "eval/")):
        return here
    return Path(assistant.__file__).parents[1] / path


@pytest.mark.parametrize("page", ["design.md", "CONTRIBUTING.md"])
def test_modules_and_tests_that_the_design_names_exist(page: str) -> None:
    text = (DOCS / page).read_text(encoding="utf-8")
    paths = set(
        re.findall(r"`((?:assistant|eval|tests|bench|prompts|examples|docs)/[\w./-]*)`", text)
    )
    assert len(paths) > 20
    assert sorted(p for p in paths if not _place(p).exists()) == []
    for module, name in re.findall(r"`((?:assistant|eval)/[\w/]+\.py)`:\s+`(\w+)`", text):
        source = _place(module).read_text(encoding="utf-8")
        assert re.search(rf"^(async def|def|class) {name}\b", source, re.M), f"{module}: {name}"
    for module, test in re.findall(r"`(tests/[\w/]+\.py)`:\s+`(test_\w+)`", text):
        assert f"def {test}(" in (TOP / module).read_text(encoding="utf-8"), f"{module}: {test}"
    listed_in = r"`([A-Z_]+)`\s+(?:\(|in\s+|of\s+)`((?:assistant|eval)/[\w/]+\.py)`"
    for name, module in re.findall(listed_in, text):
        source = _place(module).read_text(encoding="utf-8")
        assert re.search(rf"^(\w+, )?{name}\b", source, re.M), f"{module}: {name}"


def test_coverage_of_intervals_is_the_measured_one() -> None:
    text = (DOCS / "agreement.md").read_text(encoding="utf-8")
    for n in (6, 8, 12, 24, 50):
        means = {c.method: c.mean for c in MEASURED if c.transcripts == n}
        row = "| {} | {:.1%} | {:.1%} | {:.1%} |".format(
            n, means["jackknife-t"], means["percentile"], means["bca"]
        )
        assert row in text, row


def test_every_setting_is_a_setting(tmp_path: Path) -> None:
    """Blocks of TOML in the README are what study.toml takes."""
    from assistant.study import open_study

    for block in re.findall(r"```toml\n(.*?)```", (TOP / "README.md").read_text("utf-8"), re.S):
        (tmp_path / "study.toml").write_text(block, encoding="utf-8")
        open_study(tmp_path)


def test_commands_in_the_readme_exist() -> None:
    text = (TOP / "README.md").read_text(encoding="utf-8")
    known = dict(commands())
    used = 0
    for block in re.findall(r"^```\w*\n(.*?)^```$", text, flags=re.DOTALL | re.MULTILINE):
        for line in re.findall(r"^\$ secondcoder (.+)$", block, flags=re.MULTILINE):
            words = re.sub(r'"[^"]*"', "x", line).split("#")[0].split()
            name = f"secondcoder {words[0]}"
            if len(words) > 1 and f"{name} {words[1]}" in known:
                name = f"{name} {words[1]}"
            assert name in known, line
            options = {o for p in known[name].params for o in (*p.opts, *p.secondary_opts)}
            assert {w for w in words if w.startswith("--")} <= options, line
            used += 1
    assert used > 15
