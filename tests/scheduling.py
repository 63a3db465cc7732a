"""Which tests one worker has, one after the other, when the suite runs on several.

Every test goes to whichever worker is free, except these: tests that share what takes long to make
(a browser, a study that is coded and evaluated, what stands on the pages of the real prints, the
vectors of the example study). Each worker that met one of them would make it anew. The largest
groups are begun first, so that the workers end together.

They are known by the beginnings of their names, because marks do not reach whoever hands them out:
pytest-xdist 3.8 writes groups into the names of tests, and pytest 9.2 does not read them there any
more. That whoever asks for the browser stands here is tested at every start (`tests.browsing`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest
    from xdist.remote import Producer
    from xdist.scheduler import LoadScopeScheduling

__all__ = ["BROWSER", "TOGETHER", "group_of", "scheduler"]

BROWSER = "browser"

TOGETHER: dict[str, tuple[str, ...]] = {
    BROWSER: (
        "tests/disagreements/test_browser.py::",
        "tests/review/browser/",
        "tests/review_pages/browser/",
    ),
    "real prints": (
        "tests/cli/test_codebook.py::test_the_real_codebook",
        "tests/eval_report/test_command.py::test_report_of_the_real_study",
        "tests/export/test_round_qdpx.py::test_the_real_interviews",
        "tests/sharing/test_alike.py::test_the_real_prints",
        "tests/sharing/test_real.py::",
        "tests/transcripts/test_aligning_real.py::",
        "tests/transcripts/test_delve_pdf_real.py::",
    ),
    "audited study": ("tests/audit/",),
    "every address": ("tests/review_pages/test_every_route.py::",),
    "lanes": ("tests/examples/test_lanes.py::",),
    "sentence embedding": (
        "tests/cli/test_answers.py::",
        "tests/cli/test_demo.py::",
        "tests/eval_report/test_command.py::",
        "tests/review_pages/test_work.py::",
    ),
    "engine": ("tests/embedded/test_engine.py::",),
    "one allotment": ("tests/cli/test_places.py::",),
}


def group_of(name: str) -> str | None:
    """The group of a test, by its name from the top of the repository."""
    for group, beginnings in TOGETHER.items():
        if name.startswith(beginnings):
            return group
    return None


def scheduler(config: pytest.Config, log: Producer | None) -> LoadScopeScheduling:
    """Hands out groups whole, and all other tests one by one."""
    from xdist.scheduler import LoadScopeScheduling

    class Scheduler(LoadScopeScheduling):  # type: ignore[misc]  # xdist says nothing of types
        def _split_scope(self, nodeid: str) -> str:
            return group_of(nodeid) or nodeid

    return Scheduler(config, log)
