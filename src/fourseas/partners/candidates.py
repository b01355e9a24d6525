"""Candidates: what each unit would be to another as a partner, in numbers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from fourseas.models.separation import Booleans, Floats
from fourseas.partners.link_scores import common_neighbours, resource_allocation

OBJECTIVES: dict[str, str] = {
    "strength": "fractional works in what is asked for, times their level",
    "gain": "what the requester lacks there and the partner is strong in",
    "partner_gain": "what the partner lacks anywhere and the requester is strong in",
    "feasibility": "how easily the two come together, apart from their sizes",
    "independence": "one minus the greater concentration of partners once they are tied",
}
"""What a list is drawn by; of each, more is better."""


TOLD = 2
"""Decimals of independence that count: smaller differences keep nobody on a list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """Units of one kind with their works and ties.

    Attributes
    ----------
    credit
        Fractional works by unit and field, shape (n, f).
    world
        The same of all the world's, shape (f,).
    level
        Part in the world's top by that of the world, shape (n, f); NaN where not known.
    works
        Works, whole, shape (n,).
    ties
        Joint works, whole, shape (n, n), symmetric, nothing on the diagonal.
    has_ties
        Whose ties are known, shape (n,): a unit that the register of ties does not list may
        have any.
    least
        Credit in what is asked for, of less than which a unit is no candidate.
    ease
        How easily each two come together, shape (n, n); NaN where not known. Without it, the
        index of resource allocation over common partners stands for it.
    """

    credit: Floats
    world: Floats
    level: Floats
    works: Floats
    ties: sparse.csr_array
    has_ties: Booleans
    least: float = 0.0
    ease: Floats | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidates:
    """What every unit of a pool would be to one of them, shape (n,) each.

    Attributes
    ----------
    objectives
        Shape (n, 5), in the order of `OBJECTIVES`; none of the requester itself and of units
        with too little in what is asked for, which are no candidates.
    gains, partner_gains
        By field, shape (n, f): what the requester, and what the partner, would gain.
    joint
        Joint works; NaN where ties are not known.
    n_common
        Partners that both have.
    allocation
        Index of resource allocation over them.
    dependence, partner_dependence
        Herfindahl index of the partners of each side, with the tie.
    """

    objectives: Floats
    gains: Floats
    partner_gains: Floats
    joint: Floats
    n_common: Floats
    allocation: Floats
    dependence: Floats
    partner_dependence: Floats


def activity(pool: Pool) -> Floats:
    r"""Return activity indices, shape (n, f): a field's part of a unit's works by the world's.

    .. math:: AI_{if} = \frac{x_{if} / x_{i\cdot}}{x_{\cdot f} / x_{\cdot\cdot}}

    NaN for a unit without works and for a field in which the world has none.
    """
    own = pool.credit.sum(axis=1, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        found: Floats = (pool.credit / own) / (pool.world / pool.world.sum())
    return found


def candidates(pool: Pool, requester: int, asked: Floats) -> Candidates:
    r"""Return what every unit would be to the requester as a partner.

    .. math:: g_{ij} = \sum_f w_f \max(1 - AI_{if}, 0) \, \max(AI_{jf} - 1, 0) \, L_{jf}

    is what the requester gains in what it asks for, with *w* its weights of fields; the partner's
    gain is over all fields, for nobody knows what it asks for. A field in which the level *L* is
    not known adds nothing; where it is known in none, the gain is not known.

    Parameters
    ----------
    pool
        Units.
    requester
        Number of the one that seeks partners; of itself all is NaN.
    asked
        Weights of fields, shape (f,); 0 for those that are not asked for.

    References
    ----------
    Complementarity as in `fourseas explain complementarity`, by fields and weights.
    """
    indices = activity(pool)
    needs, offers = np.maximum(1 - indices, 0), np.maximum(indices - 1, 0) * pool.level
    gains = asked * needs[requester] * offers
    partner_gains = needs * offers[requester]
    is_asked = asked > 0
    with np.errstate(invalid="ignore"):
        strength = _known_sum((asked * pool.credit * pool.level)[:, is_asked])
    dependence, partner_dependence = dependences(pool, requester)
    n_common, allocation = common_partners(pool.ties, requester)
    joint = pool.ties[[requester]].toarray()[0].astype(np.float64)
    for one in (n_common, allocation, joint):
        one[~(pool.has_ties & pool.has_ties[requester])] = np.nan
    feasibility = allocation if pool.ease is None else pool.ease[requester]
    objectives = np.column_stack(
        [
            strength,
            _known_sum(gains[:, is_asked]),
            _known_sum(partner_gains),
            feasibility,
            np.round(1 - np.maximum(dependence, partner_dependence), TOLD),
        ]
    )
    there = pool.credit[:, is_asked].sum(axis=1)
    objectives[(there == 0) | (there < pool.least)] = np.nan
    objectives[requester] = np.nan
    return Candidates(
        objectives=objectives,
        gains=gains,
        partner_gains=partner_gains,
        joint=joint,
        n_common=n_common,
        allocation=allocation,
        dependence=dependence,
        partner_dependence=partner_dependence,
    )


def common_partners(ties: sparse.csr_array, requester: int) -> tuple[Floats, Floats]:
    """Return how many partners each has in common with a unit, and their resource allocation.

    Ties of any number of works count alike: as weights, those of the largest would hide all else.
    """
    linked = sparse.csr_array((ties > 0).astype(np.float64))
    everybody = np.arange(linked.shape[0])
    seeker = np.full_like(everybody, requester)
    found: tuple[Floats, Floats] = (
        common_neighbours(linked, seeker, everybody),
        resource_allocation(linked, seeker, everybody),
    )
    for one in found:
        one[requester] = np.nan
    return found


def dependences(pool: Pool, requester: int) -> tuple[Floats, Floats]:
    r"""Return the Herfindahl index of partners of both sides, with a tie between them added.

    .. math:: H_i' = \frac{\sum_k c_{ik}^2 + 2 c_{ij} d_i + d_i^2}{(s_i + d_i)^2}, \qquad
              d_i = s_i / |N(i)|

    The tie is as large as a side's mean tie, beside what they have already; a first tie is all
    that a side has: 1.
    """
    sums = np.asarray(pool.ties.sum(axis=1)).ravel().astype(np.float64)
    squares = np.asarray(pool.ties.multiply(pool.ties).sum(axis=1)).ravel().astype(np.float64)
    n_partners = np.asarray((pool.ties > 0).sum(axis=1)).ravel()
    joint = pool.ties[[requester]].toarray()[0].astype(np.float64)
    added = np.where(n_partners > 0, sums / np.maximum(n_partners, 1), 1.0)
    added[~pool.has_ties] = np.nan
    of_partner = (squares + 2 * joint * added + added**2) / (sums + added) ** 2
    s, q, d = sums[requester], squares[requester], added[requester]
    of_requester = (q + 2 * joint * d + d**2) / (s + d) ** 2
    found: tuple[Floats, Floats] = of_requester, of_partner
    for one in found:
        one[requester] = np.nan
    return found


def _known_sum(values: Floats) -> Floats:
    """Sum rows over what is known; NaN where nothing is."""
    is_known = np.isfinite(values)
    sums = np.where(is_known, values, 0.0).sum(axis=1)
    return np.where(is_known.any(axis=1), sums, np.nan)
