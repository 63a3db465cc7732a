"""What an import asked stays until it is answered or set aside, also when its page is left."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import unquote

import pytest
from starlette.testclient import TestClient

from assistant.guide.overview import overview
from assistant.interchange.imports.asked import still_asked
from assistant.interchange.imports.importing import import_files
from assistant.interchange.imports.reports import ImportOptions
from assistant.store.database import open_store
from assistant.store.people.codings import codings
from assistant.store.texts.asked import asked_open
from assistant.store.texts.transcripts import find_transcript, transcript_infos
from assistant.store.withdrawal.withdrawal import withdraw
from assistant.study import Study
from tests.cli.command import secondcoder

LINES = (
    "Interviewer",
    "What do you keep in the shed, and what did the flood leave of it all?",
    "Ana Novak",
    "The spade, and what is left of the fence that my father built.",
    "{}",
    "Interviewer",
    "And since when is the other half of the roof on the neighbour's side?",
    "Ana Novak",
    "Since the flood took it away. We never asked for it back.",
    "{}",
)
ROAD = (
    "Interviewer",
    "How do you come here on a day when no bus goes, and how long does that take you?",
    "Petr Marek",
    "On foot along the railway, an hour if nobody stops me to talk.",
    "{}",
    "Interviewer",
    "Does anybody stop you?",
    "Petr Marek",
    "The woman with the goats does, each and every time. I bring her bread.",
    "{}",
)
LEAVES = "Reasons-to-leave"
"""Looks like a label, and no codebook has it."""


LOST = "Lost-to-the-flood"


@pytest.fixture
def knows(study: Study) -> Study:
    """The codebook has the code that files hold for certain."""
    with study.codebook_file.open("a", encoding="utf-8") as file:
        file.write(f"  - id: {LOST}\n    definition: What water took.\n")
    return study


def words(label: str, lines: tuple[str, ...] = LINES) -> bytes:
    return "\n\n".join(lines).format(label, label).encode()


def dropped(client: TestClient, **files: bytes) -> str:
    sent = [("files", (f"{name}.txt", data, "text/plain")) for name, data in files.items()]
    answer = client.post("/import", files=sent, data={"exposure": "independent"})
    assert answer.status_code == 200
    return answer.text


def link(page: str) -> str:
    (found,) = re.findall(r'href="(/import/asked\?at=[^"]+)"', page)
    return str(found)


def taken(study: Study, name: str) -> tuple[int, str]:
    """Codings in a transcript, and the exposure of its coder."""
    with open_store(study.database)[0] as store:
        (info,) = [i for i in transcript_infos(store) if i.name == name]
        return len(codings(store, info.id)), ",".join(info.coders)


def test_who_coded_is_asked_again_after_the_page_was_left(client: TestClient, knows: Study) -> None:
    study = knows
    assert 'id="asked"' not in client.get("/").text
    assert "Who coded it?" in dropped(client, Fence=words(LOST))
    for address in ("/", "/start"):
        page = client.get(address).text
        assert "Fence.txt</span> (who coded it; it is not in the study without that)" in page
    with open_store(study.database)[0] as store:
        (step, *rest) = overview(study, store).next_steps
        assert step.startswith("Answer what was asked about 1 file of transcripts/ (Fence.txt)")
        assert not any("Fence.txt" in other for other in rest)
        assert "Fence" not in str([tuple(r) for r in store.rows("SELECT * FROM asked_of_files")])
    again = client.get(link(client.get("/start").text)).text
    assert "Fence.txt holds codes. Who coded it?" in again
    assert '<input type="hidden" name="exposure" value="independent">' in again
    assert 'id="asked"' in client.get("/").text, "looking at the question answers nothing"
    with open_store(study.database)[0] as store:
        assert find_transcript(store, "Fence") is None
    given = {"file": "Fence.txt", "coder Fence.txt": "Eve", "exposure": "independent"}
    assert client.post("/import/answers", data=given).status_code == 200
    assert taken(study, "Fence") == (2, "Eve")
    assert 'id="asked"' not in client.get("/").text


def test_lines_that_may_be_labels_are_asked_about_again(client: TestClient, study: Study) -> None:
    page = dropped(client, Fence=words(LEAVES))
    assert "code labels?" in page
    address = link(client.get("/").text)
    assert taken(study, "Fence") == (0, "")
    again = client.get(address).text
    assert f'name="asked_label" value="{LEAVES}"' in again
    given = {"asked_label": LEAVES, "label_file": "Fence.txt", "labels": "no"}
    answer = client.post("/import/answers", data=given)
    assert answer.status_code == 303
    assert 'id="asked"' not in client.get("/").text
    assert client.get(address).status_code == 404, "a no is an answer"
    dropped(client, Fence=words(LEAVES))
    file = str(study.transcripts_folder / "Fence.txt")
    for more in (["--dry-run", "--trust-labels"], [], ["--trust-labels"]):
        link(client.get("/").text)
        secondcoder(study.folder, "import", file, "--coder", "Eve", *more)
    assert taken(study, "Fence") == (2, "Eve")
    assert 'id="asked"' not in client.get("/").text, "it was answered in the terminal"


def test_after_yes_it_may_be_asked_who_coded(client: TestClient, study: Study) -> None:
    dropped(client, Fence=words(LEAVES))
    given = {"asked_label": LEAVES, "label_file": "Fence.txt"}
    answer = client.post("/import/answers", data={**given, "labels": "all"})
    assert "Who coded it?" in answer.text
    assert "(who coded it;" in client.get("/").text
    given |= {"labels": "all", "file": "Fence.txt", "coder Fence.txt": "Eve"}
    client.post("/import/answers", data=given)
    assert taken(study, "Fence") == (2, "Eve")
    assert 'id="asked"' not in client.get("/").text


def test_set_aside_gone_and_told_elsewhere_it_is_not_shown_any_more(
    client: TestClient, knows: Study
) -> None:
    study = knows
    dropped(client, Fence=words(LOST), Gate=words(LOST, ROAD))
    page = client.get("/start?step=codebook").text
    assert "of 2 files something was asked that is not answered" in page
    (study.transcripts_folder / "Gate.txt").unlink()
    assert "Gate" not in client.get("/").text
    coded = ImportOptions(coder="Eve", known_codes=[LOST])
    with open_store(study.database)[0] as store:
        assert len(still_asked(study, store)) == 1
        import_files(store, [study.transcripts_folder / "Fence.txt"], coded)
        assert still_asked(study, store) == ()
        assert len(asked_open(store)) == 2
    dropped(client, Wall=words(LOST) + b"\n", Road=words(LEAVES, ROAD))
    at = unquote(link(client.get("/").text).partition("at=")[2])
    with open_store(study.database)[0] as store:
        (one,) = still_asked(study, store)
        assert {f.place: f.kinds for f in one.files} == {
            "Wall.txt": ("coder",),
            "Road.txt": ("labels",),
        }
        road = find_transcript(store, "Road") or 0
        withdraw(store, road, "asked to")
        (one,) = still_asked(study, store)
        assert [f.place for f in one.files] == ["Wall.txt"]
    answer = client.post("/import/asked/aside", data={"at": at, "back": "/start"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/start")
    assert 'id="asked"' not in client.get("/").text
    assert (study.transcripts_folder / "Wall.txt").is_file()


def test_lines_that_may_be_others_codes_are_kept_from_who_codes_blind(
    client: TestClient, study: Study, opened: Callable[..., TestClient]
) -> None:
    dropped(client, Fence=words(LEAVES))
    with open_store(study.database)[0] as store:
        key = find_transcript(store, "Fence")
    eva = opened(study.folder, "Eva")
    assert LEAVES in eva.get(link(eva.get("/").text)).text
    assert eva.post(f"/blind/{key}/begin").status_code == 303
    page = eva.get(link(eva.get("/").text)).text
    assert LEAVES not in page
    assert "You are to code an interview blind" in page
    assert LEAVES in client.get(link(client.get("/").text)).text
