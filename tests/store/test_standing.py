"""Which verdict counts, and that what it rests on is the same in every copy of a study."""

from __future__ import annotations

import pytest

from assistant.store.coders import add_coder
from assistant.store.codings import set_scope
from assistant.store.database import Store, open_store
from assistant.store.evidence import NewVerdict, record_evaluation, standing_verdicts
from assistant.store.records import Scope
from assistant.store.reference import changes, rests_on
from tests.store.filled import add_interview, add_run
from tests.store.test_schema import TALK


def two(order: str) -> tuple[Store, list[int]]:
    """The same two interviews, numbered as they came."""
    store = open_store()[0]
    keys = {name: add_interview(store, name, [*TALK, ("A", f"I am {name}.")]) for name in order}
    return store, [keys["P"], keys["Q"]]


def test_a_copy_with_other_numbers_has_the_same_evidence() -> None:
    (one, mine), (other, theirs) = two("PQ"), two("QP")
    assert mine != theirs
    first, second = rests_on(one, mine), rests_on(other, theirs)
    assert {**first, "transcripts": 0} == {**second, "transcripts": 0}
    assert changes(other, {**first, "transcripts": theirs}) == ()
    # The hashes do tell interviews and people apart.
    assert rests_on(one, mine[:1])["codings"] != rests_on(one, mine[1:])["codings"]
    set_scope(other, Scope(add_coder(other, "Ben", "human"), theirs[0], "independent"))
    (what,) = changes(other, {**first, "transcripts": theirs})
    assert "who counts as an independent coder" in what


def test_evidence_kept_in_another_form_is_void() -> None:
    store, keys = two("PQ")
    old = {k: v for k, v in rests_on(store, keys).items() if k != "form"}
    assert changes(store, rests_on(store, keys)) == ()
    assert "earlier version" in changes(store, old)[0]
    other = {**rests_on(store, keys), "method": "percentile-1"}
    assert "computed intervals in another way" in changes(store, other)[0]


@pytest.mark.parametrize(
    ("lane", "stands"),
    [("accept", "review"), ("unproven", "review"), ("withhold", "withhold"), ("vague", "vague")],
)
def test_a_run_of_chosen_transcripts_allows_nothing(lane: str, stands: str) -> None:
    """The recipe is for review in two interviews; a run of one of them alone cannot lift that."""
    store, keys = two("PQ")
    first, again = add_run(store, *keys), add_run(store, keys[0])

    def verdict(run_id: int, said: str, transcripts: list[int]) -> None:
        record_evaluation(
            store,
            kind="model",
            run_id=run_id,
            recipe_sha256=first.recipe_sha256,
            codebook_sha256=first.codebook_sha256,
            policy_sha256="sha256:p",
            provisional=False,
            who="Ana",
            content=f'"{run_id} {said} {len(transcripts)}"',
            lineage="x",
            verdicts=[
                NewVerdict(
                    "tools", "sha256:r", said, (), {"rests_on": rests_on(store, transcripts)}
                )
            ],
        )

    def lanes() -> list[str]:
        return [s.verdict.lane for s in standing_verdicts(store, "sha256:p")]

    verdict(first.id, "review", keys)
    verdict(again.id, lane, keys[:1])
    assert lanes() == [stands]
    verdict(again.id, lane, keys)
    assert lanes() == [lane], "of all of them it counts"


@pytest.mark.parametrize(
    ("first", "second", "stands"),
    [
        ("review", "accept", "review"),
        ("accept", "review", "review"),
        ("accept", "accept", "accept"),
    ],
)
def test_of_repeats_the_strictest_counts(first: str, second: str, stands: str) -> None:
    """Whichever was evaluated last; once people's codes change, both are void."""
    store, keys = two("PQ")
    one, two_ = add_run(store, *keys), add_run(store, *keys, repeat=2)
    for row, lane in ((one, first), (two_, second)):
        record_evaluation(
            store,
            kind="model",
            run_id=row.id,
            recipe_sha256=row.recipe_sha256,
            codebook_sha256=row.codebook_sha256,
            policy_sha256="sha256:p",
            provisional=False,
            who="Ana",
            content=f'"{row.id}"',
            lineage="x",
            verdicts=[
                NewVerdict("tools", "sha256:r", lane, (), {"rests_on": rests_on(store, keys)})
            ],
        )
    (standing,) = standing_verdicts(store, "sha256:p")
    assert (standing.verdict.lane, standing.void) == (stands, ())
    set_scope(store, Scope(add_coder(store, "Ben", "human"), keys[0], "independent"))
    (standing,) = standing_verdicts(store, "sha256:p")
    assert standing.void
    assert standing.verdict.run_id == two_.id


def test_too_little_evidence_on_a_new_batch_takes_nothing_back() -> None:
    """An audited batch may be measured too: its sample is too little by itself."""
    store, keys = two("PQ")
    first, batch = add_run(store, keys[0]), add_run(store, keys[1])
    for run_row, said, transcripts in ((first, "accept", keys[:1]), (batch, "unproven", keys[1:])):
        record_evaluation(
            store,
            kind="model",
            run_id=run_row.id,
            recipe_sha256=first.recipe_sha256,
            codebook_sha256=first.codebook_sha256,
            policy_sha256="sha256:p",
            provisional=False,
            who="Ana",
            content=f'"{said}"',
            lineage="x",
            verdicts=[
                NewVerdict(
                    "tools", "sha256:r", said, (), {"rests_on": rests_on(store, transcripts)}
                )
            ],
        )
    assert [s.verdict.lane for s in standing_verdicts(store, "sha256:p")] == ["accept"]
