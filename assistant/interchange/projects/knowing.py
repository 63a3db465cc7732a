"""Codings that come back: what of a file the study holds already.

A suggestion that comes back as a person's is still the model's.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from assistant.store.recognising import HeldCoding

__all__ = ["CHANGED", "REJECTED", "known"]

CHANGED = (
    "it is a suggestion of this study that was changed in the other tool; suggestions are changed "
    "by decisions here"
)

REJECTED = "a model had suggested it, and a person had rejected it before it was exported"


def known(
    here: HeldCoding,
    codes: Collection[str],
    guid: str,
    places: Collection[HeldCoding],
    held: Mapping[str, HeldCoding],
) -> str | None:
    """None: new. Empty: the study has it. Else why it is not taken though it is not the same.

    ``here``: the coding as it would be stored; ``codes``: the names that its code may have in the
    study; ``places`` and ``held``: what the study holds, by place and by GUID.
    """
    alike = [here._replace(code=code) for code in codes]
    if any(one in places for one in alike):
        return ""
    there = held.get(guid)
    if there is None:
        return None
    if any(there._replace(coder=one.coder, kind=one.kind) == one for one in alike):
        return ""
    return CHANGED if there.kind == "model" else None
