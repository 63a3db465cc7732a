"""Trying again until chance favours it passes no more than is promised."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from bench.again import at_the_bar, draw_repeats, first_pass, repeated, verdicts_of_repeats
from bench.audit_coverage import Batch, make_batch
from bench.passing import GOOD, worsened
from eval.verdicts.policy import Audit

RATES = (0.10, 0.06, 0.03)


def always(batch: Batch) -> Callable[[int], Batch]:
    """The same batch each time it is audited."""
    return lambda _: batch


@pytest.mark.slow
def test_a_batch_at_the_bar_hardly_ever_passes_however_often_it_is_sampled() -> None:
    rng = np.random.default_rng(3)
    batches = [at_the_bar("missed", 6, rng, Audit()) for _ in range(25)]
    for batch in batches:
        assert Audit().max_missed < batch.missed <= 1.05 * Audit().max_missed
    found = np.array([first_pass(always(batch), 120, 4, n) for n, batch in enumerate(batches)])
    falls, stays = (found > 0).sum(axis=0)
    assert falls <= 2
    assert falls <= stays


def test_what_may_pass_is_no_false_pass() -> None:
    good = make_batch(6, 80, RATES, 0.02, 0.05, np.random.default_rng(1))
    assert first_pass(always(good), 240, 2, 1) == (0, 0)
    again = repeated(good, 0.5, 0.5, np.random.default_rng(2))
    assert again.person == good.person
    assert again.passages != good.passages
    assert again.error > 0.3


def test_repeats_share_the_people_and_differ_in_the_model() -> None:
    tables = draw_repeats(GOOD[2], 8, 5, 3, np.random.default_rng(1))
    assert tables.shape == (3, 8, 3, 5, 4)
    assert (tables[0, :, 0] == tables[1, :, 0]).all()
    assert (tables[0, :, 1] != tables[1, :, 1]).any()
    # All three tables are of the same units, and the model gives the code as often in both.
    assert (tables.sum(axis=-1) == tables[:1, :, :1].sum(axis=-1)).all()
    given = tables[:, :, :, :, 0] + tables[:, :, :, :, 2]
    assert (given[:, :, 1] == given[:, :, 2]).all()


def test_the_strictest_of_repeats_bounds_what_the_luckiest_does_not() -> None:
    one, luckiest, strictest = verdicts_of_repeats(worsened(GOOD[2], 0.06), 12, 200, 3, 5)
    assert strictest <= one <= luckiest
    assert strictest <= 0.01
