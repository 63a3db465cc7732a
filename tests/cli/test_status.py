"""``status`` names what silently takes the ground from figures: old definitions, a lost policy."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from assistant.interchange.editing import codebook_text, save_codebook, text_hash
from assistant.store.database import open_store
from assistant.store.versions import codebook_versions
from assistant.study import Study, create_study
from tests.cli.command import secondcoder
from tests.review.studies import shed
from tests.store.filled import add_interview


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


def steps(study: Study) -> list[str]:
    found = secondcoder(study.folder, "status", "--json").json
    return list(found["next_steps"])


@pytest.mark.slow
def test_what_was_done_is_not_asked_for_again_and_what_waits_is_named(tmp_path: Path) -> None:
    from assistant import shipped
    from assistant.deidentify.records import Pseudonym
    from assistant.store.conflicts import Conflict, record_conflicts
    from assistant.store.pseudonyms import put_pseudonyms
    from assistant.study import create_study

    study = create_study(tmp_path / "study")
    examples = shipped.examples()
    shutil.copy(examples / "codebook" / "codebook.yaml", study.codebook_file)
    for file in ("Interview 01.txt", "Interview 02.txt"):
        shutil.copy(examples / "transcripts" / file, study.transcripts_folder)
    assert any("secondcoder import PATH" in step for step in steps(study))
    assert secondcoder(study.folder, "import").code == 0
    coded = [str(p) for p in sorted((examples / "codings").glob("Interview 0[12]*"))]
    told = ("import", *coded, "--exposure", "independent")
    assert secondcoder(study.folder, *told).code == 0
    assert any("See how well people agree" in step for step in steps(study))
    assert not any("transcripts/" in step for step in steps(study))
    assert secondcoder(study.folder, "evaluate").code == 0
    assert not any("See how well people agree" in step for step in steps(study))
    shutil.copy(examples / "transcripts" / "Interview 03.txt", study.transcripts_folder)
    with open_store(study.database)[0] as store:
        jean = Pseudonym(term="Jean", kind="person", replacement="Person 1", status="proposed")
        put_pseudonyms(store, [jean])
        sides = ({"consent": "local"}, {"consent": "none"})
        record_conflicts(store, [Conflict.of("consent", {"transcript": "x"}, sides, "2026")])
    found = steps(study)
    assert found[0].startswith("Settle 1 conflict between merged studies")
    assert "1 file of transcripts/ that is not in the study yet (Interview 03.txt)" in found[1]
    assert found[-1].startswith("Confirm or refuse 1 proposed name")
    said = secondcoder(study.folder, "status").out
    assert "Open conflicts of merged studies: 1" in said
    assert "In transcripts/ and not imported: 1 file" in said
    assert "Names proposed, neither confirmed nor refused: 1" in said


def test_from_twenty_coded_transcripts_on_some_are_kept_for_the_test(tmp_path: Path) -> None:
    study = create_study(tmp_path)
    study.codebook_file.write_text(
        "name: Beds\ncodes:\n  - id: tools\n    definition: What one digs with.\n", "utf-8"
    )
    advice = "Keep some of the 20 coded transcripts for the test"
    with open_store(study.database)[0] as store:
        for number in range(20):
            if number == 19:
                assert "Keep some of" not in secondcoder(tmp_path, "status").out
            add_interview(
                store, f"Bed {number}", [("Ann", f"Bed {number}."), ("Ann", f"A spade {number}.")]
            )
    assert advice in secondcoder(tmp_path, "status").out
    assert secondcoder(tmp_path, "split", "--draw").code == 0
    assert advice not in secondcoder(tmp_path, "status").out
