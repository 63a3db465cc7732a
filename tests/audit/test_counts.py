"""Corrected counts through the commands: what a blind person's sample says about a whole batch."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from assistant.store.database import open_store
from assistant.store.measured.audits import audit
from assistant.store.model.runs import run
from assistant.store.people.codings import scopes, set_scope
from assistant.store.versions import codebook, record_codebook
from tests.audit.lower_field import ACCEPT, NEW, done, truth
from tests.cli.command import secondcoder

pytestmark = pytest.mark.slow


def test_refused_before_a_sample_is_drawn_and_before_it_is_coded(evaluated: Path) -> None:
    ended = secondcoder(evaluated, "counts", "--run", "1")
    assert ended.code == 2
    assert "drawn at random" in ended.err


def test_the_corrected_number_lies_by_the_truth(study: Path) -> None:
    found = done(study, "counts", "--run", "1", "--json").json
    assert found["people"] == ["Dora"]
    assert found["sampled"] <= found["passages"]
    true: dict[str, int] = {}
    for name in NEW:
        segment = 0
        while True:
            try:
                said = truth(name, segment)
            except IndexError:
                break
            for code in said:
                true[code] = true.get(code, 0) + 1
            segment += 1
    inside = [row["low"] <= true.get(row["code"], 0) <= row["high"] for row in found["codes"]]
    assert sum(inside) >= len(inside) - 1
    one = done(study, "counts", "--run", "1", "--code", found["codes"][0]["code"], "--json").json
    assert one["codes"] == found["codes"][:1]
    assert "Corrected" in done(study, "counts", "--run", "1").out


def test_it_says_where_nothing_tells_how_often_the_model_is_right(study: Path) -> None:
    with open_store(study / "runs" / "study.db")[0] as store:
        drawn = {(d["transcript_id"], d["segment"]) for d in audit(store, 1).plan["sample"]}
        rows = store.rows("SELECT id, transcript_id, segment, code FROM suggestions")
        new = set(audit(store, 1).transcripts)
        inside = {r["id"] for r in rows if (r["transcript_id"], r["segment"]) in drawn}
        outside = [r for r in rows if r["transcript_id"] in new and r["id"] not in inside]
        code = outside[0]["code"]
        before = {c["code"]: c for c in done(study, "counts", "--run", "1", "--json").json["codes"]}
        assert before[code]["judged"] == sum(r["code"] == code for r in rows if r["id"] in inside)
        assert before[code]["judged"]
        for r in rows:
            if r["id"] in inside and r["code"] == code:
                store.write("DELETE FROM suggestions WHERE id = ?", (r["id"],))
    said = " ".join(done(study, "counts", "--run", "1").out.split())
    left = sum(r["code"] == code for r in outside)
    which = "it is" if left == 1 else f"the {left} are"
    assert f"no passage that the model marked came into the sample: {which} counted as right" in (
        said
    )
    assert "counted as right" not in " ".join(
        done(
            study, "counts", "--run", "1", "--code", ACCEPT[0] if ACCEPT[0] != code else ACCEPT[1]
        ).out.split()
    )


def test_a_half_coded_sample_is_no_random_part(evaluated: Path, tmp_path: Path) -> None:
    import shutil

    folder = Path(shutil.copytree(evaluated, tmp_path / "field"))
    done(folder, "audit", "draw", "1", "--seed", "4")
    ended = secondcoder(folder, "counts", "--run", "1")
    assert ended.code == 2
    assert "no random part any more" in ended.err


def test_a_code_of_which_the_coder_says_nothing_is_left_out_alone(study: Path) -> None:
    before = {c["code"]: c for c in done(study, "counts", "--run", "1", "--json").json["codes"]}
    silent = next(code for code in before if code in ACCEPT)
    with open_store(study / "runs" / "study.db")[0] as store:
        row = audit(store, 1)
        book = codebook(store, run(store, 1).codebook_sha256)
        codes = tuple(
            c.model_copy(update={"definition": "Something else."}) if c.id == silent else c
            for c in book.codes
        )
        older = book.model_copy(update={"codes": codes, "sha256": "sha256:" + "0" * 64})
        with store.transaction():
            record_codebook(store, older, "an older file")
            (scope,) = scopes(store, row.transcripts[0])
            set_scope(store, replace(scope, codebook_sha256=older.sha256))
    found = done(study, "counts", "--run", "1", "--json").json
    assert {c["code"]: c for c in found["codes"]} == {
        c: r for c, r in before.items() if c != silent
    }
    (why,) = found["left_out"].values()
    assert f"of {found['sampled']} sampled passages " in why
    assert "neither yes nor no about it" in why
    said = " ".join(done(study, "counts", "--run", "1").out.split())
    assert "Not corrected: “" in said
