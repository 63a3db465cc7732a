"""A look at people's codes as JSON."""

from __future__ import annotations

from eval.inspect.results import Inspected

__all__ = ["inspected_json"]


def inspected_json(found: Inspected) -> str:
    """All of it. A figure is a number, or ``{"reason": …}`` where it is undefined."""
    from pydantic import TypeAdapter

    return TypeAdapter(Inspected).dump_json(found, indent=2, ensure_ascii=False).decode("utf-8")
