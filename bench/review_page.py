"""The transcript page in a real browser: a long interview, many codes by several coders.

    python -m bench.review_page

100 pages (50,000 words), 1,500 spans, 30 codes, 3 people and a run; then 6,000 spans. Targets:
usable in 1 s from the request, spans painted in 0.1 s, a key answered in 50 ms (the median of 20,
from the event to the next frame with the new passage marked). Usable is the first frame after
everything answers, as the page itself sees it. Painted is what is in sight and a
window around it; labels further away follow while nothing else is to be done, and the line "all
labels there after" says when the last stood on the page. Needs Chromium on PATH.
"""

from __future__ import annotations

import random
import shutil
import tempfile
from pathlib import Path
from typing import Any

from assistant.codebook.loading import load_codebook
from assistant.hashing import hash_text
from assistant.review.serving import Serving, serving
from assistant.store.database import Store, open_store
from assistant.store.model.reply_records import NewSuggestion
from assistant.store.model.runs import finish_run, open_run
from assistant.store.model.suggestions import replace_transcript_suggestions
from assistant.store.people.coders import add_coder
from assistant.store.people.codings import add_coding, set_scope
from assistant.store.records import Coding, Scope
from assistant.store.texts.transcripts import new_transcript
from assistant.store.versions import record_codebook, record_recipe
from assistant.study import Study, create_study
from assistant.transcripts.records import Segment
from bench.measured import Measured, table

__all__ = ["long_study", "measure"]

_WORDS = (
    "the",
    "plot",
    "water",
    "path",
    "robin",
    "spade",
    "frost",
    "bean",
    "letter",
    "meeting",
    "row",
)
_SEGMENTS = 1284
_ARGUMENTS = (
    *("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
)

_PAINT = """async () => {
  const started = performance.now();
  const { Drawing } = await import("/static/js/paint.js");
  const { Segments } = await import("/static/js/points.js");
  const text = document.getElementById("text");
  const data = JSON.parse(document.getElementById("data").textContent);
  const margin = document.getElementById("margin").cloneNode(false);
  document.getElementById("margin").replaceWith(margin);
  CSS.highlights.clear();
  const drawing = new Drawing(new Segments(text), text, margin, data, () => {});
  const begun = performance.now();
  drawing.all();
  document.body.offsetHeight;
  return performance.now() - begun;
}"""
_WATCH = """document.addEventListener("readystatechange", () => {
  const root = document.documentElement;
  const shown = () => requestAnimationFrame(() => setTimeout(() => {
    window.usableAfter ??= performance.now();
  }));
  if (root.dataset.ready) return shown();
  new MutationObserver((_, watching) => {
    if (!root.dataset.ready) return;
    watching.disconnect();
    shown();
  }).observe(root, { attributes: true });
}, { once: true });"""
_WHOLE = """async () => {
  const there = () => document.getElementById("margin").hasAttribute("data-whole");
  while (!there()) await new Promise((go) => setTimeout(go, 5));
  return performance.now();
}"""
_PICK = """() => new Promise((resolve) => {
  const begun = performance.now();
  document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "c", bubbles: true }));
  const look = () => requestAnimationFrame(() => setTimeout(() => {
    if (document.getElementById("picker").open) resolve(performance.now() - begun);
    else look();
  }));
  look();
})"""
_KEY = """() => new Promise((resolve) => {
  const before = document.querySelector("[aria-current=true][data-id]")?.dataset.id;
  const begun = performance.now();
  document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "j", bubbles: true }));
  requestAnimationFrame(() => setTimeout(() => {
    const now = document.querySelector("[aria-current=true][data-id]").dataset.id;
    resolve(now === before ? null : performance.now() - begun);
  }));
})"""
_ACCEPT = """() => new Promise((resolve) => {
  // Both keys in one go: else the first may arrive after the mark was looked up.
  document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "j", bubbles: true }));
  const mark = document.querySelector("[aria-current=true][data-id]");
  const begun = performance.now();
  new MutationObserver((_, watching) => {
    if (!mark.classList.contains("is-accept")) return;
    watching.disconnect();
    resolve(performance.now() - begun);
  }).observe(mark, { attributes: true });
  document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "a", bubbles: true }));
})"""


def long_study(folder: Path, spans: int) -> Study:
    """50,000 words in 1,284 segments; a third of the spans are suggestions of a run."""
    draw = random.Random(7)
    study = create_study(folder, name="Long")
    codes = "".join(
        f"  - id: code-{n}\n    name: {w.title()} {n}\n    definition: What is said of {w}.\n"
        for n, w in ((n, _WORDS[n % len(_WORDS)]) for n in range(30))
    )
    study.codebook_file.write_text(f"name: Long\ncodes:\n{codes}", encoding="utf-8")
    store, _ = open_store(study.database)
    with store, store.transaction():
        _fill(store, study, draw, spans)
    return study


def _fill(store: Store, study: Study, draw: random.Random, spans: int) -> None:
    pieces: list[str] = []
    segments: list[Segment] = []
    place = 0
    for n in range(_SEGMENTS):
        piece = " ".join(draw.choices(_WORDS, k=39)) + ".\n\n"
        who = "Interviewer" if n % 3 == 0 else "Participant"
        segments.append(Segment(index=n, start=place, end=place + len(piece), speaker=who, turn=n))
        pieces.append(piece)
        place += len(piece)
    text = "".join(pieces)
    key = new_transcript(store, "Long interview", hash_text(text), text, "en", segments)
    book = load_codebook(study.codebook_file)
    record_codebook(store, book, "")
    people = [add_coder(store, name, "human") for name in ("Ana", "Ben", "Chloe")]
    for coder in people:
        set_scope(store, Scope(coder, key, "independent"))

    def span() -> tuple[Segment, str, int, int]:
        segment = draw.choice(segments)
        start = segment.start + draw.randrange(0, 60)
        return segment, f"code-{draw.randrange(30)}", start, start + draw.randrange(40, 150)

    for n in range(spans * 2 // 3):
        _, code, start, end = span()
        quote = text[start:end]
        add_coding(
            store,
            Coding(
                0, f"g{n}", key, people[n % 3], code, start, end, quote, "import", "independent"
            ),
        )
    record_recipe(store, "sha256:r", {"strategy": "list", "codes": {}})
    run, _ = open_run(
        store,
        "bench",
        recipe_sha256="sha256:r",
        repeat=1,
        coder=add_coder(store, "model m", "model", "sha256:r"),
        strategy="list",
        codebook_sha256=book.sha256,
        prompt_sha256="",
        header={},
        transcripts=[(key, "")],
    )
    seen: dict[tuple[int, str], NewSuggestion] = {}
    while len(seen) < spans - spans * 2 // 3:
        segment, code, start, end = span()
        seen[segment.index, code] = NewSuggestion(
            key, segment.index, code, start, end, text[start:end], "", "cut", ""
        )
    replace_transcript_suggestions(store, run.id, key, [(None, s) for s in seen.values()])
    finish_run(store, run.id, "complete", "")


def _browser(playwright: Any) -> Any:
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        raise SystemExit("Chromium is not installed (looked for `chromium` on PATH).")
    return playwright.chromium.launch(executable_path=path, args=list(_ARGUMENTS))


def _page(browser: Any, server: Serving, spans: int, demanded: bool) -> list[Measured]:
    page = browser.new_page(viewport={"width": 1280, "height": 720})
    page.goto(server.address("/transcripts"))
    page.add_init_script(_WATCH)
    usable, whole = [], []
    for _ in range(3):
        page.goto(f"http://127.0.0.1:{server.port}/transcripts")
        page.goto(f"http://127.0.0.1:{server.port}/transcripts/1")
        page.wait_for_selector("html[data-ready]")
        page.wait_for_function("window.usableAfter")
        usable.append(page.evaluate("window.usableAfter") / 1000)
        whole.append(page.evaluate(_WHOLE) / 1000)
    keys = [page.evaluate(_KEY) for _ in range(20)]
    accepts = [page.evaluate(_ACCEPT) for _ in range(10)]
    picks = []
    for _ in range(9):
        picks.append(page.evaluate(_PICK))
        page.keyboard.press("Escape")
        page.wait_for_function("!document.getElementById('picker').open")
    painted = sorted(page.evaluate(_PAINT) for _ in range(3))[1] / 1000
    page.close()
    answered = sorted(k for k in keys if k is not None)
    what = f"{spans:,} spans"
    return [
        Measured(f"{what}: usable after", sorted(usable)[1], "s", 1.0 if demanded else None),
        Measured(f"{what}: painted with labels in", painted, "s", 0.1 if demanded else None),
        Measured(f"{what}: all labels there after", sorted(whole)[1], "s"),
        Measured(
            f"{what}: key answered in",
            answered[len(answered) // 2] / 1000,
            "s",
            0.05 if demanded else None,
            f"slowest {answered[-1]:.0f} ms",
        ),
        Measured(
            f"{what}: list of codes opened in",
            sorted(picks)[len(picks) // 2] / 1000,
            "s",
            0.05 if demanded else None,
            f"slowest {max(picks):.0f} ms",
        ),
        Measured(
            f"{what}: decision stored and shown in",
            sorted(accepts)[len(accepts) // 2] / 1000,
            "s",
            note=f"slowest {max(accepts):.0f} ms",
        ),
    ]


def measure() -> list[Measured]:
    from playwright.sync_api import sync_playwright

    found: list[Measured] = []
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = _browser(playwright)
        for spans in (1500, 6000):
            study = long_study(Path(folder) / str(spans), spans)
            with serving(study.folder) as server:
                found += _page(browser, server, spans, spans == 1500)
        browser.close()
    return found


if __name__ == "__main__":
    print(table(measure()))
