"""Which veil a run puts on: what the setting says, and what the study's list holds."""

from __future__ import annotations

from assistant.counting import counted
from assistant.deidentify.veil import Veil
from assistant.store.database import Store
from assistant.store.texts.pseudonyms import pseudonyms
from assistant.study import Study

__all__ = ["remark", "veil_for"]


def veil_for(study: Study, store: Store, *, local: bool) -> Veil | None:
    """The veil for requests to a model that is on this computer (``local``) or elsewhere.

    None where nothing is to be replaced.
    """
    setting = study.config.privacy
    if setting.pseudonyms == "never" or (setting.pseudonyms == "elsewhere" and local):
        return None
    terms = pseudonyms(store, "confirmed")
    if not terms and not setting.patterns:
        return None
    return Veil(terms, patterns=setting.patterns)


def remark(veil: Veil | None) -> tuple[str, ...]:
    """What a preview and a run's header say about it; nothing without a veil."""
    if veil is None:
        return ()
    names = f"{counted(len(veil.terms), 'name')} of the study's list"
    if not veil.terms:
        names = "no names, because the list has none that is confirmed (`secondcoder pseudonyms`)"
    return (
        f"Replaced in what is sent: {names}"
        + (", and telephone numbers, addresses and the like." if veil.patterns else "."),
    )
