"""Nobody's words leave as an example in the codebook when she did not agree to it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from assistant.coding import settings
from assistant.interchange.transcripts import named
from assistant.store.model.runs import run
from assistant.store.texts.transcripts import set_consent
from assistant.study import Study
from tests.cli.command import secondcoder
from tests.fakes.server import FakeLLM
from tests.runs.interviews import knows
from tests.runs.studies import CODEBOOK, GARDEN, by_words, make_study, opened, run_study

HERS = "I keep the old hoe that my aunt had in the war."
OTHER = "Somebody else spoke of a rake with seven teeth."
MADE_UP = "A fork is made up here."
TEXTS = {"A": GARDEN, "B": (HERS, "And then we waited for a while, as one does.")}
CODEBOOK_WITH = CODEBOOK.replace(
    "or a barrow.\n",
    "or a barrow.\n    examples:\n"
    f'      - {{text: "{HERS}", transcript: B}}\n'
    f'      - {{text: "{OTHER}", transcript: C}}\n'
    f'      - {{text: "{MADE_UP}"}}\n',
)
JUDGE = {"strategy": "judge", "shortlist": 3}


def _study(
    folder: Path, server: FakeLLM, consent: str, coding: Mapping[str, Any] = {}, **endpoint: Any
) -> Study:
    server.answer = by_words if coding != JUDGE else knows
    study = make_study(
        folder, server.base_url, TEXTS, codebook=CODEBOOK_WITH, coding=coding, **endpoint
    )
    _consent(study, "B", consent)
    return study


def _consent(study: Study, name: str, consent: str) -> None:
    with opened(study) as store:
        set_consent(store, named(store, [name])[0], consent)


def _sent(server: FakeLLM) -> str:
    bodies = [json.loads(request.body.decode("utf-8")) for request in server.history]
    return json.dumps(bodies, ensure_ascii=False)


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "endpoint_is_local", lambda base_url: False)
    monkeypatch.setenv("OPENAI_API_KEY", "key-for-tests-0123456789")


@pytest.mark.slow
@pytest.mark.parametrize("how", ["list", "judge", "embedding"])
def test_without_consent_no_example_is_sent(tmp_path: Path, fake_llm: FakeLLM, how: str) -> None:
    embeds = {"embedding_model": "small", "model": "none"} if how == "embedding" else {}
    coding: dict[str, Any] = {} if how == "list" else JUDGE
    study = _study(tmp_path, fake_llm, "none", coding=coding, **embeds)
    ahead = secondcoder(tmp_path, "code", "A", "--dry-run", "--json").json
    result = run_study(study, "A")
    assert result.status == "complete"
    assert HERS not in _sent(fake_llm)
    assert all(words in _sent(fake_llm) for words in (OTHER, MADE_UP))
    said = "1 example is left out of the codebook as it is shown"
    with opened(study) as store:
        header = run(store, result.run_id).header
    for notes in (ahead["notes"], header["notes"]):
        (note,) = (note for note in notes if said in note)
        assert "1 of tools from “B” (consent: none)" in note
        assert HERS not in note


def test_many_are_said_in_short_and_all_of_them_in_json(tmp_path: Path, fake_llm: FakeLLM) -> None:
    """One line for people, however many interviews the examples are from."""
    fake_llm.answer = by_words
    names = [f"I{n}" for n in range(8)]
    hers = {name: f"In {name} I keep the old hoe that my aunt had." for name in names}
    examples = "".join(
        f'      - {{text: "{said}", transcript: {name}}}\n' for name, said in hers.items()
    )
    book = CODEBOOK.replace("or a barrow.\n", f"or a barrow.\n    examples:\n{examples}")
    texts = {"A": GARDEN, **{name: (said, "And then we waited.") for name, said in hers.items()}}
    study = make_study(tmp_path, fake_llm.base_url, texts, codebook=book)
    for name in names:
        _consent(study, name, "none")
    ahead = secondcoder(tmp_path, "code", "A", "--dry-run", "--json").json
    (note,) = (note for note in ahead["notes"] if "8 examples are left out" in note)
    assert [n for n in names if f"“{n}”" in note] == names[:3]
    assert "and 5 more (all of them: `secondcoder code --dry-run --json`" in note
    run_study(study, "A")
    kept = secondcoder(tmp_path, "runs", "1", "--json").json["header"]["resolved"]
    every = [f"1 of tools from “{name}” (consent: none)" for name in names]
    assert ahead["examples_left_out"] == kept["examples_left_out"] == every


@pytest.mark.slow
@pytest.mark.usefixtures("elsewhere")
@pytest.mark.parametrize("how", ["list", "embedding"])
def test_what_stays_here_stays_here(tmp_path: Path, fake_llm: FakeLLM, how: str) -> None:
    """Also what names a transcript of which nothing is known."""
    embeds = {"embedding_model": "small", "model": "none"} if how == "embedding" else {}
    coding: dict[str, Any] = {} if how == "list" else JUDGE
    study = _study(tmp_path, fake_llm, "local", coding=coding, processor="Cluster", **embeds)
    _consent(study, "A", "Cluster")
    result = run_study(study, "A")
    assert not any(words in _sent(fake_llm) for words in (HERS, OTHER))
    assert MADE_UP in _sent(fake_llm)
    (note,) = (note for note in result.notes if "2 examples are left out" in note)
    assert "1 of tools from “B” (consent: local)" in note
    assert "1 of tools from “C” (not in this study, so consent is not known)" in note
    assert "“Cluster”" in note


@pytest.mark.slow
@pytest.mark.parametrize("coding", [{}, JUDGE])
def test_another_consent_is_another_recipe_and_its_return_the_same_run(
    tmp_path: Path, fake_llm: FakeLLM, coding: dict[str, Any]
) -> None:
    study = _study(tmp_path, fake_llm, "local", coding=coding)
    first = run_study(study, "A")
    assert HERS in _sent(fake_llm)
    _consent(study, "B", "none")
    second = run_study(study, "A")
    with opened(study) as store:
        one, other = run(store, first.run_id).header, run(store, second.run_id).header
        books = {run(store, r.run_id).codebook_sha256 for r in (first, second)}
    before, after = one["recipe"]["codes"], other["recipe"]["codes"]
    assert {code for code in before if before[code] != after[code]} == {"tools"}
    assert len(books) == 1
    _consent(study, "B", "local")
    assert run_study(study, "A").unchanged


def test_where_consent_covers_all_the_codebook_is_shown_as_it_is(
    tmp_path: Path, fake_llm: FakeLLM
) -> None:
    study = _study(tmp_path, fake_llm, "local")
    result = run_study(study, "A")
    assert all(words in _sent(fake_llm) for words in (HERS, OTHER, MADE_UP))
    assert not any("left out of the codebook" in note for note in result.notes)
