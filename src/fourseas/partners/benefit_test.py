"""Would the benefit that is told of first ties have come? Held against ties that started."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fourseas.models.separation import Booleans, Floats, Integers
from fourseas.partners.benefit import Benefit, Scored

FIFTHS = 5
SAMPLES = 1000
LEVELS = (2.5, 97.5)
SEED = 1

LEAST_SIDES = 30
"""Of fewer sides of ties that started nothing is told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BenefitFifth:
    """Sides of ties that started of one fifth by predicted benefit, from the lowest.

    Attributes
    ----------
    n
        How many.
    expected_works, works
        Mean joint works that were expected of a tie that starts, and that came.
    predicted, seen, low, high
        Mean benefit that was predicted and that came, with a 95% interval of the latter over
        pairs drawn with replacement.
    pp_within
        Part of them whose benefit lay in its range.
    """

    n: int
    expected_works: float
    works: float
    predicted: float
    seen: float
    low: float
    high: float
    pp_within: float


@dataclass(frozen=True, slots=True, kw_only=True)
class BenefitTest:
    """What was predicted of ties that started, and what came.

    Attributes
    ----------
    n_started
        Sides of ties that started.
    every
        Those of them that something was predicted of, and whose benefit is known, together.
    fifths
        The same by fifths.
    """

    n_started: int
    every: BenefitFifth
    fifths: tuple[BenefitFifth, ...]


def benefit_test(told: Benefit, after: Scored, has_started: Booleans) -> BenefitTest | None:
    """Return predicted benefit against that of ties that started; none of too few.

    Parameters
    ----------
    told
        What was predicted, from years before.
    after
        Joint works of the years predicted.
    has_started
        Which pairs had no joint work before and have one then, shape (n, n), symmetric.
    """
    came = after.gain
    row, column = np.nonzero(has_started & np.isfinite(told.gain) & np.isfinite(came))
    if len(row) < LEAST_SIDES:
        return None
    n = len(came)
    pair = np.minimum(row, column) * n + np.maximum(row, column)
    values = {
        "expected_works": told.works[row, column],
        "works": after.works[row, column],
        "predicted": told.gain[row, column],
        "seen": came[row, column],
        "low": told.low[row, column],
        "high": told.high[row, column],
    }
    order = np.argsort(values["predicted"], kind="stable")
    return BenefitTest(
        n_started=int(has_started.sum()),
        every=_fifth(values, pair, np.arange(len(row))),
        fifths=tuple(_fifth(values, pair, rows) for rows in np.array_split(order, FIFTHS)),
    )


def _fifth(values: dict[str, Floats], pair: Integers, rows: Integers) -> BenefitFifth:
    of = {name: value[rows] for name, value in values.items()}
    low, high = _interval(of["seen"], pair[rows])
    return BenefitFifth(
        n=len(rows),
        expected_works=float(of["expected_works"].mean()),
        works=float(of["works"].mean()),
        predicted=float(of["predicted"].mean()),
        seen=float(of["seen"].mean()),
        low=low,
        high=high,
        pp_within=float(((of["seen"] >= of["low"]) & (of["seen"] <= of["high"])).mean()),
    )


def _interval(seen: Floats, pair: Integers) -> tuple[float, float]:
    """Return the interval of a mean, both sides of a pair being drawn together."""
    _, number = np.unique(pair, return_inverse=True)
    n_pairs = int(number.max()) + 1
    sums, counts = np.bincount(number, seen), np.bincount(number)
    draw = np.random.default_rng(SEED).integers(n_pairs, size=(SAMPLES, n_pairs))
    means = sums[draw].sum(axis=1) / counts[draw].sum(axis=1)
    low, high = np.percentile(means, LEVELS)
    return float(low), float(high)
