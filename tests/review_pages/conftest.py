"""The small study of the transcript page's tests, and the example study with recorded answers."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant import shipped
from assistant.interchange.imports.importing import ImportOptions, import_files
from assistant.interchange.imports.known_codes import known_codes
from assistant.store.database import open_store
from assistant.study import Study, create_study
from tests.fakes.recorded import RecordedReplies
from tests.fakes.server import FakeLLM
from tests.review.conftest import client, opened, study

__all__ = ["client", "opened", "study"]

EXAMPLES = shipped.examples()


@pytest.fixture(scope="session")
def model() -> Iterator[FakeLLM]:
    """A server on this computer that answers with the example study's recorded replies."""
    with FakeLLM(answer=RecordedReplies(EXAMPLES)) as server:
        yield server


@pytest.fixture(scope="session")
def _field(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = create_study(tmp_path_factory.mktemp("field") / "study", name="Field")
    shutil.copyfile(EXAMPLES / "codebook" / "codebook.yaml", made.codebook_file)
    files = [
        EXAMPLES / "codings" / f"Interview {n:02} - {who}.txt"
        for n in (1, 2, 3)
        for who in ("Ana", "Ben")
    ]
    with open_store(made.database)[0] as store:
        import_files(
            store,
            files,
            ImportOptions(exposure="independent", known_codes=known_codes(made.codebook_file)),
        )
    return made.folder


@pytest.fixture
def field(_field: Path, tmp_path: Path, model: FakeLLM) -> Study:
    """Three interviews of the example study, coded by two people, a model at hand, no run yet."""
    from assistant.guide.settings_file import change_settings
    from assistant.study import open_study

    shutil.copytree(_field, tmp_path / "field")
    change_settings(
        tmp_path / "field",
        "endpoint",
        {"base_url": model.base_url, "model": "fake-model", "api_key_env": ""},
    )
    return open_study(tmp_path / "field")
