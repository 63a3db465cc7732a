"""A comparison as a document: the answer first, then figures, costs, noise and what differs."""

from __future__ import annotations

from collections import Counter

from eval.compare.answers import FORETELLS, CodeAnswer
from eval.compare.fallen import fallen_out, without, without_difference
from eval.compare.records import Comparison, RunSide
from eval.report.beside import behind
from eval.report.charts import BASELINE, MODEL, Chart, Mark, Series, mark
from eval.report.document import Block, Bullets, Cell, Column, Note, Section, Table, Text
from eval.report.wording import count, figure, how_many, listed, measured, number, value
from eval.statistics.values import Value, is_defined, show

__all__ = ["behind_each", "sections", "the_same", "title"]

_SYMBOLS = {"better": "▲", "worse": "▼", "no change": "=", "cannot tell": "?"}
DRIFT = "Drift towards the old coding, not an evaluation"
_MOST_LINES = 80


def title(found: Comparison) -> str:
    runs = f"run {found.first.id} and run {found.second.id}"
    return f"{DRIFT}: {runs}" if found.drift else f"{runs[0].upper()}{runs[1:]} compared"


def sections(found: Comparison) -> tuple[Section, ...]:
    made = [_short(found)]
    if found.answers is not None and not found.same:
        made.append(_codes(found))
    made += [_noise(found), _cost(found), _recipes(found)]
    made += [_text(found, i) for i in range(len(found.texts))]
    made.append(_method(found))
    return tuple(section for section in made if section.blocks)


def _short(found: Comparison) -> Section:
    a, b = f"Run {found.first.id}", f"run {found.second.id}"
    blocks: list[Block] = []
    if found.drift:
        blocks.append(
            Note(
                f"{DRIFT}. The definition of {listed(found.definitions.changed)} changed between "
                "the two codebooks, and people's codings are of the old one: what looks better "
                "here may only be closer to what nobody means any more."
            )
        )
    happened = Counter(c.happened for c in found.changed)
    where = how_many(len(found.transcripts), "transcript")
    if found.same:
        blocks.append(Text(the_same(found), lead=True))
    elif found.answers is not None:
        all_ = found.answers.together
        differ = "; ".join(
            f"{word} at {listed(names)}"
            for word in ("better", "worse")
            if (names := [_label(found, c.name) for c in found.answers.codes if c.answer == word])
        )
        words = {
            "better": f"{b} agrees with people better than {a.lower()}",
            "worse": f"{b} agrees with people worse than {a.lower()}",
            "no change": f"{b} and {a.lower()} agree with people equally well",
            "cannot tell": f"whether {b} or {a.lower()} agrees better with people cannot be told",
        }
        said = words[all_.answer]
        blocks.append(
            Text(
                f"On {where}, all codes together, {said} ({all_.why}): kappa "
                f"{number(all_.first['kappa'].estimate)} and "
                f"{number(all_.second['kappa'].estimate)}, difference "
                f"{measured(all_.difference['kappa'], sign=True)}; F1 "
                f"{measured(all_.difference['f1'], sign=True)}. Code by code, "
                + (f"it is {differ}." if differ else "none can be called better or worse."),
                lead=True,
            )
        )
    else:
        blocks.append(Text(f"{a} and {b} on {where}.", lead=True))
    blocks += [Text(text) for text in (*behind_each(found), *fallen_out(found))]
    if found.changed:
        blocks.append(
            Text(
                f"{how_many(happened['fixed'], 'place')} fixed, {happened['broken']} broken, "
                f"{happened['changed']} changed where people differ or nobody coded. They stand "
                "below with their passages and both rationales."
            )
        )
    blocks += [Note(note) for note in found.notes]
    return Section("answer", "In short", tuple(blocks))


def the_same(found: Comparison) -> str:
    """Nothing to compare is said as such: an interval around no difference would pretend to know
    what another recipe would have done."""
    where = how_many(len(found.transcripts), "transcript")
    said = (
        f"On {where}, run {found.first.id} and run {found.second.id} gave the same codes "
        "everywhere, so there is nothing to compare"
    )
    if found.answers is None:
        return f"{said}."
    all_ = found.answers.together
    return (
        f"{said}: both agree with people at kappa {measured(all_.first['kappa'])}, F1 "
        f"{measured(all_.first['f1'])}."
    )


def behind_each(found: Comparison) -> list[str]:
    """The average and the worst cases of each run's pooled kappa; once where they are the same."""
    if found.answers is None:
        return []

    def label(code: str) -> str:
        return _label(found, code)

    named = [
        (f"Run {side.id}", behind(b.mean, b.codes, b.worst_code, b.worst_transcript, label))
        for side, b in zip((found.first, found.second), found.answers.behind, strict=False)
    ]
    if found.same:
        named = [("Both", said) for _, said in named[:1]]
    return [f"{who}, kappa: {said}." for who, said in named if said]


def _label(found: Comparison, code: str) -> str:
    return found.code_names.get(code, code)


def _answer(found: Comparison, row: CodeAnswer) -> Cell:
    lines = (row.why, without(found, row.name))
    return Cell(row.answer, symbol=_SYMBOLS[row.answer], lines=tuple(x for x in lines if x))


def _p(found: Value) -> Cell:
    if not is_defined(found):
        return value(found)
    return Cell("under .001" if found < 0.001 else show(found, 3))


def _codes(found: Comparison) -> Section:
    assert found.answers is not None
    rows = [found.answers.together, *found.answers.codes]
    used = [r for r in rows if is_defined(r.difference["kappa"].estimate)]
    unused = [r for r in rows if not is_defined(r.difference["kappa"].estimate)]
    happened = Counter((c.code, c.happened) for c in found.changed)
    names = [f"Run {found.first.id}", f"Run {found.second.id}"]
    table = Table(
        "compared",
        "Second run less first, by code: means over people on the units that a person and both "
        f"runs looked at, with {found.level:.0%} intervals. p by swapping whole transcripts, "
        "raised for all tests of this page.",
        (
            Column("Code"),
            Column("Answer"),
            Column(f"Kappa, {names[0].lower()}", numeric=True),
            Column(f"Kappa, {names[1].lower()}", numeric=True),
            Column("Difference", numeric=True),
            Column("F1, difference", numeric=True),
            Column("p", numeric=True),
            Column("Fixed", numeric=True),
            Column("Broken", numeric=True),
            Column("Changed", numeric=True),
        ),
        tuple(
            (
                Cell(_label(found, r.name)),
                _answer(found, r),
                figure(r.first["kappa"]),
                figure(r.second["kappa"]),
                figure(r.difference["kappa"], sign=True),
                figure(r.difference["f1"], sign=True),
                _p(r.p),
                *(
                    count(
                        sum(n for (c, h), n in happened.items() if h == what and c == r.name)
                        if r is not rows[0]
                        else sum(n for (_, h), n in happened.items() if h == what)
                    )
                    for what in ("fixed", "broken", "changed")
                ),
            )
            for r in used
        ),
    )
    kappa = Series("kappa", MODEL.look)
    f1 = Series("F1", BASELINE.look)
    labels = [_label(found, r.name) for r in used]
    marks = [
        m
        for label, r in zip(labels, used, strict=True)
        for series, key in ((kappa, "kappa"), (f1, "f1"))
        if (m := mark(label, series, r.difference[key])) is not None
    ]
    blocks: list[Block] = [table]
    if marks:
        blocks.append(
            Chart(
                "plot-differences",
                "Differences by code",
                f"Second run less first with {found.level:.0%} intervals: to the right of 0 the "
                "second agrees better with people. The numbers are in the table above.",
                "second run less first",
                tuple(dict.fromkeys(labels)),
                (kappa, f1),
                tuple(marks),
            )
        )
    return Section("codes", "Code by code", (*blocks, *without_difference(found, unused)))


def _noise(found: Comparison) -> Section:
    if not found.noise:
        text = (
            "No run says how much chance alone changes. `secondcoder code --repeats 3` codes the "
            "same transcripts again; a run with the codebook in another order or a paraphrased "
            "prompt can be named with --noise."
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


def _cost(found: Comparison) -> Section:
    def row(what: str, get: object) -> tuple[Cell, ...]:
        assert callable(get)
        return (Cell(what), *(Cell(get(side)) for side in (found.first, found.second)))

    def known(number_: float | None, form: str) -> str:
        return "not known" if number_ is None else format(number_, form)

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
            row("Tokens in", lambda s: known(s.tokens_in, ",")),
            row("Tokens out", lambda s: known(s.tokens_out, ",")),
            row("Cost", lambda s: known(s.cost, ".4f")),
            row("Model's time, seconds", lambda s: known(s.seconds, ",.1f")),
            row("Suggestions that differ", lambda s: _only(found, s)),
        ),
    )
    return Section("cost", "Cost and time", (table,))


def _only(found: Comparison, side: RunSide) -> str:
    place = 0 if side is found.first else 1
    return f"{sum(c.said[place] for c in found.changed):,} only here"


def _recipes(found: Comparison) -> Section:
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


def _text(found: Comparison, index: int) -> Section:
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


def _method(found: Comparison) -> Section:
    swaps = found.answers
    where = how_many(len(found.transcripts), "transcript")
    people = listed(found.people) or "no person"
    how = ""
    if swaps is not None and not found.same:
        how = (
            f"p comes from {swaps.swaps:,} {'' if swaps.exact else 'random '}ways to swap the two "
            f"runs' transcripts (seed {found.seed}). "
        )
    blocks: list[Block] = [
        Text(
            f"Compared are {found.units:,} units of {where} that both runs coded, with {people}. "
            f"Intervals ({found.method}, {found.level:.0%}) leave out whole transcripts, the same "
            f"for both runs. {how}Half of the level belongs to all codes together, the rest to the "
            "codes in equal shares (Holm)."
        ),
        Text(
            "“Better” and “worse” need a p below the level and a difference beyond what runs that "
            "should not differ show. “No change” needs one of three things: an interval within "
            f"{found.margin:.2f} of 0; a difference no larger than that of runs that should not "
            "differ; or the same codes of both runs everywhere, which leaves nothing to estimate. "
            "Everything else cannot be told. How many more transcripts would tell is worked out "
            "by scaling the variance: the standard error falls with the root of their number; "
            "enough are those that would find the difference seen with 80% power, or show that it "
            "lies within the margin. It is a rough figure, and from fewer than "
            f"{FORETELLS} transcripts it is not given."
        ),
    ]
    return Section("method", "How it was measured", tuple(blocks))
