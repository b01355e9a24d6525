"""`distance` by hand, against plain SQL, and against its laws."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from fourseas.indicators.distance import INDICATOR
from tests.random_worlds import RandomWorld, worlds
from tests.world import (
    Author,
    Organization,
    Row,
    Work,
    described,
    measure,
    on_duckdb,
    steps_to,
    world,
)

LONDON_TO_PARIS_KM = 343.5566
BEIJING_TO_LEIDEN_KM = 7858.14754
PLACES = {
    "london": Organization(country="GB", latitude=51.5074, longitude=-0.1278),
    "paris": Organization(country="FR", latitude=48.8566, longitude=2.3522),
    "beijing": Organization(country="CN", latitude=39.9042, longitude=116.4074),
    "leiden": Organization(country="NL", latitude=52.1601, longitude=4.4970),
    "nowhere": Organization(country="CN"),
}


def at(*places: str) -> tuple[Author, ...]:
    """Return an author at each place; `?` is at none."""
    return tuple(
        Author()
        if place == "?"
        else Author(
            {str(PLACES[place].country): 1.0}, organizations={str(PLACES[place].country): (place,)}
        )
        for place in places
    )


def _rows(*works: Work) -> dict[tuple[object, object], Row]:
    """Return rows by unit and counting under the first definition."""
    con = on_duckdb(world(works) | described(PLACES), steps_to(*INDICATOR.reads))
    return {
        (row["unit_id"], row["counting"]): row
        for row in measure(con, INDICATOR)
        if (row["definition_id"], row["scheme"]) == ("openalex", "all")
    }


def test_the_mean_distance_of_two_works_of_london() -> None:
    rows = _rows(Work(1, at("london", "paris")), Work(2, at("london")))

    assert rows["GB", "full"]["mgcd"] == pytest.approx(LONDON_TO_PARIS_KM / 2, abs=1e-3)
    assert rows["GB", "fractional"]["mgcd"] == pytest.approx(LONDON_TO_PARIS_KM / 3, abs=1e-3)
    assert rows["FR", "full"]["mgcd"] == pytest.approx(LONDON_TO_PARIS_KM, abs=1e-3)


def test_half_of_the_works_of_leiden_are_long() -> None:
    rows = _rows(Work(1, at("leiden", "beijing")), Work(2, at("leiden", "paris")))

    assert (rows["NL", "full"]["p_long"], rows["NL", "full"]["pp_long"]) == (1.0, 0.5)
    assert rows["CN", "full"]["mgcd"] == pytest.approx(BEIJING_TO_LEIDEN_KM, abs=1e-3)
    assert rows["openalex:leiden", "full"]["pp_long"] == 0.5


def test_a_missing_coordinate_is_no_distance_of_0() -> None:
    row = _rows(Work(1, at("leiden", "beijing")), Work(2, at("leiden", "nowhere")))["NL", "full"]

    assert row["mgcd"] == pytest.approx(BEIJING_TO_LEIDEN_KM, abs=1e-3)
    assert row["coverage_distance"] == 0.5
    assert (row["pp_long_min"], row["pp_long_max"]) == (0.5, 1.0)


def test_a_work_whose_known_places_are_far_apart_is_long_whoever_is_missing() -> None:
    row = _rows(Work(1, at("leiden", "beijing", "?")), Work(2, at("leiden")))["NL", "full"]

    assert (row["pp_long"], row["p_long"]) == (0.0, 0.0)
    assert (row["pp_long_min"], row["pp_long_max"]) == (0.5, 0.5)


def test_without_any_coordinates_it_says_so() -> None:
    row = _rows(Work(1, at("nowhere")))["CN", "full"]

    assert (row["mgcd"], row["pp_long"], row["pp_long_min"]) == (None, None, 0.0)
    assert row["not_computable"] == (
        "of no work here are all organizations known with their coordinates"
    )


@settings(max_examples=6)
@given(worlds())
def test_agrees_with_plain_sql(random_world: RandomWorld) -> None:
    assert random_world.disagreements(INDICATOR) == []


@settings(max_examples=5)
@given(worlds())
def test_no_mean_distance_exceeds_half_the_earth_and_bounds_are_in_order(
    random_world: RandomWorld,
) -> None:
    for row in random_world.measure(INDICATOR):
        assert row["mgcd"] is None or 0.0 <= float(str(row["mgcd"])) <= 20016.0
        assert float(str(row["pp_long_min"] or 0)) <= float(str(row["pp_long_max"] or 0)) + 1e-9
