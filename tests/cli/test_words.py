"""A word of the trade is explained where the terminal first says it, in the words of the pages."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from assistant.guide.words import WORDS, explained
from assistant.store.database import open_store
from eval.evaluation import studying
from eval.evaluation.studying import Evaluated
from tests.cli.command import secondcoder
from tests.eval_report.evaluations import evaluation
from tests.review.studies import shed

CLI = Path(__file__).parents[2] / "assistant" / "cli"


def test_the_explanation_stands_behind_the_word_at_its_first_place() -> None:
    assert explained("Drawn with seed 4, by that seed.", "seed") == (
        "Drawn with seed 4 (the number that a draw by chance begins with: from the same one it is "
        "drawn the same way again), by that seed."
    )
    assert explained("The ceiling and F1.", "F1", "ceiling").startswith("The ceiling (how well")
    assert explained("Lanes of 2 codes: 2 review.", "lane").startswith("Lanes (what may happen")
    with pytest.raises(ValueError, match="is not in"):
        explained("Drawn.", "seed")


def test_every_explanation_fits_in_brackets() -> None:
    for word, meaning in WORDS.items():
        assert meaning.endswith("."), word
        assert explained(f"the {word} here", word).endswith(") here")


@pytest.mark.parametrize("word", ["shortlist", "stratum", "recipe", "seed"])
def test_no_command_says_such_a_word_without_it(word: str) -> None:
    for file in sorted(CLI.rglob("*.py")):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        with_it = {
            id(part)
            for call in ast.walk(tree)
            if isinstance(call, ast.Call)
            and getattr(call.func, "id", "") == "explained"
            and any(isinstance(a, ast.Constant) and a.value == word for a in call.args)
            for part in ast.walk(call)
        }
        for part in ast.walk(tree):
            said = isinstance(part, ast.Constant) and isinstance(part.value, str) and part.value
            if said and " " in said and re.search(rf"(?<!-){word}\b", said):
                assert id(part) in with_it, (file.name, said)


def test_help_of_code_says_what_none_is(tmp_path: Path) -> None:
    said = " ".join(secondcoder(tmp_path, "code", "--help").out.split())
    assert "ask no model, go by what people's codes teach alone" in said


@pytest.mark.parametrize("before", [0, 1])
def test_the_first_lanes_of_a_study_are_explained_and_no_later_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, before: int
) -> None:
    study = shed(tmp_path / "study")
    made = Evaluated(9, evaluation())
    monkeypatch.setattr(studying, "evaluate_study", lambda *_, **__: made)
    if not before:
        with open_store(study.database)[0] as store:
            store.write("DELETE FROM bulk_decisions")
            store.write("DELETE FROM verdicts")
    said = secondcoder(study.folder, "evaluate", "--run", "1").out
    explained_here = f"\nLanes ({WORDS['lane'][0].lower()}{WORDS['lane'][1:-1]}) of 4 codes: "
    assert ("\nLanes of 4 codes: " if before else explained_here) in said
