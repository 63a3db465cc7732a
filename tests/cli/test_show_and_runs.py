"""What `show` and `runs` print of one suggestion and one run."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.decisions.explaining import explain
from assistant.store.database import open_store
from assistant.store.texts.transcripts import transcript
from assistant.transcripts.records import segment_body
from tests.cli.command import secondcoder
from tests.export.studies import garden
from tests.fakes.server import FakeLLM
from tests.review.studies import shed
from tests.runs.studies import GARDEN, by_words, long_interview, make_study, run_study


def test_every_passage_beside_a_quote_has_its_speaker(tmp_path: Path, fake_llm: FakeLLM) -> None:
    fake_llm.answer = by_words
    assert run_study(make_study(tmp_path, fake_llm.base_url)).status == "complete"
    ended = secondcoder(tmp_path, "show", "2")
    assert ended.code == 0, ended.err
    before, quote, after, beyond = GARDEN
    assert f"P0: {before}\nP1: »{quote}«\nP0: {after}\nP1: {beyond}\n\n" in ended.out


def test_what_is_shown_around_a_quote_is_the_text_and_says_where_it_was_cut(
    tmp_path: Path,
) -> None:
    made = garden(tmp_path / "study")
    text = transcript(made.store, made.transcript_id)
    wide = explain(made.store, made.accepted, context=1000)
    assert [(s.speaker, s.before + s.quote + s.after) for s in wide.said] == [
        (segment.speaker, text.text[slice(*segment_body(text.text, segment))])
        for segment in text.segments
    ]
    assert not any(s.cut_before or s.cut_after for s in wide.said)
    (own,) = (s for s in wide.said if s.quote)
    assert (own.segment, own.quote) == (wide.suggestion.segment, wide.suggestion.quote)
    near = explain(made.store, made.accepted, context=3).said
    assert near[0].cut_before
    assert [s.quote for s in near if s.quote] == [own.quote]


LISTS = ("--suggestions", "--withheld", "--unplaced", "--failed", "--ranking")


@pytest.mark.parametrize("option", LISTS)
def test_a_list_of_one_run_needs_no_number_where_there_is_one_run(
    tmp_path: Path, fake_llm: FakeLLM, option: str
) -> None:
    fake_llm.answer = by_words
    study = make_study(tmp_path, fake_llm.base_url, {"A": long_interview(3)})
    nothing = secondcoder(tmp_path, "runs", option)
    assert nothing.code == 2
    assert "No run was made in this study yet." in nothing.err
    run_study(study)
    one, numbered = (secondcoder(tmp_path, "runs", *number, option) for number in ([], ["1"]))
    assert (one.code, one.out) == (numbered.code, numbered.out)
    assert one.err == "Run 1, the only one of this study:\n" + numbered.err
    run_study(study, repeat=2)
    several = secondcoder(tmp_path, "runs", option)
    assert several.code == 2
    assert several.out == ""
    assert f"{option} is about one run, and there are 2." in several.err
    assert f"as of the newest: secondcoder runs 2 {option}" in several.err
    assert secondcoder(tmp_path, "runs").code == 0


def test_a_lane_that_counts_no_more_is_not_called_none_yet(tmp_path: Path) -> None:
    study = shed(tmp_path / "study")

    def lane(sql: str) -> str:
        with open_store(study.database)[0] as store:
            store.write(sql)
        return secondcoder(study.folder, "show", "1").out.partition("\nLane: ")[2]

    assert not lane("SELECT 1").startswith("none")
    void = lane("UPDATE scopes SET exposure = 'unknown' WHERE exposure = 'independent'")
    assert void.startswith("none that counts. The verdict on “")
    assert "is void: who counts as an independent coder" in void
    assert "Evaluate again: `secondcoder evaluate --run 1`." in void
    older = lane("UPDATE verdicts SET policy_sha256 = 'sha256:older'")
    assert older.startswith("none that counts. ")
    assert "was changed since evaluation" in older
    assert lane("DELETE FROM verdicts").startswith("none yet for this way of coding")
