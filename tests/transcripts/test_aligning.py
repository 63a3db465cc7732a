"""Which files are one interview, and where a span of one file stands in another."""

from __future__ import annotations

import itertools
import random
import time

import pytest

from assistant.transcripts.aligning import Carried, NotCarried, align
from assistant.transcripts.aligning_words import words_of
from assistant.transcripts.grouping import choose_base, group, same_interview, word_similarity
from assistant.transcripts.records import Document, Segment

VOCABULARY = [f"w{number}" for number in range(1500)]


def interview(seed: int, words: int = 2000) -> list[str]:
    """Words as speech has them: a few of them very often."""
    chance = random.Random(seed)
    return [VOCABULARY[int(1500 * chance.random() ** 3)] for _ in range(words)]


def document(text: str, name: str = "a.txt", form: str = "plain") -> Document:
    segment = Segment(index=0, start=0, end=len(text))
    return Document(
        name=name, format=form, file_sha256=f"sha256:{name}", text=text, segments=(segment,)
    )


def quote(source: str, wanted: str, target: str) -> str:
    """What ``wanted`` becomes; the test fails if it is not carried."""
    start = source.index(wanted)
    found = align(source, target).carry(start, start + len(wanted))
    assert isinstance(found, Carried), found
    return target[found.start : found.end]


# ------------------------------------------------------------------ words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Don’t don't DONT", ("dont", "dont", "dont")),
        ("well-known, 3.5 (yes)", ("well", "known", "3", "5", "yes")),
        ("STRASSE straße", ("strasse", "strasse")),
        ("cafe\u0301 café", ("café", "café")),
        ("你好, ok", ("你", "好", "ok")),
        ("हिन्दी भाषा", ("हिन्दी", "भाषा")),
        ("yes 👩\u200d🌾! no", ("yes", "👩🌾", "no")),
        ("❤\ufe0f ❤", ("❤", "❤")),
        ("... -- ' _", ()),
        ("", ()),
    ],
)
def test_words(text: str, expected: tuple[str, ...]) -> None:
    words = words_of(text)
    assert words.folded == expected
    assert all(start < end for start, end in zip(words.starts, words.ends, strict=True))


# ------------------------------------------------------------------ the same interview


def test_layout_punctuation_and_case_do_not_count() -> None:
    assert word_similarity("Yes, I\nknow.", "yes i   KNOW") == 1.0
    assert same_interview("Yes, I\nknow.", "yes i   KNOW")


def test_similarity_counts_words_in_order() -> None:
    # Longest common subsequence "a b d" (3), words 4 + 4: 2 * 3 / 8.
    assert word_similarity("a b c d", "a b d c") == pytest.approx(0.75)
    assert word_similarity("a b", "c d") == 0.0
    assert word_similarity("", "...") == 1.0
    assert word_similarity("", "word") == 0.0


def test_threshold_is_99_in_100() -> None:
    words = interview(1, 1000)
    # 10 words of 1000 replaced: 2 * 990 / 2000 = 0.99; one more is below.
    for replaced, same in ((10, True), (11, False)):
        other = list(words)
        for number in range(replaced):
            other[number * 90] = f"other{number}"
        assert same_interview(" ".join(words), " ".join(other)) is same


def test_same_words_in_another_order_are_another_interview() -> None:
    words = interview(2)
    assert not same_interview(" ".join(words), " ".join(sorted(words)))


@pytest.mark.slow
def test_thirty_long_interviews_are_told_apart_without_comparing_all_their_words() -> None:
    texts = [" ".join(interview(seed, 10_000)) for seed in range(31)]
    for text in texts:
        words_of(text)
    start = time.process_time()
    assert not any(same_interview(texts[0], text) for text in texts[1:])
    assert time.process_time() - start < 30, "it took 0.1 s when it was measured"


def test_groups_are_the_same_in_every_order() -> None:
    first, second = interview(3, 400), interview(4, 400)
    near = [*first[:200], "uh", *first[200:]]
    documents = [
        document(" ".join(first), "a.txt"),
        document("\n".join(near), "b.pdf", "delve-pdf"),
        document(" ".join(second), "c.txt"),
        document(" ".join(first[:300]), "d.txt"),
    ]
    expected = (tuple(documents[:2]), (documents[2],), (documents[3],))
    for order in itertools.permutations(documents):
        assert group(order) == expected


def test_groups_follow_chains() -> None:
    words = interview(5, 1000)
    chain = [
        document(" ".join([*(f"new{n}" for n in range(step)), *words[step:]]), f"{step:02}.txt")
        for step in (0, 8, 16)
    ]
    assert not same_interview(chain[0].text, chain[2].text)
    for order in itertools.permutations(chain):
        assert group(order) == (tuple(chain),)


def test_no_documents_no_groups() -> None:
    assert group([]) == ()
    with pytest.raises(ValueError, match="no documents"):
        choose_base([])


def test_base_is_the_plainest_in_every_order() -> None:
    forms = ["delve-pdf", "delve-text", "speaker-lines", "word", "plain"]
    documents = [document(f"text {form}", form, form) for form in forms]
    while documents:
        for order in itertools.permutations(documents):
            assert choose_base(order).format == forms[len(documents) - 1]
        documents.pop()


def test_base_among_equals_depends_on_content_not_on_order() -> None:
    documents = [document(text, f"{text}.txt") for text in ("one", "two", "three")]
    assert len({choose_base(order).text for order in itertools.permutations(documents)}) == 1
    twins = [document("one", "x.txt"), document("one", "y.txt")]
    assert choose_base(twins) == choose_base(twins[::-1]) == twins[0]


# ------------------------------------------------------------------ carrying spans over


def test_layout_changes_nothing() -> None:
    source = "Interviewer asked.\n\nWell, we grew beans and peas.\nThen it rained."
    target = "Interviewer asked. Well,\nwe grew   beans\n\nand peas. Then it rained."
    found = align(source, target).carry(*_span(source, "we grew beans and peas."))
    assert found == Carried(*_span(target, "we grew   beans\n\nand peas."), "exact", 1.0)


def test_white_space_at_the_ends_is_left_out() -> None:
    text = "one two three"
    assert align(text, text).carry(3, 8) == Carried(4, 7, "exact", 1.0)
    assert align(text, "one  two three").carry(3, 8) == Carried(5, 8, "exact", 1.0)


def test_border_within_a_word_stays_at_its_letter() -> None:
    assert quote("say unbelievable things", "believable th", "say  unbelievable\nthings") == (
        "believable\nth"
    )
    assert quote("say unbelievable things", "believable", "say Unbelievable things") == (
        "Unbelievable"
    )


def test_punctuation_at_the_ends_goes_along_where_it_is_there() -> None:
    assert quote("so “Yes!” he said", "“Yes!”", "so  “Yes!” he said") == "“Yes!”"
    assert quote("so “Yes!” he said", "“Yes!”", "so Yes! he said") == "Yes!"
    assert quote("so “Yes!” he said", "“Yes!”", "so yes. He said") == "yes"


def test_words_written_apart_meet_words_written_together() -> None:
    source, target = "in the data base of plants", "In the database, of plants"
    assert quote(source, "data base", target) == "database"
    assert quote(target, "database", source) == "data base"


def test_repeated_words_are_told_apart_by_their_neighbours() -> None:
    source = "yes yes I think yes we do yes"
    target = "yes\nyes I think\nyes we do yes"
    for number, match in enumerate(words_of(source).starts):
        found = align(source, target).carry(match, words_of(source).ends[number])
        assert isinstance(found, Carried)
        assert found.start == words_of(target).starts[number]


def test_more_words_in_the_target_are_said() -> None:
    found = align("we grew beans there", "we grew uh beans there").carry(0, 13)
    assert found == Carried(0, 16, "shifted", 1.0, "the transcript has more words in between")


def test_a_missing_word_is_said() -> None:
    source = "we really grew beans and peas there"
    found = align(source, "we grew beans and peas there").carry(0, len(source))
    assert isinstance(found, Carried)
    assert (found.quality, round(found.share, 3)) == ("partial", round(6 / 7, 3))
    assert "6 of its 7 words" in found.reason


def test_short_span_may_lack_one_word() -> None:
    source = "before Ben it is so after"
    found = align(source, "before it is so after").carry(*_span(source, "Ben it is so"))
    assert isinstance(found, Carried)
    assert found.quality == "partial"


@pytest.mark.parametrize(
    ("source", "span", "target", "reason"),
    [
        ("we grew beans and peas", "beans and peas", "we grew flowers", "only 0 of its 3"),
        ("one two", "one two", "one", "only 1 of its 2 words"),
        ("yes ... no", "...", "yes no", "no words, only punctuation"),
        ("yes   no", "   ", "yes no", "white space only"),
    ],
)
def test_what_cannot_be_placed_has_a_reason(
    source: str, span: str, target: str, reason: str
) -> None:
    found = align(source, target).carry(*_span(source, span))
    assert isinstance(found, NotCarried)
    assert reason in found.reason


def test_words_that_are_far_apart_are_not_one_span() -> None:
    other = [f"x{number}" for number in range(60)]
    found = align("we grew beans", " ".join(["we", "grew", *other, "beans"])).carry(0, 13)
    assert isinstance(found, NotCarried)
    assert "spread over 63" in found.reason


def test_span_outside_the_text_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="outside"):
        align("one", "one").carry(0, 4)


def test_long_interview_with_small_changes() -> None:
    words = interview(6, 20_000)
    other = list(words)
    for place in range(500, 19_500, 700):
        other[place] = "changed"
    del other[9_990:10_000]
    source, target = " ".join(words), "\n".join(other)
    start = time.process_time()
    alignment = align(source, target)
    assert time.process_time() - start < 60, "it took 0.3 s when it was measured"
    places = words_of(source)
    kept = 0
    for first in range(0, 19_900, 100):
        begin, end = places.starts[first], places.ends[first + 30]
        found = alignment.carry(begin, end)
        assert isinstance(found, Carried)
        if found.quality == "exact":
            assert target[found.start : found.end].split() == source[begin:end].split()
            kept += 1
    assert kept == 199 - 28, "every span but those that begin with one of the 28 changed words"


# ------------------------------------------------------------------ properties


def _span(text: str, part: str) -> tuple[int, int]:
    start = text.index(part)
    return start, start + len(part)
