"""A name that is to go stands nowhere any more but where it is said to stand."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from assistant.errors import UserError
from assistant.interchange.names.told import in_words
from assistant.interchange.names.transcript_names import rename_transcript
from assistant.store.database import Store, open_store
from assistant.store.decided.decisions import add_decision
from assistant.store.people.memos import add_memo, memos
from assistant.store.sharing.sealing import SealedRow, seal, sealed_rows
from assistant.store.texts.forgetting import LEFT, REPLACED, Names
from assistant.store.texts.transcripts import set_transcript_name, transcript_infos
from assistant.store.trail.events import record_event
from assistant.store.verify import verify
from assistant.study import Study, create_study
from tests.cli.command import secondcoder
from tests.store.filled import add_interview, fill

NAME = "Interview Zorblatina Quimpet"
WORDS = tuple((f"Speaker {n % 2}", f"Paragraph {n} tells of a spade.") for n in range(6))

# What holds no words that anybody wrote: hashes, kinds, times, codes, who did it.
IDENTIFIERS = {
    "transcripts": "sha256 language consent created_at withdrawn_at",
    "coders": "kind recipe_sha256",
    "documents": "format file_sha256 encoding language imported_at exposure project_sha256",
    "scopes": "exposure codebook_sha256 codes created_at segments finished_at",
    "codings": "guid code origin exposure created_at",
    "events": "at who kind guid",
    "codebooks": "sha256 name version recorded_at",
    "codebook_operations": "from_sha256 to_sha256 op codes into_codes recorded_at",
    "prompts": "sha256 prompt_id purpose recorded_at",
    "recipes": "sha256 content recorded_at",
    "fits": "sha256 recipe_sha256 content transcripts recorded_at",
    "runs": "run_key recipe_sha256 strategy codebook_sha256 prompt_sha256 status started_at "
    "ended_at",
    "run_transcripts": "fit_sha256",
    "requests": "sha256 recorded_at",
    "chunks": "chunk_key code request_sha256 status",
    "calls": "request_sha256 outcome finish_reason response_model structured_mode received_at",
    "segment_outcomes": "status",
    "suggestions": "guid code anchoring created_at",
    "unplaced": "status",
    "judgements": "code",
    "evaluations": "kind codebook_sha256 policy_sha256 who content_sha256 made_at guid",
    "verdicts": "recipe_sha256 code_recipe_sha256 code lane policy_sha256 decided_at",
    "audits": "drawn_at transcripts decided_at guid",
    "bulk_decisions": "made_at reviewer code undone_at guid",
    "decisions": "decision reviewer decided_at guid undoes",
    "tombstones": "withdrawn_at who erased",
    "vectors": "embedder text_sha256 vector",
    "memos": "guid about code who written_at",
    "openings": "who shown place opened_at guid",
    "adjudications": "guid disagreement_key code sides outcome who decided_at",
    "pseudonyms": "kind replacement status who set_at",
    "sealed": "identity kind coder transcript_sha256 arrived_at",
    "conflicts": "identity kind found_at",
    "checks": "who kind code made_at answer answered_at",
    "looks": "who lineage recipe_sha256 looked_at guid kind",
    "coding_notes": "code",
    "looked_again": "code codebook_sha256 stated_at",
    "embedding_calls": "request_sha256 endpoint model response_model outcome received_at",
    "document_codings": "code carried coding_guid file_guid",
    "asked_of_files": "place_sha256 what exposure language asked_at settled settled_at settled_by",
}


@pytest.fixture
def study(tmp_path: Path) -> Study:
    study = create_study(tmp_path / "study")
    study.codebook_file.write_text(
        "name: Beds\ncodes:\n  - id: tools\n    examples:\n"
        f"      - text: a spade\n        transcript: {NAME}\n"
    )
    return study


@pytest.fixture
def store(study: Study) -> Store:
    store = open_store(study.database)[0]
    key = add_interview(store, "Hers", WORDS)  # whose codings' identities hold that name
    set_transcript_name(store, key, NAME)
    store.write(
        "UPDATE documents SET name = ?, title = ?, path = ?",
        (f"{NAME} - Ana.txt", NAME, f"/nowhere/{NAME}.txt"),
    )
    filled = fill(store, key)
    add_interview(store, "Two", [(s, f"Otherwise. {words}") for s, words in WORDS])
    add_decision(store, filled.suggestions[0], "reject", "Ana", reason=f"as {NAME} says")
    add_memo(store, "study", f"Look at interview  zorblatina quimpet, and at {NAME}s.", who="Ana")
    record_event(
        store, "export", f"Exported {NAME}", files=["/x"], holds={f"/y/{NAME}.docx": [NAME]}
    )
    row = {"text": f"On {NAME}.", "who": "Cem"}
    seal(store, [SealedRow("memos/1", "memos", "Cem", "sha256:x", row)])
    return store


def bytes_left(study: Study) -> list[str]:
    """Files with the name in their bytes, however SQLite writes text."""
    found = []
    for path in study.folder.rglob("*"):
        data = path.read_bytes() if path.is_file() else b""
        if b"quimpet" in data.lower() or b"quimpet" in data.replace(b"\0", b"").lower():
            found.append(path.relative_to(study.folder).as_posix())
    return sorted(found)


def test_no_byte_of_it_is_left(study: Study, store: Store) -> None:
    (study.folder / "runs" / "study.db.before-m005_views").write_bytes(NAME.encode())
    report = study.reports_folder / "evaluation-1" / "report.html"
    report.parent.mkdir(parents=True)
    report.write_text(f"<p>{NAME}</p>")
    done = rename_transcript(study, store, NAME, "P07", forget=True)
    assert bytes_left(study) == []
    assert (done.reports, done.copies, done.left, done.files) == (1, 1, {}, ())
    assert [info.name for info in transcript_infos(store)] == ["P07", "Two"]
    assert memos(store)[0].text == "Look at P07, and at P07s."
    assert verify(store).ok


def test_sealed_words_of_a_colleague_lose_it_too(study: Study, store: Store) -> None:
    rename_transcript(study, store, NAME, "P07", forget=True)
    assert [one.row["text"] for one in sealed_rows(store)] == ["On P07."]


def test_where_it_stays_is_said(study: Study, store: Store) -> None:
    hers = [("Zorblatina", f"I am {NAME}, they say. Paragraph {n}.") for n in range(4)]
    add_interview(store, "Three", hers)
    add_interview(store, f"{NAME} again", [("A", f"Again and again, {n} times.") for n in range(4)])
    share = study.folder / "exports" / "all.share.zip"
    share.parent.mkdir()
    with zipfile.ZipFile(share, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("rows/x.jsonl", f'{{"name": "{NAME}"}}')
    (study.folder / "transcripts" / f"{NAME}.txt").write_text("words")
    done = rename_transcript(study, store, NAME, "P07", forget=True)
    assert set(done.left or {}) == {"what participants said"}
    assert done.others == (f"{NAME} again",)
    assert done.files == (
        "exports/all.share.zip",
        f"transcripts/{NAME}.txt",
    )
    said = "\n".join(in_words(done))
    assert f"  transcripts/{NAME}.txt" in said
    assert "copies of this folder (backups)" in said


def test_words_of_the_name_in_the_interview_are_counted(study: Study, store: Store) -> None:
    add_interview(store, "Frau Brill", [("Brill", "I, Brill, was asked."), ("I", "By whom?")])
    done = rename_transcript(study, store, "Frau Brill", "P08", forget=True)
    assert done.parts == {"Brill": 2}


def test_a_dry_run_changes_nothing_and_says_the_same(study: Study, store: Store) -> None:
    before = bytes_left(study)
    tried = rename_transcript(study, store, NAME, "P07", forget=True, dry_run=True)
    assert bytes_left(study) == before
    assert [info.name for info in transcript_infos(store)] == [NAME, "Two"]
    done = rename_transcript(study, store, NAME, "P07", forget=True)
    assert {**(tried.replaced or {}), "stored versions of the codebook": 0} == {
        **(done.replaced or {}),
        "stored versions of the codebook": 0,
    }


def test_later_and_by_other_names(study: Study, store: Store) -> None:
    """First renamed, then forgotten, with another name that people used."""
    add_memo(store, "study", "Zorbi was tired.", who="Ana")
    rename_transcript(study, store, NAME, "P07")
    assert bytes_left(study) != []
    rename_transcript(study, store, "P07", "P07", forget=True, also=["Zorbi"])
    assert bytes_left(study) == []
    assert {memo.text for memo in memos(store)} >= {"P07 was tired."}


def test_a_new_name_with_the_old_one_in_it_is_refused(study: Study, store: Store) -> None:
    with pytest.raises(UserError, match="would not be forgotten"):
        rename_transcript(study, store, NAME, f"P07 ({NAME})", forget=True)


def test_every_column_with_words_is_looked_at(store: Store) -> None:
    """A new column says whether a name may stand in it."""
    known = {*REPLACED, *LEFT, ("transcripts", "name")}
    known |= {(t, c) for t, columns in IDENTIFIERS.items() for c in columns.split()}
    there = {
        (table["name"], column["name"])
        for table in store.rows(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' "
            "AND name NOT LIKE '\\_%' ESCAPE '\\'"
        )
        for column in store.rows(f"PRAGMA table_info({table['name']})")
        if column["type"] in ("TEXT", "BLOB")
    }
    assert there == known


@pytest.mark.parametrize(
    ("text", "now"),
    [
        ("Interview 1, INTERVIEW_1.txt", "P07, P07.txt"),
        ("Interview 12 and Interview 1b", "Interview 12 and Interview 1b"),
        ("Interview 1 long, interview 1", "Interview 1 long, P07"),
        ("Interview\n 1", "P07"),
    ],
)
def test_whole_names_only(text: str, now: str) -> None:
    names = Names({"Interview 1": "P07"}, ["Interview 1 long", "Interview 12"])
    assert names.in_text(text) == now
    assert names.stands_in(text) == (text != now)


def test_accents_in_any_spelling() -> None:
    assert Names({"José Weiß": "P07"}).in_text("Jose\u0301 WEIß spoke") == "P07 spoke"


def test_the_command_asks_first(
    study: Study, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("n\n"))
    done = secondcoder(study.folder, "transcripts", NAME, "--set-name", "P07", "--forget-old-name")
    assert done.code == 3
    assert "memos and reasons (2)" in done.err
    assert [info.name for info in transcript_infos(store)] == [NAME, "Two"]
    store.close()
    done = secondcoder(
        study.folder, "transcripts", NAME, "--set-name", "P07", "--forget-old-name", "--yes"
    )
    assert done.code == 0, done.err
    assert bytes_left(study) == []
    assert f"/y/{NAME}.docx (exported on " in done.out
