"""Studies that are made once for all tests of this folder, and copied by those that change them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.audit.lower_field import done, fill_in, study_with_new
from tests.examples.files import EXAMPLES
from tests.fakes.recorded import RecordedReplies
from tests.fakes.server import FakeLLM


@pytest.fixture(scope="session")
def evaluated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Imported, coded and evaluated; nothing is audited yet."""
    folder = tmp_path_factory.mktemp("audit") / "field"
    with FakeLLM(answer=RecordedReplies(EXAMPLES)) as server:
        study_with_new(folder, server.base_url)
        done(folder, "import", str(folder / "codings"), "--exposure", "independent")
        done(folder, "import", str(folder / "new"))
        done(folder, "code", "--strategy", "list", "--yes")
    done(folder, "evaluate", "--run", "1")
    return folder


@pytest.fixture(scope="session")
def passed(evaluated: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with an audit that Dora coded and that passed."""
    folder = tmp_path_factory.mktemp("passed") / "field"
    shutil.copytree(evaluated, folder)
    done(folder, "audit", "draw", "1", "--seed", "4")
    blind = folder / "runs" / "audits" / "audit-1"
    for path in sorted(blind.iterdir()):
        fill_in(path)
    done(folder, "audit", "take", str(blind), "--coder", "Dora")
    done(folder, "audit", "result", "1")
    return folder


@pytest.fixture
def study(passed: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(passed, tmp_path / "field"))
