"""Deciding on disagreements: versions of their own, who said what, and what the scope says."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.decisions.adjudicating import Agreed, InDispute, adjudicate, adjudicated_name
from assistant.errors import UserError
from assistant.store.database import Store, open_store
from assistant.store.decided.adjudications import SaidSide, adjudications
from assistant.store.people.codings import codings, scopes, set_exposure
from assistant.store.texts.transcripts import transcript
from assistant.store.verify import verify
from assistant.store.versions import codebook_versions, record_codebook
from assistant.store.withdrawal.withdrawal import withdraw
from tests.review.studies import shed
from tests.store.filled import CODEBOOK

HERS = "Cleo"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return open_store(shed(tmp_path / "study", run=False).database)[0]


def dispute(store: Store, segment: int, code: str = "tools", key: str = "") -> InDispute:
    """Ana marks the segment, Ben does not."""
    s = transcript(store, 1).segments[segment]
    side = SaidSide(("Ana",), (code,), ((code, s.start, s.end - 2),))
    sides = (side, SaidSide(("Ben",), ()))
    return InDispute(key or f"d-{segment}-{code}", 1, segment, segment, (code,), sides)


def version(store: Store, who: str = HERS) -> list[tuple[str, int]]:
    name = adjudicated_name(who)
    return [(c.code, c.start) for c in codings(store) if c.coder.name == name]


def test_the_right_side_becomes_a_coding_and_the_other_stays(store: Store) -> None:
    before = codings(store)
    one = dispute(store, 1)
    said = adjudicate(store, one, "this-side", HERS, note="clear")
    assert version(store) == [("tools", transcript(store, 1).segments[1].start)]
    made = [c for c in codings(store) if c.coder.name == adjudicated_name(HERS)]
    assert [(c.origin, c.exposure) for c in made] == [("review", "adjudicated")]
    assert [c for c in codings(store) if c not in made] == list(before)
    assert said.made == (made[0].guid,)
    assert said.chosen == 0
    assert verify(store).ok


def test_a_changed_mind_takes_the_coding_back_and_both_words_stay(store: Store) -> None:
    one = dispute(store, 1)
    first = adjudicate(store, one, "this-side", HERS)
    second = adjudicate(store, one, "that-side", HERS, seen=first.id)
    assert version(store) == []
    assert second.replaces_id == first.id
    assert [a.id for a in adjudications(store)] == [second.id]
    assert [a.outcome for a in adjudications(store, current=False)] == ["this-side", "that-side"]
    adjudicate(store, one, "this-side", HERS)
    assert len(version(store)) == 1
    assert verify(store).ok


def test_two_people_have_versions_of_their_own(store: Store) -> None:
    one = dispute(store, 1)
    adjudicate(store, one, "this-side", "Cleo")
    adjudicate(store, one, "both-defensible", "Dora")
    assert [(a.who, a.outcome) for a in adjudications(store, key=one.key)] == [
        ("Cleo", "this-side"),
        ("Dora", "both-defensible"),
    ]
    assert version(store, "Cleo")
    assert version(store, "Dora") == []


def test_no_is_said_only_where_everything_in_dispute_is_settled(store: Store) -> None:
    known = [dispute(store, 1), dispute(store, 1, "weather"), dispute(store, 2)]

    def scope() -> tuple[tuple[int, ...] | None, tuple[str, ...] | None]:
        (found,) = [s for s in scopes(store) if s.coder.name == adjudicated_name(HERS)]
        assert found.exposure == "adjudicated"
        return found.segments, found.codes

    adjudicate(store, known[0], "that-side", HERS, known=known)
    assert scope() == ((), ("tools",))
    adjudicate(store, known[1], "codebook-unclear", HERS, known=known)
    assert scope() == ((), ("tools",))
    agreed = [Agreed(1, "tools"), Agreed(1, "sharing"), Agreed(2, "tools")]
    adjudicate(store, known[1], "this-side", HERS, known=known, agreed=agreed)
    assert scope() == ((1,), ("tools", "weather"))
    # What nobody disputes is yes there, for the codes that the scope speaks of, and only there.
    start = transcript(store, 1).segments[1].start
    assert sorted(version(store)) == [("tools", start), ("weather", start)]
    adjudicate(store, known[2], "that-side", HERS, known=known)
    assert scope() == ((1, 2), ("tools", "weather"))
    assert verify(store).ok


def test_nobody_can_state_it_to_be_evidence(store: Store) -> None:
    adjudicate(store, dispute(store, 1), "this-side", HERS)
    set_exposure(store, "independent")
    found = {s.coder.name: s.exposure for s in scopes(store)}
    assert found[adjudicated_name(HERS)] == "adjudicated"
    assert found["Ana"] == "independent"


def test_another_window_is_not_overwritten(store: Store) -> None:
    one = dispute(store, 1)
    adjudicate(store, one, "this-side", HERS, seen=0)
    with pytest.raises(UserError, match="another window"):
        adjudicate(store, one, "neither", HERS, seen=0)
    assert [a.outcome for a in adjudications(store)] == ["this-side"]


@pytest.mark.parametrize(("outcome", "chosen"), [("perhaps", None), ("that-side", 5)])
def test_nonsense_is_refused(store: Store, outcome: str, chosen: int | None) -> None:
    with pytest.raises(UserError):
        adjudicate(store, dispute(store, 1), outcome, HERS, chosen=chosen)  # type: ignore[arg-type]
    assert adjudications(store) == ()


def test_a_withdrawal_blanks_the_note_and_keeps_the_outcome(store: Store) -> None:
    adjudicate(store, dispute(store, 1), "neither", HERS, note="She says zorblat there.")
    withdraw(store, 1, "asked")
    (said,) = adjudications(store)
    assert (said.note, said.outcome, said.who) == ("", "neither", HERS)
    store.close()
    assert store.path
    assert b"zorblat" not in b"".join(
        f.read_bytes() for f in store.path.parent.iterdir() if f.is_file()
    )


def test_the_version_is_of_the_codebook_that_was_before_her(store: Store) -> None:
    """Not of the one that was recorded last; and what is begun stays of its own."""
    present = CODEBOOK.sha256
    newer = CODEBOOK.model_copy(update={"version": "9", "sha256": "sha256:" + "1" * 64})
    for book in (CODEBOOK, newer):
        record_codebook(store, book, "the file's text")
    assert codebook_versions(store)[-1].sha256 == newer.sha256
    adjudicate(store, dispute(store, 1), "this-side", HERS, codebook_sha256=present)

    def version_of() -> str:
        (found,) = [s for s in scopes(store) if s.coder.name == adjudicated_name(HERS)]
        return found.codebook_sha256

    assert version_of() == present
    adjudicate(store, dispute(store, 2), "this-side", HERS, codebook_sha256=newer.sha256)
    assert version_of() == present
