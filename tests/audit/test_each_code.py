"""A code that is bad does not slip through with a batch that is good."""

from __future__ import annotations

import pytest

from eval.audit.estimate import Bound, as_interval
from eval.audit.result import _against_code
from eval.statistics.values import Undefined


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (Bound(0.05, 0.01, 0.5), ""),
        (Bound(0.20, 0.05, 0.6), ""),
        # Two of four wrong: whether that is above the bar is not shown, and nobody may assume not.
        (Bound(0.50, 0.15, 0.85), "about 50% (15 to 85) of its suggestions"),
        (Undefined("no passage with it came into the sample"), "no passage with it came"),
    ],
)
def test_a_code_stands_by_its_own_figure(found: Bound | Undefined, said: str) -> None:
    why = _against_code(as_interval(found, 0.95, 12), 0.2)
    assert said in why
    assert bool(why) == bool(said)
