"""With the recorded replies and the default policy, every lane of a verdict is reached, by the
codes that the README names: the whole way, through the commands.
"""

from __future__ import annotations

import pytest

from assistant.store.database import open_store
from assistant.store.measured.evidence import evaluations, verdicts
from eval.verdicts.lanes import LANES
from tests.audit.lower_field import done, study_with_new
from tests.examples.files import EXAMPLES, codebook
from tests.fakes.recorded import RecordedReplies
from tests.fakes.server import FakeLLM

pytestmark = pytest.mark.slow

EXPECTED = {
    "accept": {"Growing-and-crops", "Help-between-plots", "Family-and-plot"},
    "review": {"Rules-and-committee", "Conflict-on-site"},
    "vague": {"Calm-and-relief", "Pride-in-doing", "Guilt-and-burden", "Cost-and-money"},
    "withhold": {"Stands-in-for-someone"},
    "unproven": {"Theft-and-damage", "Wildlife-noticed"},
}


@pytest.fixture(scope="module")
def lanes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("lanes") / "field"
    with FakeLLM(answer=RecordedReplies(EXAMPLES)) as server:
        study = study_with_new(folder, server.base_url, 0)
        done(folder, "import", str(folder / "codings"), "--exposure", "independent")
        done(folder, "code", "--strategy", "list", "--yes")
    done(folder, "evaluate", "--run", "1")
    store, _ = open_store(study.database)
    with store:
        (made,) = evaluations(store)
        return {found.code: found.lane for found in verdicts(store, made.id)}


@pytest.mark.parametrize("lane", LANES)
def test_every_lane_is_reached(lane: str, lanes: dict[str, str]) -> None:
    assert {code for code, reached in lanes.items() if reached == lane} == EXPECTED[lane]


def test_the_readme_says_the_same() -> None:
    readme = (EXAMPLES / "README.md").read_text(encoding="utf-8")
    names = {code.label: code.id for code in codebook().codes}
    for lane, codes in EXPECTED.items():
        (row,) = [line for line in readme.splitlines() if line.startswith(f"| {lane} |")]
        assert {names[name.strip()] for name in row.split("|")[2].split(",")} == codes
