"""What if two sides close, reduce or open their joint work: two bounds and a reference.

Nothing here is a forecast. The first scenario takes the works of the two sides away, as if nobody
did anything instead. The second lets every country keep all that it does, so that what is closed
is done with others or at home. What would happen lies between, and no data here say where.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csgraph

from fourseas.errors import NotComputableError
from fourseas.models.balancing import balance_symmetric
from fourseas.models.separation import Booleans, Floats

DRAWS = 99
"""Random closures that a closure is held against."""


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
        at home are not known.
    efficiency_before, efficiency_without
        Mean over pairs of the inverse of the shortest way, a link being the longer the weaker it
        is for the size of both (the inverse of Salton's cosine).
    random_efficiency
        The same after random closures of as many joint works, shape (draws,).
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
    efficiency_before: float
    efficiency_without: float
    random_efficiency: Floats
    n_in_largest_before: int
    n_in_largest_without: int

    @property
    def removed(self) -> float:
        """Joint works of pairs that are closed; below 0 where ties open."""
        return float((self.before - self.without).sum() / 2)


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
        Where the sides have no joint work, or what they keep cannot be redirected.

    References
    ----------
    Anderson & Yotov (2016), "Terms of trade and global efficiency effects of free trade
    agreements", Journal of International Economics 99, 279-298, for the conditional equilibrium;
    Latora & Marchiori (2001), "Efficient behavior of small-world networks", Physical Review
    Letters 87, 198701, for efficiency.
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
            "Take earlier years with --from, another --register, or other countries.",
        )
    multiplied = np.where(is_between, factor, 1.0)
    at_home = np.zeros(len(first)) if network.domestic is None else network.domestic
    before = network.joint + np.diag(at_home)
    without = before * multiplied
    redirected = None
    if network.domestic is not None:
        redirected = balance_symmetric(without, before.sum(axis=1)).flows
    sizes = network.joint.sum(axis=1)
    changed = network.joint * multiplied
    rng = np.random.default_rng(seed)
    size = float(np.abs(network.joint - changed).sum() / 2)
    random = [
        efficiency(_random_closure(network.joint, size, rng, opens=factor > 1), sizes)
        for _ in range(draws)
    ]
    return Closure(
        countries=network.countries,
        is_first=first,
        is_second=second,
        factor=factor,
        before=before,
        without=without,
        redirected=redirected,
        efficiency_before=efficiency(network.joint, sizes),
        efficiency_without=efficiency(changed, sizes),
        random_efficiency=np.array(random),
        n_in_largest_before=_largest(network.joint),
        n_in_largest_without=_largest(changed),
    )


def efficiency(joint: Floats, sizes: Floats) -> float:
    r"""Return the efficiency of a network of joint works, 0 or more.

    .. math:: E = \frac{1}{n(n-1)} \sum_{i \ne j} \frac{1}{d_{ij}}, \quad
        \ell_{ij} = \frac{\sqrt{s_i s_j}}{C_{ij}}

    where :math:`d` is the shortest way over links of length :math:`\ell`, and :math:`s` the sizes
    of before a change, so that a change of one tie changes the length of that tie alone.
    """
    scale = np.sqrt(np.outer(sizes, sizes))
    with np.errstate(divide="ignore", invalid="ignore"):
        lengths = np.where(joint > 0, scale / joint, 0.0)
    ways = csgraph.shortest_path(csgraph.csgraph_from_dense(lengths), method="D", directed=False)
    n = len(joint)
    with np.errstate(divide="ignore"):
        inverse = np.where(ways > 0, 1.0 / ways, 0.0)
    return float(inverse.sum() / (n * (n - 1)))


def concentration(joint: Floats) -> Floats:
    """Return the sum of squared shares of each country's partners, null (NaN) without any."""
    abroad = joint * ~np.eye(len(joint), dtype=bool)
    with np.errstate(invalid="ignore"):
        shares = abroad / abroad.sum(axis=1, keepdims=True)
    found: Floats = (shares**2).sum(axis=1)
    return found


def _random_closure(joint: Floats, size: float, rng: np.random.Generator, *, opens: bool) -> Floats:
    """Return a network in which random pairs lose (or gain) so many joint works in all."""
    low, high = np.triu_indices(len(joint), 1)
    tied = np.flatnonzero(joint[low, high] > 0)
    order = rng.permutation(tied)
    works = joint[low, high][order]
    before = np.concatenate([[0.0], np.cumsum(works)[:-1]])
    taken = np.clip(size - before, 0.0, works)
    changed = joint.copy()
    sign = 1.0 if opens else -1.0
    changed[low[order], high[order]] += sign * taken
    changed[high[order], low[order]] += sign * taken
    return np.maximum(changed, 0.0)


def _largest(joint: Floats) -> int:
    """Count the countries of the largest part that is connected."""
    _, part = csgraph.connected_components(joint > 0, directed=False)
    return int(np.bincount(part).max())
