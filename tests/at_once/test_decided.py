"""What one person decides while another program is about to do something with the same."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.codebook.records import Code, Codebook
from assistant.decisions import deciding, in_bulk
from assistant.deidentify.listing import add_term, propose_terms
from assistant.deidentify.listing import decide as decide_names
from assistant.errors import UserError
from assistant.hashing import hash_text
from assistant.interchange.imports.no_interview import take_out
from assistant.interchange.names.renaming import correct_name
from assistant.prompts.records import Prompt
from assistant.store.database import Store, open_store
from assistant.store.decided.decisions import decisions
from assistant.store.model.suggestions import suggestion
from assistant.store.people.coders import add_coder, find_coder
from assistant.store.people.memos import add_memo, memos
from assistant.store.texts.pseudonyms import pseudonyms
from assistant.store.texts.transcripts import new_transcript, transcript_infos
from assistant.store.verify import verify
from assistant.store.versions import codebook_versions, prompt_versions, record_codebook
from assistant.store.versions import record_prompt as keep_prompt
from assistant.transcripts.records import Segment
from tests.at_once.quicker import quicker
from tests.store.filled import Filled, add_interview, fill
from tests.store.test_schema import TALK


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "study.db")[0] as store:
        yield store
        assert verify(store).ok


@pytest.fixture
def other(store: Store) -> Iterator[Store]:
    """The same database, as another program has it open."""
    with open_store(store.path)[0] as other:
        yield other


@pytest.fixture
def filled(store: Store) -> Filled:
    return fill(store, add_interview(store, "Spades", TALK))


def test_what_somebody_rejects_meanwhile_is_not_accepted_in_bulk(
    store: Store, other: Store, filled: Filled
) -> None:
    one, two = filled.suggestions
    with quicker(lambda: deciding.reject(other, one, reviewer="Ana")):
        in_bulk.accept_bulk(
            store, filled.run_id, "tools", "sha256:policy", because="all read", reviewer="Ben"
        )
    assert [suggestion(store, key).decision for key in (one, two)] == ["reject", "accept"]


def test_a_decision_in_bulk_is_undone_once(store: Store, other: Store, filled: Filled) -> None:
    bulk = in_bulk.accept_bulk(
        store, filled.run_id, "tools", "sha256:policy", because="all read", reviewer="Ben"
    )
    with (
        quicker(lambda: in_bulk.undo(other, bulk.bulk_id, "Ana")),
        pytest.raises(UserError, match="undone already"),
    ):
        in_bulk.undo(store, bulk.bulk_id, "Ben")


def test_a_decision_is_taken_back_once(store: Store, other: Store, filled: Filled) -> None:
    one, _ = filled.suggestions
    deciding.accept(store, one, reviewer="Ana")
    with (
        quicker(lambda: deciding.take_back(other, one, reviewer="Ben")),
        pytest.raises(UserError, match="nothing to undo"),
    ):
        deciding.take_back(store, one, reviewer="Ana")
    assert [d.decision for d in decisions(store, one)] == ["accept", "undo"]


def test_two_that_keep_the_same_version_keep_it_once(store: Store, other: Store) -> None:
    book = Codebook(name="New", codes=(Code(id="sowing"),))
    prompt = Prompt(
        id="q",
        purpose="x",
        strategy="list",
        source="q",
        system="s",
        user="u",
        sha256=hash_text("q"),
    )
    with quicker(lambda: record_codebook(other, book, "source")):
        assert not record_codebook(store, book, "source")
    with quicker(lambda: keep_prompt(other, prompt)):
        assert not keep_prompt(store, prompt)
    assert [v.sha256 for v in codebook_versions(store)] == [book.sha256]
    assert [v[0] for v in prompt_versions(store)] == [prompt.sha256]


def test_two_versions_that_are_kept_at_once_have_an_order(store: Store, other: Store) -> None:
    books = [Codebook(name="New", codes=(Code(id=code),)) for code in ("sowing", "reaping")]
    with quicker(lambda: record_codebook(other, books[0], "first")):
        assert record_codebook(store, books[1], "second")
    first, second = codebook_versions(store)
    assert (first.sha256, second.sha256) == (books[0].sha256, books[1].sha256)
    assert first.recorded_at < second.recorded_at


def test_two_people_never_get_the_same_pseudonym(store: Store, other: Store) -> None:
    with quicker(lambda: add_term(other, "Ana Brook", "person")):
        add_term(store, "Ben Marsh", "person")
    assert {p.term: p.replacement for p in pseudonyms(store)} == {
        "Ana Brook": "Person 1",
        "Ben Marsh": "Person 2",
    }


def test_a_name_that_is_confirmed_while_names_are_looked_for_stays_confirmed(
    store: Store, other: Store
) -> None:
    """Else it would leave the computer."""
    said = "We asked Ana Brook about it. Then Ana Brook went. I told Mr Pell, and Mr Pell knew."
    add_interview(store, "Names", [("P1", said), ("P2", f"Yes. {said}")])
    with quicker(lambda: add_term(other, "Ana Brook", "person", "Somebody")):
        found = propose_terms(store)
    terms = {p.term: p for p in pseudonyms(store)}
    assert terms["Ana Brook"].status == "confirmed"
    assert terms["Ana Brook"].replacement == "Somebody"
    assert "Ana Brook" not in {p.pseudonym.term for p in found.new}
    assert terms["Pell"].status == "proposed"


def test_a_replacement_that_became_a_name_is_not_confirmed(store: Store, other: Store) -> None:
    add_term(store, "Ana Brook", "person", "Rose")
    decide_names(store, ["Ana Brook"], "refused")
    with (
        quicker(lambda: add_term(other, "Rose", "person", "Person 9")),
        pytest.raises(UserError, match="on the list itself"),
    ):
        decide_names(store, ["Ana Brook"], "confirmed")


def test_what_somebody_wrote_about_meanwhile_is_not_taken_out(store: Store, other: Store) -> None:
    said = (("P", "Quimpet means that somebody zorblats."), ("P", "Vexadoon does not."))
    text = "\n\n".join(words for _, words in said)
    key = new_transcript(
        store, "codes", hash_text(text), text, "en", [Segment(index=0, start=0, end=len(text))]
    )
    with (
        quicker(lambda: add_memo(other, "transcript", "It is one.", "Ana", transcript_id=key)),
        pytest.raises(UserError, match="work that rests on it"),
    ):
        take_out(store, "codes")
    assert [info.name for info in transcript_infos(store)] == ["codes"]
    assert [memo.text for memo in memos(store, key)] == ["It is one."]


def test_a_name_is_not_corrected_into_one_that_somebody_has_now(
    store: Store, other: Store, filled: Filled
) -> None:
    with (
        quicker(lambda: add_coder(other, "Hannah", "human")),
        pytest.raises(UserError, match="“Hannah” is there already"),
    ):
        correct_name(store, "Ana", "Hannah")
    assert find_coder(store, "Ana", "human") is not None
