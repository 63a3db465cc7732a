"""What embedding at an endpoint may send: with consent, without listed names."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.coding import settings
from assistant.coding.judge.quote import cut_quote, sentences
from assistant.deidentify.records import Pseudonym
from assistant.deidentify.veil import Veil
from assistant.errors import UserError
from assistant.study import open_study
from assistant.transcripts.records import Segment
from tests.cli.command import Ended, secondcoder
from tests.fakes.server import FakeLLM
from tests.pseudonyms.planted import planted_study
from tests.pseudonyms.test_nothing_leaves import found_in
from tests.runs.interviews import interviews, truth
from tests.runs.studies import people, run_study
from tests.runs.test_embedding import KEY, embeddings_asked, study_at, texts_sent


def _leaving(folder: Path, *arguments: str) -> Ended:
    return secondcoder(folder, "pseudonyms", "preview", *arguments)


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "endpoint_is_local", lambda base_url: False)
    monkeypatch.setenv("OPENAI_API_KEY", KEY)


@pytest.mark.usefixtures("elsewhere")
@pytest.mark.parametrize("processor", ["Cluster", "local"])
def test_without_consent_nothing_is_sent(tmp_path: Path, fake_llm: FakeLLM, processor: str) -> None:
    """Also without a model that answers: the passages would go to the endpoint all the same."""
    study = study_at(tmp_path, fake_llm, processor=processor)
    ended = secondcoder(tmp_path, "code", "A", "--yes")
    assert ended.code == 2
    assert "Nothing was sent." in ended.err
    with pytest.raises(UserError):
        run_study(study, "A")
    assert fake_llm.history == []


@pytest.mark.usefixtures("elsewhere")
def test_the_user_is_asked_before_the_first_passage_leaves(
    tmp_path: Path, fake_llm: FakeLLM, monkeypatch: pytest.MonkeyPatch
) -> None:
    study_at(tmp_path, fake_llm, processor="Cluster")
    secondcoder(tmp_path, "transcripts", "--set-consent", "Cluster")
    answers = iter([False])
    monkeypatch.setattr("click.confirm", lambda *args, **options: next(answers))
    ended = secondcoder(tmp_path, "code", "A")
    assert (ended.code, fake_llm.history) == (3, [])
    assert secondcoder(tmp_path, "code", "A", "--yes").code == 0
    assert embeddings_asked(fake_llm)
    # Agreed once: the next one is not asked.
    assert secondcoder(tmp_path, "code", "B").code == 0


@pytest.mark.usefixtures("elsewhere")
def test_nothing_is_learned_from_transcripts_that_may_not_be_sent(
    tmp_path: Path, fake_llm: FakeLLM
) -> None:
    study = study_at(tmp_path, fake_llm, "ABC", processor="Cluster")
    people(study, "Ana", {name: truth(name, "ABC") for name in "BC"})
    for name in "AB":
        secondcoder(tmp_path, "transcripts", name, "--set-consent", "Cluster")
    result = run_study(study, "A")
    assert not set(interviews("ABC")["C"]) & set(texts_sent(fake_llm))
    assert set(interviews("ABC")["B"]) < set(texts_sent(fake_llm))
    said = "Nothing is learned from C (consent: local): consent does not cover sending their words"
    assert any(said in note for note in result.notes)


@pytest.mark.slow
def test_no_listed_name_is_sent(tmp_path: Path) -> None:
    with FakeLLM() as server:
        study = planted_study(tmp_path / "s", server.base_url)
        file = study.folder / "study.toml"
        file.write_text(
            file.read_text("utf-8").replace(
                '"fake-model"', '"none"\nembedding_model = "small-embedder"'
            ),
            "utf-8",
        )
        names = ("Plot of Zelda", "Other plot")
        ahead = [_leaving(study.folder, name, "--json").json for name in names]
        read = _leaving(study.folder, names[0]).out
        assert server.history == []
        result = run_study(open_study(study.folder))
        assert result.status == "complete"
        bodies = [json.loads(r.body) for r in embeddings_asked(server)]
        sent = [json.dumps(body, ensure_ascii=False) for body in bodies]
        again = _leaving(study.folder, names[0], "--json").json
    # What the preview showed is what was sent, to the byte; the codes go with the first transcript.
    shown = [json.loads(one["request"]) for found in ahead for one in found["vectors"]]
    assert all(body in shown for body in bodies)
    assert [one for one in shown if one not in bodies] == []
    assert len(ahead[0]["vectors"]) == 2
    assert all(text in read for one in ahead[0]["vectors"] for text in one["texts"])
    assert "request for vectors 1 of 2: to http" in read
    assert "7 texts (passages and codes) of it are sent to" in ahead[0]["remark"]
    assert again["vectors"] == []
    assert "were sent to" in again["remark"]
    assert sent
    for body in sent:
        assert found_in(json.dumps(json.loads(body), ensure_ascii=False)) == []
    assert "Person 1" in "".join(sent)


@given(st.integers(0, 60), st.integers(0, 60))
def test_a_stretch_that_cuts_a_name_shows_nothing_of_it(one: int, other: int) -> None:
    text = "I met Mt. Zelda there, and Zelda's brother; call 020 7946 0991."
    start, end = sorted((min(one, len(text)), min(other, len(text))))
    masked = _veil().text(text)
    shown = masked.shown(start, end)
    assert shown in masked.text
    assert not any(part in shown for part in ("Mt.", "Zel", "eld", "lda", "794", "946"))
    assert masked.shown(0, len(text)) == masked.text


def test_sentences_for_a_quote_hold_no_part_of_a_name() -> None:
    """“Mt. Zelda” is cut after its full stop, and “Zelda” alone is not on the list."""
    filler = "And then we went on with it as people do when there is time for it all. "
    text = filler * 3 + "I met Mt. Zelda there. " + filler * 2
    segment = Segment(index=0, start=0, end=len(text), speaker="P", turn=0)
    embedded: list[str] = []

    class Recording:
        def embed(self, texts: Sequence[str], kind: str = "passage") -> Any:
            embedded.extend(texts)
            return np.ones((len(texts), 2), np.float32)

    plain = sentences(text, segment)
    assert any("Zelda" in one and "Mt." not in one for one in plain), "the name is cut"
    words = _veil().text(text).shown
    start, end = cut_quote(text, segment, np.ones(2), Recording(), words)
    assert 0 <= start < end <= len(text)
    assert embedded == sentences(text, segment, words)
    assert not any("Zelda" in one for one in embedded)


def _veil() -> Veil:
    terms = [
        Pseudonym(term="Mt. Zelda", kind="place", replacement="Place 1"),
        Pseudonym(term="Zelda's brother", kind="person", replacement="Person 1"),
    ]
    return Veil(terms, patterns=True)
