"""Gravity: planted coefficients, symmetric flows, what is refused, and the embedded matrix."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from fourseas.errors import NotComputableError
from fourseas.models.gravity import (
    LOG_DISTANCE,
    PROXIMITY,
    Flows,
    gravity,
    gravity_over_time,
)

N_COUNTRIES, N_YEARS = 24, 4
PLANTED = {LOG_DISTANCE: -0.6, "is_common_language": 0.4}
PER_DECADE = -2.0


def world(seed: int, *, per_decade: float = 0.0) -> Flows:
    """Return symmetric flows that are drawn from a gravity equation with planted effects."""
    rng = np.random.default_rng(seed)
    size = rng.normal(0.0, 0.5, (N_YEARS, N_COUNTRIES))
    shape = (N_COUNTRIES, N_COUNTRIES)
    drawn = {
        LOG_DISTANCE: rng.normal(8.0, 0.7, shape),
        "is_common_language": (rng.random(shape) < 0.3).astype(np.float64),
    }
    covariates = {name: np.triu(x, 1) + np.triu(x, 1).T for name, x in drawn.items()}
    low, high = np.triu_indices(N_COUNTRIES, 1)
    times = np.arange(N_YEARS) - (N_YEARS - 1) / 2
    flows, origins, destinations, years = [], [], [], []
    for year in range(N_YEARS):
        log_mean = 6.5 + size[year][low] + size[year][high]
        for name, effect in PLANTED.items():
            log_mean += effect * covariates[name][low, high]
        log_mean += per_decade * times[year] / 10 * covariates[LOG_DISTANCE][low, high]
        drawn_flow = rng.poisson(np.exp(log_mean) * rng.gamma(4.0, 0.25, len(low)))
        for origin, destination in ((low, high), (high, low)):
            origins.append(origin)
            destinations.append(destination)
            years.append(np.full(len(low), year))
            flows.append(drawn_flow)
    origin, destination = np.concatenate(origins), np.concatenate(destinations)
    return Flows(
        origin=origin,
        destination=destination,
        year=np.concatenate(years),
        flow=np.concatenate(flows).astype(np.float64),
        covariates={name: x[origin, destination] for name, x in covariates.items()},
        is_symmetric=True,
    )


def test_planted_effects_are_inside_their_intervals_in_at_least_89_of_100_worlds() -> None:
    # 95 are promised. By countries 16, 20, 24 and 28, of distance 89, 87, 92 and 92 were inside, of
    # language 91, 93, 96 and 91: clustered errors are a little too small where countries are few.
    # They are more so where a few have most of the flow (sizes with a standard deviation of 1 in
    # logs): 84 of 100.
    inside = dict.fromkeys(PLANTED, 0)
    for seed in range(100):
        for one in gravity(world(seed)).coefficients:
            inside[one.name] += one.low <= PLANTED[one.name] <= one.high

    assert min(inside.values()) >= 89


def test_a_planted_change_of_the_reach_of_distance_is_found_within_pairs() -> None:
    found = gravity_over_time(world(0, per_decade=PER_DECADE))
    change = found.fit.of(f"{LOG_DISTANCE}_per_decade")

    assert found.has_pair_effects
    assert change.low <= PER_DECADE <= change.high


def test_each_pair_counts_once_although_it_stands_there_twice() -> None:
    found = gravity(world(1))

    assert found.n == N_YEARS * N_COUNTRIES * (N_COUNTRIES - 1) // 2
    assert found.n_pairs == found.fit.n_clusters == N_COUNTRIES * (N_COUNTRIES - 1) // 2


def test_a_pair_of_unknown_distance_is_left_out_and_its_flow_is_told() -> None:
    flows = world(1)
    is_lost = (np.minimum(flows.origin, flows.destination) == 0) & (
        np.maximum(flows.origin, flows.destination) == 1
    )
    distance = np.where(is_lost, np.nan, flows.covariates[LOG_DISTANCE])
    found = gravity(replace(flows, covariates={**flows.covariates, LOG_DISTANCE: distance}))

    assert found.n_pairs == N_COUNTRIES * (N_COUNTRIES - 1) // 2 - 1
    assert found.pp_flow_covered == pytest.approx(1 - flows.flow[is_lost].sum() / flows.flow.sum())


def test_a_country_year_without_flows_is_left_out_and_counted() -> None:
    flows = world(1)
    is_idle = ((flows.origin == 4) | (flows.destination == 4)) & (flows.year == 0)
    found = gravity(replace(flows, flow=np.where(is_idle, 0.0, flows.flow)))

    assert found.n_without_positive == N_COUNTRIES - 1
    assert found.guard_is_complete


def test_changes_are_refused_of_one_year() -> None:
    flows = world(1)

    with pytest.raises(NotComputableError, match="flows are of one year"):
        gravity_over_time(replace(flows, year=np.zeros_like(flows.year)))


def test_too_few_countries_are_refused_with_what_it_takes() -> None:
    flows = world(1)
    few = np.where((flows.origin < 3) & (flows.destination < 3), flows.flow, 0.0)

    with pytest.raises(NotComputableError, match="3 pairs of 3 countries"):
        gravity(replace(flows, flow=few))


def test_closeness_that_moves_within_pairs_is_estimated_as_it_is_beside_changes() -> None:
    flows = world(2)
    rng = np.random.default_rng(2)
    drawn = rng.uniform(0.0, 1.0, (N_YEARS, N_COUNTRIES, N_COUNTRIES))
    close = (drawn + drawn.transpose(0, 2, 1)) / 2
    value = close[flows.year, flows.origin, flows.destination]
    found = gravity_over_time(
        replace(
            flows,
            flow=np.round(flows.flow * np.exp(0.7 * value)),
            covariates={**flows.covariates, PROXIMITY: value},
        )
    ).fit.of(PROXIMITY)

    assert found.low <= 0.7 <= found.high


def test_pairs_whose_covariates_are_known_in_no_year_are_told() -> None:
    flows = world(1)
    is_lost = (flows.origin == 0) | (flows.destination == 0)
    distance = np.where(is_lost, np.nan, flows.covariates[LOG_DISTANCE])
    found = gravity(replace(flows, covariates={**flows.covariates, LOG_DISTANCE: distance}))

    # 23 of 276 pairs are of the country without a distance.
    assert found.pp_pairs_unknown == pytest.approx(23 / 276)
    assert found.pp_pairs_dropped == 0


def test_changes_are_refused_where_covariates_are_known_in_one_year() -> None:
    flows = world(1)
    early = np.where(flows.year == 0, flows.covariates[LOG_DISTANCE], np.nan)

    with pytest.raises(NotComputableError, match="known in one at most"):
        gravity_over_time(replace(flows, covariates={LOG_DISTANCE: early}))
