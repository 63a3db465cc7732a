"""A prompt version: front matter and a Jinja2 body, addressed by the hash of the whole file."""

from __future__ import annotations

from typing import Literal

from assistant.transcripts.records import Frozen

__all__ = ["Prompt", "RenderedPrompt", "Strategy"]

Strategy = Literal["list", "judge"]


class Prompt(Frozen):
    id: str
    """From the front matter."""
    purpose: str
    """One sentence for people, from the front matter."""
    strategy: Strategy
    source: str
    """The file's text with ``\\n`` line ends."""
    system: str
    """Template of the system message."""
    user: str
    """Template of the user message."""
    sha256: str
    """Hash of ``source``."""


class RenderedPrompt(Frozen):
    system: str
    user: str
