"""Whose codings stand as examples in a text: by name, by words, by whoever coded the passage."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.codebook.records import Code, Codebook, Example
from assistant.guide.shown import pasted_in, shown_by, shown_in, sources_of, words_sent
from assistant.llm.records import ChatRequest
from assistant.store.database import Store, open_store
from assistant.store.people.coders import find_coder
from tests.review.studies import SHED, add_interview, shed

FROST = SHED[9][1]
"""Coded “tools” by Ben alone."""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    study = shed(tmp_path / "study", run=False)
    with open_store(study.database)[0] as opened:
        add_interview(opened, "Other", (("A", FROST), ("B", "And that was all there was to it.")))
        yield opened


def book(*examples: Example, code: str = "tools") -> Codebook:
    return Codebook(name="B", codes=(Code(id=code, examples=examples), Code(id="other")))


def named(store: Store, who: str) -> int:
    found = find_coder(store, who, "human")
    assert found is not None
    return found.id


def test_an_example_is_the_coding_of_whoever_coded_that_passage(store: Store) -> None:
    ((one,),) = sources_of(store, book(Example(text=FROST, transcript="shed 1.txt")), "tools")
    assert (one.transcript, one.coders) == ("Shed 1", (named(store, "Ben"),))
    # Of another code nobody's coding is known to be it, and neither where it does not apply.
    other = book(Example(text=FROST, transcript="Shed 1"), code="weather")
    assert sources_of(store, other, "weather")[0][0].coders == (None,)
    against = book(Example(text=FROST, transcript="Shed 1", applies=False))
    assert sources_of(store, against, "tools")[0][0].coders == (None,)


def test_without_a_name_it_is_found_by_its_words_if_they_are_enough(store: Store) -> None:
    (found,) = sources_of(store, book(Example(text=FROST)), "tools")
    assert {s.transcript for s in found} == {"Shed 1", "Other"}
    assert sources_of(store, book(Example(text="said a word")), "tools") == ((),)
    assert sources_of(store, book(Example(text="Six invented words of no interview")), "tools") == (
        (),
    )


def test_a_wrong_name_does_not_hide_where_it_is_from(store: Store) -> None:
    (found,) = sources_of(store, book(Example(text=SHED[7][1], transcript="Other")), "tools")
    assert {s.transcript for s in found} == {"Shed 1", "Other"}


def test_only_what_stands_in_the_text_is_shown(store: Store) -> None:
    shelf = SHED[7][1]
    there = book(Example(text=FROST, transcript="Shed 1"), Example(text=shelf, transcript="Other"))
    assert [s.transcript for s in shown_by(store, [there])] == ["Shed 1", "Other"]
    assert shown_in(store, "Nothing of it.", [there]) == ()
    # As a prompt quotes it, and with a name that was replaced.
    quoted = "Example: " + FROST.replace("\n", "\\n").replace("spring", "[SEASON 1]")
    assert [s.transcript for s in shown_in(store, quoted, [there])] == ["Shed 1"]


def test_a_stored_request_is_read_without_its_quoting(store: Store) -> None:
    request = ChatRequest(model="m", system=f"Such as:\n{FROST}", user="words")
    there = book(Example(text=FROST, transcript="Shed 1"))
    assert shown_in(store, words_sent(request.model_dump_json()), [there])
    assert words_sent("not a request") == "not a request"


def test_what_people_pasted_is_found_where_it_is_looked_for(store: Store) -> None:
    pasted = f"Do as in: {SHED[7][1]}"
    assert [s.transcript for s in pasted_in(store, pasted)] == ["Shed 1"]
    assert pasted_in(store, pasted, only=[2]) == ()
    assert pasted_in(store, "Code the passages with care.") == ()
