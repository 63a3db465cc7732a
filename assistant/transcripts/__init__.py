"""One reader a format: a file becomes text, segments, speakers and people's codes.

Names are loaded when they are first used: most commands read no file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from assistant.transcripts.code_labels import guess_labels
    from assistant.transcripts.language import detect_language
    from assistant.transcripts.naming import name_parts
    from assistant.transcripts.reading import READERS, read_document

__all__ = ["READERS", "detect_language", "guess_labels", "name_parts", "read_document"]

_HOMES = {
    "READERS": "reading",
    "detect_language": "language",
    "guess_labels": "code_labels",
    "name_parts": "naming",
    "read_document": "reading",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
