"""Agreement on passages as they were marked, and coefficients for those who ask for them."""

from __future__ import annotations

from eval.further.coefficients import Further
from eval.further.spans import SpanResult, SpanRow
from eval.intervals.resampling import Interval
from eval.report.behind import rows_behind
from eval.report.beside import behind_rows
from eval.report.charts import MODEL, PEOPLE, Chart, Series, mark
from eval.report.document import Block, Cell, Column, Note, Section, Table, Text
from eval.report.view import FEW, View
from eval.report.wording import (
    count,
    figure,
    how_many,
    measured,
    order_of_pairs,
    pair_names,
    share,
    value,
)
from eval.statistics.alternative_annotator import AlternativeAnnotator
from eval.statistics.values import is_defined

__all__ = ["further", "passages"]

_TWO = {"pi": "Scott's pi", "brennan_prediger": "Brennan-Prediger"}


def passages(view: View) -> tuple[Section, ...]:
    """Empty in evaluations of older versions, and where nobody marked anything."""
    more = view.evaluation.more
    if more is None:
        return ()
    blocks: list[Block] = []
    if more.model_spans is not None:
        blocks += _spans(view, more.model_spans, "model", "The model with people", MODEL)
        blocks.append(
            Note(
                "A suggestion counts for its whole passage, however few words its quote has: so "
                "these figures say whether model and people mean the same stretch of talk, not "
                "whether they would underline the same words."
            )
        )
    if more.people_spans is not None:
        blocks += _spans(view, more.people_spans, "people", "People with each other", PEOPLE)
    if not blocks:
        return ()
    return (
        Section(
            "passages",
            "The same words?",
            (
                Text(
                    "So far a segment was asked whether it has a code. Here the marked words "
                    "themselves are compared: the share of characters that both marked, the "
                    "passages that pair up one to one, and Krippendorff's alphas for marked text."
                ),
                *blocks,
            ),
            level=3,
        ),
    )


def _row(view: View, row: SpanRow) -> tuple[Cell, ...]:
    return (
        Cell(view.label(row.code)),
        count(row.first),
        count(row.second),
        figure(row.character_f1),
        figure(row.iou),
        *(figure(found) for found in row.matched.values()),
        figure(row.u_alpha),
        figure(row.kind_alpha),
    )


def _spans(view: View, found: SpanResult, name: str, title: str, series: Series) -> list[Block]:
    rows = sorted((r for r in found.codes if r.first + r.second), key=lambda r: -r.first - r.second)
    if not rows:
        return []
    people = view.evaluation.people
    who = pair_names((p.first, p.second) for p in people.each) if people else ("first", "second")
    order = order_of_pairs((p.first, p.second) for p in people.each) if people else ""
    if name == "model":
        who, order = ("people", "model"), ""
    table = Table(
        f"{name}-passages",
        f"{title}, marked passages summed over pairs of coders. “Matched” is F1 of passages paired "
        "one to one whose common part is at least that share of their whole extent."
        + (f" {order}" if order else ""),
        (
            Column("Code"),
            *(Column(f"Of {t}", numeric=True) for t in who),
            Column("Character F1", numeric=True),
            Column("Common share", numeric=True),
            *(Column(f"Matched {t}", numeric=True) for t in rows[0].matched),
            Column("u-alpha", numeric=True),
            Column("(k)u-alpha", numeric=True),
        ),
        (_row(view, found.together), *(_row(view, row) for row in rows)),
    )
    shown = [row for row in rows if row.first + row.second >= FEW]
    chart = Chart(
        f"plot-{name}-passages",
        f"Character F1 by code: {series.name}",
        f"Share of marked characters that both marked, {len(shown)} codes. A mark without a "
        "line has no interval. The numbers are in the table above.",
        "character F1",
        tuple(view.label(row.code) for row in shown),
        (series,),
        tuple(
            m for r in shown if (m := mark(view.label(r.code), series, r.character_f1)) is not None
        ),
        lowest=0.0,
        highest=1.0,
    )
    said = Text(
        f"{title}: where anything is marked, whatever the code (|u-alpha) "
        f"{measured(found.binary)}; which code, where both marked something (cu-alpha) "
        f"{measured(found.common)}; place and code together (u-alpha) "
        f"{measured(found.together.u_alpha)}. These alphas of all codes allow one code a place, so "
        f"{share(found.several_codes_share)} of the marked text, which has several, is left out of "
        "the last two; u-alpha of a single code leaves nothing out."
    )
    blocks: list[Block] = [table, *([chart] if chart.marks else [])]
    if found.behind:
        blocks.append(_together(view, found, name, title))
    elif beside := behind_rows(((r.code, r.character_f1.estimate) for r in rows), view.label):
        blocks.append(Text(f"Behind the character F1 of all codes together: {beside}."))
    return [*blocks, said]


def _together(view: View, found: SpanResult, name: str, title: str) -> Table:
    """Every figure of all codes, and what stands behind it."""
    whole = found.together
    of = {
        "character_f1": ("Character F1", whole.character_f1),
        "iou": ("Common share", whole.iou),
        **{share: (f"Matched {share}", one) for share, one in whole.matched.items()},
        "u_alpha": ("u-alpha", whole.u_alpha),
        "common": ("cu-alpha", found.common),
        "binary": ("|u-alpha", found.binary),
    }
    return Table(
        f"{name}-passages-behind",
        f"{title}, marked passages: pooled figure, average and worst cases. Behind cu-alpha stand "
        "the (k)u-alphas of single codes.",
        (Column("Over"), *(Column(label, numeric=True) for label, _ in of.values())),
        (
            (Cell("all codes together"), *(figure(one) for _, one in of.values())),
            *rows_behind(view, list(of), found.behind),
        ),
    )


# --- behind --all ---------------------------------------------------------------------------


def further(view: View) -> tuple[Section, ...]:
    """What `secondcoder evaluate --all` measured; empty without it."""
    more = view.evaluation.more
    if more is None or not more.further:
        return ()
    blocks: list[Block] = [
        Text(
            "For readers who ask for one of these by name. None of them decides a lane. "
            "Brennan-Prediger, AC1 and AC2 are high for rare codes whatever the coders do."
        )
    ]
    for name, title, series, found in (
        ("model", "The model with people", MODEL, more.model),
        ("people", "People with each other", PEOPLE, more.people),
    ):
        if found is not None:
            blocks += _further(view, name, title, series, found)
    if more.substitute is not None:
        blocks += _substitute(more.substitute)
    return (Section("further", "Further coefficients", tuple(blocks), level=3),)


def _further(view: View, name: str, title: str, series: Series, found: Further) -> list[Block]:
    rows: list[tuple[str, Interval, str]] = [
        *((_TWO[key], value_, "by code and unit") for key, value_ in found.together.items()),
        *((c.name, c.value, c.asks) for c in (*found.sets, *found.numbers)),
    ]
    blocks: list[Block] = [
        Table(
            f"{name}-further",
            f"{title}, all codes together. Scott's pi and Brennan-Prediger are means over pairs of "
            "coders; the others take the units of all pairs together.",
            (Column("Coefficient"), Column("Value", numeric=True), Column("What it asks")),
            tuple((Cell(label), figure(v), Cell(asks)) for label, v, asks in rows),
        ),
        Chart(
            f"plot-{name}-further",
            f"Further coefficients: {series.name}",
            "The coefficients of the table above with their intervals.",
            "coefficient",
            tuple(label for label, _, _ in rows),
            (series,),
            tuple(m for label, v, _ in rows if (m := mark(label, series, v)) is not None),
            highest=1.0,
        ),
    ]
    known = [(code, values) for code, values in found.codes if is_defined(values["pi"].estimate)]
    if known:
        for key, label in _TWO.items():
            behind = behind_rows(((code, one[key].estimate) for code, one in known), view.label)
            blocks.append(Text(f"Behind {label} of all codes together: {behind}."))
        blocks.append(
            Table(
                f"{name}-further-codes",
                f"{title}, by code",
                (Column("Code"), *(Column(label, numeric=True) for label in _TWO.values())),
                tuple(
                    (Cell(view.label(code)), *(figure(values[key]) for key in _TWO))
                    for code, values in known
                ),
            )
        )
    if found.gamma:
        pairs = [(g.first, g.second) for g in found.gamma]
        both = ("person", "model") if name == "model" else pair_names(pairs)
        blocks.append(
            Table(
                f"{name}-gamma",
                f"{title}: gamma of two coders at a time, with the passages that it aligns, and "
                "boundary similarity (borders of passages in words, moved by one at most)",
                (
                    Column("Transcript"),
                    Column("Coders"),
                    Column("Gamma", numeric=True),
                    Column("Aligned", numeric=True),
                    *(Column(f"Only {t}", numeric=True) for t in both),
                    Column("Boundaries", numeric=True),
                ),
                tuple(
                    (
                        Cell(g.transcript),
                        Cell(f"{g.first} and {g.second}"),
                        value(g.gamma),
                        *(count(n) for n in (g.aligned, g.only_first, g.only_second)),
                        value(g.boundaries),
                    )
                    for g in found.gamma
                ),
            )
        )
    return blocks


def _substitute(found: AlternativeAnnotator) -> list[Block]:
    if not is_defined(found.winning_rate):
        return [
            Text(
                "Alternative annotator test (could the model stand in for a person?): "
                f"{found.winning_rate.reason}."
            )
        ]
    verdict = "passes" if found.passed else "does not pass"
    return [
        Text(
            f"Alternative annotator test: the model {verdict}. It wins against "
            f"{share(found.winning_rate)} of {how_many(len(found.people), 'person', 'people')} "
            f"(half is needed) at epsilon {found.epsilon:.2f}; it comes at least as close to the "
            f"others as the person left out does in {measured_share(found.advantage)} of passages."
        ),
        Table(
            "substitute",
            "The model against each person, both compared with the others",
            (
                Column("Left out"),
                *(Column(t, numeric=True) for t in ("Units", "Transcripts")),
                Column("Model as close", numeric=True),
                Column("Person as close", numeric=True),
                Column("p", numeric=True),
                Column("Model wins"),
            ),
            tuple(
                (
                    Cell(p.person),
                    count(p.units),
                    count(p.transcripts),
                    Cell(share(p.model_at_least)),
                    Cell(share(p.person_at_least)),
                    value(p.p),
                    Cell("yes" if p.won else "no"),
                )
                for p in found.people
            ),
        ),
    ]


def measured_share(found: object) -> str:
    return share(found) if isinstance(found, float) else "–"
