"""An evaluation as JSON and back, for the store and for ``--json``."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from eval.results import Evaluation

if TYPE_CHECKING:
    from pydantic import TypeAdapter

__all__ = ["evaluation_from_json", "evaluation_to_json"]


@cache
def _adapter() -> TypeAdapter[Evaluation]:
    from pydantic import TypeAdapter

    return TypeAdapter(Evaluation)


def evaluation_to_json(evaluation: Evaluation) -> str:
    """All of it. A figure is a number, or ``{"reason": …}`` where it is undefined."""
    return _adapter().dump_json(evaluation, ensure_ascii=False).decode("utf-8")


def evaluation_from_json(text: str) -> Evaluation:
    """The evaluation as it was; raises pydantic's ValidationError for anything else."""
    return _adapter().validate_json(text)
