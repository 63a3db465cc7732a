"""Memos on a code and on the study are written, changed and taken away on pages."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from assistant.store.database import open_store
from assistant.store.people.memos import memos
from assistant.study import Study


def fields(page: str, action: str) -> dict[str, str]:
    """The hidden fields of the form that goes there."""
    form = re.search(rf'<form method="post" action="{action}".*?</form>', page, re.DOTALL)
    assert form, action
    return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form[0]))


@pytest.mark.slow
def test_on_a_code_and_on_the_study(study: Study, opened: Callable[..., TestClient]) -> None:
    ana, ben = opened(study.folder, "Ana"), opened(study.folder, "Ben")
    for path, about, code in (("/codes/weather", "code", "weather"), ("/memos", "study", "")):
        data = fields(ana.get(path).text, "/memos")
        assert (data["about"], data["code"]) == (about, code)
        kept = ana.post("/memos", data={**data, "text": f"Hail <or> dew? {about}"})
        assert kept.status_code == 303
        assert kept.headers["location"].partition("#")[0] == path
        assert f"Hail &lt;or&gt; dew? {about}" in ana.get(path).text
        with open_store(study.database)[0] as store:
            (made,) = memos(store, about="code" if code else "study")
        assert (made.who, made.code, made.text) == ("Ana", code, f"Hail <or> dew? {about}")

        change = f"/memos/{made.id}"
        assert f'action="{change}' not in ben.get(path).text, "it is not his"
        back = fields(ana.get(path).text, change)
        assert ana.post(change, data={**back, "text": ""}).status_code == 400
        assert ana.post(change, data={**back, "text": "Dew counts"}).status_code == 303
        page = ana.get(path).text
        assert "Dew counts" in page
        assert f"dew? {about}" not in page
        late = ana.post(change, data={**back, "text": "From another window"})
        assert late.status_code == 400
        assert "in another window" in late.text

        with open_store(study.database)[0] as store:
            (now,) = memos(store, about="code" if code else "study")
        away = f"/memos/{now.id}/delete"
        assert ana.post(away, data=fields(ana.get(path).text, away)).status_code == 303
        assert "Dew counts" not in ana.get(path).text


def test_what_is_no_memo_is_refused(study: Study, opened: Callable[..., TestClient]) -> None:
    ana = opened(study.folder, "Ana")
    assert ana.post("/memos", data={"about": "study", "text": " "}).status_code == 400
    assert ana.post("/memos", data={"about": "passage", "text": "x"}).status_code == 400
    none = {"about": "code", "code": "no such code", "text": "x"}
    assert ana.post("/memos", data=none).status_code == 404
