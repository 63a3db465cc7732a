"""Whoever decides does not wait for the files that somebody brings in at another window."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from assistant.interchange.imports.bringing import Brought, bring
from assistant.review.app import make_app
from assistant.review.pages import bringing
from assistant.store.database import Store
from assistant.study import Study
from tests.review.asking import decide, made
from tests.review.conftest import TOKEN, client_for


def test_a_decision_is_stored_while_files_are_read(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = make_app(study.folder, TOKEN, 8000)
    ana, ben = client_for(app), client_for(app, name="Ben")
    answers: list[int] = []
    with ThreadPoolExecutor() as pool:

        def slow(study: Study, store: Store, paths: Sequence[Path], **options: Any) -> Brought:
            asked = pool.submit(lambda: decide(ben, 1, "accept").status_code)
            answers.append(asked.result(timeout=30))
            return bring(study, store, paths, **options)

        monkeypatch.setattr(bringing, "bring", slow)
        file = ("files", ("Bed.txt", b"Gardener: We dug the whole bed over in one day.\n"))
        assert ana.post("/import", files=[file]).status_code == 200
    assert answers == [200]
    assert [row[:2] for row in made(study, 1)] == [("accept", "Ben")]
