"""What `check` finds, and what it leaves alone."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from assistant.codebook.checking import check
from assistant.codebook.checking_names import unknown_codes
from assistant.codebook.findings import UsedCode
from assistant.codebook.loading import load_codebook, parse_codebook, read_codebook_text
from assistant.codebook.naming import closest, near_pairs, near_people, nearness
from assistant.codebook.records import Code, Codebook

INTERVIEWS = Path(__file__).resolve().parents[3] / "shared" / "interviews"

CLEAN = """\
name: Allotments
families: {Place: The plot itself}
ignore: ["Q[0-9]*"]
codes:
  - id: soil-worry
    family: Place
    definition: Somebody is troubled by the state of the soil.
    aliases: [soil worries]
    exclusive_with: [soil-pride]
    examples: [{text: It is all clay down there., transcript: Ada}]
  - id: soil-pride
    family: Place
    definition: Somebody is proud of the soil.
"""


def kinds(text: str, *used: UsedCode, transcripts: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    found = check(parse_codebook(text, "c"), used, transcripts)
    return [(f.severity, f.kind, f.code) for f in found]


def test_a_clean_codebook_has_no_findings() -> None:
    used = (UsedCode("soil-worry", 3), UsedCode("soil worries", 1), UsedCode("Q1", 9))
    assert kinds(CLEAN, *used, transcripts=("Ada.txt", "Ben")) == []


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (("definition: Somebody is proud of the soil.", ""), ("warning", "no-definition")),
        (
            ("Somebody is proud of the soil.", "Somebody is troubled by  the state of the soil."),
            ("warning", "double"),
        ),
        (("[soil-pride]", "[soil-prid]"), ("error", "link")),
        (("exclusive_with: [soil-pride]", "parent: dirt"), ("error", "link")),
        (("exclusive_with: [soil-pride]", "exclusive_with: [soil-worry]"), ("warning", "link")),
        (("[soil worries]", "[soil-pride]"), ("error", "alias")),
        (("[soil worries]", "[soil-worry]"), ("note", "alias")),
        (("{Place: The plot itself}", "{Plot: The plot itself}"), ("warning", "link")),
        ((", transcript: Ada", ""), ("note", "example")),
        (("transcript: Ada", "transcript: Adam"), ("warning", "example")),
        (('"Q[0-9]*"', '"soil-*"'), ("warning", "ignore")),
        (('"Q[0-9]*"', "misc"), ("note", "ignore")),
        (("id: soil-pride", "id: Soil worry"), ("warning", "near-name")),
        (("id: soil-pride", "id: soil-wory"), ("note", "near-name")),
    ],
)
def test_each_fault_is_found(change: tuple[str, str], expected: tuple[str, str]) -> None:
    assert change[0] in CLEAN
    found = kinds(CLEAN.replace(*change), UsedCode("Q1", 1), transcripts=("Ada", "Ben"))
    assert expected in [entry[:2] for entry in found]


def test_findings_say_where_and_what_to_do() -> None:
    loaded = read_codebook_text(CLEAN.replace("[soil-pride]", "[soil-prid]"), "codebook.yaml")
    (finding,) = check(loaded.codebook, lines=loaded.lines)
    assert finding.where == "codebook.yaml, line 9"
    assert "“soil-pride”" in finding.hint
    assert "soil-prid" in finding.what


def test_a_code_that_excludes_itself_is_named() -> None:
    text = CLEAN.replace("exclusive_with: [soil-pride]", "exclusive_with: [soil-worry]")
    assert "“soil-worry” excludes itself." in [f.what for f in check(parse_codebook(text, "c"))]


def test_without_use_and_transcripts_nothing_is_said_about_them() -> None:
    assert kinds(CLEAN.replace("transcript: Ada", "transcript: Adam")) == []


def test_parents_in_a_circle_are_reported_once() -> None:
    text = "name: x\ncodes:\n" + "".join(
        f"  - {{id: {code}, parent: {parent}, definition: About {code}.}}\n"
        for code, parent in (("wind", "rain"), ("rain", "snow"), ("snow", "wind"), ("hail", "rain"))
    )
    (finding,) = check(parse_codebook(text, "c"))
    assert finding.kind == "cycle"
    assert "wind → rain → snow → wind" in finding.what


def test_doubles_in_a_codebook_made_by_a_program() -> None:
    book = Codebook(
        name="x",
        codes=(
            Code(id="a", name="One", definition="d"),
            Code(id="a", name="Two", definition="e"),
            Code(id="b", name="One", definition="f"),
        ),
    )
    assert [f.what for f in check(book) if f.severity == "error"] == [
        "2 codes have the id “a”.",
        "The name “One” belongs to several codes: “a”, “b”.",
    ]


def test_unknown_codes_come_with_counts_and_the_nearest_name() -> None:
    used = (
        UsedCode("soil-Pride", 2, 1),
        UsedCode("weather", 5, 3),
        UsedCode("soil-prides-fix", 1),
        UsedCode("Q12", 4),
    )
    book = parse_codebook(CLEAN, "c")
    assert [use.code for use in unknown_codes(book, used)] == [
        "weather",
        "soil-Pride",
        "soil-prides-fix",
    ]
    weather, pride, fix = [f for f in check(book, used) if f.kind == "unknown-code"]
    assert "5 codings in 3 transcripts" in weather.what
    assert "differs from “soil-pride” in case only" in pride.hint
    assert "1 coding)" in fix.what
    assert "The nearest name is “soil-pride”" in fix.hint


@pytest.mark.parametrize(
    ("one", "other", "difference"),
    [
        ("Cost", "cost", "case"),
        ("cost-worry", "cost-worries", "plural"),
        ("cost box", "cost boxes", "plural"),
        ("cost-worry", "cost_worry", "hyphen, space or underscore"),
        ("cost worry", "costworry", "hyphen, space or underscore"),
        ("costWorry", "cost-worry", "case and hyphen, space or underscore"),
        ("worry cost", "cost worry", "order of words"),
        ("Worries: cost", "cost worry", "case and plural and order of words"),
        ("déjà-vu", "deja-vu", "accents"),
        ("cost", "cost", None),
        ("cost", "costs-fix", None),
        ("class", "clas", None),
        ("cost+", "cost", "hyphen, space or underscore"),
    ],
)
def test_nearness_says_what_differs(one: str, other: str, difference: str | None) -> None:
    assert nearness(one, other) == difference
    assert nearness(other, one) == difference


@pytest.mark.parametrize(
    ("one", "other", "near"),
    [
        ("low-quality", "low-qualty", True),
        ("weather", "waether", True),
        ("low-quality-data", "low-quantity-data", True),
        ("theme-A", "theme-B", False),
        ("Q1-answers", "Q2-answers", False),
        ("motivated", "unmotivated", False),
        ("cat", "car", False),
        ("low-quality", "low-quality-fix", False),
    ],
)
def test_differing_letters_that_people_mean_are_no_slip(one: str, other: str, near: bool) -> None:
    assert bool(near_pairs([one, other])) is near


@pytest.mark.parametrize(
    ("one", "other", "difference"),
    [
        ("Grtea Holm", "Greta Holm", "spelling (two letters swapped)"),
        ("Imogen Faulk", "Imogen Falk", "spelling (1 letter)"),
        ("greta holm", "Greta Holm", "case"),
        ("Holm Greta", "Greta Holm", "order of words"),
        ("Jose", "José", "accents"),
        ("Katherine", "Kathreine", "spelling (two letters swapped)"),
        *((one, other, "") for one, other in (("Ana", "Ann"), ("P1", "P2"), ("Ben S", "Ben T"))),
        *((one, other, "") for one, other in (("Maria", "Marie"), ("Daniel", "Daniela"))),
        *((one, other, "") for one, other in (("Christian", "Christina"), ("Karin", "Karen"))),
        *((one, other, "") for one, other in (("Coder 12", "Coder 21"), ("AB", "BA"))),
        ("Hanna Lind", "Greta Holm", ""),
    ],
)
def test_names_of_people_that_may_be_one_persons(one: str, other: str, difference: str) -> None:
    found = near_people([one, other])
    assert [pair.difference for pair in found] == ([difference] if difference else [])


def test_closest_is_nothing_when_nothing_is_close() -> None:
    assert closest("weather", ["soil-pride", "cost"]) is None
    assert closest("SOIL-PRID", ["cost", "soil-pride"]) == "soil-pride"


@pytest.mark.real
@pytest.mark.skipif(
    not INTERVIEWS.is_dir(), reason="the real interviews are not beside the checkout"
)
def test_the_known_answer_on_the_real_interviews() -> None:
    """The README of the interviews: 9 names, 21 codings, are not in the codebook."""
    counts: Counter[str] = Counter()
    for document in json.loads((INTERVIEWS / "gold.json").read_text(encoding="utf-8")):
        for paragraph in document["paragraphs"]:
            counts.update(set(paragraph["codes"]))
    used = [UsedCode(code, count) for code, count in counts.items()]
    book = load_codebook(INTERVIEWS / "codebook.yaml")
    unknown = unknown_codes(book, used)
    assert (len(unknown), sum(use.codings for use in unknown)) == (9, 21)
    found = check(book, used)
    assert len([f for f in found if f.kind == "unknown-code"]) == 9
    assert not [f for f in found if f.severity == "error"]
