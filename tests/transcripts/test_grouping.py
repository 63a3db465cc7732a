"""Files of one interview are put together, and nothing is compared twice."""

from __future__ import annotations

from itertools import permutations

import pytest

from assistant.transcripts import grouping
from assistant.transcripts.grouping import group, same_interview
from assistant.transcripts.records import Document

WORDS = [f"word{n}" for n in range(300)]
NEAR = [*WORDS[:150], "another", *WORDS[151:]]
OTHER = [f"other{n}" for n in range(300)]
TEXTS = {
    "a.txt": " ".join(WORDS),
    "b.txt": "\n".join(WORDS),
    "c.txt": " ".join(WORDS).upper(),
    "d.txt": " ".join(NEAR),
    "e.txt": " ".join(OTHER),
    "f.txt": ", ".join(OTHER),
    "g.txt": "",
    "h.txt": "",
}


def document(name: str) -> Document:
    return Document(
        name=name, format="plain", file_sha256=f"sha256:{name}", text=TEXTS[name], segments=()
    )


def names(found: tuple[tuple[Document, ...], ...]) -> list[list[str]]:
    return [[one.name for one in members] for members in found]


def test_the_same_groups_in_any_order() -> None:
    expected = [["a.txt", "b.txt", "c.txt", "d.txt"], ["e.txt", "f.txt"], ["g.txt", "h.txt"]]
    for order in list(permutations(TEXTS))[::997]:
        assert names(group(document(name) for name in order)) == expected
    for one in TEXTS:
        for two in TEXTS:
            together = any({one, two} <= set(members) for members in expected)
            assert same_interview(TEXTS[one], TEXTS[two]) == together


def test_texts_of_the_same_words_are_compared_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    same = grouping._same

    def counted(one: grouping._Words, two: grouping._Words) -> bool:
        asked.append(1)
        return same(one, two)

    monkeypatch.setattr(grouping, "_same", counted)
    group(document(name) for name in TEXTS)
    assert len(asked) == 3, "of four texts, and the one without words has another length"
