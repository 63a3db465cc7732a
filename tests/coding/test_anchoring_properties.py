"""Anchoring on any text: what was quoted is found, what was changed is not."""

from __future__ import annotations

import random
import time
from collections.abc import Callable

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from assistant.coding.quotes.anchoring import anchor
from assistant.coding.quotes.folding import fold
from assistant.coding.quotes.guards import guard_for, words_of
from assistant.coding.records import Anchored, Unplaced
from tests.coding.invented import CODEBOOK, apply, whole

LANGUAGES = ("en", "fr", "de", "es", "it", "nl", "pt")
WORDS = (
    *("garden", "cans", "«water»", "Straße", "l’été", "don't", "cannot", "no", "3", "1.5", "five"),
    *("twenty-five", "não", "nicht", "jamais", "um", "we", "we", "Beds,", "rain.", "“why”", "ﬁne"),
    *("e\u0301te\u0301", "👩‍🌾", "雨水", "never", "all", "İzmir", "mother", "brother", "colour"),
    *("color", "organised", "organized", "usual", "unusual", "the", "a", "of", "was", "and", "so"),
)

texts = st.lists(st.sampled_from(WORDS), min_size=2, max_size=40)
gaps = st.sampled_from([" ", "  ", "\n", "\u00a0", " \t "])
marks = {"’": "'", "“": '"', "”": "„", "«": "“", "»": '"', "'": "’"}


def place(text: str, quote: str, language: str = "en") -> Anchored | Unplaced:
    return anchor(apply(quote), CODEBOOK, text, whole(text), language)


@pytest.mark.slow
@given(texts, st.data())
@settings(max_examples=150, deadline=None)
def test_a_span_is_found_again_under_noise(words: list[str], data: st.DataObject) -> None:
    text = " ".join(words)
    first = data.draw(st.integers(0, len(words) - 2))
    last = data.draw(st.integers(first + 2, len(words)))
    start = len(" ".join(words[:first])) + (first > 0)
    span = " ".join(words[first:last])
    end = start + len(span)

    noisy = data.draw(gaps).join(words[first:last])
    noisy = "".join(marks.get(char, char) if data.draw(st.booleans()) else char for char in noisy)
    changes: list[Callable[[str], str]] = [str.strip, str.lower, str.upper, str.swapcase]
    change = data.draw(st.sampled_from(changes))
    assume(fold(change(noisy)).text == fold(span).text)  # upper case of some letters is not undone
    result = place(text, change(noisy))

    if isinstance(result, Anchored):
        assert result.quote == text[result.start : result.end]
        assert fold(result.quote).text.strip("'.,") == fold(span).text.strip("'.,")
        if fold(text).text.count(fold(span).text) == 1:
            # Quotation marks at the ends of a quote may be the model's own.
            assert start <= result.start < result.end <= end
            assert result.start - start <= 1
            assert end - result.end <= 1
    elif result.status == "ambiguous":
        assert len(result.places) > 1
    else:
        # Only when the span itself begins or ends inside a number, such as “five” after “3”.
        assert "inside" in result.why


@pytest.mark.slow
@given(texts, texts, st.sampled_from((*LANGUAGES, "sv", "ja", "")))
@settings(max_examples=150, deadline=None)
def test_any_quote_against_any_text(words: list[str], other: list[str], language: str) -> None:
    text, quote = " ".join(words), " ".join(other)
    result = place(text, quote, language)
    if isinstance(result, Anchored):
        assert 0 <= result.start < result.end <= len(text)
        assert result.quote == text[result.start : result.end] == result.quote.strip()
        guard = guard_for(language)
        if result.how == "close":
            assert guard is not None
            said = [w.text for w in words_of(fold(quote).text) if guard.protects(w.text)]
            there = [w.text for w in words_of(fold(result.quote).text) if guard.protects(w.text)]
            assert said == there
            assert result.similarity >= 0.85
        else:
            assert fold(quote).text.strip("'., ") == fold(result.quote).text.strip("'., ")
    elif result.nearest_start is not None and result.nearest_end is not None:
        assert 0 <= result.nearest_start < result.nearest_end <= len(text)


@given(st.text(max_size=60), st.text(max_size=30))
@settings(max_examples=150, deadline=None)
def test_any_characters_at_all(text: str, quote: str) -> None:
    result = place(text, quote)
    if isinstance(result, Anchored):
        assert result.quote == text[result.start : result.end]


SENTENCE = {
    "en": "we told the people of the village that the wall behind the garden was built by them",
    "de": "wir haben den leuten im dorf gesagt dass die mauer hinter dem garten von ihnen stammt",
    "fr": "nous avons dit aux gens du village que le mur derrière le jardin était le leur aussi",
    "es": "les dijimos a los vecinos del pueblo que la tapia detrás del huerto era de ellos",
    "it": "abbiamo detto alla gente del paese che il muro dietro al giardino era davvero loro",
    "nl": "wij hebben de mensen in het dorp gezegd dat de muur achter de tuin van hen is",
    "pt": "dissemos às pessoas da aldeia que o muro atrás do jardim era mesmo o deles",
}


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
@given(data=st.data())
@settings(max_examples=40, deadline=None)
def test_a_protected_word_more_or_less_is_always_refused(
    language: str, data: st.DataObject
) -> None:
    guard = guard_for(language)
    assert guard is not None
    protected = sorted(guard.negations | guard.numbers | guard.quantities | {"17", "3.5", "-2"})
    words = SENTENCE[language].split()
    at = data.draw(st.integers(1, len(words) - 1))
    one, other = data.draw(st.sampled_from(protected)), data.draw(st.sampled_from(protected))
    assume(one != other and one not in words)
    plain = " ".join(words)
    with_one = " ".join([*words[:at], one, *words[at:]])
    with_other = " ".join([*words[:at], other, *words[at:]])
    for text, quote in ((plain, with_one), (with_one, plain), (with_one, with_other)):
        result = place(text, quote, language)
        assert isinstance(result, Unplaced), (text, quote)
        assert result.status == "unanchored"


def _interview(seed: int) -> tuple[str, list[str]]:
    """10,000 words in 150 paragraphs, from a vocabulary that makes every passage its own."""
    chance = random.Random(seed)
    syllables = ["ba", "ko", "li", "mar", "ten", "su", "ve", "rin", "do", "pa", "gle", "sto"]
    vocabulary = ["".join(chance.choices(syllables, k=chance.randint(1, 4))) for _ in range(3000)]
    paragraphs = [" ".join(chance.choices(vocabulary, k=67)) for _ in range(150)]
    return "\n\n".join(paragraphs), paragraphs


@pytest.mark.slow
def test_a_thousand_quotes_in_ten_thousand_words_take_seconds() -> None:
    from tests.coding.invented import made_of

    text, paragraphs = _interview(1)
    transcript = made_of(paragraphs)
    assert transcript.text == text
    chance = random.Random(2)
    how: dict[str, int] = {}
    started = time.perf_counter()
    for n in range(1000):
        number = chance.randrange(len(paragraphs))
        words = paragraphs[number].split()
        first = chance.randrange(40)
        quoted = words[first : first + chance.randint(8, 25)]
        if n % 4 == 1:
            quoted = [word.upper() for word in quoted]
        elif n % 4 == 2:
            del quoted[4]
        elif n % 4 == 3:
            chance.shuffle(quoted)
        result = anchor(
            apply(" ".join(quoted)),
            CODEBOOK,
            text,
            transcript.segments[number],
            "en",
            others=transcript.segments[max(0, number - 10) : number],
        )
        outcome = result.how if isinstance(result, Anchored) else result.status
        how[outcome] = how.get(outcome, 0) + 1
    taken = time.perf_counter() - started
    print(f"1,000 quotes, a quarter each exact, folded, close, shuffled: {taken:.2f} s, {how}")
    assert how["exact"] >= 240
    assert how["folded"] >= 240
    assert how["close"] >= 150
