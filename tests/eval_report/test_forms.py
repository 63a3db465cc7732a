"""The three files: valid, offline, escaped, and saying the same."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

from assistant.errors import UserError
from eval.evaluation.results import Evaluation
from eval.evaluation.serialising import evaluation_from_json
from eval.report import build, to_html, to_markdown, write_report
from eval.report.charts import MODEL, PEOPLE, Chart, Mark, mark
from eval.report.document import Cell, Column, Table, footnotes
from eval.report.drawing import inline_svg, spec
from eval.report.markdown import escape
from eval.statistics.values import Undefined, show
from tests.eval_report.evaluations import evaluation, people_only
from tests.eval_report.pages import Element, read

NASTY = "<script>alert('x')</script>"


class MarkdownFile(SingleFileSnapshotExtension):
    _write_mode = WriteMode.TEXT
    file_extension = "md"


@cache
def made() -> Evaluation:
    return evaluation()


@cache
def page() -> Element:
    return read(to_html(build(made(), 3)))


def nasty() -> Evaluation:
    """Everything that people name is hostile."""
    names = {**made().code_names, "Frost": NASTY, "Rules": "a|b](x) `c` <img src=y>"}
    plain = made().run
    assert plain is not None
    run = replace(plain, model=NASTY, notes=(NASTY,))
    overrides = tuple(replace(o, because=NASTY) for o in made().overrides)
    return replace(
        made(), study=NASTY, code_names=names, run=run, overrides=overrides, notes=(NASTY,)
    )


# --- Markdown --------------------------------------------------------------------------------


def test_markdown_of_a_run(snapshot: SnapshotAssertion) -> None:
    assert to_markdown(build(made(), 3)) == snapshot(extension_class=MarkdownFile)


def test_markdown_of_people(snapshot: SnapshotAssertion) -> None:
    assert to_markdown(build(people_only(), 4)) == snapshot(extension_class=MarkdownFile)


def test_every_row_of_a_markdown_table_has_as_many_cells_as_its_head() -> None:
    width = None
    for line in to_markdown(build(nasty(), 3)).splitlines():
        if not line.startswith("|"):
            width = None
            continue
        cells = len(re.findall(r"(?<!\\)\|", line))
        assert width in (None, cells), line
        width = cells


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("a|b", "a\\|b"),
        ("<script>", "\\<script\\>"),
        ("*x* and _y_ but snake_case", "\\*x\\* and \\_y\\_ but snake_case"),
        ("[a](http://x)", "[a\\](http://x)"),
        ("![a](x)", "!\\[a\\](x)"),
        ("# head", "\\# head"),
        ("1. first", "\\1. first"),
        ("two\nlines", "two lines"),
        ("0.31 [0.12, 0.50]", "0.31 [0.12, 0.50]"),
        ("&lt;", "\\&lt;"),
        ("R&D", "R&D"),
    ],
)
def test_escaping_of_markdown(text: str, escaped: str) -> None:
    assert escape(text) == escaped


def test_no_markup_of_a_name_survives_in_markdown() -> None:
    text = to_markdown(build(nasty(), 3))
    assert "<script" not in text.replace("\\<", "")
    assert "<img" not in text.replace("\\<", "")
    assert "](x)" not in text.replace("\\](", "")


# --- HTML ------------------------------------------------------------------------------------


def test_the_page_nests_and_its_ids_are_its_own() -> None:
    ids = [e.attributes["id"] for e in page().all() if "id" in e.attributes]
    assert len(ids) == len(set(ids))
    assert len(page().all("h1")) == 1
    levels = [int(e.name[1]) for e in page().all("h1", "h2", "h3")]
    assert all(b - a <= 1 for a, b in pairwise(levels))


def test_every_link_leads_somewhere_on_the_page() -> None:
    ids = {e.attributes["id"] for e in page().all() if "id" in e.attributes}
    targets = [e.attributes["href"] for e in page().all("a")]
    assert targets
    assert all(t.startswith("#") and t[1:] in ids for t in targets)
    labels = [
        e.attributes["aria-labelledby"] for e in page().all() if "aria-labelledby" in e.attributes
    ]
    assert all(name in ids for label in labels for name in label.split())


def test_the_page_fetches_nothing_and_runs_nothing() -> None:
    html = to_html(build(made(), 3))
    assert not page().all("script", "link", "img", "iframe", "object", "embed")
    assert not re.search(r"https?://|url\(|@import", html)
    for element in page().all():
        assert not any(name.startswith("on") or name == "src" for name in element.attributes)


def test_tables_have_captions_and_scopes() -> None:
    tables = page().all("table")
    assert len(tables) > 10
    for table in tables:
        assert len(table.all("caption")) == 1
        assert all(th.attributes["scope"] in ("row", "col") for th in table.all("th"))
        width = len(table.all("thead")[0].all("th"))
        for row in table.all("tbody")[0].children:
            assert len(row.children) == width
            assert row.children[0].name == "th"


def test_plots_have_titles_and_a_table_before_or_after() -> None:
    plots = page().all("figure")
    assert len(plots) == len(list(build(made(), 3).charts())) >= 7
    for figure in plots:
        (svg,) = (c for c in figure.children if c.name == "svg")
        assert svg.attributes["role"] == "img"
        assert svg.all("title")[0].text
        assert figure.all("figcaption")[0].text


def test_names_are_escaped_everywhere_in_the_page() -> None:
    html = to_html(build(nasty(), 3))
    tree = read(html)
    assert not tree.all("script", "img")
    assert "&lt;script&gt;" in html
    assert "<script" not in html
    assert NASTY in tree.by_id("plot-codes-title").text or NASTY in tree.text


def test_lanes_are_words_and_symbols() -> None:
    lanes = [e for e in page().all("span") if e.attributes.get("class", "").startswith("lane ")]
    assert lanes
    for lane in lanes:
        word = lane.attributes["class"].removeprefix("lane lane-")
        assert word in lane.texts
        assert lane.children[0].text in "✓◐≈✕?"


def test_what_is_undefined_has_its_reason_beside_it_and_below() -> None:
    table = page().by_id("model-codes")
    dashes = [e for e in table.all("span") if "–" in e.texts]
    assert dashes
    assert {e.attributes["title"] for e in dashes} == {
        "the figure is undefined for the model or for people"
    }
    assert page().by_id("model-codes-b").text == dashes[0].attributes["title"]
    # An estimate without an interval keeps its estimate.
    assert any("no interval" in e.texts for e in table.all("small"))


def test_the_page_has_what_keyboards_need() -> None:
    first = page().all("body")[0].children[0]
    assert first.attributes == {"class": "skip", "href": "#answer"}
    assert all(e.attributes["tabindex"] == "0" for e in page().all("div"))
    assert page().all("html")[0].attributes["lang"] == "en"


# --- plots -----------------------------------------------------------------------------------


def test_codes_with_few_positives_are_in_the_table_only() -> None:
    charts = {chart.id: chart for chart in build(made(), 3).charts()}
    assert charts["plot-codes"].rows == ("Frost", "Water")
    assert "Rules and | committee" in page().by_id("model-codes").text


def test_a_plot_holds_nothing_that_its_table_does_not() -> None:
    text = to_markdown(build(made(), 3))
    for chart in build(made(), 3).charts():
        assert isinstance(chart, Chart)
        for one in chart.marks:
            shown = show(one.value) if chart.kind == "marks" else str(int(one.value))
            assert escape(shown) in text, (chart.id, one)


def test_series_differ_by_more_than_colour() -> None:
    chart = Chart(
        "p", "t", "d", "kappa", ("a",), (MODEL, PEOPLE), (Mark("a", MODEL.name, 0.2, 0.1, 0.3),)
    )
    layers = spec(chart)["layer"]
    assert len(set(layers[-1]["encoding"]["shape"]["scale"]["range"])) == 2
    dashes = [layer["mark"].get("strokeDash") for layer in layers if "transform" in layer]
    assert dashes == [[], [5, 3]]


def test_what_is_undefined_is_no_mark() -> None:
    assert mark("a", MODEL, Undefined("why")) is None
    assert mark("a", MODEL, 0.5) == Mark("a", MODEL.name, 0.5)


def test_names_in_plots_are_escaped() -> None:
    chart = Chart("p", NASTY, NASTY, "k", (NASTY,), (MODEL,), (Mark(NASTY, MODEL.name, 0.2),))
    svg = inline_svg(chart)
    assert "<script" not in svg
    assert read(svg).by_id("p-title").text == NASTY
    assert "xmlns" not in svg


# --- files -----------------------------------------------------------------------------------


def test_json_is_the_evaluation_itself(tmp_path: Path) -> None:
    files = write_report(made(), 3, tmp_path / "deep" / "folder")
    assert evaluation_from_json(files.json.read_text(encoding="utf-8")) == made()
    json.loads(files.json.read_text(encoding="utf-8"))


def test_markdown_leads_to_plots_that_are_there(tmp_path: Path) -> None:
    files = write_report(made(), 3, tmp_path)
    named = re.findall(r"!\[[^\]]*\]\(([^)]+)\)", files.markdown.read_text(encoding="utf-8"))
    assert [tmp_path / name for name in named] == list(files.plots)
    for path in files.plots:
        assert path.read_text(encoding="utf-8").startswith("<svg")


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file", encoding="utf-8")
    with pytest.raises(UserError, match="cannot be written"):
        write_report(made(), 3, tmp_path / "taken")


def test_footnotes_come_once_each() -> None:
    cells = tuple(Cell("–", why=why) for why in ("x", "y", "x"))
    table = Table("t", "c", (Column("a"), Column("b"), Column("c")), (cells,))
    assert footnotes(table) == {"x": "a", "y": "b"}


def test_a_row_that_is_too_short_is_refused() -> None:
    with pytest.raises(ValueError, match="1 cells for 2 columns"):
        Table("t", "c", (Column("a"), Column("b")), ((Cell("x"),),))
