"""What is planted in a synthetic world: effects that a model should find, and dirt."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Planted:
    r"""Effects and dirt of a synthetic world.

    Works of exactly two countries follow

    .. math:: \lambda_{ijt} = a_{it} a_{jt} \exp(\beta_1 \ln d_{ij} + \beta_2 border_{ij} +
              \beta_3 language_{ij} + \rho_{ijt})

    with :math:`a` such that each country has the joint works of the real matrix, and
    :math:`\rho` the rivalry of two that are high and close, from a year on. A work is cited in
    proportion to

    .. math:: \exp(\theta\,international + \phi\,(level - 1) + \eta\,same)

    where *level* is the country's share among the 1% most cited by the world's, and *same*
    says that citing and cited work share a country.

    Attributes
    ----------
    log_distance, border, language
        Gravity coefficients.
    rivalry, rivalry_from, high, close
        Its coefficient and first year; levels from `high` that differ by less than `close` of
        the greater are rivals.
    openness, level, home
        Coefficients of being cited.
    closed_from
        Year from which one pair of countries has no joint works in one field.
    international
        Share of works with a known country that have two or more.
    third
        Share of those that have more than two; these are not of the gravity above.
    unplaced, lost
        Share of works no country is known of, and of the authors of others who lost theirs.
    truncated, xpac, retracted, duplicate, merged, impossible, hyper
        Shares of works (truncated: of those with more than 100 authors).
    """

    log_distance: float = -0.45
    border: float = 0.35
    language: float = 0.50
    rivalry: float = -0.60
    rivalry_from: int = 2016
    high: float = 1.0
    close: float = 0.25
    openness: float = 0.30
    level: float = 0.30
    home: float = 0.7
    closed_from: int = 2018
    international: float = 0.22
    third: float = 0.20
    unplaced: float = 0.30
    lost: float = 0.07
    truncated: float = 0.30
    xpac: float = 0.10
    retracted: float = 0.0002
    duplicate: float = 0.001
    merged: float = 0.0005
    impossible: float = 0.0005
    hyper: float = 0.00002


PLANTED = Planted()
