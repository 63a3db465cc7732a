"""The tables and plots before the disagreements themselves: one document for all forms.

Everything is a count; no coefficient is needed to read it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from eval.disagreements.codes import CodeCounts, Pair, by_code, confusable, one_sided
from eval.disagreements.finding import Gathered
from eval.disagreements.places import how_many_at
from eval.disagreements.records import KIND_WORDS, KINDS, WHO, WHO_LOOK, WHO_WORDS
from eval.report.charts import Chart, Grid, Mark, Series
from eval.report.document import Block, Cell, Column, Note, Section, Table, Text
from eval.report.wording import count, how_many, listed

__all__ = ["about_code", "only_people", "overview"]

_TOP_PAIRS, _TOP_CODES, _TOP_SIDED = 25, 30, 40
AGREED = Series("places where all who looked give it", "people")
DISPUTED = Series("places where some give it and some do not", "model")


def overview(gathered: Gathered, link: Callable[[str], str]) -> tuple[Section, ...]:
    """``link``: address of a code's page; empty where there is none."""
    sections = [_short(gathered), _codes(gathered, link)]
    pairs = _pairs(gathered, link)
    if pairs.blocks:
        sections.append(pairs)
    sided = _one_sided(gathered, link)
    if sided.blocks:
        sections.append(sided)
    return tuple(sections)


def _short(g: Gathered) -> Section:
    found = g.disagreements
    people = listed("the model" if name == g.model else name for name in g.coders)
    where = {d.transcript for d in found}
    if not found:
        text = f"{people or 'Nobody'} disagree nowhere about what they both looked at."
        return Section("answer", "In short", (Text(text, lead=True), *_notes(g)))
    classes = Counter(d.who for d in found)
    most = "; ".join(
        f"{classes[w]} where {WHO_WORDS[w].lower().replace(', ', ' and ')}"
        for w in WHO
        if classes[w]
    )
    text = (
        f"{people} disagree {how_many(len(found), 'time')} at "
        f"{how_many(how_many_at(found), 'passage')} in {how_many(len(where), 'transcript')}: "
        f"{most}."
    )
    kinds = [kind for kind in KINDS if any(d.kind == kind for d in found)]
    rows = tuple(
        (
            Cell(WHO_WORDS[who], href=f"#{who}"),
            *(count(sum(d.who == who and d.kind == k for d in found)) for k in kinds),
            count(classes[who]),
            count(how_many_at(d for d in found if d.who == who)),
            Cell(WHO_LOOK[who]),
        )
        for who in WHO
        if classes[who]
    )
    table = Table(
        "classes",
        "Disagreements by who agrees with whom, and by kind. “Left out” and “added” are seen "
        "from the one who stands alone, or from the model. Several disagreements may be about one "
        "passage.",
        (
            Column("Who"),
            *(Column(KIND_WORDS[k].capitalize(), numeric=True) for k in kinds),
            Column("All", numeric=True),
            Column("Passages", numeric=True),
            Column("Where to look", long=True),
        ),
        rows,
    )
    chart = Chart(
        "plot-classes",
        "Disagreements by who agrees with whom",
        "Number of disagreements by who agrees with whom. The numbers are in the table above.",
        "Disagreements",
        tuple(WHO_WORDS[w] for w in WHO if classes[w]),
        (Series("disagreements", "model"),),
        tuple(Mark(WHO_WORDS[w], "disagreements", float(classes[w])) for w in WHO if classes[w]),
        kind="bars",
    )
    plots: tuple[Block, ...] = (chart,) if len(rows) > 1 else ()
    return Section("answer", "In short", (Text(text, lead=True), *_notes(g), table, *plots))


def only_people(g: Gathered) -> str:
    """Where the model is compared in a part of the transcripts alone; empty: it coded all."""
    several, alone = g.people_alone
    if not alone:
        return ""
    others = f"the other {alone}" if several > alone else f"all {alone}"
    return (
        f"The run coded {several - alone or 'none'} of the {how_many(several, 'transcript')} that "
        f"two or more coders looked at; in {others} only people are compared. So the numbers by "
        "who agrees with whom do not say which share of disagreements is the model's."
    )


def _notes(g: Gathered) -> list[Block]:
    said = [Note(note) for note in (*g.study.notes, *filter(None, [only_people(g)]))]
    lacking = [c for c in g.study.left_out_codes if c.why == "not in the codebook"]
    if lacking:
        said.append(
            Note(
                f"{how_many(len(lacking), 'code')} of these people "
                f"{'is' if len(lacking) == 1 else 'are'} not in the codebook, so nobody can be "
                f"said to have looked for {'it' if len(lacking) == 1 else 'them'}: "
                f"{listed(c.code for c in lacking)}."
            )
        )
    small = g.matrix.left_out.too_small
    if small:
        said.append(
            Note(
                f"{how_many(small, 'coding')} covered too little of any segment to count "
                f"({g.matrix.rule} is needed) and {'is' if small == 1 else 'are'} in no "
                "disagreement of "
                f"{'its' if small == 1 else 'their'} own."
            )
        )
    return list(said)


def _codes(g: Gathered, link: Callable[[str], str]) -> Section:
    rows = by_code(g)
    label = {code.id: code.label for code in g.codebook.codes}
    if not rows:
        return Section("codes", "Code by code", (Note("No code was used where two people look."),))
    table = Table(
        "code-counts",
        "Codes, those disputed most first. A place is a segment that at least two coders looked at "
        "and where somebody gives the code.",
        (
            Column("Code"),
            Column("All give it", numeric=True),
            Column("Disputed", numeric=True),
            Column("Disagreements", numeric=True),
            Column("Most often confused with"),
        ),
        tuple(
            (
                Cell(label[r.code], href=link(r.code) if r.disagreements else ""),
                count(r.agreed),
                count(r.disputed),
                count(r.disagreements),
                Cell(f"{label[r.confused_with]} ({r.confused})" if r.confused_with else ""),
            )
            for r in rows
        ),
    )
    shown = rows[:_TOP_CODES]
    names = _unique([label[r.code] for r in shown], [r.code for r in shown])
    chart = Chart(
        "plot-codes",
        "Agreed and disputed places by code",
        f"Places by code, the {len(shown)} codes that are disputed most: where all who looked give "
        "the code, and where some do and some do not. The numbers are in the table above.",
        "Places",
        names,
        (AGREED, DISPUTED),
        tuple(
            m
            for name, r in zip(names, shown, strict=True)
            for m in (
                Mark(name, AGREED.name, float(r.agreed)),
                Mark(name, DISPUTED.name, float(r.disputed)),
            )
        ),
        offset=False,
    )
    intro = Text(
        "A code far to the right on “some do and some do not” and far to the left on “all” is one "
        "that people do not share yet: read its disagreements before any figure."
    )
    return Section("codes", "Code by code", (intro, table, chart))


def _unique(names: list[str], ids: list[str]) -> tuple[str, ...]:
    twice = Counter(names)
    return tuple(n if twice[n] < 2 else i for n, i in zip(names, ids, strict=True))


def _pairs(g: Gathered, link: Callable[[str], str]) -> Section:
    rows = confusable(g)
    if not rows:
        return Section("pairs", "Confusable pairs", ())
    label = {code.id: code.label for code in g.codebook.codes}
    table = Table(
        "confusable",
        "Pairs of codes of which one side gives one and another side the other to the same passage",
        (
            Column("Code"),
            Column("Other code"),
            Column("Times", numeric=True),
            Column("Places where one coder gives both", numeric=True),
            Column("Family"),
            Column("For example"),
        ),
        tuple(
            (
                Cell(label[p.one], href=link(p.one)),
                Cell(label[p.other], href=link(p.other)),
                count(p.times),
                count(p.both),
                Cell("the same" if p.same_family else "different"),
                Cell("the first", href=f"#{p.examples[0]}"),
            )
            for p in rows[:_TOP_PAIRS]
        ),
    )
    used = Counter[str]()
    for p in rows[:_TOP_PAIRS]:
        used[p.one] += p.times
        used[p.other] += p.times
    most = [code for code, _ in sorted(used.items(), key=lambda i: (-i[1], i[0]))[:16]]
    # A code whose partners are all rarer would be an empty row.
    partners = {c for p in rows if p.one in most and p.other in most for c in (p.one, p.other)}
    kept = [code for code in most if code in partners]
    names = dict(zip(kept, _unique([label[c] for c in kept], kept), strict=True))
    cells = tuple(
        (names[a], names[b], p.times)
        for p in rows
        for a, b in ((p.one, p.other), (p.other, p.one))
        if a in names and b in names
    )
    blocks: list[Block] = [
        Text(
            "Two codes that change places may need a sentence in the codebook that sets them "
            "apart, or be one code."
        ),
        table,
    ]
    if len(rows) > _TOP_PAIRS:
        blocks.append(Note(f"{len(rows) - _TOP_PAIRS} rarer pairs are in the JSON file only."))
    if len(kept) > 2:
        blocks.append(
            Grid(
                "plot-confusion",
                "Codes that change places",
                f"How often two codes change places, {len(names)} codes: a larger square for a "
                "larger number. Nobody is the reference, so the plot reads the same both ways.",
                "one side gives",
                "the other side gives",
                tuple(names.values()),
                tuple(names.values()),
                cells,
            )
        )
    return Section("pairs", "Confusable pairs", tuple(blocks))


def _one_sided(g: Gathered, link: Callable[[str], str]) -> Section:
    rows = one_sided(g)
    if not rows:
        return Section("one-side", "Codes that only one side uses", ())
    label = {code.id: code.label for code in g.codebook.codes}
    table = Table(
        "one-sided",
        "Codes that one of two coders uses and the other never, in the transcripts that both coded",
        (
            Column("Code"),
            Column("Used by"),
            Column("Places", numeric=True),
            Column("Never used by"),
            Column("Transcripts", numeric=True),
        ),
        tuple(
            (
                Cell(label[r.code], href=link(r.code)),
                Cell(_coder(r.user, g)),
                count(r.times),
                Cell(_coder(r.never, g)),
                count(r.transcripts),
            )
            for r in rows[:_TOP_SIDED]
        ),
    )
    blocks: list[Block] = [
        Text(
            "Ask whether the other coder knew the code, and whether it was in the codebook when "
            "they coded. If it was not, state it (a scope with the codes in use), and it is no "
            "disagreement any more."
        ),
        table,
    ]
    if len(rows) > _TOP_SIDED:
        blocks.append(Note(f"{len(rows) - _TOP_SIDED} more are in the JSON file only."))
    return Section("one-side", "Codes that only one side uses", tuple(blocks))


def _coder(name: str, g: Gathered) -> str:
    return f"the model ({name})" if name == g.model else name


def about_code(
    g: Gathered,
    code_id: str,
    line: int | None,
    known: Sequence[CodeCounts],
    changing: Sequence[Pair],
) -> Section:
    """The head of a code's own page: its entry, its counts, its pairs.

    ``known`` and ``changing``: what `by_code` and `confusable` gave.
    """
    code = g.codebook.by_id[code_id]
    label = {c.id: c.label for c in g.codebook.codes}
    counts = next((r for r in known if r.code == code_id), CodeCounts(code_id, 0, 0, 0))
    blocks: list[Block] = [Text(code.definition or "The codebook has no definition of it.")]
    if code.include:
        blocks.append(Text(f"Include: {code.include}"))
    if code.exclude:
        blocks.append(Text(f"Exclude: {code.exclude}"))
    if line:
        blocks.append(Text(f"Its entry begins in line {line} of the codebook."))
    blocks.append(
        Text(
            f"All who looked give it at {how_many(counts.agreed, 'place')}; at "
            f"{how_many(counts.disputed, 'place')} some do and some do not."
        )
    )
    pairs = [p for p in changing if code_id in (p.one, p.other)]
    if pairs:
        said = listed(f"{label[p.other if p.one == code_id else p.one]} ({p.times})" for p in pairs)
        blocks.append(Text(f"Changes places with {said}."))
    return Section("answer", code.label, tuple(blocks))
