"""Everything that the figures leave out, with its reason, and the codes that the codebook lacks.

Nothing is left out in silence: codings that no unit takes, segments that nobody looked at or that
failed, and codes that are not measured stand here, also where there are none.
"""

from __future__ import annotations

from assistant.store.model.nothing_suggested import nothing_suggested
from eval.evaluation.results import Coverage, Evaluation
from eval.report.charts import BASELINE, Chart, Mark
from eval.report.document import Block, Bullets, Cell, Column, Table, Text
from eval.report.view import View
from eval.report.wording import (
    count,
    how_many,
    listed,
    measured,
    share,
)
from eval.units.loading import LeftOutCode

__all__ = ["lacking", "lacking_in_words", "left_out"]


def left_out(view: View) -> tuple[Block, ...]:
    rests = view.evaluation.coverage
    out = rests.left_out
    items: list[str] = []
    if out.interviewer_segments:
        items.append(f"{how_many(out.interviewer_segments, 'segment')} of interviewers.")
    if out.only_interviewer:
        items.append(f"{how_many(out.only_interviewer, 'coding')} wholly within them.")
    if out.too_small:
        items.append(
            f"{how_many(out.too_small, 'coding')} covering too little of any {rests.unit} to count."
        )
    if out.out_of_scope:
        items.append(
            f"{how_many(out.out_of_scope, 'coding')} outside what the coder is said to have "
            "looked at."
        )
    if out.unknown_codes:
        codings = sum(n for _, n in out.unknown_codes)
        items.append(
            f"{how_many(codings, 'coding')} with a code that is not measured: "
            + listed(f"{code} ({n})" for code, n in out.unknown_codes)
            + "."
        )
    items += [
        f"{how_many(n, rests.unit)} that {coder} did not look at: missing, not “no”."
        for coder, n in out.units_unseen
        if n
    ]
    items += [f"{name}: {why}." for name, why in out.transcripts]
    items += _not_measured(rests)
    if view.evaluation.model is not None:
        items += _of_the_model(view)
    if not items:
        return (Text("Nothing."),)
    return (Bullets(tuple(items)),)


def _not_measured(rests: Coverage) -> list[str]:
    found: list[str] = []
    for why in ("ignored", "structural or attribute"):
        codes = [c for c in rests.left_out_codes if c.why == why]
        if codes:
            said = "set aside by the codebook" if why == "ignored" else "structural or attribute"
            found.append(
                f"{how_many(len(codes), 'code')} {said}, imported but never measured: "
                + listed(f"{c.code} ({c.codings})" for c in codes)
                + "."
            )
    older = [c for c in rests.left_out_codes if c.why == "older definition"]
    if older:
        found.append(
            f"{how_many(len(older), 'code')} coded under another definition than the one measured, "
            "so these codings count neither as yes nor as no: "
            + listed(f"{c.code} ({c.codings}, {listed(c.coders)})" for c in older)
            + "."
        )
    return found


def _of_the_model(view: View) -> list[str]:
    model = view.evaluation.model
    assert model is not None
    found = [
        f"The model: {how_many(model.suggestions, 'suggestion')} with a place in the text; "
        f"{model.not_placed} not placed, because the quoted words are not in the passage, are "
        "there several times, or the code does not exist. They are kept and counted, and are in "
        "no figure.",
        f"The model: {how_many(model.failed_segments, 'segment')} failed. Failed segments are "
        "missing data, never “no code”.",
    ]
    run = view.evaluation.run
    found += nothing_suggested(run.without_suggestions if run else {})
    if model.not_in_scope:
        found.append(
            f"{how_many(len(model.not_in_scope), 'transcript')} that the model coded and no "
            f"measured person did: {listed(model.not_in_scope)}."
        )
    return found


def _lacking(rests: Coverage) -> tuple[LeftOutCode, ...]:
    return tuple(c for c in rests.left_out_codes if c.why == "not in the codebook")


def lacking_in_words(found: Evaluation) -> str:
    """Which codes of people the codebook lacks, and how much that is; empty where it lacks none."""
    codes = _lacking(found.coverage)
    if not codes:
        return ""
    return (
        f"{how_many(len(codes), 'code')} of the people measured "
        f"{'is' if len(codes) == 1 else 'are'} not in the codebook "
        f"({how_many(sum(c.codings for c in codes), 'coding')}, "
        f"{share(found.coverage.missing_share)} of the coded passages): "
        f"{', '.join(c.code for c in codes)}."
    )


def lacking(found: Evaluation) -> tuple[Block, ...]:
    """The codes of people that the codebook lacks, in a table and beside what they change."""
    codes = _lacking(found.coverage)
    if not codes:
        return (Text("None: every code of the people measured is in the codebook."),)
    codings = sum(c.codings for c in codes)
    blocks: list[Block] = [
        Text(
            f"{how_many(len(codes), 'code')} of the people measured "
            f"{'is' if len(codes) == 1 else 'are'} not in the codebook: "
            f"{how_many(codings, 'coding')}, on {share(found.coverage.missing_share)} of the "
            "coded passages. No model can find them."
        ),
        Table(
            "lacking-table",
            "Codes that the codebook lacks",
            (Column("Code"), Column("Codings", numeric=True), Column("Used by")),
            tuple((Cell(c.code), count(c.codings), Cell(listed(c.coders))) for c in codes),
        ),
        Chart(
            "plot-lacking",
            "Codings with codes that the codebook lacks",
            f"Number of codings of {how_many(len(codes), 'code')} that the codebook lacks. The "
            "numbers are in the table above.",
            "codings",
            tuple(c.code for c in codes),
            (BASELINE,),
            tuple(Mark(c.code, BASELINE.name, c.codings) for c in codes),
            kind="bars",
        ),
    ]
    if found.people is not None:
        blocks.append(
            Text(
                f"People agree with each other at kappa "
                f"{measured(found.people.together.pooled.values['kappa'])} without these codes and "
                f"{measured(found.people.with_missing_codes)} with them."
            )
        )
    return tuple(blocks)
