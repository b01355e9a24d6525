"""Scores of pairs against worked examples, a published network and their laws."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import sparse

from fourseas.partners.link_scores import (
    LINK_SCORES,
    Floats,
    Integers,
    LinkScore,
    Score,
    adamic_adar,
    association,
    common_neighbours,
    gravity_expected,
    jaccard,
    preferential_attachment,
    probabilistic_affinity,
    resource_allocation,
)

SCORES = pytest.mark.parametrize("one", LINK_SCORES, ids=lambda one: one.name)


def network(*links: tuple[int, int, float]) -> sparse.csr_array:
    """Return links between units that are numbered from 1."""
    ends = np.array([(a - 1, b - 1) for a, b, _ in links])
    weights = np.array([weight for *_, weight in links])
    n = ends.max() + 1
    half = sparse.coo_array((weights, (ends[:, 0], ends[:, 1])), shape=(n, n))
    return sparse.csr_array(half + half.T)


PLAIN = network((1, 2, 1), (1, 3, 1), (2, 4, 1), (3, 4, 1), (3, 5, 1))
WEIGHTED = network((1, 2, 1), (1, 3, 5), (2, 4, 2), (3, 4, 1), (3, 5, 2))
"""The example networks of linkpred's tests."""


def of(score: Score, links: sparse.csr_array, pair: tuple[int, int]) -> float:
    left, right = (np.array([unit - 1]) for unit in pair)
    return float(score(links, left, right)[0])


@pytest.mark.parametrize(
    ("score", "pair", "told"),
    [
        (resource_allocation, (1, 4), 5 / 6),
        (resource_allocation, (1, 5), 1 / 3),
        (resource_allocation, (2, 3), 1.0),
        (resource_allocation, (4, 5), 1 / 3),
        (adamic_adar, (2, 3), 2 / math.log(2)),
        (adamic_adar, (1, 4), 1 / math.log(2) + 1 / math.log(3)),
        (association, (1, 4), 0.5),
        (association, (2, 3), 1 / 3),
        (common_neighbours, (1, 4), 2.0),
        (jaccard, (1, 4), 1.0),
        (jaccard, (2, 3), 2 / 3),
        (preferential_attachment, (2, 3), 6.0),
        (common_neighbours, (2, 5), 0.0),
    ],
)
def test_scores_of_a_plain_network_are_those_told(
    score: Score, pair: tuple[int, int], told: float
) -> None:
    assert of(score, PLAIN, pair) == pytest.approx(told, abs=1e-9)


@pytest.mark.parametrize(
    ("score", "pair", "told"),
    [
        (adamic_adar, (1, 5), 10 / math.log(30)),
        (association, (1, 5), 5 / 52),
        (association, (2, 3), 7 / 150),
    ],
)
def test_scores_of_a_weighted_network_are_those_told(
    score: Score, pair: tuple[int, int], told: float
) -> None:
    assert of(score, WEIGHTED, pair) == pytest.approx(told, abs=1e-9)


def test_affinity_is_one_where_links_are_as_if_drawn_at_random() -> None:
    square = network((1, 2, 2), (1, 3, 2), (2, 3, 2))

    # Each of three holds a third of the links, and so has half of each other's: 3/2, not 1,
    # since nobody links to themselves.
    assert of(probabilistic_affinity, square, (1, 2)) == pytest.approx(2 * 12 / (4 * 4))
    assert of(probabilistic_affinity, WEIGHTED, (1, 4)) == 0.0


def test_a_pair_of_unknown_distance_comes_last_by_gravity() -> None:
    expected = np.array([[np.nan, 2.0, np.nan], [2.0, np.nan, 1.0], [np.nan, 1.0, np.nan]])

    found = gravity_expected(expected, np.array([0, 0, 1]), np.array([1, 2, 2]))

    assert found.tolist() == [2.0, 0.0, 1.0]


def by_loops(links: sparse.csr_array, left: int, right: int) -> dict[str, float]:
    """Return scores by their definitions, one pair and one neighbour at a time."""
    weights = links.toarray()
    n = len(weights)
    size = [sum(weights[i, z] ** 2 for z in range(n)) for i in range(n)]
    between = [z for z in range(n) if weights[left, z] > 0 and weights[z, right] > 0]
    paths = {z: weights[left, z] * weights[z, right] for z in between}
    both = sum(paths.values())
    strength = [sum(weights[i]) for i in range(n)]
    return {
        "common_neighbours": both,
        "adamic_adar": sum(path / math.log(size[z]) for z, path in paths.items()),
        "resource_allocation": sum(path / size[z] for z, path in paths.items()),
        "preferential_attachment": size[left] * size[right],
        "jaccard": both / (size[left] + size[right] - both),
        "association": both / (size[left] * size[right]),
        "probabilistic_affinity": weights[left, right]
        * sum(strength)
        / (strength[left] * strength[right]),
    }


def random_pairs(n: int) -> tuple[Integers, Integers]:
    left, right = np.triu_indices(n, 1)
    return left.astype(np.int64), right.astype(np.int64)


def random_links(seed: int, n: int = 12) -> sparse.csr_array:
    """Return links in which each unit has at least one."""
    drawn = np.random.default_rng(seed)
    upper = np.triu(drawn.integers(1, 5, (n, n)) * (drawn.random((n, n)) < 0.3), 1)
    upper[np.arange(n - 1), np.arange(1, n)] = 1
    return sparse.csr_array((upper + upper.T).astype(np.float64))


@SCORES
@pytest.mark.parametrize("seed", range(3))
def test_scores_are_their_definitions(one: LinkScore, seed: int) -> None:
    links = random_links(seed)
    left, right = random_pairs(12)

    told = [by_loops(links, int(a), int(b))[one.name] for a, b in zip(left, right, strict=True)]

    np.testing.assert_allclose(one.score(links, left, right), told, rtol=1e-12)


@SCORES
def test_both_sides_of_a_pair_have_one_score(one: LinkScore) -> None:
    links, (left, right) = random_links(5), random_pairs(12)

    np.testing.assert_allclose(
        one.score(links, left, right), one.score(links, right, left), rtol=1e-12
    )


@SCORES
def test_the_order_of_units_does_not_matter(one: LinkScore) -> None:
    links, (left, right) = random_links(7), random_pairs(12)
    moved: Integers = np.random.default_rng(1).permutation(12)
    place: Integers = np.argsort(moved)

    there: Floats = one.score(sparse.csr_array(links[moved][:, moved]), place[left], place[right])

    np.testing.assert_allclose(there, one.score(links, left, right), rtol=1e-12)


@SCORES
def test_of_no_pair_there_is_no_score(one: LinkScore) -> None:
    nobody: Integers = np.array([], dtype=np.int64)

    assert one.score(random_links(1), nobody, nobody).shape == (0,)
