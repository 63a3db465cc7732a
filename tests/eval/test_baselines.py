from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from threadpoolctl import threadpool_info, threadpool_limits  # type: ignore[import-untyped]

from eval.baselines import word_statistics as words
from eval.baselines.constant import without_chance
from eval.baselines.simple import (
    BASELINES,
    commonest,
    matched_random,
    never,
    unit_texts,
    with_baselines,
    with_coder,
    word_statistics,
)
from eval.evaluation.ceiling import model_person
from eval.evaluation.figures import summarise
from eval.evaluation.gain import gain
from eval.statistics.agreement import measure
from eval.statistics.counts import count_cells
from eval.statistics.values import Undefined, is_defined
from eval.units.building import build_units
from eval.units.records import UnitMatrix
from tests.eval.known import known, why_not
from tests.eval.matrices import matrix_of, noisy
from tests.eval.test_units import LONG, Q, plan, talk

FILLER = [
    "the",
    "then",
    "so",
    "and",
    "we",
    "they",
    "had",
    "was",
    "been",
    "very",
    "much",
    "to",
    "of",
    "with",
    "about",
]


def spoken(
    matrix: UnitMatrix, seed: int = 0, signs: Sequence[str] = ("trust", "money", "fear", "time")
) -> list[str]:
    """Texts in which each code has a word that shows it most of the time."""
    rng = np.random.default_rng(seed)
    texts = []
    for unit in range(matrix.positive.shape[1]):
        said = list(rng.choice(FILLER, 12))
        for c, sign in enumerate(signs[: len(matrix.codes)]):
            if rng.random() < (0.8 if matrix.positive[0, unit, c] else 0.02):
                said.insert(int(rng.integers(0, 12)), sign)
        texts.append(" ".join(said))
    return texts


@pytest.fixture(scope="module")
def matrix() -> UnitMatrix:
    return noisy((0.02, 0.02), transcripts=8, units=50, coders=("Ann", "Ben"))


def test_never(matrix: UnitMatrix) -> None:
    assert not never(matrix).any()
    assert never(matrix).shape == (400, 4)


def test_commonest_comes_from_other_transcripts() -> None:
    # c1 is commonest everywhere else; in t3, where the others use c2 twice and c1 once, it is c2.
    positive = np.zeros((1, 5, 2), dtype=bool)
    positive[0, 0, 0] = positive[0, 1, 1] = positive[0, 2, 1] = True
    positive[0, 3:, 0] = True
    matrix = matrix_of(positive, transcript=[0, 1, 1, 2, 2], coders=("Ann",))
    answer = commonest(matrix, ("Ann",))
    assert answer[3:].tolist() == [[False, True]] * 2
    assert answer[1:3].tolist() == [[True, False]] * 2  # t2: others use c1 three times
    assert answer.sum(axis=1).tolist() == [1] * 5
    nothing = matrix_of(np.zeros((1, 4, 2)), transcript=[0, 0, 1, 1], coders=("Ann",))
    assert not commonest(nothing, ("Ann",)).any()


def test_random_has_the_rate_of_the_others_and_a_seed(matrix: UnitMatrix) -> None:
    answer = matched_random(matrix, ("Ann", "Ben"), 3)
    assert np.array_equal(answer, matched_random(matrix, ("Ann", "Ben"), 3))
    assert not np.array_equal(answer, matched_random(matrix, ("Ann", "Ben"), 4))
    assert answer.mean() == pytest.approx(matrix.positive.mean(), abs=0.03)
    # A code that only one transcript has is never guessed there.
    positive = np.zeros((1, 40, 1), dtype=bool)
    positive[0, :20] = True
    one = matrix_of(positive, transcript=np.repeat([0, 1], 20), coders=("Ann",))
    assert not matched_random(one, ("Ann",), 1)[:20].any()
    assert matched_random(one, ("Ann",), 1)[20:].all()


@pytest.mark.slow
def test_words_find_what_words_show(matrix: UnitMatrix) -> None:
    answer = word_statistics(matrix, ("Ann", "Ben"), spoken(matrix))
    cells = count_cells(matrix.positive[0], answer, None, matrix.transcript, 8).sum(axis=(0, 1))
    assert known(measure("kappa", cells)) > 0.6
    rate = matrix.positive.mean()
    assert answer.mean() == pytest.approx(rate, rel=0.25)


def test_few_units_are_solved_by_one_thread(
    matrix: UnitMatrix, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: list[int] = []
    make = words._Dual.__init__

    def seen(solver: words._Dual, features: Any) -> None:
        libraries = threadpool_info()
        threads.extend(one["num_threads"] for one in libraries if one["user_api"] == "blas")
        make(solver, features)

    monkeypatch.setattr(words._Dual, "__init__", seen)
    with threadpool_limits(2):
        word_statistics(matrix, ("Ann", "Ben"), spoken(matrix))
        assert set(threads) == {1}
        threads.clear()
        monkeypatch.setattr(words, "ALONE_UP_TO", 10)
        word_statistics(matrix, ("Ann", "Ben"), spoken(matrix))
        assert set(threads) == {2}


@pytest.mark.slow
def test_words_that_show_nothing_give_nothing(matrix: UnitMatrix) -> None:
    rng = np.random.default_rng(1)
    texts = [" ".join(rng.choice(FILLER, 15)) for _ in range(400)]
    answer = word_statistics(matrix, ("Ann", "Ben"), texts)
    cells = count_cells(matrix.positive[0], answer, None, matrix.transcript, 8).sum(axis=(0, 1))
    assert abs(known(measure("kappa", cells))) < 0.1


@pytest.mark.slow
def test_no_answer_has_seen_the_labels_of_its_transcript(matrix: UnitMatrix) -> None:
    """Turning a transcript's labels round changes no answer for it."""
    texts = spoken(matrix)
    before = word_statistics(matrix, ("Ann", "Ben"), texts)
    mine = matrix.transcript == 5
    turned = matrix.positive.copy()
    turned[:, mine] = ~turned[:, mine]
    after = word_statistics(replace(matrix, positive=turned), ("Ann", "Ben"), texts)
    assert np.array_equal(before[mine], after[mine])
    assert not np.array_equal(before[~mine], after[~mine])
    for answer in (commonest, lambda m, p: matched_random(m, p, 1)):
        first = answer(matrix, ("Ann", "Ben"))[mine]
        second = answer(replace(matrix, positive=turned), ("Ann", "Ben"))[mine]
        assert np.array_equal(first, second)


def masked(matrix: UnitMatrix, seed: int) -> UnitMatrix:
    """What older definitions and half-coded transcripts leave unknown: cells of a code."""
    scope = matrix.scope.copy()
    scope[:, np.isin(matrix.transcript, (1, 2, 3)), 0] = False
    scope[1, matrix.transcript == 6] = False
    lost = np.random.default_rng(seed).random(scope.shape[1:]) < 0.1
    scope[:, lost] = False
    return replace(matrix, scope=scope, positive=matrix.positive & scope)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("dual_up_to", [4500, 100])
def test_not_even_where_cells_are_unknown_has_an_answer_seen_its_labels(
    seed: int, dual_up_to: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(words, "DUAL_UP_TO", dual_up_to)
    part = masked(
        noisy((0.02, 0.02), transcripts=8, units=30, coders=("Ann", "Ben"), seed=seed), seed
    )
    texts = spoken(part, seed)
    before = word_statistics(part, ("Ann", "Ben"), texts)
    assert before.any()
    for one in (5, 6):
        mine = part.transcript == one
        turned = part.positive.copy()
        turned[:, mine] = ~turned[:, mine]
        other = replace(part, positive=turned & part.scope)
        after = word_statistics(other, ("Ann", "Ben"), texts)
        assert np.array_equal(before[mine], after[mine])
        assert not np.array_equal(before[~mine], after[~mine])


def test_what_is_unknown_counts_as_the_mean_of_what_may_be_used(matrix: UnitMatrix) -> None:
    """Scores with unknown cells are those of a ridge fitted with that mean in their place."""
    from sklearn.linear_model import Ridge

    features = words._features(spoken(matrix), limited=False)
    known = np.random.default_rng(2).random(matrix.positive.shape[1:]) < 0.8
    labels = words._Labels(np.where(known, matrix.positive[0], 0.0), known)
    left = np.flatnonzero(np.isin(matrix.transcript, (2, 4)))
    away = np.flatnonzero(~np.isin(matrix.transcript, (2, 4)))
    target = matrix.positive[0].astype(float)
    for c in range(target.shape[1]):
        used = away[known[away, c]]
        target[~known[:, c], c] = matrix.positive[0][used, c].mean()
    plain = Ridge(alpha=words.PENALTY, fit_intercept=False)
    with_one = np.hstack([features.toarray(), np.ones((400, 1))])
    plain.fit(with_one[away], target[away])
    expected = plain.predict(with_one[left])
    for solver in (words._Dual, words._Primal):
        found = solver(features).scores(left, labels.without(left))
        assert found == pytest.approx(expected, abs=1e-3)


def test_closed_form_is_the_classifier_fitted_without_the_transcript(matrix: UnitMatrix) -> None:
    from sklearn.linear_model import Ridge

    features = words._features(spoken(matrix), limited=False)
    target = matrix.positive[0].astype(float)
    labels = words._Labels(target, np.ones_like(target, dtype=bool))
    with_one = np.hstack([features.toarray(), np.ones((400, 1))])
    plain = Ridge(alpha=words.PENALTY, fit_intercept=False)
    for folds in ((2,), (2, 4)):
        left = np.flatnonzero(np.isin(matrix.transcript, folds))
        away = np.flatnonzero(~np.isin(matrix.transcript, folds))
        plain.fit(with_one[away], target[away])
        expected = plain.predict(with_one[left])
        for solver in (words._Dual, words._Primal):
            found = solver(features).scores(left, labels.without(left))
            assert found == pytest.approx(expected, abs=1e-3)


def test_many_units_use_few_words(matrix: UnitMatrix, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = spoken(matrix)
    dual = word_statistics(matrix, ("Ann", "Ben"), texts)
    monkeypatch.setattr(words, "DUAL_UP_TO", 100)
    primal = word_statistics(matrix, ("Ann", "Ben"), texts)
    assert (dual == primal).mean() > 0.97
    assert primal.any()


def test_units_that_nobody_coded_are_answered_and_teach_nothing(matrix: UnitMatrix) -> None:
    scope = matrix.scope.copy()
    scope[:, matrix.transcript == 7] = False
    part = replace(matrix, scope=scope, positive=matrix.positive & scope)
    answer = word_statistics(part, ("Ann", "Ben"), spoken(matrix))
    mine = matrix.transcript == 7
    cells = count_cells(matrix.positive[0][mine], answer[mine], None, np.zeros(50, int), 1)
    assert known(measure("kappa", cells.sum(axis=(0, 1)))) > 0.4


def test_too_little_to_learn_from() -> None:
    small = noisy((0.02,), transcripts=2, units=20, coders=("Ann",))
    assert not word_statistics(small, ("Ann",), spoken(small)).any()
    empty = noisy((0.02,), transcripts=4, units=5, coders=("Ann",))
    assert not word_statistics(empty, ("Ann",), [""] * 20).any()
    assert not word_statistics(empty, ("Ann",), [f"w{i}" for i in range(20)]).any()


def test_baselines_are_measured_like_coders(matrix: UnitMatrix) -> None:
    more = with_baselines(matrix, ("Ann", "Ben"), spoken(matrix), seed=1)
    assert more.coders == ("Ann", "Ben", *BASELINES)
    kappas = {}
    for name in BASELINES:
        summary = summarise(model_person(more, ("Ann", "Ben"), name))
        kappas[name] = known(summary.pooled.values["kappa"].estimate)
    assert kappas["never"] == 0.0
    assert abs(kappas["random"]) < 0.1
    assert kappas["word statistics"] > 0.5
    with pytest.raises(ValueError, match="already"):
        with_coder(more, "never", never(more))


def test_gain_over_a_baseline(matrix: UnitMatrix) -> None:
    more = with_baselines(matrix, ("Ann", "Ben"), spoken(matrix), seed=1)
    good = with_coder(more, "model", matrix.positive[0])
    found = gain(good, ("Ann", "Ben"), "model", "word statistics")
    for c, row in enumerate(found.codes):
        parts = []
        for person in ("Ann", "Ben"):
            tables = [good.pair(person, x).by_code[c] for x in ("model", "word statistics")]
            parts.append([known(measure("kappa", table)) for table in tables])
        first, second = np.mean(parts, axis=0)
        assert row.first.estimate == pytest.approx(first)
        assert row.difference.estimate == pytest.approx(first - second)
    assert known(found.pooled.difference.low) > 0
    same = gain(good, ("Ann", "Ben"), "model", "model")
    assert same.pooled.difference.estimate == 0.0
    nobody = gain(good, (), "model", "never").pooled.difference.estimate
    assert isinstance(nobody, Undefined)


def test_texts_of_units() -> None:
    transcript = talk(("I", Q), ("P", LONG))
    by_segment = build_units([transcript], plan())
    assert [text.strip() for text in unit_texts(by_segment, [transcript])] == [Q, LONG]
    by_exchange = build_units([transcript], plan(unit="exchange"))
    assert unit_texts(by_exchange, [transcript])[0].strip() == f"{Q}\n\n{LONG}"


def test_a_figure_that_cannot_be_another_has_no_interval() -> None:
    found = noisy([0.05, 0.05], transcripts=6, codes=2)
    wide = with_coder(found, "never", np.zeros(found.positive.shape[1:], dtype=bool))
    summary = summarise([wide.pair("P1", "never")])
    fixed = without_chance(summary)
    for row in (fixed.pooled, fixed.together, *fixed.codes):
        for key in ("kappa", "recall", "f1", "over_coding"):
            assert row.values[key].estimate == 0
            assert "never gives a code" in why_not(row.values[key].low)
        # How often people say yes is chance's, and AC1 hangs on it.
        assert is_defined(row.values["ac1"].low)
    assert fixed.pooled.values["ac1"] == summary.pooled.values["ac1"]
    assert isinstance(fixed.macro["kappa"].high, Undefined)
