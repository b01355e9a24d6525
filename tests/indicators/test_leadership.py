"""`leadership` against numbers worked out by hand, against plain SQL, and against its laws."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import given, settings

from fourseas.indicators.leadership import INDICATOR
from fourseas.schema.cells import UNIT_CELLS
from tests.random_worlds import RandomWorld, worlds
from tests.world import Author, Row, Work, authors, measure, on_duckdb, steps_to, world


def _leaders(works: Iterable[Work], role: str = "first") -> dict[object, Row]:
    """Return the rows of units in 2020 for one role."""
    found = measure(on_duckdb(world(works), steps_to(*INDICATOR.reads)), INDICATOR)
    return {
        row["unit_id"]: row
        for row in found
        if (row["definition_id"], row["scheme"], row["role"]) == ("openalex", "all", role)
    }


FOUR = [
    Work(1, authors("CN", "US")),
    Work(2, authors("CN", "US")),
    Work(3, authors("US", "CN", "CN")),
    Work(4, authors("CN", "CN")),
]
"""Work 4 is domestic: to lead it is nothing."""


def test_three_international_works_by_hand() -> None:
    rows = _leaders(FOUR)

    assert (rows["CN"]["n"], rows["CN"]["p_led"], rows["CN"]["pp_led"]) == (
        3.0,
        2.0,
        pytest.approx(2 / 3),
    )
    assert rows["CN"]["expected"] == pytest.approx(0.5 + 0.5 + 2 / 3)
    assert rows["CN"]["leadership_index"] == pytest.approx(2 / (5 / 3))
    assert rows["US"]["leadership_index"] == pytest.approx(1 / (4 / 3))
    assert rows["WORLD"]["leadership_index"] == pytest.approx(1.0)


def test_the_index_is_1_where_a_country_leads_as_its_part_has_it() -> None:
    rows = _leaders([Work(1, authors("CN", "US")), Work(2, authors("US", "CN"))])

    assert rows["CN"]["leadership_index"] == 1.0
    assert rows["US"]["leadership_index"] == 1.0


def test_a_first_author_of_two_countries_leads_half_for_each() -> None:
    rows = _leaders([Work(1, authors("CN+US", "DE"))])

    assert {unit: row["p_led"] for unit, row in rows.items()} == {
        "CN": 0.5,
        "US": 0.5,
        "DE": 0.0,
        "WORLD": 1.0,
    }


def test_a_work_whose_first_author_has_no_country_is_led_by_nobody() -> None:
    rows = _leaders([Work(1, authors("?", "CN", "US")), Work(2, authors("CN", "US"))])
    row = rows["CN"]

    assert (row["n"], row["p_role_known"], row["p_led"]) == (2.0, 1.0, 1.0)
    assert row["pp_led"] == 1.0
    assert (row["pp_led_min"], row["pp_led_max"]) == (0.5, 1.0)
    assert row["expected"] == 0.5
    assert row["coverage_role"] == 0.5
    assert "UNKNOWN" not in rows


def test_unplaced_partners_do_not_make_a_country_seem_to_lead() -> None:
    # China leads the first, the United States the second; two authors of each are unplaced.
    rows = _leaders(
        [Work(1, authors("CN", "US", "?", "?")), Work(2, authors("US", "CN", "?", "?"))]
    )

    assert rows["CN"]["expected"] == pytest.approx(1.0)
    assert rows["CN"]["leadership_index"] == pytest.approx(1.0)
    assert rows["WORLD"]["leadership_index"] == pytest.approx(1.0)


def test_several_corresponding_authors_divide_the_lead() -> None:
    two = (
        Author({"CN": 1.0}, is_corresponding=True),
        Author({"US": 1.0}, is_corresponding=True),
        Author({"DE": 1.0}, is_corresponding=False),
    )
    rows = _leaders([Work(1, two)], role="corresponding")

    assert {unit: row["p_led"] for unit, row in rows.items()} == {
        "CN": 0.5,
        "US": 0.5,
        "DE": 0.0,
        "WORLD": 1.0,
    }


def test_a_register_that_does_not_say_who_is_corresponding_says_so() -> None:
    row = _leaders(FOUR, role="corresponding")["CN"]

    assert (row["pp_led"], row["leadership_index"]) == (None, None)
    assert (row["pp_led_min"], row["pp_led_max"]) == (0.0, 1.0)
    assert row["coverage_role"] == 0.0
    assert row["not_computable"] == (
        "of no international work here is the country of the corresponding author known"
    )


def test_a_country_with_domestic_works_alone_has_no_row() -> None:
    assert _leaders([Work(1, authors("KE", "KE"))]) == {}


@settings(max_examples=10)
@given(worlds())
def test_agrees_with_plain_sql(random_world: RandomWorld) -> None:
    assert random_world.disagreements(INDICATOR) == []


@settings(max_examples=5)
@given(worlds())
def test_countries_lead_together_what_the_world_knows_the_lead_of(
    random_world: RandomWorld,
) -> None:
    names = ("register", "definition_id", "scheme", "field_id", "year", "role")
    led: dict[tuple[object, ...], float] = {}
    known: dict[tuple[object, ...], float] = {}
    for row in random_world.measure(INDICATOR):
        place = tuple(row[name] for name in names)
        if row["unit_type"] == "country":
            led[place] = led.get(place, 0.0) + float(str(row["p_led"]))
        if row["unit_type"] == "world":
            known[place] = float(str(row["p_role_known"]))

    assert led == pytest.approx(known)


LEADS_OF_ALL_WORKS = """
SELECT
    coalesce(sum("first") FILTER (unit_type = 'country'), 0) AS led,
    coalesce(sum(n_first_known) FILTER (unit_type = 'world'), 0) AS known
FROM unit_cells
GROUP BY register, definition_id, scheme, field_id, year
HAVING abs(led - known) > 1e-9
"""


@settings(max_examples=5)
@given(worlds())
def test_leads_of_all_works_sum_to_those_that_are_known(random_world: RandomWorld) -> None:
    assert random_world.build(UNIT_CELLS).raw_sql(LEADS_OF_ALL_WORKS).fetchall() == []
