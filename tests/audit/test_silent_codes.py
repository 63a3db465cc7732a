"""A code about which the coder of a sample says nothing is neither wrong nor missed in an audit."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.store.database import open_store
from assistant.store.measured.audits import audit
from assistant.store.model.runs import run
from assistant.store.people.codings import scopes, set_scope
from assistant.store.versions import codebook, record_codebook
from assistant.study import open_study
from tests.audit.lower_field import ACCEPT, NEW, done
from tests.cli.command import secondcoder

SILENT, *OTHERS = ACCEPT


@pytest.mark.slow
@pytest.mark.parametrize("everywhere", [True, False])
def test_it_is_left_out_and_said(study: Path, everywhere: bool) -> None:
    before = done(study, "audit", "result", "1", "--json").json
    store, _ = open_store(study / "runs" / "study.db")
    with store:
        row = audit(store, 1)
        book = codebook(store, run(store, 1).codebook_sha256)
        codes = tuple(
            c.model_copy(update={"definition": "Something else."}) if c.id == SILENT else c
            for c in book.codes
        )
        older = book.model_copy(update={"codes": codes, "sha256": "sha256:" + "0" * 64})
        with store.transaction():
            assert record_codebook(store, older, "an older file")
            for key in row.transcripts if everywhere else row.transcripts[:1]:
                (scope,) = scopes(store, key)
                set_scope(store, replace(scope, codebook_sha256=older.sha256))
    ended = secondcoder(study, "audit", "result", "1", "--json")
    found = json.loads(ended.out)
    why = "it was defined otherwise when Dora coded the sample"
    assert found["left_out"] == {SILENT: why}
    rows = {c["code"]: c for c in found["codes"]}
    silent = rows[SILENT]
    assert (silent["looked_at"], silent["wrong"], silent["missed"]) == (0, 0, 0)
    assert silent["suggested"] > 0
    assert why in str(silent["error"]["estimate"])
    assert why in silent["refused"]
    assert f"({why})" in found["sentence"]
    assert rows[OTHERS[0]] == {c["code"]: c for c in before["codes"]}[OTHERS[0]]
    page = (open_study(study).reports_folder / "audit-1" / "audit.html").read_text(encoding="utf-8")
    assert "is in no figure, because nothing is known of it here" in page
    refused = secondcoder(
        study, "accept", "--all-of", SILENT, "--run", "1", *(x for n in NEW for x in ("--in", n))
    )
    assert refused.code == 4
