"""Figures as people read them."""

from __future__ import annotations

from eval.statistics.values import show


def test_digits_that_say_nothing_are_not_printed() -> None:
    assert show(0.523) == "0.52"
    assert show(-0.0001) == "0.00"
    assert show(4.87e19) == ">999"
    assert show(-1e6) == "<-999"
