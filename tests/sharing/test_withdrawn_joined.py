"""Words that were put to a transcript and withdrawn with it come back under no other name."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.errors import UserError
from assistant.interchange.withdrawal.withdrawing import withdraw_transcript
from assistant.store.people.memos import add_memo
from assistant.store.sharing.conflicts import conflicts
from assistant.store.texts.documents import documents
from assistant.store.texts.transcripts import transcript_infos
from assistant.store.verify import verify
from assistant.study import create_study
from tests.interchange.interviews import PARAGRAPHS, bring, delve_text, plain
from tests.interchange.test_near import CLEANED
from tests.sharing.studies import Folder
from tests.sharing.test_one_interview import both as both
from tests.sharing.test_one_interview import held, put
from tests.sharing.test_withdrawn import bytes_with
from tests.store.filled import add_run

WORDS = PARAGRAPHS[1][1][:40].encode()


def gone(folder: Folder) -> list[str]:
    return [info.name for info in transcript_infos(folder.store) if info.withdrawn]


@pytest.mark.parametrize("rests", [False, True], ids=["free", "a run rests on it"])
def test_it_does_not_come_back_by_a_merge(
    both: tuple[Folder, Folder], tmp_path: Path, rests: bool
) -> None:
    a, b = both
    put(a, tmp_path)
    if rests:
        add_run(b.store, b.key("Clean"))
    withdraw_transcript(a.study, a.store, "Beds", "asked")
    a.merge(b.share())
    assert bytes_with(a, WORDS) == []
    assert held(a) == (["Beds", "Clean", "One"] if rests else ["Beds", "One"])
    assert gone(a) == (["Beds", "Clean"] if rests else ["Beds"])
    assert not conflicts(a.store)


def test_the_other_study_is_told_of_both(both: tuple[Folder, Folder], tmp_path: Path) -> None:
    a, b = both
    put(a, tmp_path)
    withdraw_transcript(a.study, a.store, "Beds", "asked")
    file = a.share()
    with pytest.raises(UserError, match="withdrawn in the other study: Beds, Clean"):
        b.merge(file)
    assert b.merge(file, withdraw=True).withdrawn == ("Beds", "Clean")
    assert bytes_with(b, WORDS) == []
    a.merge(b.share())
    assert b.merge(a.share()).unchanged
    assert not conflicts(a.store) + conflicts(b.store)
    assert bytes_with(a, WORDS) == []


def test_nor_where_the_other_study_put_it_to_another(
    both: tuple[Folder, Folder], tmp_path: Path
) -> None:
    """The words of the interview that it is part of there are the participant's too."""
    a, b = both
    put(b, tmp_path)
    withdraw_transcript(a.study, a.store, "Clean", "asked")
    a.store.write("DELETE FROM documents WHERE transcript_id = ?", (a.key("Beds"),))
    for table in ("codings", "scopes", "segments"):
        a.store.write(f"DELETE FROM {table} WHERE transcript_id = ?", (a.key("Beds"),))
    a.store.write("DELETE FROM transcripts WHERE name = 'Beds'")
    a.merge(b.share())
    assert gone(a) == ["Beds", "Clean"]
    assert bytes_with(a, WORDS) == []


def test_nor_by_another_file_of_the_same_words(both: tuple[Folder, Folder], tmp_path: Path) -> None:
    a, b = both
    put(a, tmp_path)
    withdraw_transcript(a.study, a.store, "Beds", "asked")
    (report,) = bring(a.store, plain(tmp_path / "Somebody.txt", CLEANED)).files
    assert "words of “Beds”, which was withdrawn" in report.error
    # A study that knows the words by another file only.
    withdraw_transcript(b.study, b.store, "Clean", "asked")
    other = Folder(a.study.__class__(tmp_path / "c", a.study.config))
    bring(other.store, delve_text(tmp_path / "Else - Ben.txt", {5: ["tools"]}, CLEANED))
    add_memo(other.store, "study", f"She said: {CLEANED[3][1]}")
    a.merge(other.share())
    assert bytes_with(a, WORDS) == []
    assert bytes_with(a, CLEANED[3][1][:30].encode()) == []
    assert gone(a) == ["Beds", "Else"]
    assert verify(a.store).ok


@pytest.fixture
def two_files(tmp_path: Path) -> tuple[Folder, Folder]:
    """One interview in two files that differ by a word, both in one study; in the other one of
    them, which is not the one that gives the first study its text."""
    nearly = [(s, said.replace("sprouts", "kale", 1)) for s, said in PARAGRAPHS]
    file, base = plain(tmp_path / "Beds.txt"), plain(tmp_path / "Beds corrected.txt", nearly)
    whole = Folder(create_study(tmp_path / "whole"))
    part = Folder(create_study(tmp_path / "part"))
    bring(whole.store, file, base)
    bring(part.store, file)
    (text,) = transcript_infos(whole.store)
    assert len(documents(whole.store, text.id)) == 2
    assert text.sha256 not in {info.sha256 for info in transcript_infos(part.store)}
    return whole, part


def test_nor_with_a_file_whose_text_the_other_study_did_not_take(
    two_files: tuple[Folder, Folder],
) -> None:
    whole, part = two_files
    withdraw_transcript(part.study, part.store, "Beds", "asked")
    part.merge(whole.share())
    assert len(gone(part)) == 2
    assert bytes_with(part, WORDS) == []
    with pytest.raises(UserError, match="withdrawn in the other study: Beds"):
        whole.merge(part.share())


def test_files_are_found_by_every_name_that_it_had(
    both: tuple[Folder, Folder], tmp_path: Path
) -> None:
    from assistant.interchange.withdrawal.holding import record_written

    a, _ = both
    record_written(a.store, "export", "exported", {tmp_path / "Clean.docx": ["Clean"]})
    record_written(a.store, "export", "exported", {tmp_path / "One.docx": ["One"]})
    put(a, tmp_path)
    done = withdraw_transcript(a.study, a.store, "Beds", "asked")
    named = [line for line in done.files_that_remain if "docx" in line]
    assert len(named) == 1
    assert "Clean.docx" in named[0]
