"""What was used to choose something counts towards no verdict, and the split is drawn once."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import numpy as np
import pytest

from assistant.store.database import open_store
from assistant.store.measured.evidence import (
    NewVerdict,
    evaluations,
    record_evaluation,
    standing_verdicts,
    verdicts,
)
from assistant.store.measured.reference import SPLIT_EVENT, rests_on
from assistant.store.model.runs import run
from assistant.store.texts.transcripts import transcript
from assistant.store.trail.events import record_event
from assistant.store.versions import codebook
from assistant.study import open_study
from eval.sampling.out_of_sample import provisional, uses
from eval.sampling.splitting import table_of
from tests.audit.lower_field import done, study_with_new
from tests.cli.command import secondcoder
from tests.examples.files import EXAMPLES
from tests.fakes.recorded import RecordedReplies
from tests.fakes.server import FakeLLM

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The twelve interviews, with a codebook that has no examples; coded and evaluated."""
    folder = tmp_path_factory.mktemp("plain") / "field"
    with FakeLLM(answer=RecordedReplies(EXAMPLES)) as server:
        study_with_new(folder, server.base_url, new=0)
        book = folder / "codebook" / "codebook.yaml"
        without = re.sub(
            r"^    examples:\n(?:^      .*\n)+", "", book.read_text("utf-8"), flags=re.M
        )
        assert "examples" not in without
        book.write_text(without, encoding="utf-8")
        done(folder, "import", str(folder / "codings"), "--exposure", "independent")
        done(folder, "code", "--strategy", "list", "--yes")
    done(folder, "evaluate", "--run", "1")
    return folder


@pytest.fixture
def field(plain: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(plain, tmp_path / "field"))


def test_without_a_split_nothing_is_provisional(field: Path) -> None:
    store, _ = open_store(field / "runs" / "study.db")
    with store:
        row = run(store, 1)
        book = codebook(store, row.codebook_sha256)
        assert provisional(store, book, row) == {}
        assert not evaluations(store)[-1].provisional
        assert uses(store, book, row) == ()


def test_a_split_makes_development_provisional_and_voids_what_rested_on_it(field: Path) -> None:
    assert "not split" in secondcoder(field, "split").err
    found = done(field, "split", "--test", "9", "--seed", "3", "--json").json
    assert len(found["test"]) == 9
    assert len(found["development"]) == 3
    store, _ = open_store(field / "runs" / "study.db")
    with store:
        assert all(
            any("given to development" in why for why in s.void) for s in standing_verdicts(store)
        )
    done(field, "evaluate", "--run", "1")
    store, _ = open_store(field / "runs" / "study.db")
    with store:
        last = evaluations(store)[-1]
        assert last.provisional
        assert "Provisional: figures with" in last.content
        made = verdicts(store, last.id)
        assert {v.evidence["evidence"]["reference_transcripts"] for v in made} == {9}
        assert len(made[0].evidence["rests_on"]["transcripts"]) == 9
        assert not any(s.void for s in standing_verdicts(store))


def test_a_split_is_drawn_once_and_the_same_by_seed(
    plain: Path, field: Path, tmp_path: Path
) -> None:
    other = Path(shutil.copytree(plain, tmp_path / "other"))
    one = done(field, "split", "--seed", "3", "--json").json
    assert done(other, "split", "--seed", "3", "--json").json["test"] == one["test"]
    ended = secondcoder(field, "split", "--seed", "4")
    assert ended.code == 2
    assert "a split is drawn once" in ended.err
    assert done(field, "split", "--json").json["test"] == one["test"]


def test_codes_and_coders_divide_evenly(field: Path) -> None:
    found = done(field, "split", "--test", "6", "--json").json
    store, _ = open_store(field / "runs" / "study.db")
    with store:
        names, columns, counts = table_of(open_study(field), store)
    chosen = np.array([n in found["test"] for n in names])
    total = counts.sum(axis=0)
    share = counts[chosen].sum(axis=0) / total
    common = total >= 20
    assert common.sum() >= 5
    assert abs(share[common] - 0.5).max() < 0.12
    assert [c for c in columns if c[0] == "coder"] == [
        ("coder", "Ana"),
        ("coder", "Ben"),
        ("coder", "Chloe"),
    ]


def test_examples_are_marked_and_count_against_a_test_transcript(
    evaluated: Path, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(evaluated, tmp_path / "examples"))
    store, _ = open_store(folder / "runs" / "study.db")
    with store:
        row = run(store, 1)
        book = codebook(store, row.codebook_sha256)
        found = [u for u in uses(store, book, row) if u.kind == "example"]
        assert {u.transcript for u in found} >= {"Interview 02", "Interview 07"}
        assert not any(u.provisional for u in found)
        keys = {u.transcript: u.transcript_id for u in found}
        record_event(
            store,
            SPLIT_EVENT,
            "by hand",
            seed=1,
            development=[keys["Interview 07"]],
            test=[keys["Interview 02"]],
        )
        used = provisional(store, book, row)
        assert "not in the development part" in used["Interview 02"]
        assert used["Interview 07"] == "it is in the development part of the split"


def test_words_of_a_transcript_in_the_prompt_count_against_it(
    evaluated: Path, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(evaluated, tmp_path / "prompted"))
    store, _ = open_store(folder / "runs" / "study.db")
    with store:
        row = run(store, 1)
        book = codebook(store, row.codebook_sha256)
        assert not [u for u in uses(store, book, row) if u.kind == "prompt"]
        said = transcript(store, row.transcripts[0])
        store.write(
            "UPDATE prompts SET source = source || ? WHERE sha256 = ?",
            (" " + " ".join(said.text.split()[:60]), row.prompt_sha256),
        )
        found = {u.transcript: u for u in uses(store, book, row) if u.kind == "prompt"}
        assert len(found) < len(row.transcripts), "only where the words are said"
        use = found[said.name]
        assert "the model read them when it coded it" in use.what
        assert "words of it stand in the prompt" in provisional(store, book, row)[said.name]


def test_what_was_an_example_is_not_kept_for_the_test(evaluated: Path, field: Path) -> None:
    book = field / "codebook" / "codebook.yaml"
    without = book.read_text(encoding="utf-8")
    book.write_text((evaluated / "codebook" / "codebook.yaml").read_text("utf-8"), "utf-8")
    ended = secondcoder(field, "split", "--draw")
    assert ended.code == 2
    assert "The codebook has examples from " in ended.err
    book.write_text(without, encoding="utf-8")
    done(field, "split", "--draw")


@pytest.mark.parametrize("size", ["1", "11", "-3"])
def test_a_split_needs_some_on_each_side(field: Path, size: str) -> None:
    assert secondcoder(field, "split", "--test", size).code == 2


def test_a_smaller_later_evaluation_takes_nothing_back(field: Path) -> None:
    """A second run of the recipe, with three transcripts, cannot tell; that is no news."""
    store, _ = open_store(field / "runs" / "study.db")
    with store:
        before = {s.verdict.code: s.verdict.lane for s in standing_verdicts(store)}
        store.write("UPDATE evaluations SET made_at = '2000-01-01' WHERE id = 1")
        some = standing_verdicts(store)[0].verdict
        rests = dict(some.evidence["rests_on"])
        fewer = rests_on(store, rests["transcripts"][:3])
        other = store.write(
            "INSERT INTO runs (run_key, recipe_sha256, repeat, coder_id, strategy, "
            "codebook_sha256, prompt_sha256, status, why, header, started_at, ended_at) "
            "SELECT 'again', recipe_sha256, 2, coder_id, strategy, codebook_sha256, "
            "prompt_sha256, status, why, "
            "header, started_at, ended_at FROM runs WHERE id = 1"
        )
        for lane in ("unproven", "withhold"):
            record_evaluation(
                store,
                kind="model",
                run_id=other,
                recipe_sha256=some.recipe_sha256,
                codebook_sha256="",
                policy_sha256=some.policy_sha256,
                provisional=False,
                who="Ana",
                content=f'"{lane}"',
                lineage="x",
                verdicts=[
                    NewVerdict(v, some.code_recipe_sha256, lane, (), {"rests_on": fewer})
                    for v in before
                ],
            )
            now = {s.verdict.code: s.verdict.lane for s in standing_verdicts(store)}
            assert now == (before if lane == "unproven" else dict.fromkeys(before, "withhold"))
