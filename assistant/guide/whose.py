"""Whose name a decision gets, said the first time that nobody has said who is deciding."""

from __future__ import annotations

from assistant.store.database import Store
from assistant.store.decided.decisions import has_decided
from assistant.store.people.person import chosen_name, person

__all__ = ["whose_name"]


def whose_name(store: Store) -> str:
    """What to tell somebody whose decision is about to be stored under her login.

    Empty where she has chosen a name, or has decided in this study before.
    """
    login = person()
    if chosen_name() or has_decided(store, login):
        return ""
    return (
        f"Decisions are stored under the name {login}, your login. Not you? `secondcoder who "
        '"Your Name"` changes it from now on, `--reviewer "Your Name"` for one command.'
    )
