"""Intervals of shares: their ends, and what a share of none or all has."""

from __future__ import annotations

import math
from collections.abc import Sequence

import ibis
import ibis.expr.types as ir
import pytest

from fourseas.indicators.stability import (
    Interval,
    WeightedMean,
    difference_interval,
    mean_interval,
    share_interval,
    sum_of_squares,
    weighted_share_interval,
)


def interval(share: float | None, n: float | None) -> tuple[float, float]:
    """Return both ends of the interval of one share."""
    row = ibis.memtable({"share": [share], "n": [n]}, schema={"share": "float64", "n": "float64"})
    found = share_interval(row.share, row.n)
    ends = row.select(low=found.low, high=found.high).to_pandas().iloc[0]
    return float(ends.low), float(ends.high)


def test_ends_are_wilsons() -> None:
    # Newcombe (1998), "Two-sided confidence intervals for the single proportion", table I,
    # method 3: 81 of 263, 15 of 148 and 1 of 29.
    assert interval(81 / 263, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert interval(15 / 148, 148) == pytest.approx((0.0624, 0.1605), abs=5e-5)
    assert interval(1 / 29, 29) == pytest.approx((0.0061, 0.1718), abs=5e-5)


@pytest.mark.parametrize("n", range(1, 60))
def test_a_share_of_none_begins_at_zero_and_of_all_ends_at_one(n: int) -> None:
    none, every = interval(0.0, n), interval(1.0, n)

    assert none[0] == 0.0
    assert every[1] == 1.0
    # Newcombe's limit of 0 of n: z squared by n and z squared.
    assert none[1] == pytest.approx(3.841459 / (n + 3.841459), abs=1e-6)
    assert every[0] == pytest.approx(1 - none[1])


@pytest.mark.parametrize("n", [7, 11, 20, 23])
def test_a_share_that_is_all_but_for_rounding_ends_at_one(n: int) -> None:
    # Sums of parts that make a whole miss it by a digit; the formula then rounds beyond 1.
    assert interval(1.0 - 2**-53, n)[1] == 1.0
    assert interval(1.0 - 2**-52, n)[1] == 1.0


def test_a_share_of_no_works_has_no_interval() -> None:
    low, high = interval(0.5, 0.0)

    assert math.isnan(low)
    assert math.isnan(high)


Z = 1.959963984540054
"""R 4.3.1: qnorm(0.975), to the last digit of a float64."""

WEIGHTS, SCORES = (1.0, 0.5, 0.25, 0.25), (1.0, 4.0, 0.0, 2.0)


CON = ibis.duckdb.connect(threads=1)


def _number(value: float) -> ir.FloatingValue:
    """Return a number that DuckDB takes for no decimal one."""
    return ibis.literal(repr(value)).cast("float64")


def _value(of: ir.FloatingValue) -> float | None:
    """Return what an expression of literals is."""
    found = CON.execute(of)
    return None if found is None or math.isnan(found) else float(found)


def _ends(of: Interval) -> tuple[float | None, float | None]:
    return _value(of.low), _value(of.high)


def _mean(weights: Sequence[float], scores: Sequence[float]) -> WeightedMean:
    """Return the mean of works with the sums that are kept of them."""
    weight, weight2 = sum(weights), sum(a * a for a in weights)
    ratio = _number(sum(a * y for a, y in zip(weights, scores, strict=True)) / weight)
    return WeightedMean(
        ratio=ratio,
        weight=_number(weight),
        weight2=_number(weight2),
        deviation=sum_of_squares(
            ratio,
            _number(weight2),
            _number(sum(a * a * y for a, y in zip(weights, scores, strict=True))),
            _number(sum(a * a * y * y for a, y in zip(weights, scores, strict=True))),
        ),
    )


def _deviation(weights: Sequence[float], scores: Sequence[float]) -> float:
    """Return the sum of squares about the mean, work by work."""
    mean = sum(a * y for a, y in zip(weights, scores, strict=True)) / sum(weights)
    return sum((a * (y - mean)) ** 2 for a, y in zip(weights, scores, strict=True))


def test_squares_about_the_mean_come_from_sums_alone() -> None:
    # The mean is 3.5 / 2: (1 - 1.75)^2 + (0.5 (4 - 1.75))^2 + (0.25 1.75)^2 + (0.25 0.25)^2.
    assert _value(_mean(WEIGHTS, SCORES).ratio) == 1.75
    by_hand = 0.75**2 + 1.125**2 + 0.4375**2 + 0.0625**2
    assert _deviation(WEIGHTS, SCORES) == pytest.approx(by_hand)
    assert _value(_mean(WEIGHTS, SCORES).deviation) == pytest.approx(by_hand, rel=1e-14)


@pytest.mark.parametrize(
    ("square", "left_of", "kept"),
    [
        (1.0, 1e12, 0.0),  # a part in 10^12 of what it is left of
        (1.001, 1e12, 1.001),
        (0.999, 1e12, 0.0),
        (-1.0, 1e12, 0.0),
        (1e-9, None, 1e-9),
    ],
)
def test_a_trace_that_rounding_leaves_is_nothing(
    square: float, left_of: float | None, kept: float
) -> None:
    nothing = _number(0.0)
    larger = None if left_of is None else _number(left_of)
    found = sum_of_squares(nothing, nothing, nothing, _number(square), left_of=larger)

    assert _value(found) == kept


def test_the_spread_of_a_mean_is_the_root_of_its_squares_over_its_weight() -> None:
    spread = Z * math.sqrt(_deviation(WEIGHTS, SCORES)) / 2.0
    low, high = _ends(mean_interval(_mean(WEIGHTS, SCORES)))

    assert low == pytest.approx(1.75 - spread)
    assert high == pytest.approx(1.75 + spread)
    assert _ends(mean_interval(_mean([1.0, 1.0], [0.0, 1.0])))[0] == 0.0


def test_of_works_that_score_alike_or_none_no_spread_is_told() -> None:
    alike, mean = _mean([1.0, 0.5], [3.0, 3.0]), _mean(WEIGHTS, SCORES)
    none = WeightedMean(mean.ratio, _number(0.0), mean.weight2, mean.deviation)

    assert _ends(mean_interval(alike)) == (None, None)
    assert _ends(mean_interval(none)) == (None, None)
    assert _ends(difference_interval(mean, alike)) == (None, None)
    assert _ends(difference_interval(alike, mean)) == (None, None)
    assert _ends(difference_interval(none, mean)) == (None, None)


def test_variances_of_two_means_add_up_in_their_difference() -> None:
    other = ((1.0, 1.0, 0.5), (0.0, 1.0, 2.0))
    variance = _deviation(WEIGHTS, SCORES) / 2.0**2 + _deviation(*other) / 2.5**2
    low, high = _ends(difference_interval(_mean(WEIGHTS, SCORES), _mean(*other)))

    difference = 1.75 - 2.0 / 2.5
    assert low == pytest.approx(difference - Z * math.sqrt(variance))
    assert high == pytest.approx(difference + Z * math.sqrt(variance))


def test_a_share_of_whole_works_has_the_interval_of_wilson() -> None:
    found = _ends(weighted_share_interval(_mean([1.0] * 10, [1.0] * 3 + [0.0] * 7)))

    assert found == pytest.approx(interval(0.3, 10))


def test_a_share_of_works_of_unequal_weight_counts_as_fewer() -> None:
    weights, scores = (1.0, 1.0, 0.25, 0.5), (1.0, 0.0, 1.0, 0.0)
    share = 1.25 / 2.75
    size = share * (1 - share) * 2.75**2 / _deviation(weights, scores)

    assert size < 4
    assert _ends(weighted_share_interval(_mean(weights, scores))) == pytest.approx(
        interval(share, size)
    )


def test_a_share_of_all_or_none_has_as_many_works_as_kish_counts() -> None:
    for share in (0.0, 1.0):
        mean = _mean([1.0, 0.5], [share, share])

        assert _value(mean.size()) == pytest.approx(1.5**2 / 1.25)
        assert _ends(weighted_share_interval(mean)) == pytest.approx(interval(share, 1.8))


def test_of_a_share_without_squares_no_interval_is_told() -> None:
    mean = _mean(WEIGHTS, (1.0, 0.0, 1.0, 0.0))
    published = WeightedMean(mean.ratio, mean.weight, mean.weight2, ibis.null("float64"))

    assert _ends(weighted_share_interval(published)) == (None, None)
    assert (
        _value(WeightedMean(mean.ratio, mean.weight, _number(0.0), mean.deviation).size()) is None
    )
