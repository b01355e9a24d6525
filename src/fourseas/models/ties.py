"""What two countries share beyond geography: closeness of what they work on, persons who moved.

Both are of years before those that they explain. What is of the same years would be explained by
it as well: joint works make two countries alike, and who has one moves more easily.
"""

from __future__ import annotations

import numpy as np

from fourseas.models.separation import Floats, Integers

PROFILE_LAGS = (5, 3)
"""A profile is of the works of so many years before, from the first to the last."""

MOVE_LAGS = (5, 1)
"""Persons count who moved so many years before, from the first to the last."""

LEAST_WORKS = 30.0
"""Fractional works in a profile below which closeness is chance and left unknown."""


def proximity(credit: Floats, joint: Floats | None = None, *, least: float = LEAST_WORKS) -> Floats:
    r"""Return how alike each two countries are in what they work on, shape (n, n).

    .. math::

        P_{ij} = \frac{\sum_f x_{if} x_{jf}}{\sqrt{\sum_f x_{if}^2 \sum_f x_{jf}^2}}, \quad
        x_{if} = c_{if} - q_{ijf}, \quad x_{jf} = c_{jf} - q_{jif}

    where :math:`c` is the credit of a country in a field and :math:`q_{ijf}` what of *i*'s is in
    works together with *j*: these would make any two alike that work together.

    Parameters
    ----------
    credit
        By country and field, shape (n, f).
    joint
        Credit of the first in works together with the second, shape (n, n, f); where it is not
        told, none is taken away.
    least
        Works that a profile takes.

    Returns
    -------
    Floats
        From 0 (no field in common) to 1; NaN of a country with itself, and where either has
        fewer than `least` left.

    References
    ----------
    Jaffe (1986), "Technological opportunity and spillovers of R&D", American Economic Review
    76(5), 984-1001.
    """
    own = np.broadcast_to(credit[:, None, :], (len(credit), *credit.shape))
    apart = own if joint is None else np.maximum(own - joint, 0.0)
    length = np.sqrt((apart**2).sum(axis=2))
    both = (apart * apart.transpose(1, 0, 2)).sum(axis=2)
    works = apart.sum(axis=2)
    is_known = (works >= least) & (least <= works.T)
    np.fill_diagonal(is_known, val=False)
    with np.errstate(divide="ignore", invalid="ignore"):
        found: Floats = np.where(is_known, both / (length * length.T), np.nan)
    return found


def movers(arrived: Floats, years: Integers, year: int) -> Floats:
    """Return how many persons moved between each two countries, either way, before a year.

    Parameters
    ----------
    arrived
        Persons whose home became the first country and had been the second, by year, shape
        (years, n, n).
    years
        All years that are known, shape (years,).
    year
        The year whose flows are explained.

    Returns
    -------
    Floats
        Persons, 0 or more, shape (n, n); NaN where a year of `MOVE_LAGS` is before or after all
        that is known.
    """
    first, last = (year - lag for lag in MOVE_LAGS)
    if len(years) == 0 or first < years.min() or last > years.max():
        return np.full(arrived.shape[1:], np.nan)
    one_way = arrived[(years >= first) & (years <= last)].sum(axis=0)
    both: Floats = one_way + one_way.T
    return both
