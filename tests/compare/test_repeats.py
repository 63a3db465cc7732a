"""``secondcoder code --repeats 3``: three passes, each asked anew, and the noise that they show."""

from __future__ import annotations

from pathlib import Path
from random import Random

from tests.cli.command import secondcoder
from tests.fakes.server import FakeLLM, FakeRequest
from tests.runs.studies import by_words, make_study

CODES = ("tools", "weather", "company")


def test_three_passes_are_three_runs_and_their_noise(tmp_path: Path, fake_llm: FakeLLM) -> None:
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


def test_one_pass_is_as_before(tmp_path: Path, fake_llm: FakeLLM) -> None:
    fake_llm.answer = by_words
    make_study(tmp_path, fake_llm.base_url)
    assert secondcoder(tmp_path, "code", "--json").json["run_id"] == 1
    dry = secondcoder(tmp_path, "code", "--repeats", "2", "--dry-run")
    assert dry.code == 0
    assert "All of it 2 times." in dry.err
    assert len(fake_llm.chats) == 1


def test_another_order_of_the_codes_is_a_run_of_its_own_and_noise(
    tmp_path: Path, fake_llm: FakeLLM
) -> None:
    fake_llm.answer = by_words
    make_study(tmp_path, fake_llm.base_url)
    assert secondcoder(tmp_path, "code", "--repeats", "2", "--json").code == 0
    done = secondcoder(tmp_path, "code", "--reorder", "1", "--json")
    assert done.code == 0, done.err
    assert done.json["run_id"] == 3
    own, drawn = (_order(request) for request in (fake_llm.chats[0], fake_llm.chats[-1]))
    assert own == [*CODES]
    assert drawn == _drawn(1) != own
    again = secondcoder(tmp_path, "code", "--reorder", "1", "--json").json
    assert (again["run_id"], again["unchanged"]) == (3, True)
    found = secondcoder(tmp_path, "compare", "1", "2", "--json").json
    said = {(n["first"], n["second"]): n["what"] for n in found["noise"]}
    assert said == {
        ("run 1", "run 2"): "repeat",
        ("run 1", "run 3"): "another order of the codes",
    }
    history = secondcoder(tmp_path, "codebook", "history", "--json").json
    assert len(history["versions"]) == 1, "another order is no version of the codebook"


def test_judge_has_no_order_of_codes(tmp_path: Path, fake_llm: FakeLLM) -> None:
    make_study(tmp_path, fake_llm.base_url)
    refused = secondcoder(tmp_path, "code", "--strategy", "judge", "--reorder", "1")
    assert refused.code == 2
    assert "asks about one code at a time" in refused.err
    same = next(n for n in range(50) if [*CODES] == _drawn(n))
    refused = secondcoder(tmp_path, "code", "--reorder", str(same))
    assert "is the codebook's own order" in refused.err


def _order(request: FakeRequest) -> list[str]:
    """The codes as a request names them, first mention first."""
    system = str(request.json["messages"][0]["content"])
    return sorted(CODES, key=system.index)


def _drawn(seed: int) -> list[str]:
    codes = [*CODES]
    Random(seed).shuffle(codes)
    return codes
