"""Stability intervals: how far a number would move if the unit's works were drawn again."""

from __future__ import annotations

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

TRACE = 1e-12
"""What a difference of sums may be off by, as a part of them."""

NORMAL_975 = 1.959963984540054
"""The 97.5% quantile of the standard normal distribution: intervals hold 95%."""


@dataclass(frozen=True, slots=True)
class Interval:
    """Lower and upper end of a 95% stability interval."""

    low: ir.FloatingValue
    high: ir.FloatingValue


def share_interval(share: ir.FloatingValue, n: ir.FloatingValue) -> Interval:
    r"""Return the Wilson score interval of a share of *n* works, each of which counts as one.

    .. math:: \frac{s + z^2/2n \mp z \sqrt{s(1-s)/n + z^2/4n^2}}{1 + z^2/n}

    References
    ----------
    Wilson (1927), "Probable inference, the law of succession, and statistical inference",
    Journal of the American Statistical Association 22, 209-212.
    """
    z2 = NORMAL_975**2
    # Both ends lie between 0 and 1, and a share of 0 or 1 is an end: rounding may pass or miss it.
    size = n.nullif(0.0)
    center = share + z2 / (2.0 * size)
    spread = NORMAL_975 * (share * (1.0 - share) / size + z2 / (4.0 * size * size)).sqrt()
    scale = 1.0 + z2 / size
    low, high = (center - spread) / scale, (center + spread) / scale
    return Interval(
        low=ibis.ifelse(share > 0.0, low.clip(lower=0.0), share * 0.0),
        high=ibis.ifelse(share < 1.0, high.clip(upper=1.0), share),
    )


def sum_of_squares(
    mean: ir.FloatingValue,
    weight2: ir.FloatingValue,
    cross: ir.FloatingValue,
    square: ir.Value,
    *,
    left_of: ir.Value | None = None,
) -> ir.FloatingValue:
    r"""Return :math:`\sum a^2 (y - R)^2` from :math:`R, \sum a^2, \sum a^2 y, \sum a^2 y^2`.

    Zero where rounding would leave less than a trace. Expressions repeat what they are made of:
    compute it where cells are summed, so that what follows names a column. Sums that are
    themselves what is left of larger ones have the rounding of those: `left_of` is the larger
    sum of squares.
    """
    terms = square - 2.0 * mean * cross + mean * mean * weight2
    # Differences of large sums: what is below a part in 10^12 of them is rounding.
    trace = (square if left_of is None else left_of) * TRACE
    return ibis.ifelse(terms > trace, terms, terms * 0.0)


@dataclass(frozen=True, slots=True)
class WeightedMean:
    r"""A weighted mean of works' scores, with the sums that its spread is computed from.

    Attributes
    ----------
    ratio
        :math:`R = \sum a y / \sum a`, of weights *a* and scores *y*.
    weight, weight2
        :math:`\sum a` and :math:`\sum a^2`.
    deviation
        :math:`\sum a^2 (y - R)^2`, see `sum_of_squares`; null where no squares are known.
    """

    ratio: ir.FloatingValue
    weight: ir.FloatingValue
    weight2: ir.FloatingValue
    deviation: ir.FloatingValue

    def size(self) -> ir.FloatingValue:
        r"""Return Kish's effective number of works, :math:`(\sum a)^2 / \sum a^2`."""
        return self.weight * self.weight / self.weight2.nullif(0.0)


def mean_interval(mean: WeightedMean) -> Interval:
    r"""Return the interval of a weighted mean by the delta method, from sums of squares.

    .. math:: R \mp z \frac{\sqrt{\sum a^2 (y - R)^2}}{\sum a}

    It is what resampling the unit's works would give in the limit, the cells of normalisation
    kept; not a test of anything. Null where all works score alike, as one work does: nothing
    can be told of the spread, and an interval without width would say that it is none.
    """
    spread = NORMAL_975 * mean.deviation.nullif(0.0).sqrt() / mean.weight.nullif(0.0)
    return Interval(low=(mean.ratio - spread).clip(lower=0.0), high=mean.ratio + spread)


def difference_interval(one: WeightedMean, other: WeightedMean) -> Interval:
    r"""Return the interval of the difference of two means over different works.

    .. math:: R_1 - R_2 \mp z \sqrt{\frac{\sum a_1^2 (y_1 - R_1)^2}{(\sum a_1)^2} +
              \frac{\sum a_2^2 (y_2 - R_2)^2}{(\sum a_2)^2}}

    Null where the works of either all score alike: nothing can be told of their spread.
    """
    variances = [
        mean.deviation.nullif(0.0) / (mean.weight * mean.weight).nullif(0.0)
        for mean in (one, other)
    ]
    spread = NORMAL_975 * (variances[0] + variances[1]).sqrt()
    difference = one.ratio - other.ratio
    return Interval(low=difference - spread, high=difference + spread)


def weighted_share_interval(mean: WeightedMean) -> Interval:
    r"""Return the interval of a weighted share: Wilson's, on the effective number of works.

    .. math:: n^* = \frac{R (1 - R) (\sum a)^2}{\sum a^2 (y - R)^2}

    is the number of works of weight one whose share would be as stable by the delta method.
    Where all works score alike it is Kish's :math:`(\sum a)^2 / \sum a^2`, so that a share of
    0 or 1 has an interval as wide as its few works are.

    References
    ----------
    Kish (1965), "Survey Sampling"; Korn & Graubard (1998), "Confidence intervals for
    proportions with small expected number of positive counts estimated from survey data",
    Survey Methodology 24, 193-201; Wilson (1927).
    """
    r = mean.ratio
    of_deviation = r * (1.0 - r) * mean.weight * mean.weight / mean.deviation.nullif(0.0)
    # Published figures have no squares: nothing is told of how their works differ.
    size = ibis.ifelse(mean.deviation.notnull(), mean.size(), ibis.null("float64"))
    return share_interval(r, of_deviation.fill_null(size))
