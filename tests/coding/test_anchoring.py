"""From a quote to a span: every status, and what must never be forgiven."""

from __future__ import annotations

import pytest

from assistant.coding.chunking import make_chunks
from assistant.coding.quotes.anchoring import anchor, anchor_all
from assistant.coding.quotes.guards import guard_for
from assistant.coding.records import Anchored, Piece, Unplaced
from assistant.transcripts.records import Segment
from tests.coding.invented import CODEBOOK, apply, count_words, made_of, whole

TALK = (
    "Well, um, we we carried twenty-five cans a day — the old neighbours’ cans — and the water "
    "never reached the colourful back beds in June. It cost 1.5 euros, “nothing more”. I was "
    "unable to sleep, I can't say why."
)


def place(text: str, quote: str, language: str = "en") -> Anchored | Unplaced:
    return anchor(apply(quote), CODEBOOK, text, whole(text), language)


def found(text: str, quote: str, language: str = "en") -> Anchored:
    result = place(text, quote, language)
    assert isinstance(result, Anchored), result
    assert result.quote == text[result.start : result.end]
    return result


def lost(text: str, quote: str, language: str = "en") -> Unplaced:
    result = place(text, quote, language)
    assert isinstance(result, Unplaced), result
    return result


@pytest.mark.parametrize(
    ("quote", "how", "true"),
    [
        ("twenty-five cans a day", "exact", "twenty-five cans a day"),
        ("cans", None, None),
        ("June", "exact", "June"),
        ("  twenty-five cans a day \n", "exact", "twenty-five cans a day"),
        ("Twenty-Five  cans\na day", "folded", "twenty-five cans a day"),
        ("the old neighbours' cans", "folded", "the old neighbours’ cans"),
        ("a day - the old", "folded", "a day — the old"),
        ("a day -- the old", "folded", "a day — the old"),
        ('1.5 euros, "nothing more"', "folded", "1.5 euros, “nothing more”"),
        ("“the back beds”", None, None),
        ("“back beds in June”", "folded", "back beds in June"),
        ("... the water never reached ...", "folded", "the water never reached"),
        ("[...] the water never reached", "folded", "the water never reached"),
        ("Ana: I was unable to sleep", "folded", "I was unable to sleep"),
        ("[1] Ana: I was unable to sleep", "folded", "I was unable to sleep"),
        ('1.5 euros, \\"nothing more\\"', "folded", "1.5 euros, “nothing more”"),
        ("June.", "exact", "June."),
        ("“June”", "folded", "June"),
        ("june", None, None),
        (
            "we carried twenty-five cans a day",
            "exact",
            "we carried twenty-five cans a day",
        ),
        (
            "Well, we carried twenty-five cans a day",
            "close",
            "Well, um, we we carried twenty-five cans a day",
        ),
        (
            "the water never reached the colorful back beds in June",
            "close",
            "the water never reached the colourful back beds in June",
        ),
    ],
)
def test_the_ladder(quote: str, how: str | None, true: str | None) -> None:
    if how is None:
        lost(TALK, quote)
    else:
        result = found(TALK, quote)
        assert (result.how, result.quote) == (how, true)
        assert result.code == "watering"
        assert result.similarity == 1.0 or result.how == "close"


def test_an_ellipsis_that_the_passage_has_is_no_joint() -> None:
    text = "We sowed the beans… I mean, uh, the peas along the long wall of the house."
    assert found(text, "We sowed the beans... I mean, the peas along").how == "close"
    assert found(text, "beans... I mean").how == "folded"


def test_a_language_without_a_guard_has_no_close_matches() -> None:
    text = "Jag bar um vatten till den gamla trädgården varje morgon hela sommaren."
    quote = "Jag bar vatten till den gamla trädgården varje morgon hela sommaren."
    for language in ("sv", "", "xx"):
        assert guard_for(language) is None
        assert "close matches are not made" in lost(text, quote, language).why
    assert guard_for("pt-BR") is guard_for("pt") is not None
    assert found(text, "TILL DEN  gamla", "sv").how == "folded"


def test_the_same_words_twice_are_ambiguous() -> None:
    text = "It rained and rained. We stayed. It rained and rained."
    result = lost(text, "it rained and rained")
    assert result.status == "ambiguous"
    assert [text[p.start : p.end] for p in result.places] == ["It rained and rained"] * 2
    assert "2 places" in result.why
    # Spelled exactly as in one place only, the place is certain.
    assert found("Rain again. rain again.", "rain again").start == 12
    # Overlapping places are places too.
    assert lost("so so so", "so so").status == "ambiguous"


def test_two_close_places_are_ambiguous() -> None:
    text = (
        "We carried the colourful cans to the beds. Then, later on that day, the others came. "
        "We carried the colourful cans to the beds."
    )
    result = lost(text, "We carried the colorful cans to the beds.")
    assert result.status == "ambiguous"
    assert len(result.places) == 2


def test_words_inside_other_words_are_not_places() -> None:
    assert found("The art of party games, she said. He said so.", "he said").quote == "He said"
    assert found("we had a party and some art", "art").start == 24
    assert "inside" in lost("we had a party", "art").why


def test_the_part_that_was_asked_about_decides_between_places() -> None:
    text = "It rained a lot. " + "We dug. " * 20 + "It rained a lot."
    piece = Piece(segment=0, start=100, end=len(text))
    segment = whole(text)
    result = anchor(apply("It rained a lot"), CODEBOOK, text, segment, "en", piece=piece)
    assert isinstance(result, Anchored)
    assert result.start > 100
    outside = Piece(segment=0, start=20, end=60)
    again = anchor(apply("It rained a lot"), CODEBOOK, text, segment, "en", piece=outside)
    assert isinstance(again, Unplaced)
    assert again.status == "ambiguous"


@pytest.mark.parametrize(
    ("code", "status", "why"),
    [
        ("watering", "", ""),
        ("Watering the beds", "", ""),
        ("irrigation", "", ""),
        ("drought", "", ""),
        ("Watering", "unknown-code", "no code, name or alias"),
        ("watering ", "unknown-code", "no code, name or alias"),
        ("water", "unknown-code", "no code, name or alias"),
        ("", "unknown-code", "no code, name or alias"),
        ("Q12", "unknown-code", "ignores"),
        ("visit", "unknown-code", "structural"),
        ("plot-size", "unknown-code", "attribute"),
    ],
)
def test_codes_are_known_by_id_name_or_alias_only(code: str, status: str, why: str) -> None:
    text = "We carried cans all summer long."
    result = anchor(apply("cans all summer", code=code), CODEBOOK, text, whole(text), "en")
    if not status:
        assert isinstance(result, Anchored)
        assert result.code in ("watering", "drought")
    else:
        assert isinstance(result, Unplaced)
        assert (result.status, result.code) == (status, "")
        assert why in result.why
        # Its passage is shown all the same.
        assert result.nearest_start == text.index("cans")


def test_nothing_is_anchored_outside_its_segment() -> None:
    transcript = made_of(["We dug the beds.", "The cans were heavy.", "It rained at last."])
    chunk = make_chunks(transcript.text, transcript.segments, count_words, 100)[0]
    said = [
        apply("cans were heavy", segment=2),
        apply("cans were heavy", segment=1),
        apply("The cans were heavy. It rained", segment=2),
        apply("cans were heavy", segment=9),
        apply("cans were heavy", segment=0, code="nonsense"),
        apply("The moon was full", segment=3),
    ]
    placed = anchor_all(
        said, CODEBOOK, transcript.text, transcript.segments, chunk, transcript.language
    )
    assert [p.application for p in placed] == said
    results = [p.result for p in placed]
    true = transcript.text.index("cans")

    assert isinstance(results[0], Anchored)
    assert (results[0].segment, results[0].start) == (1, true)
    elsewhere, crossing, number, both, nowhere = results[1:]
    assert isinstance(elsewhere, Unplaced)
    assert (elsewhere.status, elsewhere.segment) == ("unanchored", 0)
    assert (elsewhere.nearest_start, elsewhere.similarity) == (true, 1.0)
    assert "another passage" in elsewhere.why
    assert isinstance(crossing, Unplaced)
    assert "over the end" in crossing.why
    assert isinstance(number, Unplaced)
    assert (number.status, number.segment, number.nearest_start) == ("unanchored", None, true)
    assert "no passage number 9" in number.why
    assert isinstance(both, Unplaced)
    assert both.status == "unknown-code"
    assert isinstance(nowhere, Unplaced)
    assert nowhere.nearest_start is None


def test_context_is_never_the_nearest_passage() -> None:
    long = "It was another long day with nothing but stones under the old trees by the wall. "
    transcript = made_of([long + "We dug deep.", long + "The cans were heavy.", long])
    chunks = make_chunks(transcript.text, transcript.segments, count_words, 40, 2)
    assert [c.first_segment for c in chunks] == [0, 1, 2]
    (context,) = chunks[1].context_before
    assert transcript.text[context.start : context.end] == "We dug deep."
    placed = anchor_all(
        [apply("We dug deep")],
        CODEBOOK,
        transcript.text,
        transcript.segments,
        chunks[1],
        "en",
    )
    result = placed[0].result
    assert isinstance(result, Unplaced)
    assert result.nearest_start is None


def test_an_empty_segment_and_spans_at_its_ends() -> None:
    text = "  One two three. \n\n"
    assert found(text, "One two three.").start == 2
    result = anchor(apply("One two"), CODEBOOK, "   ", Segment(index=0, start=0, end=3), "en")
    assert isinstance(result, Unplaced)


@pytest.mark.parametrize(
    ("language", "text", "quote", "true"),
    [
        ("ja", "昨日は雨でした。庭は水でいっぱい。", "庭は水で", "庭は水で"),
        ("zh", "我们有二十五个人在花园里。", "在花园里", "在花园里"),
        ("de", "Die STRASSE war naß, die Straße breit.", "die strasse breit", "die Straße breit"),
        ("en", "The ﬁrst ﬂowers came.", "first flowers came", "ﬁrst ﬂowers came"),
        ("fr", "C’e\u0301tait l’e\u0301te\u0301 ici.", "l'été ici", "l’e\u0301te\u0301 ici"),
        ("fr", "L’été était là.", "l'e\u0301te\u0301 e\u0301tait", "L’été était"),
        ("tr", "İlk yaz İzmir’de geçti.", "i̇zmir'de geçti", "İzmir’de geçti"),
        ("en", "We laughed 👩‍🌾👍🏽 all day.", "laughed 👩‍🌾👍🏽 ALL", "laughed 👩‍🌾👍🏽 all"),
        ("ar", "قال لي: «نعم، كل يوم» ثم ذهب.", 'قال لي: "نعم، كل يوم"', "قال لي: «نعم، كل يوم»"),
        ("th", "ฉันรดน้ำต้นไม้ทุกวัน", "รดน้ำต้นไม้", "รดน้ำต้นไม้"),
        ("fr", "Il a dit : « jamais ! »", 'a dit : " jamais ! "', "a dit : « jamais ! »"),
    ],
)
def test_scripts_and_signs(language: str, text: str, quote: str, true: str) -> None:
    assert found(text, quote, language).quote == true
