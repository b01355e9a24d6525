"""Intervals, recall and agreement: published figures, closed forms and SciPy's values."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from fourseas.challenges.agreement import Stratum, kappa, recall, wilson


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_interval_of_a_share_is_scipys(drawn: tuple[int, int]) -> None:
    k, n = drawn
    expected = binomtest(k, n).proportion_ci(method="wilson")
    found = wilson(k, n)

    assert found.share == k / n
    assert found.low == pytest.approx(expected.low, abs=1e-12)
    assert found.high == pytest.approx(expected.high, abs=1e-12)


def test_of_nothing_judged_there_is_no_share() -> None:
    assert wilson(0, 0).share is None


def test_kappa_of_a_table_that_can_be_checked_with_a_pencil() -> None:
    # Agreed 35 of 50; by chance (25 x 30 + 25 x 20) / 2500 = 1/2; (0.7 - 0.5) / 0.5 = 0.4.
    found = kappa({(True, True): 20, (True, False): 5, (False, True): 10, (False, False): 15})

    assert found is not None
    assert (found.n, found.agreed) == (50, 0.7)
    assert found.kappa == pytest.approx(0.4)
    # se = sqrt(0.7 x 0.3 / (50 x 0.25)) = 0.12961.
    assert found.low == pytest.approx(0.4 - 1.959964 * 0.129615, abs=1e-5)
    assert found.high == pytest.approx(0.4 + 1.959964 * 0.129615, abs=1e-5)


def test_who_always_says_the_same_agrees_by_chance_alone() -> None:
    found = kappa({(True, True): 9})

    assert found is not None
    assert found.agreed == 1.0
    assert found.kappa is None
    assert kappa({}) is None


@given(st.lists(st.integers(0, 40), min_size=4, max_size=4).filter(any))
def test_kappa_is_the_same_from_either_side(counts: list[int]) -> None:
    both, first, second, neither = counts
    pairs = {(True, True): both, (False, False): neither}
    one = kappa(pairs | {(True, False): first, (False, True): second})
    other = kappa(pairs | {(True, False): second, (False, True): first})

    assert one is not None
    assert other is not None
    assert (one.kappa is None) == (other.kappa is None)
    assert one.kappa is None or one.kappa == pytest.approx(other.kappa)


def test_recall_weighs_each_stratum_by_the_works_it_stands_for() -> None:
    # 1000 x 0.9 + 500 x 0.5 = 1150 held; 4000 x 0.1 = 400 missed.
    held = [Stratum(1000, wilson(9, 10)), Stratum(500, wilson(5, 10))]
    found = recall(held, [Stratum(4000, wilson(1, 10))])

    assert found is not None
    assert found.share == pytest.approx(1150 / 1550)
    assert 0 < found.low < found.share < found.high < 1


def test_where_no_near_work_belongs_recall_is_full_but_not_sure() -> None:
    found = recall([Stratum(100, wilson(10, 10))], [Stratum(100, wilson(0, 10))])

    assert found is not None
    assert (found.share, found.high) == (1.0, 1.0)
    assert found.low < 1.0


def test_recall_is_not_told_where_a_stratum_was_not_judged() -> None:
    held = [Stratum(100, wilson(9, 10))]

    assert recall(held, [Stratum(50, wilson(0, 0))]) is None
    assert recall(held, [Stratum(0, wilson(0, 0))]) is not None
    assert recall([Stratum(100, wilson(0, 0))], []) is None
