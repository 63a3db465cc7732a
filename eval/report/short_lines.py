"""Lines and cells of the answer on one screen: figures with intervals, rows, what marks mean."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from eval.evaluation.figures import Row
from eval.intervals.resampling import Interval
from eval.report.view import View
from eval.report.wording import bracket, how_many, listed, number
from eval.statistics.values import is_defined
from eval.verdicts.planning import Planning

__all__ = ["figure", "line", "more", "not_counted", "others", "what_next", "without_interval"]


_MEASURED = ("reference", "unknown", "adjudicated")


def line(name: str, row: Row) -> tuple[str, ...]:
    both, first, second, _ = row.counts
    return (
        name,
        f"{both:,}",
        f"{first + second:,}",
        figure(row.values["kappa"]),
        number(row.values["f1"].estimate),
        number(row.values["ac1"].estimate),
    )


def others(values: Mapping[str, Interval], *, sign: bool = False) -> tuple[str, str]:
    """F1 and AC1 beside a kappa; empty where they were not measured."""
    f1, ac1 = (
        number(values[key].estimate, sign=sign) if key in values else "" for key in ("f1", "ac1")
    )
    return f1, ac1


def figure(found: Interval, *, sign: bool = False) -> str:
    """``0.31 [0.12, 0.50]``; ``0.31 *`` where there is no interval."""
    ends = bracket(found, sign=sign)
    if not is_defined(found.estimate):
        return "–"
    return f"{number(found.estimate, sign=sign)} {ends or '*'}"


def without_interval(figures: Iterable[Interval]) -> list[str]:
    """What the star and the dash mean, where they stand."""
    starred, dashes = [], []
    for one in figures:
        if not is_defined(one.estimate):
            dashes.append(one.estimate.reason)
        elif not is_defined(one.low):
            starred.append(one.low.reason)
    return [
        *([f"* No interval: {listed(dict.fromkeys(starred), 'or')}."] if starred else []),
        *([f"– No figure: {listed(dict.fromkeys(dashes), 'or')}."] if dashes else []),
    ]


def more(hidden: int) -> list[str]:
    if not hidden:
        return []
    return [
        f"{how_many(hidden, 'more code')}: --all-codes lists {'it' if hidden == 1 else 'them'}."
    ]


def not_counted(view: View) -> list[str]:
    """People's codings that are in the study and in no figure, by rule or by codebook: one line."""
    rests = view.evaluation.coverage
    said = []
    short = rests.left_out.too_small
    if short:
        coders = {name for name, _ in rests.left_out.units_unseen}
        counted = [p for p in rests.people if p.name in coders and p.role in _MEASURED]
        all_ = sum(p.measured for p in counted)
        coded = len({p.transcript for p in counted})
        where = f"{'all ' if coded > 1 else ''}{how_many(coded, 'coded transcript')}"
        of_all = f"{short:,} of {how_many(all_, 'coding')} in {where}"
        how_few = of_all if all_ >= short else how_many(short, "coding")
        said.append(f"{how_few} covering too little of any {rests.unit}")
    aside = [c for c in rests.left_out_codes if c.why == "ignored"]
    if aside:
        codings = sum(c.codings for c in aside)
        said.append(
            f"{how_many(codings, 'coding')} of {how_many(len(aside), 'code')} set aside by the "
            "codebook"
        )
    lacking = [c for c in rests.left_out_codes if c.why == "not in the codebook"]
    if lacking:
        codings = sum(c.codings for c in lacking)
        said.append(
            f"{how_many(codings, 'coding')} of {how_many(len(lacking), 'code')} not in the codebook"
        )
    return [f"Not counted: {'; '.join(said)}."] if said else []


def what_next(view: View) -> list[str]:
    more = view.evaluation.more
    plan: Planning | None = more.planning if more else None
    if plan is None:
        return []
    best = [t for t in plan.transcripts if t.gain > 0][:3]
    if not best:
        return []
    names = listed(f"{t.transcript} (coded by {listed(t.coded_by) or 'nobody'})" for t in best)
    return [
        "Next to be coded until two people have, independently, as these would teach most: "
        f"{names}.",
        "What people have coded can no longer be drawn for an audit.",
    ]
