"""Bought technology: whether output rises more with payments for it where own capacity is high."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import numpy as np

from fourseas.errors import NotComputableError
from fourseas.models.level import COMPARED, COMPARISONS, Comparison
from fourseas.models.openness import Panel
from fourseas.models.regression import Design, fit_ols
from fourseas.models.separation import Booleans, Floats, n_levels
from fourseas.models.verdict import Estimate

Outcome = Literal["output", "level"]
OUTCOMES: dict[Outcome, str] = {
    "output": "works",
    "level": "excellent share",
}
Capacity = Literal["gerd_share", "researchers_per_million"]
CAPACITIES: dict[Capacity, str] = {
    "gerd_share": "R&D by GDP",
    "researchers_per_million": "researchers",
}
GROWING, CAPACITY = "growing measure", "own capacity"
"""Names of the choices of an estimate."""

BOUGHT, OWN, BOUGHT_X_OWN = "bought", "own", "bought_x_own"
LEAST_ROWS = 60
LEAST_COUNTRIES = 12


def bought_technology(
    panel: Panel, payments: Floats, capacity: Mapping[Capacity, Floats]
) -> list[Estimate]:
    r"""Estimate how later growth goes with payments for technology where own capacity is high.

    .. math::

        \log y_{c,t+1} - \log y_{ct} = b_1\, pay + b_2\, cap + b_3\, pay \times cap + d_t (+ a_c)
        + u_{ct}

    where *pay* is the log of payments for the use of foreign intellectual property by GDP and *cap*
    the log of own capacity, both of period t, less their means. Errors are clustered by country.

    Parameters
    ----------
    panel
        All fields together.
    payments
        By GDP, of each row, from 0, shape (n,); NaN if unknown.
    capacity
        Of each row, shape (n,), by measure; NaN if unknown.

    Returns
    -------
    list
        :math:`b_3` by growing measure, capacity and comparison.

    Raises
    ------
    NotComputableError
        Where too few countries have all of it.
    """
    grown: dict[Outcome, Floats] = {
        "output": panel.output,
        "level": panel.level["fractional"],
    }
    log_payments = _log(payments)
    found = []
    for outcome, words in OUTCOMES.items():
        log_level = _log(grown[outcome])
        growth = panel.at(log_level, 1) - log_level
        for measure, measured in capacity.items():
            log_capacity = _log(measured)
            used = np.isfinite(growth) & np.isfinite(log_payments) & np.isfinite(log_capacity)
            _check(panel, used)
            pay, own = (x[used] - x[used].mean() for x in (log_payments, log_capacity))
            regressors = {BOUGHT: pay, OWN: own, BOUGHT_X_OWN: pay * own}
            choices = {GROWING: words, CAPACITY: CAPACITIES[measure]}
            found += [
                _estimate(panel, used, growth[used], regressors, {**choices, COMPARED: comparison})
                for comparison in COMPARISONS
            ]
    return found


def _log(values: Floats) -> Floats:
    found: Floats = np.log(np.where(values > 0, values, np.nan))
    return found


def _check(panel: Panel, used: Booleans) -> None:
    n = int(used.sum())
    n_countries = n_levels(panel.country[used])
    if n < LEAST_ROWS or n_countries < LEAST_COUNTRIES:
        question = "Growth with bought technology"
        raise NotComputableError.because(
            question,
            f"{n} changes of {n_countries} countries have output, payments and capacity, and it "
            f"takes {LEAST_ROWS} of {LEAST_COUNTRIES}",
            "Add the register of countries, and one with output of many, such as ncses.",
        )


def _estimate(
    panel: Panel,
    used: Booleans,
    growth: Floats,
    regressors: Mapping[str, Floats],
    choices: Mapping[str, str],
) -> Estimate:
    within: Comparison = "within countries"
    effects = {"period": panel.period[used]}
    if choices[COMPARED] == within:
        effects["country"] = panel.country[used]
    fit = fit_ols(
        Design(
            outcome=growth,
            regressors=regressors,
            effects=effects,
            clusters={"country": panel.country[used]},
        )
    )
    return Estimate(
        choices=choices,
        coefficient=fit.of(BOUGHT_X_OWN),
        n=fit.n,
        n_clusters=fit.n_clusters,
    )
