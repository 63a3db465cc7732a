"""The codebook as an endpoint may be shown it: examples are words of participants too.

Consent is asked of a transcript that is coded or learned from in `assistant.coding.consent`, and
here of every transcript that an example is from.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from assistant.codebook.records import Codebook
from assistant.codebook.transcripts import LeftOut, Source, covered_examples, same_transcript
from assistant.coding.consent import covers
from assistant.coding.settings import Settings
from assistant.counting import counted
from assistant.store.database import Store
from assistant.store.texts.transcripts import transcript, transcript_infos

__all__ = ["Covered", "codebook_covered"]

_NAMED = 3
"""So many are named in the note; all of them stand in the preview's and the run's JSON."""


@dataclass(frozen=True)
class Covered:
    """A codebook as it may be shown."""

    codebook: Codebook
    left_out: tuple[str, ...] = ()
    """What was left out, in the order of the codebook: ``2 of tools from “B” (consent: none)``."""
    notes: tuple[str, ...] = ()
    """The same in one line for people."""


def codebook_covered(store: Store, settings: Settings, codebook: Codebook) -> Covered:
    """The codebook without examples whose participants did not agree to this endpoint; the same
    codebook where there is none.

    On this computer an example that names a transcript which the study does not hold is shown;
    elsewhere it is not.
    """
    infos = transcript_infos(store)
    covered = {i.id: not i.withdrawn and covers(settings, i.consent) for i in infos}
    names = {e.transcript for code in codebook.sent for e in code.examples if e.transcript}
    held = all(any(same_transcript(name, i.name) for i in infos) for name in names)
    if all(covered.values()) and (settings.local or held):
        return Covered(codebook)
    sources = [Source(i.name, transcript(store, i.id).text, covered[i.id]) for i in infos]
    shown, left = covered_examples(codebook, sources, unknown=settings.local)
    if not left:
        return Covered(codebook)
    why = {
        i.name: "withdrawn" if i.withdrawn else f"consent: {i.consent}"
        for i in infos
        if not covered[i.id]
    }
    said = _each(left, why)
    return Covered(shown, said, (_note(settings, len(left), said),))


def _each(left: tuple[LeftOut, ...], why: dict[str, str]) -> tuple[str, ...]:
    return tuple(
        f"{n} of {one.code} from “{one.transcript}” "
        f"({why[one.transcript] if one.held else 'not in this study, so consent is not known'})"
        for one, n in Counter(left).items()
    )


def _note(settings: Settings, examples: int, said: tuple[str, ...]) -> str:
    which = "any model" if settings.local else f"“{settings.processor}”"
    named = ", ".join(said[:_NAMED])
    if len(said) > _NAMED:
        named += (
            f" and {len(said) - _NAMED} more (all of them: `secondcoder code --dry-run --json`, or "
            "`secondcoder runs` with the run's number and --json)"
        )
    return (
        f"{counted(examples, 'example')} {'is' if examples == 1 else 'are'} left out of the "
        "codebook as it is shown, because consent does not cover giving their words to "
        f"{which}: {named}."
    )
