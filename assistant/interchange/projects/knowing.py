"""Codings that come back: what of a file the study holds already.

A suggestion that comes back as a person's is still the model's.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from assistant.store.texts.recognising import HeldCoding, Places

__all__ = ["CHANGED", "REJECTED", "known"]

CHANGED = (
    "it is a suggestion of this study that was changed in the other tool; suggestions are changed "
    "by decisions here"
)

REJECTED = "a model had suggested it, and a person had rejected it before it was exported"


def known(
    here: HeldCoding,
    codes: Collection[str],
    spellings: Collection[str],
    guid: str,
    places: Places,
    held: Mapping[str, HeldCoding],
) -> str | None:
    """None: new. Empty: the study has it. Else why it is not taken though it is not the same.

    ``here``: the coding as it would be stored; ``codes``: the names that its code may have in the
    study; ``spellings``: these and all others that the codebook has for it; ``places`` and
    ``held``: what the study holds, by place and by GUID.
    """
    alike = [here._replace(code=code) for code in spellings]
    if any(one in places.own for one in alike):
        return ""
    # What came in by a file and comes in by another as it is written there stands in both; written
    # otherwise it would be a coding of its own.
    if any(one in places.imported for one in alike if one.code not in codes):
        return ""
    there = held.get(guid)
    if there is None:
        return None
    if any(there._replace(coder=one.coder, kind=one.kind) == one for one in alike):
        return ""
    return CHANGED if there.kind == "model" else None
