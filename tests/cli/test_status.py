"""``status`` names what silently takes the ground from figures: old definitions, a lost policy."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from assistant.codebook.loading import load_codebook
from assistant.decisions.own import add_missed
from assistant.guide.overview import overview
from assistant.interchange.study_codebook.editing import codebook_text, save_codebook, text_hash
from assistant.interchange.study_codebook.recoding import recoding_counts
from assistant.review.pages.study import EXPOSURES
from assistant.store.database import open_store
from assistant.store.people.codings import scopes, set_exposure
from assistant.store.versions import codebook_versions
from assistant.store.withdrawal.withdrawal import withdraw
from assistant.study import Study, create_study
from assistant.transcripts.records import ADJUDICATED
from eval.units.notes import study_notes
from tests.cli.command import secondcoder
from tests.review.conftest import opened
from tests.review.studies import shed
from tests.store.filled import add_interview

__all__ = ["opened"]


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


def test_what_nobody_is_to_look_at_again_is_not_counted(study: Study) -> None:
    """As the page and the evaluation count: adjudicated codes and a withdrawn transcript's."""
    text = codebook_text(study)
    with open_store(study.database)[0] as store:
        changed = text.replace("What the sky does to", "Wind and rain in")
        save_codebook(study, store, changed, "Ana", seen=text_hash(text))
        before = overview(study, store).recode["weather"]
        book = load_codebook(study.codebook_file)
        assert recoding_counts(store, book, ["weather"])["weather"] == before
        key = next(s.transcript_id for s in scopes(store) if s.coder.name == "Ana")
        set_exposure(store, "adjudicated", coder="Ana")
        without = overview(study, store).recode.get("weather", 0)
        assert 0 < without < before
        assert recoding_counts(store, book, ["weather"])["weather"] == without
        withdraw(store, key, "asked")
        gone = overview(study, store).recode.get("weather", 0)
        assert gone < without
        assert recoding_counts(store, book, ["weather"]).get("weather", 0) == gone


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
    from assistant.store.sharing.conflicts import Conflict, record_conflicts
    from assistant.store.texts.pseudonyms import put_pseudonyms
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
                said = secondcoder(tmp_path, "status").out
                assert "Keep some of" not in said
                # One person coded: how well people agree cannot be seen, and is not advised.
                assert "Have a second person code some of the transcripts" in said
                assert "See how well people agree" not in said
            add_interview(
                store, f"Bed {number}", [("Ann", f"Bed {number}."), ("Ann", f"A spade {number}.")]
            )
    assert advice in secondcoder(tmp_path, "status").out
    assert secondcoder(tmp_path, "split", "--draw").code == 0
    assert advice not in secondcoder(tmp_path, "status").out


def test_what_was_added_while_reading_is_called_so_in_the_terminal_too(
    study: Study, opened: Callable[..., TestClient]
) -> None:
    """It is stored as adjudicated, though nobody made it from others' codes."""
    assert ADJUDICATED not in secondcoder(study.folder, "transcripts").err
    assert "(added while reading)" not in opened(study.folder, "Dora").get("/").text
    with open_store(study.database)[0] as store:
        book = load_codebook(study.codebook_file)
        made = add_missed(store, book, 1, "tools", 0, 12, "Zoe")
        assert made.exposure == "adjudicated", "whose codes were shown to her nobody watched over"
    ended = secondcoder(study.folder, "transcripts")
    assert "Zoe: 1 coding (added while reading)" in " ".join(ended.out.split())
    assert f"what is adjudicated ({ADJUDICATED})" in " ".join(ended.err.split())
    page = opened(study.folder, "Dora").get("/").text
    assert re.search(r"Zoe 1 <abbr [^>]*>\(added while reading\)", page)
    (note,) = study_notes([("Zoe", "adjudicated")], ("reference",), {}, ())
    assert note.startswith(f"Left out: Zoe ({ADJUDICATED}, so they say nothing")
    assert EXPOSURES["adjudicated"] == f"adjudicated: {ADJUDICATED}"
