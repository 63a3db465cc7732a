"""What the command line says after a no, a mistake in a file, and an import without codes."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from assistant.coding.previewing import listed_prompts
from assistant.store.database import open_store
from assistant.store.finding import there_are
from assistant.store.texts.transcripts import transcript_infos
from assistant.study import create_study
from tests.cli.allotment import allotment
from tests.cli.command import secondcoder
from tests.fakes.server import FakeLLM
from tests.interchange.interviews import PARAGRAPHS, delve_text, plain
from tests.runs.studies import GARDEN, by_words, make_study, people


@pytest.mark.parametrize("answer", ["n\n", ""])
def test_no_to_a_withdrawal_erases_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: str
) -> None:
    """Nor does no answer, which is what a program gives."""
    study = create_study(tmp_path)
    plain(study.transcripts_folder / "Beds.txt", PARAGRAPHS)
    assert secondcoder(tmp_path, "import").code == 0
    monkeypatch.setattr("sys.stdin", io.StringIO(answer))
    ended = secondcoder(tmp_path, "withdraw", "Beds")
    assert ended.code == 3
    assert ended.err.endswith("Nothing was erased.\n")
    assert "Stopped" not in ended.err
    with open_store(study.database)[0] as store:
        assert [(i.name, i.withdrawn) for i in transcript_infos(store)] == [("Beds", False)]


def test_a_picture_is_refused_with_what_to_do(tmp_path: Path) -> None:
    create_study(tmp_path)
    picture = tmp_path / "page.jpg"
    picture.write_bytes(b"\xff\xd8\xff\xe0 no real picture")
    ended = secondcoder(tmp_path, "import", str(picture))
    assert ended.code == 2
    assert "None of 1 file was imported." in ended.out
    assert "Pictures cannot be coded." in ended.err


def test_labels_that_nobody_confirmed_are_named_at_the_end(tmp_path: Path) -> None:
    create_study(tmp_path)
    coded = tmp_path / "Beds - Ana.txt"
    delve_text(coded, {1: ["Slow-work"], 3: ["Slow-work"]})
    ended = secondcoder(tmp_path, "import", str(coded))
    assert "--trust-labels" in ended.out.splitlines()[-1]
    again = secondcoder(tmp_path, "import", str(coded), "--trust-labels")
    assert "2 placed" in again.out
    assert "--trust-labels" not in again.out


def test_mistakes_in_study_toml_are_named(tmp_path: Path) -> None:
    study = create_study(tmp_path)
    plain(study.transcripts_folder / "Beds.txt", PARAGRAPHS)
    assert secondcoder(tmp_path, "import").code == 0
    file = tmp_path / "study.toml"
    file.write_text('[endpoint]\nbase_url = "nonsense"\nmodel = "x"\n', encoding="utf-8")
    assert "1. Mend base_url in study.toml: “nonsense”" in secondcoder(tmp_path, "status").out
    file.write_text('[endpoint]\nbase_url = "http://localhost:1/v1"\n', encoding="utf-8")
    assert "1. Name the model of the endpoint" in secondcoder(tmp_path, "status").out
    file.write_text('naem = "x"\n', encoding="utf-8")
    assert "there is no setting “naem”" in secondcoder(tmp_path, "status").err
    file.write_text("name = Garden\n", encoding="utf-8")
    assert "quotation marks" in secondcoder(tmp_path, "status").err


def test_status_names_a_codebook_that_is_gone(tmp_path: Path) -> None:
    study = create_study(tmp_path)
    plain(study.transcripts_folder / "Beds.txt", PARAGRAPHS)
    assert secondcoder(tmp_path, "import").code == 0
    study.codebook_file.unlink()
    said = secondcoder(tmp_path, "status").out
    assert "1. Make a codebook (there is no codebook/codebook.yaml)" in said


def test_what_comes_after_a_run_over_interviews_that_nobody_coded(
    tmp_path: Path, fake_llm: FakeLLM
) -> None:
    """Measuring it is impossible; where others are coded it is audited."""
    fake_llm.answer = by_words
    old = tuple(f"Once more: {said}" for said in GARDEN)
    study = make_study(tmp_path, fake_llm.base_url, {"New": GARDEN, "Old": old})
    ended = secondcoder(tmp_path, "code", "New")
    assert ended.out.splitlines()[-1] == "Next: secondcoder runs 1 --suggestions"
    people(study, "Ana", {"Old": ["tools", *[""] * (len(old) - 1)]})
    again = secondcoder(tmp_path, "code", "New")
    assert "Next: secondcoder audit draw 1" in again.out
    ended = secondcoder(tmp_path, "code", "New", "Old")
    assert "Next: secondcoder evaluate --run 2" in ended.out


@pytest.mark.slow
def test_what_comes_after_a_run_that_could_only_rank(tmp_path: Path) -> None:
    study = create_study(tmp_path)
    study.codebook_file.write_text(
        "name: Beds\ncodes:\n  - id: Slow-work\n    definition: Work that takes long.\n", "utf-8"
    )
    plain(study.transcripts_folder / "New.txt", PARAGRAPHS)
    assert secondcoder(tmp_path, "import").code == 0
    ended = secondcoder(tmp_path, "code", "New", "--model", "none")
    assert ended.out.splitlines()[-1] == "Next: secondcoder runs 1 --ranking"


def test_a_place_where_nothing_can_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "a file").write_text("x", encoding="utf-8")
    ended = secondcoder(tmp_path, "init", str(tmp_path / "a file" / "study"))
    assert ended.code == 2
    assert "cannot be read or written" in ended.err
    assert "a file" in ended.err


def test_an_option_of_the_program_behind_a_command_is_told_where_it_belongs(tmp_path: Path) -> None:
    study = create_study(tmp_path)
    ended = secondcoder(tmp_path, "evaluate", "--study", str(study.folder))
    assert ended.code == 2
    assert "No such option" in ended.err
    assert "--study stands before the command: secondcoder --study FOLDER evaluate …" in ended.err
    deeper = secondcoder(tmp_path, "codebook", "check", "--study", "x")
    assert "secondcoder --study FOLDER codebook check …" in deeper.err
    assert "What to do" not in secondcoder(tmp_path, "evaluate", "--nonsense").err


@pytest.mark.slow
def test_a_number_that_is_not_there_says_which_are(tmp_path: Path) -> None:
    study = allotment(tmp_path)
    nothing = secondcoder(study.folder, "evaluate", "--run", "3")
    assert "No run was made in this study yet: `secondcoder code` makes one." in nothing.err
    assert (
        "`secondcoder audit draw RUN` draws one"
        in secondcoder(study.folder, "audit", "result", "1").err
    )
    assert secondcoder(study.folder, "code", "--model", "none").code == 0
    with open_store(study.database)[0] as store:
        # It sent no prompt, so no prompt has a run.
        assert {one.runs for one in listed_prompts(study, store)} == {0}
    for command in (
        ("evaluate", "--run", "3"),
        ("methods", "--run", "3"),
        ("disagreements", "--run", "3"),
        ("audit", "draw", "3"),
        ("watch", "3"),
        ("runs", "3"),
        ("export", "csv", "--run", "3"),
        ("accept", "--all-of", "frost", "--run", "3"),
    ):
        ended = secondcoder(study.folder, *command)
        assert ended.code == 2
        assert "There is no run 3." in ended.err
        assert "Runs of this study: 1 (no model, 20" in ended.err


def test_of_many_the_newest_are_named() -> None:
    names = [f"{n} (model m)" for n in range(1, 10)]
    said = there_are("Runs", names, "`secondcoder runs` lists them.")
    assert said.startswith("Runs of this study, the newest: 4 (model m), 5 ")
    assert said.endswith("9 (model m); 3 older. `secondcoder runs` lists them.")
    assert there_are("Runs", names[:2]) == "Runs of this study: 1 (model m), 2 (model m)."


def test_one_of_anything_is_counted_as_one(tmp_path: Path) -> None:
    study = create_study(tmp_path)
    study.codebook_file.write_text(
        "name: Beds\ncodes:\n  - id: Slow-work\n    definition: Work that takes long.\n", "utf-8"
    )
    coded = delve_text(tmp_path / "Beds - Ana.txt", {1: ["Slow-work"]})
    assert secondcoder(tmp_path, "import", str(coded)).code == 0
    assert (
        "1 code in the codebook; 1 coding by people."
        in secondcoder(tmp_path, "codebook", "check").out
    )
    assert "Codebook: 1 code\n" in secondcoder(tmp_path, "status").out
    assert (
        "1 of 1 transcript coded, 0 by two people or more; 1 person, 1 coding."
        in secondcoder(tmp_path, "inspect").out
    )
