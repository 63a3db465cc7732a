"""Token counts: exact from a cached table, on the high side without, never from the network."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.llm import tokens
from assistant.llm.tokens import TokenCounter, estimate_tokens
from tests.llm.support import request


def small_table() -> bytes:
    """A table in tiktoken's format: all bytes, and a few longer pieces."""
    import base64

    pieces = [bytes([n]) for n in range(256)] + [b"th", b"the", b" the", b"in", b"ing"]
    lines = (
        base64.b64encode(piece) + b" " + str(rank).encode() for rank, piece in enumerate(pieces)
    )
    return b"\n".join(lines) + b"\n"


def test_without_a_table_counts_are_flagged(monkeypatch: pytest.MonkeyPatch) -> None:
    for model in ("gpt-4o", "gpt-4", "some-local-model", ""):
        counter = TokenCounter(model)
        assert not counter.exact
        assert "estimates" in counter.note
        assert counter.count("She said that it rained.") >= 6
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", "")  # turns tiktoken's cache off
    assert not TokenCounter("gpt-4o").exact


def test_a_damaged_table_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", str(tmp_path))
    file = tmp_path / tokens._TABLES["cl100k_base"][0]
    file.write_bytes(small_table()[:500])
    assert not TokenCounter("gpt-4").exact
    assert file.exists()  # tiktoken itself would have removed it and gone to the network


def test_with_a_table_counts_are_exact(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import tiktoken
    from tiktoken import registry

    table = small_table()
    encoding = tiktoken.Encoding(
        "cl100k_base",
        pat_str=r"\p{L}+| ?\p{L}+|.",
        mergeable_ranks={
            piece: rank
            for rank, piece in enumerate(
                [bytes([n]) for n in range(256)] + [b"th", b"the", b" the", b"in", b"ing"]
            )
        },
        special_tokens={"<|endoftext|>": 300},
    )
    name = tokens._TABLES["cl100k_base"][0]
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", str(tmp_path))
    monkeypatch.setitem(tokens._TABLES, "cl100k_base", (name, hashlib.sha256(table).hexdigest()))
    monkeypatch.setitem(registry.ENCODINGS, "cl100k_base", encoding)
    (tmp_path / name).write_bytes(table)
    counter = TokenCounter("openai/gpt-4-turbo")
    assert counter.exact
    assert counter.note == ""
    assert counter.count("the") == 1
    assert counter.count("thing") == 2  # th + ing
    assert counter.count("<|endoftext|>") > 1  # words, not a control token
    assert not TokenCounter("llama-3").exact


@pytest.mark.parametrize(
    ("text", "true_count"),
    [
        # Counts by cl100k_base, taken with tiktoken 0.14.
        (
            "Also ich habe damals in der Verwaltung angefangen, und die Zuständigkeiten waren "
            "eigentlich überhaupt nicht geklärt. Das Verantwortungsbewusstsein der Vorgesetzten "
            "ließ zu wünschen übrig.",
            53,
        ),
        (
            "Minusta tuntui, että työyhteisössämme kukaan ei oikeastaan kuunnellut, mitä me "
            "sanoimme palavereissa.",
            41,
        ),
        (
            "Мне кажется, что тогда никто не понимал, кто на самом деле принимает решения в нашем "
            "отделе.",
            41,
        ),
        (
            "Νομίζω ότι τότε κανείς δεν ήξερε ποιος παίρνει πραγματικά τις αποφάσεις στην ομάδα "
            "μας.",
            80,
        ),
        ("أعتقد أنه في ذلك الوقت لم يكن أحد يعرف من يتخذ القرارات في فريقنا حقًا.", 52),
        ("मुझे लगता है कि उस समय किसी को नहीं पता था कि हमारी टीम में असल में फैसले कौन लेता है।", 82),
        ("我觉得当时没有人知道在我们团队里到底是谁在做决定，所以大家都很困惑。", 41),
        ("그때는 우리 팀에서 누가 실제로 결정을 내리는지 아무도 몰랐던 것 같아요.", 40),
        ("😀👩‍👩‍👧‍👦 🇩🇪 ❤️ 🤷🏽‍♀️", 38),
        ("In 1998 there were 12,345 people; call 0049-171-5550123.", 23),
    ],
    ids=["de", "fi", "ru", "el", "ar", "hi", "zh", "ko", "emoji", "numbers"],
)
def test_the_estimate_is_on_the_high_side(text: str, true_count: int) -> None:
    assert true_count <= estimate_tokens(text) <= 3 * true_count


@pytest.mark.slow
@given(st.text(max_size=200), st.text(max_size=200))
def test_a_longer_text_never_counts_less(first: str, second: str) -> None:
    joined = estimate_tokens(f"{first}\n{second}")
    assert joined >= max(estimate_tokens(first), estimate_tokens(second))
    assert joined <= 4 * len(f"{first}\n{second}".encode("utf-8", "replace"))


@given(st.text(max_size=80).map(str.rstrip), st.text("ab.é ", max_size=80).map(str.rstrip))
def test_words_that_are_looked_up_count_as_if_the_line_were_read_anew(
    some: str, plain: str
) -> None:
    """Two spaces make a line that is read piece by piece; by themselves they are one token."""
    for text in (some, plain, f"{some}\n{plain}"):
        assert estimate_tokens(f"{text}  ") == estimate_tokens(text) + 1


def test_a_request_counts_all_that_is_sent() -> None:
    counter = TokenCounter()
    whole = request()
    parts = counter.count(whole.system) + counter.count(whole.user)
    assert counter.count_request(whole) > parts
    assert counter.count_request(whole) > counter.count_request(request(json_schema=None)) > parts


@pytest.mark.slow
def test_importing_and_counting_touch_no_network() -> None:
    program = """
import socket, ssl, sys
def no(*args, **options):
    raise AssertionError("a socket was opened")
socket.socket.connect = socket.socket.connect_ex = no
socket.create_connection = socket.getaddrinfo = no
import assistant.llm.client, assistant.llm.tokens, assistant.llm.bridge
late = {"openai", "httpx2", "tiktoken", "tenacity"} & set(sys.modules)
assert not late, late
import openai, tiktoken
from assistant.llm.tokens import TokenCounter
assert not TokenCounter("gpt-4o").exact
assert TokenCounter("gpt-4o").count("She said that it rained.") > 5
print("done")
"""
    root = Path(__file__).resolve().parents[2]
    result = subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert result.stdout.strip() == "done", result.stderr
