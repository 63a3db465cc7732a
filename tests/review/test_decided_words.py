"""What became of a suggestion is called by what it is, on pages and in files."""

from __future__ import annotations

from starlette.testclient import TestClient

from assistant.decisions.deciding import accept, amend
from assistant.interchange.export.records import Choice
from assistant.interchange.export.saying import note_text, read_note
from assistant.store.database import open_store
from assistant.store.model.suggestions import suggestions
from assistant.study import Study
from tests.export.studies import exported


def test_adjusted_borders_are_no_other_coding(client: TestClient, study: Study) -> None:
    with open_store(study.database)[0] as store:
        found, other = suggestions(store, 1, code="weather")[:2]
        amend(store, found.id, code=found.code, start=found.start + 3, reviewer="Ana")
        accept(store, other.id, reviewer="Ana")
        chosen = Choice(kinds=("model",), decisions=("amend",))  # type: ignore[arg-type]
        export = exported(study, store, chosen)
        (row,) = export.codings(1)
    said = note_text(row)
    assert "Changed (other borders, or another code) by Ana" in said
    assert "Replaced" not in said
    assert read_note(said) == read_note(
        said.replace("Changed (other borders, or another code)", "Replaced by another coding")
    )
    back = read_note(said)
    assert back is not None
    assert (back.decision, back.decided_by) == ("amend", "Ana")
    page = client.get(f"/codes/{found.code}").text
    assert "changed (other borders, or another code)" in page
    assert ", accepted" in page
    assert ", amend" not in page
