"""Lanes: what may happen to each code's suggestions, why, and what is missing."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from eval.report.charts import MODEL, Chart, Mark
from eval.report.document import Block, Bullets, Cell, Column, Note, Section, Table, Text
from eval.report.view import LANE_ORDER, LANE_SYMBOLS, LANE_WORDS, View
from eval.report.wording import count, how_many, listed, measured
from eval.statistics.values import is_defined
from eval.verdicts.lanes import Lane, Verdict

__all__ = ["for_all_codes", "lane_cell", "lanes"]

SHOWN = 2
"""Reasons that stand in the table before it is opened."""


def lane_cell(lane: Lane) -> Cell:
    """Said by a word and a symbol; the colour only helps."""
    return Cell(lane, symbol=LANE_SYMBOLS[lane], kind=f"lane lane-{lane}")


def lanes(view: View) -> Section:
    title = "What may happen to suggestions, code by code"
    verdicts = view.verdicts
    if not verdicts:
        why = (
            "No run was measured, so no code has a lane."
            if view.evaluation.model is None
            else "The run has no verdicts."
        )
        return Section("lanes", title, (Text(why),))
    numbers = Counter(v.lane for v in verdicts)
    blocks: list[Block] = [
        Text(
            "Each code is in one lane. The lane is decided by the study's policy from codings of "
            "people who had not seen the model's, and by the lower ends of intervals, never by a "
            "figure's face value."
        ),
        Table(
            "lane-counts",
            "Codes in each lane, and what the lane means",
            (Column("Lane"), Column("Codes", numeric=True), Column("Meaning", long=True)),
            tuple(
                (lane_cell(lane), count(numbers[lane]), Cell(LANE_WORDS[lane]))
                for lane in LANE_ORDER
            ),
        ),
        _chart(numbers),
    ]
    shared = for_all_codes(verdicts)
    if shared:
        blocks += [Text("This holds for every code and is not repeated below:"), Bullets(shared)]
    listed_ones = [v for v in verdicts if _worth_a_row(view, v)]
    blocks.append(_table(view, listed_ones, shared))
    rest = [view.label(v.code) for v in verdicts if not _worth_a_row(view, v)]
    if rest:
        blocks.append(
            Note(
                f"{how_many(len(rest), 'more code')} that neither people nor the model used in "
                f"these transcripts {'is' if len(rest) == 1 else 'are'} unproven: {listed(rest)}."
            )
        )
    return Section("lanes", title, tuple(blocks))


def _chart(numbers: Counter[Lane]) -> Chart:
    said = listed(f"{numbers[lane]} {lane}" for lane in LANE_ORDER)
    rows = tuple(f"{LANE_SYMBOLS[lane]} {lane}" for lane in LANE_ORDER)
    return Chart(
        "plot-lanes",
        "Codes in each lane",
        f"Number of codes in each lane: {said}.",
        "codes",
        rows,
        (MODEL,),
        tuple(
            Mark(row, MODEL.name, numbers[lane]) for row, lane in zip(rows, LANE_ORDER, strict=True)
        ),
        kind="bars",
    )


def _worth_a_row(view: View, verdict: Verdict) -> bool:
    """Unproven codes that nobody used need no row of their own: there is nothing to tell apart."""
    if verdict.lane != "unproven" or verdict.evidence.positives or view.yes(verdict.code):
        return True
    model = view.evaluation.model
    row = next((r for r in model.summary.codes if r.name == verdict.code), None) if model else None
    return row is not None and sum(row.counts[:3]) > 0


def for_all_codes(verdicts: tuple[Verdict, ...], *, only_lane: bool = False) -> tuple[str, ...]:
    """Reasons and lacks that all codes share, so that a table of many codes stays readable.

    ``only_lane``: only reasons that put a code into its lane.
    """
    if len(verdicts) < 4:
        return ()
    common = set(_sentences(verdicts[0], only_lane)).intersection(
        *(_sentences(v, only_lane) for v in verdicts[1:])
    )
    return tuple(text for text in _sentences(verdicts[0], only_lane) if text in common)


def _sentences(verdict: Verdict, only_lane: bool) -> list[str]:
    if only_lane:
        return [reason.text for reason in verdict.reasons if reason.lane == verdict.lane]
    return [
        *(reason.text for reason in verdict.reasons),
        *(f"missing: {lack.text}" for lack in verdict.missing),
    ]


def _table(view: View, verdicts: list[Verdict], shared: tuple[str, ...]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for verdict in verdicts:
        texts = [r for r in verdict.reasons if r.text not in shared]
        own = [r.text[:1].upper() + r.text[1:] for r in texts if r.lane == verdict.lane]
        later = [r.text for r in texts if r.lane != verdict.lane]
        also = [f"Also: {text}." for text in later]
        lacks = [m.text for m in verdict.missing if f"missing: {m.text}" not in shared]
        as_all = "as for every code" if shared else ""
        rows.append(
            (
                view.code(verdict.code),
                lane_cell(verdict.lane),
                count(verdict.evidence.positives),
                count(verdict.evidence.positive_transcripts),
                _why(own, [*also, *_figures(verdict)], as_all),
                _lines(lacks, as_all if verdict.missing else "nothing"),
            )
        )
    return Table(
        "lanes-by-code",
        "Lane of each code, why, and what is missing to know more. Passages and transcripts are "
        "those in which a person who counts as evidence found the code. The reason for the lane "
        "comes first. “Also” is what the rules for other lanes would say, which decides nothing "
        "here.",
        (
            Column("Code"),
            Column("Lane"),
            Column("Passages", numeric=True),
            Column("Transcripts", numeric=True),
            Column("Why", long=True),
            Column("Missing"),
        ),
        tuple(rows),
    )


def _figures(verdict: Verdict) -> list[str]:
    """All that the evidence has, since a rule names one figure alone."""
    found = verdict.evidence
    known = [
        f"{name} {measured(one)}"
        for name, one in (
            ("kappa", found.kappa),
            ("precision", found.precision),
            ("recall", found.recall),
        )
        if is_defined(one.estimate)
    ]
    return [f"The evidence: {', '.join(known)}."] if known else []


def _why(deciding: list[str], others: list[str], otherwise: str) -> Cell:
    """The first reasons that put the code into its lane; all else is there to be opened."""
    shown, further = deciding[:SHOWN], [*deciding[SHOWN:], *others]
    return replace(_lines(shown, otherwise), further=tuple(further))


def _lines(texts: list[str], otherwise: str) -> Cell:
    if not texts:
        return Cell(otherwise or "–")
    return Cell(texts[0], lines=tuple(texts[1:]))
