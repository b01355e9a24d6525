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
    few,
    level,
    partialled,
)
from fourseas.models.openness import LEVEL_MEASURES, OPENNESS_MEASURES, LevelMeasure, Panel
from fourseas.models.regression import Design, fit_ols
from fourseas.models.separation import Floats
from fourseas.models.verdict import Estimate
from tests.models.planted_panels import (
    N_COUNTRIES,
    N_FIELDS,
    N_PERIODS,
    level_world,
    open_countries,
    panel,
    places,
    without,
)

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


@pytest.mark.parametrize("unit", [0.0, 1e-12, 1.0, 1e8])
def test_what_effects_leave_is_the_same_in_all_units(unit: float) -> None:
    rng = np.random.default_rng(0)
    effects = {"a": rng.integers(0, 5, 60), "b": rng.integers(0, 4, 60)}
    values = rng.normal(5, 1, 60)
    dummies = [codes[:, None] == np.unique(codes) for codes in effects.values()]
    design = np.hstack(dummies).astype(np.float64)
    left = values - design @ np.linalg.lstsq(design, values, rcond=None)[0]

    assert partialled(unit * values, effects) == pytest.approx(unit * left, abs=unit * 1e-8)


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


def exact(*, now: float, later: float = 0.0, in_cells: bool = True) -> Panel:
    """Return levels that openness gives without any noise, this one's and the next period's.

    Effects are in points of level for ten points of openness.
    """
    rng = np.random.default_rng(6)
    country, field, period = places()
    openness = open_countries(rng)
    ahead = np.roll(openness, -1)  # what stands in the last period is that of another country
    points = 3 + 10 * (now * openness + later * np.where(period < 0, ahead, 0.0))
    points += rng.normal(size=(N_FIELDS, N_PERIODS))[field, period]
    if in_cells:
        points += rng.normal(size=(N_COUNTRIES, N_FIELDS))[country, field]
    return panel(openness, points / 100)


def test_without_noise_it_is_told_in_points_for_ten_points() -> None:
    found = level({"single fields": exact(now=0.3, in_cells=False)})

    assert len(found.rows) == 2 * len(LEVEL_MEASURES) * len(OPENNESS_MEASURES)
    for row in found.rows:
        assert row.coefficient.estimate == pytest.approx(0.3)
        assert row.without_one == pytest.approx((0.3, 0.3))
        assert (row.n, row.n_clusters) == (N_COUNTRIES * N_FIELDS * N_PERIODS, N_COUNTRIES)
    assert (found.n_countries, found.n_fields, found.n_periods) == (
        N_COUNTRIES,
        N_FIELDS,
        N_PERIODS,
    )
    assert found.untested == ()


def test_without_noise_the_next_openness_is_told_with_this_one_held() -> None:
    found = level({"single fields": exact(now=0.3, later=-0.2)})

    for lead in found.leads:
        assert lead.coefficient.estimate == pytest.approx(-0.2)
        assert lead.n == N_COUNTRIES * N_FIELDS * (N_PERIODS - 1)
        assert lead.choices[COMPARED] == "within countries"


def of_countries(n: int, made: Panel) -> Panel:
    """Return a panel whose openness is known of some countries alone."""
    few = {
        name: np.where(made.country < n, values, np.nan) for name, values in made.openness.items()
    }
    return replace(made, openness=few)


def test_twelve_countries_are_enough() -> None:
    found = level({"single fields": of_countries(12, exact(now=0.3))})

    assert {row.n_clusters for row in found.rows} == {12}
    with pytest.raises(NotComputableError, match="11 countries have it"):
        level({"single fields": of_countries(11, exact(now=0.3))})


def test_a_panel_of_few_countries_is_told_beside_another() -> None:
    made = exact(now=0.3)
    eleven, twelve = (replace(made, country=made.country % n) for n in (11, 12))
    found = level({"all fields together": eleven, "single fields": made})

    assert found.untested == (
        "all fields together: 11 countries, 12 needed, have 100 fractional works a year",
    )
    assert few(twelve) == ""
    assert few(replace(made, country=made.country[:0])).startswith("0 countries")


def test_of_one_period_countries_are_compared_with_others_alone() -> None:
    made = exact(now=0.3, in_cells=False)
    last = {name: np.where(made.period == 0, x, np.nan) for name, x in made.openness.items()}
    found = level({"single fields": replace(made, openness=last)})

    assert {row.choices[COMPARED] for row in found.rows} == {"between countries"}
    assert found.rows[0].coefficient.estimate == pytest.approx(0.3)
    assert found.untested == ("single fields, within countries: there is one period",)
    assert found.leads == ()


def test_of_two_periods_the_next_openness_cannot_be_told() -> None:
    made = exact(now=0.3)
    two = {name: np.where(made.period >= -1, x, np.nan) for name, x in made.openness.items()}
    three = {name: np.where(made.period >= -2, x, np.nan) for name, x in made.openness.items()}

    assert level({"single fields": replace(made, openness=two)}).leads == ()
    assert len(level({"single fields": replace(made, openness=three)}).leads) == 6


def test_what_is_known_of_few_is_told_with_its_openness() -> None:
    made = exact(now=0.3)
    unknown = np.full(len(made.country), np.nan)
    some = np.where(made.country < 5, made.openness["abroad"], np.nan)
    few_known = replace(made, openness={"international": unknown, "abroad": some})
    found = level({"single fields": few_known, "all fields together": made})

    assert found.untested[:2] == (
        "single fields, share of its works with another country: the register does not publish it",
        (
            "single fields, level by fractional counting, share of the credit in its works that "
            "others hold: 5 countries have it, and it takes 12"
        ),
    )


def test_ranks_are_of_the_first_openness_that_is_known_and_of_who_has_both() -> None:
    made = exact(now=0.3)
    unknown = np.full(len(made.country), np.nan)
    lower: dict[LevelMeasure, Floats] = {
        "fractional": made.openness["abroad"],
        "full": -made.openness["abroad"],
        "home": np.where(made.country < 3, made.openness["abroad"], np.nan),
    }
    found = level(
        {
            "single fields": replace(
                made, openness={**made.openness, "international": unknown}, level=lower
            )
        }
    )

    assert found.rank_correlation == pytest.approx(
        {LEVEL_MEASURES["fractional"]: 1.0, LEVEL_MEASURES["full"]: -1.0, LEVEL_MEASURES["home"]: 1}
    )
    assert found.n_ranked == 3 * N_FIELDS


def test_a_level_that_few_have_is_told_with_its_openness() -> None:
    made = exact(now=0.3)
    known = np.where(made.country < 5, made.level["home"], np.nan)
    found = level({"single fields": replace(made, level={**made.level, "home": known})})

    assert found.untested[0] == (
        "single fields, level by works at home alone, share of its works with another country: "
        "5 countries have it, and it takes 12"
    )


def test_openness_that_is_known_of_some_is_ranked_and_of_none_in_the_last_period_is_not() -> None:
    made = exact(now=0.3)
    abroad = made.openness["abroad"]
    some = np.where(made.country < 20, abroad, np.nan)
    by_some = level(
        {"single fields": replace(made, openness={"international": some, "abroad": -abroad})}
    )
    earlier = {name: np.where(made.period == 0, np.nan, x) for name, x in made.openness.items()}
    by_none = level({"single fields": replace(made, openness=earlier)})

    assert by_some.n_ranked == 20 * N_FIELDS
    assert (by_none.n_ranked, by_none.rank_correlation) == (0, {})
