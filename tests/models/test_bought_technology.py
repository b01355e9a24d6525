"""Bought technology: a planted interaction with capacity, and what is refused."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from fourseas.errors import NotComputableError
from fourseas.models.bought_technology import (
    CAPACITY,
    GROWING,
    OUTCOMES,
    bought_technology,
)
from fourseas.models.level import COMPARED
from fourseas.models.openness import Panel
from fourseas.models.separation import Floats
from tests.models.planted_panels import N_COUNTRIES, N_FIELDS, N_PERIODS, panel

PLANTED = 0.05


def world(seed: int) -> tuple[Panel, Floats, Floats]:
    """Return output and level that grow with payments where capacity is high; one field."""
    rng = np.random.default_rng(seed)
    shape = (N_COUNTRIES, 4, N_PERIODS)
    log_pay, log_capacity = rng.normal(-6, 1, shape), rng.normal(-4, 0.7, shape)
    growth = 0.2 + PLANTED * (log_pay + 6) * (log_capacity + 4) + rng.normal(0, 0.02, shape)
    log_output = 8 + np.concatenate(
        [np.zeros((*shape[:2], 1)), growth[:, :, :-1].cumsum(axis=2)], axis=2
    )
    output = np.exp(log_output).ravel()
    made = panel(np.full(output.size, 0.3), output / output.max())
    return (
        replace(made, output=output),
        np.exp(log_pay).ravel(),
        np.exp(log_capacity).ravel(),
    )


def test_a_planted_interaction_is_found_for_both_outcomes() -> None:
    of, payments, capacity = world(1)
    found = bought_technology(of, payments, {"gerd_share": capacity})

    assert len(found) == 2 * len(OUTCOMES)
    for one in found:
        assert one.coefficient.low <= PLANTED <= one.coefficient.high


def test_the_period_is_that_before_the_growth() -> None:
    of, payments, capacity = world(1)
    one = bought_technology(of, payments, {"gerd_share": capacity})[0]

    assert one.n == N_COUNTRIES * 4 * (N_PERIODS - 1)


def test_countries_whose_payments_are_0_have_no_log_and_too_few_are_refused() -> None:
    of, payments, capacity = world(1)
    none = np.where(of.country < N_COUNTRIES - 5, 0.0, payments)

    with pytest.raises(NotComputableError, match="changes of 5 countries"):
        bought_technology(of, none, {"gerd_share": capacity})


def test_without_noise_the_interaction_is_found_to_the_last_digits() -> None:
    # Growth from a period to the next by payments and capacity of the first, and of nothing else.
    rng = np.random.default_rng(5)
    shape = (N_COUNTRIES, N_FIELDS, N_PERIODS)
    pay, own = rng.normal(-6, 1, shape), rng.normal(-4, 0.7, shape)
    growth = 0.1 * pay - 0.2 * own + PLANTED * pay * own + rng.normal(size=N_PERIODS)
    log_output = np.concatenate(
        [np.zeros((*shape[:2], 1)), growth[:, :, :-1].cumsum(axis=2)], axis=2
    ).ravel()
    made = panel(np.full(log_output.size, 0.3), np.exp(2 * log_output))
    found = bought_technology(
        replace(made, output=np.exp(log_output)),
        np.exp(pay).ravel(),
        {"gerd_share": np.exp(own).ravel(), "researchers_per_million": np.exp(2 * own).ravel()},
    )
    by_choice = {
        (one.choices[GROWING], one.choices[CAPACITY], one.choices[COMPARED]): one for one in found
    }

    # The level grows twice as fast, and the log of the second capacity is twice the first one's.
    expected = {"works": PLANTED, "excellent share": 2 * PLANTED}
    by = {"R&D by GDP": 1.0, "researchers": 0.5}
    assert len(by_choice) == len(found) == 8
    for (growing, capacity, _), one in by_choice.items():
        assert one.coefficient.estimate == pytest.approx(expected[growing] * by[capacity])
        assert one.n_clusters == N_COUNTRIES


def test_twelve_countries_and_sixty_changes_are_enough() -> None:
    of, payments, capacity = world(1)
    some = np.where((of.country < 15) & (of.period == -1), capacity, np.nan)

    assert bought_technology(of, payments, {"gerd_share": some})[0].n == 60
    some[np.flatnonzero(np.isfinite(some))[0]] = np.nan
    with pytest.raises(NotComputableError, match="59 changes of 15 countries"):
        bought_technology(of, payments, {"gerd_share": some})
    twelve, eleven = (np.where(of.country < n, capacity, np.nan) for n in (12, 11))
    assert bought_technology(of, payments, {"gerd_share": twelve})[0].n_clusters == 12
    with pytest.raises(NotComputableError, match="220 changes of 11 countries"):
        bought_technology(of, payments, {"gerd_share": eleven})
    with pytest.raises(NotComputableError, match="0 changes of 0 countries"):
        bought_technology(of, payments, {"gerd_share": 0 * capacity})
