"""Dominance and the list: laws over random candidates, with objectives that are not known."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from fourseas.models.separation import Floats
from fourseas.partners.choice import Terms, are_largest, choice
from fourseas.partners.dominance import dominance, is_undominated, n_dominated, ranked

NAN = float("nan")
CELL = st.one_of(st.just(NAN), st.integers(min_value=0, max_value=3).map(float))
CANDIDATES = st.lists(st.tuples(CELL, CELL, CELL), min_size=1, max_size=14).map(
    lambda rows: np.array(rows, dtype=np.float64)
)


def test_worse_in_one_and_better_in_none_is_dominated_and_equals_are_not() -> None:
    found = dominance(np.array([[1.0, 2.0], [1.0, 3.0], [2.0, 0.0], [1.0, 3.0]]))

    assert np.argwhere(found).tolist() == [[1, 0], [3, 0]]


def test_what_is_not_known_neither_wins_nor_loses() -> None:
    all_known, one_known = [5.0, 5.0], [4.0, NAN]
    assert np.argwhere(dominance(np.array([all_known, one_known]))).tolist() == [[0, 1]]
    # Better where both are known, but nothing says that it is as good in the other.
    assert not dominance(np.array([[6.0, NAN], all_known])).any()


def test_candidates_known_in_different_objectives_do_not_run_in_a_circle() -> None:
    circle = np.array([[1.0, NAN, 3.0], [2.0, 1.0, NAN], [NAN, 2.0, 2.0]])

    assert is_undominated(circle).all()


@given(CANDIDATES)
def test_each_who_is_dominated_is_so_by_one_who_is_not(values: Floats) -> None:
    beats, free = dominance(values), is_undominated(values)
    is_candidate = np.isfinite(values).any(axis=1)

    assert not beats.diagonal().any()
    assert not (beats & beats.T).any()
    for one in np.flatnonzero(is_candidate & ~free):
        assert beats[free, one].any()


def test_six_hundred_candidates_are_compared_as_all_by_all() -> None:
    rng = np.random.default_rng(3)
    values = rng.integers(0, 12, (600, 4)).astype(float)
    values[rng.random(values.shape) < 0.15] = NAN

    b, a = values[:, None, :], values[None, :, :]
    is_told = ~np.isnan(a)
    beats = ((b >= a) | ~is_told).all(axis=2) & ((b > a) & is_told).any(axis=2)
    is_candidate = is_told[0].any(axis=1)

    assert is_undominated(values).tolist() == (~beats.any(axis=0) & is_candidate).tolist()
    assert (
        n_dominated(ranked(values), ranked(values)[::50]).tolist()
        == beats[::50].sum(axis=1).tolist()
    )


@given(CANDIDATES, st.integers(min_value=1, max_value=6), st.data())
def test_nobody_on_the_list_is_dominated_but_by_the_largest(
    values: Floats, take: int, data: st.DataObject
) -> None:
    n = len(values)
    sizes = np.array(data.draw(st.lists(st.floats(1, 99), min_size=n, max_size=n)))
    capped = np.array(data.draw(st.lists(st.booleans(), min_size=n, max_size=n)))
    terms = Terms(take=take)
    found = choice(values, sizes, capped, terms)
    beats = dominance(values)
    is_candidate = np.asarray(np.isfinite(values).any(axis=1))

    assert len(found.places) <= take
    assert is_candidate[found.places].all()
    for place, is_kept in zip(found.places, found.is_guaranteed, strict=True):
        beaten_by = np.flatnonzero(beats[:, place])
        assert bool(len(beaten_by)) == is_kept
        if is_kept:
            assert are_largest(sizes, is_candidate)[beaten_by].all()


@given(CANDIDATES, st.integers(min_value=1, max_value=6))
def test_who_is_left_out_is_dominated_or_there_was_no_place(values: Floats, take: int) -> None:
    n = len(values)
    found = choice(values, np.arange(1.0, n + 1.0), np.zeros(n, dtype=bool), Terms(take=take))
    left = np.setdiff1d(np.flatnonzero(is_undominated(values)), found.places)

    assert not len(left) or len(found.places) == take


def test_three_of_ten_places_go_to_others_than_the_largest() -> None:
    # The ten largest of a hundred beat everybody else, and none another of themselves.
    large = np.array([[100.0 + i, 200.0 - i] for i in range(10)])
    small = np.array([[float(i), 90.0 - i] for i in range(90)])
    sizes = np.concatenate([np.full(10, 1000.0), np.arange(90.0)])
    found = choice(np.concatenate([large, small]), sizes, np.zeros(100, dtype=bool), Terms(take=10))

    assert int((found.places >= 10).sum()) == 3
    assert found.is_guaranteed.tolist() == (found.places >= 10).tolist()
    assert found.n_undominated == 10


def test_who_is_on_too_many_lists_gives_way_and_is_counted() -> None:
    values = np.array([[float(i), 9.0 - i] for i in range(10)])
    capped = np.arange(10) < 5
    found = choice(values, np.arange(10.0), capped, Terms(take=5, guaranteed=0))

    assert sorted(found.places.tolist()) == [5, 6, 7, 8, 9]
    assert found.n_capped == 5
