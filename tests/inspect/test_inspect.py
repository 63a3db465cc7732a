"""One look at people's codes: what stands out, and that nothing of the interviews' words does."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from assistant.cli.main import cli
from assistant.errors import UserError
from assistant.store.database import Store, open_store
from assistant.store.people.coders import add_coder
from assistant.store.people.codings import add_coding, set_scope
from assistant.store.records import Coding, Scope
from assistant.study import Study, create_study
from eval.inspect.looking import inspect_study
from eval.inspect.page import findings_in_words, inspect_document
from eval.report.html import to_html
from tests.store.filled import add_interview

CODEBOOK = """name: Plots
version: "1"
codes:
  - id: tools
    definition: Spades and the like.
  - id: weather
  - id: fences
    definition: What keeps neighbours apart.
"""
LINES = [("Ann", f"Sentence number {n} has exactly eight words here.") for n in range(40)]


@pytest.fixture
def study(tmp_path: Path) -> Study:
    made = create_study(tmp_path / "study")
    made.codebook_file.write_text(CODEBOOK, encoding="utf-8")
    return made


def fill(store: Store, *, stop_at: int = 40) -> None:
    key = add_interview(store, "Plot 7", LINES)
    segments = store.rows("SELECT start_char, end_char FROM segments ORDER BY idx")
    text = str(store.value("SELECT text FROM transcripts WHERE id = ?", (key,)))
    for name, last in (("Ana", 40), ("Ben", stop_at)):
        coder = add_coder(store, name, "human")
        set_scope(store, Scope(coder, key, "independent"))
        for n in range(0, last, 2):
            start, end = segments[n]["start_char"], segments[n]["end_char"]
            quote = text[start:end].rstrip()
            add_coding(
                store,
                Coding(
                    0,
                    f"{name}-{n}",
                    key,
                    coder,
                    "tools",
                    start,
                    start + len(quote),
                    quote,
                    "import",
                    "independent",
                ),
            )
    ana = add_coder(store, "Ana", "human")
    start = int(segments[0]["start_char"])
    add_coding(
        store,
        Coding(
            0,
            "short",
            key,
            ana,
            "mud",
            start,
            start + 8,
            text[start : start + 8],
            "import",
            "independent",
        ),
    )
    add_coding(
        store,
        Coding(
            0,
            "again",
            key,
            ana,
            "tools",
            start,
            start + 20,
            text[start : start + 20],
            "import",
            "independent",
        ),
    )
    end = int(segments[20]["start_char"])
    add_coding(
        store,
        Coding(0, "long", key, ana, "fences", start, end, text[start:end], "import", "independent"),
    )


def test_what_stands_out(study: Study) -> None:
    with open_store(study.database)[0] as store:
        fill(store, stop_at=16)
        found = inspect_study(study, store)
    assert (found.transcripts, found.coded, found.doubly) == (1, 1, 1)
    codes = {c.code: c for c in found.codes}
    assert codes["weather"].codings == 0
    assert not codes["weather"].defined
    assert not codes["mud"].in_codebook
    assert codes["fences"].coders == ("Ana",)
    assert codes["fences"].could == 2
    assert [e.code for e in found.short] == ["mud"]
    assert [(e.code, e.segments) for e in found.long] == [("fences", 20)]
    assert [(t.coder, t.code, t.same) for t in found.twice] == [("Ana", "tools", False)]
    (ben,) = [c for c in found.courses if c.coder == "Ben"]
    assert ben.stops
    assert sum(ben.tenths[:4]) == 8
    assert sum(ben.tenths[4:]) == 0
    said = " ".join(findings_in_words(found))
    for part in (
        "was used by nobody: weather",
        "no definition: weather",
        "not in the codebook: mud",
    ):
        assert part in said
    assert "Ben's codes in Plot 7 end at" in said
    assert found.people is not None


def test_a_code_under_its_alias_is_the_same_code(study: Study) -> None:
    """Whoever wrote “mud” and “tools” used one code, and one passage marked with both is twice."""
    study.codebook_file.write_text(
        CODEBOOK.replace("- id: tools\n", "- id: tools\n    aliases: [mud]\n"), encoding="utf-8"
    )
    with open_store(study.database)[0] as store:
        fill(store)
        found = inspect_study(study, store)
    ana = next(c for c in found.coders if c.name == "Ana")
    assert ana.codes == 2, "tools and fences"
    assert {(t.coder, t.code) for t in found.twice} == {("Ana", "tools")}
    assert len(found.twice) == 2
    assert [e.code for e in found.short] == ["tools"]


def test_nobody_stops_who_codes_to_the_end(study: Study) -> None:
    with open_store(study.database)[0] as store:
        fill(store)
        found = inspect_study(study, store)
    assert not any(c.stops for c in found.courses)


def test_it_says_whose_agreement_it_is(study: Study) -> None:
    """An adjudicated version makes two who coded, and is in no agreement."""
    with open_store(study.database)[0] as store:
        fill(store)
        other = add_interview(store, "Plot 8", [("Ann", "Other words than those before.")] * 2)
        first = int(store.value("SELECT id FROM transcripts WHERE name = 'Plot 7'"))
        team = add_coder(store, "Team", "human")
        for key in (first, other):
            set_scope(store, Scope(team, key, "adjudicated"))
        set_scope(store, Scope(add_coder(store, "Ana", "human"), other, "independent"))
        found = inspect_study(study, store)
    assert (found.doubly, found.independently) == (2, 1)
    ran = CliRunner().invoke(cli, ["--study", str(study.folder), "inspect"])
    assert "Agreement of Ana and Ben with each other in 1 transcript, all codes: " in ran.output
    assert "2 by two people or more, of these 1 independently of each other; 3" in ran.output
    assert "Note: Left out: Team (" in ran.output
    assert "\nEvaluation 1, of people with each other, is stored: " in ran.output
    assert "1 time one person gave one code twice to the same words, or to words" in ran.output
    page = study.folder / "runs" / "reports" / "inspect" / "inspect.md"
    written = page.read_text("utf-8")
    assert "Ana and Ben with each other in 1 transcript, all codes' units in one table" in written
    assert "> Left out: Team (" in written


def test_two_names_that_may_be_one_persons_are_asked_about(study: Study) -> None:
    with open_store(study.database)[0] as store:
        fill(store)
        for n, name in enumerate(("Greta Holm", "Grtea Holm", "Ann")):
            key = add_interview(store, f"Plot {n}", [("Ann", f"Other words, {n} of them.")])
            coder = add_coder(store, name, "human")
            set_scope(store, Scope(coder, key, "independent"))
            if name == "Greta Holm":
                there = Coding(0, "g", key, coder, "tools", 0, 5, "Other", "import", "independent")
                add_coding(store, there)
        found = inspect_study(study, store)
    said = [sentence for sentence in findings_in_words(found) if "one person?" in sentence]
    assert said == [
        "“Grtea Holm” and “Greta Holm”: one person? They differ in spelling (two letters "
        'swapped). If so: secondcoder transcripts --coder "Grtea Holm" --set-coder-name "Greta '
        'Holm" --same-person'
    ]


def test_of_many_codes_some_are_named_and_the_others_counted(study: Study) -> None:
    with open_store(study.database)[0] as store:
        fill(store)
        found = inspect_study(study, store)
    many = tuple(replace(found.codes[0], code=f"c{n}", in_codebook=False) for n in range(8))
    said = " ".join(findings_in_words(replace(found, codes=many)))
    assert "8 codes are not in the codebook: c0, c1, c2, c3, c4, c5 and 2 more." in said


def test_an_empty_study_is_told_what_to_do(study: Study) -> None:
    with open_store(study.database)[0] as store, pytest.raises(UserError, match="Nobody's codes"):
        inspect_study(study, store)


def test_without_a_codebook_it_still_looks(study: Study) -> None:
    study.codebook_file.write_text("name: x\ncodes: []\n", encoding="utf-8")
    with open_store(study.database)[0] as store:
        fill(store)
        found = inspect_study(study, store)
    assert found.people is None
    assert found.no_agreement
    assert {c.code for c in found.codes} == {"tools", "mud", "fences"}


def test_the_page_holds_no_words_and_every_plot_a_table(study: Study) -> None:
    with open_store(study.database)[0] as store:
        fill(store)
        document = inspect_document(inspect_study(study, store))
    page = to_html(document)
    assert "Sentence number" not in page
    for section in document.sections:
        kinds = [type(block).__name__ for block in section.blocks]
        assert ("Chart" not in kinds and "Grid" not in kinds) or "Table" in kinds


@pytest.mark.slow
def test_the_command(study: Study) -> None:
    with open_store(study.database)[0] as store:
        fill(store)
    ran = CliRunner().invoke(cli, ["--study", str(study.folder), "inspect"])
    assert ran.exit_code == 0, ran.output
    folder = study.folder / "runs" / "reports" / "inspect"
    written = json.loads((folder / "inspect.json").read_text("utf-8"))
    assert written["doubly"] == 1
    assert (folder / "inspect.html").is_file()
    assert "Sentence number" not in (folder / "inspect.md").read_text("utf-8")
    as_json = CliRunner().invoke(cli, ["--study", str(study.folder), "inspect", "--json"])
    assert json.loads(as_json.stdout)["coded"] == 1
