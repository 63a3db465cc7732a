"""What of a comparison is in no difference, as its page says it: who, which codes, what changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from eval.compare.answers import CodeAnswer
from eval.compare.records import HAPPENED, Comparison
from eval.report.document import Block, Cell, Column, Note, Table
from eval.report.wording import count, how_many, listed, number, value

__all__ = ["fallen_out", "without", "without_difference"]


def fallen_out(found: Comparison) -> list[str]:
    """What is in no difference because only one of the runs has a figure for it."""
    if found.alone is None or not found.alone.codes or found.same:
        return []
    means = listed(
        f"{number(mean)} over {how_many(codes, 'code')} for run {side.id}"
        for side, mean, codes in zip(
            (found.first, found.second), found.alone.mean, found.alone.mean_codes, strict=True
        )
    )
    return [
        "Set beside each other is only what has a figure with both runs. Of "
        f"{how_many(len(found.alone.codes), 'code')} a person has one with one run alone, since "
        "she and the other run say the same of every unit, mostly that it is nowhere: their "
        "agreement there is in no difference, but places fixed and broken are counted. With all "
        f"that each run has a figure for, mean kappa is {means}."
    ]


def without(found: Comparison, code: str) -> str:
    """Who is in no figure of a code, and what the figures are with them; mostly empty."""
    for row in found.alone.codes if found.alone is not None else ():
        if row.name == code:
            first, second = (number(one) for one in row.kappa)
            return (
                f"without {listed(row.people)}, of whom one run has no figure; with everybody run "
                f"{found.first.id} {first}, run {found.second.id} {second}"
            )
    return ""


def without_difference(found: Comparison, unused: Sequence[CodeAnswer]) -> list[Block]:
    """Codes of which one run has no figure: what the other has, and what was fixed and broken."""
    happened = Counter((c.code, c.happened) for c in found.changed)
    own = {row.name: row for row in found.alone.codes} if found.alone is not None else {}
    there = [r for r in unused if r.name in own or any(happened[r.name, what] for what in HAPPENED)]
    blocks: list[Block] = []
    if there:
        rows = []
        for r in there:
            row = own.get(r.name)
            kappas = row.kappa if row else (r.first["kappa"].estimate, r.second["kappa"].estimate)
            rows.append(
                (
                    Cell(found.code_names.get(r.name, r.name)),
                    *(value(one) for one in kappas),
                    *(count(happened[r.name, what]) for what in HAPPENED),
                )
            )
        blocks.append(
            Table(
                "compared-alone",
                "Without a difference, since no person has a figure with both runs. Places fixed "
                "and broken say what changed.",
                (
                    Column("Code"),
                    Column(f"Kappa, run {found.first.id}", numeric=True),
                    Column(f"Kappa, run {found.second.id}", numeric=True),
                    *(Column(what.capitalize(), numeric=True) for what in HAPPENED),
                ),
                tuple(rows),
            )
        )
    if rest := [r for r in unused if r not in there]:
        names = listed(found.code_names.get(r.name, r.name) for r in rest)
        blocks.append(
            Note(
                f"Without any figure: {how_many(len(rest), 'code')} ({names}), since neither run "
                "nor people used them here."
            )
        )
    return blocks
