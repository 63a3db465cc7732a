"""An audit is judged by the codes that are there when its result is stored."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.errors import UserError
from assistant.store.database import open_store
from assistant.store.measured.audits import audits
from assistant.store.people.codings import codings
from assistant.study import open_study
from eval.audit import auditing
from eval.audit.result import judge

pytestmark = pytest.mark.slow


def test_what_is_coded_while_it_is_judged_is_not_passed_over(
    study: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    changes = ["Her last code is taken back."]
    opened = open_study(study)

    def judged(*arguments: object) -> object:
        found = judge(*arguments)  # type: ignore[arg-type]
        if changes:
            with open_store(opened.database)[0] as other:
                changes.pop()
                mine = [
                    one.id
                    for key in audits(other)[0].transcripts
                    for one in codings(other, key)
                    if one.coder.name == "Dora"
                ]
                other.write("DELETE FROM codings WHERE id = ?", (mine[-1],))
        return found

    monkeypatch.setattr(auditing, "judge", judged)
    with open_store(opened.database)[0] as store:
        before = audits(store)[0].result
        with pytest.raises(UserError, match="Somebody coded, or judged audit 1, while"):
            auditing.audit_result(opened, store, 1)
        assert audits(store)[0].result == before
        assert not changes
