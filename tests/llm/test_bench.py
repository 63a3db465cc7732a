"""The call bench works; its figures are looked at by people."""

from __future__ import annotations

from bench.calls import measure_calls


def test_calls() -> None:
    result = measure_calls(calls=40, delay=0.01, in_flight=8)
    assert result.ok == 40
    assert result.ratio >= 1.0
    assert result.ideal_seconds == 0.05
