"""Write a document of a command: a page that opens offline, Markdown with its plots, and JSON."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from assistant.writing import write_whole
from eval.report.document import Document
from eval.report.drawing import standalone_svg
from eval.report.html import to_html
from eval.report.markdown import to_markdown

__all__ = ["PageFiles", "write_page"]

PLOTS = "plots"


@dataclass(frozen=True, slots=True)
class PageFiles:
    """Where a page was written."""

    html: Path
    markdown: Path
    json: Path
    plots: tuple[Path, ...]
    """Beside the Markdown; the page holds its own."""


def write_page(document: Document, content: str, folder: Path, name: str) -> PageFiles:
    """Write ``name``.html, .md and .json and ``plots/`` into ``folder``, replacing earlier ones.

    ``content`` is the JSON. Raises `UserError` where the folder cannot be written.
    """
    charts = list(document.charts())
    plots = tuple(folder / PLOTS / f"{chart.id}.svg" for chart in charts)
    files = PageFiles(
        folder / f"{name}.html", folder / f"{name}.md", folder / f"{name}.json", plots
    )
    texts = {
        files.html: to_html(document),
        files.markdown: to_markdown(document, PLOTS),
        files.json: content.rstrip("\n") + "\n",
        **{p: standalone_svg(chart) for p, chart in zip(plots, charts, strict=True)},
    }
    for path, text in texts.items():
        write_whole(path, text, hint="Choose another folder with --out FOLDER.")
    return files
