"""Dominance of candidates over several objectives, of which some may not be known."""

from __future__ import annotations

import numpy as np

from fourseas.models.separation import Booleans, Floats


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
    is_known = np.isfinite(values)
    n = len(values)
    is_as_good, is_better = np.ones((n, n), dtype=bool), np.zeros((n, n), dtype=bool)
    for objective in range(values.shape[1]):
        of_one, known = values[:, objective], is_known[:, objective]
        both = known[:, None] & known[None, :]
        is_as_good &= ~known[None, :] | (both & (of_one[:, None] >= of_one[None, :]))
        is_better |= both & (of_one[:, None] > of_one[None, :])
    return np.logical_and(is_as_good, is_better)


def is_undominated(values: Floats) -> Booleans:
    """Return who is dominated by nobody, and known in some objective."""
    is_beaten: Booleans = np.asarray(dominance(values).any(axis=0))
    is_candidate: Booleans = np.asarray(np.isfinite(values).any(axis=1))
    return ~is_beaten & is_candidate
