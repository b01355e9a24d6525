"""Separation: rows that a Poisson model with fixed effects fits perfectly at infinity.

Where a combination of regressors and effects is zero on every row with a positive outcome and at
least zero, somewhere above it, on the rows that are zero, the likelihood grows without end along
it: those rows carry no information, and an estimate that keeps them is an accident of when the
iterations stop. They are found here before anything is estimated.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import linalg, sparse
from scipy.sparse import csgraph
from scipy.sparse.linalg import lsmr

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]

TOLERANCE = 1e-5
"""Least value of a certificate on a separated row; its greatest value is 1."""

EXACT = 1e-9
"""Greatest value of a certificate on a row that is kept, which rounding alone may leave."""

RANK = 1e-10
"""Singular values below this part of the greatest are 0."""

THRESHOLDS = (1e-8, 1e-6, 1e-4, 1e-2)
"""Values below which a rectified row may be one that is not separated, from strict to wide."""

WITHIN = 1e-6
"""Precision at which means of levels are taken away."""

PINNED = 1e-4
"""Part of a regressor's length that must be left within effects for it to be no combination."""

SAMPLE_ROWS = 20_000
"""Positive rows that are tried first: what is independent on them is so on all."""

MAX_COLUMNS = 1500
"""Columns up to which the null space is computed; beyond, only what needs none is examined."""

MAX_ITERATIONS = 1000
"""Of the rectifier, and of means that are taken away; what is small after these is tried as 0."""

EFFECTS_OF_A_GRAPH = 2
"""So many effects are the two sides of a graph whose edges are the positive rows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Separation:
    """What the guard found.

    Attributes
    ----------
    is_separated
        Rows to leave out, shape (n,).
    without_positive
        Of these, rows in a level of an effect that has no positive outcome, shape (n,).
    certificate
        A combination of regressors and effects, shape (n,): 0 on every row with a positive outcome,
        0 on rows that are kept, above 0 on those that `is_separated` adds to `without_positive`.
        It proves them; rows of `without_positive` are proved by their level and are 0 in it.
    is_complete
        Whether no further row can be separated; False where the problem was too large to say.
    """

    is_separated: Booleans
    without_positive: Booleans
    certificate: Floats
    is_complete: bool


def separation(outcome: Floats, regressors: Floats, effects: Mapping[str, Integers]) -> Separation:
    r"""Find the rows that separate a Poisson model, with a certificate that proves them.

    First every level of an effect without a positive outcome is left out. Then the iterative
    rectifier: the indicator of zero rows is projected on the combinations
    :math:`z = X\gamma + D\alpha` that are 0 on all positive rows, negative values are set to 0, and
    this is repeated until the projection is nowhere negative. A null space takes the place of the
    large weights of the published algorithm, so that the positive rows are exactly 0.

    Where the regressors vary within effects among positive rows, only the effects can separate: two
    effects are a graph, in which nothing is computed but its strongly connected parts.

    Parameters
    ----------
    outcome
        Shape (n,), 0 or more.
    regressors
        Shape (n, k); k may be 0.
    effects
        Level of each row, shape (n,), by name of the effect.

    Returns
    -------
    Separation
        Rows to leave out and the proof.

    References
    ----------
    Correia, Guimarães & Zylkin (2019), "Verifying the existence of maximum likelihood estimates
    for generalized linear models", arXiv:1903.01633.
    """
    without = _without_positive(outcome, effects)
    kept = ~without
    certificate = np.zeros(len(outcome))
    certificate[kept], is_complete = _certificate(
        outcome[kept], regressors[kept], {name: codes[kept] for name, codes in effects.items()}
    )
    return Separation(
        is_separated=without | (certificate > TOLERANCE),
        without_positive=without,
        certificate=certificate,
        is_complete=is_complete,
    )


def renumbered(codes: Integers) -> Integers:
    """Return numbers from 0 for levels, in their order, without gaps."""
    return pd.factorize(codes, sort=True)[0].astype(np.int64)


def combined(*parts: Integers) -> Integers:
    """Return a number for each different combination of numbers, such as of country and year."""
    table = pd.DataFrame(dict(enumerate(parts)))
    return np.asarray(table.groupby(list(table)).ngroup(), dtype=np.int64)


def n_levels(codes: Integers) -> int:
    """Count different levels."""
    return len(pd.unique(codes))


def _without_positive(outcome: Floats, effects: Mapping[str, Integers]) -> Booleans:
    """Mark rows in a level that has no positive outcome; no other level loses one by it."""
    found = np.zeros(len(outcome), dtype=bool)
    for codes in map(renumbered, effects.values()):
        found |= np.bincount(codes, weights=outcome)[codes] == 0
    return found


def _certificate(
    outcome: Floats, regressors: Floats, effects: Mapping[str, Integers]
) -> tuple[Floats, bool]:
    """Return the certificate of rows that all have a positive outcome in each level."""
    is_zero = outcome == 0
    nothing = np.zeros(len(outcome))
    if not is_zero.any() or not (effects or regressors.shape[1]):
        return nothing, True
    coded = {name: renumbered(codes) for name, codes in effects.items()}
    dummies = _dummies(coded, len(outcome))
    scale = np.abs(regressors).max(axis=0, initial=0.0)
    scaled = regressors / np.where(scale > 0, scale, 1.0)
    if 0 < len(coded) <= EFFECTS_OF_A_GRAPH and _are_pinned(scaled, dummies, ~is_zero):
        return _of_graph(coded, is_zero), True
    if dummies.shape[1] + scaled.shape[1] > MAX_COLUMNS:
        return nothing, False
    return _rectified(np.hstack([scaled, dummies.toarray()]), is_zero)


def _dummies(coded: Mapping[str, Integers], n: int) -> sparse.csr_array:
    """Return a column for each level of each effect; a constant where there is no effect."""
    if not coded:
        return sparse.csr_array(np.ones((n, 1)))
    rows = np.arange(n)
    return sparse.hstack(
        [sparse.csr_array((np.ones(n), (rows, codes))) for codes in coded.values()], format="csr"
    )


def _are_pinned(regressors: Floats, dummies: sparse.csr_array, is_positive: Booleans) -> bool:
    """Say whether regressors are independent of each other and of effects on positive rows."""
    if regressors.shape[1] == 0:
        return True
    (rows,) = np.nonzero(is_positive)
    by_level = rows[np.argsort(dummies.indices[dummies.indptr[rows]], kind="stable")]
    return any(
        _are_independent(regressors[some], dummies[some])
        for some in (by_level[:SAMPLE_ROWS], by_level)
        if len(some) < len(by_level) or some is by_level
    )


def _are_independent(regressors: Floats, dummies: sparse.csr_array) -> bool:
    """Say whether no combination of regressors is one of effects."""
    within = np.column_stack([_within(column, dummies) for column in regressors.T])
    least = linalg.svdvals(within)[-1]
    return bool(least > PINNED * np.linalg.norm(regressors, axis=0).max())


def _within(column: Floats, dummies: sparse.csr_array) -> Floats:
    """Return what of a column is left when the means of all levels are taken away."""
    found = lsmr(dummies, column, atol=WITHIN, btol=WITHIN, maxiter=MAX_ITERATIONS)
    left: Floats = column - dummies @ found[0]
    return left


def _of_graph(coded: Mapping[str, Integers], is_zero: Booleans) -> Floats:
    """Return the certificate where only one or two effects can separate.

    A combination of effects that is 0 on positive rows is one number for each connected part of
    the graph of positive rows, and a zero row between two parts is their difference: it can be
    above 0 everywhere just where no way leads back between the parts.
    """
    first = next(iter(coded.values()))
    second = list(coded.values())[1] if len(coded) > 1 else np.zeros_like(first)
    n_first = n_levels(first)
    n = n_first + n_levels(second)
    edges = (first[~is_zero], second[~is_zero] + n_first)
    positive = sparse.coo_array((np.ones(len(edges[0])), edges), shape=(n, n))
    n_parts, part = csgraph.connected_components(positive)
    source, target = part[first], part[second + n_first]
    across = source != target
    ways = sparse.coo_array(
        (np.ones(int(across.sum())), (source[across], target[across])), shape=(n_parts, n_parts)
    )
    n_cycles, cycle = csgraph.connected_components(ways, connection="strong")
    height = _heights(cycle[source[across]], cycle[target[across]], n_cycles)
    values: Floats = height[cycle[source]] - height[cycle[target]]
    return values / max(1.0, float(values.max()))


def _heights(source: Integers, target: Integers, n: int) -> Floats:
    """Return numbers that fall along every way between different cycles."""
    apart = source != target
    height = np.zeros(n)
    while True:
        raised = height.copy()
        np.maximum.at(raised, source[apart], height[target[apart]] + 1.0)
        if np.array_equal(raised, height):
            return height
        height = raised


def _rectified(design: Floats, is_zero: Booleans) -> tuple[Floats, bool]:
    """Return the certificate of the iterative rectifier, by the null space of positive rows."""
    values = np.zeros(len(design))
    pinned, free = design[~is_zero], design[is_zero]
    basis = _combinations(pinned, free)
    wanted = np.ones(len(free))
    for _ in range(MAX_ITERATIONS):
        wanted = np.maximum(basis @ (basis.T @ wanted), 0.0)
    # What is small may be zero that the iterations have not reached: a row counts as separated
    # only with a combination that is zero, and not only small, on all rows that are kept.
    for threshold in THRESHOLDS:
        is_above = wanted > threshold
        if not is_above.any():
            return values, True
        exact = _combinations(np.vstack([pinned, free[~is_above]]), free)
        found = exact @ (exact.T @ wanted)
        if found[is_above].min() > TOLERANCE and np.abs(found[~is_above]).max(initial=0) < EXACT:
            found[~is_above] = 0.0
            values[is_zero] = found / found.max()
            return values, True
    return values, False


def _combinations(pinned: Floats, free: Floats) -> Floats:
    """Return an orthonormal basis of what `free` rows can be where `pinned` ones are 0."""
    null_space = linalg.null_space(pinned, rcond=RANK) if len(pinned) else np.eye(free.shape[1])
    possible = free @ null_space
    if np.abs(possible).max(initial=0.0) < RANK:
        return np.zeros((len(free), 0))
    found: Floats = linalg.orth(possible, rcond=RANK)
    return found
