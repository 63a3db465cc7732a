"""One file a page. A module here with ``ROUTES`` is part of the application.

``ROUTES``: a sequence of Starlette routes, endpoints made by `assistant.review.desk.page`.
``NAV`` (optional): ``(order, words, path)`` for the line of links at the top.
"""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from starlette.routing import BaseRoute

__all__ = ["navigation", "routes"]


@cache
def _modules() -> tuple[object, ...]:
    names = sorted(info.name for info in pkgutil.iter_modules(__path__))
    return tuple(importlib.import_module(f"{__name__}.{name}") for name in names)


def routes() -> list[BaseRoute]:
    return [route for module in _modules() for route in getattr(module, "ROUTES", ())]


@cache
def navigation() -> tuple[tuple[str, str], ...]:
    """(words, path) of the pages that are reached from everywhere, in order."""
    entries = sorted(entry for m in _modules() if (entry := getattr(m, "NAV", None)) is not None)
    return tuple((words, path) for _, words, path in entries)
