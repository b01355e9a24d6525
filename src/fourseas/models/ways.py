"""The shortest ways in a network, and what a change of some of its links leaves of them.

Of 19,278 links between 247 countries 973 are on a shortest way. Where others change, or few of
these, most ways stay as they are: working out the rest alone takes a tenth of the time.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse import csgraph

from fourseas.models.separation import Floats

Places = NDArray[np.int64]

MOST_BROKEN = 0.4
"""Part of all ways that are not whole, beyond which working out every way takes less time."""

N_HUBS = 16
"""Nodes that lie between most others, by which ways that cannot be shortest are told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """Shortest ways between all nodes of a network.

    Attributes
    ----------
    lengths
        Lengths of links, shape (n, n), symmetric; infinite where there is none, and from a node
        to itself.
    distances
        Lengths of the shortest ways, shape (n, n); 0 from a node to itself.
    of_link
        Places in `pairs` of the ways over each link, from and past the last, shape (n * n + 1,),
        links counted as low * n + high.
    pairs
        Ways, counted as from * n + to, by the link that they go over.
    hubs
        Nodes that lie on most ways.
    """

    lengths: Floats
    distances: Floats
    of_link: Places
    pairs: Places
    hubs: Places


def ways(lengths: Floats) -> Ways:
    """Work out the shortest ways over links of some lengths, symmetric, infinite for no link."""
    n = len(lengths)
    distances, before = _all_shortest(lengths)
    start = np.repeat(np.arange(n), n)
    pair, at = np.arange(n * n), np.tile(np.arange(n), n)
    is_open = before[start, at] >= 0
    links, pairs = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    between = np.zeros(n, np.int64)
    while is_open.any():
        start, pair, at = start[is_open], pair[is_open], at[is_open]
        previous = before[start, at].astype(np.int64)
        links.append(np.minimum(previous, at) * n + np.maximum(previous, at))
        pairs.append(pair)
        is_open = previous != start
        between += np.bincount(previous[is_open], minlength=n)
        at = previous
    link, pair = np.concatenate(links), np.concatenate(pairs)
    by_link = sparse.coo_array(
        (np.ones(len(link), dtype=bool), (link, pair)), shape=(n * n, n * n)
    ).tocsr()
    return Ways(
        lengths=lengths,
        distances=distances,
        of_link=by_link.indptr,
        pairs=by_link.indices,
        hubs=np.argsort(-between, kind="stable")[:N_HUBS],
    )


def shortest(lengths: Floats) -> Floats:
    """Return the distances over links of some lengths, as `ways` takes them, shape (n, n)."""
    distances, _ = _all_shortest(lengths)
    return distances


def after(known: Ways, lengths: Floats, low: Places, high: Places) -> Floats:
    """Return the distances when some links, of low < high, have other lengths, shape (n, n).

    All of them are longer than before, or all shorter.
    """
    old, new = known.lengths[low, high], lengths[low, high]
    if (new >= old).all():
        return _lengthened(known, lengths, low, high)
    assert (new <= old).all()
    is_shorter = new < known.distances[low, high]
    return _shortened(known, lengths, low[is_shorter], high[is_shorter])


def _shortened(known: Ways, lengths: Floats, low: Places, high: Places) -> Floats:
    """Return the distances when these links came to be shorter than the way between their ends."""
    found = known.distances.copy()
    for u, v in zip(low.tolist(), high.tolist(), strict=True):
        length = lengths[u, v]
        by_u, by_v = found[:, u] + length, found[:, v] + length
        # Who comes nearer to one end over the link, and who to the other: nobody else is nearer.
        starts, ends = np.flatnonzero(by_u < found[:, v]), np.flatnonzero(by_v < found[:, u])
        nearer = by_u[starts][:, None] + found[v, ends][None, :]
        grid = np.ix_(starts, ends)
        found[grid] = np.minimum(found[grid], nearer)
        found[np.ix_(ends, starts)] = found[grid].T
    return found


def _lengthened(known: Ways, lengths: Floats, low: Places, high: Places) -> Floats:
    """Return the distances when these links came to be longer, or to be none."""
    n = len(lengths)
    broken = _broken(known, low * n + high)
    if not len(broken):
        return known.distances
    if len(broken) > MOST_BROKEN * n**2:
        return shortest(lengths)
    chosen = _cover(broken, n)
    # Ways between nodes that were not chosen are whole. From one that was, a way goes over
    # others that were, and from the first node that was not on as before.
    leaving = lengths[chosen]
    leaving[np.arange(len(chosen)), chosen] = 0.0
    # Written over each time: a hundred new arrays take as long as what is worked out in them.
    over = np.empty_like(leaving)
    for at, node in enumerate(chosen.tolist()):
        np.add(leaving[:, node, None], leaving[at], out=over)
        np.minimum(leaving, over, out=leaving)
    within = leaving[:, chosen]
    leaving[:, chosen] = np.inf
    most = leaving.copy()
    is_chosen = np.zeros(n, dtype=bool)
    is_chosen[chosen] = True
    for hub in known.hubs[~is_chosen[known.hubs]].tolist():
        np.add(leaving[:, hub, None], known.distances[hub], out=over)
        np.minimum(most, over, out=most)
    rows, first = np.nonzero(leaving <= most)
    starts = np.searchsorted(rows, np.arange(len(chosen)))
    reached = leaving[rows, first][:, None]
    outside = np.minimum.reduceat(reached + known.distances[first], starts)
    inside = np.minimum.reduceat(reached + outside[:, first].T, starts)
    outside[:, chosen] = np.minimum(within, inside)
    # What is added up in another order may seem shorter by a last digit.
    changed = np.maximum(outside, known.distances[chosen])
    found = known.distances.copy()
    found[:, chosen] = changed.T
    found[chosen] = changed
    return found


def _broken(known: Ways, links: Places) -> Places:
    """Return the ways that go over some links."""
    first, last = known.of_link[links], known.of_link[links + 1]
    spans = zip(first[last > first].tolist(), last[last > first].tolist(), strict=True)
    found = [known.pairs[slice(*span)] for span in spans]
    return np.concatenate(found) if found else known.pairs[:0]


def _cover(broken: Places, n: int) -> Places:
    """Return nodes of which every way of some is one's own, those with most ways first taken."""
    is_broken = np.zeros((n, n), dtype=bool)
    is_broken.ravel()[broken] = True
    is_broken |= is_broken.T
    n_broken = is_broken.sum(axis=1)
    chosen = []
    while n_broken[node := int(n_broken.argmax())]:
        chosen.append(node)
        n_broken -= is_broken[node]
        n_broken[node] = 0
        is_broken[:, node] = False
    return np.array(sorted(chosen), np.int64)


def _all_shortest(lengths: Floats) -> tuple[Floats, NDArray[np.int32]]:
    """Return the lengths of the shortest ways, and the node before each on the way.

    Lengths are the same in both directions.
    """
    # Where most countries are tied, Floyd and Warshall's way is four times as fast as Dijkstra's.
    distances, before = csgraph.shortest_path(
        np.where(np.isfinite(lengths), lengths, 0.0),
        method="FW",
        return_predecessors=True,
    )
    return distances, before
