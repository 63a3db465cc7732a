"""``secondcoder disagreements`` on a study."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.study import Study
from tests.cli.allotment import allotment
from tests.cli.command import secondcoder
from tests.disagreements.studies import BOOK, interview, model, person, study_with
from tests.eval_report.pages import read


@pytest.fixture
def study(tmp_path: Path) -> Study:
    return allotment(tmp_path)


def test_people_alone(study: Study) -> None:
    ended = secondcoder(study.folder, "disagreements")
    assert ended.code == 0, ended.err
    folder = study.reports_folder / "disagreements"
    for name in ("disagreements.html", "disagreements.md", "disagreements.csv"):
        assert (folder / name).is_file()
        assert str(folder / name) in ended.out
    page = read((folder / "disagreements.html").read_text(encoding="utf-8"))
    frost, patience = page.all("article")
    assert "codebook, line 6" in frost.text
    assert "Ana" in patience.text
    assert "codebook, line 9" in patience.text
    assert "weather-damage" in page.text, "codes that the codebook lacks are named"


def test_with_a_run_as_json(tmp_path: Path) -> None:
    study, store = study_with(tmp_path)
    with store:
        key = interview(store, "Plot")
        person(store, key, "Ana", {1: ["frost"], 2: ["rain"]})
        person(store, key, "Ben", {1: ["frost"]})
        number = model(store, {key: {2: ["rain"]}})
    ended = secondcoder(study.folder, "disagreements", "--run", str(number), "--json")
    assert ended.code == 0, ended.err
    assert ended.json["by_class"] == [
        {"who": "people-agree", "kind": "missed", "count": 1},
        {"who": "one-alone", "kind": "missed", "count": 1},
    ]
    between = secondcoder(
        *(study.folder, "disagreements", "--run", str(number), "--between", "Ben", "model"),
        *("--code", "rain", "--transcript", "Plot", "--out", str(tmp_path / "out"), "--json"),
    )
    assert between.json["disagreements"] == 1
    assert (tmp_path / "out" / "codes" / "rain.html").is_file()
    assert BOOK.by_id["rain"].definition in (tmp_path / "out" / "disagreements.md").read_text(
        "utf-8"
    )


def test_it_says_where_the_run_coded_nothing(tmp_path: Path) -> None:
    """Disagreements there are “people differ” whatever a model would have said."""
    study, store = study_with(tmp_path)
    with store:
        first, second, alone = (interview(store, name) for name in ("Plot", "Shed", "Path"))
        for key in (first, second):
            person(store, key, "Ana", {1: ["frost"]})
            person(store, key, "Ben", {2: ["rain"]})
        person(store, alone, "Ana", {1: ["frost"]})
        here = model(store, {first: {2: ["rain"]}})
        both = model(store, {first: {}, second: {}}, recipe="two")
    ended = secondcoder(study.folder, "disagreements", "--run", str(here))
    said = (
        "The run coded 1 of the 2 transcripts that two or more coders looked at; in the other 1 "
        "only people are compared."
    )
    assert said in ended.err, ended.err
    page = study.reports_folder / f"disagreements-run-{here}" / "disagreements.md"
    assert said in page.read_text(encoding="utf-8")
    assert "only people" not in secondcoder(study.folder, "disagreements", "--run", str(both)).err
    assert "only people" not in secondcoder(study.folder, "disagreements").err


def test_mistakes_say_what_to_do(study: Study, tmp_path: Path) -> None:
    for arguments, said in (
        (("--run", "9"), "There is no run 9."),
        (("--code", "snow"), "no code “snow”"),
        (("--between", "Ana", "Zoe"), "Coders: Ana, Ben"),
    ):
        ended = secondcoder(study.folder, "disagreements", *arguments)
        assert ended.code == 2
        assert said in ended.err
    empty, store = study_with(tmp_path / "empty")
    with store:
        person(store, interview(store, "Plot"), "Ana", {1: ["frost"]})
    ended = secondcoder(empty.folder, "disagreements")
    assert ended.code == 2
    assert "No two coders looked at the same passage" in ended.err


def test_two_people_who_agree_get_a_page_too(tmp_path: Path) -> None:
    study, store = study_with(tmp_path)
    with store:
        key = interview(store, "Plot")
        for name in ("Ana", "Ben"):
            person(store, key, name, {1: ["frost"]})
    ended = secondcoder(study.folder, "disagreements")
    assert ended.code == 0, ended.err
    page = (study.reports_folder / "disagreements" / "disagreements.html").read_text("utf-8")
    assert "disagree nowhere" in page
