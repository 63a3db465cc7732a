"""Saving from pages: comments stay, versions are kept, mistakes and other windows are said."""

from __future__ import annotations

import errno
import re
import tomllib
from itertools import combinations
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from assistant.codebook.loading import parse_codebook
from assistant.codebook.rules import with_field, with_rule
from assistant.errors import UserError
from assistant.guide.next_steps import Work, name_steps, steps_of_the_work
from assistant.guide.saving import save_prompt
from assistant.guide.settings_file import with_settings
from assistant.guide.steps import _step
from assistant.interchange.imports.bringing import keep_file, kept_file
from assistant.interchange.study_codebook.editing import codebook_text, save_codebook, text_hash
from assistant.store.database import open_store
from assistant.store.people.codings import codings
from assistant.store.texts.transcripts import transcript_infos
from assistant.store.versions import codebook_versions
from assistant.study import Study, create_study
from tests.review_pages.conftest import EXAMPLES
from tests.waiting import until

_TEXT = """\
# Ours, since 2021.
name: Shed   # the name
codes:
  - id: tools
    definition: >-
      Something to work with,
      in the garden.
    # Cleo: what of machines?
    aliases: [implements]

  - id: weather   # the sky
    include: 'Rain: also hail'
  - {id: flow, definition: one line}
"""


def test_a_field_is_changed_and_every_other_line_stays() -> None:
    made = with_field(_TEXT, "tools", "definition", "What one works with: spades.", "x")
    assert parse_codebook(made, "x").by_id["tools"].definition == "What one works with: spades."
    for line in ("# Ours, since 2021.", "    # Cleo: what of machines?", "name: Shed   # the name"):
        assert line in made.split("\n")
    made = with_rule(_TEXT, "weather", "exclude", "Not the climate", "x")
    assert parse_codebook(made, "x").by_id["weather"].exclude == "Not the climate"
    assert [x for x in made.split("\n") if x not in _TEXT.split("\n")] == [
        "    exclude: Not the climate"
    ]
    longer = with_rule(_TEXT, "weather", "include", "Dew counts.", "x")
    assert parse_codebook(longer, "x").by_id["weather"].include == "Rain: also hail. Dew counts."


def test_what_cannot_be_changed_alone_is_refused() -> None:
    with pytest.raises(UserError, match="without touching other lines"):
        with_field(_TEXT, "flow", "definition", "other", "x")
    with pytest.raises(UserError, match="no code"):
        with_rule(_TEXT, "nothing", "include", "x", "x")


def test_settings_keep_comments_and_other_lines() -> None:
    text = '# mine\nname = "x"\n\n[endpoint]\n# base_url = "http://old"\n\n[units] # u\n'
    made = with_settings(text, "endpoint", {"base_url": 'http://a"b', "price_in": 0.5})
    assert tomllib.loads(made)["endpoint"] == {"base_url": 'http://a"b', "price_in": 0.5}
    assert made.startswith("# mine\n")
    assert "[units] # u" in made
    again = with_settings(made, "coding", {"shortlist": 3})
    assert tomllib.loads(again)["coding"] == {"shortlist": 3}


def test_a_codebook_changed_meanwhile_is_not_overwritten(study: Study) -> None:
    with open_store(study.database)[0] as store:
        text = codebook_text(study)
        seen = text_hash(text)
        save_codebook(study, store, text.replace("garden", "orchard"), "Ana", seen=seen)
        with pytest.raises(UserError, match="changed meanwhile"):
            save_codebook(study, store, text.replace("garden", "field"), "Ben", seen=seen)
        assert "orchard" in codebook_text(study)
        assert len(codebook_versions(store)) == 2


def test_a_prompt_is_never_changed(study: Study) -> None:
    file = study.prompts_folder / "list-v1.md"
    before = file.read_bytes()
    text = before.decode()
    with open_store(study.database)[0] as store:
        with pytest.raises(UserError, match="already"):
            save_prompt(study, store, "list-v9", text, "Ana")
        made = save_prompt(
            study, store, "list-v9", text.replace("id: list-v1", "id: list-v9", 1), "Ana"
        )
        with pytest.raises(UserError, match="name of a prompt"):
            save_prompt(study, store, "../x", text, "Ana")
    assert made.id == "list-v9"
    assert file.read_bytes() == before


@pytest.mark.parametrize(
    "name", ["../../x.txt", "..\\x.txt", "a/b/.hidden", "con.txt", "ü <1>?.txt"]
)
def test_kept_files_stay_in_the_study(study: Study, name: str) -> None:
    path = keep_file(study, name, b"one")
    assert path.resolve().parent == study.transcripts_folder.resolve()
    assert not path.name.startswith(".")
    assert keep_file(study, name, b"one") == path
    other = keep_file(study, name, b"two")
    assert other.name == path.name
    assert path.read_bytes() == b"one"
    place = str(other.relative_to(study.transcripts_folder))
    assert kept_file(study, place) == other.resolve()
    with pytest.raises(UserError):
        kept_file(study, "../study.toml")


def test_no_step_on_the_page_names_a_command() -> None:
    for given in combinations((False, True), 2):
        for rest in range(64):
            bits = [bool(rest >> n & 1) for n in range(6)]
            work = Work(
                given[0] or bits[0],
                3 * bits[1],
                "",
                bits[2],
                2 * bits[3],
                1 if bits[4] else None,
                bits[4] and bits[5],
                bits[5],
                True,
                "secondcoder evaluate --run 1" if given[1] else "",
                evaluate_again=1 if bits[5] else None,
            )
            for text in steps_of_the_work(work):
                step = _step(text)
                assert "secondcoder" not in step.what
                assert step.path.startswith("/")
                assert not step.what.endswith(" with.")
                assert (step.link == "Go on") == text.startswith("Go on with the unfinished run")


def test_a_step_that_no_page_does_names_its_command() -> None:
    (names,) = map(_step, name_steps(3))
    assert (names.path, names.link) == ("", "")
    assert names.what.endswith("replaced before. On the command line: secondcoder pseudonyms list")


def test_where_the_model_is_elsewhere_its_owner_must_be_named(client: TestClient) -> None:
    posted = {"where": "server", "base_url": "https://models.example/v1", "model": "m"}
    answer = client.post("/start/endpoint", data=posted)
    assert answer.status_code == 400
    assert "nobody said whose" in answer.text
    assert client.post("/start/endpoint", data={**posted, "processor": "Uni"}).status_code == 303


def test_nothing_is_sent_elsewhere_before_somebody_agrees(client: TestClient, study: Study) -> None:

    client.post(
        "/start/endpoint",
        data={
            "where": "server",
            "base_url": "https://models.example/v1",
            "model": "m",
            "processor": "Uni",
        },
    )
    client.post("/statements", data={"consent": "Uni"})
    assert (
        client.post("/run/plan", data={"transcript": "1", "prompt": "list-v1"}).status_code == 303
    )
    until(lambda: client.get("/work/state").json()["state"] != "working", "the plan is made")
    state = client.get("/work/state").json()
    assert "may be sent to" in client.get("/work").text
    refused = client.post("/run/start", data={"plan": state["number"]})
    assert refused.status_code == 400
    assert "nobody said that they may" in refused.text


def test_names_and_words_are_escaped(client: TestClient, study: Study) -> None:
    text = codebook_text(study).replace("Something to work", "<script>x</script> to work")
    answer = client.post("/codebook", data={"text": text, "seen": text_hash(codebook_text(study))})
    assert answer.status_code == 200
    for path in ("/codes", "/codes/tools", "/codebook"):
        found = client.get(path).text
        assert "&lt;script&gt;x" in found
        assert "<script>x" not in found


def test_a_file_that_names_nobody_is_asked_about(client: TestClient, study: Study) -> None:
    coded = (EXAMPLES / "codings" / "Interview 01 - Ana.txt").read_bytes()
    coded = coded.replace(b"Interview 01 - Ana", b"Garden", 1)
    answer = client.post("/import", files={"files": ("Garden.txt", coded, "text/plain")})
    assert "code labels?" in answer.text
    labels = re.findall('name="asked_label" value="([^"]+)"', answer.text)
    given = {"labels": "all", "asked_label": labels, "label_file": "Garden.txt"}
    answer = client.post("/import/answers", data=given)
    assert "Who coded it?" in answer.text
    # The page keeps what was said before while it asks for more.
    assert '<input type="hidden" name="labels" value="all">' in answer.text
    client.post("/import/answers", data={**given, "file": "Garden.txt", "coder Garden.txt": "Eve"})
    with open_store(study.database)[0] as store:
        (garden,) = [i for i in transcript_infos(store) if i.name == "Garden"]
    assert garden.coders == ("Eve",)
    assert garden.codings > 3


@pytest.mark.slow
def test_every_page_answers(client: TestClient, tmp_path: Path) -> None:
    for path in (
        "/",
        "/start",
        "/run",
        "/disagreements",
        "/disagreements?run=1&hide=1",
        "/codes",
        "/codes/weather",
        "/codebook",
        "/prompts",
        "/prompts/list-v1",
        "/runs",
        "/runs/1",
        "/runs/1/calls",
        "/runs/1/calls/1",
        "/try",
        "/recoding?code=tools",
    ):
        assert client.get(path).status_code == 200, path
    for path in (
        "/codes/nothing",
        "/runs/99",
        "/disagreements/d-0",
        "/evaluations/99",
        "/recoding?code=nothing",
        "/compare?first=1&second=9",
    ):
        assert client.get(path).status_code == 404, path


@pytest.mark.slow
def test_one_question_about_labels_for_all_files(client: TestClient, study: Study) -> None:
    """Three files that share labels: asked once, with yes to all, and no answer chosen before."""
    sources = sorted((EXAMPLES / "codings").glob("Interview 02 - *.txt"))
    sent = [("files", (file.name, file.read_bytes(), "text/plain")) for file in sources]
    answer = client.post("/import", files=sent)
    assert answer.text.count("code labels?") == 1
    assert "checked" not in answer.text
    assert client.post("/import/answers", data={"exposure": "unknown"}).status_code == 400
    labels = re.findall('name="asked_label" value="([^"]+)"', answer.text)
    places = re.findall('name="label_file" value="([^"]+)"', answer.text)
    assert len(places) == 3
    given = {"asked_label": labels, "label_file": places}
    client.post("/import/answers", data={**given, "labels": "some", "label": labels[:1]})

    def taken() -> list[str]:
        with open_store(study.database)[0] as store:
            ids = {i.name: i.id for i in transcript_infos(store)}
            return [c.code for c in codings(store, ids["Interview 02"])]

    assert set(taken()) == set(labels[:1])
    client.post("/import/answers", data={**given, "labels": "all"})
    lines = "\n".join(file.read_text(encoding="utf-8") for file in sources).splitlines()
    assert len(taken()) == sum(line in labels for line in lines)


def test_half_a_file_is_not_kept_where_the_disk_is_full(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would be brought in as an interview, and the whole one beside it as another."""
    study = create_study(tmp_path / "study")
    real = Path.write_bytes

    def half(path: Path, data: bytes) -> int:
        real(path, data[: len(data) // 2])
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_bytes", half)
        with pytest.raises(OSError, match="No space"):
            keep_file(study, "Beds.txt", b"A: One two three.")
    assert list(study.transcripts_folder.iterdir()) == []
    kept = keep_file(study, "Beds.txt", b"A: One two three.")
    assert (kept.name, kept.read_bytes()) == ("Beds.txt", b"A: One two three.")
