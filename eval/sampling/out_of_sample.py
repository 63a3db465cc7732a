"""Which transcripts were used to choose something, and whose figures therefore prove nothing.

Below 20 coded transcripts everything is cross-validated by transcript: examples of a transcript are
left out of the prompt that codes it, and its calibration comes from others. What still was used is
marked, with its reason: transcripts of a split's development part, transcripts that their own
calibration saw, transcripts whose words stand in the prompt that coded them, and, once there is a
split, test transcripts from which the codebook or the prompt has its examples. Their figures are
provisional and count towards no verdict.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from assistant.codebook.leaks import shared_passages
from assistant.codebook.records import Codebook
from assistant.codebook.transcripts import codebook_for_transcript, without_examples_from
from assistant.store.database import Store
from assistant.store.measured.reference import SPLIT_EVENT, development
from assistant.store.records import RunRow
from assistant.store.texts.transcripts import transcript, transcript_infos
from assistant.store.trail.events import events
from assistant.store.versions import fit, prompt

__all__ = ["Use", "UseKind", "kept_for_test", "provisional", "uses"]

UseKind = Literal["development", "own calibration", "example", "prompt", "calibration of others"]


@dataclass(frozen=True, slots=True)
class Use:
    """One way in which a transcript was used to make what coded others or itself."""

    transcript_id: int
    transcript: str
    kind: UseKind
    what: str
    """In words, for people."""
    provisional: bool
    """Whether figures from the transcript count towards no verdict because of it."""


def uses(store: Store, codebook: Codebook, run: RunRow | None = None) -> tuple[Use, ...]:
    """Every use of every transcript that is not withdrawn, in the study's order."""
    there = [info for info in transcript_infos(store) if not info.withdrawn]
    split = bool(events(store, SPLIT_EVENT))
    chosen = development(store)
    seen_by: dict[int, set[str]] = {}
    if run is not None:
        seen_by = {key: set(fit(store, digest)[1]) for key, digest in run.fits.items()}
    instructions = prompt(store, run.prompt_sha256) if run is not None and run.prompt_sha256 else ""
    found: list[Use] = []
    for info in there:

        def add(
            kind: UseKind, what: str, counts: bool, key: int = info.id, name: str = info.name
        ) -> None:
            found.append(Use(key, name, kind, what, counts))

        if info.id in chosen:
            add("development", "it is in the development part of the split", True)
        if info.sha256 in seen_by.get(info.id, ()):
            add("own calibration", "the calibration that decided about it had seen it", True)
        elif any(info.sha256 in saw for saw in seen_by.values()):
            add("calibration of others", "others were calibrated on it", False)
        text = transcript(store, info.id).text
        kept = split and info.id not in chosen
        coded = run is not None and info.id in run.transcripts
        if instructions and shared_passages(instructions, text):
            add(
                "prompt",
                "words of it stand in the prompt"
                + (", though it is not in the development part of the split" if kept else "")
                + (", and the model read them when it coded it" if coded else ""),
                kept or coded,
            )
        examples = _examples(codebook, info.name, text)
        if examples:
            add(
                "example",
                f"the codebook has {examples} example{'s' if examples > 1 else ''} from it"
                + (
                    ", though it is not in the development part of the split"
                    if kept
                    else ", left out where the model codes it"
                ),
                kept,
            )
    return tuple(found)


def provisional(store: Store, codebook: Codebook, run: RunRow | None = None) -> dict[str, str]:
    """Transcript's name -> why its figures count towards no verdict."""
    reasons: dict[str, list[str]] = {}
    for use in uses(store, codebook, run):
        if use.provisional:
            reasons.setdefault(use.transcript, []).append(use.what)
    return {name: "; ".join(why) for name, why in reasons.items()}


def kept_for_test(store: Store, names: Collection[str]) -> tuple[str, ...]:
    """A note where passages of transcripts that a split keeps for the test are about to be shown.

    Whoever changes a prompt or a codebook by them has used them up. Empty where there are none.
    """
    ids = {key for event in events(store, SPLIT_EVENT) for key in event.details["test"]}
    shown = sorted(i.name for i in transcript_infos(store) if i.id in ids and i.name in names)
    if not shown:
        return ()
    return (
        f"Kept for the test by the split: {', '.join(shown)}. What you change in a prompt or a "
        "codebook after reading their passages here was chosen by them, and their figures then "
        "promise too much. This look is counted.",
    )


def _examples(codebook: Codebook, name: str, text: str) -> int:
    """How many examples are from a transcript, as they say or by their words."""

    def count(book: Codebook) -> int:
        return sum(len(code.examples) for code in book.codes)

    every = count(codebook)
    if not every:
        return 0
    named = every - count(codebook_for_transcript(codebook, name))
    return max(named, every - count(without_examples_from(codebook, name, text)))
