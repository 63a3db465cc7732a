"""Without calibration `judge` ranks: it says so everywhere, and nothing counts as found empty."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.llm.embedded import embeddings
from assistant.llm.embedded.platform_checks import Availability
from assistant.study import Study, open_study
from tests.cli.command import secondcoder
from tests.fakes.replies import error
from tests.fakes.server import FakeLLM
from tests.runs.interviews import CODES, interviews
from tests.runs.studies import by_words, make_study, opened, run_study

JUDGE = {"strategy": "judge", "shortlist": 3}
NOT_CALIBRATED = "Not calibrated, so nothing is suggested and codes are only ranked"


def _study(folder: Path, server: FakeLLM) -> Study:
    """One interview of 18 passages, of which the interviewer (P0) speaks every second one."""
    make_study(folder, server.base_url, interviews("A"), coding=JUDGE)
    toml = folder / "study.toml"
    toml.write_text(
        toml.read_text(encoding="utf-8") + '[units]\ninterviewers = ["P0"]\n', encoding="utf-8"
    )
    return open_study(folder)


@pytest.fixture
def ranked(tmp_path: Path, fake_llm: FakeLLM, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A study without any human codes, coded without a model."""
    _words_only(monkeypatch)
    _study(tmp_path, fake_llm)
    return tmp_path


def _words_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sentence embedding takes seconds to load and is not what is tested here."""
    monkeypatch.setattr(embeddings, "embedding_available", lambda: Availability(False, "Not here."))


def test_the_command_says_so_and_offers_the_ranking(ranked: Path) -> None:
    coded = secondcoder(ranked, "code", "--model", "none")
    assert coded.code == 0, coded.err
    assert (
        "Segments: 0 with codes, 0 coded and found empty, 9 only ranked (no suggestions without "
        "calibration), 9 not asked about (the interviewer speaks, or too short), 0 failed, "
        "0 without words." in coded.out
    )
    assert NOT_CALIBRATED in coded.out
    assert "Next: secondcoder runs 1 --ranking" in coded.out


def test_the_run_and_the_status_say_so(ranked: Path) -> None:
    secondcoder(ranked, "code", "--model", "none")
    shown = secondcoder(ranked, "runs", "1").out
    assert NOT_CALIBRATED in shown
    assert "No call was made" in shown
    assert "No code was suggested." in shown
    assert "secondcoder runs 1 --ranking" in shown
    status = secondcoder(ranked, "status").out
    assert NOT_CALIBRATED in status
    assert "Run 1 suggests nothing" in status
    as_json = secondcoder(ranked, "runs", "1", "--json").json
    assert as_json["outcomes"]["segments"] == {"not-asked": 9, "ranked": 9}
    assert any(note.startswith(NOT_CALIBRATED) for note in as_json["notes"])
    whys = {(o["status"], o["why"]) for o in as_json["not_coded"]}
    assert whys == {("not-asked", "the interviewer speaks"), ("ranked", "")}


def test_the_ranking_has_passages_and_codes_best_first(ranked: Path) -> None:
    secondcoder(ranked, "code", "--model", "none")
    found = secondcoder(ranked, "runs", "1", "--ranking", "--json").json
    rows = found["rows"]
    assert len(rows) == 9 * len(CODES)
    assert [r["score"] for r in rows] == sorted((r["score"] for r in rows), reverse=True)
    passages = interviews("A")["A"]
    assert all(r["passage"] == passages[r["segment"]] for r in rows)
    assert {r["code"] for r in rows} == set(CODES)
    assert not any(r["calibrated"] for r in rows)
    shown = secondcoder(ranked, "runs", "1", "--ranking").out
    assert "A rank is no suggestion" in shown
    assert "Nothing is suggested where nothing could be calibrated" in shown
    best = rows[0]
    line = next(line for line in shown.splitlines() if line.split()[:1] == ["A"])
    assert line.split()[1:3] == [str(best["segment"] + 1), best["code"]]
    assert " ".join(best["passage"].split()[:5]) in line


def test_the_view_holds_the_same(ranked: Path) -> None:
    secondcoder(ranked, "code", "--model", "none")
    rows = secondcoder(ranked, "runs", "1", "--ranking", "--json").json["rows"]
    with opened(open_study(ranked)) as store:
        seen = store.rows(
            "SELECT transcript, segment, code, score, passage, calibrated FROM view_rankings "
            "WHERE run = 1"
        )
    assert {tuple(row) for row in seen} == {
        (r["transcript"], r["segment"], r["code"], r["score"], r["passage"], 0) for r in rows
    }


def test_a_run_that_lists_codes_has_no_ranking(tmp_path: Path, fake_llm: FakeLLM) -> None:
    fake_llm.answer = by_words
    run_study(make_study(tmp_path, fake_llm.base_url))
    refused = secondcoder(tmp_path, "runs", "1", "--ranking")
    assert refused.code not in (0, 3)
    assert "Run 1 has ranked nothing." in refused.err


@pytest.mark.slow
def test_all_failing_is_never_no_codes_when_judged(tmp_path: Path, fake_llm: FakeLLM) -> None:
    """Also segments that nobody was asked about are told apart from those without a code."""
    fake_llm.default = error(500)
    result = run_study(_study(tmp_path, fake_llm), words_only=True)
    assert result.status == "partial"
    assert result.why.startswith(f"All {9 * len(CODES)} chunks failed (A).")
    assert result.outcomes["segments"] == {"failed": 9, "not-asked": 9}
    shown = secondcoder(tmp_path, "runs", "1").out
    assert "9 failed, 9 not asked about (the interviewer speaks, or too short)" in shown
    assert "without a code" not in shown
    listed = secondcoder(tmp_path, "runs", "1", "--failed").out
    assert "A, segment 1: not-asked: the interviewer speaks" in listed
