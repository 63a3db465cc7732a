"""Requests of the strategy list: the same bytes for the same words, nothing else."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import FrozenInstanceError
from typing import Any, Literal

import pytest

from assistant import shipped
from assistant.codebook.records import Code, Codebook, Example
from assistant.coding import requests
from assistant.coding.chunking import make_chunks
from assistant.coding.planning import plan, plan_list
from assistant.coding.requests import ListOptions, list_request, schema_for
from assistant.errors import UserError
from assistant.llm.prices import Prices
from assistant.llm.records import ChatRequest
from assistant.prompts.loading import list_prompts, parse_prompt
from assistant.prompts.records import Prompt
from assistant.prompts.rendering import render_part
from assistant.transcripts.records import Transcript
from tests.coding.invented import CODEBOOK, count_words, made_of

OPTIONS = ListOptions(model="m", endpoint="http://localhost:1/v1")
SOURCE = """---
id: tiny
purpose: For tests.
strategy: list
---
## system
{{ codebook.name }}
{% for family in codebook.families %}
* {{ family.name }}: {{ family.description }}
{% endfor %}
{% for code in codebook.codes %}
- {{ code.id }} ({{ code.label }}, {{ code.family }}): {{ code.definition }}
  {{ code.include }} {{ code.exclude }} not with {{ code.exclusive_with | join(" ") }}
{% for example in code.examples %}
  {{ "e.g." if example.applies else "not" }} {{ example.text }}
{% endfor %}
{% endfor %}
{{ language }}
## user
{% for s in before %}
< {{ s.speaker }}: {{ s.text }}
{% endfor %}
{% for s in segments %}
[{{ s.number }}] {{ s.speaker }}: {{ s.text }}
{% endfor %}
{% for s in after %}
> {{ s.speaker }}: {{ s.text }}
{% endfor %}
"""
PROMPT = parse_prompt(SOURCE, "tiny.md")
WORDS = ["How was the summer?", "Dry, we had to carry.", "Every day?", "Twice a day, yes."]


def asked(
    transcript: Transcript,
    number: int = 0,
    *,
    budget: int = 1000,
    prompt: Prompt = PROMPT,
    codebook: Codebook = CODEBOOK,
    options: ListOptions = OPTIONS,
) -> ChatRequest:
    chunks = make_chunks(transcript.text, transcript.segments, count_words, budget, 1)
    return list_request(prompt, codebook, transcript, chunks[number], options)


def codes_enum(request: ChatRequest) -> dict[str, Any]:
    assert request.json_schema is not None
    body = request.json_schema.body
    code: dict[str, Any] = body["properties"]["applications"]["items"]["properties"]["code"]
    return code


def test_what_a_request_says() -> None:
    request = asked(made_of(WORDS, speakers=["I", "Ana"]))
    assert request.user == (
        "[1] I: How was the summer?\n[2] Ana: Dry, we had to carry.\n"
        "[3] I: Every day?\n[4] Ana: Twice a day, yes."
    )
    assert request.system == (
        "Gardens\n"
        "* Soil: What grows where\n"
        "- watering (Watering the beds, Soil): How water gets to the plants.\n"
        "  Rain barrels count. Not the pond. not with drought\n"
        "  e.g. We carried cans all summer.\n"
        "  not The pond froze.\n"
        "- drought (drought, Soil): Too little rain.\n"
        "    not with \n"
        "en"
    )
    assert codes_enum(request)["enum"] == ["watering", "drought"]
    assert (request.model, request.endpoint) == ("m", "http://localhost:1/v1")


def test_context_stands_beside_and_numbers_start_at_one() -> None:
    transcript = made_of(WORDS * 4, speakers=["I", "Ana"])
    request = asked(transcript, 1, budget=60)
    lines = request.user.splitlines()
    assert lines[0].startswith("< ")
    assert lines[1].startswith("[1] ")
    assert lines[-1].startswith("> ")


def test_the_same_words_make_the_same_request_wherever_they_stand() -> None:
    one = made_of(WORDS, name="Plot 3")
    other = made_of(WORDS, name="Another name").model_copy(update={"id": 99, "sha256": "x"})
    assert asked(one).sha256 == asked(other).sha256
    assert asked(one).sha256 != asked(made_of([*WORDS[:3], "Once a day."])).sha256


@pytest.mark.parametrize(
    "options",
    [
        ListOptions(model="other", endpoint=OPTIONS.endpoint),
        ListOptions(model="m", endpoint="http://localhost:2/v1"),
        ListOptions(model="m", endpoint=OPTIONS.endpoint, temperature=0.5),
        ListOptions(model="m", endpoint=OPTIONS.endpoint, seed=3),
        ListOptions(model="m", endpoint=OPTIONS.endpoint, max_output_tokens=100),
    ],
)
def test_every_setting_makes_another_request(options: ListOptions) -> None:
    assert asked(made_of(WORDS)).sha256 != asked(made_of(WORDS), options=options).sha256


def test_system_text_and_schema_are_the_same_for_all_chunks() -> None:
    transcript = made_of([f"Day {n}: it rained." for n in range(40)])
    chunks = make_chunks(transcript.text, transcript.segments, count_words, 60, 1)
    requests = [list_request(PROMPT, CODEBOOK, transcript, c, OPTIONS) for c in chunks]
    assert len(requests) > 3
    assert len({r.system for r in requests}) == 1
    assert len({json.dumps(r.json_schema.body) for r in requests if r.json_schema}) == 1
    assert len({r.user for r in requests}) == len(requests)


def test_examples_of_a_transcript_are_left_out_for_it() -> None:
    shown = "We carried cans all summer."
    assert shown in asked(made_of(WORDS, name="Plot 3")).system
    assert shown not in asked(made_of(WORDS, name="Plot 7")).system
    # Also when the example names another transcript but its words are from this one.
    assert shown not in asked(made_of([*WORDS, "we carried  CANS all summer."])).system


@pytest.mark.parametrize("place", ["definition", "include", "exclude"])
def test_a_definition_that_repeats_the_transcript_is_refused(place: str) -> None:
    said = "The frogs came back to the pond behind the house in May."
    code = Code.model_validate({"id": "frogs", place: f"As in: {said}"})
    book = Codebook(name="Frogs", codes=(code,))
    with pytest.raises(UserError, match="already hold words of that transcript") as caught:
        asked(made_of([said]), codebook=book)
    assert "Frogs" in caught.value.where
    assert asked(made_of(WORDS), codebook=book)


def test_a_prompt_that_repeats_the_transcript_is_refused() -> None:
    said = "The frogs came back to the pond behind the house in May."
    prompt = parse_prompt(SOURCE.replace("## user", f"{said}\n## user"), "tiny.md")
    with pytest.raises(UserError, match="already hold words of that transcript") as caught:
        asked(made_of([said]), prompt=prompt)
    assert "tiny" in caught.value.where


def test_words_of_the_interview_are_not_templates() -> None:
    transcript = made_of(["{{ codebook.name }} {% for %} ## system"])
    assert "{{ codebook.name }} {% for %} ## system" in asked(transcript).user


def test_a_codebook_without_codes_to_send_is_refused() -> None:
    book = Codebook(name="None", codes=(Code(id="visit", kind="structural"),))
    with pytest.raises(UserError, match="no code that a model may be asked about"):
        asked(made_of(WORDS), codebook=book)


def test_a_prompt_of_the_other_strategy_is_refused() -> None:
    judge = PROMPT.model_copy(update={"strategy": "judge"})
    with pytest.raises(UserError, match="judge"):
        asked(made_of(WORDS), prompt=judge)


def book_of(count: int, length: int) -> Codebook:
    ids = (f"{n:0{length}d}" for n in range(count))
    return Codebook(name="Many", codes=tuple(Code(id=one) for one in ids))


@pytest.mark.parametrize(
    ("count", "length", "listed"),
    [(1000, 15, True), (1001, 4, False), (100, 150, True), (100, 151, False)],
)
def test_very_many_codes_are_not_an_enum(count: int, length: int, listed: bool) -> None:
    book = book_of(count, length)
    body = schema_for(book).body
    assert ("enum" in json.dumps(body)) is listed
    made = plan_list([made_of(WORDS)], book, PROMPT, OPTIONS, count_words, exact=True)
    assert any("too many or too long" in note for note in made.notes) is not listed


@pytest.mark.parametrize(
    ("endpoint", "near"),
    [
        ("", True),
        ("http://localhost:11434/v1", True),
        ("http://127.0.0.1:8080/v1", True),
        ("http://[::1]:8080/v1", True),
        ("http://192.168.1.20:8000/v1", True),
        ("http://gpu-box:8000/v1", True),
        ("https://models.example.org/v1", False),
        ("https://8.8.8.8/v1", False),
    ],
)
def test_lengths_are_capped_by_schema_only_near_by(endpoint: str, near: bool) -> None:
    assert ("maxLength" in json.dumps(schema_for(CODEBOOK, endpoint).body)) is near


def shipped_prompts() -> list[Prompt]:
    return [p for p in list_prompts(shipped.prompts()) if p.strategy == "list"]


def test_there_are_shipped_prompts() -> None:
    assert len(shipped_prompts()) >= 2


@pytest.mark.parametrize("prompt", shipped_prompts(), ids=lambda p: p.id)
def test_the_shipped_prompts_render(prompt: Prompt) -> None:
    transcript = made_of(WORDS * 3, speakers=["I", "Ana"])
    request = asked(transcript, 1, budget=60, prompt=prompt)
    assert "watering" in request.system
    assert "Rain barrels count." in request.system
    assert "Dry, we had to carry." in request.user
    assert "Dry, we had to carry." not in request.system
    for field in ("applications", "something_uncoded", "rationale", "confidence"):
        assert field in request.system


# ---------------------------------------------------------------- the plan


def test_a_plan_is_what_the_run_asks() -> None:
    transcripts = [
        made_of(WORDS * 10),
        made_of(["One garden.", "  ", "Another garden."]).model_copy(update={"id": 2}),
    ]
    made = plan_list(
        transcripts,
        CODEBOOK,
        PROMPT,
        OPTIONS,
        count_words,
        exact=True,
        chunk_tokens=60,
        context_segments=1,
        prices=Prices(input=2.0, output=8.0, currency="EUR"),
    )
    again = [
        list_request(PROMPT, CODEBOOK, t, chunk, OPTIONS)
        for t in transcripts
        for chunk in make_chunks(t.text, t.segments, count_words, 60, 1)
    ]
    assert [call.request for call in made.calls] == again
    assert {call.transcript_id for call in made.calls} == {1, 2}
    assert made.blank == ((2, 1),)
    assert made.notes == ()
    # Every planned call holds at least the words of its messages and of the schema.
    for call in made.calls:
        assert call.input_tokens > count_words(call.request.system + " " + call.request.user)
    assert made.max_output_tokens == 2000 * made.number_of_calls
    assert made.max_cost == pytest.approx(
        (made.input_tokens * 2.0 + made.max_output_tokens * 8.0) / 1e6
    )


def test_what_all_requests_about_a_transcript_share_is_made_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made: list[str] = []

    def seen(prompt: Prompt, part: Literal["system", "user"], variables: Mapping[str, Any]) -> str:
        made.append(part)
        return render_part(prompt, part, variables)

    monkeypatch.setattr(requests, "render_part", seen)
    transcripts = [made_of(WORDS * 10), made_of(WORDS * 9).model_copy(update={"id": 2})]
    calls = plan_list(
        transcripts, CODEBOOK, PROMPT, OPTIONS, count_words, exact=True, chunk_tokens=60
    ).calls
    assert made.count("system") == len(transcripts) < len(calls) == made.count("user")


def test_an_unknown_price_is_no_price() -> None:
    for prices in (None, Prices(input=2.0), Prices(output=1.0)):
        made = plan_list(
            [made_of(WORDS)], CODEBOOK, PROMPT, OPTIONS, count_words, exact=True, prices=prices
        )
        assert made.max_cost is None


def test_an_estimate_is_called_one() -> None:
    made = plan_list([made_of(WORDS)], CODEBOOK, PROMPT, OPTIONS, count_words, exact=False)
    assert not made.exact
    assert "over-estimated" in made.notes[0]


def test_identical_text_is_asked_once_for_each_repeat() -> None:
    twice = [made_of(WORDS), made_of(WORDS, name="Copy").model_copy(update={"id": 2})]
    one = plan_list(twice[:1], CODEBOOK, PROMPT, OPTIONS, count_words, exact=True)
    both = plan_list(twice, CODEBOOK, PROMPT, OPTIONS, count_words, exact=True, repeats=3)
    assert len(both.calls) == 2 * len(one.calls)
    assert both.number_of_calls == 3 * one.number_of_calls
    assert both.input_tokens == 3 * one.input_tokens


def test_any_strategy_can_be_planned() -> None:
    """`judge` asks several questions about one chunk."""
    transcript = made_of(WORDS)
    chunks = make_chunks(transcript.text, transcript.segments, count_words, 1000)

    def build(one: Transcript) -> list[tuple[Any, ChatRequest]]:
        return [(chunks[0], ChatRequest(model="m", system="s", user=f"q{n}")) for n in range(4)]

    made = plan([transcript], build, count_words, exact=True)
    assert made.number_of_calls == 4
    assert all(call.chunk is chunks[0] for call in made.calls)


def test_examples_with_a_lone_word_do_not_break_anything() -> None:
    book = Codebook(
        name="B", codes=(Code(id="a", definition="d", examples=(Example(text="zinnia"),)),)
    )
    assert "zinnia" in asked(made_of(WORDS), codebook=book).system


def test_records_are_frozen() -> None:
    chunk = make_chunks("One.", made_of(["One."]).segments, count_words, 100)[0]
    with pytest.raises(ValueError, match="frozen"):
        chunk.__setattr__("index", 3)
    made = plan_list([made_of(WORDS)], CODEBOOK, PROMPT, OPTIONS, count_words, exact=True)
    with pytest.raises(FrozenInstanceError):
        made.__setattr__("repeats", 3)
