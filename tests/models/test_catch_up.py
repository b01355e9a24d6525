"""Catch-up: a planted interaction, forms of the gap out of sample, and what is refused."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from fourseas.errors import NotComputableError
from fourseas.models.catch_up import (
    CAPACITY,
    COMPARED,
    GAP,
    GAP_FORM,
    GAP_X_CAPACITY,
    OPEN,
    OPEN_X_GAP,
    CatchUp,
    GapForm,
    catch_up,
    gaps,
)
from fourseas.models.openness import Panel
from fourseas.models.separation import Floats
from tests.models.planted_panels import (
    N_COUNTRIES,
    N_FIELDS,
    N_PERIODS,
    open_countries,
    panel,
    places,
)

PLANTED = 0.2
MANY_WORLDS = 100


def world(seed: int, form: GapForm, *, planted: float = PLANTED) -> tuple[Panel, Floats]:
    """Return levels that grow with openness x gap of two periods before, and R&D expenditure."""
    rng = np.random.default_rng(seed)
    shape = (N_COUNTRIES, N_FIELDS, N_PERIODS)
    openness = open_countries(rng).reshape(shape)
    level = np.empty(shape)
    level[:, :, :2] = np.exp(rng.normal(-4.5, 0.5, shape[:2]))[:, :, np.newaxis]
    for t in range(2, N_PERIODS):
        before = level[:, :, t - 2]
        cell = np.broadcast_to(np.arange(N_FIELDS), before.shape)
        gap = gaps(before.ravel(), cell.ravel())[form].reshape(before.shape)
        wide = 10 * (openness[:, :, t - 2] - 0.5)
        growth = 0.1 * gap + planted * (gap - 0.5) * wide / 3 + rng.normal(0, 0.03, before.shape)
        level[:, :, t] = level[:, :, t - 1] * np.exp(growth)
    capacity = np.repeat(rng.uniform(0.002, 0.04, N_COUNTRIES), N_FIELDS * N_PERIODS)
    return panel(openness.ravel(), level.ravel()), capacity


def found(seed: int, form: GapForm, *, planted: float = PLANTED) -> CatchUp:
    of, capacity = world(seed, form, planted=planted)
    return catch_up({"single fields": of}, {"single fields": capacity})


def test_a_planted_interaction_is_inside_its_interval_in_at_least_89_of_100_worlds(
    worlds: int,
) -> None:
    # `--worlds 100` takes 25 s: 97 are inside between countries, 93 within. By default there are
    # few, of which one and a half may be missed more.
    inside = dict.fromkeys(("between countries", "within countries"), 0)
    for seed in range(worlds):
        found_here = {
            row.interaction.choices[COMPARED]: row.interaction.coefficient
            for row in found(seed, "logistic").rows
            if row.interaction.choices[GAP_FORM] == "logistic"
        }
        for comparison, one in found_here.items():
            inside[comparison] += one.low <= PLANTED / 3 <= one.high

    assert min(inside.values()) >= 0.89 * worlds - (1.5 if worlds < MANY_WORLDS else 0.0)


def test_where_nothing_is_planted_few_estimates_show_anything() -> None:
    rows = [row for seed in range(5) for row in found(seed, "logistic", planted=0.0).rows]

    assert sum(row.interaction.coefficient.low > 0 for row in rows) <= len(rows) // 10


@pytest.mark.parametrize("form", ["logistic", "exponential"])
def test_growth_of_others_is_foretold_best_by_the_form_that_made_it(form: GapForm) -> None:
    forecasts = found(2, form).forecasts

    assert {one.better for one in forecasts} == {form}
    assert all(one.error[form] < one.error["none"] for one in forecasts)


def test_a_gap_is_to_the_mean_of_the_five_highest_and_never_below_0() -> None:
    level = np.array([1.0, 2.0, 4.0, 4.0, 4.0, 4.0, 9.0])
    both = gaps(level, np.zeros(7, dtype=np.int64))

    assert both["logistic"] == pytest.approx([0.8, 0.6, 0.2, 0.2, 0.2, 0.2, 0])
    assert both["exponential"] == pytest.approx([4, 1.5, 0.25, 0.25, 0.25, 0.25, 0])


def test_countries_without_known_capacity_are_left_out_and_counted() -> None:
    of, capacity = world(1, "logistic")
    unknown = np.where(of.country < 3, np.nan, capacity)
    some = catch_up({"single fields": of}, {"single fields": unknown})

    assert some.n_without_capacity == 3 * N_FIELDS * (N_PERIODS - 2)
    assert some.n_countries == N_COUNTRIES - 3


def test_a_level_of_0_has_no_log_and_is_counted() -> None:
    of, capacity = world(1, "logistic")
    is_first = (of.country < 2) & (of.field == 0) & (of.period == 0)
    zero = {name: np.where(is_first, 0.0, values) for name, values in of.level.items()}
    some = catch_up({"single fields": replace(of, level=zero)}, {"single fields": capacity})

    assert some.n_zero == 2


def test_too_few_periods_are_refused_with_what_it_takes() -> None:
    of, capacity = world(1, "logistic")
    early = {name: np.where(of.period < -1, np.nan, values) for name, values in of.level.items()}

    with pytest.raises(NotComputableError, match="it takes 60 of 12"):
        catch_up({"single fields": replace(of, level=early)}, {"single fields": capacity})


def varied(seed: int) -> tuple[Panel, Floats]:
    """Return levels that nothing explains, openness, and capacity that differs in every row."""
    rng = np.random.default_rng(seed)
    country, _, _ = places()
    level = np.exp(rng.normal(-4.5, 0.5, len(country)))
    return panel(open_countries(rng), level), rng.uniform(0.002, 0.04, len(country))


def in_order(values: Floats) -> Floats:
    """Return values by country, field and period."""
    return values.reshape(N_COUNTRIES, N_FIELDS, N_PERIODS)


def grown(of: Panel, capacity: Floats, form: GapForm, slopes: dict[str, float]) -> Panel:
    """Return the panel with levels that grow by an equation without any noise.

    What went before growth stands as it is in the first two periods; later levels follow.
    """
    level = in_order(of.level["full"]).copy()
    openness, capable = 10 * in_order(of.openness["abroad"]), 100 * in_order(capacity)
    rng = np.random.default_rng(0)
    for t in range(1, N_PERIODS - 1):
        before = level[:, :, t - 1]
        cell = np.broadcast_to(np.arange(N_FIELDS), before.shape)
        gap = gaps(before.ravel(), cell.ravel())[form].reshape(before.shape)
        growth = slopes[OPEN] * openness[:, :, t - 1] + slopes[GAP] * gap
        growth += slopes[OPEN_X_GAP] * openness[:, :, t - 1] * gap
        growth += slopes[CAPACITY] * capable[:, :, t - 1]
        growth += slopes[GAP_X_CAPACITY] * capable[:, :, t - 1] * gap
        level[:, :, t + 1] = level[:, :, t] * np.exp(growth + rng.normal(0, 0.1, N_FIELDS))
    return replace(of, level=dict.fromkeys(of.level, level.ravel()))


@pytest.mark.parametrize("form", ["logistic", "exponential"])
def test_without_noise_all_slopes_are_those_at_the_means(form: GapForm) -> None:
    of, capacity = varied(1)
    slopes = {OPEN: 0.03, GAP: 0.2, OPEN_X_GAP: 0.04, CAPACITY: 0.01, GAP_X_CAPACITY: -0.02}
    made = grown(of, capacity, form, slopes)
    found = catch_up({"single fields": made}, {"single fields": capacity})
    (one, *_) = (
        {x.name: x.estimate for x in row.coefficients}
        for row in found.rows
        if row.interaction.choices[GAP_FORM] == form
        and row.interaction.choices[COMPARED] == "between countries"
    )
    # Of the periods before each growth: all but the last two.
    level = in_order(made.level["full"])[:, :, :-2]
    cell = np.broadcast_to(np.arange(N_FIELDS * (N_PERIODS - 2)), (N_COUNTRIES, 16))
    gap = gaps(level.reshape(N_COUNTRIES, -1).ravel(), cell.ravel())[form].mean()
    openness = 10 * in_order(of.openness["abroad"])[:, :, :-2].mean()
    capable = 100 * in_order(capacity)[:, :, :-2].mean()

    assert one == pytest.approx(
        {
            OPEN: 0.03 + 0.04 * gap,
            GAP: 0.2 + 0.04 * openness - 0.02 * capable,
            OPEN_X_GAP: 0.04,
            CAPACITY: 0.01 - 0.02 * gap,
            GAP_X_CAPACITY: -0.02,
        },
        abs=1e-9,
    )
    for forecast in found.forecasts:
        assert forecast.error[form] < 1e-9
        assert forecast.error["none"] > 0.001
        assert (forecast.n, forecast.n_countries) == (N_COUNTRIES * N_FIELDS * 4, N_COUNTRIES)


@pytest.mark.parametrize("others", [N_COUNTRIES, 1])
def test_a_forecast_is_that_of_a_regression_on_nine_tenths_of_the_countries(others: int) -> None:
    # In the last cell there are all others, or there is one other, from which it is foretold.
    of, capacity = varied(2)
    folds = np.random.default_rng(0).permutation(N_COUNTRIES) % 10
    two = [0, int(np.flatnonzero(folds != folds[0])[0])]
    is_last = (of.field == N_FIELDS - 1) & (of.period == -2)
    is_few = others == 1
    known = np.where(is_few & is_last & ~np.isin(of.country, two), np.nan, capacity)
    found = catch_up({"single fields": of}, {"single fields": known})
    level = in_order(of.level["full"])
    growth = np.log(level[:, :, 2:] / level[:, :, 1:-1]).ravel()
    shape = (N_COUNTRIES, N_FIELDS, N_PERIODS - 2)
    country, field, period = (part.ravel() for part in np.indices(shape))
    cell = field * (N_PERIODS - 2) + period
    before = level[:, :, :-2].ravel()
    gap = gaps(before, cell)["logistic"]
    openness = in_order(of.openness["abroad"])[:, :, :-2].ravel()
    capable = in_order(known)[:, :, :-2].ravel()
    used = np.isfinite(capable)
    dummies = (cell[:, None] == np.arange(cell.max() + 1)).astype(np.float64)
    forms: dict[str, tuple[Floats, ...]] = {
        "none": (openness, capable),
        "logistic": (openness, capable, gap, openness * gap, capable * gap),
    }
    errors = {str(form): error for form, error in found.forecasts[0].error.items()}
    for form, columns in forms.items():
        design = np.column_stack([*columns, dummies])
        missed = np.zeros(len(growth))
        for one in range(10):
            fitted, told = used & (folds[country] != one), used & (folds[country] == one)
            beta = np.linalg.lstsq(design[fitted], growth[fitted], rcond=None)[0]
            missed[told] = growth[told] - design[told] @ beta

        assert errors[form] == pytest.approx(np.sqrt((missed[used] ** 2).mean()))


def test_changes_of_unknown_openness_are_left_out() -> None:
    of, capacity = varied(6)
    unknown = (of.country < 4) & (of.period == -3)
    some = {name: np.where(unknown, np.nan, x) for name, x in of.openness.items()}
    found = catch_up({"single fields": replace(of, openness=some)}, {"single fields": capacity})

    assert {row.interaction.n for row in found.rows} == {(N_COUNTRIES * 4 - 4) * N_FIELDS}
    assert (found.n_zero, found.n_without_capacity) == (0, 0)


def test_sixty_changes_of_twelve_countries_are_enough() -> None:
    of, capacity = varied(3)
    is_used = (of.period >= -3) & (of.country < 15)
    some = np.where(is_used & (of.period == -2), capacity, np.nan)
    found = catch_up({"single fields": of}, {"single fields": some})

    assert [row.interaction.n for row in found.rows] == [60] * len(found.rows)
    assert found.n_countries == 15
    # Each country changes once in a field, so that nothing of it is left within countries.
    assert {row.interaction.choices[COMPARED] for row in found.rows} == {"between countries"}
    assert found.untested == ("single fields, within countries: no country has two changes",)
    some[np.flatnonzero(np.isfinite(some))[0]] = np.nan
    with pytest.raises(NotComputableError, match="59 changes of 15 countries"):
        catch_up({"single fields": of}, {"single fields": some})
    twelve, eleven = (np.where(of.country < n, capacity, np.nan) for n in (12, 11))
    assert catch_up({"single fields": of}, {"single fields": twelve}).n_countries == 12
    with pytest.raises(NotComputableError, match="176 changes of 11 countries"):
        catch_up({"single fields": of}, {"single fields": eleven})


def test_what_it_rests_on_and_what_is_untested_is_told() -> None:
    of, capacity = varied(4)
    unknown = np.full(len(capacity), np.nan)
    one_measure = replace(of, openness={**of.openness, "international": unknown})
    single, small = one_measure, replace(of, country=of.country % 11)
    found = catch_up(
        {"all fields together": small, "single fields": single},
        {"all fields together": capacity, "single fields": capacity},
    )

    assert found.untested == (
        "all fields together: 11 countries, 12 needed, have 100 fractional works a year",
        "single fields, share of its works with another country: the register does not publish it",
    )
    assert (found.n_countries, found.n_fields, found.n_periods) == (
        N_COUNTRIES,
        N_FIELDS,
        N_PERIODS,
    )
    # By one openness, two countings, two forms of the gap and two comparisons.
    assert (len(found.rows), len(found.forecasts)) == (8, 2)
    assert (found.n_zero, found.n_without_capacity) == (0, 0)


def test_a_frontier_is_of_its_own_cell_and_who_is_at_0_has_no_exponential_gap() -> None:
    level = np.array([2.0, 1.0, 0.0, np.nan, 8.0, 4.0, np.nan])
    both = gaps(level, np.array([1, 1, 1, 1, 2, 2, 3]))

    assert both["logistic"] == pytest.approx([0, 0, 1, np.nan, 0, 1 / 3, np.nan], nan_ok=True)
    assert both["exponential"] == pytest.approx([0, 0, np.nan, np.nan, 0, 0.5, np.nan], nan_ok=True)


def test_a_change_of_a_field_and_period_without_others_is_not_foretold() -> None:
    of, capacity = varied(5)
    is_last = (of.field == N_FIELDS - 1) & (of.period == -2)
    but_one, none = (np.where(is_last & (of.country >= n), np.nan, capacity) for n in (1, 0))
    one, other = (
        catch_up({"single fields": of}, {"single fields": some}).forecasts[0]
        for some in (but_one, none)
    )

    assert one.n == other.n + 1
    assert list(one.error.values()) == pytest.approx(list(other.error.values()))
