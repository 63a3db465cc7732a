"""An audit's result as one page with a figure beside its table. Holds no words of participants."""

from __future__ import annotations

from pathlib import Path

from assistant.writing import write_whole
from eval.audit.found import AuditResult
from eval.audit.telling import all_counted, chance, what_counts
from eval.intervals.resampling import Interval
from eval.report.charts import Chart, Mark, Series, mark
from eval.report.document import Bullets, Cell, Column, Document, Section, Table, Text
from eval.report.html import to_html
from eval.report.wording import how_many
from eval.statistics.values import is_defined, show

__all__ = ["audit_document", "write_audit"]

WRONG = Series("wrong, of what is suggested", "model")
MISSED = Series("missed, of what the person finds", "people")


def audit_document(found: AuditResult) -> Document:
    """The page before it is HTML."""
    rows = [(c.name, c.error, c.missed_share) for c in found.codes if c.would_be_accepted]
    rows = rows or [(c.name, c.error, c.missed_share) for c in found.codes]
    rows = [(all_counted(found.counted), found.error, found.missed_share), *rows]
    marks: list[Mark] = []
    for name, error, missed in rows:
        marks += [m for m in (mark(name, WRONG, error), mark(name, MISSED, missed)) if m]
    chart = Chart(
        id="audit",
        title="What accepting would mean",
        description="Share of suggestions that is wrong, and share of what the person finds that "
        f"would be missed, by code, with intervals of level {found.level:.4g}.",
        axis="share",
        rows=tuple(name for name, _, _ in rows),
        series=(WRONG, MISSED),
        marks=tuple(marks),
        lowest=0.0,
        highest=1.0,
    )
    passed = "Passed." if found.passed else "Did not pass: " + "; ".join(found.reasons) + "."
    blocks: list[Text | Chart | Table | Bullets] = [
        Text(found.sentence, lead=True),
        Text(what_counts(found.counted)),
        Text(passed),
        chart,
        _table(found),
    ]
    if found.left_out:
        names = {c.code: c.name for c in found.codes}
        blocks.append(
            Bullets(
                tuple(
                    f"{names[code]} is in no figure, because nothing is known of it here: {why}."
                    for code, why in found.left_out.items()
                )
            )
        )
    if found.outside:
        blocks.append(
            Bullets(
                tuple(
                    f"{name} is unlike the interviews that the evidence rests on, so nothing of it "
                    f"is accepted at once: {why}."
                    for name, why in found.outside.items()
                )
            )
        )
    if found.overrides:
        blocks.append(Bullets(found.overrides))
    return Document(
        title=f"Audit {found.audit} of run {found.run}",
        subtitle=f"{', '.join(found.transcripts)}. {found.sampled} of "
        f"{how_many(found.passages, 'passage')}, coded blind by {', '.join(found.coders)}; "
        f"seed {found.seed}.",
        sections=(Section("audit", "What the audit found", tuple(blocks)),),
        foot=(
            f"{chance(found)} Figures are about these interviews and no others, and take what the "
            "person coded as right.",
        ),
    )


def _table(found: AuditResult) -> Table:
    sums = found.sums
    together = (
        Cell(all_counted(found.counted)),
        Cell(str(sums.suggested)),
        Cell(str(sums.looked_at)),
        Cell(f"{sums.wrong:g}"),
        Cell(f"{sums.missed:g}"),
        _figure(found.error),
        _figure(found.missed_share),
        Cell(""),
    )
    return Table(
        "audit-codes",
        "By code",
        (
            Column("Code"),
            Column("Suggested", numeric=True),
            Column("Looked at", numeric=True),
            Column("Wrong", numeric=True),
            Column("Missed", numeric=True),
            Column("Share wrong", numeric=True),
            Column("Share missed", numeric=True),
            Column("Accept at once?", long=True),
        ),
        (
            together,
            *(
                (
                    Cell(c.name),
                    Cell(str(c.suggested)),
                    Cell(str(c.looked_at)),
                    Cell(f"{c.wrong:g}"),
                    Cell(f"{c.missed:g}"),
                    _figure(c.error),
                    _figure(c.missed_share),
                    Cell("no: " + c.refused if c.refused else "yes" if found.passed else "no"),
                )
                for c in found.codes
            ),
        ),
    )


def _figure(figure: Interval) -> Cell:
    if not is_defined(figure.estimate):
        return Cell("–", why=figure.estimate.reason)
    return Cell(show(figure.estimate), under=f"{show(figure.low)} to {show(figure.high)}")


def write_audit(found: AuditResult, folder: Path) -> Path:
    """Write ``audit.html`` into the folder; its path."""
    path = folder / "audit.html"
    write_whole(path, to_html(audit_document(found)))
    return path
