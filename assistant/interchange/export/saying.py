"""What is known of a coding and has no place of its own, in words for people.

Readers of our own files look for these words (`rejected_by_words`), so they stand in one place.
"""

from __future__ import annotations

from assistant.interchange.export.records import ExportCoding

__all__ = ["note_text"]


def note_text(coding: ExportCoding) -> str:
    """All that is known of a coding and has no other place, for people; empty: nothing to say."""
    lines: list[str] = []
    if coding.by_model:
        lines += [coding.rationale] if coding.rationale else []
        where = f"in run {coding.run}" if coding.run is not None else "in another study"
        lines.append(f"Suggested by a model, {coding.coder.name}, {where}.")
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
        lines.append("Made by a person after seeing a model's suggestions.")
    elif coding.exposure == "adjudicated":
        lines.append("Made from several people's codings.")
    return "\n".join(lines)


def _decision(coding: ExportCoding) -> str:
    word = {"accept": "Accepted", "reject": "Rejected", "amend": "Replaced by another coding"}
    if coding.decision not in word:
        return "Nobody has decided on it yet."
    return f"{word[coding.decision]} by {coding.decided_by}, {coding.decided_at[:16]}."
