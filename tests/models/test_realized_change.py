"""What became of a pair: planted closings, closed forms, and what is refused."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import optimize, stats

from fourseas.errors import NotComputableError
from fourseas.models.realized_change import Periods, realized_change
from fourseas.models.separation import Floats

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

    with pytest.raises(NotComputableError, match="to tell growth takes 10 pairs"):
        realized_change(Periods(first=first, second=second, before=ones, after=ones), 0)


def test_growth_that_other_ties_do_not_tell_is_refused() -> None:
    # Country 12 works with country 0 alone, which is the pair that is asked for.
    first, second = (side.astype(np.int64) for side in np.triu_indices(12, 1))
    first, second = np.append(first, 0), np.append(second, 12)
    ones = 10 * np.ones(len(first))

    with pytest.raises(NotComputableError, match="cannot be told from their ties with others"):
        realized_change(Periods(first=first, second=second, before=ones, after=ones), 66)


def balanced(before: float, after: float, grown: float = 400.0) -> tuple[Periods, int]:
    """Return nine countries none of which grows, and a pair of two of them.

    Of its six ties with others each country has two that grew from 100, two that fell to 100 from
    as much, and two that stayed: by symmetry the growth of all is 0.
    """
    kinds = {2: (100.0, grown), 3: (grown, 100.0), 4: (250.0, 250.0)}
    ties = [(i, (i + step) % 9, *counts) for step, counts in kinds.items() for i in range(9)]
    first, second, earlier, later = (np.array(part) for part in zip(*ties, strict=True))
    periods = Periods(
        first=np.append(first, 0),
        second=np.append(second, 1),
        before=np.append(earlier, before),
        after=np.append(later, after),
    )
    return periods, 27


@pytest.mark.parametrize("grown", [400.0, 100.0])
@pytest.mark.parametrize("after", [5.0, 1.0])
def test_ratio_interval_and_spread_are_those_of_closed_forms(after: float, grown: float) -> None:
    found = realized_change(*balanced(20.0, after, grown))

    # Logs of what ties came to, as often up as down, and of 1, less the variances of counts.
    moved, stayed = np.log((grown + 0.5) / 100.5) ** 2, 0.0
    of_moved, of_stayed = 1 / (grown + 0.5) + 1 / 100.5, 2 / 250.5
    spread = max(0.0, (2 * (moved - of_moved) + (stayed - of_stayed)) / 3)
    dispersion = max(1.0, (2 * moved / of_moved + stayed / of_stayed) / 3)
    # The information on growth is that of ties along the circle of nine, a fourth of what each
    # holds: its eigenvalues are sums of cosines, and neighbors together are weighed by |1 + w|^2.
    turn = 2 * np.pi * np.arange(9) / 9
    held = {2: (100 + grown) / 4, 3: (100 + grown) / 4, 4: 500 / 4}
    eigenvalues = sum(of * (2 + 2 * np.cos(step * turn)) for step, of in held.items())
    error = dispersion * np.mean((2 + 2 * np.cos(turn)) / eigenvalues)
    center = np.log((after + 0.5) / 20.5)
    exact = stats.binomtest(round(after), 20 + round(after)).proportion_ci()
    low, high = (np.log(end / (1 - end)) for end in (exact.low, exact.high))
    wide = 1.959964**2 * (spread + error)

    assert (found.expected, found.ratio) == pytest.approx((20, after / 20))
    assert found.spread == pytest.approx(np.sqrt(spread))
    assert np.log(found.low) == pytest.approx(center - np.hypot(center - low, np.sqrt(wide)))
    assert np.log(found.high) == pytest.approx(center + np.hypot(high - center, np.sqrt(wide)))
    assert (found.n_like, found.n_pairs, found.n_countries) == (27, 27, 9)
    assert (found.before, found.after) == (20, after)


def test_where_all_grow_alike_the_error_is_that_of_a_share_of_four_fifths() -> None:
    # All ties of 25 grew to 100: of 125 joint works four fifths are of the second period.
    periods, pair = balanced(20.0, 20.0)
    calm = np.arange(len(periods.first)) != pair
    grown = replace(
        periods,
        before=np.where(calm, 25.0, periods.before),
        after=np.where(calm, 100.0, periods.after),
    )
    found = realized_change(grown, pair)
    turn = 2 * np.pi * np.arange(9) / 9
    eigenvalues = 125 * 0.8 * 0.2 * sum(2 + 2 * np.cos(step * turn) for step in (2, 3, 4))
    error = np.mean((2 + 2 * np.cos(turn)) / eigenvalues)
    exact = stats.binomtest(20, 40).proportion_ci()
    low, high = (np.log(end / (1 - end)) for end in (exact.low, exact.high))

    assert (found.expected, found.ratio, found.spread) == pytest.approx((80, 0.25, 0))
    assert 4 * found.low == pytest.approx(np.exp(-np.hypot(low, 1.959964 * np.sqrt(error))))
    assert 4 * found.high == pytest.approx(np.exp(np.hypot(high, 1.959964 * np.sqrt(error))))


def test_pairs_that_changed_by_as_much_are_as_far() -> None:
    # (301 + 1/2) / (100 + 1/2) is 3, as it is of the nine that grew; nine fell to a third.
    assert realized_change(*balanced(100.0, 301.0, grown=301.0)).n_as_far == 18


def test_what_changes_less_than_any_other_has_most_as_far() -> None:
    assert realized_change(*balanced(20.0, 20.0)).n_as_far == 27
    assert realized_change(*balanced(20.0, 19.0)).n_as_far == 18
    assert realized_change(*balanced(5.0, 500.0)).n_as_far == 0


def test_spread_is_told_by_the_hundred_pairs_nearest_in_size() -> None:
    # Of 45 countries the pairs of the first 15 are all small and calm, and the others great and
    # wild, in turn up and down; a small pair is asked for, then a great one.
    first, second = (side.astype(np.int64) for side in np.triu_indices(45, 1))
    is_small = second < 15
    sign = np.where((first + second) % 2 == 0, 1.0, -1.0)
    before = np.where(is_small, 1e4, 1e6)
    after: Floats = np.rint(np.where(is_small, 1e4, 1e6 * np.exp(sign)))
    periods = Periods(first=first, second=second, before=before, after=after)
    small, great = (
        realized_change(periods, int(np.flatnonzero(chosen)[-1]))
        for chosen in (is_small, ~is_small)
    )

    assert small.n_like == great.n_like == 100
    assert small.n_pairs == 45 * 44 // 2 - 1
    assert small.spread < great.spread / 3


def test_countries_without_joint_works_in_a_period_tell_nothing_and_are_left_out() -> None:
    # Country 10 had joint works with 9 alone, and before alone. Without them 9 had none before.
    periods, pair = balanced(20.0, 5.0)
    some = Periods(
        first=np.append(periods.first, [9, 9, 3]),
        second=np.append(periods.second, [0, 10, 11]),
        before=np.append(periods.before, [0.0, 7.0, 0.0]),
        after=np.append(periods.after, [5.0, 0.0, 0.0]),
    )

    assert realized_change(some, pair) == realized_change(periods, pair)


def test_a_country_with_one_joint_work_in_each_period_is_told_by_it() -> None:
    periods, pair = balanced(20.0, 5.0)
    some = Periods(
        first=np.append(periods.first, [9, 9]),
        second=np.append(periods.second, [0, 1]),
        before=np.append(periods.before, [1.0, 0.0]),
        after=np.append(periods.after, [0.0, 1.0]),
    )
    found = realized_change(some, pair)

    assert (found.n_pairs, found.n_countries, found.n_like) == (29, 10, 29)


def test_ten_other_pairs_are_enough_and_nine_are_not() -> None:
    first, second = (side.astype(np.int64) for side in np.triu_indices(6, 1))
    counts = 50 + np.arange(15.0)

    def of(n: int) -> Periods:
        return Periods(first=first[:n], second=second[:n], before=counts[:n], after=counts[:n])

    assert realized_change(of(11), 0).n_pairs == 10
    with pytest.raises(NotComputableError, match="9 other pairs"):
        realized_change(of(10), 0)
