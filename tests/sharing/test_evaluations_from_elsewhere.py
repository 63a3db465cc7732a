"""What was measured in another study is never what this one says of itself."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from assistant.errors import UserError
from assistant.store.database import open_store
from assistant.store.measured.brought import brought_evaluations
from assistant.store.measured.evidence import evaluations
from assistant.store.people.coders import add_coder
from assistant.store.people.codings import add_coding, set_scope
from assistant.store.records import Coding, Scope
from assistant.store.texts.transcripts import transcript
from assistant.study import create_study, open_study
from assistant.transcripts.records import segment_body
from eval.evaluation.studying import evaluate_study, last_evaluation
from tests.cli.command import secondcoder
from tests.sharing.studies import PARAGRAPHS, Folder
from tests.store.filled import add_interview

BOOK = """name: Plots
version: "1"
codes:
  - id: tools
    name: Tools
    definition: "A tool is named, and what was done with it."
"""


def code(folder: Folder, who: str, name: str, segments: tuple[int, ...]) -> None:
    store, key = folder.store, folder.key(name)
    coder, text = add_coder(store, who, "human"), transcript(store, key)
    set_scope(store, Scope(coder, key, "independent"))
    for number in segments:
        start, end = segment_body(text.text, text.segments[number])
        guid = f"{who}-{name}-{number}"
        quote = text.text[start:end]
        add_coding(
            store,
            Coding(0, guid, key, coder, "tools", start, end, quote, "import", "independent"),
        )


@pytest.fixture
def pair(tmp_path: Path) -> tuple[Folder, Folder]:
    study = create_study(tmp_path / "a", name="Plots")
    with open_store(study.database)[0] as store:
        for name in ("One", "Two", "Three"):
            add_interview(store, name, [(s, f"{name}. {words}") for s, words in PARAGRAPHS])
    shutil.copytree(tmp_path / "a", tmp_path / "b")
    both = Folder(study), Folder(open_study(tmp_path / "b"))
    for folder in both:
        folder.study.codebook_file.parent.mkdir(exist_ok=True)
        folder.study.codebook_file.write_text(BOOK, encoding="utf-8")
        for name in ("One", "Two"):
            code(folder, "Ana", name, (0, 2, 4))
            code(folder, "Ben", name, (0, 2, 5))
    return both


@pytest.mark.slow
def test_only_this_studys_own_evaluation_is_taken_by_default(pair: tuple[Folder, Folder]) -> None:
    a, b = pair
    code(b, "Cem", "Three", (1,))
    code(b, "Dua", "Three", (1, 2))
    evaluate_study(b.study, b.store)
    file = b.share()
    a.merge(file)
    with pytest.raises(UserError, match="no evaluation of this study yet, only of another"):
        last_evaluation(a.store)
    own = evaluate_study(a.study, a.store).id
    before = brought_evaluations(a.store)
    assert own not in before, "the same figures, measured here, are this study's own"
    code(b, "Eva", "Three", (3,))
    evaluate_study(b.study, b.store)
    a.merge(b.share("later"))
    theirs = max(e.id for e in evaluations(a.store))
    assert theirs > own
    assert last_evaluation(a.store).id == own
    said = secondcoder(a.study.folder, "report")
    assert f"Evaluation {own} is written" in said.out
    assert secondcoder(a.study.folder, "methods", "--json").json["evaluation"] == own
    named = secondcoder(a.study.folder, "report", "--evaluation", str(theirs))
    assert "was made in another study" in named.out


@pytest.mark.slow
def test_an_evaluation_says_that_its_rows_have_changed(pair: tuple[Folder, Folder]) -> None:
    a, b = pair
    evaluate_study(a.study, a.store)
    assert "Note" not in secondcoder(a.study.folder, "report").out
    code(b, "Cem", "Two", (7,))
    a.merge(b.share())
    said = secondcoder(a.study.folder, "report")
    assert "rests on rows that have changed since: who counts as an independent coder" in said.out
    page = next((a.study.folder / "runs" / "reports").rglob("report.html")).read_text("utf-8")
    assert "rests on rows that have changed since" in page
    assert "rows that have changed since" in secondcoder(a.study.folder, "methods").out
    evaluate_study(a.study, a.store)
    assert "Note" not in secondcoder(a.study.folder, "report").out
