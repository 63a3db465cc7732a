"""A codebook loads as it is written, or says in which line it is wrong."""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest
from ruamel.yaml.nodes import Node

from assistant.codebook import loading
from assistant.codebook.loading import load_codebook, parse_codebook, read_codebook_text
from assistant.codebook.records import Ignored
from assistant.codebook.yaml_nodes import compose
from assistant.errors import UserError
from assistant.shipped import shipped_codebooks

FULL = """\
# A comment
name: Allotments
version: 2
families:
  Place: The plot itself
ignore:
  - pattern: "Q[0-9]*"
    why: number of the question
  - Misc
codes:
  - id: no
    name: Refusal
    family: Place
    definition: >
      Somebody says
      no.
    examples:
      - I told them never.
      - {text: Maybe later., transcript: Ada, applies: false}
    aliases: [No, 1984]
    kind: latent
    unit: exchange
  - id: 2024
    parent: no
    exclusive_with: [no]
"""


def test_every_field_is_read() -> None:
    book = parse_codebook(FULL, "codebook.yaml")
    assert (book.name, book.version, book.families) == (
        "Allotments",
        "2",
        {"Place": "The plot itself"},
    )
    assert book.ignore == (
        Ignored(pattern="Q[0-9]*", why="number of the question"),
        Ignored(pattern="Misc"),
    )
    no = book.by_id["no"]
    assert no.definition == "Somebody says no."
    assert no.aliases == ("No", "1984")
    assert (no.kind, no.unit, no.label) == ("latent", "exchange", "Refusal")
    assert [(e.text, e.transcript, e.applies) for e in no.examples] == [
        ("I told them never.", "", True),
        ("Maybe later.", "Ada", False),
    ]
    assert book.by_id["2024"].exclusive_with == ("no",)


def test_names_that_other_yaml_takes_for_values_stay_text() -> None:
    text = "name: x\ncodes:\n" + "".join(
        f"  - id: {word}\n" for word in ("no", "Yes", "off", "1.50", "007", "2024-01-02", "true")
    )
    ids = [code.id for code in parse_codebook(text, "c").codes]
    assert ids == ["no", "Yes", "off", "1.50", "007", "2024-01-02", "true"]


@pytest.mark.parametrize("codes", ["", "codes:\n", "codes: []\n"])
def test_a_codebook_without_codes_is_allowed(codes: str) -> None:
    assert parse_codebook("name: New study\n" + codes, "c").codes == ()


def test_the_starter_codebook_loads_and_has_no_codes() -> None:
    assert load_codebook(shipped_codebooks() / "starter.yaml").codes == ()


def test_families_may_be_a_plain_list() -> None:
    assert parse_codebook("name: x\nfamilies: [A, B]\n", "c").families == {"A": "", "B": ""}


def test_comments_and_layout_do_not_change_the_hash() -> None:
    other = "# else\n" + FULL.replace("codes:\n", "codes: # all of them\n")
    other = other.replace(">\n      Somebody says\n      no.", "Somebody says no.")
    assert parse_codebook(other, "c").sha256 == parse_codebook(FULL, "c").sha256
    reworded = FULL.replace("Somebody", "Anybody")
    assert parse_codebook(reworded, "c").sha256 != parse_codebook(FULL, "c").sha256


def test_lines_are_known() -> None:
    lines = read_codebook_text(FULL, "codebook.yaml").lines
    assert lines.place("code", "no", "aliases") == "codebook.yaml, line 20"
    assert lines.place("code", "2024") == "codebook.yaml, line 23"
    assert lines.place("code", "nobody") == "codebook.yaml"


BAD = [
    # text, line, field or words of the place, words of the message or hint
    ("name: x\ncodes:\n  - id: a\n    defintion: y\n", 4, "codes[1].defintion", "“definition”"),
    ("name: x\ncodes:\n  - id: a\n    aliases: b\n", 4, "codes[1].aliases", "must be a list"),
    ("name: x\ncodes:\n  - id: a\n  - id: a\n", 4, "codes[2].id", "already, in line 3"),
    ("name: x\ncodes:\n  - id: a\n    id: b\n", 4, "codes[1].id", "twice"),
    ("name: x\ncodes:\n  - definition: a\n", 3, "codes[1].id", "missing"),
    ("name: x\ncodes:\n  - id:\n", 3, "codes[1].id", "must stand here"),
    ("name: x\ncodes:\n  - a\n", 3, "codes[1]", "- id: a"),
    ("name: x\ncodes:\n  - id: a\n    kind: laten\n", 4, "codes[1].kind", "latent"),
    ("name: x\ncodes:\n  - id: a\n    definition: {b: c}\n", 4, "codes[1].definition", "text"),
    ("name: x\ncodes:\n  - id: a\n    definition: b: c\n", 4, "", "quotation marks"),
    ("name: x\ncodes:\n\t- id: a\n", 3, "", "spaces, not with tabs"),
    ("name: x\ncodes:\n  - id: 'a\n    definition: b\n", 3, "", "closed"),
    ("name: x\ncodes:\n  - id: @a\n", 3, "", "quotation marks"),
    ("name: x\ncodes:\n  - id: *a\n", 3, "", "quotation marks"),
    ("name: x\ncodes:\n  - id: !a\n", 3, "codes[1].id", "not known"),
    ("name: x\ncodes:\n  - id: !a b\n", 3, "codes[1].id", "not known"),
    ("name: x\ncodes:\n  - id: |\n      a\n      b\n", 3, "codes[1].id", "one line"),
    ("name: x\n\ncodes: a\n", 3, "codes", "must be a list"),
    ("codes: []\n", 1, "name", "no name"),
    ("- a\n", 1, "", "Known fields"),
    ("name: x\n---\nname: y\n", 2, "", "one codebook"),
    ("name: x\nignore: [a, a]\n", 2, "ignore[2]", "twice"),
    ("name: x\nignore:\n  - why: a\n", 3, "ignore[1].pattern", "missing"),
    ("name: x\n\x07\n", 2, "", "invisible"),
    (
        "name: x\ncodes:\n  - id: a\n    examples:\n      - text: b\n        applies: perhaps\n",
        6,
        "codes[1].examples[1].applies",
        "true or false",
    ),
    (
        "name: x\ncodes:\n  - id: a\n    examples: [{transcript: b}]\n",
        4,
        "codes[1].examples[1].text",
        "missing",
    ),
]


@pytest.mark.parametrize(("text", "line", "field", "said"), BAD)
def test_a_mistake_is_named_by_file_line_and_field(
    text: str, line: int, field: str, said: str
) -> None:
    with pytest.raises(UserError) as caught:
        parse_codebook(text, "codebook.yaml")
    where = f"codebook.yaml, line {line}" + (f", {field}" if field else "")
    assert caught.value.where == where
    assert said in str(caught.value)
    assert caught.value.hint


def test_a_mistake_in_line_12() -> None:
    text = FULL.replace("    name: Refusal\n", "    nme: Refusal\n")
    with pytest.raises(UserError, match="nme") as caught:
        parse_codebook(text, "codebook/codebook.yaml")
    assert caught.value.where == "codebook/codebook.yaml, line 12, codes[1].nme"


def test_all_mistakes_are_told_at_once() -> None:
    text = "name: x\ncodes:\n  - id: a\n    kind: b\n  - id: a\n    foo: c\n"
    with pytest.raises(UserError, match="3 mistakes") as caught:
        parse_codebook(text, "c")
    assert [line[:9] for line in caught.value.what.split("\n")[1:]] == [
        "  line 4,",
        "  line 5,",
        "  line 6,",
    ]


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no such codebook"):
        load_codebook(tmp_path / "none.yaml")
    with pytest.raises(UserError, match="cannot be read"):
        load_codebook(tmp_path)
    (tmp_path / "latin.yaml").write_bytes("name: x\n# caf\xe9\n".encode("latin-1"))
    with pytest.raises(UserError, match="UTF-8") as caught:
        load_codebook(tmp_path / "latin.yaml")
    assert caught.value.where.endswith("latin.yaml, line 2")
    (tmp_path / "empty.yaml").write_text("# nothing yet\n")
    with pytest.raises(UserError, match="empty"):
        load_codebook(tmp_path / "empty.yaml")


def test_windows_line_ends_and_byte_order_mark(tmp_path: Path) -> None:
    file = tmp_path / "c.yaml"
    file.write_bytes(b"\xef\xbb\xbf" + FULL.replace("\n", "\r\n").encode())
    assert load_codebook(file) == parse_codebook(FULL, "c")


@pytest.mark.parametrize("text", ["[" * 1_000, "{a: " * 2_000, "name: &a [*a]"])
def test_hostile_yaml_ends_in_a_message(text: str) -> None:
    with warnings.catch_warnings(), pytest.raises(UserError):
        parse_codebook(text, "c")


@pytest.mark.parametrize(
    ("wrong", "line", "says"),
    [
        ("    definition What people work with.\n    include: spades", 4, "definition: …"),
        ('    definition: "What is used.\n    include: "spades"', 4, "Close the quotation mark"),
        ("    definition: a tool: for work", 4, "must stand in quotation marks"),
    ],
)
def test_a_slip_is_named_where_it_was_made(wrong: str, line: int, says: str) -> None:
    text = f"name: Garden\ncodes:\n  - id: tools\n{wrong}\n  - id: weather\n    definition: Rain.\n"
    with pytest.raises(UserError) as caught:
        parse_codebook(text, "codebook.yaml")
    assert caught.value.where == f"codebook.yaml, line {line}"
    assert says in (caught.value.hint or "")


def test_the_same_text_is_read_once_and_a_changed_one_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []

    def counted(text: str, where: str) -> Node | None:
        read.append(where)
        return compose(text, where)

    monkeypatch.setattr(loading, "compose", counted)
    path = tmp_path / "codebook.yaml"
    for _ in range(3):
        path.write_text(FULL, encoding="utf-8")
        assert load_codebook(path).by_id["no"].definition == "Somebody says no."
    assert len(read) == 1
    path.write_text(FULL.replace("      no.", "      nay."), encoding="utf-8")
    assert load_codebook(path).by_id["no"].definition == "Somebody says nay."
    path.write_text(FULL.replace("  - id: 2024", "  - id: no"), encoding="utf-8")
    for _ in range(2):
        with pytest.raises(UserError, match="There is a code “no” already"):
            load_codebook(path)
