"""What is known of a coding and has no place of its own, in words for people.

A document of this program that comes back is read by the same words (`read_note`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from assistant.counting import decimals
from assistant.interchange.export.records import REJECTED, ExportCoding
from assistant.transcripts.records import Exposure

__all__ = [
    "Noted",
    "from_elsewhere",
    "note_text",
    "read_note",
    "said_exposure",
    "said_model",
    "says_rejected",
    "suggested",
]

_DECIDED = {
    "accept": "Accepted",
    "reject": "Rejected",
    # Which of the two it was, the coding that came from it shows: it stands beside this one.
    "amend": "Changed (other borders, or another code)",
}
_AS_BEFORE = {**_DECIDED, "amend": "Replaced by another coding"}
"""What earlier files say."""
_SEEN: dict[Exposure, str] = {
    "after-model": "Made by a person after seeing a model's suggestions.",
    "adjudicated": "Made from several people's codings.",
}
_MODEL = "Suggested by a model, "
_ELSEWHERE = "in another study"
_RUN = re.compile(r", in run (\d+)\.$")
_BY_MODEL = re.compile(
    rf"^{_MODEL}(.+), in (?:run \d+(?: of another study)?|another study)\.$", re.MULTILINE
)
_PROBABILITY = "Calibrated probability: "
_CONFIDENCE = "Confidence that the model stated: "
_LANE = "Lane of this code: "
_REASON = "Reason: "
_BECAUSE = "Accepted in bulk against the evidence, because: "


@dataclass(frozen=True)
class Noted:
    """What `note_text` had to say of a model's suggestion."""

    rationale: str = ""
    probability: float | None = None
    confidence: float | None = None
    lane: str = ""
    decision: str = ""
    """``accept``, ``reject``, ``amend``; empty where nobody had decided."""
    decided_by: str = ""
    decided_at: str = ""
    """To the minute."""
    reason: str = ""
    because: str = ""


def note_text(coding: ExportCoding) -> str:
    """All that is known of a coding and has no other place, for people; empty: nothing to say."""
    if coding.by_model and coding.note:
        return coding.note
    lines: list[str] = []
    if coding.by_model:
        lines += [coding.rationale] if coding.rationale else []
        lines.append(suggested(coding))
        if coding.probability is not None:
            lines.append(f"{_PROBABILITY}{decimals(coding.probability)}")
        if coding.confidence is not None:
            lines.append(f"{_CONFIDENCE}{decimals(coding.confidence)}")
        if coding.lane:
            lines.append(_LANE + coding.lane)
        if coding.decision:
            lines.append(_decision(coding))
        if coding.reason:
            lines.append(_REASON + coding.reason)
        if coding.because:
            lines.append(_BECAUSE + coding.because)
    elif coding.exposure == "after-model":
        lines.append(_SEEN["after-model"])
    elif coding.exposure == "adjudicated":
        lines.append(_SEEN["adjudicated"])
    return "\n".join(lines)


def suggested(coding: ExportCoding) -> str:
    """The sentence that says that a model made it, and which."""
    where = f"in run {coding.run}" if coding.run is not None else _ELSEWHERE
    return f"{_MODEL}{coding.coder.name}, {where}."


def said_model(note: str) -> str:
    """Name of the model that `suggested` had named in ``note``; empty: it had not."""
    found = _BY_MODEL.search("\n".join(line.strip() for line in note.splitlines()))
    return found.group(1) if found is not None else ""


def _decision(coding: ExportCoding) -> str:
    if coding.decision not in _DECIDED:
        return "Nobody has decided on it yet."
    return f"{_DECIDED[coding.decision]} by {coding.decided_by}, {coding.decided_at[:16]}."


def from_elsewhere(note: str) -> str:
    """A note as it is kept in another study, where a run has another number."""
    before, model, below = note.strip().partition(_MODEL)
    first, end, rest = below.partition("\n")
    return before + model + _RUN.sub(r", in run \1 of another study.", first) + end + rest


def read_note(note: str) -> Noted | None:
    """What `note_text` had written of a suggestion; None: somebody else's note."""
    rationale, model, below = note.replace("\r\n", "\n").partition(_MODEL)
    if not model:
        return None
    found = Noted(rationale.strip())
    # Rationale and reason may say anything: what counts is the first such line below the model's.
    for line in below.split("\n")[1:]:
        if line.startswith(_PROBABILITY) and found.probability is None:
            found = replace(found, probability=_number(line))
        elif line.startswith(_CONFIDENCE) and found.confidence is None:
            found = replace(found, confidence=_number(line))
        elif line.startswith(_LANE) and not found.lane:
            found = replace(found, lane=line.removeprefix(_LANE).strip())
        elif line.startswith(_REASON) and not found.reason:
            found = replace(found, reason=line.removeprefix(_REASON))
        elif line.startswith(_BECAUSE) and not found.because:
            found = replace(found, because=line.removeprefix(_BECAUSE))
        elif not found.decision:
            for word, said in (*_DECIDED.items(), *_AS_BEFORE.items()):
                if line.startswith(f"{said} by "):
                    who, _, at = line.strip().removesuffix(".")[len(said) + 4 :].rpartition(", ")
                    found = replace(found, decision=word, decided_by=who, decided_at=at)
    return found


def _number(line: str) -> float | None:
    try:
        # "<0.0001" is as near as it was written.
        return float(line.rpartition(": ")[2].strip().lstrip("<>"))
    except ValueError:
        return None


def says_rejected(note: str) -> bool:
    """Whether `note_text` said of a suggestion that nobody wanted it."""
    found = read_note(note)
    return found is not None and found.decision in REJECTED


def said_exposure(note: str) -> Exposure | None:
    """What `note_text` said that a person had seen; None: nothing."""
    return next((seen for seen, said in _SEEN.items() if note.strip() == said), None)
