"""Dominance of candidates over several objectives, of which some may not be known."""

from __future__ import annotations

import numpy as np

from fourseas.models.separation import Booleans, Floats, Integers

AT_ONCE = 128
"""Candidates that are compared at once: so many times all of them stand in memory."""

LEAST_AT_ONCE = 16
"""Candidates that the others are compared with first."""

MOST_SHORT = 2**15 - 2
"""Candidates whose ranks are told by 16 bits, which are compared faster than floats of 64."""


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
    ranks = ranked(np.concatenate([values, others]))
    return _dominates(ranks[: len(values)], ranks[len(values) :])


def ranked(values: Floats) -> Integers:
    """Return ranks in each objective from 1, equals together, and 0 for what is not known.

    They tell who dominates whom as the values do, and are compared faster.
    """
    found = np.zeros(values.shape, dtype=np.int32 if len(values) > MOST_SHORT else np.int16)
    for objective in range(values.shape[1]):
        column = values[:, objective]
        known = np.isfinite(column)
        found[known, objective] = np.unique(column[known], return_inverse=True)[1] + 1
    return found


def _dominates(ranks: Integers, others: Integers) -> Booleans:
    """Return whether each of some dominates each of others, by ranks of the same objectives.

    Who is not known in an objective has the least rank there: others are as good as it, and it
    is as good as nobody who is known.
    """
    is_as_good = np.ones((len(ranks), len(others)), dtype=bool)
    is_better = np.zeros_like(is_as_good)
    # Who is better in what is not known of the other has beaten nothing.
    least = np.where(others > 0, others, np.iinfo(others.dtype).max)
    for objective in range(ranks.shape[1]):
        of_one = ranks[:, objective][:, None]
        is_as_good &= of_one >= others[:, objective]
        is_better |= of_one > least[:, objective]
    return np.logical_and(is_as_good, is_better, out=is_as_good)


def is_undominated(values: Floats) -> Booleans:
    """Return who is dominated by nobody, and known in some objective."""
    return is_undominated_of(ranked(values))


def is_undominated_of(ranks: Integers) -> Booleans:
    """Return who is dominated by nobody, and known in some objective, by `ranked`.

    Who dominates another has more ranks in sum, those that are not known counting nothing. So
    the first by that sum are dominated by nobody but each other, and whom they dominate is out.
    """
    order = np.argsort(-ranks.sum(axis=1, dtype=np.int64), kind="stable")
    order = order[ranks[order].any(axis=1)]
    found = np.zeros(len(ranks), dtype=bool)
    # Few at first, who leave few others to be compared.
    n_first = LEAST_AT_ONCE
    while len(order):
        these, order = order[:n_first], order[n_first:]
        free = these[~_dominates(ranks[these], ranks[these]).any(axis=0)]
        found[free] = True
        order = order[~_dominates(ranks[free], ranks[order]).any(axis=0)]
        n_first = min(2 * n_first, AT_ONCE)
    return found


def n_dominated(ranks: Integers, by: Integers) -> Integers:
    """Return how many of all, shape (n, k), each of some, shape (m, k), dominates, by `ranked`."""
    of_parts = [
        np.count_nonzero(_dominates(by[first : first + AT_ONCE], ranks), axis=1)
        for first in range(0, len(by), AT_ONCE)
    ]
    return np.concatenate([np.zeros(0, dtype=np.int64), *of_parts])
