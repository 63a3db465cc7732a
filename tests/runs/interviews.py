"""Interviews for `judge`: who is right about a passage can be seen by one word in it."""

from __future__ import annotations

from typing import Any

from tests.fakes.replies import Reply, yes_no
from tests.fakes.server import FakeRequest

__all__ = ["CODES", "asked_about", "interviews", "knows", "truth"]

CODES = ("tools", "weather", "company")
_ABOUT = {
    "tools": "the spade was standing there and I took it because nobody else did",
    "weather": "it rained on us that whole time and we stayed where we were",
    "company": "the neighbour came by again and sat down and did not leave for hours",
    "": "nothing much happened after that and we went on as people usually do",
}
_ORDER = ("tools", "", "weather", "", "company", "")


def interviews(names: str, passages: int = 18) -> dict[str, tuple[str, ...]]:
    """Name -> passages; all are different from each other."""
    return {
        name: tuple(
            f"On day {n} of the {name} story {_ABOUT[_ORDER[(n + shift) % 6]]}, that was day {n}."
            for n in range(passages)
        )
        for shift, name in enumerate(names)
    }


def truth(name: str, names: str, passages: int = 18) -> list[str]:
    """The code of each passage of an interview."""
    return [_ORDER[(n + names.index(name)) % 6] for n in range(passages)]


def asked_about(request: FakeRequest) -> tuple[str, str]:
    """(words of the passage, code) of a question."""
    passage = request.user.split("<passage>")[1].split("</passage>")[0]
    code = request.user.split("\nCode: ")[1].split("\n")[0]
    return passage.strip(), code


def knows(request: FakeRequest) -> Any:
    """A model that mostly knows, cut off after one token as a real one is."""
    passage, code = asked_about(request)
    right = _ABOUT[code].split()[1] in passage
    wobble = sum(map(ord, passage + code)) % 7 / 100
    sure = yes_no(0.85 + wobble if right else 0.1 + wobble)
    return Reply(sure.text, finish_reason="length", logprobs=sure.logprobs)
