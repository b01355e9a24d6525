"""Stability by drawing works again: what intervals from sums of squares stand in for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

TAIL = 0.025
"""Part of the drawn values below the lower end of an interval, and above the upper."""


@dataclass(frozen=True, slots=True, eq=False)
class Resampled:
    """Ratios of sums over works, and what they were when the works were drawn again.

    Attributes
    ----------
    ratios
        Ratios over the works as they are, shape (k,); NaN where no work has weight.
    draws
        Ratios over each drawn sample, shape (samples, k).
    low, high
        Ends of the 95% stability interval of each ratio, shape (k,).
    """

    ratios: Floats
    draws: Floats
    low: Floats
    high: Floats


def bootstrap(weights: Floats, scores: Floats, *, samples: int = 1000, seed: int = 0) -> Resampled:
    r"""Return the stability of weighted means of one unit's works, as in the Leiden Ranking.

    .. math:: R = \frac{\sum_w a_w y_w}{\sum_w a_w}

    over *n* works drawn with replacement from the unit's *n*, so many times over. Of the *B*
    sorted values those at :math:`\lfloor 0.025 B \rfloor` and :math:`\lfloor 0.975 B \rfloor`,
    counted from 0, are the ends of the interval. Scores are taken as given: the cells of
    normalisation are not drawn again. It is no test of anything.

    Parameters
    ----------
    weights
        Weight of each work, shape (n,): 1, or the unit's credit.
    scores
        Scores of each work, shape (n, k).
    samples, seed
        How many samples to draw, and where the generator starts.

    References
    ----------
    CWTS Leiden Ranking Open Edition (2025), stability intervals; Efron (1979), "Bootstrap
    methods: another look at the jackknife", Annals of Statistics 7(1), 1-26.
    """
    n_works = len(weights)
    random = np.random.default_rng(seed)
    sums = np.column_stack([weights, weights[:, None] * scores])

    def times_drawn() -> Floats:
        drawn = random.integers(n_works, size=n_works)
        return np.bincount(drawn, minlength=n_works).astype(np.float64)

    drawn = np.stack([times_drawn() @ sums for _ in range(samples)])
    return _resampled(sums[:, 1:].sum(axis=0), sums[:, :1].sum(axis=0), drawn[:, 1:], drawn[:, :1])


def poisson_bootstrap(
    numerators: Floats, denominators: Floats, *, samples: int = 1000, seed: int = 0
) -> Resampled:
    r"""Return ratios of sums that share works, drawn together.

    .. math:: R_j = \frac{\sum_w \kappa_w x_{wj}}{\sum_w \kappa_w z_{wj}}, \qquad
              \kappa_w \sim \text{Poisson}(1)

    A work is drawn as often for every ratio, so that differences and ranks of units that
    write together can be read off the rows of ``draws``; the number of works varies from
    sample to sample, which for many works changes nothing. Samples in which a denominator is 0
    are NaN for that ratio and left out of its interval.

    Parameters
    ----------
    numerators, denominators
        What each work adds to both sums of each ratio, shape (n, k).
    samples, seed
        How many samples to draw, and where the generator starts.

    References
    ----------
    Hanley & MacGibbon (2006), "Creating non-parametric bootstrap samples using Poisson
    frequencies", Computer Methods and Programs in Biomedicine 83, 57-62.
    """
    n_works = len(numerators)
    random = np.random.default_rng(seed)
    times = (random.poisson(1.0, size=n_works).astype(np.float64) for _ in range(samples))
    both = np.hstack([numerators, denominators])
    drawn = np.stack([kappa @ both for kappa in times])
    split = numerators.shape[1]
    return _resampled(
        numerators.sum(axis=0), denominators.sum(axis=0), drawn[:, :split], drawn[:, split:]
    )


def interval(draws: Floats) -> tuple[Floats, Floats]:
    """Return the ends of the 95% interval of drawn values, shape (samples, k), each (k,).

    The values at 2.5% and 97.5% of the sorted ones; NaN are left out, and where nothing else
    was drawn the ends are NaN.
    """
    ordered = np.sort(draws, axis=0)  # NaN come last
    n_drawn = np.count_nonzero(~np.isnan(ordered), axis=0)
    columns = np.arange(ordered.shape[1])

    def at(part: float) -> Floats:
        place = np.floor(part * n_drawn).astype(np.int64)
        found: Floats = ordered[place, columns]
        return found

    return at(TAIL), at(1.0 - TAIL)


def _resampled(
    numerators: Floats, denominators: Floats, drawn_above: Floats, drawn_below: Floats
) -> Resampled:
    draws = _ratio(drawn_above, drawn_below)
    low, high = interval(draws)
    return Resampled(ratios=_ratio(numerators, denominators), draws=draws, low=low, high=high)


def _ratio(above: Floats, below: Floats) -> Floats:
    """Return quotients, NaN where nothing is below."""
    below = np.broadcast_to(below, above.shape)
    found: Floats = np.divide(above, below, out=np.full(above.shape, np.nan), where=below > 0)
    return found
