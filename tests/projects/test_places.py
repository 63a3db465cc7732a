"""No span moves by a character, whatever the text is made of."""

from __future__ import annotations

import textwrap
import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from assistant.transcripts.decoding import clean_text
from assistant.transcripts.places import PlaceMap, Run, place_text

PIECES = (
    *("Ana: ", "Ben Ari: ", "[00:12] Ana: ", "\n", "\r\n", "\r", "\n\n", "\u2028", "\f", "\ufeff"),
    *(" ", "  ", "\t", "\u00a0", "\u200b", "\u200c", "\u00ad", "leeks", "beans", "Tap", ".", "3"),
    *("é", "e\u0301", "e\u0323\u0301", "\u0301", "🌱", "👩\u200d🌾", "שָׁלוֹם", "سلام", "می\u200cروم"),
    *("각", "\u1100\u1161\u11a8", "ক\u09c7\u09be", "ﬁ", "Å", "韭菜", "ด้วย"),
)
TEXTS = st.lists(st.sampled_from(PIECES), max_size=40).map("".join)


def letters(text: str) -> str:
    """A text as it is compared: cleaned, in NFC, without any white space."""
    return "".join(clean_text(text)[0].split())


@pytest.mark.slow
@settings(max_examples=400, deadline=None)
@given(text=TEXTS, cut=st.tuples(st.integers(0, 200), st.integers(0, 200)))
@example(text="\n a", cut=(0, 3))
@example(text="1 a\n2 b\n3 c\n4 d", cut=(2, 7))
@example(text="👩\u200d🌾", cut=(0, 2))
@example(text="Ana: e\u0323\u0301", cut=(0, 7))
def test_a_span_has_its_own_characters(text: str, cut: tuple[int, int]) -> None:
    start, end = sorted(min(place, len(text)) for place in cut)
    placed = place_text(text, "Invented")
    said = placed.composed.text
    at = placed.carry(start, end)
    before, after = placed.carry(0, start), placed.carry(end, len(text))
    if at is not None:
        assert not said[at[0]].isspace()
        assert not said[at[1] - 1].isspace()
        wanted = letters(text[start:end])
        got = "".join(said[at[0] : at[1]].split())
        inside = _speech(placed.spoken, placed.cleaned, text, start, end)
        # NFC may join a character with one beside the span: then both are in it.
        if _safe(text, start) and _safe(text, end):
            assert got == inside
            # A joiner at the end of a piece for itself is dropped as invisible; in the text it is
            # between two characters and stays.
            assert _subsequence(got.strip("\u200c\u200d"), wanted)
            if before is not None:
                assert before[1] <= at[0]
            if after is not None:
                assert at[1] <= after[0]
        else:
            assert len(got) >= len(inside) - 2


def _speech(spoken: PlaceMap, cleaned: PlaceMap, text: str, start: int, end: int) -> str:
    """The oracle: each character for itself, joined."""
    clean, _ = clean_text(text)
    found = []
    for run in spoken.runs:
        for place in range(run.source, run.source_end):
            sources = [
                (r, place - r.target) for r in cleaned.runs if r.target <= place < r.target_end
            ]
            ((one, offset),) = sources
            low = one.source + offset if one.straight else one.source
            high = low + 1 if one.straight else one.source_end
            if low < end and high > start and not clean[place].isspace():
                found.append(clean[place])
    return "".join(found)


def _safe(text: str, place: int) -> bool:
    """A border that NFC does not join over, and that does not stand before a mark of the letter."""
    if text[place : place + 1] and unicodedata.combining(text[place]):
        return False
    left, right = text[max(0, place - 6) : place], text[place : place + 6]
    both = unicodedata.normalize(
        "NFC", clean_text(left + "|")[0][:-1] + clean_text("|" + right)[0][1:]
    )
    return both == clean_text(left + "|")[0][:-1] + clean_text("|" + right)[0][1:]


def _subsequence(short: str, long: str) -> bool:
    left = iter(long)
    return all(char in left for char in short)


@pytest.mark.slow
@given(text=TEXTS)
@settings(max_examples=200, deadline=None)
def test_all_that_was_said_is_there_in_order(text: str) -> None:
    placed = place_text(text, "Invented")
    clean, _ = clean_text(text)
    for run in placed.spoken.runs:
        assert (
            clean[run.source : run.source_end] == placed.composed.text[run.target : run.target_end]
        )
    mapped = sum(run.target_end - run.target for run in placed.spoken.runs)
    inserted = len(placed.composed.text) - mapped
    assert inserted <= placed.composed.text.count(" ") + placed.composed.text.count("\n")


def test_names_of_speakers_and_white_space_have_no_place() -> None:
    text = "Ana: Leeks.\r\n\r\nBen:   Beans. \r\n\r\nAna: Tap.\r\n\r\nBen: Gate."
    placed = place_text(text, "Invented")
    assert placed.composed.text == "Leeks.\n\nBeans.\n\nTap.\n\nGate."
    assert placed.carry(0, 5) is None
    assert placed.carry(11, 15) is None
    assert placed.carry(15, 21) is None
    # From a name into speech, over turns, and to the very end.
    assert placed.composed.text[slice(*placed.carry(15, 28) or ())] == "Beans."
    assert placed.composed.text[slice(*placed.carry(5, 41) or ())] == "Leeks.\n\nBeans.\n\nTap"
    assert placed.carry(0, len(text)) == (0, len(placed.composed.text))


def test_a_character_that_nfc_joins_is_whole() -> None:
    text = "Cafe\u0301 au lait"
    placed = place_text(text, "Invented")
    assert placed.composed.text == "Café au lait"
    assert placed.carry(0, 5) == (0, 4)
    assert placed.carry(0, 4) == (0, 4)
    assert placed.carry(6, 8) == (5, 7)


def test_runs_that_are_not_straight_are_taken_whole() -> None:
    places = PlaceMap([Run(0, 2, 0, 2), Run(3, 6, 2, 3, False), Run(6, 9, 5, 8)])
    assert places.carry(0, 1) == (0, 1)
    assert places.carry(2, 3) is None
    assert places.carry(4, 5) == (2, 3)
    assert places.carry(1, 7) == (1, 6)
    assert places.carry(5, 5) is None


@pytest.mark.slow
def test_a_text_of_more_than_a_million_characters() -> None:
    line = "Ana: some wo\u0308rds about leeks 🌱 in row {}, and more of them.\r\n\r\n"
    text = "".join(line.format(n) for n in range(20_000))
    assert len(text) > 1_200_000
    placed = place_text(text, "Invented")
    at = text.index("row 15000")
    assert placed.composed.text[slice(*placed.carry(at, at + 9) or ())] == "row 15000"


def test_paragraphs_of_a_turn_stay_paragraphs() -> None:
    """As other programs show them: turns with an empty line between, paragraphs without."""
    text = "Ana: We dug.\nThen it rained, and\nit was cold.\n\nBen: Yes.\n\nAna: So we left."
    said = place_text(text, "Invented").composed.text
    assert said == "We dug.\nThen it rained, and it was cold.\n\nYes.\n\nSo we left."


def test_lines_that_a_program_broke_are_put_together() -> None:
    words = "We dug the whole day and nobody came to see us. It rained, too. We were cold then. "
    text = "\n".join(textwrap.wrap("Ana: " + words * 6, 44)) + "\n\nBen: Yes.\n\nAna: So we left."
    said = place_text(text, "Invented").composed.text
    assert said == (words * 6).strip() + "\n\nYes.\n\nSo we left."
