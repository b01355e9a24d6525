"""`resampling` against the delta method, on planted truth, and by its rule."""

from __future__ import annotations

import numpy as np
import pytest

from fourseas.indicators.resampling import Floats, bootstrap, interval, poisson_bootstrap

SEED = 20_251


def _works(n: int, seed: int) -> tuple[Floats, Floats]:
    """Return credits and skewed scores of works, as citations are."""
    random = np.random.default_rng(seed)
    return random.uniform(0.1, 1.0, n), random.lognormal(-0.5, 1.0, n)


def _delta(weights: Floats, scores: Floats) -> tuple[float, float]:
    """Return the interval of a weighted mean by the delta method."""
    mean = float(weights @ scores / weights.sum())
    spread = 1.959964 * float(np.sqrt(weights**2 @ (scores - mean) ** 2)) / float(weights.sum())
    return mean - spread, mean + spread


def test_the_interval_ends_are_the_values_at_25_and_975_of_a_thousand() -> None:
    values = np.random.default_rng(1).permutation(1000).astype(np.float64)[:, None]
    low, high = interval(values)

    assert (low[0], high[0]) == (25.0, 975.0)


def test_the_ratio_is_of_weighted_sums() -> None:
    found = bootstrap(np.array([1.0, 0.5]), np.array([[2.0, 1.0], [5.0, 0.0]]), samples=10)

    assert found.ratios == pytest.approx([4.5 / 1.5, 1.0 / 1.5])


def test_works_that_all_score_alike_do_not_move() -> None:
    found = bootstrap(np.full(9, 0.5), np.full((9, 1), 3.0), samples=100)

    assert (found.low[0], found.high[0]) == (3.0, 3.0)


def test_of_a_large_unit_it_is_the_interval_of_the_delta_method() -> None:
    weights, scores = _works(4000, SEED)
    expected = _delta(weights, scores)
    width = expected[1] - expected[0]
    drawn = bootstrap(weights, scores[:, None], samples=2000, seed=SEED)
    poisson = poisson_bootstrap(
        (weights * scores)[:, None], weights[:, None], samples=2000, seed=SEED
    )

    for found in (drawn, poisson):
        assert found.low[0] == pytest.approx(expected[0], abs=0.06 * width)
        assert found.high[0] == pytest.approx(expected[1], abs=0.06 * width)


def test_the_truth_is_in_the_interval_as_often_as_it_says() -> None:
    truth = 0.1
    n_held = 0
    for trial in range(300):
        random = np.random.default_rng([SEED, trial])
        tops = (random.random(400) < truth).astype(np.float64)
        found = bootstrap(np.ones(400), tops[:, None], samples=400, seed=trial)
        n_held += bool(found.low[0] <= truth <= found.high[0])

    # 95% of 300, four standard errors of a count around it.
    assert abs(n_held - 285) <= 4 * np.sqrt(300 * 0.95 * 0.05)


def test_the_same_seed_draws_the_same_and_another_does_not() -> None:
    weights, scores = _works(50, SEED)

    def draws(seed: int) -> Floats:
        return bootstrap(weights, scores[:, None], samples=20, seed=seed).draws

    assert np.array_equal(draws(1), draws(1))
    assert not np.array_equal(draws(1), draws(2))


def test_units_that_share_all_works_differ_by_nothing_in_every_draw() -> None:
    weights, scores = _works(60, SEED)
    twice = np.column_stack([weights * scores, weights * scores])
    found = poisson_bootstrap(twice, np.column_stack([weights, weights]), samples=50)

    assert np.array_equal(found.draws[:, 0], found.draws[:, 1])


def test_shared_works_make_a_difference_stabler_than_two_intervals_apart() -> None:
    weights, scores = _works(400, SEED)
    own, joint = np.zeros(400), weights * scores
    own[:40] = joint[:40]
    numerators = np.column_stack([joint, joint + own])
    found = poisson_bootstrap(numerators, np.column_stack([weights, weights]), seed=SEED)
    difference_low, difference_high = interval(found.draws[:, 1:] - found.draws[:, :1])
    apart = np.sqrt(np.sum((found.high - found.low) ** 2))

    assert float(difference_high[0] - difference_low[0]) < float(apart) / 2


def test_a_ratio_of_nothing_is_nan_and_a_draw_without_weight_is_left_out() -> None:
    nothing = poisson_bootstrap(np.zeros((3, 1)), np.zeros((3, 1)), samples=10)
    one = poisson_bootstrap(np.array([[2.0]]), np.array([[1.0]]), samples=100)

    assert np.isnan(nothing.ratios[0])
    assert np.isnan(nothing.low[0])
    assert np.isnan(one.draws).any()
    assert (one.low[0], one.high[0]) == (2.0, 2.0)


def test_a_thousand_samples_are_drawn_from_one_beginning_unless_it_is_said_otherwise() -> None:
    weights, scores = _works(20, SEED)
    both = (weights * scores)[:, None], weights[:, None]

    for asked, unasked in (
        (
            bootstrap(weights, scores[:, None], samples=1000, seed=0),
            bootstrap(weights, scores[:, None]),
        ),
        (poisson_bootstrap(*both, samples=1000, seed=0), poisson_bootstrap(*both)),
    ):
        assert unasked.draws.shape == (1000, 1)
        assert np.array_equal(asked.draws, unasked.draws)


def test_something_of_nothing_is_no_number_either() -> None:
    found = poisson_bootstrap(np.ones((3, 2)), np.array([[0.0, 1.0]] * 3), samples=10)

    assert np.isnan(found.ratios[0])
    assert np.isnan(found.draws[:, 0]).all()
    assert found.ratios[1] == 1.0


def test_parts_of_a_work_that_sum_to_less_than_one_have_a_ratio() -> None:
    found = poisson_bootstrap(np.array([[0.125]]), np.array([[0.5]]), samples=1)

    assert found.ratios.tolist() == [0.25]


def test_a_ratio_of_many_is_that_of_its_own_columns() -> None:
    numerators = np.array([[1.0, 2.0, 3.0], [3.0, 2.0, 1.0]])
    found = poisson_bootstrap(numerators, np.array([[1.0, 1.0, 2.0], [1.0, 3.0, 2.0]]), samples=10)

    assert found.ratios.tolist() == [2.0, 1.0, 1.0]


def test_ends_leave_out_what_is_no_number_and_are_none_where_nothing_else_is() -> None:
    draws = np.column_stack([np.arange(200.0), np.arange(200.0), np.full(200, np.nan)])
    draws[:100, 1] = np.nan
    low, high = interval(np.random.default_rng(1).permutation(draws))

    assert (low[0], high[0]) == (5.0, 195.0)
    assert (low[1], high[1]) == (102.0, 197.0)
    assert np.isnan(low[2])
    assert np.isnan(high[2])
