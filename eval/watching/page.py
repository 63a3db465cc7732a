"""Whether the evidence still holds, as one page with figures beside its tables; no words."""

from __future__ import annotations

from pathlib import Path

from assistant.writing import write_whole
from eval.report.charts import Chart, Mark, Series
from eval.report.document import Bullets, Cell, Column, Document, Note, Section, Table, Text
from eval.report.html import to_html
from eval.report.wording import how_many
from eval.statistics.values import is_defined, show
from eval.watching.drift import DISTANCE, FIGURES, Watched, WatchedTranscript, said

__all__ = ["watch_document", "write_watch"]

NEW = Series("new interview", "model")
OLD = Series("interview of the evidence, seen as if it were new", "people")


def watch_document(found: Watched) -> Document:
    """The page before it is HTML."""
    blocks: list[Text | Note | Bullets | Chart | Table] = [Text(_answer(found), lead=True)]
    if found.cannot_tell:
        blocks.append(Note(f"Whether an interview is unusual cannot be told: {found.cannot_tell}."))
    if found.outside:
        blocks.append(Bullets(tuple(f"{n}: {'; '.join(w)}." for n, w in found.outside.items())))
    shown = (*found.new, *found.evidence)
    marks = tuple(
        Mark(t.name, (NEW if t.new else OLD).name, t.farthest)
        for t in shown
        if any(is_defined(f.distance) for f in t.figures)
    )
    if marks:
        blocks.append(
            Chart(
                id="farthest",
                title="How unlike the evidence each interview is",
                description="The largest distance of any figure of each interview. "
                + DISTANCE.format(threshold=found.threshold),
                axis=f"largest distance (outside: beyond {found.threshold:g})",
                rows=tuple(t.name for t in shown),
                series=(NEW, OLD),
                marks=marks,
                offset=False,
                lowest=0.0,
            )
        )
    if shown:
        blocks += [Text(DISTANCE.format(threshold=found.threshold)), _table(shown)]
        blocks.append(Bullets(tuple(f"{n.capitalize()}: {what}." for n, what in FIGURES.items())))
    drop: list[Text | Table | Chart] = [Text(found.drop.sentence)]
    if found.drop.by_transcript:
        drop += [_accepted_chart(found), _accepted(found)]
    return Document(
        title=f"Run {found.run}: does the evidence still hold?",
        subtitle="New interviews beside those that verdicts rest on.",
        sections=(
            Section("unlike", "How unlike the new interviews are", tuple(blocks)),
            Section("drop", "Do people accept less there?", tuple(drop)),
        ),
        foot=(
            "People who decide on a suggestion have seen it, and accept more readily than they "
            "would have found it by themselves. A drop that is not shown may still be there.",
            "Distances are robust standard deviations (from the median and the median absolute "
            "deviation); numbers of passages and words are compared by their logarithms, so that "
            "twice as many is as far as half as many.",
        ),
    )


def _answer(found: Watched) -> str:
    n, out = len(found.new), len(found.outside)
    if not n:
        return "The run has no new interviews: people have coded all of them."
    if found.cannot_tell:
        return f"The run has {how_many(n, 'new interview')}; how like the evidence cannot be told."
    chance = (
        f" Of {how_many(len(found.evidence), 'interview')} of the evidence, {found.by_chance} "
        "would lie "
        "outside if they were new."
        if found.evidence
        else ""
    )
    return (
        f"{out or 'None'} of {how_many(n, 'new interview')} "
        + (
            f"{'lies' if out == 1 else 'lie'} outside; nothing of "
            f"{'it' if out == 1 else 'them'} is accepted at once."
            if out
            else "lies outside."
        )
        + chance
    )


def _table(shown: tuple[WatchedTranscript, ...]) -> Table:
    return Table(
        "figures",
        "Each interview's figures; below each its distance from the middle of the evidence",
        (
            Column("Interview"),
            Column(""),
            *(Column(name.capitalize(), numeric=True) for name in FIGURES),
            Column("Outside"),
        ),
        tuple(
            (
                Cell(t.name),
                Cell("new" if t.new else "evidence"),
                *(
                    Cell(said(f.name, f.value), under=show(f.distance, 1, sign=True))
                    if is_defined(f.value)
                    else Cell("–", why=f.value.reason)
                    for f in t.figures
                ),
                Cell("yes" if t.outside else "no"),
            )
            for t in shown
        ),
    )


def _accepted_chart(found: Watched) -> Chart:
    rows = tuple(name for name, _, _ in found.drop.by_transcript)
    marks = [Mark(n, NEW.name, a / d) for n, a, d in found.drop.by_transcript]
    promised = Series("mean precision in the evidence", "baseline")
    if is_defined(found.drop.expected):
        marks += [Mark(name, promised.name, found.drop.expected) for name in rows]
    return Chart(
        id="accepted",
        title="Share of suggestions that people accept",
        description="By new interview, beside the mean precision in the evidence.",
        axis="share accepted",
        rows=rows,
        series=(NEW, promised),
        marks=tuple(marks),
        offset=False,
        lowest=0.0,
        highest=1.0,
    )


def _accepted(found: Watched) -> Table:
    return Table(
        "accepted-table",
        "Decided one by one",
        (
            Column("Interview"),
            Column("Accepted", numeric=True),
            Column("Decided", numeric=True),
            Column("Share", numeric=True),
        ),
        tuple(
            (Cell(n), Cell(str(a)), Cell(str(d)), Cell(show(a / d)))
            for n, a, d in found.drop.by_transcript
        ),
    )


def write_watch(found: Watched, folder: Path) -> Path:
    """Write ``watch.html`` into the folder; its path."""
    path = folder / "watch.html"
    write_whole(path, to_html(watch_document(found)))
    return path
