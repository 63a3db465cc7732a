"""The real browser of the transcript page's tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from assistant.review.serving import Serving, serving
from assistant.study import Study
from tests.review.browser.conftest import open_page, server

__all__ = ["open_page", "server"]


@pytest.fixture
def field_server(field: Study) -> Iterator[Serving]:
    with serving(field.folder) as made:
        yield made
