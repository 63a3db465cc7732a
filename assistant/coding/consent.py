"""To which models the words of a transcript may be given, as its participants agreed.

Asked of every transcript that is coded or learned from, whatever makes the shortlist: with consent
``none`` no model of any kind is given its words, also none on this computer. What an example in the
codebook may show is asked in `assistant.coding.sources`.
"""

from __future__ import annotations

from dataclasses import replace

from assistant.coding.settings import Settings
from assistant.counting import counted
from assistant.errors import UserError
from assistant.store.database import Store
from assistant.store.texts.transcripts import transcript_infos

__all__ = ["all_but_refused", "check_consent", "covers", "may_be_learned_from", "to_no_model"]

_NAMED = 3
"""So many are named where some are left out; how many more there are is said."""


def to_no_model(consent: str) -> bool:
    return "none" in _agreed(consent)


def covers(settings: Settings, consent: str) -> bool:
    """Whether words may be given to this endpoint.

    ``none``: to no model; ``local``: models on this computer; else names of processors.
    """
    if to_no_model(consent):
        return False
    return settings.local or settings.processor.casefold() in _agreed(consent)


def all_but_refused(store: Store, transcripts: tuple[int, ...]) -> tuple[tuple[int, ...], str]:
    """Those of ``transcripts`` that some model may be given, and a line that names the others.

    For a run over all that there are, which nobody named. Where none may be given to any model all
    are returned and the line is empty: `check_consent` refuses them.
    """
    left = [i for i in transcript_infos(store) if i.id in transcripts and to_no_model(i.consent)]
    if not left or len(left) == len(transcripts):
        return transcripts, ""
    keys = {info.id for info in left}
    return tuple(key for key in transcripts if key not in keys), (
        f"Left out: {', '.join(f'{i.name} (consent: {i.consent})' for i in left)}. "
        f"{'Its words' if len(left) == 1 else 'Their words'} may be given to no model."
    )


def _agreed(consent: str) -> set[str]:
    return {name.strip().casefold() for name in consent.split(",")}


def check_consent(store: Store, settings: Settings, transcripts: tuple[int, ...]) -> None:
    """Raise `UserError` when a transcript's consent does not cover this endpoint (`covers`)."""
    refused: list[str] = []
    for info in transcript_infos(store):
        if info.id not in transcripts:
            continue
        if info.withdrawn:
            raise UserError(
                f"“{info.name}” was withdrawn: its words are gone.",
                hint="Leave it out; `secondcoder transcripts` lists what there is.",
            )
        if not covers(settings, info.consent):
            refused.append(f"{info.name} (consent: {info.consent})")
    if refused:
        count = counted(len(refused), "transcript")
        raise UserError(
            f"The words of {count} may not be given to "
            + ("any model" if settings.local else f"“{settings.processor}”")
            + ": "
            + ", ".join(refused)
            + ". Nothing was sent.",
            hint="Leave them out, use a model on this computer, or — if the participants agreed — "
            f'record it: secondcoder transcripts NAME --set-consent "{settings.processor}"'
            if not settings.local
            else "Leave them out, or record the consent you have: "
            "secondcoder transcripts NAME --set-consent local",
        )


def may_be_learned_from(
    store: Store, settings: Settings, coded: tuple[int, ...], *, sent: bool
) -> tuple[tuple[int, ...], tuple[str, ...]]:
    """Those of ``coded`` whose words may be embedded and learned from, in their order, and a line
    that says which were left out and why, where some were.

    ``sent``: their words go to the endpoint for embedding; else all is done on this computer.
    """
    here = settings if sent else replace(settings, local=True)
    infos = {i.id: i for i in transcript_infos(store)}
    refused = [infos[key] for key in coded if not covers(here, infos[key].consent)]
    if not refused:
        return coded, ()
    refused.sort(key=lambda i: i.name)
    named = ", ".join(f"{i.name} (consent: {i.consent})" for i in refused[:_NAMED])
    if len(refused) > _NAMED:
        named += f" and {len(refused) - _NAMED} more (`secondcoder transcripts` lists consent)"
    what = "giving their words to any model" if here.local else "sending their words for embedding"
    left = {i.id for i in refused}
    return tuple(key for key in coded if key not in left), (
        f"Nothing is learned from {named}: consent does not cover {what}.",
    )
