"""Closing, reducing and opening ties: numbers by hand, laws, and what is refused."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize

from fourseas.errors import NotComputableError
from fourseas.models.closure import (
    MODEL,
    Closure,
    Network,
    closure,
    concentration,
    efficiency,
    partly_redirected,
    reach,
)
from fourseas.models.separation import Booleans, Floats
from tests.models.observing import observed
from tests.world import Row

A = np.array([True, False, False, False])
B = np.array([False, True, False, False])


def ring(**pairs: float) -> Network:
    """Return four countries A, B, C, D with the joint works of named pairs."""
    joint = np.zeros((4, 4))
    for pair, works in pairs.items():
        i, j = ("ABCD".index(name) for name in pair)
        joint[i, j] = joint[j, i] = works
    return Network(
        countries=tuple("ABCD"), joint=joint, domestic=np.array([40.0, 60.0, 20.0, 10.0])
    )


def closed(factor: float = 0.0) -> Closure:
    """Return the closure of A and B in a ring."""
    return closure(ring(AB=10, BC=6, CD=4, DA=2), A, B, factor=factor, draws=5)


def random_network(seed: int) -> Network:
    """Return a network in which all have works at home."""
    rng = np.random.default_rng(seed)
    upper = np.triu(rng.poisson(3.0, (4, 4)) + 1.0, 1)
    return Network(
        countries=tuple("ABCD"), joint=upper + upper.T, domestic=rng.uniform(5.0, 50.0, 4)
    )


def test_closing_takes_the_joint_works_of_the_two_and_nothing_else() -> None:
    found = closed()

    assert found.removed == 10
    assert found.without[0].tolist() == [40, 0, 0, 2]
    assert found.without[2].tolist() == [0, 6, 20, 4]


def test_reducing_by_a_quarter_takes_a_quarter() -> None:
    assert closed(0.75).removed == pytest.approx(2.5)


def test_opening_adds() -> None:
    assert closed(1.5).removed == pytest.approx(-5.0)


def test_what_is_redirected_keeps_the_sum_of_each_country() -> None:
    found = closed()

    assert found.redirected is not None
    assert found.redirected.sum(axis=1) == pytest.approx(found.before.sum(axis=1))
    assert found.redirected[0, 1] == 0
    assert found.redirected[0, 3] > found.before[0, 3]


def test_what_is_redirected_solves_the_equations_of_its_factors() -> None:
    found = closed()
    sums = found.before.sum(axis=1)

    def miss(logs: Floats) -> Floats:
        factors = np.exp(logs)
        gap: Floats = factors * (found.without @ factors) / sums - 1
        return gap

    # Another way to the same: a root of all equations at once, by Powell's hybrid method.
    factors = np.exp(optimize.root(miss, np.zeros(4), tol=1e-13).x)
    expected = factors[:, None] * found.without * factors[None, :]

    assert found.redirected is not None
    assert found.redirected == pytest.approx(expected, rel=1e-8)


def test_where_no_flows_keep_all_sums_it_says_so_and_tells_what_is_lost() -> None:
    known = ring(AB=10, BC=6, CD=4)
    network = Network(countries=known.countries, joint=known.joint, domestic=np.zeros(4))
    found = closure(network, A, B, draws=1)

    assert found.redirected is None
    assert "no flows" in found.not_redirected
    assert found.removed == 10


def test_without_works_at_home_nothing_is_redirected() -> None:
    known = ring(AB=10, BC=6, CD=4, DA=2)
    network = Network(countries=known.countries, joint=known.joint, domestic=None)

    assert closure(network, A, B, draws=1).redirected is None


def test_sides_that_never_worked_together_are_refused() -> None:
    with pytest.raises(NotComputableError, match="no joint work"):
        closure(ring(BC=6, CD=4, DA=2), A, B)


def test_efficiency_of_a_chain_by_hand() -> None:
    # A - B - C with one work each: sizes 1, 2, 1; lengths sqrt(2) and sqrt(2); A to C is their sum.
    joint: Floats = np.array([[0.0, 1, 0], [1, 0, 1], [0, 1, 0]])
    expected = 2 * (1 / np.sqrt(2) + 1 / np.sqrt(2) + 1 / (2 * np.sqrt(2))) / 6

    assert efficiency(joint, joint.sum(axis=1)) == pytest.approx(expected)


def test_concentration_by_hand() -> None:
    joint: Floats = np.array([[0.0, 3, 1], [3, 0, 0], [1, 0, 0]])

    assert concentration(joint).tolist() == pytest.approx([10 / 16, 1.0, 1.0])


def test_a_random_closure_takes_as_many_works_and_the_same_seed_the_same() -> None:
    again = closed()

    assert again.random_efficiency.tolist() == closed().random_efficiency.tolist()
    assert (again.random_efficiency <= again.efficiency_before).all()


def slowly(network: Network, size: float, sign: int, draws: int) -> list[float]:
    """Return the efficiency after random changes, each pair by itself and every way anew."""
    rng = np.random.default_rng(0)
    sizes = network.joint.sum(axis=1)
    n = len(sizes)
    ties = [(i, j) for i in range(n) for j in range(i + 1, n) if network.joint[i, j] > 0]
    found = []
    for _ in range(draws):
        joint, left = network.joint.copy(), size
        for at in rng.permutation(len(ties)):
            i, j = ties[at]
            taken = min(left, network.joint[i, j])
            left -= taken
            joint[i, j] += sign * taken
            joint[j, i] += sign * taken
        found.append(efficiency(joint, sizes))
    return found


@pytest.mark.parametrize(("factor", "sign"), [(0.0, -1), (0.6, -1), (1.5, 1), (3.0, 1)])
def test_random_changes_are_those_that_are_worked_out_one_by_one(factor: float, sign: int) -> None:
    rng = np.random.default_rng(7)
    upper = np.triu(np.rint(rng.lognormal(1.0, 2.0, (25, 25))), 1)
    countries = tuple(f"{i:02}" for i in range(25))
    network = Network(countries=countries, joint=upper + upper.T, domestic=None)
    first, second = (np.arange(25) < 3), (np.arange(25) >= 20)
    found = closure(network, first, second, factor=factor, draws=20)

    assert found.random_efficiency.tolist() == pytest.approx(
        slowly(network, abs(found.removed), sign, 20), rel=1e-12
    )
    assert found.reach_without == pytest.approx(
        reach(found.without, network.joint.sum(axis=1)), rel=1e-12
    )


@pytest.mark.parametrize(("factor", "sign"), [(0.0, -1), (0.3, -1), (3.0, 1)])
def test_random_changes_of_few_ties_are_those_that_are_worked_out_one_by_one(
    factor: float, sign: int
) -> None:
    network = ring(AB=10, BC=6, CD=4, DA=2)
    found = closure(network, A, B, factor=factor, draws=12)

    assert found.random_efficiency.tolist() == pytest.approx(
        slowly(network, abs(found.removed), sign, 12)
    )


def side(names: str) -> Booleans:
    """Return the members of a side."""
    return np.array([name in names for name in "ABCD"])


@settings(max_examples=25)
@given(st.integers(0, 2**16), st.floats(0.0, 0.9))
def test_closing_never_makes_a_network_more_efficient_and_both_sides_lose_alike(
    seed: int, factor: float
) -> None:
    found = closure(random_network(seed), side("AB"), side("CD"), factor=factor, draws=1)
    loss = (found.before - found.without).sum(axis=1)

    assert found.efficiency_without <= found.efficiency_before + 1e-12
    assert loss[found.is_first].sum() == pytest.approx(loss[found.is_second].sum())


@settings(max_examples=25)
@given(st.integers(0, 2**16))
def test_it_does_not_matter_which_side_is_named_first(seed: int) -> None:
    one = closure(random_network(seed), A, B, draws=1)
    other = closure(random_network(seed), B, A, draws=1)

    assert one.redirected == pytest.approx(other.redirected)


def test_redirecting_none_is_s0_and_all_is_s1_and_between_them_sums_are_in_proportion() -> None:
    found = closed()
    assert found.redirected is not None
    lost = (found.before - found.without).sum(axis=1)

    assert partly_redirected(found, 0.0) == pytest.approx(found.without)
    assert partly_redirected(found, 1.0) == pytest.approx(found.redirected)
    third = partly_redirected(found, 1 / 3).sum(axis=1)
    assert third == pytest.approx(found.before.sum(axis=1) - lost * 2 / 3)


def test_works_at_home_stand_beside_those_of_pairs() -> None:
    home: Row = {"stratum": "core", "collaboration_class": "domestic", "unit_id": "KE"}
    abroad = home | {"collaboration_class": "international"}
    pair: Row = {"unit_id": "KE", "partner_id": "UG", "p": 3.0, "top_10_full": 1.0}
    found = observed(
        MODEL.observations,
        {
            "pair_cells": [pair, pair | {"unit_type": "organization", "partner_id": "x"}],
            "unit_cells": [
                home | {"n": 5.0, "top_10_full": 2.0},
                home | {"stratum": "xpac", "n": 1.0, "top_10_full": 1.0},
                home | {"unit_type": "group", "unit_id": "EAC", "n": 9.0},
                abroad | {"n": 3.0, "top_10_full": 1.0},
            ],
        },
    )
    rows = found[["unit_id", "partner_id", "works", "top_10"]].sort_values("partner_id")

    assert rows.to_numpy().tolist() == [["KE", "KE", 6, 3], ["KE", "UG", 3, 1]]


def test_a_tie_of_less_than_one_work_is_closed_too() -> None:
    # By fractional counting a tie may be half a work; A and B have no other way.
    network = ring(AB=0.5, BC=6, CD=4)
    found = closure(network, A, B, draws=3)
    expected = reach(ring(BC=6, CD=4).joint, network.joint.sum(axis=1))

    assert found.reach_without == pytest.approx(expected)
    assert found.reach_without[0] == 0
    assert (found.n_in_largest_before, found.n_in_largest_without) == (4, 3)


def test_reach_of_a_chain_by_hand() -> None:
    # As above; A has ways of sqrt(2) and of twice that to two others.
    joint: Floats = np.array([[0.0, 1, 0], [1, 0, 1], [0, 1, 0]])
    outer = (1 / np.sqrt(2) + 1 / np.sqrt(8)) / 2

    assert reach(joint, joint.sum(axis=1)) == pytest.approx([outer, 1 / np.sqrt(2), outer])


def test_random_closures_that_change_as_much_are_counted() -> None:
    found = replace(
        closed(),
        reach_before=np.full(4, 0.50),
        reach_without=np.full(4, 0.25),
        random_efficiency=np.array([0.75, 0.25, 0.30, 0.5, 0.125]),
    )

    assert (found.efficiency_before, found.efficiency_without) == (0.5, 0.25)
    assert found.n_random_as_far == 3


def test_the_same_is_drawn_unless_another_seed_or_number_is_asked_for() -> None:
    network = random_network(3)
    first, other = (closure(network, A, B, seed=seed).random_efficiency for seed in (0, 1))

    assert len(first) == 99
    assert closure(network, A, B).random_efficiency.tolist() == first.tolist()
    assert first.tolist() != other.tolist()


def test_a_closure_is_of_all_pairs_between_the_sides_and_of_none_within() -> None:
    network = random_network(5)
    found = closure(network, side("AB"), side("CD"), draws=1)

    assert found.without[:2, 2:].tolist() == [[0, 0], [0, 0]]
    assert found.without[2:, :2].tolist() == [[0, 0], [0, 0]]
    assert found.without[0, 1] == network.joint[0, 1] > 0
    assert np.diag(found.without) == pytest.approx(network.domestic)
    assert found.removed == pytest.approx(network.joint[:2, 2:].sum())


def test_what_is_left_of_a_tie_may_be_next_to_nothing() -> None:
    almost = closure(ring(AB=10, BC=6, CD=4, DA=2), A, B, factor=1e-308, draws=1)

    assert almost.reach_without == pytest.approx(closed().reach_without)


def test_two_countries_with_nobody_else_are_as_near_as_can_be() -> None:
    joint: Floats = np.array([[0.0, 5], [5, 0]])

    assert reach(joint, joint.sum(axis=1)).tolist() == [1, 1]


def test_a_country_without_joint_works_is_out_of_reach_on_either_side() -> None:
    # D, on the side of A, has works at home alone.
    network = ring(AB=10, BC=6, CA=4)
    found = closure(network, side("AD"), B, draws=3)

    assert found.reach_before[3] == found.reach_without[3] == 0
    assert found.reach_without == pytest.approx(
        reach(ring(BC=6, CA=4).joint, network.joint.sum(axis=1))
    )
    assert (found.n_in_largest_before, found.n_in_largest_without) == (3, 3)


def test_what_is_multiplied_by_one_is_as_it_was_and_so_is_what_is_drawn() -> None:
    found = closed(1.0)

    assert found.removed == 0
    assert found.efficiency_without == found.efficiency_before
    assert found.random_efficiency == pytest.approx(found.efficiency_before)


def test_who_loses_several_ties_has_none_of_them_where_nothing_is_redirected() -> None:
    found = closure(random_network(4), side("AB"), side("CD"), draws=1)

    assert partly_redirected(found, 0.0) == pytest.approx(found.without)
