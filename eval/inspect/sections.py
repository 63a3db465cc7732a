"""The sections of the page about people's codes: each a table, and a plot beside its numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from eval.inspect.results import HARDLY, CodeUse, Inspected
from eval.report.agreement import LABELS, by_row_chart, only_columns
from eval.report.beside import behind_summary
from eval.report.charts import PEOPLE, Chart, Grid, Mark, Series, mark
from eval.report.document import Block, Cell, Column, Note, Table, Text
from eval.report.wording import (
    count,
    figure,
    how_many,
    listed,
    order_of_pairs,
    pair_names,
    share,
    value,
)

__all__ = [
    "agreement_blocks",
    "agreement_of",
    "code_blocks",
    "codebook_blocks",
    "coder_blocks",
    "course_blocks",
    "extent_blocks",
    "twice_blocks",
]

MOST_ROWS = 40
_COUNTED = Series("codings by people", "people")


def _more(shown: int, total: int, what: str) -> list[Block]:
    left = total - shown
    return [Note(f"{how_many(left, what)} more; all are in the JSON file.")] if left > 0 else []


def _bars(name: str, title: str, axis: str, rows: Sequence[tuple[str, int]]) -> Chart:
    return Chart(
        name,
        title,
        f"{title}, {len(rows)} rows. The numbers are in the table.",
        axis,
        tuple(row for row, _ in rows),
        (_COUNTED,),
        tuple(Mark(row, _COUNTED.name, float(n)) for row, n in rows),
        kind="bars",
        lowest=0.0,
    )


def coder_blocks(found: Inspected) -> Iterator[Block]:
    kinds = ("independent", "blind", "unknown", "adjudicated", "after-model")
    yield Table(
        "coders-table",
        "People, and what they had seen when they coded (number of transcripts)",
        (
            Column("Person"),
            *(Column(t, numeric=True) for t in ("Transcripts", "Codings", "Codes", "Words")),
            *(Column(kind.capitalize(), numeric=True) for kind in kinds),
            Column("Only a part", numeric=True),
        ),
        tuple(
            (
                Cell(c.name),
                *(count(n) for n in (c.transcripts, c.codings, c.codes)),
                Cell(f"{c.median_words:.0f}"),
                *(count(c.exposures.get(kind, 0)) for kind in kinds),
                count(c.parts),
            )
            for c in found.coders
        ),
    )
    yield Text("“Words” is the median length of a coding.")
    yield _bars(
        "plot-coders", "Codings by person", "codings", [(c.name, c.codings) for c in found.coders]
    )


def code_blocks(found: Inspected) -> Iterator[Block]:
    def note(c: CodeUse) -> str:
        said = []
        if not c.in_codebook:
            said.append("not in the codebook" if c.measured else "ignored")
        elif not c.measured:
            said.append("not measured")
        elif not c.defined:
            said.append("no definition")
        if c.measured and not c.codings:
            said.append("never used")
        elif c.measured and c.codings < HARDLY:
            said.append("hardly used")
        if c.measured and len(c.coders) == 1 and c.could > 1:
            said.append("one person only")
        return ", ".join(said)

    yield Table(
        "codes-table",
        "Codes by how often people used them",
        (
            Column("Code"),
            *(Column(t, numeric=True) for t in ("Codings", "Transcripts", "People")),
            Column("By"),
            Column("To ask about"),
        ),
        tuple(
            (
                Cell(c.name, under=c.code if c.code != c.name else ""),
                *(count(n) for n in (c.codings, c.transcripts, len(c.coders))),
                Cell(listed(c.coders) or "–"),
                Cell(note(c) or "–"),
            )
            for c in found.codes
        ),
    )
    used = [c for c in found.codes if c.codings][:MOST_ROWS]
    if used:
        yield _bars(
            "plot-codes-used", "Codings by code", "codings", [(c.code, c.codings) for c in used]
        )


def codebook_blocks(found: Inspected) -> Iterator[Block]:
    if not found.findings:
        yield Text(f"Codebook: {found.codebook}. Nothing stood out.")
        return
    yield Table(
        "findings-table",
        "What would be worth mending, from the gravest on",
        (Column("Code"), Column("What"), Column("What to do", long=True)),
        tuple((Cell(f.code), Cell(f.what), Cell(f.hint or "–")) for f in found.findings),
    )


def extent_blocks(found: Inspected) -> Iterator[Block]:
    yield Table(
        "lengths-table",
        "Codings by length",
        (Column("Length"), Column("Codings", numeric=True)),
        tuple((Cell(label), count(n)) for label, n in found.lengths),
    )
    yield _bars("plot-lengths", "Codings by length in words", "codings", found.lengths)
    for name, title, rows in (
        ("short-table", "Codings of one or two words", found.short),
        (
            "long-table",
            "Codings of pages: each of their passages counts as a yes",
            tuple(sorted(found.long, key=lambda e: -e.words)),
        ),
    ):
        if not rows:
            continue
        yield Table(
            name,
            title,
            (
                Column("Transcript"),
                Column("Person"),
                Column("Code"),
                *(Column(t, numeric=True) for t in ("From passage", "Passages", "Words")),
            ),
            tuple(
                (
                    Cell(e.transcript),
                    Cell(e.coder),
                    Cell(e.code),
                    *(count(n) for n in (e.segment, e.segments, e.words)),
                )
                for e in rows[:MOST_ROWS]
            ),
        )
        yield from _more(MOST_ROWS, len(rows), "coding")


def twice_blocks(found: Inspected) -> Iterator[Block]:
    if not found.twice:
        yield Text("No person gave one code twice to the same words.")
        return
    yield Text(
        "One person, one code, on words that overlap. It counts once in every figure; two files of "
        "one interview, or a slip, are the usual reasons."
    )
    yield Table(
        "twice-table",
        "The same passage coded twice",
        (
            Column("Transcript"),
            Column("Person"),
            Column("Code"),
            Column("Passage", numeric=True),
            Column("How"),
        ),
        tuple(
            (
                Cell(t.transcript),
                Cell(t.coder),
                Cell(t.code),
                count(t.segment),
                Cell("the same words" if t.same else "overlapping"),
            )
            for t in found.twice[:MOST_ROWS]
        ),
    )
    yield from _more(MOST_ROWS, len(found.twice), "time")


def course_blocks(found: Inspected) -> Iterator[Block]:
    columns = tuple(f"{n * 10} to {n * 10 + 10}%" for n in range(10))
    yield Text(
        "Where each person's codings begin, by tenths of the text. A row that ends early beside "
        "others that do not may mean that somebody stopped: then all that follows counts as “no” "
        "although nobody looked. Say so with a scope, or code the rest."
    )
    yield Table(
        "course-table",
        "Codings by tenths of the transcript",
        (
            Column("Transcript"),
            Column("Person"),
            *(Column(c, numeric=True) for c in columns),
            Column("Ends at", numeric=True),
            Column("Others end at", numeric=True),
            Column("To ask about"),
        ),
        tuple(
            (
                Cell(c.transcript),
                Cell(c.coder),
                *(count(n) for n in c.tenths),
                Cell(share(c.last)),
                Cell("–" if c.others_last is None else share(c.others_last)),
                Cell("stops early?", symbol="!") if c.stops else Cell("–"),
            )
            for c in found.courses
        ),
    )
    rows = tuple(f"{c.transcript}, {c.coder}" for c in found.courses)
    cells = tuple(
        (row, column, n)
        for row, c in zip(rows, found.courses, strict=True)
        for column, n in zip(columns, c.tenths, strict=True)
        if n
    )
    if cells:
        yield Grid(
            "plot-course",
            "Codings along the transcripts",
            "Number of codings in each tenth of each transcript, a row for each person. The "
            "numbers are in the table above.",
            "transcript and person",
            "part of the text",
            rows,
            columns,
            cells,
        )


def agreement_of(found: Inspected) -> str:
    """Whose agreement it is and where: not all who coded are in it, nor all that two coded."""
    if found.people is None:
        return ""
    pairs = found.people.each
    who = sorted({name for p in pairs for name in (p.first, p.second)})
    where = len({p.transcript for p in pairs})
    return f"{listed(who)} with each other in {how_many(where, 'transcript')}"


def agreement_blocks(found: Inspected) -> Iterator[Block]:
    people = found.people
    if people is None:
        yield Text(found.no_agreement)
        return
    names = {c.code: c.name for c in found.codes}
    beside = behind_summary(people.together, lambda code: names.get(code, code))
    yield Text(
        f"{agreement_of(found)}, all codes' units in one table: "
        f"kappa {people.together.pooled.values['kappa']}, F1 "
        f"{people.together.pooled.values['f1']}, AC1 {people.together.pooled.values['ac1']}; "
        + (f"behind that kappa: {beside}; " if beside else "")
        + f"whether a passage is worth any code: kappa "
        f"{people.any_code}. Evaluation {found.evaluation} holds all of it; looking at it was "
        "counted."
    )
    yield from (Note(text) for text in found.notes)
    keys = ("kappa", "ac1", "f1")
    pairs = people.by_pair.pairs
    rows = [r for r in people.together.codes if sum(r.counts[:3])]
    rows.sort(key=lambda r: -sum(r.counts[:3]))
    yield Table(
        "agreement-table",
        " ".join(filter(None, ("People with each other, by code.", order_of_pairs(pairs)))),
        (
            Column("Code"),
            *only_columns(pair_names(pairs))[:-1],
            *(Column(LABELS[k], numeric=True) for k in keys),
        ),
        tuple(
            (
                Cell(r.name),
                *(count(n) for n in r.counts[:3]),
                *(figure(r.values[k]) for k in keys),
            )
            for r in rows
        ),
    )
    shown = [r for r in rows if sum(r.counts[:3]) >= HARDLY]
    yield by_row_chart(
        "plot-agreement",
        "Kappa by code",
        [r.name for r in shown],
        (PEOPLE,),
        [mark(r.name, PEOPLE, r.values["kappa"]) for r in shown],
        "95%",
        "codes",
    )
    yield Table(
        "agreement-each",
        "Each two people, by transcript, all codes together",
        (
            Column("Transcript"),
            Column("People"),
            Column("Kappa", numeric=True),
            Column("F1", numeric=True),
        ),
        tuple(
            (Cell(p.transcript), Cell(f"{p.first} and {p.second}"), value(p.kappa), value(p.f1))
            for p in people.each
        ),
    )
