"""All 38 real files: 11 interviews, and every coding of the prints finds its words."""

from __future__ import annotations

from itertools import combinations

import pytest

from assistant.transcripts.aligning import Carried, align
from assistant.transcripts.aligning_words import words_of
from assistant.transcripts.grouping import choose_base, group, same_interview, word_similarity
from assistant.transcripts.reading import read_document
from assistant.transcripts.records import Document
from tests.conftest import INTERVIEWS

pytestmark = [
    pytest.mark.real,
    pytest.mark.slow,
    pytest.mark.skipif(not INTERVIEWS.is_dir(), reason="the real interviews are not here"),
]


@pytest.fixture(scope="module")
def documents() -> list[Document]:
    paths = [
        path
        for folder in ("delve-pdf", "delve-text", "transcripts")
        for path in sorted((INTERVIEWS / folder).iterdir())
        if path.suffix in (".pdf", ".txt", ".md")
    ]
    return [read_document(path, language="en") for path in paths]


def test_eleven_interviews(documents: list[Document]) -> None:
    assert len(documents) == 38
    groups = group(documents)
    assert len(groups) == 11
    assert group(documents[::-1]) == groups
    for members in groups:
        assert len({document.title for document in members}) == 1
        assert choose_base(members).format == "plain"
        for one, other in combinations(members, 2):
            assert word_similarity(one.text, other.text) > 0.997
    for one_group, other_group in combinations(groups, 2):
        assert word_similarity(one_group[0].text, other_group[0].text) < 0.3
        assert not same_interview(one_group[0].text, other_group[0].text)


def test_every_coding_of_a_print_is_carried_with_the_same_words(documents: list[Document]) -> None:
    carried = 0
    for members in group(documents):
        base = choose_base(members)
        for document in members:
            if document.format != "delve-pdf":
                continue
            alignment = align(document.text, base.text)
            for coding in document.codings:
                found = alignment.carry(coding.start, coding.end)
                assert isinstance(found, Carried)
                assert found.quality == "exact"
                assert "".join(words_of(base.text[found.start : found.end]).folded) == "".join(
                    words_of(document.text[coding.start : coding.end]).folded
                )
                carried += 1
    assert carried == 1433
