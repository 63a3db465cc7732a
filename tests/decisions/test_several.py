"""Naming many numbers is no way round the rules for bulk."""

from __future__ import annotations

import pytest

from assistant.decisions.several import ONE_BY_ONE, decide_several
from assistant.errors import UserError
from assistant.store.database import open_store
from assistant.store.model.suggestions import suggestion
from tests.store.filled import add_interview, fill
from tests.store.test_schema import TALK


def test_all_or_nothing() -> None:
    store, _ = open_store()
    filled = fill(store, add_interview(store, "Spades", TALK))
    one, two = filled.suggestions
    with pytest.raises(UserError, match="There is no suggestion 99"):
        decide_several(store, (one, two, 99), "accept", reviewer="Ana")
    assert suggestion(store, one).decision == "open"
    decide_several(store, (one, two), "accept", reviewer="Ana")
    assert {suggestion(store, n).decision for n in (one, two)} == {"accept"}
    decide_several(store, (one, two), "take back", reviewer="Ana")
    decide_several(store, (two,), "reject", reason="irony", reviewer="Ana")
    assert [suggestion(store, n).decision for n in (one, two)] == ["open", "reject"]


@pytest.mark.parametrize("what", ["accept", "amend"])
def test_more_than_can_be_read_one_by_one_is_bulk(what: str) -> None:
    store, _ = open_store()
    with pytest.raises(UserError, match="decision in bulk") as error:
        decide_several(store, range(ONE_BY_ONE + 1), what, code="tools")  # type: ignore[arg-type]
    assert "--all-of" in error.value.hint
