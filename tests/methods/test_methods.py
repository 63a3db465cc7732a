"""The methods text says what the database holds, and marks what it does not."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from assistant import shipped
from assistant.cli.main import cli
from assistant.errors import UserError
from assistant.interchange.imports.importing import ImportOptions, import_files
from assistant.interchange.imports.known_codes import known_codes
from assistant.interchange.transcripts import overview
from assistant.recipe import shortlist_by
from assistant.store.database import open_store
from assistant.store.withdrawal.withdrawal import withdraw
from assistant.study import Study, create_study
from eval.evaluation.studying import evaluate_study
from eval.methods.agreed import agreed
from eval.methods.facts import CoderFact, DecisionFacts, Facts, RunFact, gather
from eval.methods.page import methods_document
from eval.methods.sentences import gap, paragraphs
from eval.report.markdown import to_markdown
from tests.eval.test_evaluating import PARAGRAPHS
from tests.eval_report.evaluations import evaluation
from tests.store.filled import add_interview, fill


@pytest.fixture
def study(tmp_path: Path) -> Study:
    return create_study(tmp_path / "study")


@pytest.mark.slow
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


HEADER = {
    "recipe": {"endpoint": "http://there", "prompt_id": "list-v1", "temperature": 0.0},
    "models_answered": ["m-2026"],
    "model_asked": "m",
    "resolved": {"local": False},
    "versions": {"python": "3.11"},
}


def test_a_run_with_its_decisions(study: Study) -> None:
    with open_store(study.database)[0] as store:
        made = fill(store, add_interview(store, "Spades", PARAGRAPHS))
        store.write("UPDATE runs SET header = ?", (json.dumps(HEADER),))
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
    assert f"{d.suggestions} suggestions" in text


def test_a_run_that_broke_off_is_no_second_one(study: Study) -> None:
    with open_store(study.database)[0] as store:
        made = fill(store, add_interview(store, "Spades", PARAGRAPHS))
        store.write(
            "UPDATE runs SET status = 'complete', ended_at = started_at, header = ?",
            (json.dumps(HEADER),),
        )
        store.write(
            "INSERT INTO runs (run_key, recipe_sha256, repeat, coder_id, strategy, "
            "codebook_sha256, prompt_sha256, status, header, started_at) SELECT 'broke off', "
            "recipe_sha256, repeat, coder_id, strategy, codebook_sha256, prompt_sha256, 'running', "
            "header, started_at FROM runs"
        )
        facts = gather(study, store, made.run_id)
    assert facts.run is not None
    assert (facts.run.repeats, facts.run.unfinished) == (2, 1)


def test_words_are_counted_as_in_the_list_of_transcripts(study: Study) -> None:
    """As a text program counts them: “don't” is one word, and a dash none of its own within one."""
    said = [("Ida", "I don't know l'usage of a half-frozen plot.")]
    with open_store(study.database)[0] as store:
        add_interview(store, "Spades", said)
        facts = gather(study, store)
        listed = overview(store)
    assert facts.words == sum(row.words for row in listed) == 8


def _facts(**change: Any) -> Facts:
    run = RunFact(
        id=1,
        model_asked="m",
        models_answered=("m",),
        endpoint="embedded",
        local=True,
        strategy="judge",
        prompt="judge-v1",
        prompt_sha256="sha256:" + "1" * 64,
        codebook_sha256="sha256:" + "2" * 64,
        recipe_sha256="sha256:" + "3" * 64,
        parameters={"temperature": 0.0, "chunk_tokens": 0},
        calibrated=0,
        transcripts=1,
        started_at="2026-01-02T03:04:05Z",
        ended_at="2026-01-02T05:04:05Z",
        status="complete",
        repeats=1,
        versions={"python": "3.11.7", "second-coder": "0.1.0"},
        pseudonyms=False,
    )
    made = Facts(
        study="Plots",
        made_at="2026-02-02T03:04:05Z",
        program="Second Coder 0.1.0",
        transcripts=1,
        passages=1,
        words=1,
        languages={"en": 1},
        withdrawn=(),
        coders=(CoderFact("Ann", 1, 4, {"independent": 1}),),
        doubly_coded=0,
        independently_coded=0,
        codebook_versions=1,
        configurations=1,
        prompts_tried=("judge-v1",),
        looks=(),
        looks_by_kind={},
        remarks=(),
        evaluation=None,
        measured=None,
        run=run,
        decisions=DecisionFacts(3, 0, 1, 0, 2, 0, ("Ann",), ()),
        audits=(),
    )
    return replace(made, **change)


def test_of_no_model_no_parameters_are_told_and_what_was_withdrawn_since_is(study: Study) -> None:
    with open_store(study.database)[0] as store:
        made = fill(store, add_interview(store, "Spades", PARAGRAPHS))
        recipe = {"endpoint": "embedded", "prompt_id": "judge-v1", "temperature": 0.0}
        header = {"recipe": recipe, "models_answered": [], "model_asked": "m"}
        store.write("UPDATE runs SET header = ?", (json.dumps(header),))
        assert "temperature 0" in " ".join(paragraphs(gather(study, store, made.run_id)))
        header["model_asked"] = "none"
        store.write("UPDATE runs SET header = ?", (json.dumps(header),))
        withdraw(store, made.transcript_id, "asked")
        facts = gather(study, store, made.run_id)
    text = " ".join(paragraphs(facts))
    assert "temperature" not in text
    assert "coded 1 interview (1 of them withdrawn since) on" in text
    assert "| Parameters | – |" in to_markdown(methods_document(facts))


def test_without_a_model_what_did_the_work_is_named_and_no_prompt_is(study: Study) -> None:
    recipe = {
        "endpoint": "embedded",
        "prompt_id": "judge-v1",
        "temperature": 0.0,
        "embedder": "package-1.2/small-q4",
    }
    header: dict[str, Any] = {"recipe": recipe, "models_answered": [], "model_asked": "none"}
    by = "the sentence embedding small-q4 (package 1.2)"
    with open_store(study.database)[0] as store:
        made = fill(store, add_interview(store, "Spades", PARAGRAPHS))

        def said() -> tuple[str, str]:
            store.write("UPDATE runs SET header = ?", (json.dumps(header),))
            facts = gather(study, store, made.run_id)
            return " ".join(paragraphs(facts)), to_markdown(methods_document(facts))

        text, table = said()
        assert f"The program alone, by {by}, no language model being asked to code, coded" in text
        assert "No prompt was sent." in text
        assert f"| Shortlist made by | {by} |" in table
        for not_sent in ("judge-v1", "temperature", "Strategy “"):
            assert not_sent not in text
        assert "judge-v1" not in table
        recipe["embedder"] = "word-statistics-1"
        assert "The program alone, by word statistics, no language model" in said()[0]
        header["model_asked"] = "m"
        recipe["embedder"] = "endpoint/far at http://there/v1"
        text, _ = said()
        assert "prompt judge-v1" in text


def test_the_shortlist_of_a_model_is_said_to_be_made_by_what_made_it() -> None:
    facts = _facts()
    assert facts.run is not None
    run = replace(facts.run, shortlist_by=shortlist_by("endpoint/far at http://there/v1"))
    text = " ".join(paragraphs(replace(facts, run=run)))
    assert "were chosen by the embedding model far at http://there/v1, and the model was" in text


def test_one_of_anything_reads_as_one() -> None:
    text = " ".join(paragraphs(_facts()))
    assert "1 interview transcript, in English, with 1 word in 1 passage " in text
    assert "Ann coded 1 interview, without seeing other codes" in text
    assert "No interview was coded by two people separately." in text
    assert "1 version of the codebook is on record." in text
    assert "coded 1 interview on 2026-01-02, inside the program" in text
    assert "1 configuration of model, prompt and codebook was run" in text
    assert "no look at the evidence is on record" in text
    assert "chunk tokens" not in text
    assert "Of 3 suggestions 1 was accepted and 2 were rejected (decided by Ann)." in text
    assert "Each acceptance was decided on one by one." in text
    facts = _facts()
    assert facts.run is not None
    longer = replace(facts.run, ended_at="2026-01-03T05:04:05Z", repeats=3)
    text = " ".join(paragraphs(replace(facts, run=longer)))
    assert "between 2026-01-02 and 2026-01-03" in text
    assert "The same configuration was run 3 times." in text
    broken = " ".join(paragraphs(replace(facts, run=replace(longer, unfinished=2))))
    assert "run 3 times; 2 of these runs did not come to an end." in broken


def test_where_words_went_is_not_overstated() -> None:
    """A server in the own network may pass on what it is sent; the program cannot know."""
    facts = _facts()
    assert facts.run is not None
    assert "no words were sent anywhere" in " ".join(paragraphs(facts))
    server = replace(facts.run, endpoint="http://127.0.0.1:11434/v1")
    text = " ".join(paragraphs(replace(facts, run=server)))
    assert "own computer or network (http://127.0.0.1:11434/v1)" in text
    assert "no transcript left" not in text
    assert "no words were sent" not in text


def test_texts_that_were_sent_for_vectors_are_said_to_have_been_sent() -> None:
    facts = _facts()
    assert facts.run is not None
    there: dict[str, Any] = {"embedding": "small", "embedding_endpoint": "http://there/v1"}
    for asked in ("m", "none"):
        run = replace(facts.run, model_asked=asked, local=False, **there)
        text = " ".join(paragraphs(replace(facts, run=run)))
        assert "no words were sent" not in text
        assert "were sent to http://there/v1, where the embedding model small" in text
        assert "Vectors of passages and codes" in to_markdown(
            methods_document(replace(facts, run=run))
        )
    run = replace(facts.run, endpoint="http://there/v1", local=False, **there)
    text = " ".join(paragraphs(replace(facts, run=run)))
    assert "at http://there/v1; for the choice of codes the words of passages" in text


def test_many_at_a_time_is_not_called_unread_and_overrides_stand() -> None:
    many = DecisionFacts(
        9, 1, 1, 6, 0, 1, ("Ann", "Ben"), (("Frost", 1, "the grant ends", "Ben", False),)
    )
    text = " ".join(paragraphs(_facts(decisions=many)))
    assert (
        "Of 9 suggestions 7 were accepted and 1 was amended (decided by Ann and Ben); 1 is " in text
    )
    assert "6 suggestions (86% of those accepted) were accepted many at a time" in text
    assert "unread" not in text
    assert "Ben accepted 1 suggestion of “Frost” at once, stating: “the grant ends”." in text
    none = DecisionFacts(1, 1, 0, 0, 0, 0, (), ())
    assert "The run made 1 suggestion; none has been decided on yet." in " ".join(
        paragraphs(_facts(decisions=none))
    )


def test_independence_is_claimed_only_where_it_is_on_record() -> None:
    twice = " ".join(paragraphs(_facts(doubly_coded=5, independently_coded=2)))
    assert "5 interviews were coded by two or more people, 2 of them known to be indep" in twice
    alike = " ".join(paragraphs(_facts(doubly_coded=5, independently_coded=5)))
    assert "5 interviews were coded by two or more people independently of each other." in alike


@pytest.mark.slow
def test_each_figure_names_the_interviews_that_it_rests_on() -> None:
    found = evaluation()
    assert found.people is not None
    assert found.model is not None
    few = replace(found, model=replace(found.model, each=found.model.each[:4]), notes=())
    text = agreed(few)
    assert "People with each other (9 interviews, 270 segments;" in text
    assert "The model with each person (2 of 9 coded interviews;" in text
    # In a paper no interval stands of which nobody knows how often it holds.
    people, model = text.split("The model with each person")
    assert " [" in people
    assert "with 2 interviews was not measured" in model
    assert " [" not in model
    assert "In simulations with 8 transcripts" in text
    assert "The best of 4 baselines without a language model (word statistics)" in text
    assert "Interviewers' speech was left out." in text
    assert "5 codings were left out: 2 too small to count in any segment and 3 in inter" in text
    assert "1 not in the codebook (5 codings) and 1 set aside in the codebook (2 cod" in text
    assert "The adjudicated codes of Team were not measured." in text
    changed = agreed(found, "Evaluation 1 rests on rows that have changed since.")
    assert changed.index("[Evaluation 1 rests on") < changed.index("Cohen's kappa")
    alone = replace(found, model=replace(found.model, difference=None))
    assert "there is no ceiling beside it" in agreed(alone)


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
