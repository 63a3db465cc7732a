"""Sides whose names are hidden: nothing else on the page says who they are either."""

from __future__ import annotations

import re
from html import unescape

import pytest
from starlette.testclient import TestClient

from assistant.store.database import open_store
from assistant.store.people.coders import add_coder
from assistant.store.people.codings import set_scope
from assistant.store.records import Scope
from assistant.study import Study
from eval.disagreements.records import KIND_WORDS

_PLURAL = re.compile(r"(?<!does not )\bgive\b|\bdo not\b")


def _pages(client: TestClient, query: str) -> list[str]:
    """The cards of all disagreements, without the words of the interview and the codebook."""
    listed = client.get(f"/disagreements?{query}").text
    keys = dict.fromkeys(re.findall(r'href="/disagreements/([\w-]+)\?', listed))
    assert len(keys) > 10
    found = []
    for key in keys:
        page = client.get(f"/disagreements/{key}?{query}")
        assert page.status_code == 200
        (card,) = re.findall(r"(?s)<article.*?</article>", page.text)
        found.append(
            unescape(re.sub(r'(?s)<blockquote.*?</blockquote>|<div class="entries.*', "", card))
        )
    return found


@pytest.mark.slow
def test_neither_grammar_nor_kind_tells_who_a_side_is(study: Study, client: TestClient) -> None:
    with open_store(study.database)[0] as store:
        # A third who found nothing agrees with one of the two everywhere.
        set_scope(store, Scope(add_coder(store, "Dora", "human"), 1, "independent"))
    told = " ".join(_pages(client, "run=0"))
    # With names: two who agree are told in the plural, and the kind is said.
    assert _PLURAL.search(told)
    assert any(kind in told for kind in KIND_WORDS.values())
    for card in _pages(client, "run=0&hide=1"):
        assert "Side 1" in card
        assert not _PLURAL.search(card)
        assert not [kind for kind in (*KIND_WORDS, *KIND_WORDS.values()) if kind in card]
