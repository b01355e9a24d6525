"""Shortest ways after a change of links, against working them all out anew by another method."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csgraph

from fourseas.models.separation import Floats
from fourseas.models.ways import Places, after, shortest, ways


def network(seed: int, n: int, density: float) -> Floats:
    """Return lengths of random links: few of them are short, as between countries."""
    rng = np.random.default_rng(seed)
    upper = np.triu(rng.lognormal(0.0, 2.0, (n, n)), 1)
    upper[rng.random((n, n)) >= density] = 0.0
    lengths = upper + upper.T
    found: Floats = np.where(lengths > 0, lengths, np.inf)
    return found


def anew(lengths: Floats) -> Floats:
    """Return the distances by Dijkstra's method, from nothing."""
    found: Floats = csgraph.dijkstra(np.where(np.isfinite(lengths), lengths, 0.0), directed=False)
    return found


def changed(
    lengths: Floats, part: float, factor: float, seed: int
) -> tuple[Floats, Places, Places]:
    """Return lengths of which a part is multiplied by a factor, and which links that are."""
    low, high = np.nonzero(np.triu(np.isfinite(lengths)))
    is_changed = np.random.default_rng(seed).random(len(low)) < part
    low, high = low[is_changed], high[is_changed]
    found = lengths.copy()
    found[low, high] *= factor
    found[high, low] = found[low, high]
    return found, low, high


@given(
    st.integers(0, 2**16),
    st.sampled_from([1, 2, 5, 40]),
    st.sampled_from([0.05, 0.3, 1.0]),
    st.sampled_from([0.0, 0.02, 0.2, 1.0]),
    st.sampled_from([0.01, 0.5, 1.0, 3.0, np.inf]),
)
def test_distances_after_a_change_are_those_worked_out_anew(
    seed: int, n: int, density: float, part: float, factor: float
) -> None:
    lengths = network(seed, n, density)
    others, low, high = changed(lengths, part, factor, seed)

    found = after(ways(lengths), others, low, high)

    assert found == pytest.approx(anew(others), rel=1e-12)


@given(st.integers(0, 2**16), st.sampled_from([0.02, 0.2]))
def test_no_way_grows_shorter_where_links_are_cut(seed: int, part: float) -> None:
    known = ways(network(seed, 30, 0.5))
    others, low, high = changed(known.lengths, part, np.inf, seed)

    assert (after(known, others, low, high) >= known.distances).all()


def test_a_link_that_is_on_no_shortest_way_changes_nothing() -> None:
    lengths: Floats = np.array([[np.inf, 1, 5], [1, np.inf, 1], [5, 1, np.inf]])
    known = ways(lengths)
    others = lengths.copy()
    others[0, 2] = others[2, 0] = np.inf

    assert after(known, others, np.array([0]), np.array([2])) is known.distances
    assert known.distances.tolist() == [[0, 1, 2], [1, 0, 1], [2, 1, 0]]


def test_a_node_without_its_only_link_is_out_of_reach() -> None:
    lengths: Floats = np.array([[np.inf, 1, np.inf], [1, np.inf, 2], [np.inf, 2, np.inf]])
    others = lengths.copy()
    others[0, 1] = others[1, 0] = np.inf

    found = after(ways(lengths), others, np.array([0]), np.array([1]))

    assert found.tolist() == [[0, np.inf, np.inf], [np.inf, 0, 2], [np.inf, 2, 0]]
    assert (found == shortest(others)).all()


def test_a_way_over_the_first_node_is_lost_with_its_link() -> None:
    # 1 and 2 meet over 0, by 1 each; by themselves they are 5 apart.
    lengths: Floats = np.array([[np.inf, 1, 1], [1, np.inf, 5], [1, 5, np.inf]])
    others = lengths.copy()
    others[0, 1] = others[1, 0] = np.inf

    found = after(ways(lengths), others, np.array([0]), np.array([1]))

    assert found.tolist() == [[0, 6, 1], [6, 0, 5], [1, 5, 0]]
