"""The first steps and the study's page before anybody has coded."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from pathlib import Path

from starlette.testclient import TestClient

from assistant.review.pages.study import EXPOSURES
from assistant.store.database import open_store
from assistant.store.people.coders import add_coder, coders
from assistant.store.people.codings import set_scope
from assistant.store.records import Scope
from assistant.store.texts.transcripts import transcript_infos
from assistant.study import Study, create_study, open_study
from tests.cli.command import secondcoder
from tests.review.studies import SHED, add_interview, shed


def test_consent_can_be_said_of_interviews_that_nobody_coded(
    tmp_path: Path, opened: Callable[..., TestClient]
) -> None:
    study = create_study(tmp_path / "new", name="New")
    dora = opened(study.folder, "Dora")
    assert 'name="consent"' not in dora.get("/").text, "there is nothing to say it of"
    with open_store(study.database)[0] as store:
        add_interview(store, "Shed 1", SHED)
    page = dora.get("/").text
    assert 'name="consent"' in page
    assert 'action="/statements/part"' not in page, "nobody coded anything"
    said = dora.post("/statements", data={"consent": "none", "transcript": ""})
    assert said.status_code == 303
    assert re.search(r"<td>none</td>", dora.get("/").text)


def done(page: str) -> bool:
    step = re.search(r'<li class="(\w*)" id="codebook">', page)
    assert step
    return step[1] == "done"


def test_the_codebook_is_not_checked_while_definitions_are_missing(
    tmp_path: Path, opened: Callable[..., TestClient]
) -> None:
    study: Study = shed(tmp_path / "study")
    dora = opened(study.folder, "Dora")
    assert done(dora.get("/start").text)
    text = study.codebook_file.read_text(encoding="utf-8")
    new = text.replace("    definition: What the sky does to the garden.\n", "")
    assert new != text
    study.codebook_file.write_text(new, encoding="utf-8")
    page = dora.get("/start?step=codebook").text
    assert not done(page)
    assert "Without a definition: weather." in page
    assert "3 codes, 1 of them without a definition" in dora.get("/start?step=files").text


def test_missing_definitions_are_the_next_step_by_one_rule(
    tmp_path: Path, opened: Callable[..., TestClient]
) -> None:
    """On the pages and on the command line, until she goes on without them."""
    study = create_study(tmp_path / "new", name="New")
    with open_store(study.database)[0] as store:
        add_interview(store, "Shed 1", SHED)
        add_coder(store, "Ana", "human")
        set_scope(store, Scope(coders(store, "human")[0], 1, "independent"))
    study.codebook_file.write_text(
        "name: New\nversion: '1'\ncodes:\n  - id: tools\n  - id: rain\n    definition: Water.\n",
        encoding="utf-8",
    )
    step = "Write definitions for 1 of the 2 codes, since a model sees nothing but the name"
    dora = opened(study.folder, "Dora")
    assert "Without a definition: tools." in dora.get("/start").text, "the step that is open"
    assert step in secondcoder(study.folder, "status").out
    assert step in html.unescape(dora.get("/").text)
    assert dora.post("/start/endpoint", data={"where": "embedded"}).status_code == 303
    assert "Without a definition" not in dora.get("/start").text
    assert "Write definitions" not in secondcoder(study.folder, "status").out


def test_a_price_can_be_taken_away_again(tmp_path: Path, opened: Callable[..., TestClient]) -> None:
    study = create_study(tmp_path / "new", name="New")
    dora = opened(study.folder, "Dora")
    file = study.folder / "study.toml"

    def said(price_in: str, price_out: str) -> tuple[float | None, float | None]:
        form = {"where": "server", "base_url": "http://localhost:9/v1", "model": "m"}
        sent = {**form, "price_in": price_in, "price_out": price_out}
        assert dora.post("/start/endpoint", data=sent).status_code == 303
        now = open_study(study.folder).config.endpoint
        return now.price_in, now.price_out

    assert said("0,15", "0.6") == (0.15, 0.6)
    assert said("", "0.5") == (None, 0.5)
    assert said("", "") == (None, None)
    assert said("0.2", "") == (0.2, None)
    lines = [
        re.sub(r"\W", "", line.partition("=")[0])
        for line in file.read_text(encoding="utf-8").splitlines()
    ]
    assert [lines.count(name) for name in ("price_in", "price_out")] == [1, 1]


def test_what_is_said_of_all_takes_nobodys_none_back(
    tmp_path: Path, opened: Callable[..., TestClient]
) -> None:
    study: Study = shed(tmp_path / "study")
    with open_store(study.database)[0] as store:
        for name in ("Shed 2", "Shed 3"):
            add_interview(store, name, (("Gardener", f"This is {name}."),))

    def consents() -> list[str]:
        with open_store(study.database)[0] as store:
            return [info.consent for info in transcript_infos(store)]

    def say(consent: str, *names: str) -> str:
        sent = {"consent": consent, "transcript": list(names), "back": "/start"}
        assert dora.post("/statements", data=sent).status_code == 303
        return dora.get("/start?step=endpoint").text

    dora = opened(study.folder, "Dora")
    assert "Consent is now “none” for 1 transcript." in say("none", "Shed 2")
    page = say("local, Cluster")
    assert consents() == ["local, Cluster", "none", "local, Cluster"]
    assert "Consent is now “local, Cluster” for 2 transcripts." in page
    assert "“Shed 2” stays at “none”, which allows less; to change that, name the" in page
    assert "<strong>none</strong> for Shed 2" in page
    assert "stays at" not in dora.get("/start?step=endpoint").text, "it is told once"
    # Less is said of all at once, and what all have is changed for all.
    say("none")
    assert consents() == ["none"] * 3
    say("local")
    assert consents() == ["local"] * 3
    # What was said of one by its name stays too, where it allows less.
    say("Cluster")
    say("local", "Shed 3")
    assert "“Shed 3” stays at “local”" in say("local, Cluster")
    assert consents()[0::2] == ["local, Cluster", "local"]
    # By name it is given any.
    say("Cluster", "Shed 3")
    assert consents()[2] == "Cluster"


def test_what_is_recorded_of_a_coder_is_shown_where_it_is_asked(
    tmp_path: Path, opened: Callable[..., TestClient]
) -> None:
    study = shed(tmp_path / "study", run=False)
    dora = opened(study.folder, "Dora")
    dora.post("/statements", data={"exposure": "unknown", "coder": "Ana", "transcript": ""})
    dora.post("/statements", data={"exposure": "after-model", "coder": "Ben", "transcript": ""})
    page = html.unescape(dora.get("/start?step=seen").text)
    first = re.findall(r"<select id=\"seen\d\"[^>]*><option[^>]*>([^<]*)", page)
    assert first == ["choose …", f"recorded: {EXPOSURES['after-model']}"]
    assert page.count('value="after-model"') == 1, "of Ana alone it can be chosen"
