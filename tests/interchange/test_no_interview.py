"""A file that was taken for an interview by mistake goes again, and no participant withdrew."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from assistant.errors import UserError
from assistant.guide.unimported import not_imported
from assistant.interchange.imports.no_interview import take_out
from assistant.store.database import open_store
from assistant.store.people.memos import add_memo
from assistant.store.texts.transcripts import transcript_infos
from assistant.store.verify import verify
from assistant.store.withdrawal.taking_out import what_rests_on
from assistant.store.withdrawal.withdrawal import tombstones
from assistant.study import create_study, open_study
from tests.cli.command import secondcoder
from tests.interchange.interviews import PARAGRAPHS, bring, delve_text, plain
from tests.review.conftest import opened
from tests.store.filled import add_interview, fill

__all__ = ["opened"]

CODEBOOK = [("", f"Quimpet{n} means that somebody zorblats her vexadoon.") for n in range(4)]


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """A study with one interview and one codebook that was read as another."""
    folder = create_study(tmp_path / "study").folder
    plain(folder / "transcripts" / "Beds.txt")
    (folder / "transcripts" / "codes.md").write_text("\n\n".join(said for _, said in CODEBOOK))
    assert secondcoder(folder, "import").code == 0
    return folder


def names(folder: Path) -> list[str]:
    with open_store(folder / "runs" / "study.db")[0] as store:
        assert verify(store).ok
        return [info.name for info in transcript_infos(store)]


def test_nobody_is_said_to_have_withdrawn(study: Path) -> None:
    assert names(study) == ["Beds", "codes"]
    done = secondcoder(study, "withdraw", "codes", "--no-interview", "--yes")
    assert done.out.startswith("“codes” is no interview and was taken out: its words are erased")
    assert names(study) == ["Beds"]
    assert "withdrawn" not in secondcoder(study, "methods").out
    assert secondcoder(study, "trail").code == 0
    (page,) = (study / "runs" / "reports" / "trail").glob("*.html")
    assert "“codes” is no interview and was taken out" in page.read_text(encoding="utf-8")
    with open_store(study / "runs" / "study.db")[0] as store:
        assert tombstones(store) == ()
        assert not_imported(open_study(study), store).files == ()
    for file in (study / "runs").rglob("*"):
        assert not file.is_file() or b"zorblat" not in file.read_bytes(), file.name
    # It is not read again with the folder; who names it means it.
    assert secondcoder(study, "import").code == 0
    assert names(study) == ["Beds"]
    assert secondcoder(study, "import", str(study / "transcripts" / "codes.md")).code == 0
    assert names(study) == ["Beds", "codes"]


def test_what_work_rests_on_stays(study: Path, tmp_path: Path) -> None:
    with open_store(study / "runs" / "study.db")[0] as store:
        bring(store, delve_text(tmp_path / "Beds - Ana.txt", {1: ["weather"]}))
        with pytest.raises(UserError, match=r"work that rests on it \(1 coding\)"):
            take_out(store, "Beds")
        key = next(info.id for info in transcript_infos(store) if info.name == "codes")
        add_memo(store, "transcript", "Is this one?", who="Ana", transcript_id=key)
        with pytest.raises(UserError, match=r"\(1 memo\)"):
            take_out(store, "codes")
    refused = secondcoder(study, "withdraw", "Beds", "--no-interview")
    assert (refused.code, names(study)) == (2, ["Beds", "codes"])


def test_runs_evaluations_and_audits_rest_on_it() -> None:
    store = open_store()[0]
    key = add_interview(store, "Beds", PARAGRAPHS)
    fill(store, key)
    rests = ", ".join(what_rests_on(store, key))
    for what in ("coding", "run", "audit", "evaluation"):
        assert what in rests, what


def test_the_page_offers_it_and_says_what_it_did(
    study: Path, opened: Callable[..., TestClient]
) -> None:
    dora = opened(study, "Dora")
    assert 'id="no-interview"' in dora.get("/").text
    assert dora.post("/no-interview", data={"transcript": "codes"}).status_code == 303
    assert "“codes” is no interview and was taken out" in dora.get("/").text
    assert names(study) == ["Beds"]
