"""Reports of evaluations: HTML, Markdown and JSON, drawn from a stored evaluation alone."""

from eval.report.building import build
from eval.report.html import to_html
from eval.report.markdown import to_markdown
from eval.report.writing import write_report

__all__ = ["build", "to_html", "to_markdown", "write_report"]
