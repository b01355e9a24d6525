"""Dominance of candidates over several objectives, of which some may not be known."""

from __future__ import annotations

import numpy as np
from scipy import stats

from fourseas.models.separation import Booleans, Floats, Integers

AT_ONCE = 256
"""Candidates that are compared at once: so many times all of them stand in memory."""


def dominance(values: Floats) -> Booleans:
    r"""Return who dominates whom.

    A candidate *b* dominates *a* where *b* is known in every objective in which *a* is known,
    is nowhere there worse than *a*, and somewhere better. What is not known of *a* neither wins
    nor loses for it; where *b* is not known and *a* is, nobody can say that *b* is as good. To
    compare whatever both happen to be known in would run in circles: of (1, ?, 3), (2, 1, ?) and
    (?, 2, 2) each would beat another, and nobody would be left.

    Parameters
    ----------
    values
        Objectives of candidates, shape (n, k), more is better; NaN where not known.

    Returns
    -------
    Booleans
        Shape (n, n): whether the candidate of the row dominates that of the column. It is a
        strict partial order, so that each who is dominated is so by one who is not.
    """
    return dominates(values, values)


def dominates(values: Floats, others: Floats) -> Booleans:
    """Return whether each of some, shape (m, k), dominates each of others, shape (n, k): (m, n)."""
    is_as_good = np.ones((len(values), len(others)), dtype=bool)
    is_better = np.zeros_like(is_as_good)
    # Who is not known in an objective is below all there, and not better than anybody.
    floor = np.where(np.isfinite(others), others, -np.inf)
    for objective in range(values.shape[1]):
        of_one = values[:, objective][:, None]
        is_as_good &= (of_one >= floor[:, objective]) | np.isneginf(floor[:, objective])
        is_better |= of_one > others[:, objective]
    return np.logical_and(is_as_good, is_better)


def is_undominated(values: Floats) -> Booleans:
    """Return who is dominated by nobody, and known in some objective.

    Who dominates another has more ranks in sum, those that are not known counting nothing. So
    candidates are gone through by that sum, each held against those alone who are found to be
    undominated before.
    """
    is_known = np.isfinite(values)
    ranks = stats.rankdata(np.where(is_known, values, -np.inf), method="dense", axis=0)
    of_sum = (ranks * is_known).sum(axis=1)
    order = np.argsort(-of_sum, kind="stable")
    order = order[is_known[order].any(axis=1)]
    free = np.zeros(0, dtype=np.int64)
    for first in range(0, len(order), AT_ONCE):
        these = order[first : first + AT_ONCE]
        these = these[~dominates(values[free], values[these]).any(axis=0)]
        these = these[~dominates(values[these], values[these]).any(axis=0)]
        free = np.concatenate([free, these])
    found = np.zeros(len(values), dtype=bool)
    found[free] = True
    return found


def n_dominated(values: Floats, by: Floats) -> Integers:
    """Return how many candidates, shape (n, k), each of others, shape (m, k), dominates: (m,)."""
    of_parts = [
        dominates(by[first : first + AT_ONCE], values).sum(axis=1)
        for first in range(0, len(by), AT_ONCE)
    ]
    return np.concatenate([np.zeros(0, dtype=np.int64), *of_parts])
