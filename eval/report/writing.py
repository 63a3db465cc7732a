"""Write a report: one self-contained page, Markdown with its plots, and the evaluation itself."""

from __future__ import annotations

from pathlib import Path

from eval.evaluation.results import Evaluation
from eval.evaluation.serialising import evaluation_to_json
from eval.report.building import build
from eval.report.files import PageFiles, write_page

__all__ = ["write_report"]


def write_report(
    evaluation: Evaluation,
    number: int,
    folder: Path,
    *,
    every: bool = False,
    remarks: tuple[str, ...] = (),
) -> PageFiles:
    """Write ``report.html``, ``report.md``, ``report.json`` and ``plots/`` into ``folder``.

    ``number`` is the evaluation's number in its study; ``every`` adds the further coefficients, if
    they were measured; ``remarks`` say how it stands today. Files of an earlier report there are
    replaced. Raises `UserError` where the folder cannot be written.
    """
    document = build(evaluation, number, every=every, remarks=remarks)
    return write_page(document, evaluation_to_json(evaluation), folder, "report")
