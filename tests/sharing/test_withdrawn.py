"""A withdrawal in one study is one in the other, and no word comes back by a file."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from assistant.deidentify.records import Pseudonym
from assistant.errors import UserError
from assistant.interchange.withdrawal.withdrawing import withdraw_transcript
from assistant.store.people.memos import add_memo
from assistant.store.texts.pseudonyms import pseudonyms, put_pseudonyms
from assistant.store.texts.transcripts import transcript_infos
from assistant.store.verify import verify
from tests.sharing.studies import Folder, code_blind, rows_of, two_folders


def bytes_with(folder: Folder, word: bytes) -> list[str]:
    files = [p for p in (folder.study.folder / "runs").rglob("*") if p.is_file()]
    return [p.name for p in files if word in p.read_bytes()]


def test_the_tombstone_wins_once_it_is_allowed(tmp_path: Path) -> None:
    a, b = two_folders(tmp_path)
    withdraw_transcript(a.study, a.store, "One", "asked")
    file = a.share()
    with pytest.raises(UserError, match="withdrawn in the other study: One"):
        b.merge(file)
    assert not any(i.withdrawn for i in transcript_infos(b.store))
    done = b.merge(file, withdraw=True)
    assert done.withdrawn == ("One",)
    assert [i.name for i in transcript_infos(b.store) if i.withdrawn] == ["One"]
    assert bytes_with(b, b"One. Paragraph 3") == []
    a.merge(b.share())
    b.merge(a.share())
    assert rows_of(a.store) == rows_of(b.store)


def test_an_older_file_brings_no_word_back(tmp_path: Path) -> None:
    a, b = two_folders(tmp_path)
    code_blind(b, "Cem", "One", {1: "secret"}, finished=True)
    add_memo(b.store, "passage", "she said it", who="Cem", transcript_id=1, start=0, end=14)
    older = b.share()
    withdraw_transcript(a.study, a.store, "One", "asked")
    shutil.rmtree(a.study.folder / "exports", ignore_errors=True)
    a.merge(older)
    assert bytes_with(a, b"One. Paragraph 3") == []
    assert bytes_with(a, b"tells of a spade, and of what was dug with it that year.\\n\\nOne") == []
    assert verify(a.store).ok
    assert a.store.value("SELECT count(*) FROM sealed") == 0


def test_an_older_file_brings_no_name_back(tmp_path: Path) -> None:
    a, b = two_folders(tmp_path)
    put_pseudonyms(
        b.store,
        [Pseudonym(term=n, kind="person", replacement=f"P{n}") for n in ("Odile", "spade")],
    )
    older = b.share()
    withdraw_transcript(a.study, a.store, "One", "asked")
    merged = a.merge(older)
    assert [p.term for p in pseudonyms(a.store)] == ["spade"], "it stands elsewhere"
    assert merged.added["pseudonyms"] == 1
    assert bytes_with(a, b"Odile") == []


def test_files_that_were_shared_are_named(tmp_path: Path) -> None:
    from assistant.interchange.sharing.share import share

    a, _ = two_folders(tmp_path)
    alone = withdraw_transcript(a.study, a.store, "Two", "asked")
    assert not alone.others_have_it
    file = share(a.study, a.store).file
    done = withdraw_transcript(a.study, a.store, "One", "asked")
    assert done.others_have_it
    assert any(line.startswith(str(file.resolve())) for line in done.files_that_remain)
