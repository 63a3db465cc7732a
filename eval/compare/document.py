"""A comparison as a document: the answer first, then figures, costs, noise and what differs."""

from __future__ import annotations

from collections import Counter

from assistant.counting import bar_as_written
from eval.compare.answers import CodeAnswer
from eval.compare.deciding import FORETELLS
from eval.compare.fallen import fallen_out, without, without_difference
from eval.compare.records import Comparison
from eval.compare.run_sections import cost_section, noise_section, recipes_section, text_section
from eval.report.beside import behind
from eval.report.charts import BASELINE, MODEL, Chart, Series, mark
from eval.report.document import Block, Cell, Column, Note, Section, Table, Text
from eval.report.holding import next_to_nothing
from eval.report.wording import count, figure, how_many, listed, measured, number, value
from eval.statistics.values import Value, is_defined, show

__all__ = ["behind_each", "of_few", "sections", "the_same", "title"]

_SYMBOLS = {"better": "▲", "worse": "▼", "no change": "=", "cannot tell": "?"}
DRIFT = "Drift towards the old coding, not an evaluation"


def title(found: Comparison) -> str:
    runs = f"run {found.first.id} and run {found.second.id}"
    return f"{DRIFT}: {runs}" if found.drift else f"{runs[0].upper()}{runs[1:]} compared"


def sections(found: Comparison) -> tuple[Section, ...]:
    made = [_short(found)]
    if found.answers is not None and not found.same:
        made.append(_codes(found))
    made += [noise_section(found), cost_section(found), recipes_section(found)]
    made += [text_section(found, i) for i in range(len(found.texts))]
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
                f"{number(all_.first['kappa'].estimate)} with {a.lower()} and "
                f"{number(all_.second['kappa'].estimate)} with {b}, difference "
                f"{measured(all_.difference['kappa'], sign=True)}; F1 "
                f"{measured(all_.difference['f1'], sign=True)}. Code by code, "
                + (f"it is {differ}." if differ else "none can be called better or worse."),
                lead=True,
            )
        )
    else:
        blocks.append(Text(f"{a} and {b} on {where}.", lead=True))
    blocks += [Text(text) for text in (*behind_each(found), *fallen_out(found))]
    blocks += [Note(text) for text in of_few(found)]
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


def of_few(found: Comparison) -> tuple[str, ...]:
    """What the intervals of two or three transcripts are worth."""
    if found.same or found.answers is None:
        return ()
    return next_to_nothing(found.answers.together.difference["kappa"].transcripts)


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
            f"{bar_as_written(found.margin)} of 0; a difference no larger than that of runs that "
            "should not differ; or the same codes of both runs everywhere, which leaves nothing to "
            "estimate. Everything else cannot be told. How many more transcripts would tell is "
            "worked out by scaling the variance: the standard error falls with the root of their "
            "number; enough are those that would find the difference seen with 80% power, or show "
            "that it lies within the margin. It is a rough figure, and from fewer than "
            f"{FORETELLS} transcripts it is not given."
        ),
    ]
    return Section("method", "How it was measured", tuple(blocks))
