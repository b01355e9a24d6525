"""Balancing: flows with given sums of rows and columns, as near as can be to others.

In gravity with effects of origins and destinations this is the conditional equilibrium: what a
change of ties does when every country keeps what it sends and receives in all.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fourseas.errors import NotComputableError
from fourseas.models.separation import Floats

MAX_ITERATIONS = 20_000
TOLERANCE = 1e-12
"""What a sum may miss its margin by, as a part of the greatest margin."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Balanced:
    """Flows that keep their margins.

    Attributes
    ----------
    flows
        Shape (n, m).
    iterations
        Rounds over rows and columns.
    gap
        Greatest miss of a margin, as a part of the greatest margin.
    """

    flows: Floats
    iterations: int
    gap: float


def balance(seed: Floats, rows: Floats, columns: Floats) -> Balanced:
    r"""Scale rows and columns of a matrix until they have given sums.

    .. math:: x_{ij} = r_i c_j s_{ij}, \quad \sum_j x_{ij} = R_i, \quad \sum_i x_{ij} = C_j

    Among all flows with these sums it is the one nearest to the seed in relative entropy. A zero of
    the seed stays a zero.

    Parameters
    ----------
    seed
        Shape (n, m), 0 or more.
    rows, columns
        Sums wanted, shapes (n,) and (m,), with the same total.

    Raises
    ------
    NotComputableError
        Where no flows with these zeros have these sums.

    References
    ----------
    Deming & Stephan (1940), "On a least squares adjustment of a sampled frequency table when the
    expected marginal totals are known", Annals of Mathematical Statistics 11(4), 427-444.
    """
    scale = float(max(rows.max(), columns.max()))
    of_columns = np.ones(seed.shape[1])
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        for iteration in range(MAX_ITERATIONS):
            of_rows = _ratio(rows, seed @ of_columns)
            of_columns = _ratio(columns, of_rows @ seed)
            flows = of_rows[:, None] * seed * of_columns[None, :]
            gap = float(np.abs(flows.sum(axis=1) - rows).max()) / scale
            if gap <= TOLERANCE:
                return Balanced(flows=flows, iterations=iteration + 1, gap=gap)
            if not np.isfinite(gap):
                break
    raise _impossible()


def balance_symmetric(seed: Floats, sums: Floats) -> Balanced:
    r"""Scale a symmetric matrix until its rows, and so its columns, have given sums.

    .. math:: x_{ij} = r_i r_j s_{ij}, \quad \sum_j x_{ij} = R_i

    The same as `balance` with both margins alike, by one factor for each row and column: where
    parts of the network hardly meet, two would be long in finding each other.

    Raises
    ------
    NotComputableError
        Where no flows with these zeros have these sums.

    References
    ----------
    Knight, Ruiz & Uçar (2014), "A symmetry preserving algorithm for matrix scaling", SIAM Journal
    on Matrix Analysis and Applications 35(3), 931-955.
    """
    scale = float(sums.max())
    factors = np.ones(len(sums))
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        for iteration in range(MAX_ITERATIONS):
            factors = np.sqrt(factors * _ratio(sums, seed @ factors))
            flows = factors[:, None] * seed * factors[None, :]
            gap = float(np.abs(flows.sum(axis=1) - sums).max()) / scale
            if gap <= TOLERANCE:
                return Balanced(flows=flows, iterations=iteration + 1, gap=gap)
            if not np.isfinite(gap):
                break
    raise _impossible()


def _impossible() -> NotComputableError:
    return NotComputableError.because(
        "Redirection of all flows",
        "with these ties closed no flows add up to what every country keeps in all",
        "Close fewer ties, or take flows that include those at home.",
    )


def _ratio(wanted: Floats, found: Floats) -> Floats:
    """Return by what to scale; what is wanted to be 0 is scaled to 0."""
    return np.where(wanted > 0, wanted / found, 0.0)
