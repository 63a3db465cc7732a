"""Two transcripts become one: consent, what people saw and wrote, and notes outlive it."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.interchange.imports.placing import Item, group_files, place
from assistant.store.database import Store, open_store
from assistant.store.decided.adjudications import add_adjudication
from assistant.store.people.coders import add_coder
from assistant.store.people.coding_notes import add_coding_note, coding_notes
from assistant.store.people.codings import codings
from assistant.store.people.memos import add_memo, delete_memo, memos
from assistant.store.people.openings import openings, record_openings
from assistant.store.texts.transcripts import find_transcript, set_consent, transcript_infos
from assistant.store.trail.events import events
from assistant.store.verify import verify
from assistant.transcripts.reading import read_document
from tests.interchange.interviews import LABELS, PARAGRAPHS, bring, delve_text, plain
from tests.interchange.test_near import CLEANED, names


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Two near texts, each a transcript of its own."""
    store = open_store()[0]
    bring(store, plain(tmp_path / "Beds.txt"))
    bring(store, plain(tmp_path / "Clean.txt", CLEANED))
    assert names(store) == ["Beds", "Clean"]
    return store


def put(store: Store, tmp_path: Path) -> str:
    """Say that they are one interview; what the report says of the file, or why it refused it."""
    (report,) = bring(store, tmp_path / "Clean.txt", same_as={"": "Beds"}).files
    assert verify(store).ok
    return report.said or report.error


def clean(store: Store) -> int:
    found = find_transcript(store, "Clean")
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("first", "second", "now"),
    [("local", "none", "none"), ("none", "local", "none"), ("local, Uni", "Uni, Firm", "Uni")],
)
def test_the_stricter_consent_holds_and_is_said(
    store: Store, tmp_path: Path, first: str, second: str, now: str
) -> None:
    set_consent(store, 1, first)
    set_consent(store, clean(store), second)
    said = put(store, tmp_path)
    (info,) = transcript_infos(store)
    assert (info.name, info.consent) == ("Beds", now)
    what = f"“{first}” for “Beds”, “{second}” for “Clean”; the stricter holds for “Beds” now"
    assert what in said
    (event,) = [e for e in events(store, "statement") if "became part of" in e.what]
    assert what in event.what
    assert event.details["transcripts"] == ["Beds"]


def test_where_nobody_said_anything_else_nothing_is_said_of_consent(
    store: Store, tmp_path: Path
) -> None:
    said = put(store, tmp_path)
    assert "onsent" not in said
    # A text that is put somewhere is not taken for another reason than one that came second.
    assert "as you said; its text was not taken, because a text that is put to" in said
    assert "goes first" not in said


def test_what_people_were_shown_and_wrote_of_it_is_of_the_one_now(
    store: Store, tmp_path: Path
) -> None:
    ben = add_coder(store, "Ben", "human")
    record_openings(store, "Ana", clean(store), people=[ben.id], place="transcript page")
    add_memo(store, "transcript", "She was tired.", "Ana", transcript_id=clean(store))
    add_memo(store, "study", "Ask them all.", "Ana")
    put(store, tmp_path)
    assert names(store) == ["Beds"]
    assert [(o.who, o.transcript_id, o.coder) for o in openings(store)] == [("Ana", 1, "Ben")]
    assert [(m.text, m.transcript_id) for m in memos(store)] == [
        ("She was tired.", 1),
        ("Ask them all.", None),
    ]


def test_a_memo_on_a_passage_keeps_it_apart_until_it_is_taken_away(
    store: Store, tmp_path: Path
) -> None:
    key = add_memo(store, "passage", "Why?", "Ana", transcript_id=clean(store), start=0, end=9)
    error = put(store, tmp_path)
    assert "A memo on a passage rests on its text, which is the transcript “Clean”" in error
    assert "Take these memos away" in error
    assert names(store) == ["Beds", "Clean"]
    delete_memo(store, key, "Ana")
    put(store, tmp_path)
    assert names(store) == ["Beds"]
    assert memos(store) == ()


def test_a_settled_disagreement_keeps_it_apart(store: Store, tmp_path: Path) -> None:
    add_adjudication(
        store,
        key="k",
        transcript_id=clean(store),
        segment=0,
        codes=["tools"],
        sides=[],
        outcome="neither",
        chosen=None,
        made=[],
        coding_id=None,
        note="",
        who="Ana",
        replaces=None,
    )
    assert "Runs or decisions rest on its text" in put(store, tmp_path)
    assert names(store) == ["Beds", "Clean"]


@pytest.mark.parametrize("noted", [False, True])
def test_a_file_between_two_joins_them_unless_memos_have_their_places_there(
    tmp_path: Path, noted: bool
) -> None:
    def months(*answers: int) -> list[tuple[str, str]]:
        return [
            (who, said.replace("week", "month") if n in answers else said)
            for n, (who, said) in enumerate(PARAGRAPHS)
        ]

    with open_store()[0] as store:
        bring(store, plain(tmp_path / "One.txt"))
        bring(store, plain(tmp_path / "Two.txt", months(1, 3, 5, 7, 9, 11)))
        assert names(store) == ["One", "Two"]
        for key in (1, 2) if noted else ():
            add_memo(store, "passage", "?", "Ana", transcript_id=key, start=0, end=9)
        bring(store, plain(tmp_path / "Three.txt", months(1, 3, 5)))
        assert names(store) == (["One", "Two"] if noted else ["One"])
        assert verify(store).ok


def test_what_a_file_said_of_a_models_coding_goes_with_the_coding(
    store: Store, tmp_path: Path
) -> None:
    file = delve_text(tmp_path / "Clean - M.txt", {1: ["weather"], 5: ["tools"]}, CLEANED)
    item = Item(file, read_document(file, labels=LABELS), "M", kind="model")
    (group,) = group_files(store, [item])
    place(store, group, "unknown")
    for coding in codings(store, kind="model"):
        span = (coding.start, coding.end)
        add_coding_note(store, coding.transcript_id, "M", [coding.code], span, f"a {coding.code}")
    assert len(coding_notes(store, clean(store))) == 2
    put(store, tmp_path)
    assert names(store) == ["Beds"]
    found = {(c.code, c.start, c.end): f"a {c.code}" for c in codings(store, kind="model")}
    assert len(found) == 2
    assert {k[1:]: said for k, said in coding_notes(store, 1).items()} == found
