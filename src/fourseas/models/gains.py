"""Gains of joint works: by how much they stand above what a country stands for itself.

A joint work stands higher than others for many reasons, of which choosing good partners is one. The
gain says by how much, and not why.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import scipy

from fourseas.errors import NotComputableError
from fourseas.models.openness import Panel
from fourseas.models.regression import CONFIDENCE, Coefficient, Design, fit_ols
from fourseas.models.separation import Booleans, Floats, Integers, n_levels, renumbered
from fourseas.models.verdict import Estimate

GainMeasure = Literal["difference", "ratio"]
GAIN_MEASURES: dict[GainMeasure, str] = {
    "difference": "in points",
    "ratio": "log ratio",
}
Side = Literal["ahead", "behind"]
SIDES: tuple[Side, ...] = ("ahead", "behind")

GAIN, FIELD, SIDE, BODY, HELD = "gain", "field", "side", "body", "own level"
"""Names of the choices of an estimate."""

NOT_HELD, IS_HELD = "level free", "level held"
RANK, OWN = "rank", "own_level"
PER_LEVEL = 100.0
LEAST_COUNTRIES = 12
LAST_PERIODS = 2
"""Periods up to the last over which gains are told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gains:
    """Gains of joint works of countries in one field, shape (n,) each.

    Attributes
    ----------
    country
        Numbers of countries.
    by
        By measure.
    own
        Own level, fractional, in points.
    is_ahead, is_behind
        Whether the own level is in the upper or lower third of its period.
    """

    country: Integers
    by: Mapping[GainMeasure, Floats]
    own: Floats
    is_ahead: Booleans
    is_behind: Booleans


def gains(panel: Panel, field: int) -> Gains:
    """Return the gains of joint works of a field in the last periods.

    The level of joint works weights each by the credit that others hold in it (`pooled`); the own
    level is that of all works in fractional counting, in which joint works have a part.
    """
    own, joint = panel.level["fractional"], panel.joint_level
    kept = (panel.field == field) & (panel.period > -LAST_PERIODS)
    kept &= (own > 0) & (joint > 0)  # NaN is not
    rank = np.full(len(own), np.nan)
    for period in np.unique(panel.period[kept]):
        of_period = kept & (panel.period == period)
        rank[of_period] = scipy.stats.rankdata(own[of_period]) / of_period.sum()
    return Gains(
        country=panel.country[kept],
        by={
            "difference": PER_LEVEL * (joint - own)[kept],
            "ratio": np.log(joint[kept] / own[kept]),
        },
        own=PER_LEVEL * own[kept],
        is_ahead=rank[kept] > 2 / 3,
        is_behind=rank[kept] <= 1 / 3,
    )


def mean_gains(of: Gains, choices: Mapping[str, str]) -> list[Estimate]:
    """Return the mean gain of those ahead and of those behind, by both measures.

    Errors are clustered by country.

    Raises
    ------
    NotComputableError
        Where a side has too few countries.
    """
    sides: dict[Side, Booleans] = {"ahead": of.is_ahead, "behind": of.is_behind}
    found = []
    for side, kept in sides.items():
        n = n_levels(of.country[kept])
        if n < LEAST_COUNTRIES:
            question = f"The gain of those {side}"
            raise _too_few(question, n)
        found += [
            Estimate(
                choices={**choices, SIDE: side, GAIN: words},
                coefficient=_mean(of.by[measure][kept], of.country[kept]),
                n=int(kept.sum()),
                n_clusters=n,
            )
            for measure, words in GAIN_MEASURES.items()
        ]
    return found


def gains_by_rank(of: Gains, measured: Floats, choices: Mapping[str, str]) -> list[Estimate]:
    r"""Return how gains go with a country's rank by something else, by both measures.

    .. math:: gain_c = b \, rank_c (+ c\, L_c) + u_c

    with the rank from 0 (lowest) to 1 (highest) among the countries that have both, and with the
    own level left free or held fixed: a low own level makes room for a gain. A country's periods
    are averaged; errors are robust to unequal variance.

    Parameters
    ----------
    of
        Gains.
    measured
        What countries are ranked by, by their numbers, shape (countries,); NaN if unknown.

    Raises
    ------
    NotComputableError
        Where too few countries have both.
    """
    countries = np.unique(of.country)
    known = countries[np.isfinite(measured[countries])]
    if len(known) < LEAST_COUNTRIES:
        question = "How gains go with rank"
        raise _too_few(question, len(known))
    # Where ranks begin is taken up by the constant.
    rank = scipy.stats.rankdata(measured[known]) / (len(known) - 1)
    own = _averaged(of.own, of.country, known)
    found = []
    for measure, words in GAIN_MEASURES.items():
        gain = _averaged(of.by[measure], of.country, known)
        for held, regressors in (
            (NOT_HELD, {RANK: rank}),
            (IS_HELD, {RANK: rank, OWN: own}),
        ):
            fit = fit_ols(Design(outcome=gain, regressors=regressors, effects={}))
            found.append(
                Estimate(
                    choices={**choices, GAIN: words, HELD: held},
                    coefficient=fit.of(RANK),
                    n=fit.n,
                    n_clusters=len(known),
                )
            )
    return found


def _averaged(values: Floats, country: Integers, wanted: Integers) -> Floats:
    """Return the mean of each wanted country."""
    sums = np.bincount(country, weights=values)
    means: Floats = sums[wanted] / np.bincount(country)[wanted]
    return means


def _mean(values: Floats, clusters: Integers) -> Coefficient:
    """Return a mean with its error, clustered, and its interval by Student's t."""
    mean = float(values.mean())
    n_clusters = n_levels(clusters)
    off = np.bincount(renumbered(clusters), weights=values - mean)
    se = float(np.sqrt((off @ off) * n_clusters / (n_clusters - 1)) / len(values))
    reach = float(scipy.stats.t.ppf((1 + CONFIDENCE) / 2, n_clusters - 1)) * se
    return Coefficient(name=GAIN, estimate=mean, se=se, low=mean - reach, high=mean + reach)


def _too_few(question: str, n: int) -> NotComputableError:
    return NotComputableError.because(
        question,
        f"{n} countries have what it takes, and it takes {LEAST_COUNTRIES}",
        "Add a register with impact of many countries by field, such as ncses.",
    )
