"""What an audit found, as records and as it is stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assistant.store.measured.audits import DECLARED
from eval.audit.samples import Samples
from eval.intervals.resampling import Interval

__all__ = ["AuditResult", "AuditedCode", "Counted", "Sums", "stored_form"]


@dataclass(frozen=True, slots=True)
class AuditedCode:
    """One code in the batch."""

    code: str
    name: str
    would_be_accepted: bool
    suggested: int
    """In the batch."""
    looked_at: int
    """Of these, in the sample."""
    wrong: float
    """Of these, not found by the person (a mean, where several coded)."""
    missed: float
    """Passages of the sample where the person alone found it."""
    error: Interval
    missed_share: Interval
    refused: str
    """Why it may not be accepted at once in this batch though the audit passed; empty: it may."""


@dataclass(frozen=True, slots=True)
class Counted:
    """The codes that the figures over several codes are about."""

    codes: tuple[str, ...]
    names: tuple[str, ...]
    left_out: tuple[str, ...]
    """Codes that would be counted, but the sample says nothing about them."""
    would_be_accepted: bool
    """They are those in the lane `accept`; otherwise no code is, and all of the codebook count."""
    without_row: tuple[str, ...]
    """Names of counted codes that were neither suggested nor found, so that no table has them."""


@dataclass(frozen=True, slots=True)
class Sums:
    """The counts of several codes together, as they were seen: not weighed."""

    suggested: int
    looked_at: int
    wrong: float
    missed: float


@dataclass(frozen=True, slots=True)
class AuditResult:
    audit: int
    run: int
    transcripts: tuple[str, ...]
    coders: tuple[str, ...]
    passages: int
    sampled: int
    codes: tuple[AuditedCode, ...]
    error: Interval
    """Over the codes of ``counted``."""
    missed_share: Interval
    """Over the same codes."""
    counted: Counted
    passed: bool
    reasons: tuple[str, ...]
    """Why it did not pass."""
    sentence: str
    outside: Mapping[str, str]
    seed: int
    level: float
    """Of the intervals; nearer to 1 for each further sample of the same interviews."""
    samples: Samples
    left_out: Mapping[str, str]
    """Codes of the batch about which the sample says nothing, and why; they are in no figure."""
    overrides: tuple[str, ...] = ()
    """What of this run was accepted at once against the policy, a sentence each."""

    @property
    def sums(self) -> Sums:
        """Of the codes that are counted."""
        rows = [c for c in self.codes if c.code in self.counted.codes]
        return Sums(
            sum(c.suggested for c in rows),
            sum(c.looked_at for c in rows),
            sum(c.wrong for c in rows),
            sum(c.missed for c in rows),
        )


def stored_form(
    result: AuditResult,
    outside: Mapping[int, Sequence[str]],
    standards: str,
    declared: Mapping[str, str],
) -> dict[str, Any]:
    """As it is kept with the audit; `assistant.decisions.in_bulk` reads some of it.

    ``standards``: hash of the policy and units that it was judged by; ``declared``: of what the
    user has declared of the definition of a code.
    """
    return {
        "standards": standards,
        DECLARED: dict(declared),
        "codes": [r.code for r in result.codes if r.would_be_accepted and not r.refused],
        "refused": {r.code: r.refused for r in result.codes if r.would_be_accepted and r.refused},
        "left_out": dict(result.left_out),
        "outside": {str(key): list(why) for key, why in outside.items()},
        "error": result.error.json(),
        "missed": result.missed_share.json(),
        "passages": result.passages,
        "sampled": result.sampled,
        "level": result.level,
        "samples_drawn": result.samples.drawn,
        "samples_judged": result.samples.judged,
        "coders": list(result.coders),
        "reasons": list(result.reasons),
        "sentence": result.sentence,
        "counted": list(result.counted.codes),
        "by_code": {
            r.code: {
                "suggested": r.suggested,
                "looked_at": r.looked_at,
                "wrong": r.wrong,
                "missed": r.missed,
                "error": r.error.json(),
                "missed_share": r.missed_share.json(),
            }
            for r in result.codes
        },
    }
