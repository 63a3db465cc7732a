"""The transcript page in a real browser: review by keyboard, exact spans, two windows, blind."""

from __future__ import annotations

from typing import Any

import pytest

from assistant.review.serving import Serving
from assistant.store.database import open_store
from assistant.store.people.codings import scopes
from assistant.store.people.openings import openings
from assistant.store.texts.transcripts import transcript
from assistant.study import Study
from tests.review.browser.steps import Opener, added, ready, said, select, stored, suggested


def test_thirty_suggestions_by_keyboard_alone(
    study: Study, server: Serving, open_page: Opener
) -> None:
    page = ready(open_page(server, "/transcripts/1"))
    expected: list[str] = []
    for number in range(30):
        if number % 5 == 1:
            page.keyboard.press("r")
            page.keyboard.type(f"because {number}")
            page.keyboard.press("Enter")
            said(page, "Rejected")
            expected.append("reject")
        elif number % 5 == 3:
            page.keyboard.press("c")
            page.keyboard.type("shar" if suggested(study)[number].code != "sharing" else "tool")
            page.keyboard.press("Enter")
            said(page, "Changed")
            expected.append("amend")
        else:
            page.keyboard.press("a")
            said(page, "Accepted")
            expected.append("accept")
        said(page, f"{35 - number} open")
        page.keyboard.press("j")
    # Letters that no code has: it is said, and Enter chooses nothing.
    page.keyboard.press("c")
    page.keyboard.type("zzz")
    page.locator("#picker [role=status]", has_text="No code of the codebook").wait_for()
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    found = stored(study)
    assert [d.decision for d in found] == expected
    assert [d.suggestion_id for d in found] == [s.id for s in suggested(study)[:30]]
    assert {d.reviewer for d in found} == {"Ana"}
    assert all(d.seconds is not None and 0 <= d.seconds < 60 for d in found)
    assert found[1].reason == "because 1"
    assert [s.decision for s in suggested(study)[30:]] == ["open"] * 6


def test_undo_goes_back_step_by_step(study: Study, server: Serving, open_page: Opener) -> None:
    page = ready(open_page(server, "/transcripts/1"))
    for key, words in (("a", "Accepted"), ("j", ""), ("R", "Rejected"), ("u", "Open again")):
        page.keyboard.press(key)
        said(page, words)
    page.keyboard.press("u")
    said(page, "Open again: Tools")
    page.keyboard.press("u")
    said(page, "nothing of yours to undo")
    assert [d.decision for d in stored(study)] == ["accept", "reject", "undo", "undo"]
    assert {s.decision for s in suggested(study)} == {"open"}


def test_a_span_is_adjusted_by_words_over_an_emoji(
    study: Study, server: Serving, open_page: Opener
) -> None:
    page = ready(open_page(server, "/transcripts/1"))
    target = next(s for s in suggested(study) if "🌱" in s.quote)
    page.locator(f"[data-id=s{target.id}]").evaluate("mark => mark.click()")
    for key in ("{", "{", "{", "}", "}", "]"):
        page.keyboard.press(key)
    page.keyboard.press("a")
    said(page, "Accepted, borders adjusted: ")
    (own,) = added(study)
    words = target.quote.split()
    assert own.quote.split() == words[3:-1]
    assert own.start == target.start + target.quote.index(words[3])
    assert "🌱" in own.quote


def test_a_missed_coding_across_an_emoji_and_a_line_break(
    study: Study, server: Serving, open_page: Opener
) -> None:
    page = ready(open_page(server, "/transcripts/1"))
    with open_store(study.database)[0] as store:
        text = transcript(store, 1).text
    for wanted in (
        "🌱 took everything; we stood there\nand nobody",
        "shears 👩‍🌾 and I bring her beans in August.\n\nIn part 3: The shed",
    ):
        select(page, wanted)
        page.keyboard.press("n")
        page.keyboard.type("weath")
        page.keyboard.press("Enter")
        said(page, "Added: weather")
        page.keyboard.press("Escape")
        own = next(c for c in added(study) if c.quote == wanted)
        assert own.start == text.index(wanted)
        assert own.end == own.start + len(wanted)
        assert (own.code, own.coder.name, own.exposure) == ("weather", "Ana", "after-model")
        page.evaluate("document.getElementById('said').textContent = ''")


def test_selecting_with_the_mouse_and_taking_it_back(
    study: Study, server: Serving, open_page: Opener
) -> None:
    page = ready(open_page(server, "/transcripts/1"))
    line = page.locator(".seg").nth(1)
    box = line.bounding_box()
    assert box
    page.mouse.move(box["x"] + 2, box["y"] + 10)
    page.mouse.down()
    page.mouse.move(box["x"] + 180, box["y"] + 10, steps=5)
    page.mouse.up()
    page.get_by_role("button", name="Code this").click()
    page.locator("#picker li", has_text="Tools").click()
    said(page, "Added: Tools")
    (own,) = added(study)
    assert own.quote.startswith("In part 1: ")
    page.keyboard.press("u")
    said(page, "Taken back")
    assert added(study) == []


def test_two_windows_deciding_the_same_suggestion(
    study: Study, server: Serving, open_page: Opener
) -> None:
    ana = ready(open_page(server, "/transcripts/1", name="Ana"))
    ben = ready(open_page(server, "/transcripts/1", name="Ben"))
    ana.keyboard.press("a")
    said(ana, "Accepted")
    ben.keyboard.press("R")
    said(ben, "Ana accepted it meanwhile")
    assert "Accepted by Ana" in ben.locator("[data-part=state]").inner_text()
    assert [(d.decision, d.reviewer) for d in stored(study)] == [("accept", "Ana")]
    ben.keyboard.press("R")
    said(ben, "Rejected")
    assert [(d.decision, d.reviewer) for d in stored(study)] == [
        ("accept", "Ana"),
        ("reject", "Ben"),
    ]


def test_reload_in_the_middle_loses_nothing(
    study: Study, server: Serving, open_page: Opener
) -> None:
    page = ready(open_page(server, "/transcripts/1"))
    for still in (35, 34, 33):
        page.keyboard.press("a")
        said(page, f"{still} open")
        page.keyboard.press("j")
    page.keyboard.press("o")
    here = page.locator("[aria-current=true][data-id]").get_attribute("data-id")
    page.reload()
    ready(page)
    assert page.locator("[aria-current=true][data-id]").get_attribute("data-id") == here
    assert page.locator("#only-open").get_attribute("aria-pressed") == "true"
    assert page.locator(".mk.is-accept").count() == 3
    # What was done before the reload can still be undone.
    page.keyboard.press("u")
    said(page, "Open again")
    assert [d.decision for d in stored(study)] == ["accept"] * 3 + ["undo"]


def test_filters_and_evidence(study: Study, server: Serving, open_page: Opener) -> None:
    page = ready(open_page(server, "/transcripts/1"))
    page.keyboard.press("f")
    said(page, "only “Tools”")
    assert set(page.locator(".lab .tx").all_inner_texts()) == {"Tools"}
    page.keyboard.press("f")
    page.keyboard.press("d")
    said(page, "only disagreements")
    page.keyboard.press("d")
    assert page.locator(".why").count() == 0, "the passage comes first"
    page.keyboard.press("e")
    page.wait_for_selector(".why")
    assert "Reason number" in page.locator(".reason-text").inner_text()
    page.wait_for_selector(".near figure")
    page.keyboard.press("j")
    assert page.locator(".why").count() == 0
    page.keyboard.press("a")
    page.wait_for_selector(".why")
    page.keyboard.press("?")
    assert page.get_by_role("dialog", name="Keys").is_visible()


def test_the_text_is_plain_for_find_and_copy(server: Serving, open_page: Opener) -> None:
    page = ready(open_page(server, "/transcripts/1"))
    assert page.evaluate(
        "[...document.querySelectorAll('.seg')].every((p) => p.childNodes.length === 1)"
    )
    assert page.evaluate("CSS.highlights.size") >= 3


def test_blind_coding_with_the_record_of_what_was_seen(
    study: Study, server: Serving, open_page: Opener
) -> None:
    page = open_page(server, "/blind/1", name="Eva")
    page.get_by_role("button", name="Begin as Eva").click()
    ready(page)
    assert page.locator(".lab").count() == 0
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("n")
    page.keyboard.type("tool")
    page.keyboard.press("Enter")
    said(page, "Coded: Tools")
    select(page, "frost 🌱 took")
    page.keyboard.press("n")
    page.keyboard.type("weather")
    page.keyboard.press("Enter")
    said(page, "Coded: weather")
    assert [(c.quote, c.exposure) for c in added(study, origin="blind")][-1] == (
        "frost 🌱 took",
        "blind",
    ) or "frost 🌱 took" in [c.quote for c in added(study, origin="blind")]
    with open_store(study.database)[0] as store:
        assert openings(store, "Eva") == ()
        assert all(s.coder.name != "Eva" for s in scopes(store, 1))
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="I have read all of it").click()
    page.get_by_role("link", name="See everybody's codes").click()
    ready(page)
    with open_store(study.database)[0] as store:
        (scope,) = [s for s in scopes(store, 1) if s.coder.name == "Eva"]
        assert (scope.exposure, bool(scope.finished_at)) == ("blind", True)
        assert {o.coder for o in openings(store, "Eva")} == {"Ana", "Ben", "model m"}


@pytest.mark.parametrize(
    ("path", "scheme"),
    [
        ("/transcripts/1", "light"),
        ("/transcripts/1", "dark"),
        ("/transcripts", "light"),
        ("/blind/1", "dark"),
        ("/nothing", "light"),
    ],
)
def test_axe_finds_nothing(
    server: Serving, open_page: Opener, path: str, scheme: str, study: Study
) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    page = open_page(server, path, name="Eva", color_scheme=scheme)
    if path == "/blind/1":
        page.get_by_role("button", name="Begin as Eva").click()
    if path in ("/transcripts/1", "/blind/1"):
        ready(page)
    if path == "/transcripts/1":
        page.keyboard.press("j")
        page.keyboard.press("a")
        page.wait_for_selector(".near figure")
    found: Any = axe.Axe().run(page)
    wrong = [
        f"{v['id']}: {v['help']}: {[n['target'] for n in v['nodes']][:4]}"
        for v in found.response["violations"]
        if v["impact"] in ("serious", "critical")
    ]
    assert wrong == []


def test_zoomed_to_200_percent_it_can_be_used(
    study: Study, server: Serving, open_page: Opener
) -> None:
    page = ready(open_page(server, "/transcripts/1", viewport={"width": 640, "height": 360}))
    page.keyboard.press("j")
    for _ in range(12):
        page.keyboard.press("j")
    # The window follows with the next frame, which comes when the computer has time for it.
    page.wait_for_function(
        """() => {
          const top = (found) => document.querySelector(found).getBoundingClientRect().top;
          const mark = top("[aria-current=true][data-id]");
          return mark > 0 && mark < top("#panel");
        }"""
    )
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("button", name="Accept").click()
    said(page, "Accepted")


def test_planted_suggestions_are_told_and_gone(
    study: Study, server: Serving, open_page: Opener
) -> None:
    page = open_page(server, "/pace")
    page.get_by_role("button", name="Switch checks on").click()
    page.get_by_role("button", name="Switch checks off").wait_for()
    page.goto(f"http://127.0.0.1:{server.port}/transcripts/1")
    ready(page)
    page.wait_for_selector("#margin[data-whole]")
    planted = page.locator("[data-id^=p]")
    assert planted.count() == 3
    planted.first.evaluate("mark => mark.click()")
    page.keyboard.press("R")
    said(page, "you caught it")
    page.wait_for_selector("#margin[data-whole]")
    assert page.locator("[data-id^=p]").count() == 2
    assert stored(study) == ()


def test_a_memo_and_a_new_code_by_keyboard(
    study: Study, server: Serving, open_page: Opener
) -> None:
    page = ready(open_page(server, "/transcripts/1"))
    page.keyboard.press("m")
    page.keyboard.type("Ask about the frost.")
    page.keyboard.press("Control+Enter")
    said(page, "The memo is kept")
    assert "Ask about the frost." in page.locator("[data-part=memos]").inner_text()
    select(page, "frost 🌱 took")
    page.keyboard.press("n")
    page.keyboard.type("Loss")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    said(page, "Added: Loss")
    assert [(c.code, c.quote) for c in added(study)] == [("Loss", "frost 🌱 took")]
    assert "id: Loss" in study.codebook_file.read_text(encoding="utf-8")
