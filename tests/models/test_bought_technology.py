"""Bought technology: a planted interaction with capacity, and what is refused."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from fourseas.errors import NotComputableError
from fourseas.models.bought_technology import OUTCOMES, bought_technology
from fourseas.models.openness import Panel
from fourseas.models.separation import Floats
from tests.models.planted_panels import N_COUNTRIES, N_PERIODS, panel

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
