"""Whose codes a calibration learns from: of what a person did not look at there is no "no"."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np

from assistant.coding.judge.passages import FloatArray
from assistant.coding.judge.people import coded_by_people, people_hash
from assistant.store.database import open_store
from assistant.store.people.coders import add_coder
from assistant.store.people.codings import set_scope
from assistant.store.records import Scope
from tests.store.filled import CODEBOOK, add_interview
from tests.store.test_schema import TALK


class Ones:
    """An embedder that tells nothing."""

    def embed(
        self, texts: Sequence[str], kind: Literal["passage", "query"] = "passage"
    ) -> FloatArray:
        return np.ones((len(texts), 1))


def test_who_looked_at_a_part_or_a_sample_says_nothing_of_the_rest() -> None:
    with open_store()[0] as store:
        key = add_interview(store, "Spades", TALK)
        alone = people_hash(store, key, CODEBOOK)
        ben, cem = (add_coder(store, name, "human") for name in ("Ben", "Cem"))

        def people() -> int:
            found = coded_by_people(store, key, CODEBOOK, Ones())
            return 0 if found is None else len(found.people)

        set_scope(store, Scope(ben, key, "independent", 0, 1))
        set_scope(store, Scope(cem, key, "blind", segments=(1,)))
        assert people() == 1, "Ana alone"
        assert people_hash(store, key, CODEBOOK) == alone
        set_scope(store, Scope(ben, key, "independent"))
        assert people() == 2, "who read all of it and found nothing is learned from"
        assert people_hash(store, key, CODEBOOK) != alone


def test_a_code_that_a_person_did_not_know_is_not_her_no() -> None:
    with open_store()[0] as store:
        key = add_interview(store, "Spades", TALK)
        before = coded_by_people(store, key, CODEBOOK, Ones())
        digest = people_hash(store, key, CODEBOOK)
        assert before is not None
        assert before.known.all()
        known = CODEBOOK.sent[0].id
        ana = add_coder(store, "Ana", "human")
        set_scope(store, Scope(ana, key, "independent", codes=(known,)))
        after = coded_by_people(store, key, CODEBOOK, Ones())
        assert after is not None
        assert list(after.known) == [code.id == known for code in CODEBOOK.sent]
        assert not after.people[0][:, ~after.known].any()
        assert after.cells == len(TALK)
        assert people_hash(store, key, CODEBOOK) != digest
