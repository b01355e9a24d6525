"""What became of a pair: planted closings, closed forms, and what is refused."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import optimize, stats

from fourseas.errors import NotComputableError
from fourseas.models.realized_change import Periods, realized_change

N_COUNTRIES = 30
SPREAD = 0.15
"""Standard deviation of the log of what pairs change by without a known reason."""


def world(seed: int, *, left: float, spread: float = SPREAD) -> tuple[Periods, int]:
    """Return joint works of countries that grow each in its way, one pair of which is closed."""
    rng = np.random.default_rng(seed)
    first, second = np.triu_indices(N_COUNTRIES, 1)
    size = rng.normal(2.0, 0.8, N_COUNTRIES)
    growth = rng.normal(0.2, 0.4, N_COUNTRIES)
    mean = np.exp(size[first] + size[second] + rng.normal(0, 0.7, len(first)))
    pair = int(np.argsort(mean)[-1 - seed % 40])
    change = np.exp(growth[first] + growth[second] + rng.normal(0, spread, len(first)))
    change[pair] *= left
    return (
        Periods(
            first=first.astype(np.int64),
            second=second.astype(np.int64),
            before=rng.poisson(mean).astype(np.float64),
            after=rng.poisson(mean * change).astype(np.float64),
        ),
        pair,
    )


@pytest.mark.parametrize("left", [0.0, 0.3, 0.8, 1.0, 2.0])
def test_a_planted_closing_is_inside_its_interval_in_at_least_89_of_100_worlds(
    left: float,
) -> None:
    inside = 0
    for seed in range(100):
        found = realized_change(*world(seed, left=left))
        inside += found.low <= left <= found.high

    # 95 are promised. In these worlds 100, 94, 94, 94 and 95 were inside.
    assert inside >= 89


def test_pairs_that_vary_by_counts_alone_have_no_spread_and_a_narrow_interval() -> None:
    calm = realized_change(*world(1, left=0.5, spread=0.0))
    wild = realized_change(*world(1, left=0.5, spread=0.4))

    assert calm.spread < 0.06
    assert wild.spread == pytest.approx(0.4, rel=0.25)
    assert calm.high / calm.low < 1.4
    assert wild.high / wild.low > 4


def test_growth_is_that_of_a_poisson_regression_with_effects_of_pairs() -> None:
    periods, pair = world(5, left=0.6)
    kept = np.arange(len(periods.first)) != pair

    def minus_likelihood(growth: np.ndarray) -> float:
        log_odds = growth[periods.first[kept]] + growth[periods.second[kept]]
        # Effects of pairs taken out in closed form: their maximum given all else.
        total = periods.before[kept] + periods.after[kept]
        mean = total / (1 + np.exp(log_odds))
        one = stats.poisson.logpmf(periods.before[kept], mean)
        other = stats.poisson.logpmf(periods.after[kept], mean * np.exp(log_odds))
        return -float((one + other).sum())

    peer = optimize.minimize(minus_likelihood, np.zeros(N_COUNTRIES), method="L-BFGS-B").x
    expected = periods.before[pair] * np.exp(peer[periods.first[pair]] + peer[periods.second[pair]])

    assert realized_change(periods, pair).expected == pytest.approx(float(expected), rel=1e-4)


def test_a_pair_that_changes_as_its_countries_do_stands_at_one() -> None:
    first, second = (side.astype(np.int64) for side in np.triu_indices(8, 1))
    factor = np.linspace(0.5, 2.0, 8)
    before = 100.0 * np.arange(1, len(first) + 1, dtype=np.float64)
    periods = Periods(
        first=first, second=second, before=before, after=before * factor[first] * factor[second]
    )

    found = realized_change(periods, 3)

    assert found.ratio == pytest.approx(1.0)
    assert found.expected == pytest.approx(periods.after[3])
    assert found.spread == 0
    # Counts alone: the exact interval of a share, as odds.
    total = int(periods.after[3] + periods.before[3])
    exact = stats.binomtest(round(periods.after[3]), total).proportion_ci()
    odds = periods.before[3] / periods.after[3]
    low, high = (end / (1 - end) * odds for end in (exact.low, exact.high))
    assert found.low == pytest.approx(low, rel=0.03)
    assert found.high == pytest.approx(high, rel=0.03)
    assert found.low < low
    assert found.high > high


def test_what_closed_wholly_has_no_lower_end_above_zero() -> None:
    periods, pair = world(2, left=0.0)

    found = realized_change(periods, pair)

    assert (found.after, found.ratio, found.low) == (0, 0, 0)
    assert 0 < found.high < 0.2
    assert found.n_as_far == 0


def test_the_asked_pair_does_not_tell_its_own_growth() -> None:
    periods, pair = world(3, left=1.0)
    other = replace(periods, after=periods.after.copy())
    other.after[pair] = 10 * periods.after[pair]

    one, ten = realized_change(periods, pair), realized_change(other, pair)

    assert one.expected == ten.expected
    assert ten.ratio == pytest.approx(10 * one.ratio)


def test_a_pair_without_joint_works_before_is_refused() -> None:
    periods, pair = world(4, left=1.0)
    periods.before[pair] = 0

    with pytest.raises(NotComputableError, match="had none in the years before"):
        realized_change(periods, pair)


def test_too_few_other_pairs_are_refused_with_what_it_takes() -> None:
    first, second = (side.astype(np.int64) for side in np.triu_indices(4, 1))
    ones = np.ones(len(first))

    with pytest.raises(NotComputableError, match="to tell growth takes 10 pairs of 4 countries"):
        realized_change(Periods(first=first, second=second, before=ones, after=ones), 0)


def test_growth_that_other_ties_do_not_tell_is_refused() -> None:
    # Country 12 works with country 0 alone, which is the pair that is asked for.
    first, second = (side.astype(np.int64) for side in np.triu_indices(12, 1))
    first, second = np.append(first, 0), np.append(second, 12)
    ones = 10 * np.ones(len(first))

    with pytest.raises(NotComputableError, match="cannot be told from their ties with others"):
        realized_change(Periods(first=first, second=second, before=ones, after=ones), 66)
