"""The pages of codes beside an evaluation that this version of the program cannot read."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient


@pytest.mark.parametrize("path", ["/codes", "/codes/tools"])
def test_an_evaluation_of_another_version_hides_no_codes(path: str, client: TestClient) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    assert "Something to work with in the garden" in answer.text
