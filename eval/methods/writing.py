"""Facts of a methods section as JSON: without the whole evaluation, which has a number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from eval.methods.facts import Facts

__all__ = ["facts_json"]


def facts_json(facts: Facts, paragraphs: Sequence[str]) -> str:
    import json

    from pydantic import TypeAdapter

    plain = TypeAdapter(Facts).dump_python(replace(facts, measured=None), mode="json")
    del plain["measured"]
    return json.dumps({"paragraphs": list(paragraphs), **plain}, indent=2, ensure_ascii=False)
