"""A single score, for those who say what each objective is worth to them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import scipy

from fourseas.errors import FourseasError, UnknownNameError
from fourseas.models.separation import Floats
from fourseas.partners.candidates import OBJECTIVES

AS_GIVEN = 1e-9
"""How far a sum of weights may be from one by rounding."""


def weights(given: Mapping[str, float]) -> tuple[dict[str, float], bool]:
    """Return weights that sum to one, and whether they had to be divided by their sum.

    Raises
    ------
    UnknownNameError
        For what is no objective.
    FourseasError
        For weights below 0, or none above.
    """
    for name in given:
        if name not in OBJECTIVES:
            problem = f"There is no objective named `{name}`."
            raise UnknownNameError(problem, f"There are {', '.join(OBJECTIVES)}.")
    total = sum(given.values())
    # `not >=` also refuses what is no number.
    if any(not weight >= 0 for weight in given.values()) or not 0 < total < float("inf"):
        written = ", ".join(f"{name}={weight:g}" for name, weight in given.items())
        message = f"The weights {written} are no weights."
        raise FourseasError(message, "Give numbers of 0 or more, one above 0.")
    return {name: weight / total for name, weight in given.items()}, abs(total - 1) > AS_GIVEN


def scores(values: Floats, by: Mapping[str, float]) -> Floats:
    """Return weighted means of ranks from 0 to 1; NaN where a weighted objective is not known.

    Ranks, since the objectives have no common unit: of those known in an objective the least
    has 0, the greatest 1, equals their mean.
    """
    found = np.zeros(len(values))
    for name, weight in by.items():
        if weight == 0:
            continue
        column = values[:, list(OBJECTIVES).index(name)]
        known = np.isfinite(column)
        ranks = np.full(len(column), np.nan)
        ranks[known] = (scipy.stats.rankdata(column[known]) - 1) / max(known.sum() - 1, 1)
        found += weight * ranks
    return found
