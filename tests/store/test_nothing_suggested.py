"""Which transcripts of a run got no suggestion, and that each gap is told from a true nothing."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from assistant.coding.summary import run_details
from assistant.store.database import Store, open_store
from assistant.store.model.calls import record_request
from assistant.store.model.chunks import add_chunk
from assistant.store.model.nothing_suggested import NOT_REACHED, without_suggestions
from assistant.store.model.outcomes import set_segment_outcomes
from assistant.store.model.reply_records import SegmentOutcome, SegmentStatus
from assistant.store.model.runs import run
from tests.store.filled import add_interview, add_run, fill
from tests.store.test_schema import TALK


@pytest.fixture
def store() -> Store:
    return open_store()[0]


def why(store: Store, statuses: Sequence[SegmentStatus], *, unfinished: bool = False) -> str:
    key = add_interview(store, "Spades", TALK)
    row = add_run(store, key)
    set_segment_outcomes(
        store, row.id, [SegmentOutcome(key, n, status) for n, status in enumerate(statuses)]
    )
    if unfinished:
        record_request(store, "sha256:request", "{}")
        add_chunk(store, row.id, key, "rest", 0, 0, "sha256:request")
    (said,) = without_suggestions(store, row).items()
    assert said[0] == key
    return said[1]


@pytest.mark.parametrize(
    ("statuses", "said"),
    [
        ((), NOT_REACHED),
        (("coded-empty", "coded-empty"), "in 2 passages no code was found to apply"),
        (("failed", "failed"), "all 2 passages failed"),
        (
            ("failed", "coded-empty"),
            "1 passage failed; in 1 passage of the others no code was found to apply",
        ),
        (("not-coded",), "none of its passages was asked about"),
    ],
)
def test_each_has_its_reason(store: Store, statuses: Sequence[SegmentStatus], said: str) -> None:
    assert why(store, statuses) == said


def test_what_was_begun_and_not_finished_says_so(store: Store) -> None:
    said = why(store, ("coded-empty",), unfinished=True)
    assert said.startswith("the run did not get to the end of it; in 1 passage")


def test_ranking_alone_is_no_nothing(store: Store) -> None:
    store_why = why(store, ("coded-empty",))
    assert "no code was found" in store_why
    store.write("UPDATE runs SET strategy = 'judge'")
    (row,) = [run(store, 1)]
    assert list(without_suggestions(store, row).values()) == [
        "codes were only ranked, since nothing could be calibrated"
    ]


def test_one_with_suggestions_is_not_listed_and_one_with_unplaced_ones_says_so(
    store: Store,
) -> None:
    made = fill(store, add_interview(store, "Spades", TALK))
    assert without_suggestions(store, run(store, made.run_id)) == {}
    store.write("DELETE FROM decisions")
    store.write("DELETE FROM suggestions")
    (said,) = without_suggestions(store, run(store, made.run_id)).values()
    assert said.startswith("1 suggestion could not be placed in the text")


def test_the_run_itself_says_so_but_not_of_what_is_kept_back(store: Store) -> None:
    key = add_interview(store, "Spades", TALK)
    row = add_run(store, key)
    store.write("UPDATE runs SET header = json_set(header, '$.notes', json_array('calibrated'))")
    assert run_details(store, row.id).notes == (
        "calibrated",
        f"No suggestion at all in “Spades”: {NOT_REACHED}.",
    )
    assert run_details(store, row.id, leave_out=[key]).notes == ("calibrated",)
