"""What a user sees when something is wrong that she can mend: the words, and exit code 2.

The texts are kept as snapshots, so that a change of them is seen and read.
"""

from __future__ import annotations

import io
import re
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion

from assistant.store.database import Store
from assistant.store.verify import verify
from assistant.study import Study
from tests.cli.command import Ended, secondcoder
from tests.fakes.replies import error, page
from tests.fakes.server import FakeLLM
from tests.runs.studies import (
    CODEBOOK,
    GARDEN,
    by_words,
    calls,
    dump,
    long_interview,
    make_study,
    opened,
)

KEY = "sk-right-0123456789"


def _words(ended: Ended, folder: Path, **hidden: str) -> str:
    """Standard error without what differs from run to run."""
    text = ended.err.replace(str(folder), "STUDY")
    text = re.sub(r"127\.0\.0\.1:\d+", "127.0.0.1:PORT", text)
    for name, value in hidden.items():
        text = text.replace(value, name.upper())
    lines = [
        line
        for line in text.splitlines()
        # The preview before the run, and its progress.
        if not re.match(r"\d+ transcripts, \d+ calls|  Tokens are|Coding: |Preparing: ", line)
    ]
    assert "Traceback" not in text
    return "\n".join(lines)


def test_wrong_key(
    tmp_path: Path,
    fake_llm: FakeLLM,
    monkeypatch: pytest.MonkeyPatch,
    snapshot: SnapshotAssertion,
) -> None:
    fake_llm.key = KEY
    monkeypatch.setenv("OPENAI_API_KEY", "sk-wrong-9876543210")
    study = make_study(tmp_path, fake_llm.base_url, {"A": GARDEN, "B": long_interview(4)})
    ended = secondcoder(tmp_path, "code")
    assert ended.code == 2
    assert _words(ended, tmp_path) == snapshot
    assert "2 chunks not asked yet" in ended.out
    # Nothing of it is taken for "no codes", and with the right key the run goes on.
    assert dump(study)["segment_outcomes"] == []
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    fake_llm.answer = by_words
    assert secondcoder(tmp_path, "code").code == 0


def test_no_key_for_an_endpoint_elsewhere(
    tmp_path: Path, snapshot: SnapshotAssertion, monkeypatch: pytest.MonkeyPatch
) -> None:
    _no_sockets(monkeypatch)
    make_study(tmp_path, "https://models.example.org/v1", processor="Example")
    secondcoder(tmp_path, "transcripts", "--set-consent", "Example")
    ended = secondcoder(tmp_path, "code", "--yes")
    assert ended.code == 2
    assert _words(ended, tmp_path) == snapshot


def test_endpoint_is_down(tmp_path: Path, snapshot: SnapshotAssertion) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    make_study(tmp_path, f"http://127.0.0.1:{port}/v1")
    ended = secondcoder(tmp_path, "code")
    assert ended.code == 2
    assert _words(ended, tmp_path) == snapshot


def test_model_name_that_does_not_exist(
    tmp_path: Path, fake_llm: FakeLLM, snapshot: SnapshotAssertion
) -> None:
    fake_llm.check_model = True
    fake_llm.models = ["llama-small", "llama-large"]
    make_study(tmp_path, fake_llm.base_url, model="lama-large")
    ended = secondcoder(tmp_path, "code")
    assert ended.code == 2
    assert _words(ended, tmp_path) == snapshot


def test_a_web_page_instead_of_an_endpoint(
    tmp_path: Path, fake_llm: FakeLLM, snapshot: SnapshotAssertion
) -> None:
    fake_llm.default = page()
    make_study(tmp_path, fake_llm.base_url)
    ended = secondcoder(tmp_path, "code")
    assert ended.code == 2
    assert _words(ended, tmp_path) == snapshot


def test_all_calls_failing(tmp_path: Path, fake_llm: FakeLLM, snapshot: SnapshotAssertion) -> None:
    fake_llm.default = error(400, "The prompt could not be tokenized.")
    make_study(tmp_path, fake_llm.base_url, {"A": GARDEN, "B": long_interview(4)})
    ended = secondcoder(tmp_path, "code")
    assert ended.code == 3
    assert ended.out == snapshot
    assert "no codes" not in ended.out


@pytest.mark.slow
def test_disk_full(
    tmp_path: Path,
    fake_llm: FakeLLM,
    monkeypatch: pytest.MonkeyPatch,
    snapshot: SnapshotAssertion,
) -> None:
    """SQLite itself is told that there is no room for more pages."""
    fake_llm.answer = lambda request: by_words(request) + " " * 20_000
    small = {"chunk_tokens": 100, "context_segments": 0}
    study = make_study(tmp_path, fake_llm.base_url, {"A": long_interview(40)}, coding=small)
    with monkeypatch.context() as patch:
        _room_for(patch, pages=250)
        ended = secondcoder(tmp_path, "code")
    assert ended.code == 2
    assert _words(ended, tmp_path) == snapshot
    kept = calls(study, "request_sha256")
    assert 0 < len(kept) < 40
    ended = secondcoder(tmp_path, "code")
    assert ended.code == 0, ended.err
    assert set(kept) <= set(calls(study, "request_sha256"))
    assert len(calls(study)) == len(set(calls(study, "request_sha256"))) == 40
    with opened(study) as store:
        assert verify(store).ok


def _room_for(patch: pytest.MonkeyPatch, pages: int) -> None:
    real: Callable[[Store], None] = Store.use_wal

    def full(store: Store) -> None:
        real(store)
        now = store.value("PRAGMA page_count")
        store.value(f"PRAGMA max_page_count = {now + pages}")

    patch.setattr(Store, "use_wal", full)


def test_disk_refuses_when_opening(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, snapshot: SnapshotAssertion
) -> None:
    import sqlite3

    make_study(tmp_path, "http://127.0.0.1:9/v1")

    def refuse(store: Store) -> None:
        raise sqlite3.OperationalError("disk I/O error")

    monkeypatch.setattr(Store, "use_wal", refuse)
    ended = secondcoder(tmp_path, "code")
    assert ended.code == 2
    assert _words(ended, tmp_path) == snapshot


def test_database_of_a_newer_version(
    tmp_path: Path, fake_llm: FakeLLM, snapshot: SnapshotAssertion
) -> None:
    study = make_study(tmp_path, fake_llm.base_url)
    with opened(study) as store:
        store.write(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) "
            "SELECT migration_set, 'm999_of_tomorrow', applied_at FROM _sqlite_migrations LIMIT 1"
        )
    before = dump(study)
    ended = secondcoder(tmp_path, "code")
    assert ended.code == 2
    assert _words(ended, tmp_path) == snapshot
    assert dump(study) == before


MISTAKES = {
    "unknown field": CODEBOOK + "  - id: soup\n    definition: Soup.\n    exlude: Bread.\n",
    "bad indent": CODEBOOK.replace("  - id: company\n", "  - id: company\n   x\n"),
    "double id": CODEBOOK + "\n  - id: tools\n",
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_codebook_with_a_mistake(
    tmp_path: Path, fake_llm: FakeLLM, snapshot: SnapshotAssertion, mistake: str
) -> None:
    study = make_study(tmp_path, fake_llm.base_url)
    study.codebook_file.write_text("# Ours.\n" + MISTAKES[mistake], encoding="utf-8")
    ended = secondcoder(tmp_path, "code")
    assert ended.code == 2
    assert fake_llm.history == []
    assert _words(ended, tmp_path) == snapshot
    if mistake == "unknown field":
        assert "line 12" in ended.err


# --- consent -------------------------------------------------------------------------------------


def _no_sockets(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: Any, **options: Any) -> Any:
        raise AssertionError("a socket was opened")

    for name in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, name, refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


def test_consent_none_is_given_to_no_model(
    tmp_path: Path, fake_llm: FakeLLM, snapshot: SnapshotAssertion
) -> None:
    make_study(tmp_path, fake_llm.base_url, {"A": GARDEN, "B": long_interview(4)})
    secondcoder(tmp_path, "transcripts", "B", "--set-consent", "none")
    ended = secondcoder(tmp_path, "code", "A", "B")
    assert ended.code == 2
    assert fake_llm.history == []
    assert _words(ended, tmp_path) == snapshot
    fake_llm.answer = by_words
    # Nobody named it: it is left out by name, and the run is that of the others.
    ended = secondcoder(tmp_path, "code")
    assert ended.code == 0
    left_out = "Left out: B (consent: none). Its words may be given to no model."
    assert left_out in ended.err
    again = secondcoder(tmp_path, "code", "A")
    assert "was complete already" in again.out
    assert left_out not in again.err
    assert all(long_interview(4)[0] not in request.user for request in fake_llm.chats)


def test_where_all_have_consent_none_the_run_is_refused(tmp_path: Path, fake_llm: FakeLLM) -> None:
    make_study(tmp_path, fake_llm.base_url, {"A": GARDEN, "B": long_interview(4)})
    secondcoder(tmp_path, "transcripts", "--set-consent", "none")
    ended = secondcoder(tmp_path, "code")
    assert ended.code == 2
    assert "A (consent: none), B (consent: none)" in ended.err
    assert fake_llm.history == []


@pytest.mark.parametrize("processor", ["", "Example", "local", "none"])
def test_consent_local_and_an_endpoint_elsewhere(
    tmp_path: Path, snapshot: SnapshotAssertion, monkeypatch: pytest.MonkeyPatch, processor: str
) -> None:
    """Refused before anything leaves, also where the endpoint is called by a name that is none."""
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    study = make_study(tmp_path, "https://models.example.org/v1", processor=processor)
    _no_sockets(monkeypatch)
    ended = secondcoder(tmp_path, "code", "--yes")
    assert ended.code == 2
    assert _words(ended, tmp_path) == snapshot
    assert dump(study)["runs"] == []


def test_consent_for_a_named_processor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The check passes for the processor that is named, in whatever case, and for no other."""
    study: Study = make_study(tmp_path, "https://models.example.org/v1", processor="Example")
    _no_sockets(monkeypatch)
    secondcoder(tmp_path, "transcripts", "--set-consent", "Other, example")
    assert secondcoder(tmp_path, "code", "--dry-run").code == 0
    secondcoder(tmp_path, "transcripts", "--set-consent", "Other")
    ended = secondcoder(tmp_path, "code", "--dry-run")
    assert ended.code == 2
    assert "Nothing was sent." in ended.err
    assert dump(study)["requests"] == []


def test_the_first_run_elsewhere_asks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without an answer (here: no terminal) and with a no nothing is sent."""
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    make_study(tmp_path, "https://models.example.org/v1", processor="Example")
    secondcoder(tmp_path, "transcripts", "--set-consent", "Example")
    _no_sockets(monkeypatch)
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    ended = secondcoder(tmp_path, "code")
    assert ended.code == 3
    assert "Send them?" in ended.err
    monkeypatch.setattr("sys.stdin", io.StringIO("n\n"))
    ended = secondcoder(tmp_path, "code")
    assert ended.code == 3
    assert ended.err.endswith("Nothing was sent.\n")


# --- secrets -------------------------------------------------------------------------------------


@pytest.mark.slow
def test_the_key_is_nowhere(
    tmp_path: Path, fake_llm: FakeLLM, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the server echoes it, in an error and in a reply."""
    fake_llm.key = KEY
    study = make_study(tmp_path, fake_llm.base_url)
    said: list[Ended] = []
    wrong = "sk-wrong-9876543210"
    monkeypatch.setenv("OPENAI_API_KEY", wrong)
    said.append(secondcoder(tmp_path, "code"))
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    fake_llm.queue(f"Your key is {KEY}.", error(400, f"Bad key {KEY} in request"))
    said.append(secondcoder(tmp_path, "code"))
    fake_llm.answer = by_words
    said += [
        secondcoder(tmp_path, *command)
        for command in (
            ["code"],
            ["code", "--dry-run", "--show-payload"],
            ["code", "--json"],
            ["runs", "1", "--failed"],
            ["runs", "1", "--json"],
            ["show", "1"],
            ["show", "1", "--json"],
            ["status"],
        )
    ]
    assert [ended.code for ended in said][2:] == [0] * 8
    assert fake_llm.chats[-1].headers["authorization"] == f"Bearer {KEY}"
    for ended in said:
        for key in (KEY, wrong):
            assert key not in ended.out + ended.err
    for file in study.folder.rglob("*"):
        if file.is_file():
            for key in (KEY, wrong):
                assert key.encode() not in file.read_bytes(), file
