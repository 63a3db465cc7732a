"""What one disagreement is: a place in a transcript, a code or two, and what each coder said there.

Coders who say the same stand on one side (`Disagreement.parties`). "No" is said only by coders who
looked at the place for all of the codes; who did not look is in ``missing`` and on no side.
"""

from __future__ import annotations

from typing import Literal, get_args

from assistant.transcripts.records import Frozen

__all__ = [
    "KINDS",
    "KIND_WORDS",
    "WHO",
    "WHO_LOOK",
    "WHO_WORDS",
    "Disagreement",
    "Kind",
    "Nearby",
    "Passage",
    "Side",
    "Who",
]

Who = Literal["people-agree", "person-and-model", "people-differ", "one-alone", "all-differ"]
WHO: tuple[Who, ...] = get_args(Who)
"""In the order in which they are worth looking at."""
Kind = Literal[
    "missed",
    "over-coded",
    "confused",
    "too-general",
    "too-specific",
    "level",
    "one-side",
    "border",
]
KINDS: tuple[Kind, ...] = get_args(Kind)

WHO_WORDS: dict[Who, str] = {
    "people-agree": "People agree, the model differs",
    "person-and-model": "One person and the model differ",
    "people-differ": "People differ",
    "one-alone": "One person stands alone",
    "all-differ": "All differ",
}
WHO_LOOK: dict[Who, str] = {
    "people-agree": "Look at the prompt or the model.",
    "person-and-model": "Nobody else coded this place, so nothing says who is right. Read the "
    "passage again, or let a second person code it.",
    "people-differ": "Look at the codebook.",
    "one-alone": "A second look by the one who stands alone.",
    "all-differ": "This may be a legitimate difference in reading: talk about it before you change "
    "anything.",
}
# Said of people too: of two readings of a passage nobody knows which one is the mistake.
KIND_WORDS: dict[Kind, str] = {
    "missed": "left out",
    "over-coded": "added",
    "one-side": "only one side applies it",
    "confused": "confused with another code",
    "too-general": "too general",
    "too-specific": "too specific",
    "level": "one code is more general than the other",
    "border": "border only",
}


class Passage(Frozen):
    """One coding as its coder made it, with any of the codes in dispute."""

    code: str
    start: int
    end: int
    quote: str
    coding_id: int | None = None
    """Of a person's coding; None for a model's suggestion."""
    suggestion_id: int | None = None


class Nearby(Frozen):
    """A code in dispute that somebody who does not give it here gives close by."""

    code: str
    segment: int
    """Where it begins."""
    start: int
    end: int
    quote: str


class Side(Frozen):
    """What one coder said about this place."""

    coder: str
    is_model: bool = False
    codes: tuple[str, ...] = ()
    """Those of the codes in dispute that the coder gave here, so that they count; empty: none."""
    passages: tuple[Passage, ...] = ()
    """Codings with any code in dispute that lie in these segments, also those that cover too
    little of a segment to count."""
    nearby: tuple[Nearby, ...] = ()
    """Codes in dispute that the coder does not give here, but in another segment of the passage, or
    in one that touches it."""
    others: tuple[str, ...] = ()
    """Further codes of this coder here, about which nothing is in dispute or which are a
    disagreement of their own."""
    rationale: str = ""
    """The model's, in its own words, which may repeat a participant's."""
    confidence: float | None = None
    """As the model stated it, 0 to 1."""
    probability: float | None = None
    """Calibrated, 0 to 1; also of a "no", where the model was asked."""
    note: str = ""
    """What else is known, such as a suggestion whose quote could not be found."""


class Disagreement(Frozen):
    """One thing to look at."""

    key: str
    """Made of transcript, place and codes: the same in every report, after every run, and whatever
    the order of the codebook."""
    place: str = ""
    """The same for all disagreements of the same people about one passage: their segments overlap,
    or lead from one to the other. An address in the report."""
    who: Who
    kind: Kind
    transcript: str
    transcript_id: int
    transcript_sha256: str
    language: str
    first_segment: int
    last_segment: int
    start: int
    """``[start, end)`` of the segments, in code points of the transcript's text."""
    end: int
    speaker: str
    codes: tuple[str, ...]
    """One id, or the two that are confused, by id."""
    instead: tuple[tuple[str, str], ...] = ()
    """Pairs of codes for which as much speaks as for this one: several could be meant."""
    sides: tuple[Side, ...]
    """One for each coder who looked, people first."""
    alone: str = ""
    """The coder who stands alone, the model included; empty when nobody does."""
    missing: tuple[str, ...] = ()
    """Coders who coded in this transcript and did not look here for these codes."""
    same_family: bool = False
    """Two codes of one family are confused."""
    look: str = ""
    """Where to look first, in a sentence or two; never an edit."""
    codebook_lines: tuple[tuple[str, int], ...] = ()
    """(code id, line in the codebook's file) where they are known."""

    @property
    def parties(self) -> tuple[tuple[Side, ...], ...]:
        """The sides that say the same, put together; that of the first coder first.

        So of two people each has the same number everywhere.
        """
        found: dict[object, list[Side]] = {}
        for side in self.sides:
            if self.kind == "border":
                answer: object = tuple((p.code, p.start, p.end) for p in side.passages)
            else:
                answer = side.codes
            found.setdefault(answer, []).append(side)
        return tuple(tuple(party) for party in found.values())
