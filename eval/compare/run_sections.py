"""What the page of a comparison says of the two runs themselves: noise, cost, recipes and texts."""

from __future__ import annotations

from eval.compare.records import Comparison, RunSide
from eval.report.charts import BASELINE, MODEL, Chart, Mark, Series
from eval.report.document import Block, Bullets, Cell, Column, Note, Section, Table, Text
from eval.report.wording import count, how_many, listed
from eval.statistics.values import show

__all__ = ["cost_section", "noise_section", "recipes_section", "text_section"]

_MOST_LINES = 80


def noise_section(found: Comparison) -> Section:
    if not found.noise:
        text = (
            "No run says how much chance alone changes. `secondcoder code --repeats 3` codes the "
            "same transcripts again; a run with the codebook in another order or a paraphrased "
            "prompt can be named on the command line (`secondcoder compare --noise RUN`)."
        )
        return Section("noise", "What chance does", (Note(text),))
    rows = tuple(
        (
            Cell(f"{n.first} and {n.second}"),
            Cell(n.what),
            count(n.cells),
            count(n.of),
            Cell(show(n.kappa["all codes"]) if "all codes" in n.kappa else "–"),
            Cell(show(max(n.kappa.values())) if n.kappa else "–"),
        )
        for n in found.noise
    )
    table = Table(
        "noise",
        "Runs that should not differ. A difference between the two runs that is no larger is "
        "called no change.",
        (
            Column("Runs"),
            Column("Kind"),
            Column("Answers that differ", numeric=True),
            Column("Of", numeric=True),
            Column("Kappa, all codes, apart", numeric=True),
            Column("Kappa, worst code, apart", numeric=True),
        ),
        rows,
    )
    drawn = [n for n in found.noise if n.kappa]
    blocks: list[Block] = [table]
    if drawn:
        all_ = Series("all codes together", MODEL.look)
        worst = Series("worst code", BASELINE.look)
        names = [f"{n.first} and {n.second}" for n in drawn]
        marks = [
            Mark(name, series.name, size)
            for name, n in zip(names, drawn, strict=True)
            for series, size in ((all_, n.kappa.get("all codes")), (worst, max(n.kappa.values())))
            if size is not None
        ]
        blocks.append(
            Chart(
                "plot-noise",
                "Differences by chance",
                "Absolute difference in kappa between runs that should not differ. The numbers are "
                "in the table above.",
                "kappa apart",
                tuple(names),
                (all_, worst),
                tuple(marks),
                offset=False,
            )
        )
    return Section("noise", "What chance does", tuple(blocks))


def cost_section(found: Comparison) -> Section:
    def row(what: str, get: object) -> tuple[Cell, ...]:
        assert callable(get)
        return (Cell(what), *(Cell(get(side)) for side in (found.first, found.second)))

    def known(number_: float | None, form: str) -> str:
        return "not known" if number_ is None else format(number_, form)

    def spent(side: RunSide, number_: float | None, form: str) -> str:
        """Who asked no model spent nothing, which is known."""
        return known(number_, form) if side.calls else "0"

    table = Table(
        "cost",
        "What the two runs took. Replies that were used again are not counted.",
        (
            Column(""),
            Column(f"Run {found.first.id}", numeric=True),
            Column(f"Run {found.second.id}", numeric=True),
        ),
        (
            row("Calls", lambda s: known(s.calls, ",")),
            row("Tokens in", lambda s: spent(s, s.tokens_in, ",")),
            row("Tokens out", lambda s: spent(s, s.tokens_out, ",")),
            row("Cost", lambda s: spent(s, s.cost, ".4f")),
            row("Model's time, seconds", lambda s: known(s.seconds, ",.1f")),
            row("Suggestions that differ", lambda s: _only(found, s)),
        ),
    )
    return Section("cost", "Cost and time", (table,))


def _only(found: Comparison, side: RunSide) -> str:
    place = 0 if side is found.first else 1
    return f"{sum(c.said[place] for c in found.changed):,} only here"


def recipes_section(found: Comparison) -> Section:
    a, b = found.first, found.second
    keys = [*dict.fromkeys([*a.recipe, *b.recipe])]
    rows = tuple(
        (Cell(key.replace("_", " ")), Cell(a.recipe.get(key, "–")), Cell(b.recipe.get(key, "–")))
        for key in keys
        if a.recipe.get(key) != b.recipe.get(key)
    )
    d = found.definitions
    items = []
    if d.edited:
        items.append(
            "Same definition, but another part of the entry changed (include, exclude, examples, "
            f"name): {listed(d.edited)}."
        )
    if d.only_first:
        items.append(f"Only run {a.id} was asked about {listed(d.only_first)}: left out.")
    if d.only_second:
        items.append(f"Only run {b.id} was asked about {listed(d.only_second)}: left out.")
    moved = [f"{old} is now {new}" for old, new in d.renamed.items() if old != new]
    if moved:
        items.append(f"Renamed or merged: {listed(moved)}.")
    blocks: list[Block] = []
    if rows:
        columns = (Column("Setting"), Column(f"Run {a.id}"), Column(f"Run {b.id}"))
        blocks.append(Table("recipes", "What differs between the recipes", columns, rows))
    elif not found.texts and not items:
        blocks.append(Text("The recipes differ in nothing."))
    if items:
        blocks.append(Bullets(tuple(items)))
    return Section("recipes", "What was changed", tuple(blocks))


def text_section(found: Comparison, index: int) -> Section:
    t = found.texts[index]
    head = Text(
        f"{t.first} and {t.second}: {how_many(t.words_gone, 'word')} went, "
        f"{how_many(t.words_come, 'word')} came. [-Words that went-] and {{+words that came+}}."
    )
    if not t.lines:
        return Section(f"text-{index}", t.what.capitalize(), (Text("The same in both runs."),))
    table = Table(
        f"words-{index}",
        f"Lines of the {t.what} that changed",
        (Column("Where"), Column("Words", long=True)),
        tuple((Cell(where), Cell(text)) for where, text in t.lines[:_MOST_LINES]),
    )
    more = len(t.lines) - _MOST_LINES
    rest = (Note(f"In the JSON file: {how_many(more, 'more line')}."),) if more > 0 else ()
    return Section(f"text-{index}", f"The {t.what}, word by word", (head, table, *rest))
