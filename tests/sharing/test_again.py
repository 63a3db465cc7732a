"""Sharing again is nothing to work around: a new file each time, and none is replaced unasked."""

from __future__ import annotations

import zipfile
from pathlib import Path

from assistant.decisions.deciding import amend, take_back
from assistant.store.model.suggestions import suggestions
from assistant.store.people.codings import codings
from tests.cli.command import secondcoder
from tests.sharing.studies import two_folders


def test_the_second_of_a_day_gets_a_name_of_its_own(tmp_path: Path) -> None:
    a, _ = two_folders(tmp_path)
    a.store.close()
    files = [Path(secondcoder(a.study.folder, "share", "--json").json["file"]) for _ in range(3)]
    first, second, third = files
    assert first.name.endswith(".share.zip")
    stem = first.name.removesuffix(".share.zip")
    assert (second.name, third.name) == (f"{stem}-2.share.zip", f"{stem}-3.share.zip")
    assert all(zipfile.is_zipfile(file) for file in files)
    of_ana = secondcoder(a.study.folder, "share", "--person", "Ana", "--json").json["file"]
    assert not Path(of_ana).name.endswith("-2.share.zip")


def test_a_file_that_was_named_is_replaced_only_with_force(tmp_path: Path) -> None:
    a, _ = two_folders(tmp_path)
    a.store.close()
    target = tmp_path / "ours.share.zip"
    target.write_text("something else", encoding="utf-8")
    refused = secondcoder(a.study.folder, "share", "--to", str(target))
    assert refused.code == 2
    assert "replace it with --force" in refused.err
    assert target.read_text(encoding="utf-8") == "something else"
    assert secondcoder(a.study.folder, "share", "--to", str(target), "--force").code == 0
    assert zipfile.is_zipfile(target)
    assert sorted(p.name for p in tmp_path.glob("*.part")) == []


def test_a_coding_of_a_decision_that_was_taken_back_is_told_from_the_others(tmp_path: Path) -> None:
    a, _ = two_folders(tmp_path)
    one = suggestions(a.store, 1)[0].id
    amend(a.store, one, code="weather", reviewer="Eva")
    take_back(a.store, one, reviewer="Eva")
    counted = len(codings(a.store))
    a.store.close()
    said = secondcoder(a.study.folder, "share").out
    assert f"{counted + 1} codings (1 of a decision that was taken back), " in said
    of_ana = secondcoder(a.study.folder, "share", "--person", "Ana").out
    assert f"{counted} codings, " in of_ana
