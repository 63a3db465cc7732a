"""What goes to an endpoint for vectors about a transcript, exactly as a run would send it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.counting import counted

if TYPE_CHECKING:
    from assistant.coding.judge.plan import JudgePlan

__all__ = ["VectorsShown", "said_of_vectors", "vectors_shown"]


@dataclass(frozen=True)
class VectorsShown:
    """One request for vectors, exactly as it would be sent."""

    number: int
    requests: int
    endpoint: str
    model: str
    texts: tuple[str, ...]
    request: str
    """Its body as JSON."""
    sha256: str


def vectors_shown(plan: JudgePlan, transcript_id: int) -> tuple[VectorsShown, ...]:
    about = plan.to_embed.about.get(transcript_id, ()) if plan.to_embed is not None else ()
    return tuple(
        VectorsShown(
            number,
            len(about),
            one.endpoint,
            one.model,
            one.texts,
            json.dumps(
                {"model": one.model, "input": one.texts, "encoding_format": "float"},
                ensure_ascii=False,
                indent=2,
            ),
            one.sha256,
        )
        for number, one in enumerate(about, start=1)
    )


def said_of_vectors(plan: JudgePlan, shown: Sequence[VectorsShown], transcript_id: int) -> str:
    settings = plan.settings
    where = f"{settings.embedding_url} for vectors by “{settings.embedding_model}”"
    texts = counted(sum(len(one.texts) for one in shown), "text")
    first = (
        f"{texts} (passages and codes) of it are sent to {where} first; which questions follow "
        "depends on what comes back, so that questions shown here are an estimate."
        if shown
        else f"Its passages and the codes were sent to {where} before, and are not sent again."
    )
    others = [key for key in plan.coded if key != transcript_id]
    learned = (
        f" A run also sends the passages of {counted(len(others), 'other coded interview')} that "
        "it learns from, where they were not sent before: preview those too."
        if others
        else ""
    )
    return (
        f"{first} Later follow single sentences of passages that get a code, and codes with fewer "
        f"of their examples: parts of what was sent before.{learned}"
    )
