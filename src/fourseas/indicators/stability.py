"""Stability intervals: how far a number would move if the unit's works were drawn again."""

from __future__ import annotations

from dataclasses import dataclass

import ibis.expr.types as ir

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
    size = n.nullif(0.0)
    center = share + z2 / (2.0 * size)
    spread = NORMAL_975 * (share * (1.0 - share) / size + z2 / (4.0 * size * size)).sqrt()
    scale = 1.0 + z2 / size
    return Interval(
        low=((center - spread) / scale).clip(0.0, 1.0),
        high=((center + spread) / scale).clip(0.0, 1.0),
    )


def ratio_interval(
    ratio: ir.FloatingValue,
    *,
    weight: ir.FloatingValue,
    weight2: ir.FloatingValue,
    cross: ir.FloatingValue,
    square: ir.FloatingValue,
) -> Interval:
    r"""Return the interval of a weighted mean by the delta method, from sums of squares.

    .. math:: R \mp z \frac{\sqrt{\sum a^2 y^2 - 2R \sum a^2 y + R^2 \sum a^2}}{\sum a}

    where *a* are the works' weights and *y* their scores. It is what resampling the unit's
    works would give in the limit, the cells of normalisation kept; not a test of anything.

    Parameters
    ----------
    ratio
        :math:`R = \sum a y / \sum a`.
    weight, weight2
        :math:`\sum a` and :math:`\sum a^2`.
    cross, square
        :math:`\sum a^2 y` and :math:`\sum a^2 y^2`.
    """
    # `clip` keeps null; `greatest` of null and 0 is 0 on both engines.
    deviation = (square - 2.0 * ratio * cross + ratio * ratio * weight2).clip(lower=0.0)
    spread = NORMAL_975 * deviation.sqrt() / weight.nullif(0.0)
    return Interval(low=(ratio - spread).clip(lower=0.0), high=ratio + spread)
