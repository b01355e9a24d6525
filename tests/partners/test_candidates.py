"""Candidates by hand, against published numbers of link prediction, and by their laws."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from fourseas.errors import FourseasError, UnknownNameError
from fourseas.models.separation import Floats
from fourseas.partners.candidates import (
    OBJECTIVES,
    Candidates,
    Pool,
    candidates,
    common_partners,
    offered,
)
from fourseas.partners.choice import Terms
from fourseas.partners.exposure import exposure
from fourseas.partners.weights import scores, weights

LINKPRED = [(1, 2), (1, 3), (2, 4), (3, 4), (3, 5)]
"""The graph of linkpred's own tests (rafguns/linkpred, BSD), nodes from 1."""


def ties_of(pairs: list[tuple[int, int, float]], n: int) -> sparse.csr_array:
    """Return a symmetric matrix of joint works."""
    whole = np.zeros((n, n))
    for a, b, p in pairs:
        whole[a, b] = whole[b, a] = p
    return sparse.csr_array(whole)


def known(levels: Floats) -> sparse.csr_array:
    """Return the levels that are known; NaN are not."""
    where = np.nonzero(np.isfinite(levels))
    return sparse.csr_array((levels[where], where), shape=levels.shape)


def pool(**changed: object) -> Pool:
    """Return three units in two fields: A half and half, B in the first, C in the second."""
    given_: dict[str, object] = {
        "credit": sparse.csr_array([[50.0, 50.0], [80.0, 20.0], [10.0, 90.0]]),
        "world": np.array([500.0, 500.0]),
        "level": known(np.array([[1.0, 1.0], [2.0, 1.0], [np.nan, 0.5]])),
        "works": np.array([100.0, 100.0, 100.0]),
        "ties": ties_of([(0, 1, 6.0), (1, 2, 2.0)], 3),
        "has_ties": np.array([True, True, True]),
    }
    return Pool(**(given_ | changed))  # type: ignore[arg-type]


def asking(among: Pool, requester: int, asked: Floats) -> Candidates:
    """Return what units would be to one of them in some fields."""
    return candidates(among, requester, offered(among, asked))


def test_a_vector_by_hand() -> None:
    # B seeks in both fields. AI of B: 1.6, 0.4; of C: 0.2, 1.8; world half and half.
    found = asking(pool(), 1, np.array([1.0, 1.0]))
    of_c = dict(zip(OBJECTIVES, found.objectives[2], strict=True))

    assert of_c["strength"] == pytest.approx(90 * 0.5)  # the level of the first is not known
    assert of_c["gain"] == pytest.approx(0.6 * 0.8 * 0.5)
    assert of_c["partner_gain"] == pytest.approx(0.8 * 0.6 * 2)
    # B has ties of 6 and 2: with 4 more to C, 6 and 6 of 12. C has one of 2: 4 of 4.
    assert found.dependence[2] == pytest.approx(0.5)
    assert found.partner_dependence[2] == pytest.approx(1.0)
    assert of_c["independence"] == 0.0
    assert found.joint.tolist() == [6.0, 0.0, 2.0]
    assert np.isnan(found.objectives[1]).all()


def test_the_error_of_strength_adds_the_variances_of_levels_by_squared_credit() -> None:
    variance = known(np.array([[0.04, 0.01], [0.04, 0.01], [np.nan, 0.25]]))
    found = offered(pool(variance=variance), np.array([1.0, 1.0])).error

    assert found.tolist() == pytest.approx(
        [(50**2 * 0.04 + 50**2 * 0.01) ** 0.5, (80**2 * 0.04 + 20**2 * 0.01) ** 0.5, 90 * 0.5]
    )
    assert np.isnan(offered(pool(), np.array([1.0, 1.0])).error).all()


def test_resource_allocation_equals_what_linkpred_tests() -> None:
    ties = ties_of([(a - 1, b - 1, 1.0) for a, b in LINKPRED], 5)
    n = len(ties.toarray())
    none = np.ones((n, 1))
    works = sparse.csr_array(none)
    among = pool(ties=ties, credit=works, level=works, works=none[:, 0], has_ties=none[:, 0] > 0)
    found = {
        (a, b): common_partners(among, np.array([a - 1]))[1][0, b - 1]
        for a, b in [(1, 4), (1, 5), (2, 3), (4, 5)]
    }

    assert found == pytest.approx({(1, 4): 5 / 6, (1, 5): 1 / 3, (2, 3): 1, (4, 5): 1 / 3})


@settings(max_examples=30)
@given(st.integers(min_value=0, max_value=2**32 - 1))
def test_either_side_tells_the_same_of_a_pair(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n, n_fields = 5, 4
    upper = np.triu(rng.poisson(2, (n, n)), 1).astype(float)
    found_in = Pool(
        credit=sparse.csr_array(rng.integers(0, 50, (n, n_fields)).astype(float) + 1),
        world=rng.integers(300, 900, n_fields).astype(float),
        level=known(np.where(rng.random((n, n_fields)) < 0.2, np.nan, rng.random((n, n_fields)))),
        works=rng.random(n),
        ties=sparse.csr_array(upper + upper.T),
        has_ties=rng.random(n) < 0.8,
    )
    every = np.ones(n_fields)
    of_a, of_b = asking(found_in, 0, every), asking(found_in, 1, every)
    gain, back = (list(OBJECTIVES).index(one) for one in ("gain", "partner_gain"))

    same = pytest.approx
    assert of_a.objectives[1, gain] == same(of_b.objectives[0, back], nan_ok=True)
    assert of_a.objectives[1, back] == same(of_b.objectives[0, gain], nan_ok=True)
    assert of_a.dependence[1] == same(of_b.partner_dependence[0], nan_ok=True)
    assert of_a.joint[1] == same(of_b.joint[0], nan_ok=True)
    assert of_a.allocation[1] == same(of_b.allocation[0], nan_ok=True)


@pytest.mark.parametrize("share_known", [1.0, 0.5])
def test_sums_of_gains_are_those_of_the_fields_one_by_one(share_known: float) -> None:
    rng = np.random.default_rng(11)
    n, n_fields = 40, 25
    level = np.where(rng.random((n, n_fields)) < share_known, rng.random((n, n_fields)), np.nan)
    credit = rng.poisson(1, (n, n_fields)).astype(float)
    credit[3] = 0
    level[credit == 0] = np.nan
    among = pool(
        credit=sparse.csr_array(credit),
        world=credit.sum(axis=0) + 1,
        level=known(level),
        works=rng.random(n),
        ties=ties_of([(0, 1, 1.0)], n),
        has_ties=np.ones(n, dtype=bool),
    )
    asked = (rng.random(n_fields) < 0.4).astype(float)
    gain, back = (list(OBJECTIVES).index(one) for one in ("gain", "partner_gain"))

    def known_sum(parts: Floats) -> float:
        told = parts[np.isfinite(parts)]
        return float(told.sum()) if len(told) else float("nan")

    for requester in (0, 3, 7):
        found = asking(among, requester, asked)
        for other in np.flatnonzero(np.isfinite(found.objectives).any(axis=1)):
            mine, theirs = found.gains(int(other)), found.partner_gains(int(other))
            told = found.objectives[other, [gain, back]]
            sums = [known_sum(mine[asked > 0]), known_sum(theirs)]
            assert told.tolist() == pytest.approx(sums, rel=1e-9, abs=1e-12, nan_ok=True)


def test_ties_that_the_register_does_not_list_are_not_known() -> None:
    found = asking(pool(has_ties=np.array([True, True, False])), 0, np.ones(2))

    assert np.isfinite(found.dependence[1])
    assert np.isnan(found.partner_dependence[2])
    assert np.isnan(found.objectives[2, list(OBJECTIVES).index("independence")])


def test_who_has_nothing_in_what_is_asked_for_is_no_candidate() -> None:
    credit = sparse.csr_array([[50.0, 50.0], [100.0, 0.0], [10.0, 90.0]])
    found = asking(pool(credit=credit), 0, np.array([0.0, 1.0]))

    assert np.isnan(found.objectives[1]).all()
    assert np.isfinite(found.objectives[2]).any()


def test_exposure_is_the_part_of_the_lists_of_others() -> None:
    found = exposure(pool(), np.ones(2), Terms(take=1, guaranteed=0))

    assert found.sum() * 2 == pytest.approx(3)
    assert ((found >= 0) & (found <= 1)).all()


def test_weights_are_divided_by_their_sum_and_it_is_said() -> None:
    assert weights({"gain": 3.0, "strength": 1.0}) == ({"gain": 0.75, "strength": 0.25}, True)
    assert weights({"gain": 0.75, "strength": 0.25})[1] is False


def test_a_score_is_a_weighted_mean_of_ranks_and_not_known_where_one_is_not() -> None:
    values = np.array([[1.0, 5.0], [2.0, np.nan], [3.0, 7.0]])
    padded = np.column_stack([values, np.zeros((3, 3))])
    found = scores(padded, {"strength": 0.5, "gain": 0.5, "feasibility": 0.0})

    assert found.tolist() == pytest.approx([0.0, np.nan, 1.0], nan_ok=True)


def test_weights_of_nothing_and_of_no_objective_are_refused() -> None:
    with pytest.raises(UnknownNameError, match=r"There are strength, gain"):
        weights({"gian": 1.0})
    for wrong in (-1.0, float("nan"), 0.0, float("inf")):
        with pytest.raises(FourseasError, match="are no weights"):
            weights({"gain": wrong})
