"""Blind codes of one stay hidden from the other until both have finished."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.errors import UserError
from assistant.interchange.sharing.opening import open_by_hand, open_ready, waiting
from assistant.store.people.codings import codings, scopes
from assistant.store.verify import verify
from tests.cli.command import secondcoder
from tests.sharing.studies import code_blind, rows_of, two_folders, words_in


def seen(folder: object, who: str) -> int:
    return sum(c.coder.name == who and c.origin == "blind" for c in codings(folder.store))  # type: ignore[attr-defined]


def test_codes_wait_until_both_have_finished(tmp_path: Path) -> None:
    a, b = two_folders(tmp_path)
    code_blind(a, "Ana B", "Two", {0: "alpha-a", 2: "beta-a"}, finished=True)
    code_blind(b, "Cem", "Two", {1: "gamma-b"}, finished=False)
    done = b.merge(a.share("ana", person="Ana B"))
    assert done.sealed == {"Ana B": 2}
    assert seen(b, "Ana B") == 0
    assert "alpha-a" not in words_in(b)
    assert not any(s.coder.name == "Ana B" for s in scopes(b.store))
    with b.study.database.open("rb") as file:
        assert b"alpha-a" not in file.read(), "nobody reads it by chance in the file"
    assert [w.why for w in waiting(b.store)] == ["somebody here has not finished"]
    assert open_ready(b.store).codings == {}
    with pytest.raises(UserError, match="still coding"):
        open_by_hand(b.store, "Two", "curious")
    # He finishes: both may see both.
    code_blind(b, "Cem", "Two", {1: "gamma-b"}, finished=True)
    assert open_ready(b.store).codings == {"Ana B": 2}
    assert seen(b, "Ana B") == 2
    assert verify(b.store).ok
    assert waiting(b.store) == ()
    opened = a.merge(b.share("cem", person="Cem"))
    assert opened.opened == {"Cem": 1}
    assert opened.sealed == {}
    b.merge(a.share())
    a.merge(b.share())
    assert rows_of(a.store) == rows_of(b.store)


def test_unfinished_codes_stay_sealed_and_finish_later(tmp_path: Path) -> None:
    a, b = two_folders(tmp_path)
    code_blind(a, "Ana B", "Two", {0: "alpha-a"}, finished=False)
    code_blind(b, "Cem", "Two", {1: "gamma-b"}, finished=True)
    assert b.merge(a.share("ana", person="Ana B")).sealed == {"Ana B": 1}
    assert [w.why for w in waiting(b.store)] == ["Ana B has not finished"]
    code_blind(a, "Ana B", "Two", {3: "delta-a"}, finished=True)
    done = b.merge(a.share("ana", person="Ana B"))
    assert done.opened == {"Ana B": 2}
    assert seen(b, "Ana B") == 2


def test_who_codes_nothing_blind_waits_too_or_says_why_not(tmp_path: Path) -> None:
    a, b = two_folders(tmp_path)
    code_blind(a, "Ana B", "Two", {0: "alpha-a"}, finished=True)
    file = a.share()
    assert b.merge(file).sealed == {"Ana B": 1}
    b.store.close()
    listed = secondcoder(b.study.folder, "merge", "--json").json
    assert listed["sealed"][0]["why"] == "nobody else has finished coding it blind"
    assert secondcoder(b.study.folder, "merge", "--open", "Two").code == 2
    ended = secondcoder(b.study.folder, "merge", "--open", "Two", "--because", "I do not code it")
    assert ended.code == 0, ended.err
    assert "1 coding of Ana B" in ended.out


def test_sealed_codes_pass_through_a_third_study(tmp_path: Path) -> None:
    a, b = two_folders(tmp_path)
    code_blind(a, "Ana B", "Two", {0: "alpha-a"}, finished=True)
    b.merge(a.share())
    from_b = b.share()
    (tmp_path / "other").mkdir()
    _, c = two_folders(tmp_path / "other")
    c.merge(from_b)
    assert seen(c, "Ana B") == 0
    assert len(waiting(c.store)) == 1
    code_blind(c, "Dua", "Two", {1: "x"}, finished=True)
    assert open_ready(c.store).codings == {"Ana B": 1}


def test_what_is_sealed_in_the_other_study_is_not_sealed_where_it_was_made(tmp_path: Path) -> None:
    a, b = two_folders(tmp_path)
    code_blind(a, "Ana B", "Two", {0: "alpha-a"}, finished=True)
    b.merge(a.share())
    assert len(waiting(b.store)) == 1
    a.merge(b.share())
    assert waiting(a.store) == ()
    assert seen(a, "Ana B") == 1
    assert len(waiting(b.store)) == 1
