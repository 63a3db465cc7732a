"""What is unlike the evidence, a drop in acceptance, and what both mean for acceptance at once."""

from __future__ import annotations

import math
from itertools import permutations
from pathlib import Path

import pytest

from assistant.decisions.deciding import accept, amend
from assistant.review.app import make_app
from assistant.store.database import open_store
from assistant.store.model.suggestions import suggestions
from assistant.store.texts.transcripts import transcript, transcript_infos
from eval.statistics.values import Undefined
from eval.watching.drift import distances
from eval.watching.drop import permutation
from tests.audit.lower_field import ACCEPT, NEW, done
from tests.cli.command import secondcoder
from tests.review.conftest import TOKEN, client_for

IN_NEW = tuple(x for name in NEW for x in ("--in", name))


def test_distance_by_hand() -> None:
    middle, away = distances(30.0, [10, 12, 14, 16, 18], 0.1)
    assert middle == 14
    assert away == pytest.approx(16 / (1.4826 * 2 * math.sqrt(1.2)))


def test_one_odd_interview_of_the_evidence_does_not_hide_another() -> None:
    _, away = distances(30.0, [10, 11, 12, 13, 14, 400], 0.1)
    assert away > 4


def test_figures_that_are_all_the_same_have_the_least_scale() -> None:
    assert distances(2.5, [2, 2, 2, 2], 0.5)[1] < 1
    assert math.isnan(distances(1.0, [], 0.5)[1])
    assert math.isnan(distances(math.nan, [1.0, 2.0], 0.5)[1])


def test_permutation_is_counted_out() -> None:
    before, after = [0.9, 0.8, 0.85, 0.95, 0.7], [0.2, 0.75]
    values = before + after
    sums = [values[a] + values[b] for a, b in permutations(range(7), 2)]
    by_hand = sum(s <= sum(after) + 1e-9 for s in sums) / len(sums)
    assert permutation(before, after, 1) == pytest.approx(by_hand)
    assert permutation(before, [1.0, 1.0], 1) == pytest.approx(1.0)
    found = permutation([0.9] * 12, [0.1] * 12, 1)
    assert isinstance(found, float)
    assert found < 0.001


def test_too_few_interviews_cannot_tell() -> None:
    assert isinstance(permutation([0.9] * 8, [0.1], 1), Undefined)
    assert isinstance(permutation([], [0.1, 0.2], 1), Undefined)
    assert isinstance(permutation([0.9], [], 1), Undefined)


@pytest.mark.slow
def test_new_interviews_like_the_evidence_are_inside(study: Path) -> None:
    found = done(study, "watch", "1", "--json").json
    assert [t["name"] for t in found["new"]] == list(NEW)
    assert len(found["evidence"]) == 12
    assert found["outside"] == {}
    page = Path(found["page"]).read_text(encoding="utf-8")
    assert "<svg" in page
    assert "src=" not in page
    assert "://" not in page


@pytest.mark.slow
def test_an_interview_that_lies_outside_is_not_accepted_at_once(study: Path) -> None:
    done(study, "transcripts", "New 3", "--set-language", "fr")
    page = client_for(make_app(study, TOKEN, 8000), name="Dora").get(
        f"/bulk?run=1&code={ACCEPT[0]}"
    )
    assert "in the 6 transcripts of its last passed audit" in page.text
    assert "“New 3” is unlike the interviews that the evidence rests on" in page.text
    assert "data-bulk=" not in page.text, "offered what would be refused"
    ended = secondcoder(study, "accept", "--all-of", ACCEPT[0], "--run", "1", *IN_NEW)
    assert "“New 3” is unlike the interviews that the evidence rests on" in ended.err
    found = done(study, "watch", "1", "--json").json
    assert list(found["outside"]) == ["New 3"]
    assert "its language (fr)" in found["outside"]["New 3"][0]
    ended = secondcoder(study, "accept", "--all-of", ACCEPT[0], "--run", "1", *IN_NEW)
    assert ended.code == 4
    assert "“New 3” is unlike the interviews that the evidence rests on" in ended.err
    others = [x for name in NEW if name != "New 3" for x in ("--in", name)]
    done(study, "accept", "--all-of", ACCEPT[0], "--run", "1", *others)


@pytest.mark.slow
def test_a_drop_is_found_and_closes_the_way(study: Path) -> None:
    store, _ = open_store(study / "runs" / "study.db")
    with store:
        mine = [
            str(s.id) for s in suggestions(store, 1) if s.transcript in NEW and s.code not in ACCEPT
        ]
    done(study, "accept", *mine, "--reject", "--reviewer", "Eve")
    ended = secondcoder(study, "accept", "--all-of", ACCEPT[0], "--run", "1", *IN_NEW)
    assert "The evidence holds no more" in ended.err
    found = done(study, "watch", "1", "--json").json
    assert found["drop"]["dropped"]
    assert found["drop"]["accepted"] == 0
    assert 0.6 < found["drop"]["expected"] < 1
    ended = secondcoder(study, "accept", "--all-of", ACCEPT[0], "--run", "1", *IN_NEW)
    assert ended.code == 4
    assert "The evidence holds no more" in ended.err
    # Nobody has to watch: what people decided since counts, for and against.
    done(study, "accept", *mine, "--undo", "--reviewer", "Eve")
    done(study, "accept", "--all-of", ACCEPT[0], "--run", "1", *IN_NEW)


@pytest.mark.slow
def test_figures_are_told_in_plain_numbers(study: Path) -> None:
    """Lengths are compared by their logarithms; nobody has to read one."""
    shown = done(study, "watch", "1")
    assert "logarithm" not in shown.out
    assert "deviation" not in shown.out
    assert "  words: words a passage, on average" in shown.out
    assert "beyond 4 lies outside" in shown.out
    found = done(study, "watch", "1", "--json").json
    with open_store(study / "runs" / "study.db")[0] as store:
        text = transcript(store, next(i.id for i in transcript_infos(store) if i.name == "New 1"))
    (new,) = [t for t in found["new"] if t["name"] == "New 1"]
    figures = {f["name"]: f for f in new["figures"]}
    assert figures["passages"]["value"] == len(text.segments)
    assert figures["words"]["value"] == pytest.approx(len(text.text.split()) / len(text.segments))
    others = [f["value"] for t in found["evidence"] for f in t["figures"] if f["name"] == "words"]
    assert min(others) < figures["words"]["usual"] < max(others)
    logs = [math.log(value) for value in others]
    away = distances(math.log(figures["words"]["value"]), logs, 0.1)[1]
    assert figures["words"]["distance"] == pytest.approx(away)


def test_void_verdicts_are_no_evidence(study: Path) -> None:
    done(study, "transcripts", "Interview 01", "--set-exposure", "unknown", "--coder", "Ben")
    found = done(study, "watch", "1", "--json").json
    assert found["evidence"] == []
    assert "rest on 0 transcripts" in found["cannot_tell"]


@pytest.mark.slow
def test_other_borders_are_no_rejection_and_codes_are_set_beside_themselves(study: Path) -> None:
    with open_store(study / "runs" / "study.db")[0] as store:
        mine = [s for s in suggestions(store, 1) if s.transcript in NEW and s.code == ACCEPT[0]]
        for one in mine:
            amend(store, one.id, start=one.start, end=one.end - 1, reviewer="Eve")
    drop = done(study, "watch", "1", "--json").json["drop"]
    assert drop["accepted"] == 1
    with open_store(study / "runs" / "study.db")[0] as store:
        for one in mine:
            amend(store, one.id, code="Cost-and-money", reviewer="Eve")
    again = done(study, "watch", "1", "--json").json["drop"]
    assert again["accepted"] == 0
    assert again["expected"] == drop["expected"]
    with open_store(study / "runs" / "study.db")[0] as store:
        for one in (s for s in suggestions(store, 1) if s.transcript in NEW):
            accept(store, one.id, reviewer="Eve")
    all_codes = done(study, "watch", "1", "--json").json["drop"]
    assert all_codes["expected"] != drop["expected"]
