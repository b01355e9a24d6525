"""What if two sides close, reduce or open their joint work: two bounds and a reference.

Nothing here is a forecast. The first scenario takes the works of the two sides away, as if nobody
did anything instead. The second lets every country keep all that it does, so that what is closed
is done with others or at home. What would happen lies between, and no data here say where.
"""

from __future__ import annotations

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import numpy as np
from scipy.sparse import csgraph

from fourseas.errors import NotComputableError
from fourseas.models.balancing import balance_symmetric
from fourseas.models.separation import Booleans, Floats
from fourseas.models.ways import Ways, after, shortest, ways
from fourseas.schema.cells import PAIR_CELLS, PLACE, PROVENANCE, UNIT_CELLS
from fourseas.schema.model import Model
from fourseas.schema.step import Step
from fourseas.schema.table import Column, TableSpec, conform

DRAWS = 99
"""Random closures that a closure is held against."""

NO_DOMESTIC = "the register does not tell works of one country alone"

PLACED = (*(column.name for column in (*PROVENANCE, *PLACE)),)

OBSERVATIONS = TableSpec(
    name="closure_observations",
    grain="one row per ordered pair of countries, field, year and definition",
    key=(*PLACED, "unit_id", "partner_id"),
    columns=(
        *PROVENANCE,
        Column("unit_id", "string", "code", "A country."),
        Column("partner_id", "string", "code", "Another, or the same for its works at home."),
        *PLACE,
        Column("works", "float64", "works", "Joint works, or works of the country alone."),
        Column("top_10", "float64", "works", "Of these in the world's top 10%.", nullable=True),
    ),
)


def observations(pair_cells: ir.Table, unit_cells: ir.Table) -> ir.Table:
    """Return joint works of each two countries and, where a register tells, works at home.

    In full counting: a work of three countries is in each of their three pairs. Works at home are
    those of one country alone; works of which a country is missing are in neither.
    """
    pairs = pair_cells.filter(pair_cells.unit_type == "country")
    abroad = pairs.select(*PLACED, "unit_id", "partner_id", works=pairs.p, top_10=pairs.top_10_full)
    cells = unit_cells.filter(
        (unit_cells.unit_type == "country") & (unit_cells.collaboration_class == "domestic")
    )
    at_home = cells.group_by(*PLACED, "unit_id").agg(
        works=cells.n.sum(), top_10=cells.top_10_full.sum()
    )
    own = at_home.select(
        *PLACED,
        "unit_id",
        partner_id=at_home.unit_id,
        works=at_home.works.cast("float64"),
        top_10=at_home.top_10.cast("float64"),
    )
    return conform(ibis.union(abroad, own), OBSERVATIONS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """Joint works of countries.

    Attributes
    ----------
    countries
        Their codes.
    joint
        Joint works, shape (n, n), symmetric with a diagonal of 0.
    domestic
        Works of one country, shape (n,); null where the register does not tell.
    """

    countries: tuple[str, ...]
    joint: Floats
    domestic: Floats | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Closure:
    """What a change of the ties between two sides does to a network.

    Attributes
    ----------
    countries
        Their codes.
    is_first, is_second
        Members of the two sides, shape (n,).
    factor
        What joint works between the sides are multiplied by: 0 closes, above 1 opens.
    before
        Joint works, shape (n, n), links at home on the diagonal where they are known, else 0.
    without
        The same with nothing in place of what is closed (S0), shape (n, n).
    redirected
        The same when every country keeps all that it does (S1), shape (n, n); null where works
        at home are not known, or no flows keep all sums.
    not_redirected
        Why it is null; empty where it is not.
    reach_before, reach_without
        Of each country the mean over the others of the inverse of the shortest way, a link being
        the longer the weaker it is for the size of both (the inverse of Salton's cosine), with
        nothing in place of what is closed, shape (n,).
    random_efficiency
        Efficiency after random closures (or openings) of as many joint works, shape (draws,).
    n_in_largest_before, n_in_largest_without
        Countries in the largest part that is connected.
    """

    countries: tuple[str, ...]
    is_first: Booleans
    is_second: Booleans
    factor: float
    before: Floats
    without: Floats
    redirected: Floats | None
    not_redirected: str
    reach_before: Floats
    reach_without: Floats
    random_efficiency: Floats
    n_in_largest_before: int
    n_in_largest_without: int

    @property
    def removed(self) -> float:
        """Joint works of pairs that are closed; below 0 where ties open."""
        return float((self.before - self.without).sum() / 2)

    @property
    def efficiency_before(self) -> float:
        """Mean of the reach of all countries."""
        return float(self.reach_before.mean())

    @property
    def efficiency_without(self) -> float:
        """The same with nothing in place of what is closed."""
        return float(self.reach_without.mean())

    @property
    def n_random_as_far(self) -> int:
        """Random closures that change efficiency by as much or more."""
        own = abs(self.efficiency_without - self.efficiency_before)
        return int((np.abs(self.random_efficiency - self.efficiency_before) >= own).sum())


def closure(
    network: Network,
    first: Booleans,
    second: Booleans,
    *,
    factor: float = 0.0,
    draws: int = DRAWS,
    seed: int = 0,
) -> Closure:
    r"""Work out what follows when joint works between two sides are multiplied by a factor.

    .. math::

        S_0: C'_{ij} = f\,C_{ij} \qquad
        S_1: C''_{ij} = r_i r_j C'_{ij},\; \sum_j C''_{ij} = \sum_j C_{ij}

    for :math:`i` of one side and :math:`j` of the other, and works at home on the diagonal of S1:
    the conditional equilibrium of gravity, in which each country keeps its sum of links.

    Parameters
    ----------
    network
        Joint works and, for S1, works at home.
    first, second
        Members of the sides, shape (n,), none on both.
    factor
        0 to close, between 0 and 1 to reduce, above 1 to open.
    draws, seed
        Random closures of as many joint works, for reference.

    Raises
    ------
    NotComputableError
        Where the sides have no joint work.

    References
    ----------
    Anderson & Yotov (2016), "Terms of trade and global efficiency effects of free trade
    agreements, 1990-2002", Journal of International Economics 99, 279-298, for the conditional
    equilibrium; Latora & Marchiori (2001), "Efficient behavior of small-world networks", Physical
    Review Letters 87, 198701, for efficiency.
    """
    assert not (first & second).any()
    assert factor >= 0
    is_between = first[:, None] & second[None, :]
    is_between |= is_between.T
    if not network.joint[is_between].any():
        question = "A change of these ties"
        raise NotComputableError.because(
            question,
            "the two sides have no joint work in these years",
            "Take earlier years with --from, another --register, or other sides.",
        )
    multiplied = np.where(is_between, factor, 1.0)
    at_home = np.zeros(len(first)) if network.domestic is None else network.domestic
    before = network.joint + np.diag(at_home)
    without = before * multiplied
    redirected, not_redirected = _redirected(network, before, without)
    sizes = network.joint.sum(axis=1)
    changed = network.joint * multiplied
    known = ways(_lengths(network.joint, sizes))
    low, high = np.nonzero(np.triu(is_between))
    size = float(np.abs(network.joint - changed).sum() / 2)
    return Closure(
        countries=network.countries,
        is_first=first,
        is_second=second,
        factor=factor,
        before=before,
        without=without,
        redirected=redirected,
        not_redirected=not_redirected,
        reach_before=_nearness(known.distances),
        reach_without=_nearness(after(known, _lengths(changed, sizes), low, high)),
        random_efficiency=_random_efficiency(network.joint, known, size, factor, draws, seed),
        n_in_largest_before=_largest(network.joint),
        n_in_largest_without=_largest(changed),
    )


def _redirected(network: Network, before: Floats, without: Floats) -> tuple[Floats | None, str]:
    """Return what keeps the sum of each country, or null and why there is nothing."""
    if network.domestic is None:
        return None, NO_DOMESTIC
    try:
        return balance_symmetric(without, before.sum(axis=1)).flows, ""
    except NotComputableError:
        return None, "no flows among the ties that stay open add up to what every country keeps"


def partly_redirected(found: Closure, part: float) -> Floats:
    r"""Return flows when a part of what is closed is done with others or at home (S2).

    .. math::

        \sum_j C'''_{ij} = \sum_j C_{ij} - (1 - \lambda) \sum_j (C_{ij} - C'_{ij})

    with the form of S1: at a part of 0 these are the flows of S0, at 1 those of S1. The part is
    chosen by who asks: no past closure tells it here.

    Parameters
    ----------
    found
        A closure of which S1 is worked out.
    part
        :math:`\lambda`, from 0 to 1.

    Raises
    ------
    NotComputableError
        Where no flows among the ties that stay open have such sums.
    """
    assert found.redirected is not None
    lost = (found.before - found.without).sum(axis=1)
    return balance_symmetric(found.without, found.before.sum(axis=1) - (1 - part) * lost).flows


def efficiency(joint: Floats, sizes: Floats) -> float:
    """Return the efficiency of a network of joint works, the mean `reach` of its countries."""
    return float(reach(joint, sizes).mean())


def reach(joint: Floats, sizes: Floats) -> Floats:
    r"""Return how near each country is to all others by joint works, 0 or more, shape (n,).

    .. math:: E_i = \frac{1}{n-1} \sum_{j \ne i} \frac{1}{d_{ij}}, \quad
        \ell_{ij} = \frac{\sqrt{s_i s_j}}{C_{ij}}

    where :math:`d` is the shortest way over links of length :math:`\ell`, and :math:`s` the sizes
    of before a change, so that a change of one tie changes the length of that tie alone.
    """
    return _nearness(shortest(_lengths(joint, sizes)))


def _lengths(joint: Floats, sizes: Floats) -> Floats:
    """Return how long each link is, infinite where there is none, shape (n, n)."""
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        found: Floats = np.where(joint > 0, np.sqrt(np.outer(sizes, sizes)) / joint, np.inf)
    return found


def _nearness(distances: Floats) -> Floats:
    """Return the mean over all others of the inverse of the distance, shape (n,)."""
    with np.errstate(divide="ignore"):
        inverse = np.where(distances > 0, 1.0 / distances, 0.0)
    near: Floats = inverse.sum(axis=1) / (len(distances) - 1)
    return near


def concentration(joint: Floats) -> Floats:
    """Return the sum of squared shares of each country's partners, null (NaN) without any."""
    abroad = joint * ~np.eye(len(joint), dtype=bool)
    with np.errstate(invalid="ignore"):
        shares = abroad / abroad.sum(axis=1, keepdims=True)
    found: Floats = (shares**2).sum(axis=1)
    return found


def _random_efficiency(
    joint: Floats, known: Ways, size: float, factor: float, draws: int, seed: int
) -> Floats:
    """Return the efficiency when random pairs lose (or gain) so many joint works in all."""
    n = len(joint)
    rng = np.random.default_rng(seed)
    tied = np.flatnonzero(np.triu(joint, 1))
    works_of_tie = joint.ravel()
    sign = np.sign(factor - 1)
    found = np.empty(draws)
    for draw in range(draws):
        order = rng.permutation(tied)
        before = np.cumsum(works_of_tie[order])
        n_changed = 1 + int(np.searchsorted(before, size))
        low, high = np.divmod(order[:n_changed], n)
        works = joint[low, high]
        left = size - np.concatenate([[0.0], before[: n_changed - 1]])[: len(works)]
        changed = works + sign * np.clip(left, 0.0, works)
        lengths = known.lengths.copy()
        with np.errstate(divide="ignore"):
            longer = known.lengths[low, high] * (works / changed)
        lengths[low, high] = lengths[high, low] = longer
        found[draw] = _nearness(after(known, lengths, low, high)).mean()
    return found


def _largest(joint: Floats) -> int:
    """Count the countries of the largest part that is connected."""
    _, part = csgraph.connected_components(joint > 0)
    return int(np.bincount(part).max())


MODEL = Model(
    name="closure",
    title="What if ties close, shrink or open",
    meaning="What a change of joint works between two sides touches, between two bounds.",
    formula="S0: C'_ij = f C_ij between the sides; S1: r_i r_j C'_ij with sum_j as before",
    observations=Step(compute=observations, reads=(PAIR_CELLS, UNIT_CELLS), writes=OBSERVATIONS),
    estimate=closure,
    result=Closure,
    source="https://doi.org/10.1016/j.jinteco.2015.10.006",
    caveats=(
        "A working-out of assumptions and no forecast: nobody knows what closed ties would become.",
        "A work of three countries is in three pairs; closing one pair may end it or not.",
        "Joint works count alike, however good and however dear they are.",
    ),
)
