"""A blind sample is of one version of the codebook: that of its first code."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.codebook.records import Codebook
from assistant.decisions.blind import audit_tasks, finish, record_blind_coding
from assistant.errors import UserError
from assistant.store.database import Store, open_store
from assistant.store.measured.audits import record_audit
from assistant.store.people.codings import codings, scopes
from assistant.store.records import Scope
from assistant.store.trail.events import events
from assistant.store.versions import record_codebook
from tests.store.filled import CODEBOOK, add_interview, add_run

PARAGRAPHS = [("Q", "What was there?"), ("Ann", "A spade."), ("Ann", "It cost us a month.")]
NEWER = Codebook.model_validate(
    CODEBOOK.model_dump()
    | {"codes": [{**c.model_dump(), "definition": "Said otherwise."} for c in CODEBOOK.codes]}
)
CODE = CODEBOOK.sent[0].id


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Two audits of one transcript: of a run by the codebook, and of one by a newer version."""
    with open_store(tmp_path / "study.db")[0] as made:
        key = add_interview(made, "One", PARAGRAPHS)
        for number, book in enumerate((CODEBOOK, NEWER), start=1):
            record_codebook(made, book, "source")
            run = add_run(made, key, repeat=number)
            made.write("UPDATE runs SET codebook_sha256 = ? WHERE id = ?", (book.sha256, run.id))
            drawn = [{"transcript_id": key, "segment": n, "weight": 1.0} for n in (1, 2)]
            assert record_audit(made, run.id, [key], {"sample": drawn}) == number
        yield made


def _scope(store: Store) -> Scope:
    (mine,) = (s for s in scopes(store, 1) if s.coder.name == "Eva")
    return mine


def test_a_sample_without_codes_goes_on_with_the_codebook_as_it_is_now(store: Store) -> None:
    record_blind_coding(store, 1, 1, 1, [], "Eva")
    assert _scope(store).codebook_sha256 == CODEBOOK.sha256
    record_blind_coding(store, 2, 1, 2, [CODE], "Eva")
    assert (_scope(store).codebook_sha256, _scope(store).segments) == (NEWER.sha256, (2,))
    assert "passages looked at before: 1" in events(store, "blind coding")[-1].what
    # What she had said of the other definitions is asked again.
    assert audit_tasks(store, 2)[0].done == {"Eva": (2,)}
    with pytest.raises(UserError, match="1 passage of “One” is not coded"):
        finish(store, 2, 1, "Eva")


@pytest.mark.parametrize("coded", [True, False])
def test_what_has_codes_or_is_finished_stays_of_its_version(store: Store, coded: bool) -> None:
    record_blind_coding(store, 1, 1, 1, [CODE] if coded else [], "Eva")
    record_blind_coding(store, 1, 1, 2, [], "Eva")
    if not coded:
        finish(store, 1, 1, "Eva")
    before = _scope(store), codings(store, 1)
    with pytest.raises(UserError, match="another version of the codebook"):
        record_blind_coding(store, 2, 1, 2, [CODE], "Eva")
    assert (_scope(store), codings(store, 1)) == before
