"""A run, and what others do while its questions are on their way."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.coding.coding import CodeOptions, code_transcripts
from assistant.coding.listing import fail_chunk, take_reply
from assistant.coding.running import prepare
from assistant.errors import UserError
from assistant.interchange.transcripts import named
from assistant.interchange.withdrawal.withdrawing import withdraw_transcript
from assistant.llm.wire import stored_reply
from assistant.store.model.calls import call, record_call
from assistant.store.model.chunks import chunks
from assistant.store.model.suggestions import suggestions
from assistant.store.texts.transcripts import transcript
from assistant.store.verify import verify
from tests.fakes.server import FakeLLM, FakeRequest
from tests.runs.studies import (
    CODEBOOK,
    GARDEN,
    QUICK,
    by_words,
    long_interview,
    make_study,
    opened,
    run_study,
)

SMALL = {"chunk_tokens": 100, "context_segments": 0}


def test_two_programs_in_one_run_store_what_it_suggests_once(
    tmp_path: Path, fake_llm: FakeLLM
) -> None:
    """Both have put the same question, and the second reply comes when the first is stored."""
    fake_llm.answer = by_words
    study = make_study(tmp_path, fake_llm.base_url)
    run_study(study)
    with opened(study) as store:
        prepared = prepare(study, store, CodeOptions(named(store, ()), retry=QUICK))
        (planned,) = prepared.plan.calls
        (chunk,) = chunks(store, 1)
        row = call(store, 1)
        reply = stored_reply(row.raw, row.structured_mode, row.http_status)
        before = [s.guid for s in suggestions(store, 1)]
        second = record_call(store, 1, chunk.id, chunk.request_sha256, 1, 1, reply)
        text = transcript(store, chunk.transcript_id)
        book = prepared.spec.codebook
        said = take_reply(store, 1, chunk.id, second, text, planned.chunk, book, reply)
        assert said.what == "done"
        assert before
        assert [s.guid for s in suggestions(store, 1)] == before
        fail_chunk(store, 1, chunk.id, text.id, planned.chunk, "the other gave up")
        assert {chunk.status for chunk in chunks(store, 1)} == {"done"}
        assert verify(store).ok


def test_after_a_withdrawal_no_reply_brings_the_words_back(
    tmp_path: Path, fake_llm: FakeLLM
) -> None:
    study = make_study(
        tmp_path,
        fake_llm.base_url,
        {"A": long_interview(12), "B": ("Nobody had a zorblat. It rained on the spade.",)},
        coding=SMALL,
    )

    def answer(request: FakeRequest) -> str:
        if "zorblat" in request.user:
            with opened(study) as store:
                withdraw_transcript(study, store, "B", "asked for")
        return by_words(request)

    fake_llm.answer = answer
    with opened(study) as store, pytest.raises(UserError, match="“B” was withdrawn while this run"):
        code_transcripts(study, store, CodeOptions(named(store, ()), retry=QUICK))
    with opened(study) as store:
        assert verify(store).ok
        assert all(s.quote for s in suggestions(store, 1) if s.transcript == "A")
    for file in (study.folder / "runs").rglob("*"):
        assert not file.is_file() or b"zorblat" not in file.read_bytes(), file.name
    fake_llm.answer = by_words
    assert run_study(study, "A").status == "complete"


def test_after_a_withdrawal_nothing_with_an_example_from_it_is_asked(
    tmp_path: Path, fake_llm: FakeLLM
) -> None:
    """It is no transcript of the run, but its words stand in the codebook that is sent."""
    said = "Nobody had a purple zorblat in that wet garden."
    example = f"a barrow.\n    examples:\n      - text: {said}\n        transcript: B\n"
    study = make_study(
        tmp_path,
        fake_llm.base_url,
        {"A": GARDEN, "B": (said,)},
        codebook=CODEBOOK.replace("a barrow.\n", example, 1),
    )
    sent = []

    def answer(request: FakeRequest) -> str:
        sent.append("zorblat" in str(request.body))
        with opened(study) as other:
            withdraw_transcript(study, other, "B", "asked for")
        return "this is no JSON, so that it would be asked again"

    fake_llm.answer = answer
    with opened(study) as store, pytest.raises(UserError, match="“B” was withdrawn while this run"):
        code_transcripts(study, store, CodeOptions(named(store, ("A",)), retry=QUICK))
    assert sent == [True], "it was sent once, before she withdrew"
    with opened(study) as store:
        assert verify(store).ok
    for file in (study.folder / "runs").rglob("*"):
        assert not file.is_file() or b"zorblat" not in file.read_bytes(), file.name
