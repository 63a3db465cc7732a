"""Under which name decisions are stored: said the first time, chosen once, the same everywhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.review.app import make_app
from assistant.store.database import open_store
from assistant.store.decided.decisions import decisions
from assistant.store.people.person import person
from assistant.study import create_study
from tests.cli.command import secondcoder
from tests.eval.test_evaluating import PARAGRAPHS
from tests.review.conftest import TOKEN, client_for
from tests.store.filled import add_interview, fill


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LOGNAME", "user")
    study = create_study(tmp_path / "study")
    with open_store(study.database)[0] as store:
        fill(store, add_interview(store, "Spades", PARAGRAPHS))
    return study.folder


def reviewers(folder: Path) -> list[str]:
    with open_store(folder / "runs" / "study.db")[0] as store:
        return [d.reviewer for d in decisions(store)]


def test_a_login_is_named_the_first_time_and_a_chosen_name_never(folder: Path) -> None:
    said = secondcoder(folder, "accept", "1").err
    assert "Decisions are stored under the name user, your login. Not you?" in said
    assert 'secondcoder who "Your Name"' in said
    assert secondcoder(folder, "accept", "1", "--undo").err == ""
    assert "That is your login." in secondcoder(folder, "who").out
    assert "name Ana Ferreira." in secondcoder(folder, "who", " Ana Ferreira ").out
    assert secondcoder(folder, "accept", "1").err == ""
    assert reviewers(folder)[-3:] == ["user", "user", "Ana Ferreira"]
    assert secondcoder(folder, "who", "--json").json == {"name": "Ana Ferreira", "chosen": True}
    assert "name user." in secondcoder(folder, "who", "--login").out


def test_who_names_herself_in_the_command_is_not_asked(folder: Path) -> None:
    assert secondcoder(folder, "accept", "1", "--reviewer", "Ana").err == ""
    assert reviewers(folder)[-1] == "Ana"


def test_the_variable_goes_first_and_what_is_no_name_is_refused(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "cannot be the name" in secondcoder(folder, "who", "a\nb").err
    assert person() == "user"
    monkeypatch.setenv("SECONDCODER_NAME", "Ben")
    assert "SECONDCODER_NAME says so" in secondcoder(folder, "who", "Ana").out
    assert person() == "Ben"


def test_the_pages_take_the_chosen_name_and_do_not_ask(folder: Path) -> None:
    client = client_for(make_app(folder, TOKEN, 8000), name="")
    assert "Not you?" in client.get("/memos").text
    secondcoder(folder, "who", "Ana Ferreira")
    page = client.get("/memos").text
    assert "Not you?" not in page
    assert ">Ana Ferreira</summary>" in page


def test_a_merge_under_one_login_says_that_two_would_count_as_one(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = str(tmp_path / "theirs.share.zip")
    secondcoder(folder, "share", "--to", file)
    for name in ("first", "second", "third"):
        create_study(tmp_path / name)
    said = secondcoder(tmp_path / "first", "merge", file).err
    assert "made under the login “user”, which is the one here too" in said
    assert 'secondcoder who "Your Name"' in said
    assert "the login" not in secondcoder(tmp_path / "first", "merge", file).err, "nothing new came"
    monkeypatch.setenv("LOGNAME", "other")
    assert "the login" not in secondcoder(tmp_path / "second", "merge", file).err
    monkeypatch.setenv("LOGNAME", "user")
    secondcoder(tmp_path / "third", "who", "Ana")
    assert "the login" not in secondcoder(tmp_path / "third", "merge", file).err
