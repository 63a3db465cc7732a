"""A transcript with consent ``none`` is given to no model: neither asked about nor learned from."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from assistant.codebook.loading import load_codebook
from assistant.guide.similar import passages_of_people
from assistant.hashing import hash_text
from assistant.interchange.transcripts import named
from assistant.llm.embedded import embeddings
from assistant.llm.embedded.platform_checks import Availability
from assistant.review.app import make_app
from assistant.store.model.runs import run
from assistant.store.texts.transcripts import set_consent, transcript
from assistant.store.versions import fit
from assistant.study import Study
from tests.cli.command import secondcoder
from tests.fakes.server import FakeLLM
from tests.review.conftest import client_for
from tests.runs.interviews import interviews, knows, truth
from tests.runs.studies import make_study, opened, people, run_study

NAMES = "ABCD"
HERS = "C"
"""Coded by people, and to be given to no model."""


@pytest.fixture
def embedded(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """All that the sentence model of this computer is given; its vectors are invented."""
    given: list[str] = []

    def embed(self: object, texts: Sequence[str], kind: str = "passage") -> Any:
        given.extend(texts)
        seeds = [int(hash_text(text)[7:15], 16) for text in texts]
        rows = [np.random.default_rng(seed).normal(size=16) for seed in seeds]
        return embeddings._unit(np.asarray(rows, np.float32).reshape(-1, 16))

    monkeypatch.setattr(embeddings, "embedding_available", lambda: Availability(True))
    monkeypatch.setattr(embeddings.SentenceEmbedder, "embed", embed)
    return given


def _study(folder: Path, server: FakeLLM, how: str) -> Study:
    """B, C and D are coded by two people; nobody but C has said no."""
    server.answer = knows
    endpoint = {"embedding_model": "small"} if how == "endpoint" else {}
    study = make_study(
        folder,
        server.base_url,
        interviews(NAMES),
        coding={"strategy": "judge", "shortlist": 3, "calibrate_on": 3},
        **endpoint,
    )
    for coder in ("Ana", "Ben"):
        people(study, coder, {name: truth(name, NAMES) for name in "BCD"})
    _consent(study, HERS, "none")
    return study


def _consent(study: Study, name: str, consent: str) -> None:
    with opened(study) as store:
        set_consent(store, named(store, [name])[0], consent)


def _learned_from(study: Study, run_id: int) -> set[str]:
    with opened(study) as store:
        names = {transcript(store, key).sha256: n for n, key in _keys(study).items()}
        return {names[s] for f in run(store, run_id).fits.values() for s in fit(store, f)[1]}


def _keys(study: Study) -> dict[str, int]:
    with opened(study) as store:
        return {name: named(store, [name])[0] for name in NAMES}


@pytest.mark.parametrize("how", ["embedded", "endpoint", "words"])
def test_nothing_of_it_is_given_away_or_learned_from(
    tmp_path: Path, fake_llm: FakeLLM, embedded: list[str], how: str
) -> None:
    """Whatever makes the shortlist: a model here, one at an endpoint, or no model at all."""
    study = _study(tmp_path, fake_llm, how)
    result = run_study(study, "A", words_only=how == "words")
    assert result.status == "complete"
    assert _learned_from(study, result.run_id) == {"B", "D"}
    sent = "".join(request.body.decode("utf-8") for request in fake_llm.history)
    given = {"embedded": "\n".join(embedded), "endpoint": sent, "words": sent}[how]
    for words in (given, sent):
        assert f"of the {HERS} story" not in words
    assert all(f"of the {name} story" in given for name in "ABD")
    assert bool(embedded) == (how == "embedded")


def test_passages_alike_are_compared_by_meaning_without_it(
    tmp_path: Path, fake_llm: FakeLLM, embedded: list[str]
) -> None:
    """It has no vectors, and that is no reason to compare the others by their words alone."""
    study = _study(tmp_path, fake_llm, "embedded")
    run_study(study, "A")
    assert embedded
    with opened(study) as store:
        found = passages_of_people(store, load_codebook(study.codebook_file))
        assert found.by_meaning
        assert {p.transcript for p in found.passages} == {"B", "D"}
        for name in "BD":
            set_consent(store, named(store, [name])[0], "none")
        by_words = passages_of_people(store, load_codebook(study.codebook_file))
    assert not by_words.by_meaning
    assert {p.transcript for p in by_words.passages} == {"B", "C", "D"}


def test_the_command_says_which_were_left_out_and_why(
    tmp_path: Path, fake_llm: FakeLLM, embedded: list[str]
) -> None:
    study = _study(tmp_path, fake_llm, "embedded")
    said = "Nothing is learned from C (consent: none): consent does not cover giving their words"
    ahead = secondcoder(tmp_path, "code", "A", "--dry-run")
    assert sum(said in line for line in ahead.err.splitlines()) == 1
    done = secondcoder(tmp_path, "code", "A")
    assert done.code == 0, done.err
    assert said in secondcoder(tmp_path, "runs", "1").out
    for name in "BD":
        _consent(study, name, "none")
    many = secondcoder(tmp_path, "code", "A", "--dry-run").err
    assert "from B (consent: none), C (consent: none), D (consent: none): consent" in many


def test_without_names_it_is_left_out_and_the_progress_counts_the_others(
    tmp_path: Path, fake_llm: FakeLLM, embedded: list[str]
) -> None:
    _study(tmp_path, fake_llm, "embedded")
    ended = secondcoder(tmp_path, "code", "--model", "none")
    assert ended.code == 0, ended.err
    lines = ended.err.splitlines()
    assert "Left out: C (consent: none). Its words may be given to no model." in lines
    steps = [line.split()[1:4] for line in lines if line.startswith("Preparing: ")]
    assert steps[-1] == ["3", "of", "3"]
    assert {of for _, _, of in steps} == {"3"}
    assert not any(f"of the {HERS} story" in text for text in embedded)


def test_the_form_of_a_run_offers_it_to_no_model(tmp_path: Path, fake_llm: FakeLLM) -> None:
    study = _study(tmp_path, fake_llm, "words")
    keys = _keys(study)
    page = client_for(make_app(study.folder, "a-token-for-tests", 8000)).get("/run").text
    boxes = dict(re.findall(r'name="transcript" value="(\d+)"( \w+)?', page))
    assert boxes[str(keys[HERS])] == " disabled"
    assert [boxes[str(keys[name])] for name in "ABD"] == ["", " checked", " checked"]
    assert "consent: none (may be given to no model)" in page


def test_another_consent_is_another_run_and_its_return_the_same(
    tmp_path: Path, fake_llm: FakeLLM
) -> None:
    """No run that is there already comes to differ from what it learned."""
    study = _study(tmp_path, fake_llm, "words")
    without = run_study(study, "A", model="none", words_only=True)
    _consent(study, HERS, "local")
    with_her = run_study(study, "A", model="none", words_only=True)
    assert with_her.run_id != without.run_id
    assert _learned_from(study, with_her.run_id) == {"B", "C", "D"}
    _consent(study, HERS, "none")
    again = run_study(study, "A", model="none", words_only=True)
    assert (again.run_id, again.unchanged) == (without.run_id, True)
    assert _learned_from(study, without.run_id) == {"B", "D"}


def test_a_run_that_was_stopped_does_not_go_on_with_what_may_no_longer_be_given(
    tmp_path: Path, fake_llm: FakeLLM
) -> None:
    study = _study(tmp_path, fake_llm, "words")
    _consent(study, HERS, "local")
    stopped = run_study(study, "A", words_only=True, max_calls=5)
    assert stopped.status == "partial"
    _consent(study, HERS, "none")
    before = len(fake_llm.chats)
    result = run_study(study, "A", words_only=True)
    assert result.run_id != stopped.run_id
    assert result.status == "complete"
    assert not any(f"of the {HERS} story" in r.user for r in fake_llm.chats[before:])
    assert _learned_from(study, result.run_id) == {"B", "D"}
