"""Write a report: one self-contained page, Markdown with its plots, and the evaluation itself."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from assistant.errors import UserError
from eval.report.building import build
from eval.report.charts import standalone_svg
from eval.report.html import to_html
from eval.report.markdown import to_markdown
from eval.results import Evaluation
from eval.serialising import evaluation_to_json

__all__ = ["ReportFiles", "write_report"]

PLOTS = "plots"


@dataclass(frozen=True, slots=True)
class ReportFiles:
    """Where a report was written."""

    html: Path
    markdown: Path
    json: Path
    plots: tuple[Path, ...]
    """Beside the Markdown; the page holds its own."""


def write_report(
    evaluation: Evaluation, number: int, folder: Path, *, every: bool = False
) -> ReportFiles:
    """Write ``report.html``, ``report.md``, ``report.json`` and ``plots/`` into ``folder``.

    ``number`` is the evaluation's number in its study; ``every`` adds the further coefficients, if
    they were measured. Files of an earlier report there are
    replaced. Raises `UserError` where the folder cannot be written.
    """
    document = build(evaluation, number, every=every)
    files = ReportFiles(
        folder / "report.html",
        folder / "report.md",
        folder / "report.json",
        tuple(folder / PLOTS / f"{chart.id}.svg" for chart in document.charts()),
    )
    texts = {
        files.html: to_html(document),
        files.markdown: to_markdown(document, PLOTS),
        files.json: evaluation_to_json(evaluation) + "\n",
        **{
            path: standalone_svg(chart)
            for path, chart in zip(files.plots, document.charts(), strict=True)
        },
    }
    try:
        for path, text in texts.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
    except (FileExistsError, NotADirectoryError, PermissionError) as error:
        raise UserError(
            f"The report cannot be written: {error.strerror}.",
            where=str(error.filename or folder),
            hint="Choose another folder with --out FOLDER.",
        ) from error
    return files
