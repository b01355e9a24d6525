"""Catch-up: a planted interaction, forms of the gap out of sample, and what is refused."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from fourseas.errors import NotComputableError
from fourseas.models.catch_up import (
    COMPARED,
    GAP_FORM,
    CatchUp,
    GapForm,
    catch_up,
    gaps,
)
from fourseas.models.openness import Panel
from fourseas.models.separation import Floats
from tests.models.planted_panels import N_COUNTRIES, N_FIELDS, N_PERIODS, open_countries, panel

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
    is_first = (of.country == 0) & (of.field == 0) & (of.period == 0)
    zero = {name: np.where(is_first, 0.0, values) for name, values in of.level.items()}
    some = catch_up({"single fields": replace(of, level=zero)}, {"single fields": capacity})

    assert some.n_zero == 1


def test_too_few_periods_are_refused_with_what_it_takes() -> None:
    of, capacity = world(1, "logistic")
    early = {name: np.where(of.period < -1, np.nan, values) for name, values in of.level.items()}

    with pytest.raises(NotComputableError, match="it takes 60 of 12"):
        catch_up({"single fields": replace(of, level=early)}, {"single fields": capacity})
