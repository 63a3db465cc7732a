"""Drawing and judging samples until one passes does not help."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from assistant.guide.bulk import audited_transcripts
from assistant.store.database import open_store
from assistant.store.texts.transcripts import transcript_infos
from eval.audit.samples import Samples, level_for
from tests.audit.lower_field import NEW, done, fill_in
from tests.cli.command import secondcoder


def test_however_many_are_judged_a_bad_batch_passes_in_five_of_hundred_at_most() -> None:
    upper_tails = [(1 - level_for(0.95, Samples(n, n))) / 2 for n in range(1, 10_000)]
    assert upper_tails[0] == pytest.approx(0.025)
    assert sum(upper_tails) < 0.05


@pytest.mark.slow
def test_the_second_sample_is_judged_more_strictly_and_the_first_no_more(study: Path) -> None:
    first = done(study, "audit", "result", "1", "--json").json
    assert first["level"] == pytest.approx(0.95)
    assert "samples" not in first["sentence"]
    done(study, "audit", "draw", "1", *NEW[:2], "--segments", "30", "--seed", "8")
    with open_store(study / "runs" / "study.db")[0] as store:
        names = {i.id: i.name for i in transcript_infos(store)}
        assert {names[key] for key in audited_transcripts(store, 1)} == set(NEW)
    ended = secondcoder(study, "audit", "result", "1")
    assert ended.code == 2
    assert "another sample of the same interviews was drawn: audit 2" in ended.err
    done(study, "audit", "draw", "1", "--seed", "4")
    blind = study / "runs" / "audits" / "audit-3"
    for path in blind.iterdir():
        fill_in(path)
    done(study, "audit", "take", str(blind), "--coder", "Dora")
    # The same passages with the same codes: the figures are the same, the ends are not.
    third = secondcoder(study, "audit", "result", "3", "--json").json
    assert third["samples"] == {"drawn": 3, "judged": 2}
    assert third["level"] == pytest.approx(0.9875)
    assert "3 samples of these interviews were drawn; this is number 2 that" in third["sentence"]
    assert third["error"]["estimate"] == pytest.approx(first["error"]["estimate"])
    assert third["missed_share"]["high"] > first["missed_share"]["high"]


@pytest.mark.slow
def test_a_sample_that_was_coded_and_not_judged_counts(evaluated: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(evaluated, tmp_path / "field"))
    for number in (1, 2):
        drawn = done(
            folder, *("audit", "draw", "1", "New 1"), *("--segments", "20", "--seed", str(number))
        )
        # What a second sample means for the first is said when it is drawn.
        assert ("takes the place of audit 1, of which 20 of 20" in drawn.err) == (number == 2)
        assert ("this one is judged more strictly" in drawn.err) == (number == 2)
        blind = folder / "runs" / "audits" / f"audit-{number}"
        for path in blind.iterdir():
            fill_in(path)
        done(folder, "audit", "take", str(blind), "--coder", "Dora")
    found = secondcoder(folder, "audit", "result", "2", "--json").json
    assert found["samples"] == {"drawn": 2, "judged": 2}
