"""What the tests of the transcript page do and look at again and again."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from assistant.store.database import open_store
from assistant.store.decided.decisions import decisions
from assistant.store.model.reply_records import Suggestion
from assistant.store.model.suggestions import suggestions
from assistant.store.people.codings import codings
from assistant.store.records import Coding, Decision
from assistant.store.verify import verify
from assistant.study import Study
from tests.browsing import drawn

if TYPE_CHECKING:
    from playwright.sync_api import Page

__all__ = ["Opener", "added", "ready", "said", "select", "stored", "suggested"]

Opener = Callable[..., "Page"]


def ready(page: Page) -> Page:
    """The page's script is there, and the window stands where one begins."""
    page.wait_for_selector("html[data-ready]")
    drawn(page)
    return page


def stored(study: Study) -> tuple[Decision, ...]:
    with open_store(study.database)[0] as store:
        return decisions(store)


def suggested(study: Study) -> tuple[Suggestion, ...]:
    with open_store(study.database)[0] as store:
        return suggestions(store, 1)


def added(study: Study, *, origin: str = "review") -> list[Coding]:
    with open_store(study.database)[0] as store:
        assert verify(store).ok
        return [c for c in codings(store, 1) if c.origin == origin]


def said(page: Page, words: str) -> None:
    page.locator("#said", has_text=words).wait_for(state="attached")


def select(page: Page, text: str) -> None:
    """Select the first occurrence of ``text``, which may run over lines and segments."""
    page.evaluate(
        """wanted => {
          const nodes = [...document.querySelectorAll(".seg")].map((p) => p.firstChild);
          const whole = nodes.map((n) => n.data).join("\\n\\n");
          const at = whole.indexOf(wanted);
          if (at < 0) throw new Error("not in the text");
          const place = (units) => {
            for (const node of nodes) {
              if (units <= node.length) return [node, units];
              units -= node.length + 2;
            }
          };
          const range = new Range();
          range.setStart(...place(at));
          range.setEnd(...place(at + wanted.length));
          getSelection().removeAllRanges();
          getSelection().addRange(range);
        }""",
        text,
    )
