"""The pages of codes beside an evaluation that this version of the program cannot read."""

from __future__ import annotations

import re

import pytest
from starlette.testclient import TestClient


@pytest.mark.parametrize("path", ["/codes", "/codes/tools"])
def test_an_evaluation_of_another_version_hides_no_codes(path: str, client: TestClient) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    assert "Something to work with in the garden" in answer.text


def test_words_that_several_coders_marked_are_read_once(client: TestClient) -> None:
    """One quote, and the names of all who gave this code to it."""
    page = client.get("/codes/weather").text.partition('id="passages"')[2].partition("</ul>")[0]
    quotes = re.findall(r'<q>.*?</q>.*?href="([^"]+)"', page)
    assert len(quotes) == len(set(quotes)) > 2
    together = re.search(r"<strong>(Ana|Ben)</strong></span>\s+<span[^>]*><strong>", page)
    assert together is not None
    assert "where several coders marked the same words" in page
