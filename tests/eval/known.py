"""Figures in tests that must be there, and reasons where there must be none."""

from __future__ import annotations

from eval.statistics.values import Undefined, Value, is_defined


def known(value: Value) -> float:
    """The figure; the test fails, with the reason, where there is none."""
    assert is_defined(value), str(value)
    return value


def why_not(value: Value) -> str:
    """Why there is no figure; the test fails where there is one."""
    assert isinstance(value, Undefined), value
    return value.reason
