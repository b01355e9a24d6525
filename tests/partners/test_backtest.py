"""Back-tests of small worlds: what is a candidate, what a forecast sees, and what it is told by."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from fourseas.errors import NotComputableError
from fourseas.partners.backtest import OURS, Backtest, backtest
from fourseas.partners.forecasts import baselines, feasibility, mutual_gain, with_gains
from fourseas.partners.hold_out import (
    Material,
    Profiles,
    Split,
    Threshold,
    Ties,
    outcome,
    training,
)
from fourseas.partners.link_scores import Floats
from fourseas.partners.rankings import average_precision

SPLIT = Split(train_to=2015, first=2016, last=2018)
N_UNITS = 40
N_FIELDS = 6
YEARS = np.arange(2003, 2019)


def material(*ties: tuple[int, int, int, float], n_units: int = 4) -> Material:
    """Return ties as (left, right, year, works), of units without works by field or place."""
    left, right, year, works = zip(*ties, strict=True)
    nothing = np.array([], dtype=np.int64)
    return Material(
        n_units=n_units,
        ties=Ties(
            left=np.array(left), right=np.array(right), year=np.array(year), works=np.array(works)
        ),
        profiles=Profiles(
            unit=nothing, field=nothing, year=nothing, works=nothing.astype(np.float64)
        ),
        apart={},
    )


def world(seed: int = 1) -> Material:
    """Return units on a line that write with those near, and with more as years go by."""
    drawn = np.random.default_rng(seed)
    place = np.sort(drawn.uniform(0, 10, N_UNITS))
    size = drawn.lognormal(0, 0.7, N_UNITS)
    a, b = np.triu_indices(N_UNITS, 1)
    distance = np.abs(place[a] - place[b]) + 0.1
    rows = []
    for year in YEARS:
        rate = 0.08 * 1.05 ** (year - YEARS[0]) * size[a] * size[b] / distance
        works = drawn.poisson(rate).astype(np.float64)
        rows += [(i, j, year, n) for i, j, n in zip(a, b, works, strict=True) if n > 0]
    left, right, when, joint = (np.array(column) for column in zip(*rows, strict=True))
    unit, field, of_year = (
        grid.ravel()
        for grid in np.meshgrid(np.arange(N_UNITS), np.arange(N_FIELDS), YEARS, indexing="ij")
    )
    square = np.abs(place[:, np.newaxis] - place[np.newaxis, :]) + 0.1
    np.fill_diagonal(square, np.nan)
    return Material(
        n_units=N_UNITS,
        ties=Ties(left=left, right=right, year=when, works=joint.astype(np.float64)),
        profiles=Profiles(
            unit=unit, field=field, year=of_year, works=drawn.gamma(1.0, 5.0, len(unit))
        ),
        apart={"log_distance": np.log(square)},
    )


def scrambled(of: Material, after: int) -> Material:
    """Return a world whose ties and works by field after a year are dealt out anew."""
    drawn = np.random.default_rng(9)
    late = of.ties.year > after
    left, right = of.ties.left.copy(), of.ties.right.copy()
    left[late] = drawn.integers(0, N_UNITS // 2, int(late.sum()))
    right[late] = drawn.integers(N_UNITS // 2, N_UNITS, int(late.sum()))
    works = of.ties.works.copy()
    works[late] = drawn.integers(1, 50, int(late.sum()))
    by_field = of.profiles.works.copy()
    by_field[of.profiles.year > after] *= 100 * drawn.random(int((of.profiles.year > after).sum()))
    return replace(
        of,
        ties=replace(of.ties, left=left, right=right, works=works),
        profiles=replace(of.profiles, works=by_field),
    )


def forecasts(of: Material, threshold: Threshold = "any") -> dict[str, Floats]:
    seen = training(of.before(SPLIT.train_to), SPLIT.train_to, threshold)
    return {
        "left": seen.left.astype(np.float64),
        "right": seen.right.astype(np.float64),
        "feasibility": feasibility(seen),
        "gain": mutual_gain(seen),
        **baselines(seen),
    }


@pytest.fixture(scope="module")
def of() -> Material:
    return world()


@pytest.fixture(scope="module")
def told(of: Material) -> Backtest:
    half = np.arange(N_UNITS) < N_UNITS // 2
    return backtest(of, SPLIT, "any", {"first": half, "second": ~half})


def test_candidates_are_pairs_of_those_taking_part_that_were_never_linked() -> None:
    # 0-1 and 1-2 are linked of late; 0-2 was, long ago; 3 was linked long ago alone.
    of = material((0, 1, 2014, 1), (1, 2, 2015, 2), (0, 2, 2001, 1), (1, 3, 2002, 1))
    with_more = material(
        (0, 1, 2014, 1), (1, 2, 2015, 2), (2, 3, 2012, 1), (0, 2, 2001, 1), (0, 3, 2017, 4)
    )

    assert len(training(of, 2015, "any").left) == 0
    seen = training(with_more.before(2015), 2015, "any")
    assert list(zip(seen.left, seen.right, strict=True)) == [(0, 3), (1, 3)]
    after = outcome(with_more, seen, SPLIT, "any")
    assert after.came.tolist() == [True, False]
    assert after.works.tolist() == [4.0, 0.0]


def test_by_expectation_a_pair_with_few_joint_works_is_a_candidate() -> None:
    of = material((0, 1, 2015, 10), (0, 2, 2015, 1), (1, 2, 2015, 1), n_units=3)

    seen = training(of, 2015, "above_expectation")

    # 0-1: 10 x 24 / (11 x 11); 0-2 and 1-2: 1 x 24 / (11 x 2) > 1 as well.
    assert len(seen.left) == 0
    balanced = material((0, 1, 2015, 9), (2, 3, 2015, 9), (0, 2, 2015, 1), (1, 3, 2015, 1))
    seen = training(balanced, 2015, "above_expectation")
    assert list(zip(seen.left, seen.right, strict=True)) == [(0, 2), (0, 3), (1, 2), (1, 3)]


@pytest.mark.parametrize("threshold", ["any", "above_expectation"])
def test_what_comes_after_training_changes_no_forecast(of: Material, threshold: Threshold) -> None:
    told = forecasts(of, threshold)

    for other in (scrambled(of, 2015), of.before(2015)):
        found = forecasts(other, threshold)
        assert found.keys() == told.keys()
        for name, values in told.items():
            np.testing.assert_array_equal(found[name], values, err_msg=name)


def test_a_leak_would_be_seen(of: Material) -> None:
    told = forecasts(of)

    # One year of leaking moves forecasts, so that the test above can fail; and training refuses.
    leaking = replace(
        of, ties=replace(of.ties, year=np.where(of.ties.year == 2016, 2015, of.ties.year))
    )
    assert len(forecasts(leaking)["left"]) != len(told["left"])
    with pytest.raises(AssertionError):
        training(of, 2015, "any")


def test_the_weight_of_gains_is_chosen_without_the_years_reported(
    of: Material, told: Backtest
) -> None:
    other = backtest(scrambled(of, 2015), SPLIT, "any", {})

    assert other.weight == told.weight
    assert [one.earlier for one in other.weights] == [one.earlier for one in told.weights]
    assert other.rankings != told.rankings


def test_where_ties_fall_off_with_distance_feasibility_is_ahead_of_chance(told: Backtest) -> None:
    found = {one.name: one for one in told.rankings}

    chance = found["probabilistic_affinity"].average_precision
    assert found["feasibility"].average_precision > 1.3 * chance
    assert found["gravity"].average_precision > 1.3 * chance


def test_a_ranking_is_ahead_of_itself_by_nothing_and_inside_its_interval(told: Backtest) -> None:
    ours = told.rankings[1]
    assert (ours.ahead, ours.ahead_low, ours.ahead_high) == (0.0, 0.0, 0.0)
    assert tuple(one.name for one in told.rankings[:3]) == OURS
    for one in told.rankings:
        assert one.low <= one.average_precision <= one.high
        assert sum(one.pp_group.values()) == pytest.approx(1.0)
        assert ours.average_precision - one.average_precision == pytest.approx(one.ahead)


def test_what_is_told_is_of_the_forecasts_themselves(of: Material, told: Backtest) -> None:
    seen = training(of.before(2015), 2015, "any")
    after = outcome(of, seen, SPLIT, "any")

    assert told.n_candidates + np.triu(seen.links.toarray(), 1).sum() <= told.n_pairs
    assert told.n_hits == after.came.sum()
    scores = with_gains(feasibility(seen), mutual_gain(seen), weight=told.weight)
    assert told.rankings[0].average_precision == average_precision(scores, after.came)


def test_gains_are_those_of_the_formula() -> None:
    # Unit 0 has 3 of 4 works in field 0, unit 1 has 3 of 4 in field 1; the world is half and half:
    # activity 1.5 and .5, so that each gains .5 x .5. Unit 2 is as the world, unit 3 is unknown.
    of = replace(
        material((0, 1, 2001, 1), (0, 2, 2015, 1), (1, 3, 2015, 1), (2, 3, 2015, 1)),
        profiles=Profiles(
            unit=np.array([0, 0, 1, 1, 2, 2]),
            field=np.array([0, 1, 0, 1, 0, 1]),
            year=np.full(6, 2015),
            works=np.array([3.0, 1.0, 1.0, 3.0, 2.0, 2.0]),
        ),
    )
    apart = replace(of, ties=replace(of.ties, year=np.array([2015, 2015, 2015, 2015])))

    seen = replace(
        training(apart, 2015, "any"), left=np.array([0, 0, 0]), right=np.array([1, 2, 3])
    )

    found = mutual_gain(seen)
    assert found[:2].tolist() == [0.25, 0.0]
    assert np.isnan(found[2])


def test_no_gain_for_a_side_is_no_advice_and_an_unknown_gain_is_neither() -> None:
    found = with_gains(np.array([2.0, 2.0, 2.0]), np.array([4.0, 0.0, np.nan]), weight=0.5)

    assert found.tolist() == [4.0, 0.0, 4.0]


def test_years_without_joint_works_are_told() -> None:
    of = material((0, 1, 2003, 1), (1, 2, 2022, 1))

    with pytest.raises(NotComputableError, match="no joint works in 20"):
        backtest(of, SPLIT, "any", {})


def test_too_few_ties_that_started_are_told() -> None:
    of = material(
        *((0, 1, year, 1) for year in range(2003, 2019)), (0, 2, 2014, 1), (1, 2, 2017, 1)
    )

    with pytest.raises(NotComputableError, match="it takes 10"):
        backtest(of, SPLIT, "any", {})
