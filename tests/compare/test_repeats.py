"""``secondcoder code --repeats 3``: three passes, each asked anew, and the noise that they show."""

from __future__ import annotations

from pathlib import Path

from tests.cli.command import secondcoder
from tests.fakes.server import FakeLLM
from tests.runs.studies import by_words, make_study


def test_three_passes_are_three_runs_and_their_noise(tmp_path: Path, fake_llm: FakeLLM):
    fake_llm.answer = by_words
    make_study(tmp_path, fake_llm.base_url)
    ended = secondcoder(tmp_path, "code", "--repeats", "3", "--json")
    assert ended.code == 0, ended.err
    assert [r["run_id"] for r in ended.json] == [1, 2, 3]
    asked = len(fake_llm.chats)
    assert asked == 3, "a repeat is asked anew"
    again = secondcoder(tmp_path, "code", "--repeats", "3", "--json")
    assert all(r["unchanged"] for r in again.json)
    assert len(fake_llm.chats) == asked
    found = secondcoder(tmp_path, "compare", "1", "2", "--json").json
    pairs = {(n["first"], n["second"]) for n in found["noise"]}
    assert pairs == {("run 1", "run 2"), ("run 1", "run 3"), ("run 2", "run 3")}
    assert all(n["what"] == "repeat" and n["cells"] == 0 for n in found["noise"])


def test_one_pass_is_as_before(tmp_path: Path, fake_llm: FakeLLM):
    fake_llm.answer = by_words
    make_study(tmp_path, fake_llm.base_url)
    assert secondcoder(tmp_path, "code", "--json").json["run_id"] == 1
    dry = secondcoder(tmp_path, "code", "--repeats", "2", "--dry-run")
    assert dry.code == 0
    assert "All of it 2 times." in dry.err
    assert len(fake_llm.chats) == 1
