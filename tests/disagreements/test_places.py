"""Disagreements about one passage stand together, with the text once and what is close by."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from assistant.store.database import Store, open_store
from assistant.store.model.runs import run
from eval.disagreements import Gathered, gather
from eval.disagreements.places import at_passages
from eval.disagreements.writing import DisagreementFiles, Options, write_disagreements
from tests.disagreements.studies import BOOK, interview, model, person
from tests.eval_report.pages import Element, read


@pytest.fixture
def store() -> Store:
    return open_store()[0]


def two(store: Store) -> Gathered:
    """Two disagreements at one passage, of which one reaches further, and one elsewhere."""
    key = interview(store, "Plot", 8)
    person(store, key, "Ana", {1: ["frost"], (1, 2): ["tools"], 6: ["rain"]})
    person(store, key, "Ben", {1: ["rain"]})
    return gather(store, BOOK)


def written(
    found: Gathered, folder: Path, **options: Any
) -> tuple[DisagreementFiles, Element, str]:
    files = write_disagreements(found, {}, Options("Gardens", **options), folder)
    text = files.html.read_text(encoding="utf-8")
    return files, read(text), text


def test_what_overlaps_is_one_place(store: Store) -> None:
    g = two(store)
    where: dict[str, set[object]] = {}
    for d in g.disagreements:
        where.setdefault(d.place, set()).add((d.codes, d.first_segment))
    assert sorted(map(len, where.values())) == [1, 2]
    assert at_passages(g.disagreements) == "3 disagreements at 2 passages"
    # What is about one passage stands together, though another kind comes between.
    places = [d.place for d in g.disagreements]
    assert places == sorted(places, key=places.index)


def test_other_people_and_larger_units_have_places_of_their_own(store: Store) -> None:
    key = interview(store, "Plot", 6)
    person(store, key, "Ana", {1: ["frost"], 2: ["patience"]})
    person(store, key, "Ben", {})
    person(store, key, "Cem", {}, looked=(3, 5))
    other = interview(store, "Field", 6)
    person(store, other, "Ana", {1: ["frost", "rain"]})
    person(store, other, "Cem", {}, codes=("frost", "rain"))
    found = gather(store, BOOK).disagreements
    assert len({d.place for d in found}) == 3
    assert [len({d.place for d in found if d.transcript == t}) for t in ("Plot", "Field")] == [2, 1]


def test_a_place_is_the_same_after_a_new_codebook_order_and_for_the_same_people(
    store: Store,
) -> None:
    before = {d.key: d.place for d in two(store).disagreements}
    after = {d.key: d.place for d in gather(store, BOOK.in_another_order(3)).disagreements}
    assert after == before


def test_the_page_has_the_text_once_and_letters_for_the_marks(store: Store, tmp_path: Path) -> None:
    g = two(store)
    _, page, _ = written(g, tmp_path)
    (spot,) = [e for e in page.all("section") if e.attributes.get("class") == "spot"]
    assert spot.attributes["id"] in {d.place for d in g.disagreements}
    assert "2 disagreements at this passage" in spot.text
    assert len(spot.all("article")) == 2
    assert len(spot.all("blockquote")) == 1
    assert {s.text for s in spot.all("sup")} == {"1ab", "1b", "2a"}
    assert [e.text for e in spot.all("span") if e.attributes.get("class") == "letter"] == ["a", "b"]
    assert len(page.all("article")) == 3
    assert "3 at 2 passages" in page.text
    (quote,) = spot.all("blockquote")
    assert quote.text.count("part 1 of what") == 1


def test_markdown_has_it_too(store: Store, tmp_path: Path) -> None:
    text = written(two(store), tmp_path)[0].markdown.read_text(encoding="utf-8")
    assert "### 2 disagreements at this passage" in text
    assert "#### a\\. " in text or "#### a. " in text
    assert text.count("part 1 of what") == 1


def test_the_files_for_programs_name_the_place(store: Store, tmp_path: Path) -> None:
    g = two(store)
    files, _, _ = written(g, tmp_path)
    places = {d.key: d.place for d in g.disagreements}
    content = json.loads(files.json.read_text(encoding="utf-8"))
    assert {d["key"]: d["place"] for d in content["disagreements"]} == places
    assert content["passages"] == 2
    rows = list(csv.DictReader(io.StringIO(files.csv.read_text(encoding="utf-8-sig"))))
    assert {row["key"]: row["place"] for row in rows} == places


def test_a_code_s_page_leads_to_the_rest_of_the_passage(store: Store, tmp_path: Path) -> None:
    g = two(store)
    files, _, _ = written(g, tmp_path)
    (tools,) = [p for p in files.codes if p.stem == "tools"]
    page = read(tools.read_text(encoding="utf-8"))
    (link,) = [a for a in page.all("a") if "more disagreement" in a.text]
    assert link.text == "1 more disagreement at this passage"
    path, _, key = link.attributes["href"].partition("#")
    assert path == "../disagreements.html"
    assert key in {d.key for d in g.disagreements if d.codes == ("frost", "rain")}


def test_where_sides_differ_by_entry_each_has_its_own_text(store: Store, tmp_path: Path) -> None:
    key = interview(store, "Plot", 4)
    person(store, key, "Ana", {1: ["frost"]})
    person(store, key, "Ben", {1: ["frost", "tools"]})
    person(store, key, "Cem", {})
    _, page, _ = written(gather(store, BOOK), tmp_path)
    (spot,) = [e for e in page.all("section") if e.attributes.get("class") == "spot"]
    assert len(spot.all("blockquote")) == len(spot.all("article")) == 2


# --- close by ------------------------------------------------------------------------------------


def near(store: Store, tmp_path: Path, **options: Any) -> tuple[Gathered, str]:
    key = interview(store, "Plot", 6)
    person(store, key, "Ana", {1: ["frost"]})
    person(store, key, "Ben", {1: ["rain"], 2: ["frost"]})
    g = gather(store, BOOK)
    return g, written(g, tmp_path, **options)[0].markdown.read_text(encoding="utf-8")


def test_the_same_code_of_the_other_side_close_by_is_shown(store: Store, tmp_path: Path) -> None:
    g, text = near(store, tmp_path)
    (d,) = [d for d in g.disagreements if set(d.codes) == {"frost", "rain"}]
    ana, ben = d.sides
    assert [(n.code, n.segment) for n in ben.nearby] == [("frost", 2)]
    assert ana.nearby == ()
    assert "Close by: gives Frost in the segment after: “In Plot part 2" in text
    assert "*⟦2 In Plot part 2 of" in text, "and marked in what is shown around"


def test_words_close_by_are_left_out_with_the_others(store: Store, tmp_path: Path) -> None:
    _, text = near(store, tmp_path, quotes=False)
    assert "gives Frost in the segment after" in text
    folder = [p.read_text(encoding="utf-8") for p in tmp_path.rglob("*") if p.is_file()]
    assert not any("part 2 of" in content for content in folder)


def test_what_is_further_away_is_not_close_by(store: Store) -> None:
    key = interview(store, "Plot", 8)
    person(store, key, "Ana", {1: ["frost"]})
    person(store, key, "Ben", {4: ["frost"]})
    assert not any(s.nearby for d in gather(store, BOOK).disagreements for s in d.sides)


def test_a_model_s_suggestions_close_by(store: Store) -> None:
    key = interview(store, "Plot", 6)
    person(store, key, "Ana", {1: ["frost"]})
    person(store, key, "Ben", {1: ["frost"]})
    number = model(store, {key: {1: ["rain"], 2: ["frost"]}})
    found = gather(store, BOOK, run=run(store, number)).disagreements
    (confused,) = [d for d in found if d.kind == "confused"]
    assert [(n.code, n.segment) for n in confused.sides[-1].nearby] == [("frost", 2)]
