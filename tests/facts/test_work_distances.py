"""`work_distances` and the formula of the Leiden Ranking."""

from __future__ import annotations

import ibis
import pytest
from ibis.backends.sql import SQLBackend

from fourseas.facts.work_distances import great_circle_km
from fourseas.schema.staged import STAGED_AFFILIATIONS, STAGED_ORGANIZATIONS
from tests.world import (
    Author,
    Organization,
    Row,
    Work,
    arrow,
    authors,
    described,
    on_duckdb,
    rows,
    world,
)

LONDON = (51.5074, -0.1278)
PARIS = (48.8566, 2.3522)
BEIJING = (39.9042, 116.4074)
LEIDEN = (52.1601, 4.4970)
LONDON_TO_PARIS_KM = 343.5566
BEIJING_TO_LEIDEN_KM = 7858.14754

PLACES: dict[str, tuple[float | None, float | None]] = {
    "london": LONDON,
    "paris": PARIS,
    "beijing": BEIJING,
    "leiden": LEIDEN,
    "nowhere": (None, None),
    "half": (51.5, None),
}


@pytest.mark.parametrize(
    ("start", "end", "km"),
    [
        (LONDON, PARIS, LONDON_TO_PARIS_KM),
        (PARIS, LONDON, LONDON_TO_PARIS_KM),
        (BEIJING, LEIDEN, BEIJING_TO_LEIDEN_KM),
        (LONDON, LONDON, 0.0),
        ((0.0, 0.0), (0.0, 180.0), 20015.11),
        ((0.0, 179.5), (0.0, -179.5), 111.1951),
    ],
)
def test_distances_are_those_of_a_great_circle(
    start: tuple[float, float], end: tuple[float, float], km: float
) -> None:
    distance = great_circle_km(*(ibis.literal(degrees) for degrees in (*start, *end)))
    found = float(ibis.duckdb.connect().execute(distance))

    assert found == pytest.approx(km, abs=1e-4, rel=1e-6)


def _placed(*places: str) -> SQLBackend:
    """Build a work with an author at each place."""
    described: list[Row] = [
        {
            "register": "openalex",
            "part_key": "part",
            "record": record,
            "organization_key": name,
            "organization_name": name,
            "latitude": latitude,
            "longitude": longitude,
            "n_locations": 1,
        }
        for record, (name, (latitude, longitude)) in enumerate(PLACES.items(), start=1)
    ]
    mentioned: list[Row] = [
        {
            "register": "openalex",
            "part_key": "part",
            "record": 1,
            "position": position,
            "affiliation": 1,
            "organization_key": name,
            "country_code": "GB",
            "share": 1.0,
        }
        for position, name in enumerate(places, start=1)
    ]
    tables = world([Work(1, authors(*["GB"] * len(places)))])
    return on_duckdb(
        tables
        | {
            "staged_organizations": arrow(STAGED_ORGANIZATIONS, described),
            "staged_affiliations": arrow(STAGED_AFFILIATIONS, mentioned),
        }
    )


def test_a_work_reaches_as_far_as_its_two_organisations_are_apart() -> None:
    found = rows(_placed("london", "paris").table("work_distances"), "distance_km", "is_whole")

    assert found == [(pytest.approx(LONDON_TO_PARIS_KM, abs=1e-4), True)]


def test_the_greatest_of_all_pairs_counts() -> None:
    con = _placed("beijing", "london", "leiden", "paris", "leiden")
    found = rows(con.table("work_distances"), "n_organizations", "distance_km")

    assert found == [(4, pytest.approx(8214.6, abs=10))]


@pytest.mark.parametrize("places", [("london",), ("london", "london")])
def test_a_work_of_one_place_has_a_distance_of_0_as_in_the_leiden_ranking(
    places: tuple[str, ...],
) -> None:
    found = rows(_placed(*places).table("work_distances"), "distance_km", "is_whole")

    assert found == [(0.0, True)]


@pytest.mark.parametrize("missing", ["nowhere", "half", "undescribed"])
def test_with_an_organization_that_has_no_place_the_distance_is_the_least_there_can_be(
    missing: str,
) -> None:
    found = rows(
        _placed("london", missing, "paris").table("work_distances"), "distance_km", "is_whole"
    )

    assert found == [(pytest.approx(LONDON_TO_PARIS_KM, abs=1e-4), False)]


def test_a_work_without_any_place_is_not_there() -> None:
    assert rows(_placed("nowhere").table("work_distances"), "work_id") == []


@pytest.mark.parametrize(
    "work",
    [
        Work(1, (Author({"GB": 1.0}, organizations={"GB": ("london",)}), Author())),
        Work(1, (Author({"GB": 0.5, "US": 0.5}, organizations={"GB": ("london",)}),)),
        Work(
            1,
            (Author({"GB": 1.0}, organizations={"GB": ("london",)}),),
            is_authors_truncated=True,
        ),
    ],
    ids=["an author", "an address", "the rest of the authors"],
)
def test_where_something_is_without_an_organization_the_distance_is_not_whole(work: Work) -> None:
    named = {"london": Organization(latitude=LONDON[0], longitude=LONDON[1])}
    con = on_duckdb(world([work]) | described(named))

    assert rows(con.table("work_distances"), "distance_km", "is_whole") == [(0.0, False)]
