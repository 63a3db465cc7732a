"""Replies: read when they have the shape, a plain problem when they have not, never guessed."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.coding.reply import ParsedReply, Problem, parse_reply, reply_schema

ONE: dict[str, Any] = {
    "segment": 1,
    "code": "watering",
    "quote": "cans all summer",
    "rationale": "Says how.",
    "confidence": 0.8,
}
EMPTY = '{"applications": [], "something_uncoded": []}'


def reply(*applications: dict[str, Any], **more: Any) -> str:
    body = {"applications": list(applications), "something_uncoded": []}
    return json.dumps({**body, **more})


def test_a_good_reply() -> None:
    parsed = parse_reply(
        reply(ONE, something_uncoded=[{"segment": 2, "quote": "the frogs", "note": "animals"}])
    )
    assert isinstance(parsed, ParsedReply)
    assert parsed.applications[0].model_dump() == ONE
    assert parsed.uncoded[0].note == "animals"


@pytest.mark.parametrize("confidence", [0, 1, 0.0, 1.0])
def test_confidence_may_be_whole(confidence: float) -> None:
    parsed = parse_reply(reply({**ONE, "confidence": confidence}))
    assert isinstance(parsed, ParsedReply)
    assert parsed.applications[0].confidence == confidence


def test_nothing_applies_is_an_answer() -> None:
    assert parse_reply(EMPTY) == ParsedReply(applications=())


@pytest.mark.parametrize("mode", ["schema", "json", "text"])
@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "empty"),
        ("   \n", "empty"),
        ("no codes apply here", "not JSON"),
        ("[]", "object"),
        ("null", "object"),
        ("{}", "applications is missing"),
        ('{"applications": []}', "something_uncoded is missing"),
        (reply(extra=1), "extra is not a field"),
        (reply({**ONE, "start": 3}), "applications[0].start is not a field"),
        (reply({k: v for k, v in ONE.items() if k != "quote"}), "applications[0].quote is missing"),
        (reply({**ONE, "confidence": "high"}), "number from 0 to 1"),
        (reply({**ONE, "confidence": "0.8"}), "number from 0 to 1"),
        (reply({**ONE, "confidence": "80%"}), "number from 0 to 1"),
        (reply({**ONE, "confidence": 80}), "number from 0 to 1"),
        (reply({**ONE, "confidence": -0.1}), "number from 0 to 1"),
        (reply({**ONE, "confidence": True}), "number from 0 to 1"),
        (reply({**ONE, "confidence": None}), "number from 0 to 1"),
        (reply({**ONE, "confidence": float("nan")}), "NaN"),
        (reply(ONE).replace("0.8", "1e999"), "too large"),
        (reply({**ONE, "segment": "1"}), "whole number"),
        (reply({**ONE, "segment": 1.5}), "applications[0].segment"),
        (reply({**ONE, "segment": True}), "whole number"),
        (reply({**ONE, "quote": None}), "text"),
        (reply({**ONE, "quote": ["a", "b"]}), "text"),
        ('{"applications": "none", "something_uncoded": []}', "list"),
        ('{"applications": [], "applications": [], "something_uncoded": []}', "same field twice"),
        (reply({**ONE, "quote": "\ud800"}), "not valid text"),
        (reply({**ONE, "quote": "a\0b"}), "not valid text"),
    ],
)
def test_what_has_not_the_shape_is_a_problem(text: str, says: str, mode: str) -> None:
    problem = parse_reply(text, mode=mode)
    assert isinstance(problem, Problem)
    assert says in problem.message
    assert not problem.incomplete


def test_deep_nesting_is_a_problem() -> None:
    assert isinstance(parse_reply("[" * 100_000 + "]" * 100_000), Problem)
    assert isinstance(parse_reply('{"a":' * 100_000, mode="text"), Problem)


def test_many_mistakes_are_counted() -> None:
    problem = parse_reply(reply({}))
    assert isinstance(problem, Problem)
    assert "(and 2 more)" in problem.message


@given(st.integers(1, len(reply(ONE)) - 1), st.sampled_from(["schema", "text"]))
def test_a_reply_that_stops_in_the_middle_is_cut_off(length: int, mode: str) -> None:
    problem = parse_reply(reply(ONE)[:length], mode=mode)
    assert isinstance(problem, Problem)
    assert problem.incomplete, problem.message


def test_a_problem_repeats_nothing_that_was_said() -> None:
    problem = parse_reply(reply({**ONE, "confidence": "secret words"}))
    assert isinstance(problem, Problem)
    assert "secret" not in problem.message


@pytest.mark.parametrize(
    "text",
    [
        f"```json\n{reply(ONE)}\n```",
        f"```\n{reply(ONE)}\n```",
        f"Here is the result:\n\n{reply(ONE)}\nLet me know!",
        f"I use {{braces}} for this: {reply(ONE)}",
        f"<think>Perhaps {EMPTY}? No.</think>\n{reply(ONE)}",
        f"{reply(ONE)}\n{reply(ONE)}",
        f"\ufeff{reply(ONE)}",
    ],
)
def test_text_mode_forgives_what_stands_around(text: str) -> None:
    parsed = parse_reply(text, mode="text")
    assert isinstance(parsed, ParsedReply)
    assert parsed.applications[0].quote == ONE["quote"]
    if not text.startswith("\ufeff"):
        assert isinstance(parse_reply(text, mode="schema"), Problem)
        fenced = text.startswith("```")
        assert isinstance(parse_reply(text, mode="json"), ParsedReply if fenced else Problem)


@pytest.mark.parametrize("length", range(12, len(reply(ONE)), 7))
def test_a_fenced_reply_that_stops_in_the_middle_is_cut_off(length: int) -> None:
    """Not "invalid": a repair request would be cut off as well."""
    problem = parse_reply(f"```json\n{reply(ONE)[:length]}", mode="json")
    assert isinstance(problem, Problem)
    assert problem.incomplete, problem.message


def test_a_fence_within_a_quote_is_the_quotes_own() -> None:
    said = reply({**ONE, "quote": "a\n```"})
    parsed = parse_reply(f"```json\n{said}\n```", mode="json")
    assert isinstance(parsed, ParsedReply)
    assert parsed.applications[0].quote == "a\n```"


def test_two_different_answers_are_no_answer() -> None:
    problem = parse_reply(f"{EMPTY}\n{reply(ONE)}", mode="text")
    assert isinstance(problem, Problem)
    assert "more than one" in problem.message


def test_an_answer_followed_by_one_that_stops_is_cut_off() -> None:
    problem = parse_reply(f"Draft: {EMPTY} Final: {reply(ONE)[:-10]}", mode="text")
    assert isinstance(problem, Problem)
    assert problem.incomplete


def test_an_object_of_another_shape_in_prose_is_explained() -> None:
    problem = parse_reply('I found {"codes": []} only.', mode="text")
    assert isinstance(problem, Problem)
    assert "applications is missing" in problem.message


def _records(schema: dict[str, Any]) -> list[dict[str, Any]]:
    if schema.get("type") == "object":
        inner = [r for p in schema["properties"].values() for r in _records(p)]
        return [schema, *inner]
    return _records(schema["items"]) if schema.get("type") == "array" else []


@pytest.mark.parametrize("capped", [True, False])
def test_the_schema_is_strict_everywhere(capped: bool) -> None:
    schema = reply_schema(("a", "b"), quote_cap=600, capped=capped)
    records = _records(schema)
    assert len(records) == 3
    for record in records:
        assert record["additionalProperties"] is False
        assert record["required"] == list(record["properties"])
    assert ("maxLength" in json.dumps(schema)) is capped
    assert "600 characters" in json.dumps(schema)


def test_schema_and_reader_have_the_same_fields() -> None:
    schema = reply_schema(("watering",), quote_cap=600, capped=True)
    fields = schema["properties"]["applications"]["items"]["properties"]
    assert set(fields) == set(ONE)
    assert fields["code"]["enum"] == ["watering"]
    assert "enum" not in json.dumps(reply_schema((), quote_cap=600, capped=True))
