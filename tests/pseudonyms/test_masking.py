"""Any text, any names: nothing of the list is left, and every span leads back to its own words."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.deidentify.masking import mask
from assistant.deidentify.matching import Matcher, Words
from assistant.deidentify.patterns import find_patterns
from assistant.deidentify.records import Pseudonym
from assistant.deidentify.veil import Veil
from assistant.transcripts.records import Segment, Transcript

NAMES = ("Zelda", "Ümit Öztaş", "O'Brien", "Bad Orb", "Anna")


def term(name: str, replacement: str = "Person 1", keep_lower: bool = False) -> Pseudonym:
    return Pseudonym(term=name, kind="person", replacement=replacement, keep_lower=keep_lower)


def masked(text: str, *terms: Pseudonym) -> str:
    return mask(text, Matcher(terms or tuple(term(n) for n in NAMES)), None).text


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Zelda's and zelda’s", "Person 1's and Person 1’s"),
        ("the Zeldas, ZELDA", "the Person 1s, Person 1"),
        ("Umit  Oztas / ümit\nöztaş", "Person 1 / Person 1"),
        ("U\u0308mit O\u0308zta\u015f", "Person 1"),
        ("the O’Briens", "the Person 1s"),
        ("Bad-Orb, bad orb, Badorb", "Person 1, Person 1, Badorb"),
        ("Annabelle, Joanna and Anna", "Annabelle, Joanna and Person 1"),
        ("An\u00adna, An-\nna", "Person 1, Person 1"),
        ("Anna-Lena", "Person 1-Lena"),
        ("Annas Haus, l'Anna", "Person 1s Haus, l'Person 1"),
    ],
)
def test_how_names_are_written(text: str, wanted: str) -> None:
    assert masked(text) == wanted


def test_scripts_without_spaces_and_with_letters_in_front() -> None:
    assert masked("我和小明去了", term("小明")) == "我和Person 1去了"
    assert masked("قال لي كريم وكريم", term("كريم")) == "قال لي Person 1 وPerson 1"


def test_a_word_in_small_letters_can_stay() -> None:
    assert masked("Rose saw a rose, ROSE!", term("Rose", keep_lower=True)) == (
        "Person 1 saw a rose, Person 1!"
    )
    assert masked("Rose saw a rose", term("Rose")) == "Person 1 saw a Person 1"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("write to ana.b@plots.example.org.", "e-mail"),
        ("see https://plots.example/a?b=1, then", "address"),
        ("see www.plots.example", "address"),
        ("at plots.org/members", "address"),
        ("call +216 20 123 456", "telephone"),
        ("call 0049 (0)30 123456", "telephone"),
        ("call 01 23 45 67 89", "telephone"),
        ("call (030) 1234567", "telephone"),
        ("call 555-010-4477", "telephone"),
        ("call 20 123 456", "telephone"),
        ("my id is 08123456", "number"),
        ("ssn 123-45-6789", "number"),
        ("passport AB1234567", "number"),
        ("card 4111 1111 1111 1111", "number"),
        ("account DE89 3704 0044 0532 0130 00", "number"),
        ("call 612-345-678", "telephone"),
        ("call 612 345 678", "telephone"),
        ("call 98.123.456", "telephone"),
        ("call 98\N{NO-BREAK SPACE}123\N{NO-BREAK SPACE}456", "telephone"),
        ("call 555-1234", "telephone"),
        ("call 555\N{EN DASH}1234", "telephone"),
        ("call ０３０－１２３４５６７", "telephone"),
        ("call ٩٨ ١٢٣ ٤٥٦", "telephone"),
        ("id 850101-1234", "number"),
        ("id 19850101-1234", "number"),
        ("id 123.456.789-00", "number"),
        ("id 756.1234.5678.97", "number"),
    ],
)
def test_patterns_are_found(text: str, kind: str) -> None:
    found = find_patterns(text)
    assert [hit.kind for hit in found] == [kind], found
    assert text[found[0].start : found[0].end] == found[0].text


@pytest.mark.parametrize(
    "text", ["linkedin.com/in/jane-quarry-1985", "t.me/jane", "facebook.com/jane.doe"]
)
def test_a_path_goes_with_its_address(text: str) -> None:
    assert [hit.text for hit in find_patterns(f"I am {text}.")] == [text]


@pytest.mark.parametrize(
    "text",
    [
        *("in 1987", "from 1990-2000", "on 12-03-1990", "on 2020-01-31", "10 000 000 dinars"),
        *(
            "1,250,000 people",
            "9 days and 9 nights",
            "3.5 per cent",
            "and so on...",
            "half past 10",
        ),
        *("12.500.000 people", "250\N{NO-BREAK SPACE}000\N{NO-BREAK SPACE}000", "1 250 300"),
        *("200-1000 people", "150\N{EN DASH}1500 dinars", "1990\N{EN DASH}2000", "10-20-30"),
        *("a 24/7 job", "version 2.0.1", "e.g. this, i.e. that", "chapter 12, page 340"),
    ],
)
def test_what_is_no_identifier_stays(text: str) -> None:
    assert find_patterns(text) == ()


PIECES = st.lists(
    st.one_of(
        st.sampled_from(
            [*NAMES, "zelda's", "ANNA", "Umit Oztas", "a@b.example.com", "+216 20123456"]
        ),
        st.text(max_size=12),
        st.sampled_from([" ", "\n", ", ", ". ", "e\u0301", "𝔘", "\u200f"]),
    ),
    max_size=14,
)


@pytest.mark.slow
@given(st.lists(PIECES.map("".join), min_size=1, max_size=4))
@settings(max_examples=150, deadline=None)
def test_spans_lead_back_for_any_text(paragraphs: list[str]) -> None:
    text, segments = "", []
    for index, paragraph in enumerate(paragraphs):
        segments.append(
            Segment(index=index, start=len(text), end=len(text) + len(paragraph), speaker="Zelda")
        )
        text += paragraph
    original = Transcript(
        id=1, name="t", sha256="h", text=text, language="en", consent="", segments=tuple(segments)
    )
    veil = Veil([term(n, f"Person {k}") for k, n in enumerate(NAMES)], patterns=True)
    seen, done = veil.transcript(original), veil.masked(original)
    assert seen.text == done.text
    assert {s.speaker for s in seen.segments} == {"Person 0"}
    # The whole leads back to the whole, every segment to its segment.
    assert done.original(0, len(done.text)) == (0, len(text))
    for one, other in zip(seen.segments, original.segments, strict=True):
        if one.end > one.start:
            assert done.original(one.start, one.end) == (other.start, other.end)
    # What was not replaced is the same on both sides; what was, is all of what it stands for.
    place = new = 0
    for edit in done.edits:
        assert text[place : edit.start] == done.text[new : edit.new_start]
        for start in range(edit.new_start, edit.new_end):
            assert done.original(start, start + 1) == (edit.start, edit.end)
        place, new = edit.end, edit.new_end
    assert text[place:] == done.text[new:]
    for one in seen.segments:
        body = done.text[one.start : one.end]
        assert not Matcher(veil.terms).find(body)
        assert not [h for h in find_patterns(body) if not h.text.startswith("[")]


@pytest.mark.parametrize("number", ["555-0120", "235-4410", "555-0125"])
def test_short_numbers_that_end_roundly_are_numbers_all_the_same(number: str) -> None:
    assert [hit.text for hit in find_patterns(f"Call me on {number} tonight.")] == [number]


@given(st.text("Anas o-'\n\u0301ü", max_size=40), st.sampled_from(["Ana", "Ana Anas", "n o", "สม"]))
def test_with_the_words_known_the_same_is_found(text: str, name: str) -> None:
    matcher = Matcher([term(name)])
    assert matcher.find_in(Words(text)) == matcher.find(text)
