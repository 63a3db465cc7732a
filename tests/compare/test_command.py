"""``secondcoder compare``: fixed, broken, changed, refused, and what differs of two recipes."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from assistant.codebook.records import Codebook
from assistant.store.database import Store, open_store
from assistant.store.people.codings import scopes, set_scope
from assistant.store.records import Scope
from assistant.study import Study
from tests.cli.command import secondcoder
from tests.disagreements.studies import BOOK, book_of, interview, model, person, study_with
from tests.eval_report.pages import read


def two_runs(
    folder: Path, *, book: Codebook = BOOK, prompt: str = "Say what you see."
) -> tuple[Study, list[int]]:
    """Run 1 misses what run 2 finds, and run 2 over-codes once; Ana and Ben agree but once."""
    study, store = study_with(folder)
    with store:
        keys = [interview(store, f"Plot {n}", 8) for n in range(3)]
        for key in keys:
            person(store, key, "Ana", {1: ["frost"], 2: ["frost"], 4: ["rain"]})
            person(store, key, "Ben", {1: ["frost"], 2: ["frost"]})
        empty = interview(store, "Nobody", 3)
        one = {key: {1: ["frost"]} for key in keys}
        two = {key: {1: ["frost"], 2: ["frost"], 4: ["rain"], 6: ["tools"]} for key in keys}
        model(store, {**one, empty: {}}, cost=0.5)
        model(store, {**two, empty: {0: ["rain"]}}, recipe="two", prompt=prompt, book=book)
    return study, keys


def compared(study: Study, *arguments: str) -> dict[str, Any]:
    ended = secondcoder(study.folder, "compare", *arguments, "--json")
    assert ended.code == 0, ended.err
    return ended.json  # type: ignore[no-any-return]


def test_fixed_broken_and_changed(tmp_path: Path) -> None:
    study, _ = two_runs(tmp_path)
    found = compared(study, "1", "2")
    happened = [(c["happened"], c["how"], c["code"]) for c in found["changed"]]
    assert happened.count(("fixed", "found now", "frost")) == 3
    assert happened.count(("broken", "over-coded now", "tools")) == 3
    assert happened.count(("changed", "people differ here", "rain")) == 3
    assert happened.count(("changed", "nobody coded this place", "rain")) == 1
    assert len(happened) == 10
    back = compared(study, "2", "1")
    turned = [(c["happened"], c["how"], c["code"]) for c in back["changed"]]
    assert turned.count(("broken", "missed now", "frost")) == 3
    assert turned.count(("fixed", "no longer over-coded", "tools")) == 3
    rows = {a["name"]: a for a in found["answers"]["codes"]}
    assert rows["frost"]["difference"]["kappa"]["estimate"] > 0
    assert rows["frost"]["answer"] == "cannot tell", "three transcripts"
    assert found["first"]["cost"] == 2.0
    assert found["second"]["cost"] is None
    table = secondcoder(study.folder, "compare", "1", "2").out
    assert "\nOn 4 transcripts; figures with people rest on 3.\n" in table
    assert "in F1" in table.split("why")[0], "no coefficient stands alone"


def test_the_page_shows_passages_both_rationales_costs_and_words(tmp_path: Path) -> None:
    study, _ = two_runs(tmp_path, prompt="Say what you hear, please.")
    ended = secondcoder(study.folder, "compare", "1", "2")
    assert ended.code == 0, ended.err
    assert "3 fixed, 3 broken, 4 changed" in ended.out
    folder = study.reports_folder / "compare-1-2"
    page = read((folder / "comparison.html").read_text(encoding="utf-8"))
    assert len(page.all("article")) == 10
    fixed = page.all("article")[0].text
    for said in ("Ana and Ben", "Run 1", "does not give Frost", "Because of In Plot"):
        assert said in fixed
    assert "part 2 of what was told" in fixed
    for said in (
        "[-see-]",
        "{+hear, please+}",
        "Tokens in",
        "cannot be foretold from 3 transcripts",
    ):
        assert said in page.text, said
    markdown = (folder / "comparison.md").read_text(encoding="utf-8")
    assert "![Differences by code](plots/plot-differences.svg)" in markdown
    assert (folder / "plots" / "plot-differences.svg").is_file()


def test_a_run_without_a_call_spent_nothing(tmp_path: Path) -> None:
    """Nothing was asked, or all replies were there already: that is 0 and not “not known”."""
    study, _ = two_runs(tmp_path)
    with open_store(study.database)[0] as store:
        store.write("UPDATE calls SET reused_call_id = id WHERE run_id = 2")
    assert secondcoder(study.folder, "compare", "1", "2").code == 0
    page = (study.reports_folder / "compare-1-2" / "comparison.md").read_text(encoding="utf-8")
    rows = {
        line.split(" | ")[0]: line.rsplit(" | ", 1)[1] for line in page.split("\n") if " | " in line
    }
    for what in ("| Calls", "| Tokens in", "| Tokens out", "| Cost"):
        assert rows[what] == "0 |", rows[what]


def test_without_quotes_no_word_is_left(tmp_path: Path) -> None:
    study, _ = two_runs(tmp_path)
    secondcoder(study.folder, "compare", "1", "2", "--without-quotes")
    for path in (study.reports_folder / "compare-1-2").rglob("*.*"):
        assert not re.search("what was told|Because of", path.read_text(encoding="utf-8")), path


def test_who_and_what_has_a_figure_with_one_run_only_is_said(tmp_path: Path) -> None:
    """Ben never gives rain; run 1 does and run 2 does not, so being right there counts for nothing
    in the difference, and rain of Ana's alone would look as if run 1 agreed better than it does."""
    study, store = study_with(tmp_path)
    with store:
        keys = [interview(store, f"Plot {n}", 8) for n in range(3)]
        for key in keys:
            person(store, key, "Ana", {1: ["frost"], 4: ["rain"]})
            person(store, key, "Ben", {1: ["frost"]})
        model(store, {key: {1: ["frost"], 4: ["rain"], 5: ["tools"]} for key in keys})
        model(store, {key: {1: ["frost"]} for key in keys[:2]} | {keys[2]: {}}, recipe="two")
    found = compared(study, "1", "2")
    rows = {row["name"]: row for row in found["alone"]["codes"]}
    assert rows["rain"]["people"] == ["Ben"]
    assert rows["rain"]["kappa"] == [0.5, 0.0], "1 with Ana, 0 with Ben; 0 with Ana alone"
    assert rows["tools"]["people"] == ["Ana", "Ben"]
    compared_alone = {row["name"]: row for row in found["answers"]["codes"]}["rain"]
    assert compared_alone["first"]["kappa"]["estimate"] == 1.0
    said = re.sub(r"\s+", " ", secondcoder(study.folder, "compare", "1", "2").out)
    assert "Of 2 codes a person has one with one run alone" in said
    assert "mean kappa is 0.50 over 3 codes for run 1 and" in said
    page = read(
        (study.reports_folder / "compare-1-2" / "comparison.html").read_text(encoding="utf-8")
    ).text
    assert (
        "without Ben, of whom one run has no figure; with everybody run 1 0.50, run 2 0.00" in page
    )
    assert "Without a difference, since no person has a figure with both runs." in page
    markdown = (study.reports_folder / "compare-1-2" / "comparison.md").read_text(encoding="utf-8")
    assert re.search(r"\| tools \| 0\.00 \| – \(.\) \| 3 \| 0 \| 0 \|", markdown)


def redefined(**changes: str) -> Codebook:
    codes = tuple(c.model_copy(update=changes) if c.id == "frost" else c for c in BOOK.codes)
    return BOOK.model_copy(update={"codes": codes, "version": "2"})


def test_refused_across_a_changed_definition_with_what_to_recode(tmp_path: Path) -> None:
    study, _ = two_runs(tmp_path, book=redefined(definition="Ice on leaves."))
    ended = secondcoder(study.folder, "compare", "1", "2")
    assert ended.code == 2
    assert "the definition of frost changed" in ended.err
    assert "12 passages were coded by the old one." in ended.err
    what_to_do, passages = ended.err.split("The passages:")
    assert "What to do: Code these passages again" in what_to_do
    assert "--anyway" in what_to_do
    assert "passage 2" not in what_to_do
    assert "Plot 1, passage 2, Ana: frost" in passages
    assert not (study.reports_folder / "compare-1-2").exists()
    found = compared(study, "1", "2", "--anyway")
    assert found["title"].startswith("Drift towards the old coding, not an evaluation")
    page = (study.reports_folder / "compare-1-2" / "comparison.html").read_text(encoding="utf-8")
    assert "Drift towards the old coding, not an evaluation" in page
    assert "Ice on leaves" in page


def test_who_coded_by_the_new_definition_need_not_code_again(tmp_path: Path) -> None:
    newer = redefined(definition="Ice on leaves.")
    study, keys = two_runs(tmp_path, book=newer)
    with open_store(study.database)[0] as store:
        (ben,) = {s.coder for s in scopes(store, keys[0]) if s.coder.name == "Ben"}
        set_scope(store, Scope(ben, keys[0], "independent", codebook_sha256=newer.sha256))
        set_scope(store, Scope(ben, keys[1], "independent", codebook_sha256=BOOK.sha256))
    ended = secondcoder(study.folder, "compare", "1", "2")
    assert "10 passages were coded by the old one" in ended.err
    assert "Plot 0, passage 2, Ben: frost" not in ended.err
    assert "Plot 1, passage 2, Ben: frost" in ended.err


def test_another_note_in_an_entry_is_compared_and_shown(tmp_path: Path) -> None:
    study, _ = two_runs(tmp_path, book=redefined(exclude="Snow without harm."))
    found = compared(study, "1", "2")
    assert found["definitions"]["edited"] == ["frost"]
    assert found["drift"] is False
    (text,) = found["texts"]
    assert text["what"] == "codebook"
    assert any(place == "frost, exclude" for place, _ in text["lines"])


def test_a_renamed_code_is_the_same_code(tmp_path: Path) -> None:
    codes = tuple(
        c.model_copy(update={"id": "ice", "aliases": ("frost",)}) if c.id == "frost" else c
        for c in BOOK.codes
    )
    book = BOOK.model_copy(update={"codes": codes, "version": "2"})
    study, store = study_with(tmp_path)
    with store:
        key = interview(store, "Plot", 8)
        person(store, key, "Ana", {1: ["frost"], 2: ["frost"]})
        model(store, {key: {1: ["frost"]}})
        model(store, {key: {1: ["ice"], 2: ["ice"]}}, recipe="two", book=book)
    found = compared(study, "1", "2")
    assert [(c["happened"], c["code"]) for c in found["changed"]] == [("fixed", "ice")]


def test_repeats_and_named_runs_are_the_noise_floor(tmp_path: Path) -> None:
    study, keys = two_runs(tmp_path)
    store, _ = open_store(study.database)
    with store:
        model(store, {key: {1: ["frost"], 5: ["frost"]} for key in keys}, repeat=2)
        model(store, {key: {} for key in keys}, recipe="reordered")
    found = compared(study, "1", "2", "--noise", "4")
    noise = {(n["first"], n["second"]): n for n in found["noise"]}
    assert set(noise) == {("run 1", "run 3"), ("run 1", "run 4")}
    assert noise["run 1", "run 3"]["what"] == "repeat"
    assert noise["run 1", "run 3"]["cells"] == 3
    assert noise["run 1", "run 4"]["what"] == "named as noise"
    assert compared(study, "1", "3")["notes"][-1].startswith("Both are runs of one recipe")


@pytest.mark.slow
def test_a_run_of_a_few_passages_sets_no_floor(tmp_path: Path) -> None:
    """Twelve transcripts in which the second run is better; a repeat of one of them that differs
    wildly is no reason to call that no change."""
    study, store = study_with(tmp_path)
    with store:
        keys = [interview(store, f"Plot {n}", 8) for n in range(12)]
        for key in keys:
            person(store, key, "Ana", {1: ["frost"], 2: ["frost"], 5: ["frost"]})
        model(store, {key: {1: ["frost"], 6: ["frost"]} for key in keys})
        model(store, {key: {n: ["frost"] for n in (1, 2, 5)} for key in keys}, recipe="two")
        model(store, {keys[0]: {n: ["frost"] for n in (0, 3, 4, 7)}}, repeat=2)
    found = compared(study, "1", "2")
    (noise,) = found["noise"]
    assert noise["kappa"]["frost"] > 0.5, "it is shown"
    assert found["answers"]["together"]["answer"] == "better"
    store, _ = open_store(study.database)
    with store:
        said = {key: {n: ["frost"] for n in (1, 2, 5)} for key in keys}
        model(store, said, repeat=3)
    assert (
        found["answers"]["together"] != (again := compared(study, "1", "2"))["answers"]["together"]
    )
    assert again["answers"]["together"]["answer"] == "no change", "a repeat of all differs as much"


def test_noise_under_another_definition_is_refused(tmp_path: Path) -> None:
    study, keys = two_runs(tmp_path)
    store, _ = open_store(study.database)
    with store:
        book = redefined(definition="Ice on leaves.")
        model(store, {key: {} for key in keys}, recipe="other", book=book)
    ended = secondcoder(study.folder, "compare", "1", "2", "--noise", "3")
    assert ended.code == 2
    assert "definition of frost is another one" in ended.err


def test_a_code_of_a_whole_transcript_has_its_reason_wherever_it_was_given(tmp_path: Path) -> None:
    study, store = study_with(tmp_path)
    with store:
        key = interview(store, "Plot", 6)
        person(store, key, "Ana", {4: ["patience"]})
        model(store, {key: {1: ["frost"]}})
        model(store, {key: {1: ["frost"], 3: ["patience"]}}, recipe="two")
    assert secondcoder(study.folder, "compare", "1", "2").code == 0
    written = study.reports_folder / "compare-1-2" / "comparison.json"
    (change,) = json.loads(written.read_text(encoding="utf-8"))["changed"]
    assert (change["code"], change["happened"]) == ("patience", "fixed")
    assert (change["first_segment"], change["last_segment"]) == (0, 5)
    assert change["rationales"][1].startswith("Because of")


def test_failed_segments_are_in_no_figure_and_no_list(tmp_path: Path) -> None:
    study, store = study_with(tmp_path)
    with store:
        key = interview(store, "Plot", 6)
        person(store, key, "Ana", {1: ["frost"], 3: ["frost"]})
        model(store, {key: {}}, failed=[(key, 1)])
        model(store, {key: {1: ["frost"], 3: ["frost"]}}, recipe="two")
    found = compared(study, "1", "2")
    assert [c["first_segment"] for c in found["changed"]] == [3]
    assert found["units"] == 5


def only_models(store: Store) -> None:
    key = interview(store, "Plot", 6)
    model(store, {key: {1: ["frost"]}})
    model(store, {key: {2: ["frost"]}}, recipe="two")


def test_where_nobody_coded_the_changes_are_listed_and_nothing_is_better(tmp_path: Path) -> None:
    study, store = study_with(tmp_path)
    with store:
        only_models(store)
    found = compared(study, "1", "2")
    assert found["answers"] is None
    assert len(found["changed"]) == 2
    assert any("No person coded" in note for note in found["notes"])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("1", "1"), "cannot be compared with itself"),
        (("1", "9"), "There is no run 9."),
        (("1", "3"), "no passage and code in common"),
    ],
)
def test_mistakes_say_what_to_do(tmp_path: Path, arguments: tuple[str, str], said: str) -> None:
    study, store = study_with(tmp_path)
    with store:
        only_models(store)
        model(store, {interview(store, "Elsewhere", 2): {}}, recipe="three")
    ended = secondcoder(study.folder, "compare", *arguments)
    assert ended.code == 2
    assert said in ended.err


def test_json_file_and_output_say_the_same(tmp_path: Path) -> None:
    study, _ = two_runs(tmp_path)
    found = compared(study, "1", "2")
    stored = json.loads(
        (study.reports_folder / "compare-1-2" / "comparison.json").read_text("utf-8")
    )
    assert stored["answers"] == found["answers"]
    assert stored["changed"][0]["rationales"][1].startswith("Because of")
    assert found["changed"][0]["rationales"] == ["", ""], "no words on the terminal"


def test_codes_that_only_one_run_was_asked_about_are_left_out(tmp_path: Path) -> None:
    book = book_of(
        "name: Garden\nversion: 2\ncodes:\n  - id: frost\n    name: Frost\n"
        "    definition: Harm done by cold.\n  - id: snow\n"
    )
    study, _ = two_runs(tmp_path, book=book)
    found = compared(study, "1", "2")
    assert [a["name"] for a in found["answers"]["codes"]] == ["frost"]
    assert "snow" in found["definitions"]["only_second"]
    assert "rain" in found["definitions"]["only_first"]
