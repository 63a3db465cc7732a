"""A report as one HTML file: style and plots inside it, no script, nothing fetched.

The template escapes every text. Only the SVG of plots goes in as it is; the drawing library escapes
the names in it.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from assistant.isolating import hold_apart, isolated
from eval.report.charts import COLOURS, Chart, Grid
from eval.report.document import Block, Document, footnotes
from eval.report.drawing import inline_svg

if TYPE_CHECKING:
    from jinja2 import Environment

__all__ = ["environment", "style", "to_html"]


@cache
def environment(*packages: str) -> Environment:
    """Templates of a report's blocks, and those of further packages of pages."""
    from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined

    made = Environment(
        loader=ChoiceLoader([PackageLoader(name) for name in (*packages, "eval.report")]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.tests["of"] = _of
    made.globals["footnotes"] = footnotes
    made.globals["svg"] = _svg
    hold_apart(made)
    return made


def _of(block: Block, kind: str) -> bool:
    return type(block).__name__ == kind


def _svg(chart: Chart | Grid) -> object:
    from markupsafe import Markup

    return Markup(inline_svg(chart))


def style() -> str:
    """The style that all reports share."""
    return files("eval.report").joinpath("templates/report.css").read_text(encoding="utf-8")


def to_html(document: Document) -> str:
    from markupsafe import Markup

    template = environment().get_template("report.html.j2")
    return isolated(template.render(document=document, style=Markup(style()), colours=COLOURS))
