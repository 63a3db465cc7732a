"""What is known of a coding and has no place of its own, in words for people.

A document of this program that comes back is read by the same words (`says_rejected`).
"""

from __future__ import annotations

from assistant.interchange.export.records import REJECTED, ExportCoding
from assistant.transcripts.records import Exposure

__all__ = ["note_text", "said_exposure", "says_rejected"]

_DECIDED = {"accept": "Accepted", "reject": "Rejected", "amend": "Replaced by another coding"}
_SEEN: dict[Exposure, str] = {
    "after-model": "Made by a person after seeing a model's suggestions.",
    "adjudicated": "Made from several people's codings.",
}
_MODEL = "Suggested by a model, "


def note_text(coding: ExportCoding) -> str:
    """All that is known of a coding and has no other place, for people; empty: nothing to say."""
    lines: list[str] = []
    if coding.by_model:
        lines += [coding.rationale] if coding.rationale else []
        where = f"in run {coding.run}" if coding.run is not None else "in another study"
        lines.append(f"{_MODEL}{coding.coder.name}, {where}.")
        if coding.probability is not None:
            lines.append(f"Calibrated probability: {coding.probability:.2f}")
        if coding.confidence is not None:
            lines.append(f"Confidence that the model stated: {coding.confidence:.2f}")
        if coding.lane:
            lines.append(f"Lane of this code: {coding.lane}")
        if coding.decision:
            lines.append(_decision(coding))
        if coding.reason:
            lines.append(f"Reason: {coding.reason}")
        if coding.because:
            lines.append(f"Accepted in bulk against the evidence, because: {coding.because}")
    elif coding.exposure == "after-model":
        lines.append(_SEEN["after-model"])
    elif coding.exposure == "adjudicated":
        lines.append(_SEEN["adjudicated"])
    return "\n".join(lines)


def _decision(coding: ExportCoding) -> str:
    if coding.decision not in _DECIDED:
        return "Nobody has decided on it yet."
    return f"{_DECIDED[coding.decision]} by {coding.decided_by}, {coding.decided_at[:16]}."


def says_rejected(note: str) -> bool:
    """Whether `note_text` said of a suggestion that nobody wanted it."""
    # Rationale and reason may say anything: the decision is the first such line below the model's.
    below = note.partition(_MODEL)[2].split("\n")[1:]
    decided = {f"{said} by ": word for word, said in _DECIDED.items()}
    found = (word for line in below for said, word in decided.items() if line.startswith(said))
    return next(found, "") in REJECTED


def said_exposure(note: str) -> Exposure | None:
    """What `note_text` said that a person had seen; None: nothing."""
    return next((seen for seen, said in _SEEN.items() if note.strip() == said), None)
