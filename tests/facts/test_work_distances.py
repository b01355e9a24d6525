"""`work_distances` and the formula of the Leiden Ranking."""

from __future__ import annotations

import ibis
import pytest
from ibis.backends.sql import SQLBackend

from fourseas.facts.work_distances import great_circle_km
from fourseas.schema.staged import STAGED_AFFILIATIONS, STAGED_ORGANIZATIONS
from tests.world import Row, Work, arrow, authors, on_duckdb, rows, world

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
    found = rows(_placed("london", "paris").table("work_distances"), "distance_km")

    assert found == [(pytest.approx(LONDON_TO_PARIS_KM, abs=1e-4),)]


def test_the_greatest_of_all_pairs_counts() -> None:
    con = _placed("beijing", "london", "leiden", "paris", "leiden")
    found = rows(con.table("work_distances"), "n_organizations", "distance_km")

    assert found == [(4, pytest.approx(8214.6, abs=10))]


@pytest.mark.parametrize(
    "places", [("london",), ("london", "london"), ("london", "nowhere"), ("london", "half")]
)
def test_a_work_with_one_place_has_no_distance_rather_than_0(places: tuple[str, ...]) -> None:
    assert rows(_placed(*places).table("work_distances"), "work_id") == []
