"""Which files a withdrawal names and deletes, and that it can be interrupted anywhere."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import assistant.interchange.withdrawal.withdrawing as withdrawing
from assistant.errors import UserError
from assistant.interchange.withdrawal.withdrawing import withdraw_transcript
from assistant.store.database import open_store
from assistant.store.texts.transcripts import transcript_infos
from assistant.store.withdrawal.withdrawal import tombstones
from assistant.study import Study, create_study
from tests.cli.command import secondcoder
from tests.export.studies import add_text, code

SAID = "She told how the glass cracked in the kiln that winter, and who was blamed."


@pytest.fixture
def study(tmp_path: Path) -> Study:
    """Two interviews, of which Ben has coded one; a report that quotes."""
    study = create_study(tmp_path / "study")
    with open_store(study.database)[0] as store:
        for name in ("Hers", "Theirs"):
            key = add_text(store, name, [("Mia", [f"{name}: {SAID}"]), ("Leo", ["Yes."])])
            code(store, key, "Ana", [("blame", 0, 20)])
            if name == "Theirs":
                code(store, key, "Ben", [("blame", 0, 20)])
    report = study.reports_folder / "evaluation-1.html"
    report.parent.mkdir(parents=True, exist_ok=True)
    report.write_text(SAID, encoding="utf-8")
    return study


def files(study: Study) -> dict[str, str]:
    """Name of each file that the withdrawal of Hers names -> what it says of it."""
    done = secondcoder(study.folder, "withdraw", "Hers", "--yes", "--json")
    assert done.code == 0, done.err
    lines = done.json["files_that_remain"]
    return {Path(line.split(" (")[0]).name: line.partition(" (")[2] for line in lines}


def test_only_files_that_hold_its_words_are_named(study: Study, tmp_path: Path) -> None:
    for arguments in (
        ("export", "docx", "--to", str(tmp_path / "word")),
        ("export", "csv", "--coder", "Ben", "--to", str(tmp_path / "bens.csv")),
        ("export", "csv", "--coder", "Ana"),
        ("export", "qdpx", "--transcript", "Theirs", "--to", str(tmp_path / "theirs.qdpx")),
        ("export", "qdpx", "--coder", "Ben", "--to", str(tmp_path / "bens.qdpx")),
        ("export", "csv", "--to", str(tmp_path / "twice.csv")),
        ("export", "csv", "--coder", "Ben", "--to", str(tmp_path / "twice.csv"), "--force"),
        ("trail", "--to", str(tmp_path / "plain")),
        ("trail", "--to", str(tmp_path / "words"), "--with-quotes"),
    ):
        assert secondcoder(study.folder, *arguments).code == 0
    (study.folder / "exports" / "put here.txt").write_text("?", encoding="utf-8")
    named = files(study)
    assert set(named) == {
        *("Hers.docx", "study.csv", "bens.qdpx", "put here.txt"),
        *("trail.html", "trail.json", "annotations.jsonld"),
    }
    assert named["Hers.docx"].startswith("exported on 20")


def test_share_files_are_named_with_whose_rows_they_hold(study: Study, tmp_path: Path) -> None:
    for person, name in (("Ana", "ana.zip"), ("", "all.zip")):
        more = ("--person", person) if person else ()
        to = str(tmp_path / name)
        assert secondcoder(study.folder, "share", "--to", to, *more).code == 0
    (tmp_path / "all.zip").rename(tmp_path / "sent.zip")
    named = files(study)
    assert named["ana.zip"].endswith(", rows of Ana)")
    assert named["ana.zip"].startswith("shared on 20")
    assert named["all.zip"].endswith("not there now: look where it went)")


def test_the_trail_tells_what_was_shared(study: Study, tmp_path: Path) -> None:
    share = ("share", "--to", str(tmp_path / "ana.zip"), "--person", "Ana")
    assert secondcoder(study.folder, *share).code == 0
    assert secondcoder(study.folder, "trail", "--to", str(tmp_path / "trail")).code == 0
    told = json.loads((tmp_path / "trail" / "trail.json").read_text(encoding="utf-8"))["entries"]
    (one,) = (entry for entry in told if entry["kind"] == "exchange")
    assert one["said"].startswith("Shared as ana.zip: ")
    assert "(of Ana), with the words of 2 transcripts" in one["said"]
    assert one["details"]["person"] == "Ana"
    assert one["details"]["transcripts"] == ["Hers", "Theirs"]


def reports(study: Study) -> list[str]:
    return [p.name for p in study.reports_folder.rglob("*") if p.is_file()]


def test_where_the_database_fails_no_report_is_gone(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(withdrawing, "withdraw", fail)
    with open_store(study.database)[0] as store:
        with pytest.raises(OSError, match="No space"):
            withdraw_transcript(study, store, "Hers", "asked")
        assert reports(study) == ["evaluation-1.html"]
        assert not any(info.withdrawn for info in transcript_infos(store))


def test_interrupted_before_the_reports_it_goes_on_when_called_again(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    delete = withdrawing._delete_files
    monkeypatch.setattr(withdrawing, "_delete_files", killed)
    with open_store(study.database)[0] as store, pytest.raises(KeyboardInterrupt):
        withdraw_transcript(study, store, "Hers", "asked")
    monkeypatch.setattr(withdrawing, "_delete_files", delete)
    assert reports(study) == ["evaluation-1.html"]
    with open_store(study.database)[0] as store:
        assert [info.name for info in transcript_infos(store) if info.withdrawn] == ["Hers"]
        done = withdraw_transcript(study, store, "Hers", "asked")
        assert done.erased["reports deleted"] == 1
        assert len(tombstones(store)) == 1
    assert reports(study) == []


def test_a_second_time_nothing_is_asked_and_no_later_report_is_deleted(study: Study) -> None:
    assert secondcoder(study.folder, "withdraw", "Hers", "--yes").code == 0
    (study.reports_folder / "evaluation-2.html").write_text("later", encoding="utf-8")
    again = secondcoder(study.folder, "withdraw", "Hers")  # nobody is there to answer
    assert again.code == 2
    assert "“Hers” is withdrawn already" in again.err
    assert "Erase all words" not in again.out + again.err
    assert reports(study) == ["evaluation-2.html"]
    with (
        open_store(study.database)[0] as store,
        pytest.raises(UserError, match="withdrawn already"),
    ):
        withdraw_transcript(study, store, "hers", "asked")
