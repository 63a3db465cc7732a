"""What a page presets, explains and shows beside: nothing that makes evidence of what is none."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from starlette.testclient import TestClient

from assistant.decisions.policy import policy_hash
from assistant.interchange.transcripts import change_transcripts
from assistant.recipe import code_recipe_hash
from assistant.store.database import open_store
from assistant.store.measured.evidence import NewVerdict, record_evaluation
from assistant.store.measured.reference import RESTS_ON, rests_on
from assistant.store.people.coders import add_coder
from assistant.store.people.codings import scopes, set_scope
from assistant.store.people.openings import openings
from assistant.store.records import Scope
from assistant.store.versions import recipe
from assistant.study import Study
from eval.evaluation.serialising import evaluation_to_json
from eval.verdicts.lanes import Reason
from tests.cli.command import secondcoder
from tests.eval_report.evaluations import evaluation
from tests.review.asking import shown_text
from tests.review.studies import SHED, add_interview, add_people


def exposures(study: Study) -> dict[str, str]:
    with open_store(study.database)[0] as store:
        return {s.coder.name: s.exposure for s in scopes(store) if s.coder.kind == "human"}


def test_nothing_is_preset_and_an_adjudicated_version_stays_one(
    study: Study, client: TestClient
) -> None:
    with open_store(study.database)[0] as store:
        set_scope(store, Scope(add_coder(store, "Team", "human"), 1, "adjudicated"))
        change_transcripts(store, [], exposure="unknown", coder="Ana")
    told = "Say what the coders had seen (1 pair of a coder and a transcript), or their codes"
    assert told in secondcoder(study.folder, "status").out
    assert "Of 1 pair of a coder and a transcript nobody has said" in client.get("/").text
    for page in (client.get("/").text, client.get("/start?step=seen").text):
        forms = re.findall(r'<select id="seen[^"]*" name="exposure".*?</select>', page, re.DOTALL)
        assert forms
        assert all('<option value="" selected>' in form and "required" in form for form in forms)
        assert not any('value="independent" selected' in form for form in forms)
    assert client.post("/statements", data={"exposure": "", "coder": ""}).status_code == 400
    client.post("/statements", data={"exposure": "independent", "coder": "", "transcript": ""})
    assert exposures(study) == {"Ana": "independent", "Ben": "independent", "Team": "adjudicated"}
    said = secondcoder(study.folder, "transcripts", "--set-exposure", "independent")
    assert "“Team” stays adjudicated (1 transcript)" in said.out
    named = ("transcripts", "--set-exposure", "independent", "--coder", "Team")
    assert secondcoder(study.folder, *named).code == 0
    assert exposures(study)["Team"] == "independent"


@pytest.mark.slow
def test_withheld_is_explained_and_a_codes_page_says_why(study: Study, client: TestClient) -> None:
    made = evaluation()
    assert made.model is not None
    worse = "it is not shown to do better than word statistics: 0.01"
    verdict = replace(
        made.model.verdicts[0],
        code="tools",
        lane="withhold",
        reasons=(Reason("vague", "people are not shown to agree"), Reason("withhold", worse)),
    )
    summary = made.model.summary
    codes = (replace(summary.codes[0], name="tools"), *summary.codes[1:])
    model = replace(made.model, verdicts=(verdict,), summary=replace(summary, codes=codes))
    with open_store(study.database)[0] as store:
        record_evaluation(
            store,
            kind="model",
            run_id=1,
            recipe_sha256="sha256:recipe",
            codebook_sha256="",
            policy_sha256=policy_hash(study),
            provisional=False,
            who="Ana",
            content=evaluation_to_json(replace(made, model=model)),
            lineage="Shed",
            verdicts=[
                NewVerdict(
                    "tools",
                    code_recipe_hash(recipe(store, "sha256:recipe"), "tools"),
                    "withhold",
                    (worse,),
                    {RESTS_ON: rests_on(store, [1])},
                )
            ],
        )
    page = client.get("/codes/tools").text
    reasons = re.findall(r"<li>(.*?)</li>", page[page.index('id="reasons"') :])[:2]
    assert reasons == [worse, "people are not shown to agree (vague)"]
    assert "or not shown to do better than word statistics" in page


def test_similar_passages_of_what_can_still_be_coded_blind_are_left_out(
    study: Study, opened: Callable[..., TestClient]
) -> None:
    with open_store(study.database)[0] as store:
        other = add_interview(
            store, "Another shed", tuple((who, f"{said} So it was.") for who, said in SHED)
        )
        add_people(store, other, "Another shed")
    eva = opened(study.folder, "Eva")
    near = eva.get("/suggestions/1/similar").text
    assert "<figure>" in near
    assert "Another shed" not in near
    assert "Passages of 1 interview are left out here" in near
    with open_store(study.database)[0] as store:
        assert {one.transcript_id for one in openings(store, "Eva")} == {1}
    eva.get(f"/transcripts/{other}/state?run=0")
    near = eva.get("/suggestions/1/similar").text
    assert "Another shed" in near
    assert "left out" not in near


def test_the_transcripts_to_choose_from_are_sorted(study: Study, client: TestClient) -> None:
    with open_store(study.database)[0] as store:
        for name in ("B shed", "A shed"):
            text = tuple((who, f"{said} So {name} was.") for who, said in SHED)
            add_people(store, add_interview(store, name, text), name)
    page = client.get("/disagreements").text
    listed = re.findall(r"<option[^>]*>([^<]*shed[^<]*)<", page, re.IGNORECASE)
    assert len(listed) == 3
    assert listed == sorted(listed)


def test_a_model_on_this_computer_costs_nothing_and_elsewhere_it_is_not_known(
    study: Study, client: TestClient
) -> None:
    assert "nothing: the model was on this computer" in client.get("/runs/1").text
    with open_store(study.database)[0] as store:
        store.write("UPDATE runs SET header = json_set(header, '$.model_asked', 'none')")
    assert "nothing: no model was asked" in client.get("/runs/1").text
    with open_store(study.database)[0] as store:
        store.write(
            "UPDATE runs SET header = json_set(header, '$.recipe.endpoint', 'https://far.test/v1')"
        )
    page = client.get("/runs/1").text
    assert "was on this computer" not in page
    assert "<dt>cost</dt><dd>not known</dd>" in page


def test_where_no_model_was_asked_no_prompt_is_named_and_the_embedding_is(
    study: Study, client: TestClient
) -> None:
    with open_store(study.database)[0] as store:
        store.write("UPDATE runs SET header = json_set(header, '$.recipe.temperature', 0.0)")
    assert "temperature</dt>" in client.get("/runs/1").text
    with open_store(study.database)[0] as store:
        store.write(
            "UPDATE runs SET header = json_set(header, '$.model_asked', 'none', "
            "'$.recipe.embedder', 'package-1.2/small-q4')"
        )
    used = client.get("/runs/1").text
    assert "no prompt was sent" in used
    assert "It was made by the sentence embedding small-q4 (package 1.2)." in used
    assert "temperature</dt>" not in used
    assert "no model was asked" in client.get("/suggestions/1/why").text


def test_the_panel_says_why_no_figures_of_a_code_count(study: Study, client: TestClient) -> None:
    def panel() -> str:
        html = client.get("/suggestions/1/why").text
        assert '<a href="/runs/1">Measure run 1</a>' in html
        return html

    assert "Measure run 1" not in client.get("/suggestions/1/why").text
    with open_store(study.database)[0] as store:
        store.write("UPDATE verdicts SET policy_sha256 = 'sha256:older'")
        number = store.value("SELECT max(evaluation_id) FROM verdicts")
    assert f"What evaluation {number} found of this code counts no more" in panel()
    with open_store(study.database)[0] as store:
        store.write("DELETE FROM bulk_decisions")
        store.write("DELETE FROM verdicts")
    assert f"Evaluation {number} of this run says nothing of this code." in panel()
    with open_store(study.database)[0] as store:
        store.write("DELETE FROM looks")
        store.write("DELETE FROM evaluations")
    assert "This run is not measured yet." in panel()


def test_a_run_that_was_cut_off_is_not_said_to_be_running(study: Study, client: TestClient) -> None:
    with open_store(study.database)[0] as store:
        store.write("UPDATE runs SET status = 'running', ended_at = NULL")
    for path in ("/", "/runs", "/runs/1"):
        assert "running, or cut off" in shown_text(client.get(path).text), path


def test_what_a_run_used_is_told_in_words(study: Study, client: TestClient) -> None:
    with open_store(study.database)[0] as store:
        store.write(
            "UPDATE runs SET header = json_set(header, '$.notes', json('[\"One.\", \"Two.\"]'), "
            "'$.tokens_exact', json('false'))"
        )
    page = shown_text(client.get("/runs/1").text)
    assert "notes One. Two." in page
    assert "Tools 12 12 – – –" in page  # by its name, as everywhere
    assert "tokens exact no" in page


def test_what_one_might_mend_names_the_line_and_not_the_folder(
    study: Study, client: TestClient
) -> None:
    text = study.codebook_file.read_text(encoding="utf-8").replace(
        "    name: Tools\n", "    name: Tools\n    aliases: [tools]\n"
    )
    study.codebook_file.write_text(text, encoding="utf-8")
    page = shown_text(client.get("/codebook").text)
    assert re.search(r"note ?, line \d+: The alias “tools” is not needed", page), page[-400:]
    assert str(study.folder) not in page
