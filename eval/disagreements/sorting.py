"""Who agrees with whom, and in what way they differ: the order in which disagreements are read.

Pure. First by who agrees with whom, since that says where to look: people against the model points
at the prompt, people against each other at the codebook. Then by kind.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from eval.disagreements.matching import Dispute
from eval.disagreements.records import KINDS, WHO, WHO_LOOK, Disagreement, Kind, Who

__all__ = ["in_order", "kind_of", "look_at", "together", "who_agrees"]


def who_agrees(dispute: Dispute, model: str) -> tuple[Who, str]:
    """The class of a dispute, and who stands alone in it (empty: nobody).

    ``model`` is the model coder's name, empty without one.
    """
    groups: dict[object, list[str]] = {}
    for coder, answer in dispute.answers.items():
        groups.setdefault(answer, []).append(coder)
    sizes = sorted(groups.values(), key=len)
    people = [coder for coder in dispute.answers if coder != model]
    if len(dispute.answers) == 2:
        if len(people) == 2:
            return "people-differ", ""
        return "person-and-model", ""
    if [model] in sizes and len(sizes) == 2:
        return "people-agree", model
    if all(len(group) == 1 for group in sizes):
        return "all-differ", ""
    if len(sizes) == 2 and len(sizes[0]) == 1:
        return "one-alone", sizes[0][0]
    return "people-differ", ""


def kind_of(
    dispute: Dispute, alone: str, model: str, ancestors: Mapping[str, frozenset[str]]
) -> Kind:
    """In what the coders differ, from the view of the one who stands alone, or of the model."""
    if dispute.border:
        return "border"
    seen_from = alone or (model if len(dispute.answers) == 2 and model in dispute.answers else "")
    if len(dispute.codes) == 1:
        if not seen_from:
            return "one-side"
        return "over-coded" if dispute.answers[seen_from] else "missed"
    one, other = dispute.codes
    if one not in ancestors[other] and other not in ancestors[one]:
        return "confused"
    general = one if one in ancestors[other] else other
    if not seen_from or not dispute.answers[seen_from]:
        return "level"
    return "too-general" if general in dispute.said(seen_from) else "too-specific"


def look_at(
    who: Who, kind: Kind, alone: str, labels: Sequence[str], lines: Sequence[tuple[str, int]]
) -> str:
    """Where to look first. Names places, never an edit. ``labels`` of the codes in dispute."""
    quoted = [f"“{label}”" for label in labels]
    where = f" (line {' and '.join(str(line) for _, line in lines)})" if lines else ""
    if kind == "border":
        return (
            f"Everybody applies {quoted[0]}: agree on how much of a passage is marked. Nothing "
            "need be changed in the codebook."
        )
    if who == "person-and-model":
        return WHO_LOOK[who]
    if who == "one-alone":
        return f"A second look by {alone}."
    if who == "all-differ":
        return WHO_LOOK[who]
    if who == "people-agree":
        if len(quoted) == 2:
            return (
                f"Look at the prompt or the model: do the entries of {quoted[0]} and {quoted[1]}"
                f"{where} tell it what sets them apart?"
            )
        return (
            f"Look at the prompt or the model: would somebody who knows only the entry of "
            f"{quoted[0]}{where} decide as people did?"
        )
    if kind == "confused":
        return (
            f"Look at the codebook: what sets {quoted[0]} and {quoted[1]} apart{where}? The "
            "entries’ lines on what to exclude are the place."
        )
    if kind in ("level", "too-general", "too-specific"):
        return (
            f"Look at the codebook: when is {quoted[0]} used and when {quoted[1]}{where}? One is "
            "more general than the other."
        )
    return f"Look at the codebook: does the entry of {quoted[0]}{where} decide this passage?"


def in_order(found: Sequence[Disagreement]) -> tuple[Disagreement, ...]:
    """By who agrees with whom, then kind, then how often the code is in dispute, transcript and
    place: the code that costs most agreement is read first.

    What is about one passage stays together, where the first of it stands.
    """
    often = Counter(code for d in found for code in d.codes)
    ranked = sorted(
        found,
        key=lambda d: (
            WHO.index(d.who),
            KINDS.index(d.kind),
            -max((often[code] for code in d.codes), default=0),
            d.codes,
            d.transcript_id,
            d.start,
            d.key,
        ),
    )
    return tuple(d for who in WHO for d in together([d for d in ranked if d.who == who]))


def together(found: Sequence[Disagreement]) -> list[Disagreement]:
    """In the order given, but what is about one passage stands where the first of it does."""
    places: dict[str, list[Disagreement]] = {}
    for d in found:
        places.setdefault(d.place or d.key, []).append(d)
    return [d for mine in places.values() for d in mine]
