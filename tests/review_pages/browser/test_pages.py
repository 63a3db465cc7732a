"""The pages around the transcript in a real browser, one story each."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from assistant.review.serving import Serving, serving
from assistant.store.database import open_store
from assistant.store.decided.adjudications import adjudications
from assistant.store.measured.evidence import evaluations
from assistant.store.model.runs import runs
from assistant.store.people.codings import codings, scopes
from assistant.store.people.openings import openings
from assistant.store.texts.transcripts import transcript_infos
from assistant.store.verify import verify
from assistant.store.versions import codebook_operations, codebook_versions
from assistant.study import Study, open_study
from tests.browsing import resize
from tests.fakes.server import FakeLLM
from tests.review_pages.conftest import EXAMPLES

if TYPE_CHECKING:
    from playwright.sync_api import Page

Opener = Callable[..., "Page"]


def wait_for_end(page: Page, heading: str) -> None:
    """Until the job that is being watched, and not the one before it, has ended as is headed."""
    page.get_by_role("heading", name=heading).wait_for(timeout=180_000)
    page.wait_for_load_state()


PLANNED, COMPLETE = "What the run would ask", "The run is complete"


def one_run(page: Page, server: Serving) -> None:
    page.goto(server.address("/run"))
    page.get_by_role("button", name="See what it would ask").click()
    wait_for_end(page, PLANNED)
    page.get_by_role("button", name="Start").click()
    wait_for_end(page, COMPLETE)


def test_guided_start_from_an_empty_folder_to_a_read_evaluation(
    tmp_path: Path, model: FakeLLM, open_page: Opener
) -> None:
    from playwright.sync_api import expect

    with serving(tmp_path / "new") as server:
        page = open_page(server, "/")
        page.get_by_label("What is the study called?").fill("My field")
        page.get_by_role("button", name="Make the study here").click()
        page.locator("#files input[type=file]").set_input_files(
            [
                EXAMPLES / "codings" / f"Interview {n:02} - {who}.txt"
                for n in (1, 2, 3)
                for who in ("Ana", "Ben")
            ]
        )
        page.get_by_role("button", name="Bring them in").click()
        # The codes stand as lines in the text, and no codebook knows them yet.
        page.get_by_label("Yes to all: they are codes, in all files").check()
        page.get_by_role("button", name="Go on with these files").click()
        # One that stands in one file alone is told only beside the others.
        page.locator("main", has_text="Guilt-and-burden").wait_for()
        page.get_by_label("Yes to all: they are codes, in all files").check()
        page.get_by_role("button", name="Go on with these files").click()
        page.get_by_role("heading", name="What was brought in").wait_for()
        page.get_by_role("link", name="First steps").click()
        page.get_by_role("heading", name="First steps").wait_for()
        for who in ("Ana", "Ben"):
            page.goto(server.address("/start?step=seen"))
            form = page.locator("#seen form", has=page.locator(f"input[value={who}]"))
            form.locator("select").select_option("independent")
            form.get_by_role("button", name="Record it").click()
            page.locator(".notice.good").wait_for()
        page.get_by_role("button", name="Make a first codebook from people's codes").click()
        page.get_by_role("link", name="Go on without them").click()
        page.get_by_label("At an address").check()
        page.get_by_label("Address", exact=True).fill(model.base_url)
        page.get_by_label("Model", exact=True).fill("fake-model")
        page.get_by_label("Environment variable").fill("")
        page.get_by_role("button", name="Use this").click()
        page.get_by_role("button", name="Go on").click()
        # Six steps are done, and the seventh stands in the window.
        expect(page.get_by_role("link", name="Plan a run")).to_be_in_viewport(ratio=1)
        page.get_by_role("link", name="Plan a run").click()
        page.get_by_role("button", name="See what it would ask").click()
        wait_for_end(page, PLANNED)
        assert "Nothing leaves this computer" in page.locator("main").inner_text()
        page.get_by_role("button", name="Start").click()
        wait_for_end(page, COMPLETE)
        page.get_by_role("button", name="Measure it").click()
        page.wait_for_url("**/evaluations/*", timeout=180_000)
        assert "evaluation 1" in page.locator("h1").inner_text()
        assert page.locator(".report svg").count() >= 1
        page.goto(server.address("/start"))
        assert "7 of 8 done" in page.locator("main").inner_text()
    made = open_study(tmp_path / "new")
    assert made.config.name == "My field"
    assert "# The key itself never stands in a file" in (made.folder / "study.toml").read_text(
        encoding="utf-8"
    )
    with open_store(made.database)[0] as store:
        assert [i.coders for i in transcript_infos(store)] == [("Ana", "Ben")] * 3
        assert {s.exposure for s in scopes(store)} == {"independent"}
        assert [r.status for r in runs(store)] == ["complete"]
        assert [e.run_id for e in evaluations(store)] == [1]
        assert verify(store).ok


def test_a_dropped_file_becomes_a_transcript(
    study: Study, server: Serving, open_page: Opener
) -> None:
    page = open_page(server, "/")
    page.evaluate(
        """() => {
          const held = new DataTransfer();
          const words = "Interviewer: Who mends the fence?\\n\\nAda: <b>We</b> all do, in March.";
          held.items.add(new File([words], "Fence <1>.txt", { type: "text/plain" }));
          document.body.dispatchEvent(
            new DragEvent("drop", { dataTransfer: held, bubbles: true, cancelable: true }));
        }"""
    )
    page.locator("#drop-list", has_text="1 file: Fence").wait_for()
    page.get_by_role("button", name="Bring them in").click()
    page.get_by_role("heading", name="What was brought in").wait_for()
    with open_store(study.database)[0] as store:
        assert [i.name for i in transcript_infos(store)] == ["Fence _1_", "Shed 1"]
    assert (study.transcripts_folder / "Fence _1_.txt").is_file()


def test_adjudicating_by_keyboard_with_hidden_names_and_two_people(
    study: Study, server: Serving, open_page: Opener
) -> None:
    cleo = open_page(server, "/disagreements?hide=1", name="Cleo")
    cleo.get_by_role("link", name="Begin with the first").click()
    cleo.wait_for_selector("html[data-ready]")
    text = cleo.locator("main").inner_text()
    assert "Ana" not in text
    assert "Ben" not in text
    address = cleo.url
    cleo.keyboard.press("s")
    cleo.keyboard.press("1")
    cleo.get_by_role("heading", name="You said").wait_for()
    assert "right, an oversight of the other" in cleo.locator(".notice.good").inner_text()
    assert "Ana" in cleo.locator("main").inner_text()
    with open_store(study.database)[0] as store:
        (first,) = adjudications(store)
        key = first.key
    dora = open_page(server, f"/disagreements/{key}", name="Dora")
    assert "Cleo decided on this too" in dora.locator("main").inner_text()
    dora.get_by_label("Note").fill("Both <i>readings</i> hold.")
    dora.get_by_role("button", name="Both are defensible").click()
    dora.get_by_role("heading", name="You said").wait_for()
    assert "Both <i>readings</i> hold." in dora.locator(".notice.good").inner_text()
    assert "Cleo:" in dora.locator("section[aria-labelledby=others]").inner_text()
    # Cleo changes her mind, and both of her words stay on record.
    cleo.goto(address.split("#")[0])
    cleo.wait_for_selector("html[data-ready]")
    cleo.keyboard.press("n")
    cleo.locator(".notice.good", has_text="Neither is right").wait_for()
    with open_store(study.database)[0] as store:
        said = adjudications(store, key=key, current=False)
        assert [(a.who, a.replaces_id is None) for a in said] == [
            ("Cleo", True),
            ("Dora", True),
            ("Cleo", False),
        ]
        assert not [c for c in codings(store) if c.coder.name.startswith("Adjudicated")]
        assert {c.coder.name for c in codings(store)} == {"Ana", "Ben"}
        shown = {(o.who, o.coder) for o in openings(store) if o.place == "disagreements"}
        assert {("Cleo", "Ana"), ("Cleo", "Ben"), ("Dora", "Ana")} <= shown
        assert verify(store).ok


def test_a_rule_from_a_disagreement_leads_to_what_to_look_at_again(
    study: Study, server: Serving, open_page: Opener
) -> None:
    before = study.codebook_file.read_text(encoding="utf-8")
    page = open_page(server, "/disagreements?code=tools")
    page.get_by_role("link", name="Begin with the first").click()
    page.locator(".rule summary").click()
    page.get_by_label("Where", exact=True).select_option("exclude")
    page.get_by_label("The rule").fill("Not when a tool is only wished for.")
    page.get_by_role("button", name="Save the rule").click()
    page.get_by_role("heading", name="To look at again: Tools").wait_for()
    text = page.locator("main").inner_text()
    assert "Not when a tool is only wished for." in text
    assert "reckoned at 100 words a minute" in text
    after = study.codebook_file.read_text(encoding="utf-8").splitlines()
    assert [line for line in after if line not in before.splitlines()] == [
        "    exclude: Not when a tool is only wished for."
    ]
    with open_store(study.database)[0] as store:
        versions = codebook_versions(store)
        operations = codebook_operations(store, versions[-2].sha256, versions[-1].sha256)
    assert ("redefine", ("tools",)) in [(o.op, o.codes) for o in operations]
    page.goto(server.address("/codes/tools"))
    assert "Rule (exclude): Not when a tool" in page.locator("main").inner_text()


def test_edit_a_definition_try_it_and_compare(
    field: Study, field_server: Serving, model: FakeLLM, open_page: Opener
) -> None:
    page = open_page(field_server, "/")
    one_run(page, field_server)
    page.goto(field_server.address("/codebook"))
    page.locator("#p-user", has_text="<passages>").wait_for()
    assert "tokens" in page.locator("#p-tokens").inner_text()
    text = page.locator("#text").input_value()
    changed = text.replace("What is sown, planted", "Whatever is sown, planted", 1)
    assert changed != text
    page.locator("#text").fill(changed)
    page.locator("#p-system", has_text="Whatever is sown").wait_for()
    page.locator("#p-version").select_option(index=1)
    page.locator("#p-difference ins", has_text="Whatever").wait_for()
    page.get_by_role("button", name="Save as a new version").click()
    page.locator(".notice.good a", has_text="Try this").click()
    page.get_by_role("button", name="See calls and cost").click()
    wait_for_end(page, PLANNED)
    assert "out of sample" in page.locator("main").inner_text()
    sent = len(model.chats)
    page.get_by_role("button", name="Start").click()
    wait_for_end(page, COMPLETE)
    assert len(model.chats) > sent
    page.get_by_role("link", name="What got better, what got worse").click()
    # Across changed definitions it is no evaluation, and the page says so before it compares.
    page.get_by_role("link", name="Compare all the same").click()
    page.get_by_role("heading", name="Drift").first.wait_for()
    main = page.locator("main").inner_text()
    assert "gave the same codes everywhere" in main
    with open_store(field.database)[0] as store:
        assert [r.status for r in runs(store)] == ["complete", "complete"]
        assert len(codebook_versions(store)) == 2


def test_a_mistake_in_the_codebook_is_shown_with_its_line(
    study: Study, server: Serving, open_page: Opener
) -> None:
    before = study.codebook_file.read_text(encoding="utf-8")
    page = open_page(server, "/codebook")
    page.locator("#text").fill(before + "  - id: tools\n    definition: again\n")
    page.locator("#p-error", has_text="line 12").wait_for()
    assert page.locator("#p-tokens").inner_text() == "", (
        "nothing is counted, and nothing is to come"
    )
    page.get_by_role("button", name="Save as a new version").click()
    page.locator("div[role=alert]", has_text="There is a code “tools” already").first.wait_for()
    assert study.codebook_file.read_text(encoding="utf-8") == before
    page.wait_for_function(
        "() => { const t = document.getElementById('text');"
        " return t.value.slice(t.selectionStart, t.selectionEnd).trim() === '- id: tools'; }"
    )


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/start",
        "/start?step=endpoint",
        "/run",
        "/disagreements?run=1",
        "/codes",
        "/codes/tools",
        "/codebook",
        "/prompts",
        "/prompts/list-v1",
        "/runs",
        "/runs/1",
        "/try",
        "/recoding?code=tools",
    ],
)
def test_no_serious_finding_of_axe(
    path: str, study: Study, server: Serving, open_page: Opener
) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    for scheme in ("light", "dark"):
        page = open_page(server, path, color_scheme=scheme)
        # Beside an editor, what would be sent or why nothing would.
        page.wait_for_function("() => document.getElementById('p-tokens')?.textContent !== '…'")
        found = axe.run(page).response["violations"]
        assert [
            (v["id"], v["nodes"][0]["target"])
            for v in found
            if v["impact"] in ("serious", "critical")
        ] == []
        # Nothing is wider than the window at 200%: half of 1280 points.
        resize(page, 640, 360)
        assert page.evaluate("document.documentElement.scrollWidth") <= 640


def test_no_page_is_wider_than_a_narrow_window(
    study: Study, server: Serving, open_page: Opener
) -> None:
    """A choice with a long line made the study's page half as wide again as the window."""
    page = open_page(server, "/")
    resize(page, 420, 800)
    for path in ("/", "/start?step=files", "/start?step=seen", "/recoding?code=tools"):
        page.goto(server.address(path))
        assert page.evaluate("document.documentElement.scrollWidth") <= 420, path
