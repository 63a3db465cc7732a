"""The codebook's file goes along with a shared study, and never over another."""

from __future__ import annotations

import json
from pathlib import Path

from assistant.study import create_study
from tests.cli.command import secondcoder
from tests.sharing.studies import Folder, two_folders

BOOK = "# ours\nname: Plots\ncodes:\n  - id: digging\n    definition: With a spade.\n"


def test_a_new_study_gets_it_as_it_was_written(tmp_path: Path) -> None:
    a, _ = two_folders(tmp_path)
    a.study.codebook_file.write_text(BOOK, encoding="utf-8")
    new = create_study(tmp_path / "new")
    done = secondcoder(new.folder, "merge", str(a.share()))
    assert done.code == 0
    assert f"the shared codebook is in {new.codebook_file}" in done.out
    assert new.codebook_file.read_text(encoding="utf-8") == BOOK


def test_the_last_version_is_taken(tmp_path: Path) -> None:
    a, _ = two_folders(tmp_path)
    a.study.codebook_file.write_text(BOOK, encoding="utf-8")
    a.share()
    a.study.codebook_file.write_text(BOOK.replace("digging", "sowing"), encoding="utf-8")
    new = Folder(create_study(tmp_path / "new"))
    assert new.merge(a.share()).codebook == str(new.study.codebook_file)
    assert "sowing" in new.study.codebook_file.read_text(encoding="utf-8")


def test_own_codes_and_what_is_being_written_stay(tmp_path: Path) -> None:
    a, b = two_folders(tmp_path)
    a.study.codebook_file.write_text(BOOK, encoding="utf-8")
    for text in (BOOK.replace("digging", "mine"), "name: [unfinished"):
        b.study.codebook_file.write_text(text, encoding="utf-8")
        assert b.merge(a.share()).codebook == ""
        assert b.study.codebook_file.read_text(encoding="utf-8") == text


def test_json_says_so(tmp_path: Path) -> None:
    a, _ = two_folders(tmp_path)
    a.study.codebook_file.write_text(BOOK, encoding="utf-8")
    new = create_study(tmp_path / "new")
    done = secondcoder(new.folder, "merge", str(a.share()), "--json")
    assert json.loads(done.out)["codebook"] == str(new.codebook_file)
