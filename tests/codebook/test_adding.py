"""One code more in a file that people edit; every other line stays."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant import shipped
from assistant.codebook.adding import id_from_name, with_code
from assistant.codebook.loading import parse_codebook
from assistant.codebook.records import Code
from assistant.errors import UserError

NEW = Code(id="frost", name="Frost: the late one", definition="What cold does.\nTwo lines.")
FORMS = {
    "starter": (shipped.shipped_codebooks() / "starter.yaml").read_text(encoding="utf-8"),
    "empty": "name: X\ncodes: []\n",
    "no list": "name: X\n# a remark\n",
    "last key": "name: X\ncodes:\n  - id: a # remark\n    definition: >-\n      A\n      b.\n",
    "not indented": "name: X\ncodes:\n- id: a\n- id: b\n  aliases: [c, d]\n",
    "more follows": "codes:\n  - id: a\n    definition: d\n\n# about families\nname: X\n",
    "no end of line": "name: X\ncodes:\n  - id: a\n    definition: d",
    "literal": "name: X\ncodes:\n  - id: a\n    definition: |\n      A\n\n      B\nversion: 3\n",
}


@pytest.mark.parametrize("name", FORMS)
def test_one_code_more_and_no_other_line_changed(name: str) -> None:
    source = FORMS[name]
    text = with_code(source, NEW, "codebook.yaml")
    old, new = parse_codebook(source, "x"), parse_codebook(text, "x")
    assert new.codes == (*old.codes, NEW)
    kept = [line for line in source.splitlines() if "codes: []" not in line]
    there = text.splitlines()
    for line in kept:
        assert line in there
        there = there[there.index(line) + 1 :]


def test_the_shipped_example_takes_one(tmp_path: Path) -> None:
    for path in sorted(shipped.examples().glob("codebook/*.yaml")):
        source = path.read_text(encoding="utf-8")
        once = with_code(source, NEW, path.name)
        twice = with_code(once, Code(id="more"), path.name)
        assert [c.id for c in parse_codebook(twice, "x").codes[-2:]] == ["frost", "more"]


def test_what_is_there_is_refused_and_ids_are_new() -> None:
    source = "name: X\ncodes:\n  - id: late-frost\n    name: Late\n"
    book = parse_codebook(source, "x")
    with pytest.raises(UserError, match="already"):
        with_code(source, Code(id="Late"), "x")
    assert id_from_name("late frost", book) == "late-frost-2"
    assert id_from_name("Ärger & Wut!", book) == "Ärger-Wut"


def test_a_file_in_one_line_is_left_alone() -> None:
    with pytest.raises(UserError, match="by hand"):
        with_code("{name: X, codes: [{id: a}]}\n", NEW, "x")
