"""A transcript that is given another name: all that hangs on it stays, all that points to it
follows."""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path

import pytest

from assistant.errors import UserError
from assistant.interchange.names.told import in_words
from assistant.interchange.names.transcript_names import rename_transcript
from assistant.interchange.transcripts import change_transcripts
from assistant.interchange.withdrawal.withdrawing import withdraw_transcript
from assistant.store.database import Store, open_store
from assistant.store.measured.evidence import evaluation, evaluations
from assistant.store.measured.reference import changes
from assistant.store.people.codings import codings
from assistant.store.people.memos import add_memo, memos
from assistant.store.sharing.conflicts import Conflict, conflicts, record_conflicts
from assistant.store.texts.transcripts import find_transcript, transcript, transcript_infos
from assistant.store.trail.events import events
from assistant.store.trail.happenings import happenings
from assistant.store.verify import verify
from assistant.study import Study, create_study
from eval.evaluation.results import ModelResult, RunFacts
from tests.cli.command import secondcoder
from tests.interchange.interviews import PARAGRAPHS, bring, delve_text, plain
from tests.store.filled import add_interview, fill

WORDS = tuple((f"Speaker {n % 2}", f"Paragraph {n} tells of a spade.") for n in range(6))
CODES = {1: ["weather"], 3: ["tools"]}


@pytest.fixture
def study(tmp_path: Path) -> Study:
    return create_study(tmp_path / "study")


@pytest.fixture
def store(study: Study) -> Store:
    store = open_store(study.database)[0]
    fill(store, add_interview(store, "Rosa Brill", WORDS))
    add_interview(store, "Two", [(s, f"Otherwise. {words}") for s, words in WORDS])
    return store


def names(store: Store) -> list[str]:
    return [info.name for info in transcript_infos(store)]


def test_what_hangs_on_it_stays(study: Study, store: Store) -> None:
    before = {c.guid for c in codings(store)}
    text = transcript(store, 1).text
    done = rename_transcript(study, store, "rosa brill", "  Interview   7 ")
    assert (done.old, done.new) == ("Rosa Brill", "Interview 7")
    assert names(store) == ["Interview 7", "Two"]
    assert transcript(store, 1).text == text
    assert {c.guid for c in codings(store)} == before
    rests = json.loads(store.value("SELECT evidence FROM verdicts"))["rests_on"]
    assert changes(store, rests) == ()
    assert verify(store).ok


def test_what_points_to_it_follows(study: Study, store: Store) -> None:
    change_transcripts(store, ["Rosa Brill"], consent="none")
    rename_transcript(study, store, "Rosa Brill", "Interview 7")
    content = json.loads(evaluation(store, 1).content)
    assert content["coverage"]["transcripts"] == ["Interview 7"]
    assert content["worst"][0]["transcript"] == "Interview 7"
    # What was said of it by its name still is said of it.
    change_transcripts(store, [], consent="University cluster")
    assert transcript(store, 1).consent == "none"


def test_a_withdrawal_finds_what_was_measured_before(study: Study, store: Store) -> None:
    rename_transcript(study, store, "Rosa Brill", "Interview 7")
    withdraw_transcript(study, store, "Interview 7", "")
    content = json.loads(evaluation(store, 1).content)
    assert content["withdrawn"] == ["Interview 7"]
    assert content["worst"][0]["quote"] == ""


def test_lists_and_reasons_of_an_evaluation_follow(study: Study, store: Store) -> None:
    """The keys are those of `eval.evaluation.results`."""
    said = {"not_in_scope": ["Rosa Brill", "Two"], "without_suggestions": {"Rosa Brill": "cut off"}}
    assert said.keys() <= {f.name for r in (ModelResult, RunFacts) for f in fields(r)}
    content = {**json.loads(evaluation(store, 1).content), "run": said}
    store.write("UPDATE evaluations SET content = ?", (json.dumps(content),))
    rename_transcript(study, store, "Rosa Brill", "Interview 7")
    assert json.loads(evaluation(store, 1).content)["run"] == {
        "not_in_scope": ["Interview 7", "Two"],
        "without_suggestions": {"Interview 7": "cut off"},
    }


def test_a_difference_about_consent_names_it_by_its_new_name(study: Study, store: Store) -> None:
    sha256 = transcript(store, 1).sha256
    sides = [{"consent": "none"}, {"consent": "local"}]
    about = {"transcript": sha256, "name": "Rosa Brill"}
    other = {"name": "Rosa Brill"}  # of a coder, for all that is known
    record_conflicts(
        store,
        [
            Conflict.of("consent", about, sides, "2026-01-01T00:00:00Z"),
            Conflict.of("other", other, sides, "2026-01-02T00:00:00Z"),
        ],
    )
    rename_transcript(study, store, "Rosa Brill", "Interview 7")
    assert [one.about for one in conflicts(store)] == [
        {"transcript": sha256, "name": "Interview 7"},
        other,
    ]


def test_words_that_people_wrote_keep_the_old_name(study: Study, store: Store) -> None:
    add_memo(store, "study", "Rosa Brill laughs.", who="Ana")
    done = rename_transcript(study, store, "Rosa Brill", "Interview 7")
    assert memos(store)[-1].text == "Rosa Brill laughs."
    assert "The old name stays on record" in in_words(done)[-1]


def test_two_change_their_names(study: Study, store: Store) -> None:
    fill(store, 2)
    first, second = (json.loads(e.content)["coverage"] for e in evaluations(store))
    for old, new in (("Rosa Brill", "X"), ("Two", "Rosa Brill"), ("X", "Two")):
        rename_transcript(study, store, old, new)
    assert (find_transcript(store, "Two"), find_transcript(store, "Rosa Brill")) == (1, 2)
    now = [json.loads(e.content)["coverage"] for e in evaluations(store)]
    assert now == [second, first]


def test_the_record_tells_it(study: Study, store: Store) -> None:
    rename_transcript(study, store, "Rosa Brill", "Interview 7", who="Ana")
    (told,) = [h for h in happenings(store) if h.said.startswith("“Rosa Brill” is called")]
    assert (told.kind, told.who) == ("statement", "Ana")


def test_the_old_name_leads_to_the_new_one(study: Study, store: Store) -> None:
    rename_transcript(study, store, "Rosa Brill", "Interview 7")
    done = secondcoder(study.folder, "transcripts", "rosa brill")
    assert done.code == 2
    assert "“rosa brill” is called “Interview 7” now" in done.err


def test_a_table_may_still_have_the_old_name(tmp_path: Path, study: Study) -> None:
    with open_store(study.database)[0] as store:
        bring(store, plain(tmp_path / "Beds.txt"))
        rename_transcript(study, store, "Beds", "Interview 7")
        table = tmp_path / "codes.csv"
        words = PARAGRAPHS[1][1]
        table.write_text(f'Document,Quotation,Code,Coder\nBeds,"{words}",weather,Ana\n')
        bring(store, table)
        (found,) = codings(store)
        assert (found.coder.name, found.transcript_id) == ("Ana", 1)
        assert names(store) == ["Interview 7"]


def test_files_that_come_later_belong_to_it_by_their_words(tmp_path: Path, study: Study) -> None:
    with open_store(study.database)[0] as store:
        bring(store, plain(tmp_path / "Beds.txt"))
        rename_transcript(study, store, "Beds", "Interview 7")
        bring(store, plain(tmp_path / "Beds.txt"), delve_text(tmp_path / "Beds - Ana.txt", CODES))
        assert names(store) == ["Interview 7"]
        assert len(codings(store)) == 2


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("Rosa Brill", "two", "There is a transcript “Two” already"),
        ("Rosa Brill", "  ", "a name of one line"),
        ("Rosa Brill", "a\x07b", "a name of one line"),
        ("Rosa Brill", "Rosa Brill", "It is called “Rosa Brill” already"),
        ("Nobody", "X", "no transcript named “Nobody”"),
    ],
)
def test_what_is_no_name_is_refused(
    study: Study, store: Store, old: str, new: str, said: str
) -> None:
    before = len(events(store))
    with pytest.raises(UserError, match=said):
        rename_transcript(study, store, old, new)
    assert names(store) == ["Rosa Brill", "Two"]
    assert len(events(store)) == before


def test_examples_in_the_codebook_follow(study: Study, store: Store) -> None:
    study.codebook_file.write_text(
        "name: Beds\ncodes:\n  - id: tools\n    examples:\n"
        "      - text: a spade\n        transcript: Rosa Brill\n"
    )
    done = rename_transcript(study, store, "Rosa Brill", "Interview 7")
    assert done.examples == 1
    assert "transcript: Interview 7" in study.codebook_file.read_text()
    versions = store.rows("SELECT source FROM codebooks WHERE name = 'Beds' ORDER BY recorded_at")
    assert ["Rosa Brill" in v["source"] for v in versions] == [True, False]
    assert verify(store).ok


def test_where_the_record_fails_the_file_stays_as_it_was(
    study: Study, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = (
        "name: Beds\ncodes:\n  - id: tools\n    examples:\n"
        "      - text: a spade\n        transcript: Rosa Brill\n"
    )
    study.codebook_file.write_text(book)

    def fails(*_: object, **__: object) -> None:
        raise UserError("No.")

    monkeypatch.setattr("assistant.store.texts.renaming.record_event", fails)
    with pytest.raises(UserError, match="No"):
        rename_transcript(study, store, "Rosa Brill", "Interview 7")
    assert study.codebook_file.read_text() == book
    assert names(store) == ["Rosa Brill", "Two"]


def test_a_dry_run_changes_nothing(study: Study, store: Store) -> None:
    store.close()
    asked = ("transcripts", "Rosa Brill", "--set-name", "Interview 7")
    tried = secondcoder(study.folder, *asked, "--dry-run")
    assert "“Rosa Brill” would be called “Interview 7”." in tried.out
    assert "make a new study from renamed files" in tried.out
    with open_store(study.database)[0] as again:
        assert names(again) == ["Rosa Brill", "Two"]
    assert "is called “Interview 7” now." in secondcoder(study.folder, *asked).out


def test_a_codebook_that_cannot_be_read_is_left_and_said(study: Study, store: Store) -> None:
    study.codebook_file.write_text("name: [\n")
    done = rename_transcript(study, store, "Rosa Brill", "Interview 7")
    assert done.codebook_unread
    assert study.codebook_file.read_text() == "name: [\n"
    assert names(store) == ["Interview 7", "Two"]
