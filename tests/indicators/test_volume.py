"""`volume` against numbers worked out by hand, against plain SQL, and against its laws."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import given, settings

from fourseas.indicators.volume import INDICATOR
from tests.random_worlds import RandomWorld, worlds
from tests.world import (
    Author,
    Organization,
    Row,
    Work,
    authors,
    described,
    measure,
    on_duckdb,
    steps_to,
    world,
)

THREE = [
    Work(1, authors("CN", "CN")),
    Work(2, authors("CN", "US")),
    Work(3, authors("CN", "US", "?", "?")),
]


def _volumes(works: Iterable[Work], counting: str) -> dict[object, Row]:
    """Return the rows of units in 2020 by the default definition."""
    found = measure(on_duckdb(world(works), steps_to(*INDICATOR.reads)), INDICATOR)
    return {
        row["unit_id"]: row
        for row in found
        if (row["definition_id"], row["scheme"], row["counting"]) == ("openalex", "all", counting)
    }


def test_three_works_by_hand() -> None:
    full = {unit: row["p"] for unit, row in _volumes(THREE, "full").items()}
    fractional = {unit: row["p"] for unit, row in _volumes(THREE, "fractional").items()}

    assert full == {"CN": 3.0, "US": 2.0, "UNKNOWN": 1.0, "WORLD": 3.0}
    assert fractional == {"CN": 1.75, "US": 0.75, "UNKNOWN": 0.5, "WORLD": 3.0}


def test_a_share_is_of_the_world_by_the_same_counting() -> None:
    assert _volumes(THREE, "full")["US"]["pp_world"] == pytest.approx(2 / 3)
    assert _volumes(THREE, "fractional")["US"]["pp_world"] == pytest.approx(0.25)


def test_coverage_is_the_part_of_the_credit_whose_country_is_known() -> None:
    rows = _volumes(THREE, "full").values()

    assert [row["coverage"] for row in rows] == [pytest.approx(2.5 / 3)] * 4


def test_coverage_of_an_organization_is_the_credit_with_an_organization_by_that_of_the_world() -> (
    None
):
    placed = Author({"CN": 1.0}, organizations={"CN": ("tide",)})
    works = [Work(1, (placed, *authors("US"))), Work(2, authors("CN")), Work(3, authors("?"))]
    tables = world(works) | described({"tide": Organization(country="CN")})
    found = measure(on_duckdb(tables, steps_to(*INDICATOR.reads)), INDICATOR)
    coverage = {
        row["unit_id"]: row["coverage"]
        for row in found
        if (row["definition_id"], row["scheme"], row["counting"]) == ("openalex", "all", "full")
    }

    # Half of one work of three is of an organization; two of three have a country.
    assert coverage["openalex:tide"] == pytest.approx(1 / 6)
    assert coverage["CN"] == pytest.approx(2 / 3)


@pytest.mark.parametrize(("year", "is_provisional"), [(2023, False), (2024, True)])
def test_a_year_after_the_last_complete_one_is_provisional(
    year: int, *, is_provisional: bool
) -> None:
    rows = _volumes([Work(1, authors("CN"), year=year)], "full")

    assert rows["CN"]["is_provisional"] is is_provisional


def test_numbers_come_with_register_snapshot_scope_and_definition() -> None:
    row = _volumes(THREE, "full")["CN"]

    assert row["register"] == "openalex"
    assert row["snapshot_on"] == "2024-06-30"
    assert row["scope"] == "census"
    assert row["unit_type"] == "country"


@settings(max_examples=10)
@given(worlds())
def test_agrees_with_plain_sql(random_world: RandomWorld) -> None:
    assert random_world.disagreements(INDICATOR) == []


@settings(max_examples=5)
@given(worlds())
def test_a_group_counts_no_more_works_than_its_members(random_world: RandomWorld) -> None:
    members = {"US", "DE", "FR", "GB"}
    volumes = random_world.measure(INDICATOR)

    def place(row: Row) -> tuple[object, ...]:
        return tuple(
            row[name]
            for name in ("definition_id", "register", "scheme", "field_id", "year", "counting")
        )

    for group in (row for row in volumes if row["unit_id"] == "OECD"):
        of_members = [
            float(str(row["p"]))
            for row in volumes
            if row["unit_id"] in members and place(row) == place(group)
        ]
        p = float(str(group["p"]))
        assert max(of_members) - 1e-9 <= p <= sum(of_members) + 1e-9
        if group["counting"] == "fractional":
            assert p == pytest.approx(sum(of_members))
