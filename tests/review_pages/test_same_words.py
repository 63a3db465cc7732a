"""Pages and reports use the same signs and words, and none that blames one of two readers."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from starlette.testclient import TestClient

from assistant import review
from assistant.study import Study
from eval.disagreements.records import KIND_WORDS
from eval.report.view import LANE_SYMBOLS

CSS = Path(str(review.__file__)).parent / "static" / "css" / "frame.css"


def test_a_lane_has_the_sign_of_the_report() -> None:
    found = re.findall(r'\.lane\.(\w+)::before \{ content: "(.) "', CSS.read_text(encoding="utf-8"))
    assert dict(found) == LANE_SYMBOLS
    assert len(set(LANE_SYMBOLS.values())) == 5


def test_nobody_is_said_to_have_missed_or_over_coded(
    field: Study, opened: Callable[..., TestClient]
) -> None:
    blame = re.compile("miss|over-?cod|wrong|fail", re.IGNORECASE)
    assert not [words for words in KIND_WORDS.values() if blame.search(words)]
    page = opened(field.folder, "Ana").get("/disagreements").text
    kinds = re.search(r'<select[^>]*name="kind".*?</select>', page, re.DOTALL)
    assert kinds
    assert "left out" in kinds[0]
    assert not blame.search(re.sub(r'value="[^"]*"', "", kinds[0]))
