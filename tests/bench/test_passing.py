"""False passes are bounded at any number of interviews; more interviews let a good model pass."""

from __future__ import annotations

import pytest

from bench.passing import GOOD, share_passing, worsened

CLEAR = GOOD[2]


@pytest.mark.parametrize("size", [8, 12, 24, 50])
def test_a_model_that_is_worse_hardly_ever_passes(size: int) -> None:
    assert share_passing(worsened(CLEAR), size, 300, 3) <= 0.05


def test_a_good_model_passes_with_enough_interviews() -> None:
    assert share_passing(CLEAR, 6, 50, 3) == 0
    assert share_passing(CLEAR, 8, 300, 3) < share_passing(CLEAR, 24, 300, 3)
    assert share_passing(CLEAR, 24, 300, 3) > 0.9
