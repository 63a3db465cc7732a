"""The list of audits: what waits to be coded, by whom, what came out; and what the study says."""

from __future__ import annotations

from collections.abc import Callable

from starlette.testclient import TestClient

from assistant.guide.audits import listed_audits, open_audits
from assistant.interchange.study_codebook.editing import codebook_text, save_codebook, text_hash
from assistant.store.database import open_store
from assistant.store.measured.audits import audits, record_audit, set_audit_result
from assistant.study import Study
from tests.review.studies import SHED, add_interview, add_suggestions


def drawn(study: Study, *segments: int) -> int:
    sample = [{"transcript_id": 1, "segment": n, "weight": 1.0} for n in segments]
    with open_store(study.database)[0] as store:
        return record_audit(store, 1, [1], {"sample": sample})


def test_a_sample_is_listed_and_led_to_until_it_is_coded(
    study: Study, opened: Callable[..., TestClient]
) -> None:
    eva = opened(study.folder, "Eva")
    assert "No sample has been drawn yet" in eva.get("/audits").text
    number = drawn(study, 5, 9)
    page = eva.get("/audits").text
    assert "drawn, nobody has begun" in page
    assert f'href="/audits/{number}/1">Code it blind' in page
    assert f'href="/audits/{number}/1">Code it<' in eva.get("/").text
    eva.post(f"/audits/{number}/1", data={"passage": "5", "code": "tools"})
    page = eva.get("/audits").text
    assert "being coded" in page
    assert "1 of 2" in page
    assert ">Go on<" in page
    eva.post(f"/audits/{number}/1", data={"passage": "9", "nothing": "1"})
    eva.post(f"/audits/{number}/1/finish")
    page = eva.get("/audits").text
    assert "coded, to be judged" in page
    assert "Eva 2, done" in page
    assert f'action="/audits/{number}/judge"' in page
    assert "Code it<" not in eva.get("/").text
    with open_store(study.database)[0] as store:
        set_audit_result(store, number, {"sentence": "About 4 in 100 are wrong."}, True)
    page = eva.get("/audits").text
    assert "✓ passed" in page
    assert "About 4 in 100 are wrong." in page


def test_who_has_seen_the_model_is_told_so_and_sent_nowhere(
    study: Study, opened: Callable[..., TestClient]
) -> None:
    eva = opened(study.folder, "Eva")
    eva.get("/suggestions/1/why")
    drawn(study, 5)
    page = eva.get("/audits").text
    assert "You have seen what the model suggested in Shed 1." in page
    assert "Code it blind" not in page
    assert "Code it<" not in eva.get("/").text
    # Ana's own codes of the whole transcript cannot be kept apart from a sample of it.
    assert "You are a coder of the whole" in opened(study.folder, "Ana").get("/audits").text


def test_a_newer_sample_takes_the_place_of_one_that_nobody_judged(study: Study) -> None:
    first = drawn(study, 5)
    second = drawn(study, 9)
    with open_store(study.database)[0] as store:
        newest, before = listed_audits(store, "Eva")
        assert (newest.id, before.id) == (second, first)
        assert before.state == f"replaced by audit {second}"
        assert [a.id for a in open_audits(store, "Eva")] == [second]


def test_a_sample_is_drawn_on_the_page(study: Study, opened: Callable[..., TestClient]) -> None:
    with open_store(study.database)[0] as store:
        key = add_interview(store, "New 2", SHED[1:])
        run = add_suggestions(store, study, key)
    eva = opened(study.folder, "Eva")
    assert f"Draw a sample of run {run}" in eva.get("/audits").text
    assert eva.post("/audits/draw", data={"run": run}).status_code == 303
    with open_store(study.database)[0] as store:
        (made,) = audits(store)
        assert (made.run_id, made.transcripts) == (run, (key,))
    page = eva.get("/audits").text
    assert "New 2" in page
    assert f"Draw a sample of run {run}" not in page
    # Not before it is coded: it says why, and what to do.
    refused = eva.post(f"/audits/{made.id}/judge")
    assert refused.status_code == 400
    assert "What to do" in refused.text


def test_codings_to_look_at_again_are_on_the_page_of_the_study(
    study: Study, opened: Callable[..., TestClient]
) -> None:
    eva = opened(study.folder, "Eva")
    assert "/recoding" not in eva.get("/").text
    text = codebook_text(study)
    with open_store(study.database)[0] as store:
        changed = text.replace("What the sky does to", "Wind and rain in")
        save_codebook(study, store, changed, "Ana", seen=text_hash(text))
    page = eva.get("/").text
    assert 'href="/recoding?code=weather"' in page
    assert "of weather, made before the definition was changed." in page


def test_a_lost_policy_is_told_and_put_back(
    study: Study, opened: Callable[..., TestClient]
) -> None:
    eva = opened(study.folder, "Eva")
    before = study.policy_file.read_bytes()
    study.policy_file.unlink()
    page = eva.get("/").text
    assert "there is no eval/policy.toml" in page
    assert 'href="/#policy">Put it back' in page
    assert eva.post("/policy").status_code == 303
    assert study.policy_file.read_bytes() == before
    assert "policy.toml" not in eva.get("/").text
    study.policy_file.write_text("[accept\n", encoding="utf-8")
    assert "Nothing can be measured or judged" in eva.get("/").text
    assert eva.post("/policy").status_code == 400
    assert study.policy_file.read_text(encoding="utf-8") == "[accept\n"
