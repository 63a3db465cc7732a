"""Which lane a code's suggestions are in, and why.

A pure function of evidence and policy. The first lane that fits is the code's, and every reason
that applies is given, also those of later lanes. What is unknown never helps: an interval without
a lower end reaches no bar.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from assistant.codebook.records import Kind
from assistant.counting import bar_as_written, decimals_beside
from eval.intervals.resampling import Interval
from eval.statistics.values import Value, at_least, is_defined, show, to_json
from eval.verdicts.policy import Policy

__all__ = [
    "LANES",
    "CodeEvidence",
    "Lane",
    "Missing",
    "Reason",
    "Verdict",
    "decide",
]

Lane: TypeAlias = Literal["unproven", "withhold", "vague", "accept", "review"]
LANES: tuple[Lane, ...] = ("unproven", "withhold", "vague", "accept", "review")
"""In the order in which they are asked."""


@dataclass(frozen=True, slots=True)
class CodeEvidence:
    """What is known about one code and one recipe, from transcripts that chose nothing."""

    code: str
    kind: Kind
    reference_transcripts: int
    """In which a person, not having seen the model's codes, looked for it."""
    positives: int
    """Units in which such a person says yes."""
    positive_transcripts: int
    people: int
    """Independent people who looked for it."""
    kappa: Interval
    """Model with people, mean over people."""
    over_baseline: Interval
    """The same less that of word statistics, on the same units."""
    person_person: Interval
    """Kappa, mean over pairs of people."""
    difference: Interval
    """Model-person less person-person, on the same cells."""
    difference_low: Value
    """Its lower end, controlled over the family of codes."""
    precision: Interval
    recall: Interval
    provisional: str = ""
    """Why this evidence counts towards no verdict, such as having been used to choose something."""
    not_counted: tuple[str, ...] = ()
    """Codings that are left out, in words: ``"3 transcripts of unknown exposure"``."""
    people_beside: dict[str, Interval] = field(default_factory=dict)
    """F1 and AC1 of people beside their kappa, by key; no lane asks for them."""

    def json(self) -> dict[str, Any]:
        plain = ("code", "kind", "reference_transcripts", "positives", "positive_transcripts")
        more = ("people", "provisional")
        figures = ("kappa", "over_baseline", "person_person", "difference", "precision", "recall")
        return {
            **{name: getattr(self, name) for name in (*plain, *more)},
            **{name: getattr(self, name).json() for name in figures},
            "difference_low": to_json(self.difference_low),
            "not_counted": list(self.not_counted),
            "people_beside": {key: one.json() for key, one in self.people_beside.items()},
        }


@dataclass(frozen=True, slots=True)
class Reason:
    """One sentence for people, and the lane that it speaks for."""

    lane: Lane
    text: str


@dataclass(frozen=True, slots=True)
class Missing:
    """What more evidence would have to hold."""

    what: Literal["transcripts", "positives", "positive_transcripts", "people"]
    have: int
    need: int
    text: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """The lane of one code for one recipe, with what it rests on."""

    code: str
    lane: Lane
    reasons: tuple[Reason, ...]
    missing: tuple[Missing, ...]
    evidence: CodeEvidence
    policy_sha256: str

    def json(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "lane": self.lane,
            "reasons": [{"lane": reason.lane, "text": reason.text} for reason in self.reasons],
            "missing": [
                {"what": m.what, "have": m.have, "need": m.need, "text": m.text}
                for m in self.missing
            ],
            "evidence": self.evidence.json(),
            "policy_sha256": self.policy_sha256,
        }


def decide(evidence: CodeEvidence, policy: Policy) -> Verdict:
    """The first lane that fits, and every reason that applies."""
    missing = _missing(evidence, policy)
    reasons = [
        *_unproven(evidence, policy),
        *_withhold(evidence, policy),
        *_vague(evidence, policy),
    ]
    against = _against_accept(evidence, policy)
    lane: Lane = next((r.lane for r in reasons), "review" if against else "accept")
    if lane == "accept":
        reasons.append(Reason("accept", _for_accept(evidence, policy)))
    return Verdict(
        code=evidence.code,
        lane=lane,
        reasons=(*reasons, *against),
        missing=missing,
        evidence=evidence,
        policy_sha256=policy.sha256,
    )


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def _missing(evidence: CodeEvidence, policy: Policy) -> tuple[Missing, ...]:
    bar = policy.unproven
    found: list[Missing] = []

    def lacks(
        what: Literal["transcripts", "positives", "positive_transcripts", "people"],
        have: int,
        need: int,
        one: str,
        many: str,
    ) -> None:
        if have < need:
            found.append(Missing(what, have, need, _count(need - have, one, many)))

    lacks(
        "transcripts",
        evidence.reference_transcripts,
        bar.reference_transcripts,
        "more transcript coded by an independent person",
        "more transcripts coded by an independent person",
    )
    lacks(
        "positives",
        evidence.positives,
        bar.positives,
        "more passage with this code",
        "more passages with this code",
    )
    lacks(
        "positive_transcripts",
        evidence.positive_transcripts,
        bar.positive_transcripts,
        "more transcript in which it occurs",
        "more transcripts in which it occurs",
    )
    lacks(
        "people",
        evidence.people,
        policy.vague.people,
        "more person who codes it independently",
        "more people who code it independently",
    )
    return tuple(found)


def _unproven(evidence: CodeEvidence, policy: Policy) -> list[Reason]:
    bar = policy.unproven
    found: list[str] = []
    if evidence.provisional:
        found.append(f"the evidence counts towards no verdict: {evidence.provisional}")
    if evidence.reference_transcripts < bar.reference_transcripts:
        coded = _count(evidence.reference_transcripts, "transcript", "transcripts")
        found.append(f"{coded} coded by independent people; {bar.reference_transcripts} are needed")
    if evidence.positives < bar.positives:
        passages = _count(evidence.positives, "passage", "passages")
        found.append(f"people found it in {passages}; {bar.positives} are needed")
    if evidence.positive_transcripts < bar.positive_transcripts:
        spread = _count(evidence.positive_transcripts, "transcript", "transcripts")
        found.append(f"it occurs in {spread}; {bar.positive_transcripts} are needed")
    if found:
        found += [f"not counted: {note}" for note in evidence.not_counted]
    return [Reason("unproven", text) for text in found]


def _ends(figure: Interval, bar: float | None = None) -> str:
    """``0.31 [0.12, 0.50]``, or why there is none. Its lower end never reads as the ``bar`` that
    it has to reach and does not."""
    if not is_defined(figure.estimate):
        return show(figure.estimate, reason=True)
    if not is_defined(figure.low):
        return f"{show(figure.estimate)}, no interval: {figure.low.reason}"
    if bar is None or not is_defined(figure.high):
        return str(figure)
    low = decimals_beside(figure.low, bar)
    return f"{show(figure.estimate)} [{low}, {show(figure.high)}]"


def _withhold(evidence: CodeEvidence, policy: Policy) -> list[Reason]:
    bar = policy.withhold
    found: list[str] = []
    if not at_least(evidence.kappa.low, bar.kappa_above, strictly=True):
        found.append(
            f"its agreement with people is not shown to be above chance: kappa "
            f"{_ends(evidence.kappa, bar.kappa_above)}, lower end must be above "
            f"{bar_as_written(bar.kappa_above)}"
        )
    if bar.beat_word_statistics and not at_least(evidence.over_baseline.low, 0.0, strictly=True):
        found.append(
            "it is not shown to do better than word statistics: difference in kappa "
            f"{_ends(evidence.over_baseline)}, lower end must be above 0"
        )
    return [Reason("withhold", text) for text in found]


def _vague(evidence: CodeEvidence, policy: Policy) -> list[Reason]:
    bar = policy.vague
    if evidence.people < bar.people:
        coded = _count(evidence.people, "person", "people")
        return [Reason("vague", f"{coded} coded it independently; {bar.people} are needed")]
    if at_least(evidence.person_person.low, bar.person_person_kappa):
        return []
    return [
        Reason(
            "vague",
            "people are not shown to agree on it: kappa "
            f"{_ends(evidence.person_person, bar.person_person_kappa)}, lower end must be at least "
            f"{bar_as_written(bar.person_person_kappa)}",
        )
    ]


def _controlled(low: Value, bar: float) -> str:
    """The lower end that is made stricter for the number of codes looked at."""
    if not is_defined(low):
        return f"lower end over all codes not known ({low.reason})"
    return f"lower end over all codes {decimals_beside(low, bar)}"


def _against_accept(evidence: CodeEvidence, policy: Policy) -> list[Reason]:
    bar = policy.accept
    found: list[str] = []
    if not at_least(evidence.difference_low, -bar.worse_than_people_by):
        found.append(
            "it may agree less with people than they do with each other: difference in kappa "
            f"{_ends(evidence.difference)}, "
            f"{_controlled(evidence.difference_low, -bar.worse_than_people_by)}; it must be at "
            f"least {bar_as_written(-bar.worse_than_people_by)}"
        )
    for name, figure, floor in (
        ("precision", evidence.precision, bar.precision),
        ("recall", evidence.recall, bar.recall),
    ):
        if not at_least(figure.low, floor, strictly=True):
            found.append(
                f"{name} {_ends(figure, floor)}, lower end must be above {bar_as_written(floor)}"
            )
    if evidence.kind == "latent" and not bar.latent:
        found.append("it is a latent code: meaning between the lines is read by a person")
    return [Reason("review", text) for text in found]


def _for_accept(evidence: CodeEvidence, policy: Policy) -> str:
    bar = policy.accept
    return (
        f"it agrees with people about as they do with each other: difference in kappa "
        f"{_ends(evidence.difference)}, lower end over all codes {show(evidence.difference_low)}, "
        f"at least {bar_as_written(-bar.worse_than_people_by)}; "
        f"precision {_ends(evidence.precision)}, recall {_ends(evidence.recall)}"
    )
