"""What the first preview of a codebook would wait for is found out before anybody asks for one.

Whether the model inside the program and the sentence embedding can run on this computer is tried
out in a second process (`assistant.llm.embedded.platform_checks`), which takes longer than all the
rest of a preview. Nothing is asked of a model here, and nothing is stored.
"""

from __future__ import annotations

from pathlib import Path

from assistant.errors import SecondCoderError
from assistant.llm.embedded.platform_checks import embedding_available, engine_available
from assistant.study import open_study

__all__ = ["look_ahead"]


def look_ahead(folder: Path) -> None:
    """Find it out, unless the folder's study has a model elsewhere that needs neither. Returns when
    it is known; whoever asks meanwhile waits for the same answer."""
    try:
        elsewhere = bool(open_study(folder).config.endpoint.base_url)
    except SecondCoderError:
        elsewhere = False  # no study yet, or one whose settings are to be mended
    if not elsewhere:
        embedding_available()
        engine_available()
