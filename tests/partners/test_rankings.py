"""Measures of rankings against closed forms, a published network and plain counting."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from fourseas.partners.link_scores import (
    Floats,
    Integers,
    Score,
    adamic_adar,
    common_neighbours,
    jaccard,
    preferential_attachment,
    resource_allocation,
)
from fourseas.partners.rankings import (
    Booleans,
    area_under_curve,
    average_precision,
    exposure,
    gini,
    precision_at,
    shown,
    steps,
    theil,
    weighted_average_precision,
)

SAMPLES = Path(__file__).parents[1] / "samples"


def floats(*values: float) -> Floats:
    return np.array(values, dtype=np.float64)


def hits(*values: int) -> Booleans:
    return np.array(values, dtype=np.bool_)


def test_average_precision_is_the_mean_precision_at_hits() -> None:
    # Hits at places 1 and 3 of 4: (1/1 + 2/3) / 2.
    found = average_precision(floats(4, 3, 2, 1), hits(1, 0, 1, 0))

    assert found == pytest.approx(5 / 6)


def test_a_score_that_says_nothing_has_the_share_of_hits() -> None:
    assert average_precision(floats(1, 1, 1, 1), hits(0, 0, 1, 0)) == pytest.approx(1 / 4)
    assert area_under_curve(floats(1, 1, 1, 1), hits(0, 0, 1, 0)) == pytest.approx(1 / 2)


def test_the_area_is_one_less_the_misses_above_hits() -> None:
    # Of 2 x 2 comparisons of a hit with a miss one is lost.
    assert area_under_curve(floats(4, 3, 2, 1), hits(1, 0, 1, 0)) == pytest.approx(3 / 4)


def test_without_a_hit_there_is_no_measure() -> None:
    assert np.isnan(average_precision(floats(2, 1), hits(0, 0)))
    assert np.isnan(area_under_curve(floats(2, 1), hits(0, 0)))
    assert np.isnan(area_under_curve(floats(2, 1), hits(1, 1)))


def test_weights_are_repetitions() -> None:
    scores, came = floats(4, 3, 3, 1), hits(1, 0, 1, 1)
    weights: Integers = np.array([1, 3, 2, 0])

    found = weighted_average_precision(steps(scores, came), weights.astype(np.float64))

    told = average_precision(np.repeat(scores, weights), np.repeat(came, weights))
    assert found == pytest.approx(told, rel=1e-12)


CO_AUTHORS = {
    "common neighbours": (common_neighbours, 0.615920, 0.031195),
    "Adamic-Adar": (adamic_adar, 0.615867, 0.030190),
    "resource allocation": (resource_allocation, 0.615852, 0.029137),
    "Jaccard": (jaccard, 0.616061, 0.034747),
    "preferential attachment": (preferential_attachment, 0.581835, 0.008278),
}
"""Area and average precision by networkx and scikit-learn."""


def co_authors() -> tuple[sparse.csr_array, sparse.csr_array]:
    """Return who wrote with whom before and after, of those who wrote in both periods."""
    before, after = (
        pd.read_csv(SAMPLES / "linkpred" / f"{name}.csv")
        for name in ("inf1990-2004", "inf2005-2009")
    )
    persons = pd.read_csv(SAMPLES / "linkpred" / "persons.csv")
    both = sorted(persons.person[(persons.is_in_1990_2004 == 1) & (persons.is_in_2005_2009 == 1)])
    place = {number: i for i, number in enumerate(both)}

    def links(table: pd.DataFrame) -> sparse.csr_array:
        kept = table[table.left.isin(both) & table.right.isin(both)]
        left, right = kept.left.map(place).to_numpy(), kept.right.map(place).to_numpy()
        half = sparse.coo_array((np.ones(len(kept)), (left, right)), shape=(len(both),) * 2)
        return sparse.csr_array(half + half.T)

    return links(before), links(after)


@pytest.mark.parametrize("name", CO_AUTHORS)
def test_hold_out_of_co_authors_is_as_computed_by_others(name: str) -> None:
    before, after = co_authors()
    left, right = np.nonzero(np.triu(before.toarray() == 0, 1))
    came = after.toarray()[left, right] > 0
    assert (before.shape[0], len(left), int(came.sum())) == (195, 18_728, 87)

    rule, area, precision = CO_AUTHORS[name]
    score: Score = rule
    scores = score(before, left.astype(np.int64), right.astype(np.int64))

    assert area_under_curve(scores, came) == pytest.approx(area, abs=1e-5)
    assert average_precision(scores, came) == pytest.approx(precision, abs=1e-5)


def test_each_side_of_a_pair_is_asked() -> None:
    # Unit 0 sees 1 first, which comes true; 1 sees 0 first; 2 sees 1 first, which does not.
    pairs = (np.array([0, 0, 1]), np.array([1, 2, 2]))
    lists = shown(pairs, floats(3, 1, 2), hits(1, 0, 0), k=1)

    assert precision_at(lists, k=1) == pytest.approx(2 / 3)
    assert exposure(lists, 3).tolist() == [1.0, 2.0, 0.0]


def test_equal_scores_share_the_last_places() -> None:
    # One place for three candidates of one score, of whom one is a hit; their own lists hold one.
    pairs = (np.array([0, 0, 0]), np.array([1, 2, 3]))
    lists = shown(pairs, floats(1, 1, 1), hits(1, 0, 0), k=1)

    assert exposure(lists, 4).tolist() == pytest.approx([3.0, 1 / 3, 1 / 3, 1 / 3])
    assert precision_at(lists, k=1) == pytest.approx((1 / 3 + 1 + 0 + 0) / 4)


@pytest.mark.parametrize("k", [1, 2, 3, 9])
def test_precision_is_the_mean_over_all_ways_to_order_equal_scores(k: int) -> None:
    drawn = np.random.default_rng(k)
    pairs = [(a, b) for a, b in itertools.combinations(range(5), 2) if drawn.random() < 0.9]
    left, right = np.array(pairs).T
    scores, came = drawn.integers(0, 3, len(pairs)).astype(float), drawn.random(len(pairs)) < 0.4

    shares = []
    for unit in range(5):
        mine = [i for i, pair in enumerate(pairs) if unit in pair]
        if not mine:
            continue
        kept = [
            np.mean([came[i] for i in order[:k]])
            for order in itertools.permutations(mine)
            if all(scores[a] >= scores[b] for a, b in itertools.pairwise(order))
        ]
        shares.append(np.mean(kept))

    assert precision_at(shown((left, right), scores, came, k=k), k=k) == pytest.approx(
        float(np.mean(shares)), rel=1e-12
    )


def test_inequality_of_mexican_states_is_as_published() -> None:
    mexico = pd.read_csv(SAMPLES / "inequality" / "mexico.csv")

    assert gini(mexico.pcgdp1940.to_numpy(dtype=np.float64)) == pytest.approx(
        0.35372371173, abs=1e-7
    )
    told = (0.20894344, 0.15222451, 0.10472941, 0.10194725, 0.09560113, 0.10511256, 0.10660832)
    found = [
        theil(mexico[f"pcgdp{year}"].to_numpy(dtype=np.float64)) for year in range(1940, 2010, 10)
    ]
    assert found == pytest.approx(told, abs=1e-7)


@pytest.mark.parametrize("n", [2, 5, 100])
def test_inequality_is_nothing_where_all_are_equal_and_most_where_one_has_all(n: int) -> None:
    one = np.zeros(n)
    one[0] = 7.0

    assert (gini(np.full(n, 3.0)), theil(np.full(n, 3.0))) == pytest.approx((0.0, 0.0))
    assert (gini(one), theil(one)) == pytest.approx((1 - 1 / n, np.log(n)))
    assert np.isnan(gini(np.zeros(n)))
    assert np.isnan(theil(np.zeros(n)))
