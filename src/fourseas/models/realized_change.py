"""What became of the joint works of two countries, against what became of all others.

What if asks what closing would touch; here a change has happened, or may have, and is measured.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy
from scipy import linalg

from fourseas.errors import NotComputableError
from fourseas.models import gravity
from fourseas.models.separation import Booleans, Floats, Integers
from fourseas.schema.model import Model

CONFIDENCE = 0.95
N_LIKE = 100
"""Pairs nearest in size, by which it is told how much pairs change anyway."""

LEAST_LIKE = 10
"""Pairs that tell growth; they are of five countries at least."""

MAX_ITERATIONS = 100
CONVERGED = 1e-10
TOLD_APART = 1e-6
"""How nearly a pair must be a sum of pairs that are known, for its growth to be told."""

RIDGE = 1e-10
"""Part of the greatest information that is added to all, so that a step can be solved for."""

HALF = 0.5
"""Added to both counts of a pair where their log is taken, so that 0 has one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Periods:
    """Joint works of all pairs of countries before a year and from it on, as arrays.

    Attributes
    ----------
    first, second
        Numbers of the two countries, shape (n,); each pair stands there once.
    before, after
        Joint works in each period, shape (n,), whole counts.
    """

    first: Integers
    second: Integers
    before: Floats
    after: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class RealizedChange:
    """What became of the joint works of one pair.

    Attributes
    ----------
    before, after
        Its joint works in both periods.
    expected
        Joint works after, had it changed as its two countries' ties with all others did.
    ratio, low, high
        Joint works after by those expected, with its 95% interval; below 1 fewer.
    spread
        Standard deviation of the log of this ratio among pairs of like size, beyond what counts
        of works vary by.
    n_like, n_as_far
        Pairs of like size, and those of them whose ratio is as far from 1.
    n_pairs, n_countries
        What growth is estimated on.
    """

    before: float
    after: float
    expected: float
    ratio: float
    low: float
    high: float
    spread: float
    n_like: int
    n_as_far: int
    n_pairs: int
    n_countries: int


def realized_change(periods: Periods, pair: int) -> RealizedChange:
    r"""Return what became of a pair against the growth of both its countries.

    A pair has joint works before, :math:`b`, and after, :math:`a`, whose means are

    .. math:: E[b_{ij}] = e^{g_{ij} + u_i + u_j}, \qquad
              E[a_{ij}] = e^{g_{ij} + v_i + v_j + \theta_{ij}}

    with an effect of the pair and of each country in each period: gravity with effects of pairs.
    Given :math:`a + b`, :math:`a` is binomial with log odds :math:`c_i + c_j + \theta_{ij}`,
    :math:`c = v - u`, so that the effects of pairs, however many, need not be estimated. The
    growth :math:`c` is estimated on all other pairs, and the ratio of the pair is

    .. math:: e^{\theta} = \frac{a / b}{e^{c_i + c_j}}

    Its interval is the exact one of :math:`a` given :math:`a + b`, widened in logs by how much
    pairs of like size change without any known reason, and by the error of :math:`c`:
    a single pair tells nothing of that itself, and errors clustered by pair would be far too
    small for it.

    Parameters
    ----------
    periods
        All pairs that have joint works in either period.
    pair
        Which of them is asked for.

    Returns
    -------
    RealizedChange
        Ratio, interval and what they rest on.

    Raises
    ------
    NotComputableError
        Where the two had no joint work before, or too few others are there to tell growth.

    References
    ----------
    Conley & Taber (2011), "Inference with difference in differences with a small number of policy
    changes", Review of Economics and Statistics 93(1), 113-125. Clopper & Pearson (1934),
    Biometrika 26, 404-413.
    """
    question = "What became of these joint works"
    before, after = float(periods.before[pair]), float(periods.after[pair])
    if before == 0:
        raise NotComputableError.because(
            question,
            "the two had none in the years before, so that nothing of it can have closed",
            "Take an earlier --from, or longer --before.",
        )
    others = np.arange(len(periods.before)) != pair
    used = _informative(periods, others)
    n_countries = len(np.unique(np.concatenate([periods.first[used], periods.second[used]])))
    if int(used.sum()) < LEAST_LIKE:
        raise NotComputableError.because(
            question,
            f"{int(used.sum())} other pairs of {n_countries} countries have joint works in both "
            f"periods; to tell growth takes {LEAST_LIKE} pairs",
            "Widen --before, take all fields, or another --register.",
        )
    growth, information = _growth(periods, used)
    covariance = np.asarray(linalg.pinvh(information))
    sides = np.array([periods.first[pair], periods.second[pair]])
    if not _is_told(information, covariance, sides):
        raise NotComputableError.because(
            question,
            "the growth of both countries cannot be told from their ties with others",
            "Widen --before, take all fields, or another --register.",
        )
    log_growth = float(growth[sides].sum())
    like = _like(periods, used, before + after)
    log_ratios, variances = _log_ratios(periods, growth, like)
    spread = max(0.0, float(np.mean(log_ratios**2 - variances)))
    dispersion = max(1.0, float(np.mean(log_ratios**2 / variances)))
    error = float(covariance[np.ix_(sides, sides)].sum()) * dispersion
    center = float(np.log((after + HALF) / (before + HALF)) - log_growth)
    ends = _exact(after, before)
    low, high = (_widened(center, end - log_growth, spread + error) for end in ends)
    expected = before * float(np.exp(log_growth))
    return RealizedChange(
        before=before,
        after=after,
        expected=expected,
        ratio=after / expected,
        low=low,
        high=high,
        spread=float(np.sqrt(spread)),
        n_like=len(like),
        n_as_far=int((np.abs(log_ratios) >= abs(center)).sum()),
        n_pairs=int(used.sum()),
        n_countries=n_countries,
    )


def _informative(periods: Periods, kept: Booleans) -> Booleans:
    """Mark pairs both of whose countries have joint works in both periods, among those marked."""
    used = kept & (periods.before + periods.after > 0)
    sides = np.stack([periods.first, periods.second])
    while True:
        before, after = (sides[:, used & (x > 0)] for x in (periods.before, periods.after))
        found = used & np.isin(sides, np.intersect1d(before, after)).all(axis=0)
        if found.sum() == used.sum():
            return found
        used = found


def _growth(periods: Periods, used: Booleans) -> tuple[Floats, Floats]:
    """Return the log growth of each country by maximum likelihood, and the information on it."""
    i, j = periods.first[used], periods.second[used]
    after, total = periods.after[used], periods.before[used] + periods.after[used]
    size = int(np.max([periods.first, periods.second])) + 1
    growth = np.zeros(size)
    value = _likelihood(growth[i] + growth[j], after, total)
    for _ in range(MAX_ITERATIONS):
        share = 1 / (1 + np.exp(-(growth[i] + growth[j])))
        slope = np.zeros(size)
        for side in (i, j):
            np.add.at(slope, side, after - total * share)
        information = _information(i, j, total * share * (1 - share), size)
        # Where countries have no ties, or growth is not told, any step will do: the shortest.
        ridge = RIDGE * information.diagonal().max() * np.eye(size)
        step = linalg.solve(information + ridge, slope, assume_a="pos")
        scale = 1.0
        while True:
            trial = growth + scale * step
            moved = _likelihood(trial[i] + trial[j], after, total)
            if moved >= value or scale < CONVERGED:
                break
            scale /= 2
        growth = trial
        if moved - value < CONVERGED * (1 + abs(value)):
            break
        value = moved
    share = 1 / (1 + np.exp(-(growth[i] + growth[j])))
    return growth, _information(i, j, total * share * (1 - share), size)


def _likelihood(log_odds: Floats, after: Floats, total: Floats) -> float:
    return float((after * log_odds - total * np.logaddexp(0.0, log_odds)).sum())


def _information(i: Integers, j: Integers, weight: Floats, size: int) -> Floats:
    """Return the information on the growth of each country, shape (countries, countries)."""
    found = np.zeros((size, size))
    for one, other in ((i, i), (j, j), (i, j), (j, i)):
        np.add.at(found, (one, other), weight)
    return found


def _is_told(information: Floats, covariance: Floats, sides: Integers) -> bool:
    """Say whether the growth of two countries together follows from that of other pairs."""
    wanted = np.zeros(len(information))
    wanted[sides] = 1.0
    left = wanted - information @ (covariance @ wanted)
    return bool(np.abs(left).max() < TOLD_APART)


def _like(periods: Periods, used: Booleans, total: float) -> Integers:
    """Return the pairs nearest in size, by the ratio of their joint works in both periods."""
    (places,) = np.nonzero(used)
    size = periods.before[places] + periods.after[places]
    distance = np.abs(np.log(size / total))
    return np.asarray(places[np.argsort(distance, kind="stable")[:N_LIKE]], dtype=np.int64)


def _log_ratios(periods: Periods, growth: Floats, pairs: Integers) -> tuple[Floats, Floats]:
    """Return logs of what became of pairs against growth, and their variances as counts."""
    before, after = periods.before[pairs] + HALF, periods.after[pairs] + HALF
    log_growth = growth[periods.first[pairs]] + growth[periods.second[pairs]]
    found: Floats = np.log(after / before) - log_growth
    return found, 1 / before + 1 / after


def _exact(after: float, before: float) -> tuple[float, float]:
    """Return the ends of the exact interval of log odds; the lower may be infinite."""
    tail = (1 - CONFIDENCE) / 2
    low = float(scipy.stats.beta.ppf(tail, after, before + 1)) if after > 0 else 0.0
    high = float(scipy.stats.beta.ppf(1 - tail, after + 1, before))
    with np.errstate(divide="ignore"):
        return float(np.log(low) - np.log1p(-low)), float(np.log(high) - np.log1p(-high))


def _widened(center: float, end: float, variance: float) -> float:
    """Return an end of an interval that is wider by a variance of the log, as a ratio."""
    normal = float(scipy.stats.norm.ppf((1 + CONFIDENCE) / 2))
    reach = float(np.hypot(end - center, normal * np.sqrt(variance)))
    return float(np.exp(center + np.copysign(reach, end - center)))


MODEL = Model(
    name="realized_change",
    title="What became of the joint works of two countries",
    meaning="Joint works of a pair from a year on, against the growth of both with all others.",
    formula="ratio = (after / before) / exp(c_i + c_j), c by maximum likelihood on other pairs",
    observations=gravity.MODEL.observations,
    estimate=realized_change,
    result=RealizedChange,
    source="https://doi.org/10.1162/REST_a_00049",
    caveats=(
        "It says that joint works changed, by how much, and not why.",
        "Ties that the two took up with others instead raise what is expected of them.",
        "Full counting: a work of many countries counts in each of its pairs.",
    ),
)
