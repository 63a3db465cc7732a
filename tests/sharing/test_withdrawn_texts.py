"""Words that another study knows by another file are withdrawn there too, whoever takes in whose
file and however many studies lie between."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from assistant.errors import UserError
from assistant.interchange.sharing.package import open_share
from assistant.interchange.withdrawal.withdrawing import withdraw_transcript
from assistant.store.texts.transcripts import transcript_infos
from assistant.store.withdrawal.withdrawn_texts import WITHDRAWN_TEXTS
from assistant.study import create_study
from tests.interchange.interviews import PARAGRAPHS, bring, delve_text, plain
from tests.sharing.studies import Folder
from tests.sharing.test_withdrawn import bytes_with

WORDS = PARAGRAPHS[1][1][:40].encode()


@pytest.fixture
def three(tmp_path: Path) -> tuple[Folder, Folder, Folder]:
    """A study with two files of one interview, withdrawn; one that has the words that did not
    become its text by a file of another kind; an empty one."""
    nearly = [(s, said.replace("sprouts", "kale", 1)) for s, said in PARAGRAPHS]
    coded = delve_text(tmp_path / "Beds - Ben.txt", {5: ["tools"]})
    b, a, c = (Folder(create_study(tmp_path / name)) for name in "bac")
    bring(b.store, coded, plain(tmp_path / "Beds corrected.txt", nearly))
    bring(a.store, plain(tmp_path / "Copy.txt"))
    (before,) = transcript_infos(b.store)
    assert before.sha256 != transcript_infos(a.store)[0].sha256
    withdraw_transcript(b.study, b.store, before.name, "asked")
    return b, a, c


def refused(folder: Folder, file: Path) -> bool:
    with pytest.raises(UserError, match="withdrawn in the other study: Copy"):
        folder.merge(file)
    return not any(info.withdrawn for info in transcript_infos(folder.store))


def gone(folder: Folder) -> list[str]:
    return [info.name for info in transcript_infos(folder.store) if info.withdrawn]


def test_both_withdraw_it_whoever_takes_in_whose_file(
    three: tuple[Folder, Folder, Folder],
) -> None:
    b, a, _ = three
    from_a = a.share()
    assert refused(a, b.share())
    # One person's part tells of a withdrawal as the whole does.
    assert refused(a, b.share("of Ben", person="Ben"))
    b.merge(from_a)
    assert "Copy" in gone(b)
    assert a.merge(b.share(), withdraw=True).withdrawn == ("Copy",)
    assert bytes_with(a, WORDS) + bytes_with(b, WORDS) == []
    b.merge(a.share())
    assert a.merge(b.share()).unchanged
    assert b.merge(a.share()).unchanged


def test_a_third_study_knows_the_words_too(
    three: tuple[Folder, Folder, Folder], tmp_path: Path
) -> None:
    b, a, c = three
    c.merge(b.share())
    (report,) = bring(c.store, tmp_path / "Copy.txt").files
    assert "which was withdrawn" in report.error
    assert refused(a, c.share())
    c.merge(a.share())
    assert "Copy" in gone(c)
    assert bytes_with(c, WORDS) == []


def test_a_text_joined_to_another_there_is_known(
    three: tuple[Folder, Folder, Folder], tmp_path: Path
) -> None:
    b, a, _ = three
    other = [(s, said.replace("sprouts", "fennel", 1)) for s, said in PARAGRAPHS]
    bring(a.store, plain(tmp_path / "Copy revised.txt", other))
    (info,) = transcript_infos(a.store)
    assert len(info.documents) == 2
    from_a = a.share()
    assert refused(a, b.share())
    b.merge(from_a)
    assert bytes_with(b, WORDS) == []
    # And so is what came in with it, by whatever file it comes again.
    again = delve_text(tmp_path / "Again - Cem.txt", {}, other)
    assert "which was withdrawn" in bring(b.store, again).files[0].error


def test_hashes_travel_and_no_name(three: tuple[Folder, Folder, Folder]) -> None:
    b, _, _ = three
    with open_share(b.share()) as file:
        (row,) = [r for r in file.rows("events") if r["kind"] == WITHDRAWN_TEXTS]
    assert row["who"] == ""
    assert row["what"] == "Hashes of the texts of a withdrawn transcript"
    hers, texts = row["details"].pop("transcript"), row["details"].pop("texts")
    assert row["details"] == {}
    assert hers == transcript_infos(b.store)[0].sha256
    assert texts
    assert all(re.fullmatch("sha256:[0-9a-f]{64}", one) for one in texts)


def test_what_an_earlier_version_withdrew_is_told_and_its_files_are_taken_in(
    three: tuple[Folder, Folder, Folder], monkeypatch: pytest.MonkeyPatch
) -> None:
    b, a, c = three
    b.store.write("DELETE FROM events WHERE kind = ?", (WITHDRAWN_TEXTS,))
    with monkeypatch.context() as patched:
        patched.setattr("assistant.interchange.sharing.share.share_earlier_texts", id)
        old = b.share("old")
    c.merge(old)
    assert len(gone(c)) == 1
    assert refused(a, b.share())
    assert b.store.value("SELECT count(*) FROM events WHERE kind = ?", (WITHDRAWN_TEXTS,)) == 1
    b.share()
    assert b.store.value("SELECT count(*) FROM events WHERE kind = ?", (WITHDRAWN_TEXTS,)) == 1
