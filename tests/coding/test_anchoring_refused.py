"""What is near a passage and is not in it: never anchored, and said why."""

from __future__ import annotations

import pytest

from tests.coding.test_anchoring import TALK, lost


@pytest.mark.parametrize(
    ("quote", "why"),
    [
        ("we carried twenty-six cans a day — the old neighbours’ cans", ""),
        ("we carried five cans a day and the old neighbours' cans", ""),
        ("five cans a day", "inside"),
        ("It cost 5 euros", ""),
        ("5 euros", "inside"),
        ("able to sleep", "inside"),
        ("I can", "inside"),
        ("the water reached the colourful back beds in June", "never"),
        ("the water never really reached all the colourful back beds in June", "too much"),
        ("cans a day ... the colourful back beds in June", ""),
        ("carried twenty-five cans a day in June", ""),
        ("the frogs came back in spring", ""),
        ("", "no quote"),
        ("   ", "no quote"),
        ("...", "no quote"),
        ("zinnia", ""),
        (TALK + " And then more that nobody said.", ""),
    ],
)
def test_what_is_not_there_is_unanchored(quote: str, why: str) -> None:
    result = lost(TALK, quote)
    assert result.status == "unanchored"
    assert result.code == "watering"
    assert why in result.why
    if result.nearest_start is not None:
        assert result.nearest_end is not None
        assert TALK[result.nearest_start : result.nearest_end].strip()
        assert 0 < result.similarity <= 1


@pytest.mark.parametrize(
    ("language", "text", "quote"),
    [
        (
            "en",
            "I do not think that the garden was ever a place for children to play in.",
            "I do think that the garden was ever a place for children to play in.",
        ),
        (
            "en",
            "I do think that the garden was always a place for the children to play in.",
            "I don't think that the garden was always a place for the children to play in.",
        ),
        (
            "en",
            "They said that the wall isn't finished and that the gate does work as it should.",
            "They said that the wall is finished and that the gate doesn't work as it should.",
        ),
        (
            "de",
            "Ich glaube nicht, dass der Garten je ein Ort für die Kinder gewesen ist.",
            "Ich glaube, dass der Garten je ein Ort für die Kinder gewesen ist.",
        ),
        (
            "de",
            "Wir haben fünfundzwanzig Kannen Wasser am Tag in den Garten hinter das Haus getragen.",
            "Wir haben Kannen Wasser am Tag in den Garten hinter das Haus getragen.",
        ),
        (
            "fr",
            "Je ne crois pas que le jardin ait été un endroit pour les enfants du quartier.",
            "Je crois que le jardin ait été un endroit pour les enfants du quartier.",
        ),
        (
            "es",
            "Yo no creo que el jardín haya sido alguna vez un lugar para los niños del barrio.",
            "Yo creo que el jardín haya sido alguna vez un lugar para los niños del barrio.",
        ),
        (
            "it",
            "Io non credo che il giardino sia stato davvero il posto giusto per i bambini.",
            "Io credo che il giardino sia stato davvero il posto giusto per i bambini.",
        ),
        (
            "nl",
            "Ik denk niet dat de tuin ooit echt de plek voor de kinderen uit de buurt is geweest.",
            "Ik denk dat de tuin ooit echt de plek voor de kinderen uit de buurt is geweest.",
        ),
        (
            "pt",
            "Eu não acho que o jardim tenha sido o lugar certo para as crianças do bairro.",
            "Eu acho que o jardim tenha sido o lugar certo para as crianças do bairro.",
        ),
        (
            "en",
            "There were 40 people in the garden on the day when the wall came down at last.",
            "There were 14 people in the garden on the day when the wall came down at last.",
        ),
        (
            "en",
            "It was minus, well, -5 degrees in the garden on the day when the wall came down.",
            "It was minus, well, 5 degrees in the garden on the day when the wall came down.",
        ),
    ],
)
def test_a_changed_negation_or_number_is_refused(language: str, text: str, quote: str) -> None:
    result = lost(text, quote, language)
    assert result.status == "unanchored"
    assert result.nearest_start is not None
    assert result.similarity > 0.8
    # The other way round: what is added is refused like what is left out.
    assert lost(quote, text, language).status == "unanchored"


@pytest.mark.parametrize(
    ("text", "quote", "why"),
    [
        (
            "My mother would love the garden and the pond behind the old house by the river so.",
            "My mother would hate the garden and the pond behind the old house by the river so.",
            "replaces",
        ),
        (
            "The usual visitors of the garden behind the house were the people of the village.",
            "The unusual visitors of the garden behind the house were the people of the village",
            "",
        ),
        (
            "Well, they, they cannot blame the weather for the way the shed lies behind the house.",
            "Well, they, cannot they blame the weather for the way the shed lies behind the house.",
            "another order",
        ),
        (
            "At first the dog bit the man who kept the garden behind the old house by the river.",
            "At first the man bit the dog who kept the garden behind the old house by the river.",
            "",
        ),
        (
            "We dug the beds in autumn because the soil was soft then and the days were cool too, "
            "and then we sowed the beans along the wall of the house in rows.",
            "We dug the beds in autumn because the soil was soft then and the days were cool too "
            "... we sowed the beans along the wall of the house in rows.",
            "ellipsis",
        ),
        (
            "We dug the beds in autumn because the soil was soft then and the days were cool too, "
            "so she came and we sowed the beans along the wall of the house in rows.",
            "We dug the beds in autumn because the soil was soft then and the days were cool too, "
            "we sowed the beans along the wall of the house in rows.",
            "joins two places",
        ),
    ],
)
def test_other_words_another_order_and_joined_places_are_refused(
    text: str, quote: str, why: str
) -> None:
    assert why in lost(text, quote).why


@pytest.mark.parametrize(
    ("language", "text", "quote"),
    [
        ("zh", "我们有二十五个人在花园里。", "五个人在花园里"),
        ("en", "We laughed 👩‍🌾 all day.", "laughed 👩"),
        ("fr", "l’e\u0301te\u0301", "l’e"),
        ("de", "die Straß", "die Stras"),
        ("fr", "il y a 2 500 habitants ici", "500 habitants ici"),
        ("en", "we were ninety five then", "five then"),
        ("en", "from 5–10 people came", "10 people came"),
        ("en", "she is a non-smoker now", "smoker now"),
        ("en", "it was -5 outside", "5 outside"),
        ("en", "it was .5 outside", "5 outside"),
        ("en", "we saw 5% of it", "we saw 5"),
    ],
)
def test_words_numbers_and_signs_are_not_cut(language: str, text: str, quote: str) -> None:
    assert lost(text, quote, language).status == "unanchored"
