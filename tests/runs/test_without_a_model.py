"""“none” is no model: nothing is asked anywhere, whatever endpoint the study names."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from assistant.coding.coding import CodeOptions
from assistant.coding.settings import EMBEDDED, resolve
from assistant.errors import UserError
from assistant.store.model.runs import run
from assistant.study import open_study
from tests.fakes.server import FakeLLM
from tests.runs.interviews import interviews
from tests.runs.studies import make_study, opened, run_study


@pytest.mark.slow
@pytest.mark.parametrize(
    "coding", [{}, {"strategy": "list"}, {"prompt": "list-v2"}, {"prompt": "judge-v1"}]
)
def test_an_endpoint_is_not_asked(
    tmp_path: Path, fake_llm: FakeLLM, coding: dict[str, str]
) -> None:
    study = make_study(tmp_path, fake_llm.base_url, interviews("AB"), coding=coding)
    result = run_study(study, "A", model="none", words_only=True)
    assert (result.status, result.sent) == ("complete", 0)
    assert fake_llm.chats == []
    with opened(study) as store:
        row = run(store, result.run_id)
    assert row.strategy == "judge"
    assert row.header["resolved"]["endpoint"] == EMBEDDED
    assert row.header["resolved"]["local"]
    # No prompt was sent, so none stands in the coder's name.
    assert re.fullmatch(r"none \(word statistics, [0-9a-f]{8}\)", row.coder.name)


def test_what_can_only_be_asked_of_a_model_is_refused(tmp_path: Path, fake_llm: FakeLLM) -> None:
    study = make_study(tmp_path, fake_llm.base_url, interviews("AB"))
    for options in (CodeOptions((1,), strategy="list"), CodeOptions((1,), prompt="list-v1")):
        with pytest.raises(UserError, match="Without a model nothing can list codes"):
            resolve(study, prompt=options.prompt, strategy=options.strategy, model="none")


def test_a_study_may_name_no_model_for_good(tmp_path: Path, fake_llm: FakeLLM) -> None:
    study = make_study(tmp_path, fake_llm.base_url, interviews("AB"), model="none")
    settings = resolve(open_study(study.folder))
    assert (settings.strategy, settings.base_url, settings.model) == ("judge", EMBEDDED, "none")
