"""No page is turned by a name: each that shows one holds it apart from what stands beside it."""

from __future__ import annotations

import re
from collections.abc import Callable

from starlette.testclient import TestClient

from assistant.store.database import open_store
from assistant.store.people.coders import rename_person
from assistant.study import Study

NAME = "עדה \u202etxt"
HELD = "\\u202etxt</bdi>"
PAGES = ("/", "/start?step=seen", "/transcripts", "/transcripts/1", "/codes", "/codes/tools")
MORE = ("/codebook", "/disagreements", "/runs/1", "/memos", "/run", "/audits", "/pace")
_SENT_BACK = re.compile(
    r"<(script|textarea)\b.*?</\1>| (?:value|href|data-coder|content)=\"[^\"]*\"", re.DOTALL
)


def test_no_page_is_turned_by_a_name(study: Study, opened: Callable[..., TestClient]) -> None:
    with open_store(study.database)[0] as store:
        rename_person(store, "Ben", NAME)
        store.write("UPDATE transcripts SET name = ?", (f"Shed {NAME}",))
    book = study.codebook_file.read_text(encoding="utf-8")
    named = book.replace("name: Tools", 'name: "כלים \\u202etxt"')
    study.codebook_file.write_text(named, encoding="utf-8")
    client = opened(study.folder)
    shown = 0
    for path in (*PAGES, *MORE):
        page = client.get(path)
        assert page.status_code == 200, (path, page.text[:500])
        assert not re.search("[\ufdd0\ufdd1]", page.text), path
        seen = _SENT_BACK.sub("", page.text)
        assert "\u202e" not in seen, (path, seen[max(0, seen.index("\u202e") - 200) :][:400])
        shown += HELD in seen
        # What is chosen goes back as it is, and never as it is shown.
        assert not re.search(r"<option(?![^>]* value=)", page.text), path
    assert shown >= 6
