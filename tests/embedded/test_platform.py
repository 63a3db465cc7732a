"""What is missing is said in plain words, and the first thing first."""

from __future__ import annotations

from typing import Any

import pytest

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
