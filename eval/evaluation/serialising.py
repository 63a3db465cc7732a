"""An evaluation as JSON and back, for the store and for ``--json``."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from assistant.errors import UserError
from assistant.hashing import hash_json
from eval.evaluation.results import Evaluation

if TYPE_CHECKING:
    from pydantic import TypeAdapter

__all__ = ["evaluation_from_json", "evaluation_to_json", "measured_hash"]


@cache
def _adapter() -> TypeAdapter[Evaluation]:
    from pydantic import TypeAdapter

    return TypeAdapter(Evaluation)


def evaluation_to_json(evaluation: Evaluation) -> str:
    """All of it. A figure is a number, or ``{"reason": …}`` where it is undefined."""
    return _adapter().dump_json(evaluation, ensure_ascii=False).decode("utf-8")


def measured_hash(evaluation: Evaluation) -> str:
    """Of what was measured: the same whenever it is measured again, however often one looks."""
    again = replace(evaluation, made_at="", looks=0, looks_by_kind={}, looks_before=())
    return hash_json(_adapter().dump_python(again, mode="json"))


def evaluation_from_json(text: str) -> Evaluation:
    """The evaluation as it was. Raises `UserError` for one of another version of the program."""
    from pydantic import ValidationError

    try:
        return _adapter().validate_json(text)
    except ValidationError as error:
        raise UserError(
            "This evaluation was stored by another version of Second Coder.",
            hint="Make it again with `secondcoder evaluate`; the old one stays as it is.",
        ) from error
