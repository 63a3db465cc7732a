"""Looking for similar passages takes a while the first time; a decision does not wait for it."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from starlette.testclient import TestClient

from assistant.codebook.records import Codebook
from assistant.guide.similar import Passages, passages_of_people
from assistant.store.database import Store
from tests.waiting import LIMIT


def test_a_decision_does_not_wait_for_similar_passages(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def slowly(store: Store, book: Codebook) -> Passages:
        begun.set()
        assert go_on.wait(2 * LIMIT)
        return passages_of_people(store, book)

    monkeypatch.setattr("assistant.review.pages.why.passages_of_people", slowly)
    with ThreadPoolExecutor(2) as pool:
        near = pool.submit(client.get, "/suggestions/1/similar")
        try:
            assert begun.wait(LIMIT)
            sent = {"action": "accept", "after": 0}
            decided = pool.submit(client.post, "/suggestions/1/decide", json=sent)
            assert decided.result(LIMIT).status_code == 200
            assert not near.done()
        finally:
            go_on.set()
        assert "<figure" in near.result(LIMIT).text
