"""The real browser of the transcript page's tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.review.serving import Serving, serving
from assistant.study import Study
from tests.review.browser.conftest import open_page, server

__all__ = ["open_page", "server"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker(pytest.mark.browser)


@pytest.fixture
def field_server(field: Study) -> Iterator[Serving]:
    with serving(field.folder) as made:
        yield made
