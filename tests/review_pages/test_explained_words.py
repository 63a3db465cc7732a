"""Words of the trade are explained where a page first uses them."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from assistant.codebook.loading import load_codebook
from assistant.recipe import entries
from assistant.review.rendering import with_terms
from assistant.store.database import open_store
from assistant.store.versions import record_recipe
from assistant.study import Study
from eval.evaluation.studying import evaluate_study
from tests.review.studies import add_suggestions, shed


@pytest.fixture
def study(tmp_path: Path) -> Study:
    made = shed(tmp_path / "study", run=False)
    with open_store(made.database)[0] as store:
        asked = entries(load_codebook(made.codebook_file))
        record_recipe(store, "sha256:recipe", {"strategy": "list", "codes": asked})
        for _ in range(2):
            add_suggestions(store, made, 1)
        evaluate_study(made, store, run_id=1, who="Ana")
    return made


@pytest.mark.slow
@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/evaluations", ("kappa", "F1", "AC1")),
        ("/codes/weather", ("kappa", "ceiling")),
        ("/runs/1", ("token", "recipe")),
    ],
)
def test_the_first_of_each_word_has_its_explanation(
    path: str, words: tuple[str, ...], study: Study, opened: Callable[..., TestClient]
) -> None:
    page = opened(study.folder, "Dora").get(path).text
    main = page[page.index("<main") :]
    for word in words:
        assert re.search(rf'<abbr class="term"[^>]*>[^<]*{word}s?\b[^<]*</abbr>', main), word
    assert "&lt;abbr" not in main


def test_each_once_and_never_within_another_word() -> None:
    said: list[str] = []
    html = with_terms("kappa, kappa and ceilings of kappas; recipes &amp; F10", said)
    assert html.count("<abbr") == 3
    assert said == ["kappa", "ceiling", "recipe"]
    assert with_terms("kappa", said) == "kappa"
    assert with_terms("seed 7 of a stratum, seeded", said).count("<abbr") == 2


def test_what_became_of_a_run_is_told_in_words(client: TestClient) -> None:
    page = client.get("/runs/1").text.partition('id="became"')[2].partition("</dl>")[0]
    assert "with a suggestion" in page
    assert "read and nothing found" in page
    assert "word for word" in page
    assert "coded-empty" not in page


def test_library_versions_of_a_run_are_folded(client: TestClient, study: Study) -> None:
    with open_store(study.database)[0] as store:
        store.write(
            "UPDATE runs SET header = json_set(header, '$.versions', json(?))",
            ('{"python": "3.11.9", "numpy": "2.1.0"}',),
        )
    page = client.get("/runs/1").text
    assert "libraries (2)</summary><p>python 3.11.9, numpy 2.1.0</p></details>" in page
    assert "<dt>versions" not in page
