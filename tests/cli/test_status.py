"""``status`` names what silently takes the ground from figures: old definitions, a lost policy."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.interchange.editing import codebook_text, save_codebook, text_hash
from assistant.store.database import open_store
from assistant.store.versions import codebook_versions
from assistant.study import Study
from tests.cli.command import secondcoder
from tests.review.studies import shed


@pytest.fixture
def study(tmp_path: Path) -> Study:
    return shed(tmp_path / "study")


def test_codings_under_an_old_definition_are_named(study: Study) -> None:
    before = secondcoder(study.folder, "status", "--json").json
    assert before["recode"] == {}
    text = codebook_text(study)
    changed = text.replace("What the sky does to", "Wind and rain in")
    with open_store(study.database)[0] as store:
        save_codebook(study, store, changed, "Ana", seen=text_hash(text))
    found = secondcoder(study.folder, "status", "--json").json
    assert list(found["recode"]) == ["weather"]
    n = found["recode"]["weather"]
    assert n > 0
    said = secondcoder(study.folder, "status").out
    assert f"To be looked at again, since the definition was changed: weather {n}" in said
    assert f"Look again at {n} codings of weather" in said
    assert "secondcoder codebook history" in said


def test_an_edited_file_counts_before_anybody_records_it(study: Study) -> None:
    text = codebook_text(study).replace("What the sky does to", "Wind and rain in")
    study.codebook_file.write_text(text, encoding="utf-8")
    with open_store(study.database)[0] as store:
        versions = codebook_versions(store)
    assert secondcoder(study.folder, "status", "--json").json["recode"]
    with open_store(study.database)[0] as store:
        assert codebook_versions(store) == versions, "looking records nothing"


def test_a_policy_that_is_gone_or_broken_is_the_first_thing_to_do(study: Study) -> None:
    assert secondcoder(study.folder, "status", "--json").json["policy_problem"] == ""
    study.policy_file.write_text("[accept\n", encoding="utf-8")
    said = secondcoder(study.folder, "status").out
    assert "Policy: problem: The policy is not valid TOML" in said
    assert "1. Mend eval/policy.toml" in said
    study.policy_file.unlink()
    ended = secondcoder(study.folder, "status")
    assert ended.code == 0
    assert "Policy: problem: there is no eval/policy.toml" in ended.out
    assert "1. Put the policy back (there is no eval/policy.toml)" in ended.out
