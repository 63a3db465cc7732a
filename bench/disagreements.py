"""How long a report of 2,000 disagreements takes to write and to open in a browser.

    python -m bench.disagreements [--cards 2000]

Needs playwright and a chromium; without them only the writing is measured.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from assistant.store.database import open_store
from bench.measured import Measured, table
from eval.disagreements import gather
from eval.disagreements.places import at_passages
from eval.disagreements.writing import Options, write_disagreements
from tests.disagreements.studies import BOOK, interview, person

TARGET_OPEN = 1.0
_WORDS = "We stood there and nobody said a word while the frost went through the beans. " * 5


def study(cards: int) -> Iterator[Measured | str]:
    """Two people in interviews of 100 passages of 75 words; every second passage is disputed, and
    every tenth in two codes."""
    store, _ = open_store()
    with store:
        for number in range(max(1, round(cards / 60))):
            said = [
                ("Interviewer" if n % 2 == 0 else "Ida", f"{number}.{n} {_WORDS}")
                for n in range(100)
            ]
            key = interview(store, f"Interview {number + 1}", said)
            codes = [c.id for c in BOOK.codes if c.unit == "segment"]
            first: dict[int | tuple[int, int], list[str]] = {
                n: [codes[n // 2 % 4]] for n in range(1, 100, 2)
            }
            for n in range(1, 100, 10):
                first[n].append(codes[(n // 2 + 2) % 4])
            person(store, key, "Ana", first)
            person(store, key, "Ben", {n: [codes[(n // 2 + 1) % 4]] for n in range(1, 100, 4)})
        begun = time.perf_counter()
        found = gather(store, BOOK)
        what = f"finding {at_passages(found.disagreements)}"
        yield Measured(what, time.perf_counter() - begun, "s")
    with tempfile.TemporaryDirectory() as name:
        begun = time.perf_counter()
        files = write_disagreements(found, {}, Options("Bench"), Path(name))
        yield Measured("writing all files", time.perf_counter() - begun, "s")
        yield Measured("the page", files.html.stat().st_size / 1e6, "MB")
        yield from browser(files.html)


def browser(page: Path) -> Iterator[Measured | str]:
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        yield "no playwright: not opened in a browser"
        return
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        yield "no chromium: not opened in a browser"
        return
    with sync_playwright() as play:
        opened = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        shown: list[float] = []
        for _ in range(3):
            tab = opened.new_page()
            tab.goto(page.as_uri())
            times = tab.evaluate(
                "() => new Promise(done => requestAnimationFrame(() => setTimeout(() => {"
                " const paint = performance.getEntriesByName('first-contentful-paint')[0];"
                " const nav = performance.getEntriesByType('navigation')[0];"
                " done([paint ? paint.startTime : 0, nav.loadEventEnd]) })))"
            )
            shown.append(max(times) / 1000)
            tab.close()
        yield Measured(
            "opening it, until it has loaded and is painted",
            sorted(shown)[1],
            "s",
            TARGET_OPEN,
            "middle of three",
        )
        tab = opened.new_page()
        tab.goto(page.as_uri())
        begun = time.perf_counter()
        tab.select_option("select[name=code]", "rain")
        tab.locator("#shown", has_text=" of ").wait_for()
        yield Measured("filtering it by code", time.perf_counter() - begun, "s")
        opened.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--cards", type=int, default=2000)
    print(table([*study(parser.parse_args().cards)]))


if __name__ == "__main__":
    main()
