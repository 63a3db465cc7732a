"""Codes that somebody made blind while the codebook changed are of the version that came first."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.codebook.loading import parse_codebook
from assistant.codebook.records import Codebook
from assistant.decisions.own import add_blind, begin_blind, finish_blind, give_up_blind, remove
from assistant.store.database import Store, open_store
from assistant.store.people.codings import scopes
from assistant.store.versions import record_codebook
from eval.units.loading import load
from tests.store.filled import add_interview

FIRST = "name: Plots\ncodes:\n  - {id: tools, definition: What is dug with.}\n"
SECOND = FIRST.replace("dug", "dug or cut") + "  - {id: money, definition: What it costs.}\n"
PARAGRAPHS = [("Q", "What was there?"), ("Ann", "A spade."), ("Ann", "It cost us a month.")]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "study.db")[0] as made:
        add_interview(made, "One", PARAGRAPHS)
        yield made


def _book(store: Store, text: str) -> Codebook:
    book = parse_codebook(text, "codebook")
    record_codebook(store, book, text)
    return book


def _version(store: Store) -> str:
    (mine,) = (s for s in scopes(store, 1) if s.coder.name == "Eva")
    return mine.codebook_sha256


def test_they_are_of_the_version_of_the_first_code(store: Store) -> None:
    first = _book(store, FIRST)
    begin_blind(store, "Eva", 1, first)
    add_blind(store, first, 1, "tools", 0, 4, "Eva")
    second = _book(store, SECOND)
    add_blind(store, second, 1, "money", 20, 24, "Eva")
    finish_blind(store, second, 1, "Eva")
    assert _version(store) == first.sha256
    (coded,) = load(store, second, ("Q",)).transcripts
    eva = next(s for s in coded.scopes if s.coder == "Eva")
    assert eva.silent == {"tools", "money"}
    assert not [c for c in coded.codings if c.coder == "Eva"]


def test_a_first_code_that_was_taken_back_was_made_all_the_same(store: Store) -> None:
    first = _book(store, FIRST)
    begin_blind(store, "Eva", 1, first)
    remove(store, add_blind(store, first, 1, "tools", 0, 4, "Eva").id, "Eva")
    second = _book(store, SECOND)
    add_blind(store, second, 1, "money", 20, 24, "Eva")
    finish_blind(store, second, 1, "Eva")
    assert _version(store) == first.sha256


def test_a_codebook_that_changed_before_the_first_code_is_the_one(store: Store) -> None:
    begin_blind(store, "Eva", 1, _book(store, FIRST))
    second = _book(store, SECOND)
    add_blind(store, second, 1, "money", 20, 24, "Eva")
    finish_blind(store, second, 1, "Eva")
    assert _version(store) == second.sha256


def test_who_found_nothing_read_with_the_version_that_she_began_with(store: Store) -> None:
    first = _book(store, FIRST)
    begin_blind(store, "Eva", 1, first)
    finish_blind(store, _book(store, SECOND), 1, "Eva")
    assert _version(store) == first.sha256


def test_what_was_given_up_counts_no_more(store: Store) -> None:
    first = _book(store, FIRST)
    begin_blind(store, "Eva", 1, first)
    add_blind(store, first, 1, "tools", 0, 4, "Eva")
    give_up_blind(store, 1, "Eva")
    second = _book(store, SECOND)
    begin_blind(store, "Eva", 1, second)
    finish_blind(store, second, 1, "Eva")
    assert _version(store) == second.sha256
