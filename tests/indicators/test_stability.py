"""Intervals of shares: their ends, and what a share of none or all has."""

from __future__ import annotations

import math

import ibis
import pytest

from fourseas.indicators.stability import share_interval


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


def test_a_share_of_no_works_has_no_interval() -> None:
    low, high = interval(0.5, 0.0)

    assert math.isnan(low)
    assert math.isnan(high)
