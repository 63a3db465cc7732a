"""The codebook as an endpoint may be shown it: examples are words of participants too.

Consent is asked of a transcript that is coded or learned from (`check_consent`), and here of every
transcript that an example is from.
"""

from __future__ import annotations

from collections import Counter

from assistant.codebook.records import Codebook
from assistant.codebook.transcripts import LeftOut, Source, covered_examples, same_transcript
from assistant.coding.settings import Settings, covers
from assistant.store.database import Store
from assistant.store.transcripts import transcript, transcript_infos

__all__ = ["codebook_covered"]


def codebook_covered(
    store: Store, settings: Settings, codebook: Codebook
) -> tuple[Codebook, tuple[str, ...]]:
    """The codebook without examples whose participants did not agree to this endpoint, and notes
    that say which were left out and why. The same codebook where none was.

    On this computer an example that names a transcript which the study does not hold is shown;
    elsewhere it is not.
    """
    infos = transcript_infos(store)
    covered = {i.id: not i.withdrawn and covers(settings, i.consent) for i in infos}
    names = {e.transcript for code in codebook.sent for e in code.examples if e.transcript}
    held = all(any(same_transcript(name, i.name) for i in infos) for name in names)
    if all(covered.values()) and (settings.local or held):
        return codebook, ()
    sources = [Source(i.name, transcript(store, i.id).text, covered[i.id]) for i in infos]
    shown, left = covered_examples(codebook, sources, unknown=settings.local)
    why = {
        i.name: "withdrawn" if i.withdrawn else f"consent: {i.consent}"
        for i in infos
        if not covered[i.id]
    }
    return shown, _notes(settings, left, why)


def _notes(settings: Settings, left: tuple[LeftOut, ...], why: dict[str, str]) -> tuple[str, ...]:
    if not left:
        return ()
    said = ", ".join(
        f"{n} of {one.code} from “{one.transcript}” "
        f"({why[one.transcript] if one.held else 'not in this study, so consent is not known'})"
        for one, n in Counter(left).items()
    )
    which = "any model" if settings.local else f"“{settings.processor}”"
    count = f"{len(left)} example" + (" is" if len(left) == 1 else "s are")
    return (
        f"{count} left out of the codebook as it is shown, because consent does not cover giving "
        f"their words to {which}: {said}.",
    )
