"""Each two coders by themselves and each transcript by itself: what figures over all would hide."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from eval.evaluation.results import PairInTranscript
from eval.report.agreement import LABELS, only_columns
from eval.report.charts import MODEL, PEOPLE, Chart, Mark, mark
from eval.report.document import Block, Cell, Column, Note, Section, Table
from eval.report.view import View
from eval.report.wording import count, how_many, pair_names, value, yes_no
from eval.statistics.agreement import measure

__all__ = ["each_pair"]


def each_pair(view: View) -> Section:
    found = view.evaluation
    blocks: list[Block] = []
    if found.model is not None:
        blocks.append(_by_pair(view, "model-pairs", "The model with each person", found.model.each))
    if found.people is not None:
        blocks.append(_by_pair(view, "people-pairs", "Each two people", found.people.each))
    blocks.append(_transcript_chart(view))
    if found.model is not None:
        blocks.append(
            _by_transcript(
                "model-each", "The model with each person, by transcript", "model", found.model.each
            )
        )
    if found.people is not None:
        blocks.append(
            _by_transcript(
                "people-each", "Each two people, by transcript", "second", found.people.each
            )
        )
    blocks.append(
        Note("A single transcript has no interval: nothing says how its figure would vary.")
    )
    return Section("pairs", "Person by person, transcript by transcript", tuple(blocks), level=3)


def _cells(pairs: Iterable[PairInTranscript]) -> tuple[int, int, int, int]:
    both = first = second = units = 0
    for pair in pairs:
        both, first, second = both + pair.both, first + pair.only_first, second + pair.only_second
        units += pair.units
    return both, first, second, units - both - first - second


def _by_pair(view: View, name: str, title: str, each: Sequence[PairInTranscript]) -> Table:
    pairs: dict[tuple[str, str], list[PairInTranscript]] = {}
    for one in each:
        pairs.setdefault((one.first, one.second), []).append(one)
    with_model = name.startswith("model")
    rows = []
    for (first, second), found in pairs.items():
        cells = _cells(found)
        rows.append(
            (
                Cell(first if with_model else f"{first} and {second}"),
                count(len(found)),
                *(count(n) for n in cells),
                *(value(measure(key, cells)) for key in ("kappa", "ac1", "alpha", "f1")),
            )
        )
    return Table(
        name,
        f"{title}, all transcripts and codes together. Counts are {view.evaluation.coverage.unit}s "
        "times codes.",
        (
            Column("Person" if with_model else "People"),
            Column("Transcripts", numeric=True),
            *_count_columns(with_model, each),
            *(Column(LABELS[key], numeric=True) for key in ("kappa", "ac1", "alpha", "f1")),
        ),
        tuple(rows),
    )


def _count_columns(with_model: bool, each: Sequence[PairInTranscript]) -> tuple[Column, ...]:
    return only_columns(
        ("person", "model") if with_model else pair_names((p.first, p.second) for p in each)
    )


def _by_transcript(name: str, title: str, second: str, each: Sequence[PairInTranscript]) -> Table:
    with_model = second == "model"
    return Table(
        name,
        f"{title}, all codes together",
        (
            Column("Transcript"),
            Column("Person" if with_model else "People"),
            *_count_columns(with_model, each),
            *(Column(LABELS[key], numeric=True) for key in ("kappa", "ac1", "f1")),
            Column("Evidence"),
        ),
        tuple(
            (
                Cell(one.transcript),
                Cell(one.first if with_model else f"{one.first} and {one.second}"),
                *(count(n) for n in _cells([one])),
                value(one.kappa),
                value(measure("ac1", _cells([one]))),
                value(one.f1),
                yes_no(one.counts_as_evidence),
            )
            for one in each
        ),
    )


def _transcript_chart(view: View) -> Chart:
    found = view.evaluation
    drawn: list[Mark] = []
    series = []
    for result, look in ((found.model, MODEL), (found.people, PEOPLE)):
        if result is None:
            continue
        series.append(look)
        drawn += [m for p in result.each if (m := mark(p.transcript, look, p.kappa)) is not None]
    rows = tuple(n for n in found.coverage.transcripts if any(m.row == n for m in drawn))
    return Chart(
        "plot-transcripts",
        "Kappa by transcript",
        f"Cohen's kappa of all codes together in {how_many(len(rows), 'transcript')}, one mark for "
        "each pair of coders. The numbers are in the tables below.",
        "Cohen's kappa",
        rows,
        tuple(series),
        tuple(drawn),
        highest=1.0,
    )
