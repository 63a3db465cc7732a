"""Examples are words of participants: each is shown only where its own transcript's consent is."""

from __future__ import annotations

import pytest

from assistant.codebook.records import Code, Codebook, Example
from assistant.codebook.transcripts import LeftOut, Source, covered_examples
from assistant.recipe import entries

ASKED = "And how did you come to have the plot?"
ADA = f"{ASKED}\n\nMy sister left it to me when she moved to the coast."
BEN = f"{ASKED}\n\nI stood on a list for eleven years and then they rang."
SOURCES = (Source("Ada", ADA, False), Source("Ben", BEN, True))
HERS = "My sister left it to me when she moved to the coast."
HIS = "I stood on a list for eleven years and then they rang."
NOWHERE = "My potatoes drowned in April of that year."


def left(example: Example, *, unknown: bool = False) -> list[tuple[str, bool]]:
    book = Codebook(name="x", codes=(Code(id="plot", examples=(example,)), Code(id="other")))
    shown, found = covered_examples(book, SOURCES, unknown=unknown)
    assert [len(code.examples) for code in shown.codes] == [0 if found else 1, 0]
    assert (shown is book) == (not found)
    assert all(one.code == "plot" for one in found)
    return [(one.transcript, one.held) for one in found]


@pytest.mark.parametrize(
    ("text", "transcript", "expected"),
    [
        (NOWHERE, "Ada", [("Ada", True)]),
        (NOWHERE, "ada.txt", [("Ada", True)]),
        (HERS, "", [("Ada", True)]),
        (HERS, "Ben", [("Ada", True)]),
        ("left it to me", "", [("Ada", True)]),
        ("I said … left it to me when she moved to", "Ben", [("Ada", True)]),
        (HIS, "Ben", []),
        (HIS, "", []),
        (HIS, "Cleo", []),
        (NOWHERE, "Ben", []),
        (NOWHERE, "", []),
        (NOWHERE, "Cleo", [("Cleo", False)]),
        # The same question is asked in every interview.
        (f"I: {ASKED}\nP: {HIS}", "Ben", []),
        (f"I: {ASKED}\nP: {HIS}", "", []),
        (f"I: {ASKED}\nP: {HERS}", "Ben", [("Ada", True)]),
        (f"I: {ASKED}\nP: {HERS}", "", [("Ada", True)]),
        (ASKED, "Ben", []),
        (ASKED, "", [("Ada", True)]),
    ],
)
def test_an_example_goes_by_its_name_and_by_its_words(
    text: str, transcript: str, expected: list[tuple[str, bool]]
) -> None:
    assert left(Example(text=text, transcript=transcript)) == expected
    assert left(Example(text=text, transcript=transcript, applies=False)) == expected


def test_a_transcript_that_is_not_held_may_be_allowed() -> None:
    assert left(Example(text=NOWHERE, transcript="Cleo"), unknown=True) == []
    assert left(Example(text=HERS, transcript="Cleo"), unknown=True) == [("Ada", True)]


def test_only_what_is_sent_is_looked_at_and_the_entry_says_what_is_shown() -> None:
    hers = (Example(text=HERS, transcript="Ada"),)
    structural = Code(id="heading", kind="structural", examples=hers)
    book = Codebook(name="x", codes=(structural, Code(id="plot", examples=hers), Code(id="other")))
    shown, found = covered_examples(book, SOURCES, unknown=False)
    assert found == (LeftOut("plot", "Ada", True),)
    before, after = entries(book), entries(shown)
    assert before["other"] == after["other"]
    assert before["plot"] != after["plot"]
