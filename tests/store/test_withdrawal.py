"""After a withdrawal no word of the transcript stands in any byte that the study keeps."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from assistant.cli.commands.withdraw import _of
from assistant.codebook.records import Codebook
from assistant.coding.summary import run_details
from assistant.errors import UserError
from assistant.interchange.withdrawal.withdrawing import withdraw_transcript
from assistant.store.database import Store, open_store
from assistant.store.decided.decisions import add_decision
from assistant.store.measured.evidence import evaluation
from assistant.store.model.outcomes import NOT_ASKED, count_outcomes, set_segment_outcomes
from assistant.store.model.reply_records import SegmentOutcome
from assistant.store.model.runs import runs
from assistant.store.model.suggestions import suggestions
from assistant.store.texts.transcripts import set_transcript_name, transcript, transcript_infos
from assistant.store.trail.events import record_event
from assistant.store.verify import verify
from assistant.store.versions import codebook
from assistant.store.withdrawal.withdrawal import tombstones, withdraw
from assistant.study import Study, create_study
from tests.store.filled import CODEBOOK, EXAMPLE, Filled, add_interview, fill

# Every word of the one who withdraws is hers alone, so that each can be looked for.
HERS = tuple(
    (
        "Quendolina" if n % 2 else "Interviewerix",
        f"zorblat{n} quimpet{n} vexadoon{n} flimmerty{n} grobnick{n} wompalind{n} snarvel{n}",
    )
    for n in range(40)
)
THEIRS = (
    ("Interviewer", "Who owns the tools on this plot?"),
    ("Gardener", "We share them, and the shed is never locked."),
)
WORDS = re.compile(rb"(zorblat|quimpet|vexadoon|flimmerty|grobnick|wompalind|snarvel)\d|Quendol")


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def left(folder: Path) -> dict[str, int]:
    """File -> how many of her words stand in its bytes, in either way SQLite writes text."""
    found = {}
    for name, data in bytes_of(folder).items():
        hits = len(WORDS.findall(data)) + len(WORDS.findall(data.replace(b"\0", b"")))
        if hits:
            found[name] = hits
    return found


@pytest.fixture
def study(tmp_path: Path) -> Study:
    return create_study(tmp_path / "study")


@pytest.fixture
def store(study: Study) -> Store:
    return open_store(study.database)[0]


@pytest.fixture
def filled(store: Store, study: Study) -> Filled:
    filled = fill(store, add_interview(store, "Hers", HERS))
    fill(store, add_interview(store, "Theirs", THEIRS))
    add_decision(store, filled.suggestions[0], "reject", "Ana", reason=HERS[1][1])
    record_event(store, "run", f"Run 1: partial. First reason: {HERS[2][1]}", run=filled.run_id)
    (study.folder / "runs" / "study.db.before-m005_views").write_bytes(HERS[3][1].encode())
    return filled


def test_no_word_is_left_while_the_database_is_still_open(
    store: Store, study: Study, filled: Filled
) -> None:
    assert set(left(study.folder / "runs")) >= {"study.db.before-m005_views"}
    done = withdraw(store, filled.transcript_id, "asked by the participant", "Ana")
    assert left(study.folder / "runs") == {}
    assert done.erased["suggestions"] == 20
    assert done.erased["codings"] == 20
    assert done.erased["replies"] == 2
    assert done.erased["files"] == 1
    assert done.erased["database copies deleted"] == 1
    store.close()
    assert left(study.folder / "runs") == {}


def test_what_others_said_and_all_counts_stay(store: Store, filled: Filled) -> None:
    other = {info.id: info for info in transcript_infos(store)}
    counts = {
        table: store.value(f"SELECT count(*) FROM {table}")
        for table in ("suggestions", "codings", "calls", "decisions", "segments", "unplaced")
    }
    spans = store.rows("SELECT id, start_char, end_char, code FROM suggestions ORDER BY id")
    withdraw(store, filled.transcript_id, "asked")
    assert {t: store.value(f"SELECT count(*) FROM {t}") for t in counts} == counts
    after = store.rows("SELECT id, start_char, end_char, code FROM suggestions ORDER BY id")
    assert [tuple(r) for r in after] == [tuple(r) for r in spans]
    (theirs,) = [info for info in transcript_infos(store) if info.name == "Theirs"]
    assert theirs == other[theirs.id]
    assert transcript(store, theirs.id).text.startswith(THEIRS[0][1])
    theirs_run = runs(store)[1]
    assert theirs_run.why
    assert all(s.quote for s in suggestions(store, theirs_run.id))
    assert verify(store).findings == ()


def test_what_became_of_each_passage_of_a_run_stays_told_apart(
    store: Store, filled: Filled
) -> None:
    """Passages that were not asked about became found empty, and no sum said whose they were."""
    store.write("UPDATE runs SET strategy = 'judge' WHERE id = ?", (filled.run_id,))
    store.write("UPDATE run_transcripts SET fit_sha256 = 'sha256:fit'")
    set_segment_outcomes(
        store,
        filled.run_id,
        [
            SegmentOutcome(filled.transcript_id, 0, "coded-empty", NOT_ASKED + HERS[0][1]),
            SegmentOutcome(filled.transcript_id, 2, "coded-empty", HERS[2][1]),
        ],
    )
    before = count_outcomes(store, filled.run_id)
    assert before["segments"]["not-asked"] == 1
    assert run_details(store, filled.run_id).withdrawn == ""
    withdraw(store, filled.transcript_id, "asked")
    assert count_outcomes(store, filled.run_id) == before
    assert run_details(store, filled.run_id).withdrawn == (
        "Withdrawn since, and still in the sums: Hers, with "
        f"{sum(before['segments'].values())} passages and 20 suggestions. "
        "Its words are gone, so nobody decides on them any more."
    )


def test_one_of_what_was_erased_reads_as_one(store: Store, filled: Filled) -> None:
    erased = withdraw(store, filled.transcript_id, "asked").erased
    assert _of(2, "memos that quote it") == "2 memos that quote it"
    said = [_of(1, what).split() for what in erased]
    assert ["1", "memo", "that", "quotes", "it"] in said
    assert ["1", "name", "on", "the", "list", "of", "pseudonyms"] in said
    assert not any(word.endswith("s") for line in said for word in line[1:2])


def test_a_tombstone_says_who_when_and_why(store: Store, filled: Filled) -> None:
    done = withdraw(store, filled.transcript_id, "asked by the participant", "Ana")
    (stone,) = tombstones(store)
    assert (stone.transcript, stone.who, stone.reason) == (
        "Hers",
        "Ana",
        "asked by the participant",
    )
    assert stone.withdrawn_at == done.withdrawn_at
    assert stone.erased["suggestions"] == 20


def test_every_evaluation_that_used_it_is_marked_and_keeps_its_figures(
    store: Store, filled: Filled
) -> None:
    theirs = json.loads(evaluation(store, 2).content)
    done = withdraw(store, filled.transcript_id, "asked")
    assert done.erased["evaluations marked"] == 1
    marked = json.loads(evaluation(store, filled.evaluation_id).content)
    assert marked["withdrawn"] == ["Hers"]
    assert marked["worst"] == [{"transcript": "Hers", "quote": "", "kappa": 0.25}]
    assert json.loads(evaluation(store, 2).content) == theirs


@pytest.mark.parametrize("then", ["Hers", "Hers (MARK)", "Cafe\u0301"])
def test_evaluations_from_before_it_had_another_name(
    store: Store, filled: Filled, then: str
) -> None:
    """It was named as another of its files, told apart by a mark, or spelled otherwise."""
    sha256 = str(store.value("SELECT sha256 FROM transcripts WHERE name = 'Hers'"))
    then = then.replace("MARK", sha256.removeprefix("sha256:")[:8])
    content = evaluation(store, filled.evaluation_id).content.replace('"Hers"', json.dumps(then))
    store.write("UPDATE evaluations SET content = ? WHERE id = ?", (content, filled.evaluation_id))
    now = "Caf\u00e9" if then.startswith("C") else "Somebody else"
    set_transcript_name(store, filled.transcript_id, now)
    withdraw(store, filled.transcript_id, "asked")
    marked = json.loads(evaluation(store, filled.evaluation_id).content)
    assert marked["withdrawn"] == [then]
    assert marked["worst"][0]["quote"] == ""
    assert json.loads(evaluation(store, 2).content)["withdrawn"] == []


def test_the_old_name_that_another_one_has_now_is_that_ones(store: Store, filled: Filled) -> None:
    set_transcript_name(store, filled.transcript_id, "Somebody else")
    set_transcript_name(store, int(store.value("SELECT max(id) FROM transcripts")), "Hers")
    withdraw(store, filled.transcript_id, "asked")
    content = json.loads(evaluation(store, filled.evaluation_id).content)
    assert content["withdrawn"] == []
    assert content["worst"][0]["quote"] == "", "but her words go"


def test_examples_in_codebooks_and_in_requests_about_others(store: Store) -> None:
    """An example that names its transcript, and one that only holds its words."""
    key = add_interview(
        store,
        "Spades",
        [("A", "Well?"), ("B", EXAMPLE), ("A", "Why?"), ("B", "Nobody asked us who would dig.")],
    )
    unnamed = "nobody asked us  who would dig"
    data = CODEBOOK.model_dump()
    data["codes"][1]["examples"] = [{"text": unnamed, "transcript": "", "applies": True}]
    data["codes"][1]["definition"] = "Kept."
    from assistant.store.versions import record_codebook

    record_codebook(store, Codebook.model_validate(data), f"text: {EXAMPLE} {unnamed}")
    shown = json.dumps(EXAMPLE).replace("<", "\\u003c")  # as prompts quote people's words
    fill(store, add_interview(store, "Theirs", THEIRS), also=f"Example: {shown}")
    done = withdraw(store, key, "asked")
    assert done.erased["codebook examples"] == 3
    for version in store.rows("SELECT sha256, source FROM codebooks"):
        book = codebook(store, version["sha256"])
        assert all(not e.text for code in book.codes for e in code.examples)
        assert version["source"] == ""
        assert {c.definition for c in book.codes} <= {
            "Something to work with.",
            "What the sky does.",
            "Kept.",
        }
    dump = "\n".join(store.db.conn.iterdump())
    assert "mine on Tuesdays" not in dump
    assert "who would dig" not in dump
    assert THEIRS[1][1] in dump
    assert verify(store).findings == ()


def test_another_program_that_has_the_file_open_is_said_and_can_be_mended(
    store: Store, study: Study, filled: Filled
) -> None:
    reader = Store(study.database)
    reader.db.execute("BEGIN")
    reader.value("SELECT count(*) FROM transcripts")
    store.db.execute("PRAGMA busy_timeout = 10")
    with pytest.raises(UserError) as said:
        withdraw_transcript(study, store, "Hers", "asked")
    assert "another program has the database open" in said.value.what
    assert transcript(store, filled.transcript_id).text == ""
    reader.db.rollback()
    reader.close()
    with pytest.raises(UserError, match="withdrawn already"):
        withdraw_transcript(study, store, "Hers", "asked")
    assert left(study.folder / "runs") == {}


def test_reports_are_deleted_and_files_that_remain_are_named(
    store: Store, study: Study, filled: Filled
) -> None:
    report = study.reports_folder / "evaluation-1.html"
    report.parent.mkdir(parents=True, exist_ok=True)
    report.write_text(HERS[5][1], encoding="utf-8")
    source = study.folder / "transcripts" / "Hers.txt"
    source.write_text(HERS[5][1], encoding="utf-8")
    store.write(
        "UPDATE documents SET path = ? WHERE transcript_id = ?",
        (str(source), filled.transcript_id),
    )
    study.codebook_file.write_text(f"name: x\n# {HERS[7][1]}\n", encoding="utf-8")
    done = withdraw_transcript(study, store, "hers", "asked")
    assert done.erased["reports deleted"] == 1
    assert not report.exists()
    assert done.files_that_remain[0] == str(source)
    assert "codebook.yaml" in done.files_that_remain[1]
    assert source.exists()


def test_exports_are_named_wherever_they_were_written(
    store: Store, study: Study, filled: Filled, tmp_path: Path
) -> None:
    here, away, moved = study.folder / "exports" / "a.csv", tmp_path / "b.csv", tmp_path / "c.csv"
    other = tmp_path / "other.csv"
    here.parent.mkdir(exist_ok=True)
    for file in (here, away, other):
        file.write_text("x", encoding="utf-8")
    for files, names in (((here, away), ["Hers"]), ((moved,), ["Hers"]), ((other,), ["Theirs"])):
        record_event(
            store, "export", "Exported", files=[str(f.resolve()) for f in files], transcripts=names
        )
    remain = withdraw_transcript(study, store, "Hers", "asked").files_that_remain
    for file, there in ((here, ""), (away, ""), (moved, "; not there now: look where it went")):
        (line,) = (r for r in remain if r.startswith(str(file.resolve())))
        assert line.split(" (exported on 20")[1].endswith(f"{there})")
    assert sum("not there now" in r for r in remain) == 1
    assert not any("other.csv" in r for r in remain)
