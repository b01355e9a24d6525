"""Openness and level: planted associations, placebos, countings, and what is refused."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from fourseas.errors import NotComputableError
from fourseas.models.level import (
    COMPARED,
    COMPARISONS,
    COUNTING,
    OPENNESS,
    Level,
    level,
    partialled,
)
from fourseas.models.openness import LEVEL_MEASURES, OPENNESS_MEASURES
from fourseas.models.regression import Design, fit_ols
from fourseas.models.verdict import Estimate
from tests.models.planted_panels import N_COUNTRIES, level_world, without

WITHIN, BETWEEN = 0.3, -0.2


@pytest.fixture(scope="module")
def found() -> Level:
    """Return the estimates of a world where the two comparisons differ in sign."""
    return level({"single fields": level_world(2, within=WITHIN, between=BETWEEN)})


def first(rows: tuple[Estimate, ...], comparison: str) -> Estimate:
    return next(row for row in rows if row.choices[COMPARED] == comparison)


def test_an_association_within_countries_is_found_and_not_taken_for_one_between(
    found: Level,
) -> None:
    inside = first(found.rows, "within countries").coefficient
    across = first(found.rows, "between countries").coefficient

    assert inside.low <= WITHIN <= inside.high
    assert across.low < inside.low


def test_a_planted_association_is_inside_its_interval_in_at_least_89_of_100_worlds() -> None:
    inside: dict[str, int] = dict.fromkeys(COMPARISONS, 0)
    for seed in range(100):
        world = level_world(seed, within=WITHIN, between=WITHIN)
        unknown = np.full(len(world.country), np.nan)
        alone = replace(
            world,
            openness={**world.openness, "abroad": unknown},
            level={"fractional": world.level["fractional"], "full": unknown, "home": unknown},
        )
        for row in level({"single fields": alone}).rows:
            of = row.coefficient
            inside[row.choices[COMPARED]] += of.low <= WITHIN <= of.high

    assert min(inside.values()) >= 89


def test_openness_that_is_yet_to_come_shows_nothing(found: Level) -> None:
    assert len(found.leads) == len(LEVEL_MEASURES) * len(OPENNESS_MEASURES)
    assert all(abs(one.coefficient.estimate) < WITHIN / 5 for one in found.leads)


def test_leaving_out_a_country_gives_what_an_estimate_without_it_gives() -> None:
    world = level_world(3, within=WITHIN, between=WITHIN)
    row = first(level({"single fields": world}).rows, "within countries")
    estimates = []
    for left_out in range(N_COUNTRIES):
        kept = world.country != left_out
        series = world.country[kept] * 4 + world.field[kept]
        cells = world.field[kept] * 10 - world.period[kept]
        fit = fit_ols(
            Design(
                outcome=100 * world.level["fractional"][kept],
                regressors={"x": 10 * world.openness["international"][kept]},
                effects={"series": series, "cell": cells},
                clusters={"country": world.country[kept]},
            )
        )
        estimates.append(fit.of("x").estimate)

    assert row.without_one == pytest.approx((min(estimates), max(estimates)), abs=1e-8)


def test_what_effects_leave_has_no_mean_in_any_level() -> None:
    rng = np.random.default_rng(0)
    effects = {"a": rng.integers(0, 5, 60), "b": rng.integers(0, 4, 60)}
    rest = partialled(rng.normal(5, 1, 60), effects)

    for codes in effects.values():
        assert np.bincount(codes, weights=rest) == pytest.approx(0, abs=1e-8)


def test_a_level_that_is_not_published_is_not_testable_and_the_reason_is_told() -> None:
    some = level({"single fields": without(level_world(1, within=WITHIN, between=WITHIN), "home")})

    assert some.untested == (
        "single fields, level by works at home alone: the register does not publish it",
    )
    assert all(row.choices[COUNTING] != LEVEL_MEASURES["home"] for row in some.rows)


def test_too_few_countries_are_refused_with_what_it_takes() -> None:
    world = level_world(1, within=WITHIN, between=WITHIN)
    few = {
        name: np.where(world.country < 5, values, np.nan) for name, values in world.openness.items()
    }

    with pytest.raises(NotComputableError, match="5 countries have it, and it takes 12"):
        level({"single fields": replace(world, openness=few)})


def test_openness_that_effects_determine_is_refused() -> None:
    world = level_world(1, within=WITHIN, between=WITHIN)
    same = {name: 0.1 * world.field.astype(np.float64) for name in world.openness}

    with pytest.raises(NotComputableError, match="determine every regressor"):
        level({"single fields": replace(world, openness=same)})


def test_ranks_are_those_of_the_last_period() -> None:
    world = level_world(1, within=WITHIN, between=WITHIN)
    reversed_last = np.where(
        world.period == 0, 1 - world.openness["abroad"], world.openness["abroad"]
    )
    ranked = level(
        {
            "single fields": replace(
                world,
                openness={"international": reversed_last, "abroad": reversed_last},
                level=dict.fromkeys(world.level, world.openness["abroad"]),
            )
        }
    )

    assert all(rho == pytest.approx(-1) for rho in ranked.rank_correlation.values())
    assert {row.choices[OPENNESS] for row in ranked.rows} == set(OPENNESS_MEASURES.values())
