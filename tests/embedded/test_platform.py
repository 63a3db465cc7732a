"""What is missing is said in plain words, and the first thing first."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import Any

import pytest

from assistant.llm.embedded import platform_checks
from assistant.llm.embedded.platform_checks import (
    Availability,
    embedding_available,
    engine_available,
    first_problem,
)


def check(**changes: Any) -> Availability:
    calm: dict[str, Any] = {
        "package": "xllamacpp",
        "installed": True,
        "has_avx2": True,
        "has_openmp": True,
        "imports": lambda: "",
        "without": "Then without.",
    }
    return first_problem(**(calm | changes))


def test_all_there() -> None:
    assert check() == Availability(True)
    assert check(has_avx2=None).ok


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"installed": False}, "none is made for this system"),
        ({"has_avx2": False}, "AVX2"),
        ({"has_openmp": False}, "apt install libgomp1"),
        ({"imports": lambda: "ended by signal 4"}, "ended by signal 4"),
    ],
)
def test_what_is_missing(changes: dict[str, Any], said: str) -> None:
    state = check(**changes)
    assert not state.ok
    assert said in state.reason
    assert state.reason.endswith("Then without.")


def test_nothing_is_imported_when_an_instruction_is_missing() -> None:
    def never() -> str:
        raise AssertionError("imported")

    assert not check(has_avx2=False, imports=never).ok


def test_this_computer_gives_an_answer_with_a_reason() -> None:
    for state in (engine_available(), embedding_available()):
        assert state.ok or state.reason


@pytest.mark.parametrize(
    ("asks", "kept"), [("engine_available", "_engine"), ("embedding_available", "_embedding")]
)
def test_who_asks_while_it_is_found_out_waits_for_that_answer(
    asks: str, kept: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, twice, go_on = threading.Event(), threading.Event(), threading.Event()

    def imports(package: str, then: str = "") -> str:
        (twice if begun.is_set() else begun).set()
        assert go_on.wait(60)
        return "a reason"

    monkeypatch.setattr(platform_checks, "_imports", imports)
    monkeypatch.setattr(platform_checks, "_installed", lambda _: True)
    monkeypatch.setattr(platform_checks, "_has_avx2", lambda: True)
    monkeypatch.setattr(platform_checks, "_has_openmp", lambda: True)
    fresh = lru_cache(maxsize=1)(getattr(platform_checks, kept).__wrapped__)
    monkeypatch.setattr(platform_checks, kept, fresh)
    ask = getattr(platform_checks, asks)
    with ThreadPoolExecutor(2) as both:
        first = both.submit(ask)
        assert begun.wait(60)
        second = both.submit(ask)
        assert not twice.wait(0.3)  # if it were tried twice, it would be by then
        go_on.set()
        assert "a reason" in first.result().reason
        assert second.result() == first.result()
    assert not twice.is_set()
