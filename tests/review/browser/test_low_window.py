"""A low window, or 200%: what one decides with stays in sight, and all of it can be reached."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from assistant.review.serving import Serving
from assistant.store.database import open_store
from assistant.store.decided.decisions import decisions
from assistant.study import Study
from tests.review.browser.steps import ready

if TYPE_CHECKING:
    from playwright.sync_api import Page

_COVERED = """act => {
  const node = document.querySelector(`#panel [data-part=decide] [data-act=${act}]`);
  const box = node.getBoundingClientRect();
  const points = [[.5, .5], [.1, .15], [.9, .85]].map(
    ([x, y]) => document.elementFromPoint(box.left + box.width * x, box.top + box.height * y));
  return points.some((hit) => !hit || !node.contains(hit));
}"""
_HIDDEN = """() => {
  const node = document.activeElement;
  if (!node.closest("#panel") || node.closest("[data-part=decide]")) return "";
  const box = node.getBoundingClientRect();
  const row = document.querySelector("#panel [data-part=decide]").getBoundingClientRect();
  const under = box.top < row.bottom && box.bottom > row.top;
  const out = box.bottom > innerHeight + 1 || box.top < 0;
  return under || out ? `${node.outerHTML.slice(0, 90)} ${box.top} ${row.bottom}` : "";
}"""


@pytest.mark.parametrize("size", [(640, 360), (1280, 720), (1280, 360)])
def test_accept_and_reject_stay_in_sight(
    study: Study,
    server: Serving,
    open_page: Callable[..., Page],
    size: tuple[int, int],
) -> None:
    viewport = {"width": size[0], "height": size[1]}
    page = open_page(server, "/transcripts/1", viewport=viewport)
    ready(page)
    page.keyboard.press("j")
    page.keyboard.press("e")
    page.locator("[data-part=near] figure").first.wait_for()
    panel = page.locator("#panel")
    room = panel.evaluate("node => node.scrollHeight - node.clientHeight")
    assert room > 100, "there is something to scroll"
    for share in (0, 0.3, 0.6, 1):
        panel.evaluate("(node, y) => { node.scrollTop = y }", room * share)
        for act in ("accept", "reject-because", "change"):
            assert not page.evaluate(_COVERED, act), (share, act)
    # By keyboard alone through everything in the panel: nothing is focused out of sight.
    panel.evaluate("node => { node.scrollTop = 0 }")
    page.locator("#panel [data-act=accept]").focus()
    seen = 0
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("!document.activeElement.closest('#panel')"):
            break
        seen += 1
        assert page.evaluate(_HIDDEN) == ""
    assert seen > 8
    page.locator("#panel [data-act=accept]").click()
    page.locator("#said", has_text="ccept").wait_for(state="attached")
    with open_store(study.database)[0] as store:
        assert [d.decision for d in decisions(store)] == ["accept"]
