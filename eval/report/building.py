"""From an evaluation to a report's document: which sections, in the order in which one asks."""

from __future__ import annotations

from eval.evaluation.results import Evaluation
from eval.report.agreement import agreement
from eval.report.answer import answer
from eval.report.document import Document, Note, Section
from eval.report.grounds import grounds
from eval.report.lanes import lanes
from eval.report.method import method
from eval.report.overall import overall
from eval.report.passages import further, passages
from eval.report.planned import planned
from eval.report.view import View

__all__ = ["build"]


def build(
    evaluation: Evaluation, number: int, *, every: bool = False, remarks: tuple[str, ...] = ()
) -> Document:
    """``number`` is the evaluation's number in its study; ``every``: further coefficients too.

    ``remarks``: how the evaluation stands on the day of writing, which its record cannot know.
    """
    view = View(evaluation)
    run = evaluation.run
    what = f"Run {run.id} ({run.model}) beside people" if run else "People beside people"
    standing = Section("standing", "How it stands today", tuple(Note(text) for text in remarks))
    sections = (
        standing,
        answer(view),
        lanes(view),
        *planned(view),
        agreement(view),
        *overall(view),
        *passages(view),
        *(further(view) if every else ()),
        *grounds(view),
        *method(view),
    )
    return Document(
        title=f"{evaluation.study}: evaluation {number}",
        subtitle=f"{what}. Measured {evaluation.made_at[:10]}, codebook "
        f"{evaluation.codebook} {evaluation.codebook_version}".rstrip()
        + ".",
        sections=tuple(section for section in sections if section.blocks),
        foot=(
            "This report holds no words of participants: names of transcripts, coders and codes, "
            "and figures. Reasons that reviewers gave stand as they wrote them.",
            "Everything in it is drawn from the stored evaluation, which is in report.json.",
        ),
    )
