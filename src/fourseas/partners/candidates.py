"""Candidates: what each unit would be to another as a partner, in numbers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import sparse

from fourseas.models.separation import Booleans, Floats, Integers

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


NOTHING = 1e-12
"""Part of a sum below which what is left of it is rounding."""


@dataclass(frozen=True, kw_only=True)
class Pool:
    """Units of one kind with their works and ties.

    What all requesters are told by is computed once, the first time that one asks.

    Attributes
    ----------
    credit
        Fractional works by unit and field, shape (n, f). Of thousands of topics most units have
        none: only what is there takes room.
    world
        The same of all the world's, shape (f,).
    level
        Part in the world's top by that of the world, shape (n, f); what does not stand in it is
        not known.
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
    variance
        Of levels, where they are known, shape (n, f); without it strength has no interval.
    """

    credit: sparse.csr_array
    world: Floats
    level: sparse.csr_array
    works: Floats
    ties: sparse.csr_array
    has_ties: Booleans
    least: float = 0.0
    ease: Floats | None = None
    variance: sparse.csr_array | None = None

    @cached_property
    def has_works(self) -> Booleans:
        """Who has works at all, shape (n,)."""
        return np.asarray(self.credit.sum(axis=1)).ravel() > 0

    @cached_property
    def indices(self) -> sparse.csr_array:
        r"""Activity indices, shape (n, f): a field's part of a unit's works by the world's.

        .. math:: AI_{if} = \frac{x_{if} / x_{i\cdot}}{x_{\cdot f} / x_{\cdot\cdot}}
        """
        own = np.asarray(self.credit.sum(axis=1)).ravel()
        of_units = np.divide(1, own, out=np.zeros_like(own), where=own > 0)
        part = self.world / self.world.sum()
        of_fields = np.divide(1, part, out=np.zeros_like(part), where=part > 0)
        found = self.credit.copy()
        found.data *= np.repeat(of_units, np.diff(found.indptr))
        found.data *= of_fields[found.indices]
        return found

    @cached_property
    def is_told(self) -> sparse.csr_array:
        """1 where the level of a unit in a field is known, shape (n, f)."""
        known = self.level.copy()
        known.data = np.ones_like(known.data)
        return known

    @cached_property
    def offers(self) -> sparse.csr_array:
        """What each is strong in, by its level; nothing where it is not known, shape (n, f)."""
        strong = self.indices.copy()
        strong.data -= 1
        np.maximum(strong.data, 0, out=strong.data)
        found = _product(strong, self.level)
        found.eliminate_zeros()
        return found

    @cached_property
    def has(self) -> sparse.csr_array:
        """Activity indices up to 1, of which a unit lacks the rest, shape (n, f)."""
        found = self.indices.copy()
        np.minimum(found.data, 1, out=found.data)
        return found

    def credit_of(self, unit: int) -> Floats:
        """Return the works of a unit by field, shape (f,)."""
        return _row(self.credit, unit)

    def indices_of(self, unit: int) -> Floats:
        """Return the activity indices of a unit, shape (f,); NaN of one without works."""
        found = _row(self.indices, unit)
        return found if self.has_works[unit] else np.full_like(found, np.nan)

    def levels_of(self, unit: int) -> Floats:
        """Return the levels of a unit by field, shape (f,); NaN where not known."""
        found = _row(self.level, unit)
        found[_row(self.is_told, unit) == 0] = np.nan
        return found

    @cached_property
    def linked(self) -> sparse.csr_array:
        """Ties of any number of works as 1: by number, the largest would hide all else."""
        return sparse.csr_array((self.ties > 0).astype(np.float64))

    @cached_property
    def of_ties(self) -> Floats:
        """Sum of joint works, of their squares, and number of partners, shape (3, n)."""
        of_each = (self.ties, self.ties.multiply(self.ties), self.ties > 0)
        return np.array([np.asarray(one.sum(axis=1)).ravel() for one in of_each], dtype=np.float64)


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """What units have in what is asked for, whoever asks, shape (n,) each.

    Attributes
    ----------
    asked
        Weights of fields, shape (f,).
    strength
        Credit times level; NaN where no level is known.
    error
        Standard error of strength; NaN where it is not known.
    has_level
        Who has a known level in any field of them.
    is_candidate
        Who has credit enough in them.
    """

    asked: Floats
    strength: Floats
    error: Floats
    has_level: Booleans
    is_candidate: Booleans


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidates:
    """What every unit of a pool would be to one of them, shape (n,) each.

    Attributes
    ----------
    pool, requester, asked
        Of whom, and for what.
    objectives
        Shape (n, 5), in the order of `OBJECTIVES`; none of the requester itself and of units
        with too little in what is asked for, which are no candidates.
    error
        Standard error of strength; NaN where it is not known.
    joint
        Joint works; NaN where ties are not known.
    n_common
        Partners that both have.
    allocation
        Index of resource allocation over them.
    dependence, partner_dependence
        Herfindahl index of the partners of each side, with the tie.
    """

    pool: Pool
    requester: int
    asked: Floats
    objectives: Floats
    error: Floats
    joint: Floats
    n_common: Floats
    allocation: Floats
    dependence: Floats
    partner_dependence: Floats

    def gains(self, other: int) -> Floats:
        """Return what the requester would gain of another by field, shape (f,)."""
        return self.asked * _gains(self.pool, self.requester, other)

    def partner_gains(self, other: int) -> Floats:
        """Return what another would gain of the requester by field, shape (f,)."""
        return _gains(self.pool, other, self.requester)


def offered(pool: Pool, asked: Floats) -> Offered:
    """Return what units have in what is asked for, whoever asks."""
    is_asked = (asked > 0).astype(np.float64)
    has_level = pool.is_told @ is_asked > 0
    strength = _product(pool.credit, pool.level) @ np.maximum(asked, 0)
    there = pool.credit @ is_asked
    error = np.full(len(there), np.nan)
    if pool.variance is not None:
        squared = pool.credit.multiply(pool.credit).multiply(pool.variance)
        error = np.where(has_level, np.sqrt(squared @ np.maximum(asked, 0) ** 2), np.nan)
    return Offered(
        asked=asked,
        error=error,
        strength=np.where(has_level, strength, np.nan),
        has_level=has_level,
        is_candidate=(there > 0) & (there >= pool.least),
    )


def candidates(pool: Pool, requester: int, of: Offered) -> Candidates:
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
    of
        What units have in what is asked for.

    References
    ----------
    Complementarity as in `fourseas explain complementarity`, by fields and weights.
    """
    n_common, allocation = (one[0] for one in common_partners(pool, np.array([requester])))
    joint = pool.ties[[requester]].toarray()[0].astype(np.float64)
    joint[~(pool.has_ties & pool.has_ties[requester])] = np.nan
    dependence, partner_dependence = dependences(pool, requester)
    (objectives,) = objectives_of(pool, np.array([requester]), of)
    return Candidates(
        pool=pool,
        requester=requester,
        asked=of.asked,
        objectives=objectives,
        error=of.error,
        joint=joint,
        n_common=n_common,
        allocation=allocation,
        dependence=dependence,
        partner_dependence=partner_dependence,
    )


def feasibilities(pool: Pool, requesters: Integers) -> Floats:
    """Return how easily each unit comes together with some, shape (m, n)."""
    if pool.ease is not None:
        return np.asarray(pool.ease[requesters], dtype=np.float64)
    return common_partners(pool, requesters)[1]


def objectives_of(pool: Pool, requesters: Integers, of: Offered) -> Iterator[Floats]:
    """Yield for each requester what each unit would be to it by `OBJECTIVES`, shape (n, 5)."""
    gains, partner_gains = _sums_of_gains(pool, requesters, of)
    for place, feasibility in enumerate(feasibilities(pool, requesters)):
        requester = int(requesters[place])
        objectives = np.column_stack(
            [
                of.strength,
                gains[:, place],
                partner_gains[:, place],
                feasibility,
                np.round(1 - np.maximum(*dependences(pool, requester)), TOLD),
            ]
        )
        objectives[~of.is_candidate] = np.nan
        objectives[requester] = np.nan
        yield objectives


def _product(of: sparse.csr_array, by: sparse.csr_array) -> sparse.csr_array:
    """Return the products of what stands at the same places."""
    if not np.array_equal(of.indptr, by.indptr) or not np.array_equal(of.indices, by.indices):
        return sparse.csr_array(of.multiply(by))
    found = of.copy()
    found.data *= by.data
    return found


def _row(of: sparse.csr_array, unit: int) -> Floats:
    found: Floats = of[[unit]].toarray()[0].astype(np.float64)
    return found


def _gains(pool: Pool, seeker: int, other: int) -> Floats:
    """Return what one lacks and another is strong in by field; NaN where it is not known."""
    strong = np.maximum(pool.indices_of(other) - 1, 0) * pool.levels_of(other)
    found: Floats = np.maximum(1 - pool.indices_of(seeker), 0) * strong
    return found


def _sums_of_gains(pool: Pool, requesters: Integers, of: Offered) -> tuple[Floats, Floats]:
    r"""Return what some requesters, and what each partner of theirs, would gain, shape (n, m) each.

    What a partner lacks is what it has less than the world's part of, so that its sum is

    .. math:: \sum_f (1 - \min(AI_{jf}, 1)) \, o_{if}
              = o_{i\cdot} - \sum_f \min(AI_{jf}, 1) \, o_{if}

    with *o* what the requester is strong in: of most fields it is nothing, and so is *AI*.
    """
    lacks = np.maximum(1 - pool.indices[requesters].toarray(), 0)
    is_told = of.has_level[:, None] & pool.has_works[requesters]
    gains = np.where(is_told, pool.offers @ (of.asked * lacks).T, np.nan)
    own = pool.offers[requesters].toarray()
    whole = own.sum(axis=1)
    left = whole - pool.has @ own.T
    left[left < NOTHING * whole] = 0.0
    of_requesters = pool.is_told[requesters].sum(axis=1) > 0
    is_known = pool.has_works[:, None] & np.asarray(of_requesters).ravel()
    return gains, np.where(is_known, left, np.nan)


def common_partners(pool: Pool, requesters: Integers) -> tuple[Floats, Floats]:
    """Return how many partners each has in common with some, and their resource allocation.

    As `common_neighbours` and `resource_allocation` of links, of some units with all: shape
    (m, n) each, NaN where ties are not known. Some together take one reading of all ties.
    """
    of_requesters = pool.linked[requesters].toarray()
    shared = of_requesters / np.maximum(pool.of_ties[2], 1)
    found = (pool.linked @ of_requesters.T).T, (pool.linked @ shared.T).T
    is_known = pool.has_ties & pool.has_ties[requesters][:, None]
    for one in found:
        one[~is_known] = np.nan
        one[np.arange(len(requesters)), requesters] = np.nan
    return found


def dependences(pool: Pool, requester: int) -> tuple[Floats, Floats]:
    r"""Return the Herfindahl index of partners of both sides, with a tie between them added.

    .. math:: H_i' = \frac{\sum_k c_{ik}^2 + 2 c_{ij} d_i + d_i^2}{(s_i + d_i)^2}, \qquad
              d_i = s_i / |N(i)|

    The tie is as large as a side's mean tie, beside what they have already; a first tie is all
    that a side has: 1.
    """
    sums, squares, n_partners = pool.of_ties
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
