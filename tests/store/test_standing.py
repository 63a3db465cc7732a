"""Which verdict counts, and that what it rests on is the same in every copy of a study."""

from __future__ import annotations

import pytest

from assistant.codebook.records import Code, Codebook, Operation
from assistant.store.database import Store, open_store
from assistant.store.measured.evidence import NewVerdict, record_evaluation, standing_verdicts
from assistant.store.measured.reference import changes, rests_for_code, rests_on
from assistant.store.people.coders import add_coder
from assistant.store.people.codings import scopes, set_scope
from assistant.store.people.looked_again import looked_again, record_looked_again
from assistant.store.records import Scope
from assistant.store.texts.transcripts import merge_transcripts
from assistant.store.versions import record_codebook, record_operations
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


def _book(code: str, definition: str) -> Codebook:
    codes = (
        Code(id=code, name=code, definition=definition),
        Code(id="weather", name="Weather", definition="What the sky does."),
    )
    return Codebook(name="Garden", codes=codes)


def test_what_is_declared_of_a_code_ends_the_verdict_on_it_and_on_no_other() -> None:
    store, keys = two("PQ")
    run = add_run(store, *keys)
    books = [_book("tools", "What digs."), _book("gear", "What digs."), _book("gear", "All gear.")]
    for book in books:
        record_codebook(store, book, book.name)

    def measured() -> dict[str, tuple[str, ...]]:
        rests = rests_on(store, keys)
        record_evaluation(
            store,
            kind="model",
            run_id=run.id,
            recipe_sha256=run.recipe_sha256,
            codebook_sha256=run.codebook_sha256,
            policy_sha256="sha256:p",
            provisional=False,
            who="Ana",
            content="{}",
            lineage="x",
            verdicts=[
                NewVerdict(
                    c, "sha256:r", "accept", (), {"rests_on": rests_for_code(store, rests, c)}
                )
                for c in ("tools", "weather")
            ],
        )
        return void()

    def void() -> dict[str, tuple[str, ...]]:
        return {s.verdict.code: s.void for s in standing_verdicts(store, "sha256:p")}

    def declare(operation: str, why: str = "") -> None:
        old, new = books[1].sha256, books[2].sha256
        record_operations(store, old, new, [Operation(op=operation, codes=("gear",), why=why)])

    assert measured() == {"tools": (), "weather": ()}
    declare("redefine", "inferred: the definition changed")
    assert void() == {"tools": (), "weather": ()}, "what is inferred was known"
    # It is declared under the name that the code has now.
    declare("change", "only said better")
    assert void()["weather"] == ()
    assert "declared of this code's definition" in void()["tools"][0]
    assert measured() == {"tools": (), "weather": ()}
    declare("redefine", "it is another one")
    assert void()["tools"]


def test_what_she_looked_for_again_goes_with_a_transcript_that_becomes_part_of_another() -> None:
    store, (kept, gone) = two("PQ")
    ana = add_coder(store, "Ana", "human")
    for key in (kept, gone):
        set_scope(store, Scope(ana, key, "independent"))
    record_codebook(store, _book("tools", "What digs."), "source")
    record_looked_again(store, ana.id, gone, ["tools"], _book("tools", "What digs.").sha256)
    merge_transcripts(store, kept, gone)
    assert looked_again(store) == {}
    assert [s.transcript_id for s in scopes(store)] == [kept]
