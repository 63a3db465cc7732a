"""``secondcoder report`` on studies, and how long it takes."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from assistant.store.database import open_store
from eval.evaluation.studying import Evaluated, of_people_after_a_run
from tests.cli.allotment import allotment
from tests.cli.command import secondcoder
from tests.eval.test_evaluating import PARAGRAPHS
from tests.eval_report.evaluations import evaluation, people_only
from tests.eval_report.pages import read
from tests.store.filled import add_interview, fill


@pytest.fixture
def study(tmp_path: Path) -> Path:
    return allotment(tmp_path).folder


def test_without_an_evaluation_it_says_what_to_do(study: Path) -> None:
    ended = secondcoder(study, "report")
    assert ended.code == 2
    assert "secondcoder evaluate" in ended.err


def test_writes_the_last_evaluation_beside_the_study(study: Path) -> None:
    assert secondcoder(study, "evaluate").code == 0
    ended = secondcoder(study, "report")
    assert ended.code == 0, ended.err
    folder = study / "runs" / "reports" / "evaluation-1"
    for name in ("report.html", "report.md", "report.json"):
        assert (folder / name).is_file()
        assert str(folder / name) in ended.out
    page = read((folder / "report.html").read_text(encoding="utf-8"))
    assert "In short" in page.text


def test_one_evaluation_into_a_folder_as_json(study: Path, tmp_path: Path) -> None:
    secondcoder(study, "evaluate")
    secondcoder(study, "evaluate", "--unit", "exchange")
    out = tmp_path / "mine"
    ended = secondcoder(study, "report", "--evaluation", "1", "--out", str(out), "--json")
    assert ended.json["evaluation"] == 1
    assert Path(ended.json["files"]["html"]) == out / "report.html"
    missing = secondcoder(study, "report", "--evaluation", "9")
    assert missing.code == 2
    assert "There is no evaluation 9." in missing.err
    assert "Evaluations of this study: 1 (of people, 20" in missing.err


def test_further_coefficients_are_looked_for_where_they_were_measured(study: Path) -> None:
    """`inspect` stores an evaluation too: the one with `--all` before it is not made again."""
    assert secondcoder(study, "evaluate").code == 0
    none = secondcoder(study, "report", "--all")
    assert none.code == 2
    assert "has them" not in none.err
    assert secondcoder(study, "evaluate", "--all").code == 0
    assert secondcoder(study, "inspect").code == 0
    ended = secondcoder(study, "report", "--all")
    assert ended.code == 2
    assert "Evaluation 3 was made without the further coefficients." in ended.err
    assert "Evaluation 2 has them: `secondcoder report --all --evaluation 2`." in ended.err
    assert secondcoder(study, "report", "--all", "--evaluation", "2").code == 0


def test_a_report_of_people_names_the_evaluation_of_the_run_before_it(tmp_path: Path) -> None:
    """`inspect` makes one of people alone: the last one need not be the one that was meant."""
    people = Evaluated(2, people_only())
    store, _ = open_store(tmp_path / "study.db")
    with store:
        assert of_people_after_a_run(store, people) == ""
        fill(store, add_interview(store, "Spades", PARAGRAPHS))
        said = of_people_after_a_run(store, people)
        assert "The last one of a run before it is evaluation 1, of run 1" in said
        assert said.endswith("secondcoder report --evaluation 1.")
        assert of_people_after_a_run(store, Evaluated(2, evaluation())) == ""
        assert of_people_after_a_run(store, Evaluated(1, people_only())) == ""


def test_an_evaluation_of_another_version_is_told(study: Path) -> None:
    from assistant.store.measured.evidence import record_evaluation

    store, _ = open_store(study / "runs" / "study.db")
    with store:
        record_evaluation(
            store,
            kind="people",
            run_id=None,
            recipe_sha256="",
            codebook_sha256="",
            policy_sha256="",
            provisional=False,
            who="Ana",
            content='{"study": "Plots"}',
            lineage="Plots",
            verdicts=[],
        )
    ended = secondcoder(study, "report")
    assert ended.code == 2
    assert "stored by another version" in ended.err
    assert "secondcoder evaluate" in ended.err


def test_a_report_holds_no_words_of_participants(study: Path) -> None:
    secondcoder(study, "evaluate")
    secondcoder(study, "report")
    from assistant.store.database import open_store
    from assistant.store.texts.transcripts import transcript, transcript_infos

    folder = study / "runs" / "reports" / "evaluation-1"
    store, _ = open_store(study / "runs" / "study.db")
    with store:
        texts = [transcript(store, info.id) for info in transcript_infos(store)]
    said = [t.text[s.start : s.end] for t in texts for s in t.segments]
    assert said
    for name in ("report.html", "report.md", "report.json"):
        written = (folder / name).read_text(encoding="utf-8")
        assert not [passage for passage in said if len(passage) > 12 and passage in written]


@pytest.mark.slow
def test_the_drawing_library_is_loaded_only_to_draw() -> None:
    program = (
        "import sys, eval.report, assistant.cli.commands.report; print('vl_convert' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "False"


@pytest.mark.slow
@pytest.mark.real
def test_report_of_the_real_study_is_made_from_what_is_stored(
    interviews: Path, tmp_path: Path
) -> None:
    """Nothing is measured anew for it. Five seconds are wanted on an idle machine."""
    from assistant.interchange.imports.importing import ImportOptions, import_files
    from assistant.store.database import open_store
    from assistant.study import create_study

    made = create_study(tmp_path / "study")
    book = (interviews / "codebook.yaml").read_text(encoding="utf-8")
    made.codebook_file.write_text(book, encoding="utf-8")
    store, _ = open_store(made.database)
    with store:
        import_files(store, [interviews], ImportOptions(exposure="independent"))
    assert secondcoder(made.folder, "evaluate").code == 0
    began = time.process_time()
    assert secondcoder(made.folder, "report").code == 0
    assert time.process_time() - began < 50
