"""The methods text says what the database holds, and marks what it does not."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from assistant import shipped
from assistant.cli.main import cli
from assistant.errors import UserError
from assistant.interchange.importing import ImportOptions, import_files
from assistant.interchange.labels import known_codes
from assistant.store.database import open_store
from assistant.study import Study, create_study
from eval.evaluation.studying import evaluate_study
from eval.methods.facts import gather
from eval.methods.page import gap, methods_document, paragraphs
from eval.report.markdown import to_markdown
from tests.eval.test_evaluating import PARAGRAPHS
from tests.store.filled import add_interview, fill


@pytest.fixture
def study(tmp_path: Path) -> Study:
    return create_study(tmp_path / "study")


def test_people_with_figures_and_gaps(study: Study) -> None:
    examples = shipped.examples()
    shutil.copyfile(examples / "codebook" / "codebook.yaml", study.codebook_file)
    files = [p for n in ("01", "02", "03") for p in (examples / "codings").glob(f"*{n}*")]
    options = ImportOptions(known_codes=known_codes(study.codebook_file), exposure="independent")
    with open_store(study.database)[0] as store:
        import_files(store, sorted(files), options)
        number = evaluate_study(study, store).id
        facts = gather(study, store)
    text = " ".join(paragraphs(facts))
    assert "3 interview transcripts" in text
    assert "without seeing other codes (as the researchers state)" in text
    assert gap("Training of the coders and how they were chosen") in text
    assert "Cohen's kappa 0." in text
    assert "A language model" not in text
    assert facts.evaluation == number
    written = to_markdown(methods_document(facts))
    assert "not known to the program" in written
    assert "Krippendorff" in written


def test_a_run_with_its_decisions(study: Study) -> None:
    with open_store(study.database)[0] as store:
        made = fill(store, add_interview(store, "Spades", PARAGRAPHS))
        header = {
            "recipe": {"endpoint": "http://there", "prompt_id": "list-v1", "temperature": 0.0},
            "models_answered": ["m-2026"],
            "model_asked": "m",
            "resolved": {"local": False},
            "versions": {"python": "3.11"},
        }
        store.write("UPDATE runs SET header = ?", (json.dumps(header),))
        facts = gather(study, store, made.run_id)
        with pytest.raises(UserError, match="no run 99"):
            gather(study, store, 99)
    text = " ".join(paragraphs(facts))
    assert "m-2026 (asked for as m)" in text
    assert "at http://there" in text
    assert facts.decisions is not None
    d = facts.decisions
    assert d.suggestions == d.open + d.accepted_singly + d.accepted_unread + d.rejected + d.amended
    assert d.suggestions
    assert f"Of {d.suggestions} suggestions" in text


def test_the_command(study: Study) -> None:
    with open_store(study.database)[0] as store:
        add_interview(store, "One", [("Ann", "We had one spade between five of us.")])
    ran = CliRunner().invoke(cli, ["--study", str(study.folder), "methods"])
    assert ran.exit_code == 0, ran.output
    assert "1 interview transcript" in ran.output
    assert "Nothing was measured yet" in ran.output
    folder = study.folder / "runs" / "reports" / "methods"
    assert json.loads((folder / "methods.json").read_text("utf-8"))["transcripts"] == 1
    assert "spade" not in (folder / "methods.html").read_text("utf-8")
    shown = CliRunner().invoke(cli, ["--study", str(study.folder), "methods", "--json"])
    assert json.loads(shown.stdout)["paragraphs"]
