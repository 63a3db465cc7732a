"""What tests ask of the pages, and what the study then holds."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import Any

from starlette.testclient import TestClient

from assistant.store.database import open_store
from assistant.store.decided.decisions import decisions
from assistant.study import Study

__all__ = ["JSON", "decide", "made", "page_data", "shown_text"]

JSON = {"Accept": "application/json"}


def page_data(client: TestClient, address: str = "/transcripts/1") -> dict[str, Any]:
    html = client.get(address).text
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', html, re.S)
    assert found, html[:400]
    data: dict[str, Any] = json.loads(found[1])
    return data


def decide(client: TestClient, number: int, action: str, after: int = 0, **more: Any) -> Any:
    body = {"action": action, "after": after, "seconds": 3.5, **more}
    return client.post(f"/suggestions/{number}/decide", json=body, headers=JSON)


def made(study: Study, number: int) -> list[tuple[str, str, str, float | None]]:
    with open_store(study.database)[0] as store:
        return [(d.decision, d.reviewer, d.reason, d.seconds) for d in decisions(store, number)]


def shown_text(page: str) -> str:
    """What stands on a page for people, its words separated by one space."""
    main = page[page.index("<main") :]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())
