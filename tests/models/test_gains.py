"""Gains of joint works: means and errors by hand, planted ranks, and what is refused."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from fourseas.errors import NotComputableError
from fourseas.models.gains import (
    GAIN,
    GAIN_MEASURES,
    HELD,
    IS_HELD,
    NOT_HELD,
    SIDE,
    Gains,
    gains,
    gains_by_rank,
    mean_gains,
)
from fourseas.models.separation import Floats
from tests.models.planted_panels import N_COUNTRIES, level_world, panel, places

DIFFERENCE = GAIN_MEASURES["difference"]


def drawn(seed: int, *, by_rank: float, by_own: float) -> tuple[Gains, Floats]:
    """Return gains that rise with rank and fall with the own level, and what ranks countries."""
    rng = np.random.default_rng(seed)
    measured = rng.permutation(N_COUNTRIES).astype(np.float64)
    own = 1 + measured / N_COUNTRIES + rng.normal(0, 0.2, N_COUNTRIES)
    gain = 2 + by_rank * measured / (N_COUNTRIES - 1) + by_own * own
    gain += rng.normal(0, 0.1, N_COUNTRIES)
    third = np.arange(N_COUNTRIES) < N_COUNTRIES / 2
    return (
        Gains(
            country=np.arange(N_COUNTRIES),
            by={"difference": gain, "ratio": gain},
            own=own,
            is_ahead=third,
            is_behind=~third,
        ),
        measured,
    )


def test_a_planted_slope_is_found_where_the_own_level_is_held_and_missed_where_it_is_not() -> None:
    of, measured = drawn(1, by_rank=0.5, by_own=-1.0)
    found = {
        one.choices[HELD]: one.coefficient
        for one in gains_by_rank(of, measured, {})
        if one.choices[GAIN] == DIFFERENCE
    }

    assert found[IS_HELD].low <= 0.5 <= found[IS_HELD].high
    assert found[NOT_HELD].high < 0.5


def test_a_mean_has_the_error_of_its_clusters() -> None:
    # Twelve countries with the gains 0 and 2 in turn, twice each: the mean is 1, and its error that
    # of twelve values, not of twenty-four: sqrt(12/11) / sqrt(12).
    country = np.repeat(np.arange(12), 2)
    gain: Floats = np.array(2.0 * (country % 2), dtype=np.float64)
    everybody = np.ones(24, dtype=bool)
    of = Gains(
        country=country,
        by={"difference": gain, "ratio": gain},
        own=gain,
        is_ahead=everybody,
        is_behind=everybody,
    )
    (one, *_) = mean_gains(of, {})

    assert one.coefficient.estimate == 1.0
    assert one.coefficient.se == pytest.approx(np.sqrt(12 / 11) / np.sqrt(12))
    assert (one.n, one.n_clusters) == (24, 12)
    # Tables of Student's t have 2.201 for eleven degrees of freedom.
    reach = 2.201 * np.sqrt(12 / 11) / np.sqrt(12)
    assert (one.coefficient.low, one.coefficient.high) == pytest.approx(
        (1 - reach, 1 + reach), abs=2e-4
    )


def test_both_sides_stand_there_by_both_measures() -> None:
    of, _ = drawn(1, by_rank=0.0, by_own=0.0)
    found = mean_gains(of, {})

    assert [(one.choices[SIDE], one.choices[GAIN]) for one in found] == [
        (side, words) for side in ("ahead", "behind") for words in GAIN_MEASURES.values()
    ]


def test_gains_are_of_one_field_and_the_last_two_periods() -> None:
    world = level_world(1, within=0.3, between=0.3)
    of = gains(replace(world, joint_level=2 * world.level["fractional"]), 2)

    assert len(of.country) == 2 * N_COUNTRIES
    assert of.by["ratio"] == pytest.approx(np.log(2))
    assert of.by["difference"] == pytest.approx(of.own)
    assert of.is_ahead.sum() == of.is_behind.sum() == 2 * N_COUNTRIES // 3


def test_too_few_ranked_countries_are_refused() -> None:
    of, measured = drawn(1, by_rank=0.5, by_own=0.0)
    known = np.where(np.arange(N_COUNTRIES) < 11, measured, np.nan)

    with pytest.raises(NotComputableError, match="11 countries have what it takes"):
        gains_by_rank(of, known, {})


def test_a_side_with_too_few_countries_is_refused() -> None:
    of, _ = drawn(1, by_rank=0.5, by_own=0.0)

    with pytest.raises(NotComputableError, match="those behind"):
        mean_gains(replace(of, is_behind=np.arange(N_COUNTRIES) < 3), {})


def test_gains_are_told_in_points_and_thirds_are_those_of_the_period() -> None:
    # In the last period levels rise with a country's number, in the one before they fall with it
    # and are ten times as high; joint works stand three points above.
    country, field, period = places()
    rising, falling = (country + 1) / 1000, (N_COUNTRIES - country) / 100
    level = np.where(period == 0, rising, falling)
    world = replace(panel(np.full(len(level), 0.3), level), joint_level=level + 0.03)
    of = gains(world, 2)
    is_last = period[(field == 2) & (period > -2)] == 0

    assert of.by["difference"] == pytest.approx(3.0)
    assert of.own[is_last] == pytest.approx(np.arange(1, N_COUNTRIES + 1) / 10)
    assert of.by["ratio"][is_last][0] == pytest.approx(np.log(31))
    assert of.country[is_last & of.is_ahead].tolist() == list(range(20, 30))
    assert of.country[is_last & of.is_behind].tolist() == list(range(10))
    assert of.country[~is_last & of.is_ahead].tolist() == list(range(10))
    assert of.country[~is_last & of.is_behind].tolist() == list(range(20, 30))


@pytest.mark.parametrize("nothing", [0.0, np.nan])
@pytest.mark.parametrize("what", ["own", "joint"])
def test_a_level_that_is_unknown_or_has_no_log_has_no_gain(what: str, nothing: float) -> None:
    country, _, _ = places()
    level = np.full(len(country), 0.02)
    lacking = np.where(country == 7, nothing, level)
    own, joint = (lacking, level) if what == "own" else (level, lacking)
    of = gains(replace(panel(level, own), joint_level=joint), 0)

    assert sorted(set(range(N_COUNTRIES)) - set(of.country.tolist())) == [7]


def test_a_rank_runs_from_0_to_1_and_the_periods_of_a_country_are_averaged() -> None:
    # Thirteen countries, of which the last is not known: gains of 2 more from the lowest to the
    # highest of twelve ranks, and in two periods one more and one less than that.
    country = np.repeat(np.arange(13), 2)
    ranks = np.array([3, 0, 9, 1, 11, 7, 5, 2, 10, 8, 4, 6, 0], dtype=np.float64)
    gain: Floats = 5 + 2 * ranks[country] / 11 + np.tile([1.0, -1.0], 13)
    nobody = np.zeros(26, dtype=bool)
    own: Floats = np.cos(np.arange(26.0))
    of = Gains(
        country=country,
        by={"difference": gain, "ratio": 3 * gain},
        own=own,
        is_ahead=nobody,
        is_behind=nobody,
    )
    measured = np.where(np.arange(13) < 12, 7 * ranks, np.nan)
    found = gains_by_rank(of, measured, {})

    assert [one.coefficient.estimate for one in found] == pytest.approx([2, 2, 6, 6])
    assert {(one.n, one.n_clusters) for one in found} == {(12, 12)}
    assert [one.choices[HELD] for one in found] == [NOT_HELD, IS_HELD] * 2
