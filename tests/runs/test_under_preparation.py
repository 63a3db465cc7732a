"""While a run is prepared everybody who looks at the study is told; before, it had “No run yet”."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import pytest

from assistant.coding.judge.cells import plan_transcript
from assistant.coding.under_preparation import Preparing, being_prepared, under_preparation
from assistant.llm.embedded import embeddings
from assistant.llm.embedded.platform_checks import Availability
from assistant.review.app import make_app
from assistant.study import Study
from tests.cli.command import secondcoder
from tests.fakes.server import FakeLLM
from tests.review.asking import shown_text
from tests.review.conftest import TOKEN, client_for
from tests.runs.interviews import interviews
from tests.runs.studies import make_study


@pytest.fixture
def study(tmp_path: Path, fake_llm: FakeLLM, monkeypatch: pytest.MonkeyPatch) -> Study:
    # The sentence embedding takes seconds to load and is not what is tested here.
    monkeypatch.setattr(embeddings, "embedding_available", lambda: Availability(False, "Not here."))
    return make_study(tmp_path, fake_llm.base_url, interviews("AB"))


def test_the_command_says_it_from_the_first_transcript_on_and_a_trial_does_not(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Preparing | None] = []
    real = plan_transcript

    def watched(*given: Any) -> Any:
        seen.append(under_preparation(study))
        return real(*given)

    monkeypatch.setattr("assistant.coding.judge.preparing.plan_transcript", watched)
    files = sorted(study.database.parent.iterdir())
    trial = secondcoder(study.folder, "code", "--model", "none", "--dry-run")
    assert trial.err.startswith("Preparing a run: reading 2 transcripts …\n")
    assert seen == [None, None]
    seen.clear()
    assert secondcoder(study.folder, "code", "--model", "none").code == 0
    assert [(s.done, s.of) for s in seen if s is not None] == [(0, 2), (1, 2)]
    assert under_preparation(study) is None
    assert sorted(study.database.parent.iterdir()) == files, "nothing of it stays"


def test_runs_status_and_the_page_say_it(study: Study) -> None:
    with being_prepared(study, 12) as advance:
        advance(3, "B")
        listed = secondcoder(study.folder, "runs").out
        assert listed.startswith("A run has been in preparation since 20")
        assert listed.endswith(" (UTC): 3 of 12 transcripts read.\n")
        assert "No run yet" not in listed
        assert listed.strip(".\n") in secondcoder(study.folder, "status").out
        page = shown_text(client_for(make_app(study.folder, TOKEN, 8000)).get("/runs").text)
        assert listed.strip() in page
    assert "No run yet" in secondcoder(study.folder, "runs").out


def test_what_was_cut_off_is_not_said_to_be_under_way(study: Study) -> None:
    file = study.database.with_name("preparing.json")
    file.write_text('{"since": "2026-01-01T10:00:00", "done": 1, "of": 2}', encoding="utf-8")
    assert under_preparation(study) is not None
    before = time.time() - 3600
    os.utime(file, (before, before))
    assert under_preparation(study) is None
    file.write_text("half wri", encoding="utf-8")
    assert under_preparation(study) is None
